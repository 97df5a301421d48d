"""The bundled clips: they open, and their modes find in them what they look for."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.operations import CutSprite, Loop, Scene, params
from editor.operations.steer import ways

SAMPLES = Path(__file__).parent.parent / "resources" / "samples"
OPERATIONS = {"loop": Loop, "sprite": CutSprite}
LISTED = [
    one
    for one in json.loads((SAMPLES / "samples.json").read_text("utf-8"))
    if one["task"] in OPERATIONS
]
SECONDS = {"loop": (4, 10), "sprite": (20, 40)}
BUDGET = 12_000_000  # bytes, all clips together
CPU = Device("cpu", 2)


def each(*tasks):
    """A test of every clip of these tasks."""
    those = [one for one in LISTED if one["task"] in tasks]
    return pytest.mark.parametrize("sample", those, ids=lambda sample: sample["id"])


@cache
def looped(name):
    """The loops of a clip, as its settings say, found at a small size."""
    sample = next(one for one in LISTED if one["id"] == name)
    return found(sample, side=120)


def found(sample, **more):
    """What its mode finds in it, as its settings say."""
    operation = OPERATIONS[sample["task"]].from_dict(sample["settings"] | more)
    with open_clip(SAMPLES / sample["picture"]) as film:
        return last(operation.steps(Scene(film.frame(0), clip=film), CPU))


def test_there_are_clips_for_both_modes():
    assert {one["task"] for one in LISTED} == set(OPERATIONS)


@each("loop", "sprite")
def test_a_clip_opens_without_a_remark(sample):
    with open_clip(SAMPLES / sample["picture"]) as film:
        clip, first = film.clip, film.frame(0)
        assert not film.notices
    shortest, longest = SECONDS[sample["task"]]
    assert shortest <= clip.count / float(clip.rate) <= longest
    assert clip.rate in (24, 25)
    assert max(clip.size) <= 480
    assert 25 < first.mean() < 225  # neither black nor burnt out
    assert first.std() > 20


@each("loop", "sprite")
def test_the_settings_are_those_of_the_operation(sample):
    declared = {one.name: one for one in params(OPERATIONS[sample["task"]])}
    for name, value in sample["settings"].items():
        assert declared[name].checked(value) == value


def test_all_clips_together_are_small():
    assert sum((SAMPLES / one["picture"]).stat().st_size for one in LISTED) <= BUDGET


@each("loop")
def test_a_loop_is_found_in_it(sample):
    analysis = looped(sample["id"])
    assert analysis.wanted.quality != "poor"
    assert analysis.wanted.length >= 25


@each("loop")
def test_no_loop_is_given_with_it(sample):
    """However far it is moved against itself, it never lies on itself: it has a life of its own."""
    D = looped(sample["id"]).distances.D
    noise = np.median(D.diagonal(1))  # no frame is further from the next than this, mostly
    apart = [np.median(D.diagonal(lag)) for lag in range(12, len(D) // 2)]
    if sample["id"] == "pendulum":  # which is meant to have a period, and loses a little in each
        assert np.ptp(apart) > noise
    else:
        assert min(apart) > 1.2 * noise


@each("sprite")
def test_the_creature_stays_whole_and_goes_every_way(sample):
    cut = found(sample)
    sprite = cut.sprite
    with open_clip(SAMPLES / sample["picture"]) as film:
        assert sprite.count == film.clip.count
    areas = np.array([cel.area for cel in sprite.cels])
    assert areas.min() > 0.6 * np.median(areas)  # all of it in every frame
    assert areas.max() < 1.5 * np.median(areas)
    for cel in sprite.cels:  # it never touches the border, where it would be cut off
        assert cel.place.x > 0
        assert cel.place.y > 0
        assert cel.place.x + cel.place.width < sprite.size.width
        assert cel.place.y + cel.place.height < sprite.size.height
    headings = np.array(ways(sprite).headings)
    sector = np.rint(headings / (2 * np.pi / 16)) % 16
    turns = np.angle(np.exp(1j * np.gradient(np.unwrap(headings))))
    for turn in (turns > 0, turns < 0):  # clockwise and anticlockwise
        assert len(set(sector[turn])) == 16
