"""Another picture in the place of the old one: masks and places follow it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Point, Rect, Size
from editor.operations.new_picture import NewPicture, Turn

NUMBERS = np.arange(12, dtype=np.uint8).reshape(3, 4)


def copies(origins):
    origins = np.array(origins, np.int32)
    return NewPicture(np.zeros(origins.shape[:2], np.uint8), origins)


def test_a_mask_follows_the_copies():
    made = copies([[[0, 3], [2, 0]], [[1, 1], [1, 1]]])
    assert made.carried(NUMBERS).tolist() == [[3, 8], [5, 5]]


def test_without_copies_it_is_scaled():
    cover = np.zeros((8, 8), np.uint8)
    cover[:, 4:] = 255
    made = NewPicture(np.zeros((8, 4), np.uint8))
    assert made.carried(cover).tolist() == [[0, 0, 255, 255]] * 8


def test_numbers_are_never_mixed():
    labels = np.zeros((6, 6), np.uint8)
    labels[:, 2:] = 4
    made = NewPicture(np.zeros((15, 15), np.uint8))
    carried = made.carried(labels, numbers=True)
    assert carried.shape == (15, 15)
    assert set(np.unique(carried)) == {0, 4}
    assert (carried[:, :5] == 0).all()
    assert (carried[:, 5:] == 4).all()


def test_a_place_follows_the_copy_that_is_nearest_and_keeps_its_fraction():
    made = copies([[[0, 0], [0, 2], [0, 3]]])
    assert made.place_of(Point(2.25, 0.5), Size(4, 1)) == Point(1.25, 0.5)
    assert made.place_of(Point(1.9, 0.5), Size(4, 1)) == Point(1, 0.5)  # column 1 is gone


def test_of_several_copies_the_one_counts_that_lies_where_scaling_would_put_it():
    made = copies([[[0, 1], [0, 0], [0, 1], [0, 2]]])
    assert made.place_of(Point(1.5, 0.5), Size(3, 1)) == Point(2.5, 0.5)


def test_a_place_is_scaled_where_nothing_was_copied():
    made = NewPicture(np.zeros((10, 50), np.uint8))
    assert made.place_of(Point(30, 20), Size(100, 40)) == Point(15, 5)


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
