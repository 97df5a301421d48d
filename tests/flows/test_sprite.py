"""Someone cuts a creature out of a clip and steers it with the mouse."""

import json
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.engine.image import Point
from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.preview import preview
from editor.files.clips.save import write_clip
from editor.files.sprites import read_sprite
from editor.operations import CutSprite
from editor.ui import theme
from editor.ui.modes import MODES
from tests.creature import AROUND, GREEN, HEIGHT, WIDTH, place, running

_LONG = 30_000


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "dart.mp4"
    last(write_clip(path, running(), Fraction(25), ClipOptions(95), overwrite=True))
    return path


@pytest.fixture
def keyed(hand, clip):
    """The clip is open in Sprite mode, and its backdrop is found."""
    hand.open(clip)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "sprite"))
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
    qtbot.waitUntil(lambda: actor.running, timeout=_LONG)
    actor.play(False)  # frames are taken by hand: a test does not wait for a clock
    return cut


def stage(hand):
    return hand.window.doing.stage()


def seen(hand, qtbot, **wanted):
    """What the key page shows, when it is as it is wanted."""
    page = stage(hand).key

    def there():
        shown = page.seen
        return shown is not None and all(
            getattr(shown.wanted, name) == value for name, value in wanted.items()
        )

    qtbot.waitUntil(there, timeout=_LONG)
    return page.seen


def point_at(hand, at):
    pitch = stage(hand).steer.pitch
    QTest.mouseMove(pitch, pitch.to_widget(at).toPoint())


def saved_as(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


# ── the key ──


def test_the_matte_is_seen_at_once_and_on_every_frame(keyed, qtbot):
    page = stage(keyed).key
    page.look.set_value("alpha")
    page.go_to(7)
    made = seen(keyed, qtbot, number=7, look="alpha")
    assert made.wanted.key is not None
    scale, corner = made.sight.view.scale, made.part
    (x, y), _ = place(7)
    middle = made.image.pixelColor(round((x - corner.x) * scale), round((y - corner.y) * scale))
    assert middle.lightness() > 250
    assert made.image.pixelColor(2, 2).lightness() == 0


def test_an_option_is_seen_at_once(keyed, qtbot):
    options = keyed.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "choke": 3})
    options.set_operation(operation)
    options.changed.emit(operation)
    assert seen(keyed, qtbot, operation=operation).wanted.key is not None


def test_the_backdrop_is_picked_with_the_eyedropper(keyed, qtbot):
    page = stage(keyed).key
    page.look.set_value("clip")
    page.go_to(0)
    seen(keyed, qtbot, number=0, look="clip")
    QTest.keyClick(page, Qt.Key.Key_I)
    assert page.eyedropper.value()
    at = page.sight.view.to_screen(Point(4, 4))
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(int(at.x), int(at.y)))
    keyed.rest()
    picked = keyed.window.options.operation()
    assert picked.key == "colour"
    assert np.abs(np.subtract(picked.colours[0], GREEN)).max() <= 6
    assert not page.eyedropper.value()
    keyed.window.choose_mode(keyed.window.mode)
    assert keyed.window.options.operation().colours == picked.colours
    page.chips.dropped.emit(0)
    assert keyed.window.options.operation().colours == ()


def test_the_creature_is_chosen_by_a_click_and_let_go_by_another(keyed, qtbot):
    page = stage(keyed).key
    page.go_to(10)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(page, key)
    seen(keyed, qtbot, number=10)
    at = page.sight.view.to_screen(place(10)[0])
    for expected in (10, None):
        QTest.keyClick(page, Qt.Key.Key_C)
        QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(int(at.x), int(at.y)))
        pick = keyed.window.options.operation().pick
        assert (None if pick is None else pick[0]) == expected


def test_where_there_is_no_clip_a_line_says_what_to_do(hand, scratched):
    hand.open(scratched)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "sprite"))
    assert stage(hand).pages.currentWidget() is stage(hand).empty
    assert not stage(hand).export.isEnabled()
    hand.key("Return")
    assert hand.document.history.saved


