"""The small widgets, as a person uses them: with the mouse, with the keys, in both themes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QImage, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from editor.ui.theme import DARK, LIGHT, Theme, apply
from editor.ui.widgets import (
    Card,
    ChoiceBox,
    ElidedLabel,
    IconButton,
    KeyCap,
    LabeledSlider,
    Notice,
    Notices,
    NumberField,
    PillButton,
    ProgressRing,
    Row,
    Scale,
    Section,
    Segmented,
    Slider,
    Switch,
)
from editor.ui.widgets.section import LinkButton

Key, Shift = Qt.Key, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    """A plain window of 400 × 300 in the dark theme."""
    apply(qapp, DARK)
    shown = QWidget()
    shown.resize(400, 300)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def within(window: QWidget, widget: Any, width: int = 320, height: int = 0) -> Any:
    widget.setParent(window)
    widget.setGeometry(10, 10, width, height or widget.sizeHint().height())
    widget.show()
    return widget


class Heard:
    """What a widget's two signals said, in order."""

    def __init__(self, widget: Any) -> None:
        self.said: list[tuple[str, object]] = []
        widget.changed.connect(self._changed)
        widget.committed.connect(self._committed)

    def _changed(self, value: object) -> None:
        self.said.append(("changed", value))

    def _committed(self, value: object) -> None:
        self.said.append(("committed", value))


def both(value: object) -> list[tuple[str, object]]:
    return [("changed", value), ("committed", value)]


def roll(widget: QWidget, up: bool) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120 if up else -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event


def focus(widget: QWidget) -> None:
    """Offscreen windows are not always active; the widget hears what it would hear."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    reason = Qt.FocusReason.TabFocusReason
    QApplication.sendEvent(widget, QFocusEvent(QEvent.Type.FocusIn, reason))


def overrides(widget: QWidget, key: Qt.Key) -> bool:
    """Whether the widget takes a key away from the window's shortcuts."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


# Scale


def test_scale_exact() -> None:
    patch = Scale(3, 15, 2)
    assert [patch.snapped(value) for value in (0, 3, 4.1, 6.9, 14.2, 99)] == [3, 3, 5, 7, 15, 15]
    assert patch.stepped(7, 1) == 9
    assert patch.stepped(15, 10) == 15
    assert patch.at(0.5) == 9
    assert Scale(0, 10, 3).snapped(10) == 10  # the end counts though no step falls on it


def test_scale_text() -> None:
    assert Scale(0, 200, 5, "%").text(100) == "100 %"
    fine = Scale(0.0, 1.0, 0.05, whole=False)
    assert fine.text(0.3) == "0.30"
    assert Scale(0.0, 1.0, 0.001, whole=False).text(0.3) == "0.300"
    assert fine.parsed(" 0,3 ") == 0.3
    assert Scale(0, 200, 5, "%").parsed("45%") == 45
    assert Scale(-9, 9, 1).parsed("−4") == -4
    length = Scale(0, 900, unit="frames", zero="Any")
    assert [length.text(0), length.text(7)] == ["Any", "7 frames"]
    assert [length.parsed("any"), length.parsed("0"), length.parsed("7")] == [0, 0, 7]
    for nothing in ("", "abc", "nan", "inf"):
        with pytest.raises(ValueError, match=r".+"):
            fine.parsed(nothing)


