"""Tighten: what was drawn loosely around a thing becomes the thing."""

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.engine.step import last
from editor.engine.tighten import tightened


def scene(height=120, width=160, dtype=np.uint8):
    """A red disc on green grain, and the square that was drawn around it."""
    rng = np.random.default_rng(2)
    image = np.full((height, width, 3), [70, 130, 50]) + rng.normal(0, 6, (height, width, 3))
    y, x = np.mgrid[:height, :width]
    disc = np.hypot(y - height / 2, x - width / 2) < height / 5
    image[disc] = rng.normal([210, 40, 40], 6, (disc.sum(), 3))
    image = image.clip(0, 255).astype(np.uint8)
    drawn = np.zeros((height, width), np.uint8)
    drawn[height // 5 : height * 4 // 5, width // 4 : width * 3 // 4] = 255
    if dtype == np.uint16:
        image = image.astype(dtype) * 257
    if dtype == np.float32:
        image = (image / np.float32(255)) ** np.float32(2.2)
    return image, drawn, disc


def whole(image, drawn):
    rect, cover = last(tightened(image, drawn))
    assert rect == Rect.around(drawn)
    result = np.zeros_like(drawn)
    result[rect.slices] = cover
    return result


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_what_is_left_is_the_thing(dtype):
    image, drawn, disc = scene(dtype=dtype)
    image.flags.writeable = drawn.flags.writeable = False
    assert ((whole(image, drawn) > 127) != disc).sum() < 0.02 * disc.sum()


def test_a_large_one_is_cut_small_and_drawn_in_along_its_edge():
    image, drawn, disc = scene(700, 900)
    assert ((whole(image, drawn) > 127) != disc).sum() < 0.02 * disc.sum()


def test_grey_and_transparency_will_do():
    image, drawn, disc = scene()
    alpha = np.concatenate([image, np.full((*image.shape[:2], 1), 255, np.uint8)], axis=2)
    for picture in (image[..., 0], alpha):
        assert ((whole(np.ascontiguousarray(picture), drawn) > 127) != disc).sum() < 40


def test_nothing_is_added_and_a_soft_edge_stays_soft():
    image, drawn, _ = scene()
    drawn[24:96, 40:64] = 90
    assert (whole(image, drawn) <= drawn).all()


def test_the_same_twice():
    image, drawn, _ = scene()
    assert (whole(image, drawn) == whole(image, drawn)).all()


@pytest.mark.parametrize(
    ("cover", "words"),
    [
        (np.zeros((120, 160), np.uint8), "the mask is empty"),
        (np.full((120, 160), 255, np.uint8), "covers the whole picture"),
        (np.where(np.arange(1600) < 1, 0, 255) * np.ones((600, 1)), "leaves nothing around it"),
    ],
)
def test_what_cannot_be_done_is_said(cover, words):
    image, _, _ = scene(*cover.shape)
    with pytest.raises(ValueError, match=words):
        last(tightened(image, cover.astype(np.uint8)))


def test_where_nothing_stands_out_that_is_said():
    image, drawn, _ = scene()
    with pytest.raises(ValueError, match="nothing under the mask differs"):
        last(tightened(image * 0, drawn))