def test_a_backdrop_without_a_colour_is_said_and_another_clip_has_its_own(hand, clip, tmp_path):
    path = tmp_path / "many.mp4"
    blocks = np.random.default_rng(1).integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    below = blocks.repeat(8, axis=0).repeat(8, axis=1)
    last(write_clip(path, running(20, below), Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "sprite"))
    options = hand.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "key": "colour"})
    options.set_operation(operation)
    options.changed.emit(operation)
    hand.rest()
    assert "no colour of its own" in stage(hand).key.words
    hand.open(clip)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "sprite"))
    hand.rest()
    assert stage(hand).key.words == ""
    hand.key("Return")
    assert hand.document.sprite.count == 2 * AROUND


# ── cut ──


def test_enter_cuts_the_creature_out_and_shows_its_frames(cut):
    assert stage(cut).step == "frames"
    assert cut.document.sprite.count == 2 * AROUND
    assert cut.document.sprite.source == "dart.mp4"
    assert stage(cut).frames.strip.model().rowCount() == 2 * AROUND
    assert stage(cut).frames.rose.gaps == 0
    assert cut.document.history.saved  # nothing was edited


def test_a_cut_that_is_stopped_leaves_nothing(keyed):
    keyed.window.edit.do_go()
    keyed.window.edit.do_stop()
    keyed.rest()
    assert keyed.document.sprite is None
    assert stage(keyed).step == "key"
    keyed.key("Return")
    assert keyed.document.sprite.count == 2 * AROUND


def test_a_frame_is_thrown_out_by_a_click_and_taken_back_by_another(cut):
    strip = stage(cut).frames.strip
    at = strip.visualRect(strip.model().index(3, 0)).center()
    for expected in (2 * AROUND - 1, 2 * AROUND):
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=at)
        cut.rest()
        assert cut.document.sprite.count == expected
    assert strip.model().rowCount() == 2 * AROUND


def test_shift_throws_out_all_frames_between_and_the_keyboard_one(cut):
    strip = stage(cut).frames.strip
    for row, keys in ((2, Qt.KeyboardModifier.NoModifier), (6, Qt.KeyboardModifier.ShiftModifier)):
        at = strip.visualRect(strip.model().index(row, 0)).center()
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, keys, at)
    assert cut.window.options.operation().rejected == frozenset(range(2, 7))
    strip.setCurrentIndex(strip.model().index(9, 0))
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert 9 in cut.window.options.operation().rejected


def test_all_frames_cannot_be_thrown_out(cut):
    stage(cut).frames.rejected_changed.emit(frozenset(range(2 * AROUND)))
    cut.rest()
    assert "keep at least one" in cut.shown()[-1]
    assert cut.document.sprite.count == 2 * AROUND


def test_what_was_thrown_out_stays_out_when_it_is_cut_again(cut):
    stage(cut).frames.rejected_changed.emit(frozenset({4}))
    QTest.keyClick(stage(cut).frames.strip, Qt.Key.Key_1)
    cut.key("Return")
    assert stage(cut).step == "frames"
    assert cut.document.sprite.count == 2 * AROUND - 1
    assert stage(cut).frames.strip.model().rowCount() == 2 * AROUND


def test_mirroring_needs_no_new_cut(cut):
    before = cut.document.finding(CutSprite)
    options = cut.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "mirror": True})
    options.set_operation(operation)
    options.changed.emit(operation)
    cut.rest()
    assert cut.document.sprite.mirrored
    assert cut.document.finding(CutSprite) is before


# ── steer ──


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


def test_a_picture_is_dropped_behind_it(steered, tmp_path):
    path = tmp_path / "meadow.png"
    Image.fromarray(np.full((120, 200, 3), (30, 90, 20), np.uint8)).save(path)
    stage(steered).steer.background_dropped.emit(path)
    steered.rest()
    page = stage(steered).steer
    assert page.background.value() == "picture"
    assert page.actor.control.stage[2:] == (200, 120)
    grab = page.pitch.grab().toImage()
    corner = page.pitch.to_widget(Point(3, 3)).toPoint() * page.pitch.devicePixelRatioF()
    assert grab.pixelColor(corner).getRgb()[:3] == (30, 90, 20)


