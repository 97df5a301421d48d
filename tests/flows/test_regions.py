"""Someone paints what should move in a clip, and lets the rest be still."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.engine.regions import Play, play_of
from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.files.generations import replayed
from editor.files.paths import recovery_folder
from editor.operations import Loop
from tests.pendulum import HEIGHT, WIDTH, pendulum

_LONG = 30_000


@pytest.fixture
def two(hand, tmp_path):
    """A clip is open: left a pendulum of 20 frames, right one of 15."""
    frames = np.concatenate([pendulum(80, 20), pendulum(80, 15, seed=1)], axis=2)
    path = tmp_path / "two.mp4"
    last(write_clip(path, frames, Fraction(25), ClipOptions(95), overwrite=True))
    hand.open(path)
    return hand


def stage(hand):
    return hand.window.doing.stage()


def paint(hand, number, *points):
    """Choose a colour and draw a line through these places of the frame."""
    panel, screen = hand.window.regions_panel, stage(hand).screen_
    chip = panel._chips[number - 1]
    if not chip.isChecked():
        chip.click()
    hand.tune(size=30, hardness=100)
    places = [screen.place_of(x, y) for x, y in points]
    QTest.mousePress(screen, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        for part in range(1, 9):
            QTest.mouseMove(screen, QPoint(places[0] + (place - places[0]) * (part / 8)))
    QTest.mouseRelease(screen, Qt.MouseButton.LeftButton, pos=places[-1])
    hand.rest()


def paint_left(hand, number=1):
    paint(hand, number, (WIDTH / 2, 10), (WIDTH / 2, HEIGHT - 10))


def paint_right(hand, number=2):
    paint(hand, number, (1.5 * WIDTH, 10), (1.5 * WIDTH, HEIGHT - 10))


def row(hand, number):
    return hand.window.regions_panel._rows[number]


def set_number(hand, field, value):
    field.field.setText(str(value))
    field.field.setModified(True)
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    hand.rest()


def exported(hand, tmp_path, monkeypatch):
    path = tmp_path / "out.apng"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    stage(hand).side.loops._export.click()
    hand.rest()
    with open_clip(path) as film:
        return np.stack([film.frame(number) for number in range(film.clip.count)])


def moves(frames, columns):
    return bool(np.ptp(frames[:, :, columns], axis=0).any())


def test_one_thing_moves_and_the_rest_is_still(two, tmp_path, monkeypatch, qtbot):
    paint_right(two, 1)
    two.window.regions_panel._still.click()
    two.rest()
    analysis = two.document.finding(Loop).value
    assert analysis.number == 1
    assert analysis.wanted.length % 15 in (0, 1, 14)
    assert stage(two).transport.manner.value() == "loop"
    assert stage(two).side.loops.loop.frames == analysis.wanted.frames
    assert not two.window.doing.regions.painting
    seen = []
    stage(two).playing.shown.connect(seen.append)
    qtbot.waitUntil(lambda: len(seen) > 3, timeout=_LONG)
    assert all(len(made.planned.mixes) == 2 for made in seen)
    assert len({made.planned.mixes[0] for made in seen}) == 1  # the rest
    assert len({made.planned.mixes[1] for made in seen}) > 1
    frames = exported(two, tmp_path, monkeypatch)
    assert len(frames) == stage(two).side.loops.loop.length
    assert moves(frames, slice(WIDTH + 20, 2 * WIDTH - 20))
    assert not moves(frames, slice(0, WIDTH))


def test_painting_begins_with_a_colour_or_a_key_and_ends_with_escape(two):
    window = two.window
    assert not window.tool_bar.isVisible()
    window.regions_panel._chips[2].click()
    assert window.doing.regions.painting
    assert window.tool_bar.isVisible()
    two.key("Esc")
    assert not window.doing.regions.painting
    assert not window.tool_bar.isVisible()
    two.key("R")
    assert window.doing.regions.painting
    assert window.tool_bar.tool.name == "rectangle"
    assert window.tools.paint.label == 3
    window.regions_panel._chips[2].click()
    assert not window.doing.regions.painting
    two.key("G")  # a line is no tool for clips
    assert not window.doing.regions.painting


def test_all_of_it_can_be_undone(two):
    paint_left(two)
    row(two, 1)._does._group.buttons()[1].click()
    two.rest()
    assert play_of(1, two.document.plays).still
    two.key("Ctrl+Z")
    assert two.document.plays == ()
    assert row(two, 1)._does.value() is False
    two.key("Ctrl+Z")
    assert not two.document.painted("labels")
    assert not two.window.regions_panel._rows
    two.key("Ctrl+Shift+Z")
    assert set(two.window.regions_panel._rows) == {0, 1}


def test_regions_loop_side_by_side_with_lengths_and_phases_of_their_own(two, tmp_path, monkeypatch):
    paint_left(two)
    paint_right(two)
    two.key("Return")
    analysis = two.document.finding(Loop).value
    assert [analysis.number, *(one.number for one in analysis.others)] == [0, 1, 2]
    row(two, 0)._does._group.buttons()[1].click()
    two.key("Return")
    loops = stage(two).side.loops
    stage(two).play_loop(next(one for one in loops._loops if one.length == 20))
    two.rest()
    assert two.window.regions_panel.note.text() == "20 frames, 0.8 s"
    set_number(two, row(two, 2)._length, 15)
    set_number(two, row(two, 2)._phase, 4)
    assert two.window.regions_panel.note.text() == "60 frames, 2.4 s"
    assert row(two, 2)._words.text().startswith("15 frames, ")
    assert play_of(2, two.document.plays) == Play(2, phase=4, length=15)
    frames = exported(two, tmp_path, monkeypatch)
    assert len(frames) == 60
    right = frames[:, 24:40, WIDTH + 20 : 2 * WIDTH - 20]
    assert np.array_equal(right[:15], right[15:30])
    set_number(two, row(two, 2)._length, 1999)
    assert "are back together after" in two.window.regions_panel._problem.text()


def test_a_region_is_switched_off_and_removed(two):
    paint_left(two)
    paint_right(two)
    row(two, 1)._eye.click()
    two.rest()
    assert not play_of(1, two.document.plays).used
    row(two, 2)._remove.click()
    two.rest()
    assert set(two.window.regions_panel._rows) == {0, 1}
    two.key("Ctrl+Z")
    assert set(two.window.regions_panel._rows) == {0, 1, 2}


def test_a_project_keeps_its_regions(two, tmp_path, monkeypatch):
    paint_left(two)
    two.window.regions_panel._still.click()
    two.rest()
    path = tmp_path / "two.patina"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    two.key("Ctrl+Shift+S")
    plays = two.document.plays
    assert plays
    two.window.files.close(two.document)
    two.rest()
    two.open(path)
    assert two.document.plays == plays
    assert two.document.painted("labels")
    assert set(two.window.regions_panel._rows) == {0, 1}


def test_a_crash_loses_neither_regions_nor_what_they_do(two, home):
    paint_left(two)
    row(two, 1)._does._group.buttons()[1].click()
    two.rest()
    [folder] = [one for one in recovery_folder().glob("session-*/*") if one.is_dir()]

    def told():
        two.rest()
        return replayed(folder, "two.mp4").settings.get("regions")  # as the next start

    wanted = [Play(1, still=True).to_dict()]
    two.qtbot.waitUntil(lambda: told() == wanted, timeout=_LONG)
    assert replayed(folder, "two.mp4").planes["labels"].max() == 1


def test_in_and_out_point_are_heeded(two, tmp_path, monkeypatch):
    stage(two).director.go_to(10)
    two.qtbot.waitUntil(lambda: stage(two).playing.frame == 10, timeout=_LONG)
    QTest.keyClick(stage(two).screen_, Qt.Key.Key_I)
    stage(two).director.go_to(69)
    two.qtbot.waitUntil(lambda: stage(two).playing.frame == 69, timeout=_LONG)
    QTest.keyClick(stage(two).screen_, Qt.Key.Key_O)
    two.key("Return")
    finding = two.document.finding(Loop)
    assert (finding.operation.first, finding.operation.last) == (10, 69)
    assert finding.value.count == 60
    shown = stage(two).side.loops._loops
    assert shown
    assert all(10 <= frame <= 69 for loop in shown for frame in loop.frames)
    assert [loop.moved(-10) for loop in shown] == list(finding.value.loops)
    arcs = stage(two).timeline._arcs
    assert min(arcs.sources.min(), arcs.targets.min()) >= 10
    jump = shown[0].jumps[0][:2]
    stage(two).forbidden.emit(jump, True)
    two.rest()
    finding = two.document.finding(Loop)
    assert jump in finding.operation.forbidden
    assert (jump[0] - 10, jump[1] - 10) in finding.value.texture.settings.forbidden
    assert jump not in [one.jumps[0][:2] for one in stage(two).side.loops._loops]
    stage(two).play_manner("endless")
    chosen = stage(two).side.loops._loops[0]
    stage(two).play_loop(chosen)
    frames = exported(two, tmp_path, monkeypatch)
    with open_clip(two.document.source) as film:
        middle = chosen.length // 2
        original = film.frame(chosen.frames[middle]).astype(int)
    assert np.abs(frames[middle].astype(int) - original).mean() < 1
