"""Straight structures: lines that go on through a hole are found, others are not."""

import math

import numpy as np
import pytest

from editor.engine.cv import cv2
from editor.engine.image import Rect
from editor.engine.straight import suggested, sure
from editor.engine.straight_out import leaving
from tests.engine.test_fill import hole, noise


def edge(slope, height=160, width=200, dtype=np.uint8):
    """Soft, dark above, through the middle."""
    y, x = np.mgrid[:height, :width]
    beside = (y - height / 2 - slope * (x - width / 2)) / math.hypot(1, slope)
    light = 60 + 120 / (1 + np.exp(np.clip(-1.5 * beside, -99, 99))) + noise(height, width) / 50
    image = np.repeat(light[..., None], 3, axis=2)
    return (image * (257 if dtype == np.uint16 else 1)).astype(dtype)


def erased(image, rect):
    mask = hole(*image.shape[:2], rect)
    return np.where(mask[..., None] > 0, image.dtype.type(0), image), mask


@pytest.mark.parametrize("slope", [0.0, 0.37, -2.5])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_an_edge_through_the_hole_is_found_to_a_fraction_of_a_pixel(slope, dtype):
    image, mask = erased(edge(slope, dtype=dtype), (70, 50, 60, 60))
    (line,) = suggested(image, mask)
    for x, y in (line.a, line.b):
        beside = (y - 0.5 - 80 - slope * (x - 0.5 - 100)) / math.hypot(1, slope)
        assert abs(beside) < 0.5
        assert not mask[min(int(y), 159), min(int(x), 199)]
    assert line.length > 100


def test_an_edge_that_is_rough_is_followed_until_it_is_clear_where_it_leads():
    """A log: beside the hole it rises by four degrees, as a whole it is level."""
    height, width = 160, 400
    y, x = np.mgrid[:height, :width]
    beside = y - 80 - 0.7 * np.cos(2 * np.pi * (x - 150) / 60 + np.pi / 2)
    light = 60 + 120 / (1 + np.exp(-1.5 * beside)) + noise(height, width) / 50
    image, mask = erased(
        np.repeat(light[..., None], 3, axis=2).astype(np.uint8), (150, 40, 100, 80)
    )
    (line,) = suggested(image, mask)
    assert abs(line.a.y - line.b.y) < 3
    assert abs(line.a.y - 80) < 2
    assert line.length > 250


def test_an_edge_of_a_large_soft_photograph_is_found_as_well():
    image = cv2.resize(edge(0.37), None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
    (line,) = suggested(*erased(image, (560, 400, 480, 480)))
    for x, y in (line.a, line.b):
        assert abs(y - 644 - 0.37 * (x - 804)) < 4
    assert line.length > 800


def test_the_surest_comes_first_and_there_are_few():
    image = np.full((300, 200, 3), 100, np.uint8)
    for number in range(10):
        image[20 + 25 * number : 30 + 25 * number] += np.uint8(10 + 8 * number)
    image, mask = erased(image, (70, 10, 60, 280))
    lines = suggested(image, mask)
    assert len({line.colour for line in lines}) == len(lines) == 6
    assert lines[0].a.y > lines[-1].a.y
    assert all(abs(line.a.y - line.b.y) < 0.5 for line in lines)


def test_edges_that_do_not_meet_are_not_joined():
    image = np.full((160, 200, 3), 80, np.uint8) + noise(160, 200, 3) // 30
    image[60:, :100] = 160
    image[100:, 100:] = 160
    assert suggested(*erased(image, (70, 40, 60, 80))) == []


def test_what_is_seen_across_must_be_alike():
    image = np.full((160, 200, 3), 80, np.uint8) + noise(160, 200, 3) // 30
    image[80:, :100] = 160
    image[80:, 100:] = 20
    assert suggested(*erased(image, (70, 40, 60, 80))) == []


def test_only_what_is_strong_and_the_same_on_both_sides_is_sure():
    image, mask = erased(edge(0.37), (70, 50, 60, 60))
    assert len(sure(image, mask)) == len(suggested(image, mask)) == 1
    faint = image // 3
    assert (len(sure(faint, mask)), len(suggested(faint, mask))) == (0, 1)
    lighter = image.copy()
    lighter[:, 100:] += np.minimum(40, 255 - lighter[:, 100:]) // 2 * (image[:, 100:] > 120)
    assert (len(sure(lighter, mask)), len(suggested(lighter, mask))) == (0, 1)


@pytest.mark.parametrize("rect", [(0, 0, 160, 200), (70, 40, 60, 80), (0, 0, 5, 5), (0, 0, 0, 0)])
def test_where_there_is_no_edge_nothing_is_suggested(rect):
    image = np.full((200, 200, 3), 90, np.uint8) + noise(200, 200, 3) // 40
    assert suggested(image, hole(200, 200, rect)) == []


def widened(image, left, right):
    """More room at the sides, and where the picture lies in it."""
    pixels = np.pad(image, ((0, 0), (left, right), *((0, 0),) * (image.ndim - 2)), mode="edge")
    return pixels, Rect(left, 0, image.shape[1], image.shape[0])


@pytest.mark.parametrize("size", [(160, 200), (1280, 1600)])  # and of more than a megapixel
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_an_edge_that_runs_out_of_the_picture_is_led_to_the_end_of_the_room(size, dtype):
    height, width = size
    (line,) = leaving(*widened(edge(0.3, *size, dtype), width // 4, 0))
    for x, y in (line.a, line.b):
        there = (height + 1) / 2 + 0.3 * (x - width // 4 - (width + 1) / 2)
        assert abs(y - there) < height / 160
    assert abs(line.b.x) < 1e-9
    assert line.a.x > 0.45 * width


def test_of_two_that_would_cross_outside_the_straighter_one_goes_on():
    sure, faint = edge(0.3, 240, 200) // 4 * 3, edge(-0.5, 460, 200)[:240] // 2
    lines = leaving(*widened(sure + faint - 60, 0, 20))
    assert {line.b.y > line.a.y for line in lines} == {False, True}
    (line,) = leaving(*widened(sure + faint - 60, 0, 100))
    assert line.b.y > line.a.y


def test_the_edges_of_tiles_end_at_their_ridge():
    y, x = np.mgrid[:160, :200]
    tiles = np.where((x + y) // 16 % 2, 60, 120)
    roof = cv2.GaussianBlur(np.where(y < 80, 220, tiles).astype(np.uint8), (0, 0), 0.8)
    image = np.dstack([roof] * 3)
    assert leaving(*widened(image, 0, 20)) != []
    assert leaving(*widened(image, 0, 100)) == []


@pytest.mark.parametrize(
    "image",
    [
        edge(0.0),  # level: copies from straight inwards go on with it anyway
        np.dstack([edge(0.3), np.zeros((160, 200, 1), np.uint8)]),  # nothing of it can be seen
        np.full((160, 200, 3), 90, np.uint8) + noise(160, 200, 3) // 40,
        np.full((9, 9, 3), 90, np.uint8),
        np.full((160, 1), 90, np.uint8),
    ],
)
def test_where_nothing_leaves_at_a_slant_there_are_no_lines(image):
    assert leaving(*widened(image, 60, 60)) == []
