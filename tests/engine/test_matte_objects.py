import numpy as np

from editor.engine.image import Point, Rect
from editor.engine.matte_objects import Seen, followed, largest, pieces, under


def picture(*places, size=(60, 80)):
    alpha = np.zeros(size, np.uint8)
    for x, y, width, height in places:
        alpha[y : y + height, x : x + width] = 255
    return alpha


def test_pieces_are_told_apart_the_largest_first():
    found = pieces(picture((5, 5, 6, 6), (30, 20, 10, 8), (70, 50, 3, 2)))
    assert [piece.area for piece in found] == [80, 36]
    assert found[0].centroid == Point(34.5, 23.5)
    assert found[0].place == Rect(27, 17, 16, 14)
    assert found[0].mask.sum() > 80  # with the fringe


def test_a_shade_without_a_body_is_no_object():
    alpha = picture((5, 5, 10, 10))
    alpha[alpha > 0] = 100
    assert pieces(alpha) == []


def test_thin_alpha_hangs_on_the_body():
    alpha = picture((20, 20, 10, 10))
    alpha[25, 30:50] = 60
    (piece,) = pieces(alpha)
    assert piece.area == 120


def test_what_touches_the_border_is_not_whole():
    found = pieces(picture((0, 10, 20, 20), (40, 20, 10, 10)))
    assert [piece.whole for piece in found] == [False, True]
    assert largest(found) is found[1]
    assert largest(found[:1]) is found[0]
    specked = pieces(picture((0, 10, 30, 30), (60, 20, 6, 6)))
    assert largest(specked) is specked[0]
    assert largest([]) is None


def test_a_click_takes_what_is_under_it_or_near():
    found = pieces(picture((5, 5, 20, 20), (50, 40, 6, 6)))
    assert under(found, Point(53, 43)) is found[1]
    assert under(found, Point(58, 50)) is found[1]
    assert under([], Point(0, 0)) is None


def test_the_same_object_is_followed_past_a_larger_one():
    seen = Seen(Point(20, 20), 4, 0, 36)
    found = pieces(picture((40, 30, 14, 14), (21, 17, 6, 6)))
    assert followed(seen, found) is found[1]


def test_what_jumps_away_or_swells_is_lost():
    seen = Seen(Point(20, 20), 0, 0, 36)
    assert followed(seen, pieces(picture((60, 40, 6, 6)))) is None
    assert followed(seen, pieces(picture((10, 10, 20, 20)))) is None
