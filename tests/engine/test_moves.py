"""Moves: where a piece comes to lie, and how it is written down."""

import numpy as np
import pytest

from editor.engine.image import Point, Rect, Size
from editor.engine.moves import Move, check_moves, sources_of


def mask():
    mask = np.zeros((40, 60), bool)
    mask[10:20, 8:28] = True
    return mask


def test_a_piece_is_cut_out_of_its_mask():
    move = Move.of(mask(), Point(5, -3))
    assert move.rect == Rect(8, 10, 20, 10)
    assert (move.cover == 255).all()
    assert move.place == Rect(13, 7, 20, 10)
    assert move.middle == (23, 12)
    assert not move.cover.flags.writeable


def test_it_turns_clockwise_about_its_middle_and_grows():
    move = Move.of(mask(), Point(10, 0), turn=90, scale=2)
    assert move.place == Rect(18, -5, 20, 40)
    assert np.allclose(move.corners, [(38, -5), (38, 35), (18, 35), (18, -5)])


def test_a_mirrored_piece_has_its_left_side_right():
    move = Move.of(mask(), mirror=True)
    assert np.allclose(move.corners, [(28, 10), (8, 10), (8, 20), (28, 20)])
    assert move.place == move.rect


def test_the_way_back_leads_to_where_a_piece_was():
    move = Move.of(mask(), Point(3.5, 8), turn=33, scale=0.7, mirror=True)
    xs, ys = np.array(move.corners).T
    back = np.stack(sources_of(move.matrix, xs, ys), axis=1)
    assert np.allclose(back, [(8, 10), (28, 10), (28, 20), (8, 20)])


@pytest.mark.parametrize(
    ("how", "plain", "rests"),
    [
        ({}, True, True),
        ({"by": Point(3, -2)}, True, False),
        ({"by": Point(0.5, 0)}, False, False),
        ({"turn": 360}, True, True),
        ({"scale": 2}, False, False),
        ({"mirror": True}, False, False),
        ({"by": Point(3, -2), "used": False}, True, True),
    ],
)
def test_what_is_only_moved_is_plain(how, plain, rests):
    move = Move.of(mask(), **how)
    assert (move.plain, move.rests) == (plain, rests)


def test_a_place_is_a_piece_s_where_its_cover_is():
    corner = mask()
    corner[14:20, 14:28] = False  # an L
    move = Move.of(corner, Point(30, 0))
    assert move.holds(Point(39, 18))
    assert move.holds(Point(57.9, 10))
    assert not move.holds(Point(57, 18))
    assert not move.holds(Point(9, 18))
    turned = Move.of(corner, turn=90)
    assert turned.holds(Point(14, 6))
    assert not turned.holds(Point(14, 24))


def test_json_says_what_is_not_usual_and_is_read_again():
    assert Move.of(mask(), Point(3, 4)).as_json() == {"by": [3, 4]}
    move = Move.of(mask(), Point(3, 4), scale=1.5, turn=-20, mirror=True, keep=True, used=False)
    again = Move.from_json(mask(), move.as_json())
    assert again.as_json() == move.as_json()
    assert again.rect == move.rect


@pytest.mark.parametrize(
    "said", [{}, {"by": 3}, {"by": [1]}, {"by": ["a", "b"]}, {"by": [1, 2], "scale": "large"}]
)
def test_json_that_makes_no_sense_is_refused(said):
    with pytest.raises(ValueError, match="does not say how a piece moves"):
        Move.from_json(mask(), said)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"scale": 0}, "the piece at 8, 10 is scaled by 0: from 0.1 to 8 is possible"),
        ({"scale": float("nan")}, "scaled by nan"),
        ({"turn": float("inf")}, "moves and turns by numbers"),
        ({"by": Point(float("nan"), 0)}, "moves and turns by numbers"),
    ],
)
def test_numbers_out_of_range_are_refused(how, words):
    with pytest.raises(ValueError, match=words):
        Move.of(mask(), **how)


def test_an_empty_piece_is_refused():
    with pytest.raises(ValueError, match="the piece is empty"):
        Move.of(mask() & False)


def test_what_is_held_need_not_have_moved():
    still = [Move.of(mask())]
    check_moves(Size(60, 40), still, held=0)
    with pytest.raises(ValueError, match="no piece has another place"):
        check_moves(Size(60, 40), still)