def test_scale_logarithmic_middle_is_the_geometric_mean() -> None:
    brush = Scale(1, 2000, logarithmic=True)
    assert brush.at(0.5) == round(2000**0.5)
    assert brush.at(0) == 1
    assert brush.at(1) == 2000


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"low": 5, "high": 5}, "from 5 to 5"),
        ({"low": 0, "high": 1, "step": 0}, "step is 0"),
        ({"low": 0, "high": 10, "logarithmic": True}, "cannot begin at 0"),
    ],
)
def test_scale_refuses(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Scale(**wrong)


@given(
    low=st.integers(-50, 50),
    span=st.integers(1, 500),
    step=st.integers(1, 20),
    value=st.floats(-1e4, 1e4),
)
def test_scale_stays_inside_and_on_its_steps(low: int, span: int, step: int, value: float) -> None:
    scale = Scale(low, low + span, step, "px")
    snapped = scale.snapped(value)
    assert low <= snapped <= low + span
    assert snapped == low + span or (snapped - low) % step == 0
    assert scale.snapped(snapped) == snapped
    assert scale.parsed(scale.text(snapped)) == snapped
    assert scale.at(scale.fraction(snapped)) == snapped


@given(fraction=st.floats(0, 1), other=st.floats(0, 1))
def test_scale_track_is_monotone(fraction: float, other: float) -> None:
    scale = Scale(1, 2000, logarithmic=True)
    if fraction <= other:
        assert scale.at(fraction) <= scale.at(other)


# LabeledSlider


def slider(window: QWidget, **more: Any) -> LabeledSlider:
    return within(window, LabeledSlider("Grain", 0, 200, 100, 5, "%", **more))


def test_dragging_tells_live_and_once_at_the_end(window: QWidget, qtbot: QtBot) -> None:
    row = slider(window)
    heard = Heard(row)
    track, y = row.slider, 12
    qtbot.mousePress(track, LEFT, pos=QPoint(0, y))
    qtbot.mouseMove(track, QPoint(track.width() // 2, y))
    qtbot.mouseMove(track, QPoint(track.width(), y))
    assert ("committed", 200) not in heard.said
    qtbot.mouseRelease(track, LEFT, pos=QPoint(track.width(), y))
    assert heard.said[0] == ("changed", 0)
    assert heard.said[-2:] == both(200)
    assert [kind for kind, _ in heard.said].count("committed") == 1
    assert row.field.text() == "200 %"


def test_a_drag_that_comes_back_commits_nothing(window: QWidget, qtbot: QtBot) -> None:
    row = slider(window)
    heard = Heard(row)
    middle = QPoint(row.slider.width() // 2, 12)
    qtbot.mousePress(row.slider, LEFT, pos=middle)
    qtbot.mouseMove(row.slider, QPoint(0, 12))
    qtbot.mouseMove(row.slider, middle)
    qtbot.mouseRelease(row.slider, LEFT, pos=middle)
    assert row.value() == 100
    assert "committed" not in [kind for kind, _ in heard.said]


@pytest.mark.parametrize(
    ("key", "modifier", "value"),
    [
        (Key.Key_Right, Qt.KeyboardModifier.NoModifier, 105),
        (Key.Key_Down, Qt.KeyboardModifier.NoModifier, 95),
        (Key.Key_Up, Shift, 150),
        (Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 50),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Key.Key_End, Qt.KeyboardModifier.NoModifier, 200),
    ],
)
def test_slider_keys(window: QWidget, qtbot: QtBot, key: Any, modifier: Any, value: int) -> None:
    row = slider(window)
    heard = Heard(row)
    qtbot.keyClick(row.slider, key, modifier)
    assert row.value() == value
    assert heard.said == both(value)
    assert overrides(row.slider, key)


def test_slider_leaves_other_keys_to_the_window(window: QWidget) -> None:
    row = slider(window)
    assert not overrides(row.slider, Key.Key_Return)
    assert not overrides(row.slider, Key.Key_Escape)
    assert not overrides(row.slider, Key.Key_BracketLeft)


def test_wheel_only_with_the_focus(window: QWidget) -> None:
    row = slider(window)
    assert not roll(row.slider, up=True).isAccepted()
    assert not roll(row.field, up=True).isAccepted()
    assert row.value() == 100
    window.activateWindow()
    focus(row.slider)
    roll(row.slider, up=True)
    assert row.value() == 105


def test_default_comes_back(window: QWidget, qtbot: QtBot) -> None:
    row = slider(window)
    for ask in (
        lambda: qtbot.mouseDClick(row.slider, LEFT, pos=QPoint(5, 12)),
        lambda: qtbot.mouseDClick(row.caption, LEFT),
        lambda: qtbot.keyClick(row.slider, Key.Key_Delete),
        row.reset,
    ):
        row.set_value(20)
        heard = Heard(row)
        ask()
        assert row.value() == 100
        assert heard.said[-2:] == both(100)
    heard = Heard(row)
    row.reset()
    assert heard.said == []


def test_setting_a_value_says_nothing(window: QWidget) -> None:
    row = slider(window)
    heard = Heard(row)
    row.set_value(43)
    assert (row.value(), row.field.text(), heard.said) == (45, "45 %", [])


def test_float_values_stay_floats(window: QWidget, qtbot: QtBot) -> None:
    row = within(window, LabeledSlider("Randomness", 0.0, 1.0, 0.05, 0.05))
    qtbot.keyClick(row.slider, Key.Key_Right)
    assert row.value() == 0.1
    assert isinstance(row.value(), float)
    assert row.field.text() == "0.10"
    assert isinstance(slider(window).value(), int)


def test_slider_has_a_name_and_a_number_for_screen_readers(window: QWidget) -> None:
    row = slider(window)
    assert row.slider.accessibleName() == row.field.accessibleName() == "Grain"
    assert (row.slider.minimum(), row.slider.value(), row.slider.maximum()) == (0, 100, 200)
    assert row.focusProxy() is row.slider


# NumberField


def number(window: QWidget) -> NumberField:
    return within(window, NumberField(Scale(0, 100, 1, "px"), 64), 60)


def test_typing_a_number(window: QWidget, qtbot: QtBot) -> None:
    field = number(window)
    heard = Heard(field)
    field.selectAll()
    qtbot.keyClicks(field, "12")
    assert heard.said == []
    assert overrides(field, Key.Key_Return)
    qtbot.keyClick(field, Key.Key_Return)
    assert heard.said == both(12)
    assert field.text() == "12 px"
    assert not overrides(field, Key.Key_Return)  # the next Enter is the window's


@pytest.mark.parametrize(("typed", "kept"), [("999", 100), ("-3", 0), ("words", 64), ("", 64)])
def test_what_cannot_be_is_not_kept(window: QWidget, qtbot: QtBot, typed: str, kept: int) -> None:
    field = number(window)
    field.selectAll()
    qtbot.keyClicks(field, typed or "x")
    if not typed:
        qtbot.keyClick(field, Key.Key_Backspace)
    qtbot.keyClick(field, Key.Key_Return)
    assert (field.value(), field.text()) == (kept, f"{kept} px")


def test_escape_forgets_and_leaving_keeps(window: QWidget, qtbot: QtBot) -> None:
    field = number(window)
    heard = Heard(field)
    field.selectAll()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Key.Key_Escape)
    assert (field.text(), heard.said) == ("64 px", [])
    field.selectAll()
    qtbot.keyClicks(field, "7")
    QApplication.sendEvent(
        field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.MouseFocusReason)
    )
    assert heard.said == both(7)


def test_field_steps(window: QWidget, qtbot: QtBot) -> None:
    field = number(window)
    heard = Heard(field)
    qtbot.keyClick(field, Key.Key_Up)
    qtbot.keyClick(field, Key.Key_Down, Shift)
    assert heard.said == both(65) + both(55)


# Choices


def test_switch(window: QWidget, qtbot: QtBot) -> None:
    switch = within(window, Switch("Follow lines", True))
    heard = Heard(switch)
    qtbot.mouseClick(switch, LEFT, pos=QPoint(4, 12))  # the words count too
    assert heard.said == both(False)
    qtbot.keyClick(switch, Key.Key_Space)
    assert heard.said == both(False) + both(True)
    switch.set_value(False)
    assert len(heard.said) == 4
    switch.reset()
    assert switch.value() is True
    assert heard.said[-2:] == both(True)


def test_choice_box(window: QWidget, qtbot: QtBot) -> None:
    box = within(window, ChoiceBox([("a", "One"), ("b", "Two")], default="b", name="Method"))
    heard = Heard(box)
    assert box.value() == "b"
    qtbot.keyClick(box, Key.Key_Up)
    assert heard.said == both("a")
    box.set_value("b")
    assert heard.said == both("a")
    qtbot.keyClick(box, Key.Key_Up)
    box.reset()
    assert heard.said == both("a") + both("a") + both("b")
    with pytest.raises(ValueError, match="choose a, b"):
        box.set_value("c")
    with pytest.raises(ValueError, match="at least one"):
        ChoiceBox([])
    assert not roll(box, up=True).isAccepted()


def test_segmented(window: QWidget, qtbot: QtBot) -> None:
    group = within(window, Segmented([("add", "Add"), ("subtract", "Subtract")]))
    heard = Heard(group)
    add, subtract = group.findChildren(QAbstractButton)
    qtbot.mouseClick(subtract, LEFT)
    assert heard.said == both("subtract")
    assert not add.isChecked()
    qtbot.mouseClick(subtract, LEFT)
    assert heard.said == both("subtract")
    subtract.setFocus()
    qtbot.keyClick(subtract, Key.Key_Left)
    assert group.value() == "add"
    assert heard.said[-2:] == both("add")
    group.set_value("subtract")
    assert len(heard.said) == 4
    group.reset()
    assert heard.said[-2:] == both("add")
    with pytest.raises(ValueError, match="choose add, subtract"):
        group.set_value("both")


def test_row_names_its_control_and_resets_it(window: QWidget, qtbot: QtBot) -> None:
    box = ChoiceBox([(1, "One"), (2, "Two")])
    row = within(window, Row("Method", box))
    assert box.accessibleName() == "Method"
    box.set_value(2)
    qtbot.mouseDClick(row.caption, LEFT)
    assert box.value() == 1


# Buttons


def test_icon_button(window: QWidget, qtbot: QtBot) -> None:
    button = within(window, IconButton("play", "Play", "Space", checkable=True), 30)
    assert button.toolTip() == "Play  (Space)"
    button.set_key("")
    assert button.toolTip() == "Play"
    button.set_key("P")
    button.set_icon("pause", "Pause")
    assert (button.icon_name(), button.toolTip()) == ("pause", "Pause  (P)")
    assert button.accessibleName() == "Pause"
    qtbot.mouseClick(button, LEFT)
    assert button.isChecked()
    assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
    with pytest.raises(ValueError, match='no icon "nothing"'):
        IconButton("nothing", "Nothing")


def test_pill_button(window: QWidget, qtbot: QtBot) -> None:
    button = within(window, PillButton("Fill", "⏎", kind="primary"), 90)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Key.Key_Space)
    narrow = button.sizeHint().width()
    button.set_text("Fill the hole")
    assert button.sizeHint().width() > narrow
    assert (button.key(), button.accessibleName()) == ("⏎", "Fill the hole")
    with pytest.raises(ValueError, match='no button kind "loud"'):
        PillButton("Fill", kind="loud")


