"""The parts of Sprite mode's stage that need no document: the rose, the actor, a picked colour."""

from types import SimpleNamespace

import numpy as np
import pytest

from editor.engine.image import Point
from editor.ui.sprite.actor import Recording
from editor.ui.sprite.key import mean_colour
from editor.ui.sprite.rose import Rose


def recording(points, length=20.0):
    states = tuple((SimpleNamespace(point=Point(*one)),) for one in points)
    sprite = SimpleNamespace(rate=10)
    return Recording(sprite, SimpleNamespace(length=length), states)


def test_a_recording_is_a_path_without_its_trembling():
    route = recording([(0, 0), (0.3, 0.1), (5, 0), (5.2, 0.2), (9, 4)]).route()
    assert route.points == ((0, 0), (5, 0), (9, 4))
    assert not route.closed


def test_a_recording_that_stays_in_its_place_is_no_path():
    with pytest.raises(ValueError, match="two points"):
        recording([(3, 3)] * 4).route()


def test_a_recording_lasts_as_long_as_its_frames():
    assert recording([(0, 0)] * 25).seconds == 2.5


def test_a_picked_colour_is_the_mean_around_the_point_at_the_border_too():
    frame = np.zeros((8, 8, 3), np.uint8)
    frame[:3, :3] = (90, 180, 30)
    assert mean_colour(frame, Point(0.5, 0.5)) == (90, 180, 30)
    frame[:] = 10
    frame[5, 5] = 255
    assert mean_colour(frame, Point(5.5, 5.5))[0] == 20


def test_the_rose_says_what_is_missing():
    rose = Rose()
    rose.show_ways([3.0, 0.0, 1.0, 0.0])
    assert rose.gaps == 2
    assert rose.accessibleName() == "The creature goes 2 of 4 ways"
    rose.resize(176, 176)
    shown = rose.grab().toImage()
    right, below = shown.pixelColor(150, 88), shown.pixelColor(88, 150)
    assert right != below  # a petal to the right, a gap below
