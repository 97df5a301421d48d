import numpy as np
import pytest

from editor.engine.image import Rect
from editor.engine.origins import Origins


def origins(*lines, other=False):
    ys, xs, vs, us = np.array(sorted(lines), np.int32).T
    return Origins(ys, xs, np.stack([vs, us], axis=1), other)


@pytest.fixture
def three():
    return origins((2, 3, 7, 7), (2, 5, 7, 9), (4, 0, 1, 1))


def test_a_pixel_is_asked_for_its_origin(three):
    assert three.at(2, 3) == (7, 7)
    assert three.at(2, 5) == (7, 9)
    assert three.at(4, 0) == (1, 1)


@pytest.mark.parametrize("place", [(2, 4), (3, 3), (2, 6), (0, 0), (9, 9), (4, -1), (-1, 0)])
def test_a_pixel_that_is_no_copy_has_none(three, place):
    assert three.at(*place) is None


def test_a_place_as_a_field(three):
    field = three.field(Rect(3, 2, 3, 2))
    assert field[0, 0].tolist() == [7, 7]
    assert field[0, 2].tolist() == [7, 9]
    assert (np.delete(field.reshape(-1, 2), (0, 2), axis=0) == -1).all()


def test_moved_with_the_picture(three):
    moved = three.moved(10, 20)
    assert moved.at(22, 13) == (27, 17)
    assert len(moved) == 3


def test_parts_are_sorted_when_they_are_joined(three):
    whole = Origins.joined([three, origins((2, 4, 0, 0), (9, 9, 5, 5))])
    assert [whole.at(2, x) for x in (3, 4, 5)] == [(7, 7), (0, 0), (7, 9)]
    assert whole.at(9, 9) == (5, 5)
    assert whole.at(4, 0) == (1, 1)