def test_key_cap_grows_with_its_word() -> None:
    cap = KeyCap("X")
    narrow = cap.sizeHint().width()
    cap.set_key("Ctrl+Shift+E")
    assert cap.sizeHint().width() > narrow
    assert cap.accessibleName() == cap.key() == "Ctrl+Shift+E"


# Things that only show


def test_progress_ring(window: QWidget) -> None:
    ring = within(window, ProgressRing(), 20)
    ring.set_fraction(0.25)
    assert (ring.fraction(), ring.value(), ring.maximum()) == (0.25, 250, 1000)
    drawn = ring.grab().toImage()
    accent = QColor(DARK.accent).name()
    assert drawn.pixelColor(15, 4).name() != DARK.panel
    assert colours(drawn, range(10, 20), range(0, 10))[accent] > 3
    assert accent not in colours(drawn, range(0, 9), range(0, 20))
    ring.set_fraction(7)
    assert ring.fraction() == 1


def test_progress_ring_turns_only_while_it_is_seen(window: QWidget) -> None:
    ring = within(window, ProgressRing(), 20)
    timer = ring._turn
    ring.set_fraction(None)
    assert timer.isActive()
    before = ring.grab().toImage()
    timer.timeout.emit()
    assert ring.grab().toImage() != before
    ring.hide()
    assert not timer.isActive()
    ring.show()
    assert timer.isActive()
    ring.set_fraction(0.5)
    assert not timer.isActive()


