"""Someone steers a creature."""

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from editor.engine.image import Point
from editor.engine.sprite import Route
from editor.engine.step import last
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.operations import CutSprite
from editor.ui.sprite.ground import PLAIN
from tests.creature import HEIGHT, WIDTH, running
from tests.flows.sprite.steps import (
    LONG,
    click,
    drag,
    in_sprite_mode,
    point_at,
    press,
    saved_as,
    stage,
)


def test_the_creature_follows_the_mouse(steered):
    actor = stage(steered).steer.actor
    for target in (Point(WIDTH - 12, HEIGHT / 2), Point(12, HEIGHT / 2)):
        point_at(steered, target)
        before = actor.states[0]
        for _ in range(40):
            actor.step()
        after = actor.states[0]
        assert abs(after.x - target.x) < abs(before.x - target.x)


def test_the_arrow_keys_steer_and_space_pauses(steered):
    page = stage(steered).steer
    QTest.keyPress(page.pitch, Qt.Key.Key_Left)
    assert page.actor.pushed == (-1, 0)
    assert page.actor.running
    QTest.keyPress(page.pitch, Qt.Key.Key_Up)
    assert page.actor.pushed == (-1, -1)
    QTest.keyRelease(page.pitch, Qt.Key.Key_Left)
    QTest.keyRelease(page.pitch, Qt.Key.Key_Up)
    assert page.actor.pushed == (0, 0)
    QTest.keyClick(page.pitch, Qt.Key.Key_Space)
    assert not page.actor.running


def test_a_slider_acts_on_the_creature_where_it_is(steered):
    actor = stage(steered).steer.actor
    actor.step()
    state, options = actor.states[0], steered.window.steer_options
    operation = options.operation().from_dict({**options.operation().to_dict(), "alpha": 3.0})
    options.set_operation(operation)
    options.changed.emit(operation)
    steered.rest()
    assert actor.control.tables.steering.alpha == 3.0
    assert actor.control.tables.transitions is not None
    assert state.step <= actor.states[0].step


def test_a_creature_that_has_left_the_stage_comes_in_opposite(steered):
    actor = stage(steered).steer.actor
    length = actor.control.length
    actor.target = Point(20.0, HEIGHT + 900.0)
    for _ in range(300):
        actor.step()
        x, y = actor.states[0].point
        assert -9 * length < x < WIDTH + 9 * length
        assert -9 * length < y < HEIGHT + 9 * length
    assert len(actor.trail) < 240  # it begins anew where it came in


def test_several_creatures_keep_apart(steered):
    page = stage(steered).steer
    page.actor.set_copies(3)
    assert len(page.actor.states) == 3
    page.actor.step()
    assert len({state.point for state in page.actor.states}) == 3


def test_a_picture_is_dropped_behind_it(steered, tmp_path, qtbot):
    path = tmp_path / "meadow.png"
    Image.fromarray(np.full((120, 200, 3), (30, 90, 20), np.uint8)).save(path)
    stage(steered).steer.background_dropped.emit(path)
    steered.rest()
    page = stage(steered).steer
    assert page.background.value() == "file"
    assert page.actor.control.stage[2:] == (200, 120)
    corner = page.pitch.to_widget(Point(3, 3)).toPoint() * page.pitch.devicePixelRatioF()

    def there():
        return page.pitch.grab().toImage().pixelColor(corner).getRgb()[:3] == (30, 90, 20)

    qtbot.waitUntil(there, timeout=LONG)


