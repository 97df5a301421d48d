"""The stage, as a person uses it: open, look, click a cell, choose a loop, steer, step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from editor.engine.step import last
from editor.engine.video_play import steering, usual_ranges
from editor.engine.video_texture import Settings
from editor.ui.loop.plan import Endless, InOrder, OneLoop, Steered, Taking
from editor.ui.loop.stage import LoopStage
from editor.ui.theme import DARK, LIGHT, Theme, apply
from tests.ui.loop.samples import FakePlayer, Film, Found, found_in
from tests.ui.loop.test_widgets import heard

LEFT = Qt.MouseButton.LeftButton
BACK = (59, 40)


def press(stage: LoopStage, key: Qt.Key, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(stage.screen_, key, modifier)


def shows(stage: LoopStage, frame: int) -> Callable[[], bool]:
    return lambda: stage.playing is not None and stage.playing.frame == frame


def playing(stage: LoopStage) -> Any:
    assert stage.playing is not None
    return stage.playing


def test_an_empty_stage_says_what_to_do(new_stage: Callable[..., LoopStage]) -> None:
    stage = new_stage()
    stage.grab()
    assert "clip" in stage.screen_._hint
    assert "Analyse" in stage.side.matrix_page._told.text()
    press(stage, Qt.Key.Key_Space)
    press(stage, Qt.Key.Key_F)
    stage.play_jump(BACK)


def test_a_jump_back_plays_at_once_with_its_blend(stage: LoopStage, qtbot: QtBot) -> None:
    told, frames = heard(stage.jump_wanted), heard(playing(stage).shown)
    stage.play_jump(BACK)
    qtbot.waitUntil(lambda: len(frames) > 25)
    numbers = [made.planned.place.frame for made in frames[:26]]
    assert numbers == [*range(47, 60), *range(40, 53)]
    assert any(made.planned.mix.weight > 0 for made in frames)
    assert told == [BACK]
    assert stage.side.inspector.jump == BACK
    assert stage.transport.manner.value() == "loop"


def test_a_jump_ahead_is_taken_and_then_the_clip_goes_on(stage: LoopStage, qtbot: QtBot) -> None:
    frames = heard(playing(stage).shown)
    stage.play_jump((30, 51))
    qtbot.waitUntil(lambda: len(frames) > 15)
    numbers = [made.planned.place.frame for made in frames[:16]]
    assert numbers == [*range(18, 31), 51, 52, 53]
    assert isinstance(playing(stage).way, Taking)
    assert stage.transport.manner.value() == "clip"


def test_a_cell_of_the_matrix_is_a_jump(stage: LoopStage, qtbot: QtBot) -> None:
    matrix = stage.side.matrix_page.matrix
    assert matrix is not None
    matrix.chosen.emit(BACK)
    assert playing(stage).way == OneLoop(tuple(range(40, 60)))


def test_a_loop_of_the_list_plays(stage: LoopStage, found: Found, qtbot: QtBot) -> None:
    told = heard(stage.loop_chosen)
    stage.side.loops.list.setCurrentRow(1)
    QTest.keyClick(stage.side.loops.list, Qt.Key.Key_Return)
    assert playing(stage).way == OneLoop(tuple(found.loops[1].frames))
    assert playing(stage).running
    assert told == [found.loops[1]]


def test_the_manners_of_playing(stage: LoopStage, found: Found) -> None:
    buttons = stage.transport.manner.findChildren(QAbstractButton)
    QTest.mouseClick(buttons[2], LEFT)
    assert playing(stage).way == Endless(found.play)
    QTest.mouseClick(buttons[1], LEFT)
    assert playing(stage).way == OneLoop(tuple(found.loops[0].frames))
    QTest.mouseClick(buttons[0], LEFT)
    assert playing(stage).way == InOrder(0, 89)


def test_without_loops_there_is_none_to_play(stage: LoopStage, found: Found) -> None:
    stage.show_analysis(found.distances, found.texture, [], found.play)
    QTest.mouseClick(stage.transport.manner.findChildren(QAbstractButton)[1], LEFT)
    assert stage.transport.manner.value() == "clip"
    assert playing(stage).way == InOrder(0, 89)


def test_without_an_analysis_there_is_the_clip_only(
    new_stage: Callable[..., LoopStage], film: Film
) -> None:
    stage = new_stage()
    stage.show_clip(film, FakePlayer(film))
    assert not stage.transport.manner.isEnabled()
    press(stage, Qt.Key.Key_L)
    assert playing(stage).way == InOrder(0, 89)


def test_j_k_l_and_the_arrows(stage: LoopStage, qtbot: QtBot) -> None:
    clock = playing(stage)
    press(stage, Qt.Key.Key_L)
    press(stage, Qt.Key.Key_L)
    assert (clock.running, clock.speed) == (True, 2)
    press(stage, Qt.Key.Key_J)
    assert (clock.way, clock.speed) == (InOrder(0, 89, forwards=False), 1)
    press(stage, Qt.Key.Key_J)
    assert clock.speed == 2
    press(stage, Qt.Key.Key_K)
    assert not clock.running
    stage.director.go_to(30)
    qtbot.waitUntil(shows(stage, 30))
    press(stage, Qt.Key.Key_Right)
    qtbot.waitUntil(shows(stage, 31))
    press(stage, Qt.Key.Key_Left)
    qtbot.waitUntil(shows(stage, 30))
    press(stage, Qt.Key.Key_Right, shift=True)
    qtbot.waitUntil(shows(stage, 40))
    press(stage, Qt.Key.Key_End)
    qtbot.waitUntil(shows(stage, 89))
    press(stage, Qt.Key.Key_Home)
    qtbot.waitUntil(shows(stage, 0))


def test_a_step_back_in_a_loop_stays_in_the_loop(stage: LoopStage, qtbot: QtBot) -> None:
    stage.play_jump(BACK)
    playing(stage).play(False)
    stage.director.go_to(40)
    qtbot.waitUntil(shows(stage, 40))
    stage.director.step(-1)
    qtbot.waitUntil(shows(stage, 59))


def test_in_and_out_points(stage: LoopStage, qtbot: QtBot) -> None:
    told = heard(stage.range_changed)
    for frame, key in ((20, Qt.Key.Key_I), (50, Qt.Key.Key_O)):
        stage.director.go_to(frame)
        qtbot.waitUntil(shows(stage, frame))
        press(stage, key)
    assert told == [(20, 89), (20, 50)]
    assert playing(stage).way == InOrder(20, 50)
    stage.show_range(10, 30)
    assert playing(stage).way == InOrder(10, 30)
    assert len(told) == 2


def test_the_keys_are_the_stages_and_not_the_windows(stage: LoopStage) -> None:
    none = Qt.KeyboardModifier.NoModifier
    control = Qt.KeyboardModifier.ControlModifier
    for key, modifier, ours in (
        (Qt.Key.Key_L, none, True), (Qt.Key.Key_L, control, False), (Qt.Key.Key_B, none, False),
    ):  # fmt: skip
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
        asked.ignore()
        QApplication.sendEvent(stage.screen_, asked)
        assert asked.isAccepted() == ours


def test_settings_change_while_it_plays(stage: LoopStage, film: Film, found: Found) -> None:
    stage.play_manner("endless")
    forced = frozenset({(70, 31)})
    other = found_in(film, replace(found.texture.settings, sigma=0.3, forced=forced))
    stage.show_analysis(other.distances, other.texture, other.loops, other.play)
    assert playing(stage).way == Endless(other.play)
    assert playing(stage).running
    assert stage.timeline._arcs.jump(0) == (70, 31)


def test_a_fade_and_a_verdict_reach_whoever_listens(stage: LoopStage) -> None:
    fades, forbidden, forced = (
        heard(stage.fade_changed), heard(stage.forbidden), heard(stage.forced),
    )  # fmt: skip
    stage.play_jump(BACK)
    inspector = stage.side.inspector
    inspector.fade.slider.changed.emit(12)
    inspector.verdict.findChildren(QAbstractButton)[1].click()
    inspector.verdict.findChildren(QAbstractButton)[2].click()
    assert fades == [(BACK, 12)]
    assert playing(stage)._plan.fades == {BACK: 12}
    assert forbidden == [(BACK, True)]
    assert forced == [(BACK, True)]


def test_an_allowed_jump_is_no_longer_forbidden(stage: LoopStage, film: Film, found: Found) -> None:
    settings = Settings(forbidden=frozenset({BACK}))
    other = found_in(film, settings)
    stage.show_analysis(other.distances, other.texture, other.loops, other.play)
    stage.play_jump(BACK)
    assert stage.side.inspector.verdict.value() == "forbidden"
    forbidden = heard(stage.forbidden)
    stage.side.inspector.verdict.findChildren(QAbstractButton)[0].click()
    assert forbidden == [(BACK, False)]


def test_steering_is_there_when_there_is_something_to_steer(
    stage: LoopStage, film: Film, found: Found
) -> None:
    stage.play_manner("endless")
    assert not stage.steer.isVisible()
    ranges = list(usual_ranges(90).values())
    steered = last(steering(found.distances.D, Settings(), ranges))
    stage.show_steering(steered)
    assert stage.steer.isVisible()
    told = heard(stage.wanted_changed)
    stage.steer.mouse.click()
    stage.steer.span.set_value((0, 30))
    stage.screen_.pointed.emit(1.0, 0.0)
    assert told == [(59, 89)]
    assert playing(stage).way == Steered(steered, (59, 89))
    assert playing(stage).speed == pytest.approx(4)
    stage.play_manner("clip")
    assert not stage.steer.isVisible()


def test_full_screen_and_back(stage: LoopStage, qtbot: QtBot) -> None:
    press(stage, Qt.Key.Key_F)
    full = stage._full
    assert full is not None
    assert full.isFullScreen()
    qtbot.waitUntil(lambda: full._made is not None)
    QTest.keyClick(full, Qt.Key.Key_Space)
    assert playing(stage).running
    before = stage.screen_._made
    QTest.keyClick(full, Qt.Key.Key_Escape)
    assert stage._full is None
    qtbot.waitUntil(lambda: stage.screen_._made is not before)


def test_what_is_under_the_pointer_is_told(stage: LoopStage) -> None:
    stage.timeline.hovered.emit(BACK)
    told = stage.side.matrix_page._told.text()
    assert told.startswith("59 → 40")
    assert told.endswith("%")
    stage.timeline.hovered.emit(None)
    assert stage.side.matrix_page._told.text() == "Click a cell to play that jump."


def test_pictures_come_for_the_film_the_list_and_the_inspector(
    stage: LoopStage, qtbot: QtBot
) -> None:
    stage.play_jump(BACK)
    qtbot.waitUntil(lambda: bool(stage.side.inspector.pair._images))
    qtbot.waitUntil(lambda: len(stage.timeline._images) > 10)
    assert set(stage.side.loops._images) >= {loop.frames[0] for loop in stage.side.loops._loops}


def test_another_clip_forgets_the_first(stage: LoopStage, qtbot: QtBot) -> None:
    stage.play_jump(BACK)
    other = Film(count=30)
    stage.show_clip(other, FakePlayer(other))
    assert not playing(stage).running
    assert stage.side.inspector.jump is None
    assert not stage.transport.manner.isEnabled()
    assert stage.timeline.range == (0, 29)
    qtbot.waitUntil(shows(stage, 0))


def test_a_low_stage_shows_one_part_at_a_time(
    new_stage: Callable[..., LoopStage], film: Film, found: Found, qtbot: QtBot
) -> None:
    stage = new_stage(900, 600)
    stage.show_clip(film, FakePlayer(film))
    stage.show_analysis(found.distances, found.texture, found.loops, found.play)
    qtbot.waitUntil(lambda: stage.height() <= 600)
    side = stage.side
    assert side.page == "matrix"
    stage.play_jump(BACK)
    assert side.page == "jump"
    stage.resize(1200, 1000)
    assert side.matrix_page.isVisible()
    assert side.page == "jump"


def test_everything_has_a_name_and_is_reached_by_key(stage: LoopStage) -> None:
    reached = [
        widget
        for widget in stage.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    assert len(reached) > 20
    unnamed = [one for one in reached if not one.accessibleName() and not one.focusProxy()]
    assert [type(one).__name__ for one in unnamed] == []


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_it_is_dressed_in_both_themes(stage: LoopStage, qapp: QApplication, theme: Theme) -> None:
    apply(qapp, theme)
    image = stage.grab().toImage()
    assert image.pixelColor(4, 4).name() == theme.panel
    corner = stage.screen_.mapTo(stage, QPoint(3, 3))
    assert image.pixelColor(corner).name() == theme.canvas
    assert image.pixelColor(stage.timeline.mapTo(stage, QPoint(3, 3))).name() == theme.panel
