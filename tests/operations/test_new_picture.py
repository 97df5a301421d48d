"""Another picture in the place of the old one: masks and places follow it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.guides import Line
from editor.engine.image import Point, Rect, Size
from editor.operations.new_picture import NewPicture, Turn

NUMBERS = np.arange(12, dtype=np.uint8).reshape(3, 4)


def copies(origins):
    origins = np.array(origins, np.int32)
    return NewPicture(np.zeros(origins.shape[:2], np.uint8), origins)


def test_a_mask_follows_the_copies():
    made = copies([[[0, 3], [2, 0]], [[1, 1], [1, 1]]])
    assert made.carried(NUMBERS).tolist() == [[3, 8], [5, 5]]


def test_what_is_protected_is_so_only_once():
    """A few pixels of it that were copied to somewhere else are not."""
    origins = np.stack(np.indices((8, 20)), axis=2)
    origins[0:2, 15:18] = origins[3:5, 4:7]
    cover = np.zeros((8, 20), np.uint8)
    cover[2:7, 2:10] = 255
    cover[6, 18] = 255  # small, but nothing else is of it
    made = copies(origins)
    assert (made.carried(cover, "protect") == cover).all()
    assert made.carried(cover, "remove")[0:2, 15:18].all()


def test_without_copies_it_is_scaled():
    cover = np.zeros((8, 8), np.uint8)
    cover[:, 4:] = 255
    made = NewPicture(np.zeros((8, 4), np.uint8))
    assert made.carried(cover).tolist() == [[0, 0, 255, 255]] * 8


def test_numbers_are_never_mixed():
    labels = np.zeros((6, 6), np.uint8)
    labels[:, 2:] = 4
    made = NewPicture(np.zeros((15, 15), np.uint8))
    carried = made.carried(labels, "labels")
    assert carried.shape == (15, 15)
    assert set(np.unique(carried)) == {0, 4}
    assert (carried[:, :5] == 0).all()
    assert (carried[:, 5:] == 4).all()


def line(ax, ay, bx, by):
    return Line(Point(ax, ay), Point(bx, by))


def ends(found):
    return [round(float(number), 1) for end in (found.a, found.b) for number in end]


def without_columns(width, *gone):
    """A picture 20 high with columns left out."""
    columns = [x for x in range(width) if x not in gone]
    rows, across = np.meshgrid(np.arange(20), columns, indexing="ij")
    return copies(np.stack([rows, across], axis=2))


def test_a_line_follows_its_copies():
    made = without_columns(40, *range(10, 20))
    assert ends(made.carried_line(line(2, 5, 38, 5), Size(40, 20))) == pytest.approx(
        [2.5, 5, 27.5, 5], abs=0.6
    )
    assert ends(made.carried_line(line(30.5, 19, 30.5, 1), Size(40, 20))) == pytest.approx(
        [20.5, 18.5, 20.5, 1.5], abs=0.6
    )


def test_a_copy_that_lies_somewhere_else_does_not_bend_it():
    origins = np.stack(np.indices((40, 60)), axis=2)
    origins[30:36, 5:20] = origins[7:13, 5:20]  # a part of the line a second time
    found = copies(origins).carried_line(line(2, 10, 58, 10), Size(60, 40))
    assert ends(found) == pytest.approx([2, 10, 58, 10], abs=1)


def test_a_line_of_which_nothing_is_left_goes():
    made = without_columns(40, *range(10, 20))
    assert made.carried_line(line(14, 0, 14, 20), Size(40, 20)) is None
    short = copies([[[0, 0], [0, 5]]])
    assert short.carried_line(line(1, 0.5, 4, 0.5), Size(6, 1)) is None


def test_a_line_is_scaled_where_nothing_was_copied():
    made = NewPicture(np.zeros((10, 50), np.uint8))
    assert made.carried_line(line(30, 20, 100, 40), Size(100, 40)) == line(15, 5, 50, 10)
    assert made.carried_line(line(0, 0, 0, 3), Size(100, 40)) is None


def test_a_line_that_is_cut_ends_at_the_edge():
    made = NewPicture(np.zeros((20, 10), np.uint8), turn=Turn(Rect(5, 0, 10, 20)))
    assert made.carried_line(line(0, 4, 12, 4), Size(40, 20)) == line(0, 4, 7, 4)


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (Turn(Rect(1, 0, 2, 3)), [[1, 2], [5, 6], [9, 10]]),
        (Turn(Rect(0, 0, 4, 3), 1), [[3, 7, 11], [2, 6, 10], [1, 5, 9], [0, 4, 8]]),
        (Turn(Rect(0, 0, 4, 3), 3), [[8, 4, 0], [9, 5, 1], [10, 6, 2], [11, 7, 3]]),
        (Turn(Rect(0, 0, 4, 3), 0, True), [[3, 2, 1, 0], [7, 6, 5, 4], [11, 10, 9, 8]]),
        (Turn(Rect(0, 0, 4, 3), 2, True), [[8, 9, 10, 11], [4, 5, 6, 7], [0, 1, 2, 3]]),
    ],
    ids=["part", "left", "right", "mirrored", "upside down"],
)
def test_a_turn_is_exact(turn, expected):
    assert turn.of(NUMBERS).tolist() == expected
    assert NewPicture(turn.of(NUMBERS), turn=turn).carried(NUMBERS).tolist() == expected


@given(
    st.integers(-5, 5),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 2),
)
def test_a_place_turns_with_its_pixel(quarters, mirrored, column, row):
    turn = Turn(Rect(0, 0, 4, 3), quarters, mirrored)
    place = turn.point(Point(column + 0.5, row + 0.5))
    assert turn.of(NUMBERS)[int(place.y), int(place.x)] == NUMBERS[row, column]