def test_where_a_picture_behind_it_is_clear_there_are_checks(steered, tmp_path, qtbot):
    path, page = tmp_path / "hole.png", stage(steered).steer
    pixels = np.full((HEIGHT, WIDTH, 4), (200, 0, 0, 255), np.uint8)
    pixels[:, : WIDTH // 2, 3] = 0
    Image.fromarray(pixels).save(path)
    steered.rest()

    def seen(x):
        at = page.pitch.to_widget(Point(x, 4)).toPoint() * page.pitch.devicePixelRatioF()
        return page.pitch.grab().toImage().pixelColor(at).getRgb()[:3]

    checks = seen(4)
    page.background_dropped.emit(path)
    steered.rest()
    qtbot.waitUntil(lambda: seen(WIDTH - 4) == (200, 0, 0), timeout=LONG)
    assert seen(4) == checks
    press(steered, Qt.Key.Key_F)
    page.actor.play(False)
    kiosk = page.kiosk
    at = kiosk.to_widget(Point(4, 4)).toPoint() * kiosk.devicePixelRatioF()
    qtbot.waitUntil(lambda: kiosk.grab().toImage().pixelColor(at).name() == PLAIN, timeout=LONG)
    press(steered, Qt.Key.Key_F)


def test_what_does_not_move_is_said_and_can_walk_on_the_spot(hand, tmp_path):
    path = tmp_path / "still.mp4"
    frames = np.stack([running(1)[0]] * 30)
    last(write_clip(path, frames, Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    in_sprite_mode(hand)
    hand.rest()
    hand.key("Return")
    hand.key("Return")
    assert stage(hand).pages.currentWidget() is stage(hand).empty
    options = hand.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "along": 3.0})
    options.set_operation(operation)
    options.changed.emit(operation)
    hand.rest()
    assert stage(hand).pages.currentWidget() is stage(hand).steer


# ── where it is sent ──


def test_it_follows_a_path_that_is_drawn_and_undo_takes_it_away(steered):
    actor = stage(steered).steer.actor
    press(steered, Qt.Key.Key_D)
    drag(steered, (20, 20), (76, 20), (76, 60))
    goal = steered.document.goal
    assert isinstance(goal, Route)
    assert goal.curved
    assert not goal.closed
    for _ in range(400):
        actor.step()
    assert actor.states[0].way > 40
    assert actor.sent.distance(actor.states[0].point) < 2 * actor.control.length
    assert "Draw path" in [state.label for state in steered.document.history.states]
    steered.key("Ctrl+Z")
    assert steered.document.goal is None
    assert actor.sent is None
    assert not stage(steered).steer.pitch.routed


def test_several_go_round_a_closed_path_and_keep_apart(steered):
    actor = stage(steered).steer.actor
    press(steered, Qt.Key.Key_D)
    drag(steered, (20, 20), (76, 20), (76, 60), (20, 60), (20, 21))
    assert steered.document.goal.closed
    for _ in range(800):
        actor.step()
    assert actor.states[0].way > actor.sent.length
    actor.set_copies(3)
    for _ in range(100):
        actor.step()
    assert len({state.point for state in actor.states}) == 3
    actor.set_copies(1)
    actor.step()
    assert len(actor.states) == 1


def test_clicks_add_corners_and_backspace_takes_them_back(steered):
    press(steered, Qt.Key.Key_D)
    click(steered, (20, 20))
    assert steered.document.goal is None  # one corner is no path yet
    click(steered, (76, 20))
    click(steered, (76, 60))
    assert len(steered.document.goal.points) == 3
    way = stage(steered).steer.actor.states[0].way
    press(steered, Qt.Key.Key_Backspace)
    assert len(steered.document.goal.points) == 2
    assert stage(steered).steer.actor.states[0].way == way  # it goes on where it was
    press(steered, Qt.Key.Key_Delete)
    assert steered.document.goal is None
    steered.window.edit.do_stop()
    assert stage(steered).steer.tools.checkedId() == 0
    press(steered, Qt.Key.Key_D)
    click(steered, (20, 20))
    steered.window.edit.do_stop()  # first the gesture, then the tool
    assert stage(steered).steer.tools.checkedId() == 1
    click(steered, (50, 20))
    assert steered.document.goal is None
    steered.key("Ctrl+Z")
    assert len(steered.document.goal.points) == 2


def test_it_goes_where_a_target_is_dropped_and_rests(steered):
    actor = stage(steered).steer.actor
    press(steered, Qt.Key.Key_G)
    click(steered, (70, 56))
    assert steered.document.goal == pytest.approx((70, 56), abs=1)
    for _ in range(400):
        actor.step()
    assert np.hypot(actor.states[0].x - 70, actor.states[0].y - 56) < 2 * actor.control.length
    press(steered, Qt.Key.Key_V)
    point_at(steered, Point(12, 12))
    assert actor.target is not None  # the pointer leads again


def test_a_path_is_saved_with_the_sprite_and_with_the_project_of_its_clip(
    steered, tmp_path, monkeypatch
):
    press(steered, Qt.Key.Key_D)
    drag(steered, (20, 20), (76, 20), (76, 60))
    goal = steered.document.goal
    saved_as(monkeypatch, tmp_path / "dart.patina")
    steered.key("Ctrl+S")
    assert steered.document.history.saved
    saved_as(monkeypatch, tmp_path / "dart.sprite")
    stage(steered).export_wanted.emit("sprite")
    steered.rest()
    steered.window.files.do_close()
    for name in ("dart.sprite", "dart.patina"):
        steered.open(tmp_path / name)
        assert steered.document.goal == goal
        assert steered.document.history.saved
    assert stage(steered).steer.pitch.routed


# ── what is seen of it ──


def test_what_a_frame_costs_is_said_and_a_colour_is_put_behind_it(steered):
    page = stage(steered).steer
    page.actor.step()
    assert page.actor.price is None
    press(steered, Qt.Key.Key_C)
    page.actor.step()
    assert page.costs.value()
    assert page.actor.price.jump >= 0
    point_at(steered, Point(50, 30))
    shown = page.pitch.grab().toImage()
    press(steered, Qt.Key.Key_C)
    assert page.actor.price is None
    assert page.pitch.grab().toImage() != shown
    page.background.changed.emit("colour")
    field = page.colour.menu().findChild(QLineEdit)
    field.setText("#204060")
    QTest.keyClick(field, Qt.Key.Key_Return)
    corner = page.pitch.place.topLeft().toPoint() * page.pitch.devicePixelRatioF() + QPoint(3, 3)
    assert page.pitch.grab().toImage().pixelColor(corner).name() == "#204060"
    assert page.background.value() == "colour"
    page.background.changed.emit("none")
    assert page.pitch.grab().toImage().pixelColor(corner).name() != "#204060"


def test_the_kiosk_shows_the_stage_alone_and_esc_leaves(steered):
    page = stage(steered).steer
    actor = page.actor
    press(steered, Qt.Key.Key_F)
    kiosk = page.kiosk
    assert kiosk.isFullScreen()
    actor.play(False)
    at, none = kiosk.to_widget(Point(30, 30)), Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, at, kiosk.mapToGlobal(at), none, none, Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(kiosk, moved)
    assert actor.target == pytest.approx((30, 30), abs=1)
    assert kiosk.cursor().shape() == Qt.CursorShape.ArrowCursor
    kiosk._hide_pointer()  # what the clocks do when nobody moves it
    kiosk._let_go()
    assert kiosk.cursor().shape() == Qt.CursorShape.BlankCursor
    assert actor.target is None
    QTest.keyPress(kiosk, Qt.Key.Key_Left)
    assert actor.pushed == (-1, 0)
    QTest.keyRelease(kiosk, Qt.Key.Key_Left)
    assert actor.pushed == (0, 0)
    QTest.keyClick(kiosk, Qt.Key.Key_Escape)
    assert page.kiosk is None
    assert page.pitch.updatesEnabled()
    press(steered, Qt.Key.Key_F)
    page.kiosk.close()  # by the window system
    assert page.kiosk is None
