"""Somebody shows an algorithm at work, to a hall."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.ui.modes import MODES


@pytest.fixture
def lecturing(hand):
    choose(hand, "lecture")
    recorded(hand)
    return hand


@pytest.fixture
def lawn(tmp_path):
    """Two halves that are alike, and wide enough for patches."""
    noise = np.random.default_rng(3).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    path = tmp_path / "lawn.png"
    Image.fromarray(np.hstack([noise, noise])).save(path)
    return path


def choose(hand, name):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == name))


def stage(hand):
    return hand.window.doing.stage()


def recorded(hand):
    hand.qtbot.waitUntil(lambda: not stage(hand).player.growing, timeout=60_000)


def press(hand, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Where the keyboard is."""
    assert stage(hand).hasFocus()
    QTest.keyClick(stage(hand), key, modifier)


def attempt(hand, caption):
    stage(hand).page.attempt(next(one for one in stage(hand).page.tries if one.caption == caption))
    recorded(hand)


def fields(hand):
    return [one.fields.copy() for one in stage(hand).page.record.searches]


def test_with_nothing_open_there_is_something_to_be_seen(lecturing):
    assert stage(lecturing).isVisible()
    assert not lecturing.window.panel.isVisible()
    assert stage(lecturing).page.count == stage(lecturing).page.record.total
    assert stage(lecturing).player.playing
    assert stage(lecturing).page.about == "Two roofs, 192 × 128"


def test_the_keyboard_alone_goes_through_it(lecturing):
    window = lecturing.window
    press(lecturing, Qt.Key.Key_Space)
    assert not stage(lecturing).player.playing
    press(lecturing, Qt.Key.Key_Home)
    press(lecturing, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert stage(lecturing).page.moment == 1
    assert "Sweep 1 of 5, row 1" in stage(lecturing).page.said()
    press(lecturing, Qt.Key.Key_Return)
    assert stage(lecturing).player.playing
    lecturing.key("F5")
    assert stage(lecturing).projector is not None
    assert window.actions_["projector"].isChecked()
    QTest.keyClick(stage(lecturing).projector, Qt.Key.Key_F5)
    assert stage(lecturing).projector is None
    assert not window.actions_["projector"].isChecked()


def test_played_again_it_is_the_same(lecturing):
    first = fields(lecturing)
    attempt(lecturing, "Propagation only")
    assert not np.array_equal(fields(lecturing)[0][-1], first[0][-1])
    attempt(lecturing, "As in the paper")
    assert all(np.array_equal(a, b) for a, b in zip(first, fields(lecturing), strict=True))


def test_what_is_tried_is_played_from_its_first_moment(lecturing):
    stage(lecturing).go_to(500)
    attempt(lecturing, "Flat")
    assert stage(lecturing).player.playing
    assert stage(lecturing).page.moment < 500
    record = stage(lecturing).page.record
    assert np.array_equal(record.searches[0].fields[0], record.searches[0].fields[-1])


def test_how_the_field_is_shown_is_no_new_record(lecturing):
    record = stage(lecturing).page.record
    attempt(lecturing, "Arrows")
    assert stage(lecturing).page.record is record


def test_pointing_at_a_patch_is_seen_on_the_projector_too(lecturing):
    stage(lecturing).player.pause()
    lecturing.key("F5")
    page = stage(lecturing).page
    place = page._places["target"]
    QTest.mouseMove(page, (place.topLeft() + place.center()).toPoint() / 2)
    assert page._at == pytest.approx((0.25, 0.25), abs=0.02)
    assert stage(lecturing).projector.page._at == page._at
    y, x = page._patch()
    QTest.keyClick(stage(lecturing), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page._patch() == (y, x + 1)
    assert stage(lecturing).projector.page._at == page._at
    attempt(lecturing, "Who found it")
    assert stage(lecturing).projector.page.shows == "finders"
    for _ in range(2):  # closed, and opened again
        lecturing.key("F5")
    assert stage(lecturing).projector.page.shows == "finders"


def test_a_picture_that_is_open_is_made_of_its_other_half(lecturing, lawn):
    lecturing.open(lawn)
    recorded(lecturing)
    assert lecturing.window.mode.name == "lecture"
    record = stage(lecturing).page.record
    assert record.searches[0].target.shape == (48, 64, 3)
    assert record.energies[-1] < 0.2 * record.energies[0]
    assert stage(lecturing).page.about.startswith("lawn.png")
    assert len(lecturing.document.history.states) == 1  # nothing was changed


def test_what_is_painted_over_is_filled_before_everybodys_eyes(hand, lawn):
    hand.open(lawn)
    hand.drag((40, 20), (48, 26))
    choose(hand, "lecture")
    recorded(hand)
    assert stage(hand).page.record.searches[0].hole is not None


def test_another_mode_rests_it_and_coming_back_shows_it_as_it_was(lecturing, lawn):
    lecturing.open(lawn)
    recorded(lecturing)
    record = stage(lecturing).page.record
    stage(lecturing).go_to(40)
    stage(lecturing).player.play()
    there = stage(lecturing)
    choose(lecturing, "fill")
    assert not there.player.playing
    assert lecturing.window.panel.isVisible()
    choose(lecturing, "lecture")
    lecturing.rest()
    assert stage(lecturing).page.record is record


def test_what_is_left_half_recorded_is_recorded_anew(hand):
    choose(hand, "lecture")
    there = stage(hand)
    hand.qtbot.waitUntil(lambda: there.page.count > 1, timeout=60_000)
    choose(hand, "fill")
    hand.rest()
    assert there.page.count < there.page.record.total
    choose(hand, "lecture")
    recorded(hand)
    assert there.page.count == there.page.record.total


def test_esc_stops_the_recording_and_what_there_is_stays(hand):
    choose(hand, "lecture")
    hand.qtbot.waitUntil(lambda: stage(hand).page.count > 1, timeout=60_000)
    hand.parts.session.stop()
    recorded(hand)
    assert stage(hand).page.count > 1
    QTest.keyClick(stage(hand), Qt.Key.Key_End)
    assert stage(hand).page.moment == stage(hand).page.count - 1


def test_a_picture_too_small_for_patches_is_told_and_the_board_says_so(lecturing, tmp_path):
    Image.fromarray(np.zeros((20, 10, 3), np.uint8)).save(tmp_path / "tiny.png")
    lecturing.open(tmp_path / "tiny.png")
    recorded(lecturing)
    assert "5 × 20: smaller than a patch of 7" in lecturing.shown()[-1]
    assert stage(lecturing).page.nothing
    attempt(lecturing, "Flat")
    assert not stage(lecturing).page.nothing


def test_the_projector_can_be_asked_for_in_any_mode(hand):
    hand.window.actions_["projector"].trigger()
    assert hand.window.mode.name == "lecture"
    assert stage(hand).projector is not None
    recorded(hand)


def test_coming_and_going_leaves_the_window_as_wide_as_it_is(hand, scratched):
    hand.open(scratched)
    width = hand.window.width()
    for name in ("lecture", "fill"):
        hand.window.choose_mode(next(mode for mode in MODES if mode.name == name))
        hand.rest()
        assert hand.window.width() == width
