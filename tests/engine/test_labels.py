"""Labels: what A has is found and sorted, what B has that A lacks is found, edges are judged."""

import numpy as np
import pytest

from editor.engine.cv import cv2
from editor.engine.labels import Label, alike, labels, missing_labels, nearest_label, soft_edges


def striped(*colours, height=40, width=60):
    picture = np.zeros((height, width, 3), np.uint8)
    for number, colour in enumerate(colours):
        picture[:, number * width // len(colours) :] = colour
    return picture


def jpeg(picture):
    _, packed = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1]


def test_the_largest_label_comes_first():
    A = striped((0, 0, 255), (200, 40, 40))
    A[:, :40] = (0, 0, 255)
    A[0, 0] = (255, 255, 255)  # a speck is no label
    first, second = labels(A)
    assert (first.colour, second.colour) == ((0, 0, 255), (200, 40, 40))
    assert first.part == pytest.approx(2 / 3, abs=0.01)
    assert first.name == "#0000ff"


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_labels_at_any_depth(dtype):
    A = striped((0, 0, 255), (255, 0, 0)) / 255 * (65535 if dtype == np.uint16 else 1)
    assert {one.colour for one in labels(A.astype(dtype))} == {(0, 0, 255), (255, 0, 0)}
    assert labels(striped((9, 9, 9))[..., 0]) == (Label((9, 9, 9), 1.0),)


def test_a_label_that_is_shaded_is_a_few_labels():
    A = np.zeros((60, 60, 3), np.uint8)
    A[..., 0] = np.linspace(0, 255, 60)[:, None]
    found = labels(A)
    assert 3 <= len(found) <= 6
    assert sum(one.part for one in found) == pytest.approx(1)


def test_missing_labels_are_listed_by_what_they_cover():
    A, B = striped((0, 0, 0), height=40), np.zeros((40, 40, 3), np.uint8)
    B[:10], B[10:14] = (250, 128, 0), (0, 255, 0)
    B[39, 39] = (255, 255, 255)
    assert missing_labels([A], B) == (Label((250, 128, 0), 0.25), Label((0, 255, 0), 0.1))
    assert missing_labels([A, B], B) == ()


def test_labels_after_jpeg_are_the_same_labels():
    A = striped((0, 0, 0), (200, 40, 40), height=64, width=64)
    assert missing_labels([A], jpeg(A)) == ()
    assert len(labels(jpeg(A))) == 2


def test_the_nearest_label():
    known = labels(striped((255, 0, 0), (0, 255, 0), (0, 0, 255)))
    assert nearest_label((250, 128, 0), known).colour == (255, 0, 0)
    assert nearest_label((0, 90, 200), known).colour == (0, 0, 255)


def test_what_is_more_like_another_label_is_not_alike():
    B = striped((250, 128, 0), (255, 90, 0), (0, 0, 255))
    mask = alike(B, (250, 128, 0), [(255, 80, 0), (0, 0, 255)])
    assert mask[:, :20].all()
    assert not mask[:, 20:].any()


@pytest.mark.parametrize("packed", [False, True])
def test_soft_edges_are_told_from_hard_ones(packed):
    hard = striped((0, 255, 0), (0, 0, 255), (255, 0, 0), height=64, width=64)
    soft = cv2.GaussianBlur(hard, (0, 0), 4)
    hard, soft = (jpeg(hard), jpeg(soft)) if packed else (hard, soft)
    assert soft_edges(soft)
    assert not soft_edges(hard)
    assert not soft_edges(np.zeros((20, 20, 3), np.uint8))