def colours(image: QImage, xs: range, ys: range) -> dict[str, int]:
    found: dict[str, int] = {}
    for x in xs:
        for y in ys:
            name = image.pixelColor(x, y).name()
            found[name] = found.get(name, 0) + 1
    return found


def test_card_shows_words_as_they_are(window: QWidget) -> None:
    card = within(window, Card("Patch size", "Smaller than <b>9</b> & odd."), 280)
    label = card.findChild(QLabel)
    assert "Patch size.</span>" in label.text()
    assert "&lt;b&gt;9&lt;/b&gt; &amp; odd." in label.text()
    assert card.accessibleDescription() == "Smaller than <b>9</b> & odd."
    one_line = card.heightForWidth(280)
    card.set_text("Why?", "A sentence that is long enough to need a second line and a third. " * 2)
    assert "Why?</span>" in label.text()
    assert card.heightForWidth(280) > one_line


def test_section(window: QWidget, qtbot: QtBot) -> None:
    section = within(window, Section("Fill", "Reset"), 320, 120)
    with qtbot.waitSignal(section.triggered):
        qtbot.mouseClick(section.link, LEFT)
    with qtbot.waitSignal(section.triggered):
        qtbot.keyClick(section.link, Key.Key_Space)
    inner = QLabel("inside")
    section.add(inner)
    section.set_note("48 MB")
    assert section.isAncestorOf(inner)
    assert section.note.text() == "48 MB"
    assert not Section("History").link.isVisibleTo(section)


