"""Someone has a small picture of a material and wants more of it."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.news import Shown
from editor.operations import Extend, Texture
from editor.ui.modes import MODES
from editor.ui.widgets import PillButton
from tests.engine.test_efros_leung_guard import hills


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
    at_it.parts.session.results.shown.connect(seen.append)
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
    count = 48 * 44 - 9
    assert stage(at_it).transport.isVisible()
    assert moment(at_it) == count
    press(at_it, Qt.Key.Key_Left)
    assert moment(at_it) == count - 1
    assert stage(at_it).output.chosen is not None
    assert 1 <= len(stage(at_it).sample.marks) <= 60
    assert stage(at_it).sample.chosen in stage(at_it).sample.marks
    press(at_it, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert moment(at_it) == count - 11
    press(at_it, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert moment(at_it) == count - 111
    press(at_it, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    press(at_it, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert moment(at_it) == count
    assert stage(at_it).output.chosen is None
    tune(at_it, Texture(width=48, height=44))
    at_it.key("Return")
    assert not stage(at_it).transport.isVisible()


@pytest.fixture
def uninterrupted(at_it):
    """The pixels of a growth that nobody holds, undone again."""
    tune(at_it, Texture(width=60, height=52, method="exact", window=7))
    at_it.key("Return")
    picture = at_it.document.image.copy()
    at_it.key("Ctrl+Z")
    return picture


def test_a_growth_that_is_held_stepped_and_scrubbed_ends_as_if_it_had_not_been(
    at_it, uninterrupted
):
    press(at_it, Qt.Key.Key_Right)  # begins it and holds it at its seed
    assert size(at_it) == (40, 40)
    assert moment(at_it) == 0
    assert stage(at_it).output.chosen is not None
    for expected in (1, 2, 3):
        press(at_it, Qt.Key.Key_Right)
        assert moment(at_it) == expected
    press(at_it, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert moment(at_it) == 103
    stage(at_it).transport.moment_wanted.emit(40)
    at_it.rest()
    assert moment(at_it) == 40
    assert at_it.window.action_bar.isVisible() is False
    at_it.key("Return")  # the rest grows
    assert size(at_it) == (60, 52)
    np.testing.assert_array_equal(at_it.document.image, uninterrupted)
    assert at_it.document.history.now.command.operation == Texture(
        width=60, height=52, method="exact", window=7
    )


def test_space_holds_a_growth_and_goes_on_with_it(at_it, uninterrupted):
    QTest.keyClick(at_it.window, Qt.Key.Key_Return)
    QTest.keyClick(stage(at_it), Qt.Key.Key_Space)
    at_it.rest()
    assert size(at_it) == (40, 40)
    assert at_it.window.doing.label == "Go on"
    press(at_it, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage(at_it), Qt.Key.Key_Space)
    at_it.qtbot.waitUntil(lambda: size(at_it) == (60, 52), timeout=30_000)
    np.testing.assert_array_equal(at_it.document.image, uninterrupted)


def test_a_held_growth_plays_slowly_and_waits_for_somebody_who_looks_elsewhere(at_it):
    tune(at_it, Texture(width=60, height=52, method="exact", window=7))
    press(at_it, Qt.Key.Key_Right)
    stage(at_it).transport.pace_changed.emit(100)
    QTest.keyClick(stage(at_it), Qt.Key.Key_Space)
    at_it.qtbot.waitUntil(lambda: moment(at_it) >= 10, timeout=30_000)
    QTest.keyClick(stage(at_it), Qt.Key.Key_Space)
    at_it.rest()
    there = moment(at_it)
    assert there < 500
    choose(at_it, "fill")
    choose(at_it, "texture")
    at_it.rest()
    assert moment(at_it) == there
    assert at_it.window.doing.label == "Go on"


def test_what_is_held_of_one_sample_waits_while_another_is_worked_at(at_it, tmp_path):
    tune(at_it, Texture(width=60, height=52, method="exact", window=7))
    press(at_it, Qt.Key.Key_Right)
    stage(at_it).transport.step_wanted.emit(30)
    at_it.rest()
    first = at_it.document
    path = tmp_path / "hills.png"
    Image.fromarray(hills()).save(path)
    at_it.open(path)
    assert at_it.window.doing.label == "Texture"
    assert moment(at_it) == 0
    at_it.parts.session.activate(first)
    at_it.rest()
    assert at_it.window.doing.label == "Go on"
    assert moment(at_it) == 30
    at_it.parts.session.close_document(first)
    assert at_it.window.doing.paused is None


def test_a_slow_pace_is_slow_from_the_beginning_and_slows_down_what_grows(at_it):
    tune(at_it, Texture(width=300, height=300, method="exact", window=7))
    stage(at_it).transport.pace_changed.emit(10)
    QTest.keyClick(stage(at_it), Qt.Key.Key_Space)
    at_it.qtbot.waitUntil(lambda: at_it.window.doing._watch.playing, timeout=30_000)
    assert moment(at_it) < 100
    QTest.keyClick(stage(at_it), Qt.Key.Key_Space)
    at_it.rest()
    at_it.key("Return")
    assert size(at_it) == (300, 300)
    at_it.key("Ctrl+Z")
    QTest.keyClick(at_it.window, Qt.Key.Key_Return)
    stage(at_it).transport.pace_changed.emit(100)
    at_it.qtbot.waitUntil(lambda: at_it.window.doing._watch.playing, timeout=30_000)
    assert size(at_it) == (40, 40)


def test_escape_lets_a_held_growth_go(at_it):
    tune(at_it, Texture(width=60, height=52, method="exact", window=7))
    press(at_it, Qt.Key.Key_Right)
    at_it.key("Escape")
    assert size(at_it) == (40, 40)
    assert at_it.window.doing.label == "Texture"
    assert "Press Enter" in stage(at_it).output.accessibleDescription()


def test_a_held_growth_is_kept_as_it_is_and_the_rest_is_laid_with_patches(at_it):
    tune(at_it, Texture(width=60, height=52, method="exact", window=7))
    press(at_it, Qt.Key.Key_Right)
    stage(at_it).transport.step_wanted.emit(2000)
    at_it.rest()
    seen = at_it.window.doing._watch.growth.picture_at(2000)
    at_it.window.doing.action_bar.keep_wanted.emit()
    at_it.rest()
    assert size(at_it) == (60, 52)
    grown_ = (seen > 0).all(axis=2)
    np.testing.assert_array_equal(at_it.document.image[grown_], seen[grown_])


def test_the_same_with_several_windows_side_by_side_and_one_is_taken(at_it):
    tune(at_it, Texture(width=52, height=48, method="exact", window=15))
    at_it.key("Return")
    alone = at_it.document.image.copy()
    tune(at_it, Texture(width=52, height=48, window=7))
    press(at_it, Qt.Key.Key_W)
    panes = stage(at_it).strip.panes
    assert [pane.isVisible() for pane in panes] == [True] * 4
    assert {pane.accessibleDescription() for pane in panes} == {"52 × 48"}
    QTest.mouseClick(panes[2], Qt.MouseButton.LeftButton, pos=panes[2].rect().center())
    at_it.rest()
    assert not panes[0].isVisible()
    assert at_it.window.options.operation().window == 15
    assert at_it.window.options.operation().method == "exact"
    np.testing.assert_array_equal(at_it.document.image, alone)
    assert len(at_it.document.history.states) == 2


def test_none_of_the_windows_is_taken_with_escape(at_it):
    press(at_it, Qt.Key.Key_W)
    assert stage(at_it).comparing
    at_it.key("Escape")
    assert not stage(at_it).comparing
    assert size(at_it) == (40, 40)


def test_colours_say_where_each_pixel_came_from_and_the_pointer_where_one_did(at_it):
    at_it.key("Return")
    doing = at_it.window.doing
    origins = doing._last().origins
    press(at_it, Qt.Key.Key_C)
    assert stage(at_it).origins.value()
    shown = stage(at_it).output.grab().toImage()
    key = stage(at_it).sample.grab().toImage()
    press(at_it, Qt.Key.Key_C)
    assert stage(at_it).output.grab().toImage() != shown
    assert stage(at_it).sample.grab().toImage() != key
    stage(at_it).output.pointed.emit(20, 30)
    y, x = origins[30, 20].tolist()
    assert stage(at_it).sample.chosen == (x - 2, y - 2, 5, 5)
    stage(at_it).output.pointed.emit(-1, -1)
    assert stage(at_it).sample.chosen is None


def test_the_corner_of_the_texture_is_dragged_to_another_size(at_it):
    pane = stage(at_it).output
    corner = pane._corner().toPoint()
    scale = pane._scale
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=corner)
    QTest.mouseMove(pane, corner + QPoint(round(16 * scale), round(8 * scale)))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=corner)
    assert at_it.window.options.operation().width == 80
    assert at_it.window.options.operation().height == 64
    assert pane.accessibleDescription().startswith("Press Enter")
    at_it.key("Return")
    assert pane.wanted is None
    tune(at_it, Texture(width=90, height=64))
    assert pane.wanted == (90, 64)
    at_it.key("Return")
    assert pane.wanted is None
    at_it.key("Ctrl+Z")
    tune(at_it, Texture(width=80, height=64))
    at_it.key("Return")
    assert size(at_it) == (80, 64)


def test_garbage_is_said_and_grown_once_more_from_the_last_good_point(hand, tmp_path):
    path = tmp_path / "hills.png"
    Image.fromarray(hills()).save(path)
    hand.open(path)
    choose(hand, "texture")
    tune(hand, Texture(width=96, height=96, method="exact", window=15, seed=1))
    hand.key("Return")
    before = hand.document.image.copy()
    growth = hand.document.history.now.command.growth
    assert "repeats itself" in hand.shown()[-1]
    assert len(hand.shown()) == 1
    hand.answer("Go on from the last good point")
    assert len(hand.document.history.states) == 2
    made_by = hand.document.history.now.command.operation
    (good,) = made_by.again
    known = growth.known_at(good)
    np.testing.assert_array_equal(hand.document.image[known], before[known])
    assert (hand.document.image != before).any()
    assert Texture.from_dict(made_by.to_dict()) == made_by


def test_garbage_is_said_while_it_grows_and_grown_once_more_from_before_it(hand, tmp_path):
    path = tmp_path / "hills.png"
    Image.fromarray(hills()).save(path)
    hand.open(path)
    choose(hand, "texture")
    tune(hand, Texture(width=160, height=160, method="exact", window=15, seed=1))
    QTest.keyClick(hand.window, Qt.Key.Key_Return)
    hand.qtbot.waitUntil(lambda: hand.shown() != [], timeout=30_000)
    assert hand.parts.session.solving
    hand.answer("Go on from the last good point")
    hand.qtbot.waitUntil(lambda: size(hand) == (160, 160), timeout=30_000)
    assert len(hand.document.history.now.command.operation.again) == 1


def test_what_a_message_began_can_be_held_like_anything_else(hand, tmp_path):
    path = tmp_path / "hills.png"
    Image.fromarray(hills()).save(path)
    hand.open(path)
    choose(hand, "texture")
    tune(hand, Texture(width=96, height=96, method="exact", window=15, seed=1))
    hand.key("Return")
    button = hand.window.notices.shown()[-1].findChildren(PillButton)[0]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    doing = hand.window.doing
    hand.qtbot.waitUntil(lambda: doing._growing, timeout=30_000)
    press(hand, Qt.Key.Key_Space)
    assert doing.label == "Go on"
    assert doing.paused.on.again
    hand.key("Escape")
    assert doing.label == "Texture"
    assert hand.document.history.now.command.operation.again == ()


def press(hand, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(stage(hand), key, modifier)
    hand.rest()


def moment(hand):
    return stage(hand).transport.moment


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


def test_edges_are_dragged_outwards_each_by_its_own_amount(hand, sample):
    hand.open(sample)
    choose(hand, "extend")
    before = hand.document.image.copy()
    hand.drag((40, 20), (55, 25))
    hand.drag((20, 0), (25, -7))
    assert size(hand) == (40, 40)
    asked = hand.window.options.operation()
    assert (asked.left, asked.right, asked.top, asked.bottom) == (0, 15, 7, 0)
    hand.key("Return")
    assert size(hand) == (55, 47)
    np.testing.assert_array_equal(hand.document.image[7:, :40], before)
    asked = hand.window.options.operation()
    assert (asked.left, asked.right, asked.top, asked.bottom) == (0, 0, 0, 0)
    assert hand.document.history.now.command.operation.right == 15


def test_there_is_room_around_a_picture_to_drag_its_edges_to(hand, sample):
    hand.open(sample)
    fitted = hand.canvas.view
    choose(hand, "extend")
    assert hand.canvas.view.scale < fitted.scale
    choose(hand, "fill")
    assert hand.canvas.view == fitted


def test_an_edge_that_was_dragged_goes_back_with_escape(hand, sample):
    hand.open(sample)
    choose(hand, "extend")
    hand.drag((40, 20), (56, 25))
    hand.key("Escape")
    assert hand.window.options.operation().right == 0
    hand.key("Return")
    assert size(hand) == (40, 40)
    assert "Drag an edge" in hand.shown()[-1]
