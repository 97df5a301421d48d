"""Someone has a small picture of a material and wants more of it."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.operations import Extend, Texture
from editor.session import Shown
from editor.ui.modes import MODES


@pytest.fixture
def sample(tmp_path):
    """Stripes, each a little different from the next."""
    tones = np.where(np.arange(40) % 8 < 4, 60, 200)[None, :] + np.arange(40)[:, None] % 5
    path = tmp_path / "stripes.png"
    Image.fromarray(np.dstack([tones] * 3).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def at_it(hand, sample):
    """The sample is open in Texture mode."""
    hand.open(sample)
    choose(hand, "texture")
    tune(hand, Texture(width=64, height=56, window=7))
    return hand


def choose(hand, name):
    hand.window.rail.chosen.emit(next(mode for mode in MODES if mode.name == name))


def tune(hand, operation):
    hand.window.options.set_operation(operation)
    hand.window.options.changed.emit(operation)


def stage(hand):
    return hand.window.doing.stage()


def size(hand):
    return tuple(hand.document.size)


def test_the_sample_is_seen_and_how_large_the_texture_will_be(at_it):
    assert stage(at_it).isVisible()
    assert not at_it.canvas.isVisible()
    assert stage(at_it).sample.accessibleDescription() == "40 × 40"
    assert "Press Enter" in stage(at_it).output.accessibleDescription()
    assert not at_it.window.tool_bar.isVisible()


def test_enter_grows_a_texture_beside_its_sample(at_it):
    at_it.key("Return")
    assert size(at_it) == (64, 56)
    assert stage(at_it).sample.accessibleDescription() == "40 × 40"
    assert stage(at_it).output.accessibleDescription() == "64 × 56"


def test_a_texture_that_is_looked_at_again_stands_beside_its_sample(at_it):
    at_it.key("Return")
    choose(at_it, "fill")
    choose(at_it, "texture")
    at_it.rest()
    assert stage(at_it).sample.accessibleDescription() == "40 × 40"
    assert stage(at_it).output.accessibleDescription() == "64 × 56"


def test_enter_again_makes_another_of_the_same_sample(at_it):
    at_it.key("Return")
    first = at_it.document.image.copy()
    tune(at_it, Texture(width=72, height=56, seed=5))
    at_it.key("Return")
    assert size(at_it) == (72, 56)
    assert len(at_it.document.history.states) == 2
    assert stage(at_it).sample.accessibleDescription() == "40 × 40"
    at_it.key("Ctrl+Z")
    assert size(at_it) == (40, 40)
    assert "Press Enter" in stage(at_it).output.accessibleDescription()
    assert first.shape == (56, 64, 3)


def test_an_exact_texture_is_seen_growing_and_stops_with_escape(at_it):
    tune(at_it, Texture(width=256, height=256, method="exact", window=7))
    seen = []
    at_it.parts.session.shown.connect(seen.append)
    QTest.keyClick(at_it.window, Qt.Key.Key_Return)
    at_it.qtbot.waitUntil(lambda: grown(seen) is not None, timeout=30_000)
    assert 0 < grown(seen).known.mean() < 1
    assert stage(at_it).output.accessibleDescription() == "256 × 256"
    at_it.key("Escape")
    assert size(at_it) == (40, 40)
    assert "Press Enter" in stage(at_it).output.accessibleDescription()


def test_an_exact_growth_is_gone_through_pixel_by_pixel(at_it):
    tune(at_it, Texture(width=48, height=44, method="exact", window=7))
    at_it.key("Return")
    scrub = stage(at_it).scrub
    assert scrub.isVisible()
    assert scrub.moment == 48 * 44 - 9
    QTest.keyClick(stage(at_it), Qt.Key.Key_Left)
    at_it.rest()
    assert scrub.moment == 48 * 44 - 10
    assert stage(at_it).output.chosen is not None
    assert 1 <= len(stage(at_it).sample.marks) <= 60
    assert stage(at_it).sample.chosen in stage(at_it).sample.marks
    QTest.keyClick(stage(at_it), Qt.Key.Key_Right)
    at_it.rest()
    assert stage(at_it).output.chosen is None
    tune(at_it, Texture(width=48, height=44))
    at_it.key("Return")
    assert not scrub.isVisible()


def grown(seen: list[Shown]):
    return next((one.value for one in seen if getattr(one.value, "known", None) is not None), None)


def test_tiles_are_laid_out_with_a_key(at_it):
    tune(at_it, Texture(width=200, height=200))
    at_it.key("Return")
    once = stage(at_it).output.fitting
    QTest.keyClick(stage(at_it), Qt.Key.Key_T)
    assert stage(at_it).tiles.value()
    assert stage(at_it).output.fitting < once
    QTest.keyClick(stage(at_it), Qt.Key.Key_T)
    assert not stage(at_it).tiles.value()


def test_a_size_that_cannot_be_is_said(at_it):
    tune(at_it, Texture(width=20, height=20))
    at_it.key("Return")
    assert "nothing grows, crop the sample" in at_it.shown()[-1]
    assert size(at_it) == (40, 40)


def test_a_picture_is_extended_on_the_canvas(hand, sample):
    hand.open(sample)
    choose(hand, "extend")
    before = hand.document.image.copy()
    tune(hand, Extend(left=8, top=16))
    hand.key("Return")
    assert size(hand) == (48, 56)
    assert hand.canvas.isVisible()
    np.testing.assert_array_equal(hand.document.image[16:, 8:], before)
    hand.key("Ctrl+Z")
    np.testing.assert_array_equal(hand.document.image, before)
