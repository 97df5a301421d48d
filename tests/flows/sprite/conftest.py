"""A clip of a dart that runs in circles, and Sprite mode as far as somebody has come in it."""

from fractions import Fraction

import pytest

from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from tests.creature import running
from tests.flows.sprite.steps import LONG, in_sprite_mode, stage


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "dart.mp4"
    last(write_clip(path, running(), Fraction(25), ClipOptions(95), overwrite=True))
    return path


@pytest.fixture
def keyed(hand, clip):
    """The clip is open in Sprite mode, and its backdrop is found."""
    hand.open(clip)
    in_sprite_mode(hand)
    hand.rest()
    return hand


@pytest.fixture
def cut(keyed):
    keyed.key("Return")
    return keyed


@pytest.fixture
def steered(cut, qtbot):
    cut.key("Return")
    assert stage(cut).step == "steer"
    actor = stage(cut).steer.actor
    qtbot.waitUntil(lambda: actor.running, timeout=LONG)
    actor.play(False)  # frames are taken by hand: a test does not wait for a clock
    actor.states = ()  # and the creature begins where it always does, however long it has run
    actor.set_copies(1)
    return cut