def test_elided_label(window: QWidget) -> None:
    name = "pigeons on the cobbles of Rome.tif"
    label = within(window, ElidedLabel(name, Qt.TextElideMode.ElideMiddle), 90)
    assert label.shown_text() != name
    assert label.shown_text().startswith("p")
    assert label.shown_text().endswith("f")
    label.resize(400, 20)
    assert label.shown_text() == name
    assert label.minimumSizeHint().width() < 60


# Messages


@pytest.fixture
def notices(window: QWidget) -> Notices:
    return Notices(window)


def test_messages_stack_at_the_top_middle(notices: Notices, window: QWidget) -> None:
    first = notices.tell("Exported pm_birds.jpg, 2.1 MB.")
    second = notices.tell("The disk is full.", "error", ("Copy details",))
    assert notices.shown() == [first, second]
    assert first.geometry().bottom() <= second.geometry().top()
    assert abs(notices.geometry().center().x() - 200) <= 1
    window.resize(800, 300)
    QApplication.processEvents()
    assert abs(notices.geometry().center().x() - 400) <= 1
    assert notices.height() < 150


def test_info_leaves_by_itself_unless_hovered(notices: Notices) -> None:
    info, warning = notices.tell("Saved."), notices.tell("It changed.", "warning")
    QApplication.sendEvent(info, QEvent(QEvent.Type.Leave))  # wherever the pointer was left
    assert info.leaving()
    assert not warning.leaving()
    at = QPointF(20, 20)
    QApplication.sendEvent(info, QEnterEvent(at, at, at))
    assert not info.leaving()
    QApplication.sendEvent(info, QEvent(QEvent.Type.Leave))
    assert info.leaving()
    info._leave.timeout.emit()
    assert notices.shown() == [warning]


def test_the_same_message_is_shown_once(notices: Notices) -> None:
    assert notices.tell("Saved.") is notices.tell("Saved.")
    assert notices.tell("Saved.", "warning") is not notices.tell("Saved.")
    assert len(notices.shown()) == 2


