"""What regions do, as it is written down."""

import numpy as np
import pytest

from editor.engine.regions import (
    Play,
    numbers_in,
    play_of,
    read_play,
    used_labels,
    with_play,
    without,
)

LABELS = np.array([[0, 1, 1], [2, 2, 0]], np.uint8)


def test_what_is_not_said_loops():
    assert play_of(3, ()) == Play(3)
    assert not Play(3).still


def test_a_region_does_one_thing_and_the_rest_comes_first():
    plays = with_play(with_play((), Play(2, phase=3)), Play(0, still=True))
    plays = with_play(plays, Play(2, length=20))
    assert plays == (Play(0, still=True), Play(2, length=20))
    assert without(plays, 2) == (Play(0, still=True),)


@pytest.mark.parametrize(
    ("text", "play"),
    [
        ("1=still", Play(1, still=True)),
        ("rest=still@40", Play(0, still=True, frame=40)),
        ("2=loop", Play(2)),
        ("2=loop+10", Play(2, phase=10)),
        ("3=48+5", Play(3, phase=5, length=48)),
    ],
)
def test_a_person_can_write_it(text, play):
    assert read_play(text) == play


@pytest.mark.parametrize("text", ["", "1", "1=", "one=still", "1=loop@3", "1=still+3", "1=-4"])
def test_what_makes_no_sense_is_said(text):
    with pytest.raises(ValueError, match="is not what a region does"):
        read_play(text)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"number": 255}, "numbered 1 to 254"),
        ({"number": 1, "phase": -1}, "region 1: its phase is -1"),
        ({"number": 0, "length": 20_001}, "the rest: its length is 20001"),
        ({"number": 1, "frame": -3}, "no frame -3"),
        ({"number": 1, "still": 1}, "its still is 1"),
        ({"number": 1.5}, "its number is 1.5"),
        ({"number": 1, "colour": "red"}, "does not say what a region does"),
    ],
)
def test_what_cannot_be_is_refused(told, sentence):
    with pytest.raises(ValueError, match=sentence):
        Play.from_dict(told)


def test_it_is_kept_as_it_is():
    play = Play(2, phase=3, length=20, used=False)
    assert Play.from_dict(play.to_dict()) == play


def test_labels_of_regions_that_are_switched_off_are_the_rests():
    plays = (Play(1, used=False),)
    assert used_labels(LABELS, plays).tolist() == [[0, 0, 0], [2, 2, 0]]
    assert used_labels(LABELS, (*plays, Play(2, used=False))) is None
    assert used_labels(LABELS, ()) is LABELS
    assert used_labels(None, plays) is None
    assert LABELS.tolist() == [[0, 1, 1], [2, 2, 0]]


def test_the_regions_there_are():
    assert numbers_in(LABELS) == (0, 1, 2)
    assert numbers_in(np.full((2, 2), 3, np.uint8)) == (3,)
    assert numbers_in(None) == (0,)
