import numpy as np
import pytest

from editor.engine.image import Point, Rect
from editor.engine.moment import Moment


@pytest.fixture
def moment():
    """Three places of a sample match the window around pixel (1, 4), the last one is taken."""
    sample = np.arange(42, dtype=np.uint8).reshape(6, 7)
    return Moment(
        at=Point(1, 4),
        window=np.zeros((3, 3), np.uint8),
        known=np.eye(3, dtype=bool),
        weights=np.ones((3, 3)),
        matches=np.array([[0, 1, 1], [0, 2, 5], [0, 4, 3]], np.int32),
        distances=np.array([0.04, 0.01, 0.09]),
        chosen=2,
        samples=(sample,),
    )


def test_its_window_may_reach_beyond_the_picture(moment):
    assert moment.side == 3
    assert moment.place == Rect(0, 3, 3, 3)


def test_the_nearest_come_first_and_the_chosen_one_is_among_them(moment):
    assert moment.best(3) == [1, 0, 2]
    assert moment.best(2) == [1, 2]
    assert moment.levels == pytest.approx([51, 25.5, 76.5])


def test_the_piece_of_a_match_is_its_window_in_the_sample(moment):
    assert moment.place_of(1) == Rect(4, 1, 3, 3)
    assert moment.piece(1).tolist() == [[11, 12, 13], [18, 19, 20], [25, 26, 27]]