def test_a_question_with_other_answers_takes_the_place_of_the_old_one(notices: Notices) -> None:
    notices.tell("It is not saved.", "warning", ("Save", "Discard"))
    again = notices.tell("It is not saved.", "warning", ("Save and quit",))
    assert notices.shown() == [again]


def test_message_buttons_and_cross(notices: Notices, qtbot: QtBot) -> None:
    notice = notices.tell("The picture changed.", "warning", ("Apply anyway", "Copy details"))
    apply_anyway = notice.findChildren(PillButton)[0]
    with qtbot.waitSignal(notice.chosen) as told:
        qtbot.mouseClick(apply_anyway, LEFT)
    assert told.args == ["Apply anyway"]
    assert notices.shown() == [notice]
    with qtbot.waitSignal(notice.closed):
        qtbot.mouseClick(notice.cross, LEFT)
    assert notices.shown() == []
    assert notices.isHidden()


def test_long_messages_wrap_and_stay_whole(notices: Notices) -> None:
    notice = notices.tell("The old file is as it was, and nothing that you did is lost. " * 3)
    label = notice.findChild(QLabel)
    assert label.height() >= label.heightForWidth(label.width()) > 40
    assert notice.rect().contains(label.geometry())


def test_clearing_and_wrong_kinds(notices: Notices) -> None:
    notices.tell("One.")
    notices.tell("Two.", "error")
    notices.clear()
    assert notices.shown() == []
    with pytest.raises(ValueError, match='no message kind "shout"'):
        Notice("One.", "shout")


# All of them

MAKERS: dict[str, Callable[[], QWidget]] = {
    "slider": lambda: Slider(Scale(0, 10), 4),
    "switch": lambda: Switch("Follow lines", True),
    "pill": lambda: PillButton("Fill", "⏎"),
    "primary": lambda: PillButton("Fill", "⏎", kind="primary"),
    "icon": lambda: IconButton("brush", "Brush"),
    "segmented": lambda: Segmented([(0, "Add"), (1, "Subtract")]),
    "link": lambda: LinkButton("Reset"),
    "choice": lambda: ChoiceBox([(0, "One")]),
    "number": lambda: NumberField(Scale(0, 10), 4),
}
SHOW_ONLY: dict[str, Callable[[], QWidget]] = {
    "ring": ProgressRing,
    "key": lambda: KeyCap("Esc"),
    "card": lambda: Card("Patch size", "How big."),
    "notice": lambda: Notice("Saved."),
}


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("name", MAKERS)
def test_the_keyboard_is_seen(window: QWidget, name: str) -> None:
    widget = within(window, MAKERS[name](), 100, 28)
    stops = [
        one
        for one in (widget, *widget.findChildren(QAbstractButton))
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    window.activateWindow()
    before = picture(widget)
    focus(stops[0])
    assert picture(widget) != before


@pytest.mark.parametrize("name", [*MAKERS, *SHOW_ONLY])
def test_a_live_switch_repaints(window: QWidget, qapp: QApplication, name: str) -> None:
    widget = within(window, {**MAKERS, **SHOW_ONLY}[name](), 100, 40)
    seen = []
    for theme in (DARK, LIGHT, DARK):
        apply(qapp, theme)
        assert Theme.of(widget) is theme
        seen.append(picture(widget))
    assert seen[0] == seen[2] != seen[1]


@pytest.mark.parametrize("name", MAKERS)
def test_disabled_is_seen(window: QWidget, name: str) -> None:
    widget = within(window, MAKERS[name](), 100, 28)
    before = picture(widget)
    widget.setEnabled(False)
    assert picture(widget) != before


def test_the_preview_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.delitem(sys.modules, "show_widgets", raising=False)
    import show_widgets

    part = show_widgets.options()
    assert picture(part).width() == 324
    part.deleteLater()


def test_a_section_with_a_link_does_not_flash_up_as_a_window(qapp: QApplication) -> None:
    shown = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show:
                shown.append(watched)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    section = Section("Fill", "Reset")
    qapp.removeEventFilter(watch)
    assert section.link.isVisibleTo(section)
    assert shown == []
