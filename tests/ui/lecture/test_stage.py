"""The frame that every page stands in: keys, pages, scrubbing, the text, the second window."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from editor.ui import theme
from editor.ui.lecture.formula import FormulaView, source
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.projector import other_screen
from editor.ui.lecture.stage import LectureStage
from editor.ui.lecture.word_button import WordButton


@dataclass(frozen=True)
class Settings:
    window: int = 5


class Growing(Page):
    name, caption = "growing", "Growing"
    text = Text(
        "It grows",
        ("One after the other.", "Then it stops."),
        (Formula("patchmatch-field", "f of p"),),
        "A. Uthor, 1999",
    )
    tries = (
        Try("Small windows", "It sees little.", {"window": 5}),
        Try("Large windows", "It sees much.", {"window": 23}),
    )
    first = Settings()

    @property
    def count(self):
        return self.record or 0

    @property
    def chapters(self):
        return (4, 8)

    def said(self):
        return f"Moment {self.moment}"


class Other(Growing):
    name, caption = "other", "Other"
    text = Text("Another", ("It goes on and on. " * 200,), (), "B. Uthor, 2001")
    tries = ()


@pytest.fixture
def stage(qtbot):
    made = LectureStage((Growing, Other))
    qtbot.addWidget(made)
    made.resize(1000, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.begin()
    made.player.pause()
    made.follow(12, whole=True)
    made.setFocus()
    yield made
    made.end()


def key(stage, one, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(stage, one, modifier)
    return stage.page.moment


def words(stage):
    page = stage._texts.currentWidget()
    return [label.text() for label in page.findChildren(QLabel)]


def buttons(stage):
    page = stage._texts.currentWidget()
    return {one.text(): one for one in page.findChildren(WordButton)}


def test_arrow_keys_step_and_shift_goes_to_the_next_part(stage):
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    assert key(stage, Qt.Key.Key_Right) == 1
    assert key(stage, Qt.Key.Key_Right, shift) == 4
    assert key(stage, Qt.Key.Key_Right, shift) == 8
    assert key(stage, Qt.Key.Key_Right, shift) == 11
    assert key(stage, Qt.Key.Key_Left, shift) == 8
    assert key(stage, Qt.Key.Key_Left) == 7
    assert key(stage, Qt.Key.Key_Left, control) == 0
    assert key(stage, Qt.Key.Key_End) == 11
    assert key(stage, Qt.Key.Key_Home) == 0


def test_space_plays_and_pauses(stage):
    key(stage, Qt.Key.Key_Space)
    assert stage.player.playing
    assert stage.transport.play.icon_name() == "pause"
    stage.player.advance(0.35)
    assert stage.page.moment == 3
    key(stage, Qt.Key.Key_Space)
    assert not stage.player.playing


def test_the_pace_is_that_of_the_page_times_what_is_chosen(stage):
    stage.transport.pace_changed.emit(4)
    assert stage.player.pace == 4 * Growing.pace


def test_scrubbing_goes_to_any_moment_and_says_which(stage):
    stage.player.play()
    stage.transport.moment_wanted.emit(9)
    assert stage.page.moment == 9
    assert not stage.player.playing
    assert stage.transport.moment == 9
    assert "Moment 9" in [label.text() for label in stage.transport.findChildren(QLabel)]


def test_pages_are_turned_by_keys_and_by_a_click(stage, qtbot):
    with qtbot.waitSignal(stage.record_wanted):
        key(stage, Qt.Key.Key_PageDown)
    assert stage.page.name == "other"
    key(stage, Qt.Key.Key_PageDown)
    assert stage.page.name == "growing"  # the last is followed by the first
    key(stage, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert stage.page.name == "other"
    tab = next(one for one in stage.findChildren(WordButton) if one.text() == "Growing")
    QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
    assert stage.page.name == "growing"
    assert tab.isChecked()


def test_a_page_that_was_left_is_found_as_it_was(stage):
    key(stage, Qt.Key.Key_End)
    key(stage, Qt.Key.Key_PageDown)
    key(stage, Qt.Key.Key_PageUp)
    assert stage.page.moment == 11
    assert stage.transport.moment == 11


def test_the_text_says_what_it_is_about_and_whose_it_is(stage):
    assert {"It grows", "One after the other.", "Try this", "A. Uthor, 1999"} <= set(words(stage))
    formula = stage.findChild(FormulaView)
    assert formula.accessibleName() == "f of p"
    key(stage, Qt.Key.Key_PageDown)
    assert "Another" in words(stage)


def test_the_text_is_scrolled_by_keys_where_it_is_long(stage, qtbot):
    stage.choose("other")
    bar = stage._texts.currentWidget().verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    key(stage, Qt.Key.Key_Down)
    assert bar.value() > 0
    key(stage, Qt.Key.Key_Up)
    assert bar.value() == 0


def test_what_is_tried_is_recorded_and_marked_and_said(stage, qtbot):
    assert buttons(stage)["Small windows"].isChecked()
    with qtbot.waitSignal(stage.record_wanted):
        QTest.mouseClick(buttons(stage)["Large windows"], Qt.MouseButton.LeftButton)
    assert stage.page.settings == Settings(window=23)
    assert buttons(stage)["Large windows"].isChecked()
    assert not buttons(stage)["Small windows"].isChecked()
    assert "It sees much." in words(stage)


def test_a_record_that_grows_is_played_while_it_grows(stage):
    stage.begin()
    assert stage.player.playing
    stage.follow(3, whole=False)
    stage.player.advance(9)
    assert stage.page.moment == 2
    assert stage.player.playing
    stage.follow(12, whole=True)
    stage.player.advance(9)
    assert stage.page.moment == 11
    assert not stage.player.playing


def test_the_projector_follows_moment_by_moment(stage):
    key(stage, Qt.Key.Key_F5)
    projector = stage.projector
    assert projector.isVisible()
    assert type(projector.page) is Growing
    assert projector.page is not stage.page
    key(stage, Qt.Key.Key_Right)
    assert projector.page.moment == 1
    assert "Moment 1" in [label.text() for label in projector.findChildren(QLabel)]
    key(stage, Qt.Key.Key_PageDown)
    assert type(projector.page) is Other


def test_the_projector_has_the_keys_of_the_window_and_esc_leaves_it(stage):
    key(stage, Qt.Key.Key_F5)
    projector = stage.projector
    QTest.keyClick(projector, Qt.Key.Key_Right)
    assert stage.page.moment == 1
    QTest.keyClick(projector, Qt.Key.Key_F11)
    assert projector.isFullScreen()
    QTest.keyClick(projector, Qt.Key.Key_Escape)
    assert not projector.isFullScreen()
    assert projector.isVisible()
    QTest.keyClick(projector, Qt.Key.Key_Escape)
    assert stage.projector is None


def test_its_words_grow_with_the_projector(stage):
    key(stage, Qt.Key.Key_F5)
    stage.projector.resize(960, 540)
    small = stage.projector.page.em, stage.projector._title.font().pixelSize()
    stage.projector.resize(1920, 1080)
    large = stage.projector.page.em, stage.projector._title.font().pixelSize()
    assert large[1] == pytest.approx(2 * small[1], abs=2)
    assert large[0] > 1.8 * small[0]


def test_words_are_as_large_in_another_theme(stage, qtbot):
    key(stage, Qt.Key.Key_F5)
    words = stage._pages[Growing][1]
    labels = words._labels[0][0], words._labels[-1][0], stage.projector._title

    def look():
        return [(label.font().pixelSize(), label.font().weight()) for label in labels]

    before = look()
    assert len(set(before)) == 3
    for one in (theme.LIGHT, theme.DARK):
        theme.apply(QApplication.instance(), one)
        qtbot.waitUntil(lambda: look() == before)


def test_the_projector_goes_to_the_screen_where_the_window_is_not():
    class Screen:
        def __init__(self, *place):
            self.place = QRect(*place)

        def geometry(self):
            return self.place

    own, other = Screen(0, 0, 1600, 1000), Screen(1600, 0, 1920, 1080)
    assert other_screen([own, other], own) == other.place
    assert other_screen([own], own) is None


def test_a_button_takes_space_for_itself(stage):
    button = buttons(stage)["Large windows"]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert stage.page.settings.window == 23
    assert not stage.player.playing


def test_everything_is_reached_by_keyboard_and_named(stage):
    for one in stage.findChildren(WordButton):
        assert one.accessibleName()
        assert one.toolTip()
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_formula_that_is_not_there_is_told():
    with pytest.raises(ValueError, match='no formula "none"'):
        source("none")