def test_what_does_not_move_is_said_and_can_walk_on_the_spot(hand, tmp_path):
    path = tmp_path / "still.mp4"
    frames = np.stack([running(1)[0]] * 30)
    last(write_clip(path, frames, Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "sprite"))
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


# ── recording and export ──


def recorded(hand, frames=30):
    assert "recording" not in stage(hand).exports()
    actor = stage(hand).steer.actor
    hand.window.edit.do_go()
    actor.play(False)
    point_at(hand, Point(WIDTH - 12, 12))
    while actor.taken < frames:
        actor.step()
    hand.window.edit.do_go()
    assert {"recording", "path"} <= set(stage(hand).exports())
    return stage(hand).steer.recording


def test_what_is_recorded_is_exported_as_it_was(steered, tmp_path, monkeypatch):
    recording = recorded(steered)
    path = tmp_path / "take.webm"
    saved_as(monkeypatch, path)
    stage(steered).export_wanted.emit("recording")
    steered.rest()
    assert "take.webm is exported" in steered.shown()[-1]
    with open_clip(path) as film:
        assert film.clip.count == len(recording.states)
        assert film.clip.alpha
        alpha = film.frame(film.clip.count - 1)[..., 3] / 255
    y, x = (float((alpha * axis).sum() / alpha.sum()) for axis in np.indices(alpha.shape))
    assert np.hypot(x - recording.states[-1][0].x, y - recording.states[-1][0].y) < 2


@pytest.mark.parametrize(("kind", "suffix"), [("path", ".gif"), ("circle", ".mp4")])
def test_films_along_a_path_are_exported(steered, tmp_path, monkeypatch, kind, suffix):
    recorded(steered)
    path = tmp_path / f"out{suffix}"
    saved_as(monkeypatch, path)
    options = steered.window.steer_options
    options.set_operation(type(options.operation())(seconds=1.0, tries=0))
    stage(steered).export_wanted.emit(kind)
    steered.rest()
    assert f"{path.name} is exported" in steered.shown()[-1]
    with open_clip(path) as film:
        assert film.clip.size == (WIDTH, HEIGHT)


def test_sprite_sheet_and_page_are_exported_and_steps_painted_in_both_themes(
    cut, qapp, tmp_path, monkeypatch
):
    for kind, name in (("sprite", "a.sprite"), ("sheet", "b.png"), ("page", "c.html")):
        saved_as(monkeypatch, tmp_path / name)
        stage(cut).export_wanted.emit(kind)
        cut.rest()
        assert name in cut.shown()[-1]
    for name in ("light", "dark"):
        theme.apply(qapp, theme.Theme.named(name))
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            QTest.keyClick(stage(cut), key)
            assert not cut.window.grab().isNull()
    card = preview(tmp_path / "a.sprite", 512)
    assert card.shape[2] == 3
    assert tuple(card[0, 0]) == (230, 230, 230)
    assert read_sprite(tmp_path / "a.sprite").count == 2 * AROUND
    assert len(json.loads((tmp_path / "b.json").read_text())["frames"]) == 2 * AROUND
    assert "dart.mp4" in (tmp_path / "c.html").read_text("utf-8")


def test_an_exported_sprite_opens_and_can_be_steered(cut, tmp_path, monkeypatch):
    path = tmp_path / "dart.sprite"
    saved_as(monkeypatch, path)
    stage(cut).export_wanted.emit("sprite")
    cut.rest()
    cut.open(path)
    assert cut.window.mode.name == "sprite"
    assert stage(cut).step == "steer"
    actor = stage(cut).steer.actor
    assert actor.control is not None
    actor.play(False)
    before = actor.states[0].point
    for _ in range(10):
        actor.step()
    assert actor.states[0].point != before
