"""Someone looks through the frames of a creature that was cut out, and where it went."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.engine.image import Point
from editor.files.generations import replayed
from editor.files.paths import recovery_folder
from editor.operations import CutSprite
from editor.ui.modes import MODES
from editor.ui.sprite.compass import way_colours
from editor.ui.theme import Theme
from tests.creature import AROUND
from tests.flows.sprite.steps import LONG, in_sprite_mode, saved_as, stage


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
    assert cut.document.rejected == frozenset(range(2, 7))
    strip.setCurrentIndex(strip.model().index(9, 0))
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert 9 in cut.document.rejected


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


def test_throwing_out_is_a_step_that_is_undone_and_done_again(cut):
    page, whole = stage(cut).frames, 2 * AROUND
    page.rejected_changed.emit(frozenset({4}))
    page.rejected_changed.emit(frozenset({4, 5, 6}))
    page.rejected_changed.emit(frozenset({5, 6}))
    labels = [state.label for state in cut.document.history.states[1:]]
    assert labels == ["Throw out frame 4", "Throw out 2 frames", "Take frame 4 back"]
    assert not cut.document.history.saved
    for keys, count in (("Ctrl+Z", 3), ("Ctrl+Z", 1), ("Ctrl+Z", 0), ("Ctrl+Shift+Z", 1)):
        cut.key(keys)
        assert cut.document.sprite.count == whole - count
        assert sum(map(page.strip.is_out, map(page.strip.cel, range(whole)))) == count
    cut.window.choose_mode(MODES[0])  # elsewhere too
    cut.key("Ctrl+Z")
    assert cut.document.sprite.count == whole
    in_sprite_mode(cut)
    cut.rest()
    assert stage(cut).steer.actor.sprite is cut.document.sprite


def test_what_was_thrown_out_is_kept_by_the_journal_and_by_the_project(cut, tmp_path, monkeypatch):
    stage(cut).frames.rejected_changed.emit(frozenset({4, 9}))

    def told():
        cut.rest()
        there = [one for one in recovery_folder().glob("session-*/*") if one.is_dir()]
        return [replayed(one, "dart.mp4").settings.get("rejected") for one in there]

    cut.qtbot.waitUntil(lambda: told() == [[4, 9]], timeout=LONG)  # as the next start sees it
    path = tmp_path / "dart.patina"
    saved_as(monkeypatch, path)
    cut.key("Ctrl+S")
    assert cut.document.history.saved
    cut.window.files.do_close()
    cut.open(path)
    assert cut.document.rejected == {4, 9}
    assert cut.document.history.saved
    cut.key("Return")
    assert cut.document.sprite.count == 2 * AROUND - 2


def test_a_cut_of_frames_that_are_all_out_says_so_and_one_can_be_taken_back(cut):
    stage(cut).frames.rejected_changed.emit(frozenset({4, 5}))
    options = cut.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "first": 4, "last": 5})
    options.set_operation(operation)
    options.changed.emit(operation)
    QTest.keyClick(stage(cut), Qt.Key.Key_1)
    cut.key("Return")
    assert cut.document.sprite is None
    assert not stage(cut).export.isEnabled()
    assert "take one back" in stage(cut).frames.said
    stage(cut).frames.rejected_changed.emit(frozenset({5}))
    cut.rest()
    assert cut.document.sprite.count == 1


def test_mirroring_needs_no_new_cut(cut):
    before = cut.document.finding(CutSprite)
    options = cut.window.options
    operation = CutSprite.from_dict({**options.operation().to_dict(), "mirror": True})
    options.set_operation(operation)
    options.changed.emit(operation)
    cut.rest()
    assert cut.document.sprite.mirrored
    assert cut.document.finding(CutSprite) is before


# ── where it went ──


def on_track(hand, number):
    """The place on the view where the creature is in a frame."""
    track = stage(hand).frames.track
    cel = next(cel for cel in hand.document.sprite.cels if cel.number == number)
    middle = Point(cel.centroid.x + 0.5, cel.centroid.y + 0.5)
    at, ratio = track.view.to_screen(middle), track.devicePixelRatioF()
    return QPoint(round(at.x / ratio), round(at.y / ratio))


def test_the_track_is_drawn_over_the_clip_and_hidden_with_a_key(cut, qtbot):
    track = stage(cut).frames.track
    track.show_number(0)
    at = on_track(cut, 12) * track.devicePixelRatioF()
    ways = {colour.name() for colour in way_colours(Theme.of(track))}

    def there():
        return track.grab().toImage().pixelColor(at).name() in ways

    qtbot.waitUntil(there, timeout=LONG)
    QTest.keyClick(stage(cut).frames.strip, Qt.Key.Key_T)
    assert not stage(cut).frames.trails.value()
    assert not there()


def test_the_track_and_the_frames_point_at_each_other(cut):
    page = stage(cut).frames
    QTest.mouseMove(page.track, on_track(cut, 12))
    assert page.track.number % AROUND == 12
    QTest.mouseClick(page.track, Qt.MouseButton.LeftButton, pos=on_track(cut, 12))
    assert page.strip.cel(page.strip.currentIndex().row()).number % AROUND == 12
    QTest.keyClick(page.strip, Qt.Key.Key_Right)
    assert page.track.number % AROUND == 13
    QTest.keyClick(page.strip, Qt.Key.Key_Space)
    assert {one % AROUND for one in cut.document.rejected} == {13}


def test_a_creature_without_its_clip_has_a_track_too(cut, tmp_path, monkeypatch, qtbot):
    path = tmp_path / "dart.sprite"
    saved_as(monkeypatch, path)
    stage(cut).export_wanted.emit("sprite")
    cut.rest()
    cut.open(path)
    QTest.keyClick(stage(cut), Qt.Key.Key_2)
    track = stage(cut).frames.track
    track.show_number(5)
    track.show_track(False)

    def there():
        at = on_track(cut, 5) * track.devicePixelRatioF()
        return track.grab().toImage().pixelColor(at).red() > 180  # the dart, on grey

    qtbot.waitUntil(there, timeout=LONG)


def test_what_is_missing_is_said_and_a_mirror_fills_it(cut):
    page = stage(cut).frames
    assert not page.mirror.isVisible()
    gone = frozenset(
        cel.number for cel in cut.document.sprite.cels if 3 < cel.number % AROUND < AROUND - 12
    )
    page.rejected_changed.emit(gone)  # what is left goes right, and a little up
    cut.rest()
    assert "Film more going" in page.said
    assert "left" in page.said
    assert page.rose.gaps
    before = page.rose.gaps
    QTest.mouseClick(page.mirror, Qt.MouseButton.LeftButton)
    cut.rest()
    assert cut.document.sprite.mirrored
    assert page.rose.gaps < before
    assert not page.mirror.isVisible()
