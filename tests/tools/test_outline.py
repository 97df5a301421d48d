"""How much of each pixel an outline holds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Point, Rect
from editor.tools.outline import inside, snapped

PLACE = Rect(0, 0, 24, 20)
FINE = 16  # sub-pixels to each side, in the reference

numbers = st.floats(-15, 40, width=32, allow_subnormal=False)  # whose quotients are numbers too
coordinates = st.builds(Point, numbers, numbers)
outlines = st.lists(coordinates, min_size=3, max_size=7)


def whole(outline, place=PLACE):
    """The cover on all of the picture."""
    rect, cover = inside(outline, place)
    result = np.zeros((place.height, place.width), np.uint8)
    result[rect.slices] = cover
    return result


def counted(outline):
    """The reference: how often the line goes round the middle of each of 256 parts of a pixel."""
    height, width = PLACE.height * FINE, PLACE.width * FINE
    y, x = (np.mgrid[0:height, 0:width] + 0.5) / FINE
    turns = np.zeros((height, width), int)
    for a, b in zip(outline, [*outline[1:], outline[0]], strict=True):
        if a.y == b.y:
            continue
        crosses = (np.minimum(a.y, b.y) <= y) & (y < np.maximum(a.y, b.y))
        right = x > a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)
        turns += np.where(crosses & right, 1 if b.y > a.y else -1, 0)
    return turns


def averaged(fine):
    return fine.reshape(PLACE.height, FINE, PLACE.width, FINE).mean(axis=(1, 3))


def test_whole_pixels_are_whole():
    rect, cover = inside([Point(2, 3), Point(5, 3), Point(5, 7), Point(2, 7)], PLACE)
    assert rect == (2, 3, 3, 4)
    assert (cover == 255).all()


def test_half_a_pixel_is_half():
    cover = whole([Point(2.5, 3), Point(5, 3), Point(5, 6.75), Point(2.5, 6.75)])
    assert cover[3, 1:6].tolist() == [0, 128, 255, 255, 0]
    assert cover[6, 1:6].tolist() == [0, 96, 191, 191, 0]


def test_a_diagonal_halves_its_pixels():
    cover = whole([Point(4, 4), Point(10, 10), Point(4, 10)])
    assert np.abs(np.diagonal(cover)[4:10] - 127.5).max() == 0.5
    assert (np.tril(cover[4:10, 4:10], -1)[np.tril_indices(6, -1)] == 255).all()
    assert not np.triu(cover[4:10, 4:10], 1).any()


def test_the_direction_does_not_matter():
    outline = [Point(3.2, 4.1), Point(20.7, 2.3), Point(15.5, 18.9)]
    assert (whole(outline) == whole(outline[::-1])).all()


@given(outlines)
def test_it_agrees_with_counting(outline):
    turns = counted(outline)
    expected = 255 * averaged(turns != 0)
    # Where parts of a pixel are gone round differently often, the sum says less than the count.
    mixed = np.abs(averaged(turns)) != averaged(np.abs(turns) == 1)
    difference = np.abs(whole(outline) - expected)
    assert difference[~mixed].max(initial=0) <= 40
    assert np.median(difference[~mixed]) <= 1


@given(st.lists(st.floats(0, 2 * math.pi), min_size=3, max_size=9, unique=True))
def test_areas_are_exact(turns):
    outline = [Point(12 + 8.3 * math.cos(t), 10 + 7.7 * math.sin(t)) for t in sorted(turns)]
    following = [*outline[1:], outline[0]]
    area = sum(a.x * b.y - b.x * a.y for a, b in zip(outline, following, strict=True)) / 2
    cover = whole(outline)
    assert cover.sum() / 255 == pytest.approx(area, abs=0.5 / 255 * (cover > 0).sum() + 0.01)


@given(outlines)
def test_the_border_of_the_picture_only_cuts(outline):
    """A part of the picture sees what the whole sees there."""
    part = Rect(5, 4, 9, 11)
    rect, cover = inside(outline, part)
    expected = whole(outline, Rect(0, 0, 60, 60))
    seen = np.zeros_like(expected)
    seen[rect.slices] = cover
    assert np.abs(seen[part.slices].astype(int) - expected[part.slices]).max() <= 1


def test_loops_are_filled_too():
    twice = [Point(12 + r * math.cos(t), 10 + r * math.sin(t)) for t, r in around_twice()]
    cover = whole(twice)
    assert (cover[7:13, 9:15] == 255).all()


def around_twice():
    return [(2 * math.pi * step / 20, 8 - step / 20) for step in range(41)]


def test_both_halves_of_an_eight_are_filled():
    cover = whole([Point(2, 2), Point(22, 18), Point(22, 2), Point(2, 18)])
    assert cover[10, 3] == cover[10, 20] == 255
    assert cover[3, 12] == cover[16, 12] == 0


def test_around_the_whole_picture_is_everything():
    far = 1e7
    square = [Point(-far, -far), Point(far, -far), Point(far, far), Point(-far, far)]
    assert (whole(square) == 255).all()


@pytest.mark.parametrize(
    "outline",
    [
        [Point(-9, -9), Point(-1, -9), Point(-5, -1)],
        [Point(30, 2), Point(40, 2), Point(35, 15)],
        [Point(3, 3), Point(12, 9), Point(21, 15)],
        [Point(3, 3), Point(3, 3), Point(3, 3)],
    ],
    ids=["above", "beside", "a line", "a point"],
)
def test_nothing_inside_is_nothing(outline):
    assert not whole(outline).any()


@pytest.mark.parametrize(
    ("to", "expected"),
    [((9, 1), (9, 0)), ((5, 4), (4.5, 4.5)), ((1, -9), (0, -9)), ((-6, -5), (-5.5, -5.5))],
)
def test_directions_snap_to_45(to, expected):
    found = snapped(Point(100, 50), Point(100 + to[0], 50 + to[1]))
    assert found == pytest.approx((100 + expected[0], 50 + expected[1]))
