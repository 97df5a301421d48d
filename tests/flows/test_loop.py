"""Someone opens a clip and wants it to play for ever."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.engine.step import last
from editor.files.clips.film import open_clip
from editor.files.clips.options import ClipOptions
from editor.files.clips.save import write_clip
from editor.operations import Loop
from editor.ui.modes import MODES
from tests.pendulum import leaving, pendulum, still

_LONG = 30_000


def written(path, frames):
    last(write_clip(path, frames, Fraction(25), ClipOptions(95), overwrite=True))
    return path


@pytest.fixture
def clip(tmp_path):
    return written(tmp_path / "pendulum.mp4", pendulum(60, 20))


@pytest.fixture
def found(hand, clip):
    """The clip is open and its loops are found."""
    hand.open(clip)
    hand.key("Return")
    return hand


def finding(hand):
    return hand.document.finding(Loop)


def stage(hand):
    return hand.window.doing.stage()


def test_a_clip_opens_in_loop_mode_and_a_picture_in_fill(hand, clip, scratched):
    hand.open(clip)
    assert hand.window.mode.name == "loop"
    assert stage(hand).isVisible()
    assert not hand.window.tool_bar.isVisible()
    hand.open(scratched)
    assert hand.window.mode.name == "fill"
    assert hand.canvas.isVisible()


def test_enter_finds_the_pendulums_period(found):
    assert finding(found).value.wanted.length % 20 in (0, 1, 19)
    assert found.document.history.saved  # nothing was edited
    assert stage(found).side.loops is not None
    assert "0 jumps" not in stage(found).timeline.accessibleName()


def test_a_jump_that_is_clicked_plays_at_once(found, qtbot):
    i, j, _ = finding(found).value.texture.arcs.jumps()[0]
    with qtbot.waitSignal(stage(found).jump_wanted) as said:
        stage(found).play_jump((i, j))
    assert said.args == [(i, j)]
    seen = []
    stage(found).frame_shown.connect(seen.append)
    qtbot.waitUntil(lambda: len(seen) > 3, timeout=_LONG)


def test_a_setting_is_followed_without_reading_the_clip_again(found):
    before = finding(found)
    options = found.window.options
    operation = Loop.from_dict({**options.operation().to_dict(), "sigma": 0.5})
    options.set_operation(operation)
    options.changed.emit(operation)
    found.rest()
    after = finding(found)
    assert after.operation.sigma == 0.5
    assert after.value.compared is before.value.compared
    assert len(after.value.texture.arcs.jumps()) != len(before.value.texture.arcs.jumps())


def test_the_way_of_fading_is_heard_of_while_it_plays(found):
    options = found.window.options
    operation = Loop.from_dict({**options.operation().to_dict(), "blend": "morph"})
    options.set_operation(operation)
    options.changed.emit(operation)
    found.rest()
    assert stage(found).playing._renderer.blend is operation.mix


def test_a_setting_that_cannot_be_is_said_and_the_next_one_is_followed(found):
    options = found.window.options
    for values in ({"leap": 59, "sigma": 0.0}, {"leap": 12, "sigma": 0.5}):
        operation = Loop.from_dict({**options.operation().to_dict(), **values})
        options.set_operation(operation)
        options.changed.emit(operation)
        found.rest()
    assert finding(found).operation.sigma == 0.5


def test_a_jump_that_is_forbidden_is_not_taken_any_more(found):
    i, j, _ = finding(found).value.texture.arcs.jumps()[0]
    stage(found).forbidden.emit((i, j), True)
    found.rest()
    assert (i, j) in finding(found).operation.forbidden
    kept = {(a, b) for a, b, _ in finding(found).value.texture.arcs.jumps()}
    assert (i, j) not in kept


@pytest.mark.parametrize("suffix", [".mp4", ".gif"])
def test_a_chosen_loop_is_exported(found, tmp_path, monkeypatch, suffix):
    loop = finding(found).value.loops[1]
    path = tmp_path / f"out{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    stage(found).export_wanted.emit(loop)
    found.rest()
    assert f"{path.name} is exported: {loop.length} frames" in found.shown()[-1]
    with open_clip(path) as film:
        assert film.clip.count == loop.length


def test_escape_stops_the_analysis_and_nothing_is_kept(hand, clip):
    hand.open(clip)
    hand.window.edit.do_go()
    hand.window.edit.do_stop()
    hand.rest()
    assert finding(hand) is None or finding(hand).value.texture is not None
    hand.key("Return")
    assert finding(hand).value.loops


def test_a_still_clip_and_one_that_never_returns_are_judged(hand, tmp_path):
    hand.open(written(tmp_path / "still.mp4", still(30)))
    hand.key("Return")
    assert finding(hand).value.wanted.quality == "perfect"
    hand.open(written(tmp_path / "leaving.mp4", leaving(30)))
    hand.key("Return")
    assert finding(hand).value.loops[0].quality == "poor"


def test_one_frame_is_refused_in_a_sentence(hand, tmp_path):
    hand.open(written(tmp_path / "one.mp4", np.zeros((1, 48, 64, 3), np.uint8)))
    hand.key("Return")
    assert "one frame only" in hand.shown()[-1]


def test_the_modes_change_and_the_clip_plays_on(found, qtbot):
    found.window.choose_mode(found.window.rail._group.buttons()[0].mode)
    assert found.canvas.isVisible()
    found.window.choose_mode(next(mode for mode in MODES if mode.name == "loop"))
    assert stage(found).isVisible()
    seen = []
    stage(found).frame_shown.connect(seen.append)
    QTest.keyClick(stage(found), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(seen) > 1, timeout=_LONG)
