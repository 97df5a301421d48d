from fractions import Fraction

import numpy as np
import pytest

from editor.engine.image import Point, Rect, Size
from editor.engine.matte import Backdrop, Matting
from editor.engine.sprite import Cel, Sprite
from editor.engine.sprite_cut import Pick, cut_out
from editor.engine.step import last
from tests.engine.test_matte_backdrop import Reel

GREEN = (20, 220, 30)
PLAIN = Matting(softness=1)


def walk(count, *movers, size=(50, 90)):
    """Squares (side, colour, place by time) on green."""
    frames = np.full((count, *size, 3), GREEN, np.uint8)
    for number in range(count):
        for side, colour, place in movers:
            x, y = place(number)
            frames[number, max(y, 0) : max(y + side, 0), max(x, 0) : max(x + side, 0)] = colour
    return Reel(frames)


def cut(reel, **wanted):
    return last(cut_out(reel, Backdrop.of_colours(GREEN), PLAIN, **wanted))


def test_a_square_is_cut_out_where_it_is():
    found = cut(walk(6, (10, (200, 30, 20), lambda t: (20 + 3 * t, 15))), source="a.mp4")
    assert found.count == 6
    assert found.follows.tolist() == [True] * 5 + [False]
    assert np.allclose(found.centroids[:, 0], 24.5 + 3 * np.arange(6), atol=0.1)
    assert np.allclose(np.diff(found.centroids[:, 1]), 0, atol=0.1)
    assert found.cels[0].area == pytest.approx(100, abs=2)
    assert found.source == "a.mp4"


def test_the_track_is_cut_where_it_leaves_the_frame_and_both_parts_stay():
    def there_and_back(t):
        return (abs(24 - 4 * t) - 8, 20)

    found = cut(walk(13, (12, (200, 30, 20), there_and_back)))
    numbers = [cel.number for cel in found.cels]
    assert numbers == [0, 1, 2, 3, 9, 10, 11, 12]
    assert found.follows.tolist() == [True] * 3 + [False] + [True] * 3 + [False]


def test_the_largest_is_followed_or_the_one_that_was_picked():
    reel = walk(
        5, (16, (200, 30, 20), lambda t: (10 + t, 5)), (9, (30, 30, 200), lambda t: (60 - t, 35))
    )
    large, small = cut(reel), cut(reel, pick=Pick(1, Point(61, 39)))
    assert {round(cel.area, -1) for cel in large.cels} == {260}
    assert [cel.number for cel in small.cels] == [1, 2, 3, 4]
    assert all(cel.colour[2] > 150 for cel in small.cels)


def test_where_there_is_nothing_it_says_so():
    with pytest.raises(ValueError, match="no whole object"):
        cut(walk(3))
    with pytest.raises(ValueError, match="picked in frame 9"):
        cut(walk(3), pick=Pick(9, Point(0, 0)))


def test_rejected_cels_cut_the_movement():
    found = cut(walk(6, (10, (200, 30, 20), lambda t: (20 + 3 * t, 15)))).without({2})
    assert found.follows.tolist() == [True, False, True, True, False]
    with pytest.raises(ValueError, match="at least one"):
        found.without(set(range(6)))


def test_a_cel_is_measured():
    pixels = np.zeros((4, 6, 4), np.uint8)
    pixels[1:3, 1:5] = (100, 50, 0, 255)
    cel = Cel.of(7, 0, Rect(10, 20, 6, 4), pixels)
    assert (cel.area, cel.centroid) == (8, Point(12.5, 21.5))
    assert cel.moments == pytest.approx((1.25, 0, 0.25))
    assert cel.colour == (100, 50, 0)
    assert cel.length == pytest.approx(4 * np.sqrt(1.25 + 1 / 12))


def test_what_is_no_sprite_is_refused():
    pixels = np.full((2, 2, 4), 255, np.uint8)
    one, two = (Cel.of(number, 0, Rect(0, 0, 2, 2), pixels) for number in (1, 2))
    for cels, rate in (((), 30), ((two, one), 30), ((one, one), 30), ((one, two), 0)):
        with pytest.raises(ValueError, match="sprite"):
            Sprite(cels, Size(9, 9), Fraction(rate))
    with pytest.raises(ValueError, match="empty"):
        Cel.of(0, 0, Rect(0, 0, 2, 2), pixels * 0)
    with pytest.raises(ValueError, match="3 × 2"):
        Cel.of(0, 0, Rect(0, 0, 3, 2), pixels)


def test_a_tail_does_not_move_the_middle():
    pixels = np.zeros((24, 80, 4), np.uint8)
    pixels[2:22, 2:22] = (100, 50, 0, 255)
    short = Cel.of(0, 0, Rect(0, 0, 80, 24), pixels)
    pixels[10:14, 22:78] = (100, 50, 0, 255)
    long = Cel.of(0, 0, Rect(0, 0, 80, 24), pixels)
    assert short.centroid == pytest.approx((11.5, 11.5), abs=0.01)
    assert long.area > 1.5 * short.area
    assert long.centroid.x - short.centroid.x < 3  # where the mean of its pixels is 14 away
