"""One control per declared field: the options of an operation and of a tool are made by this."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from editor.operations.base import Declared, Param, params
from editor.ui.theme import GRID
from editor.ui.widgets import (
    ChoiceBox,
    IconSwitch,
    LabeledSlider,
    Row,
    SeedField,
    Segmented,
    Switch,
)
from editor.ui.widgets.row import CAPTION_WIDTH

_BAR_SLIDER = 216  # px of a slider row in a tool bar, where there is room


class Fields(QWidget):
    """Shows and edits a Declared value.

    Signals: changed(Declared) — live; explained(Param) — the pointer or the focus is on that one.
    """

    changed = Signal(object)
    explained = Signal(object)

    def __init__(
        self, described: type[Declared], *, bar: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._described = described
        self._bar = bar
        self._params = tuple(one for one in params(described) if shown(one))
        self._controls: dict[str, QWidget] = {}
        self._rows: dict[str, QWidget] = {}
        self._value = described()
        box: QBoxLayout = QHBoxLayout(self) if bar else QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2 * GRID if bar else 4)
        for one in self._params:
            row, control = self._made(one)
            self._controls[one.name] = control
            self._rows[one.name] = row
            row.setProperty("param", one.name)
            for part in (row, *row.findChildren(QWidget)):
                part.installEventFilter(self)
            box.addWidget(row)
        self._show_what_counts()

    @property
    def params(self) -> tuple[Param, ...]:
        return self._params

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Declared) -> None:
        self._value = value
        for name, control in self._controls.items():
            control.set_value(getattr(value, name))  # type: ignore[attr-defined]
        self._show_what_counts()

    def _show_what_counts(self) -> None:
        for one in self._params:
            if one.only is not None:
                self._rows[one.name].setVisible(self._counts(one))

    def _counts(self, one: Param) -> bool:
        """Whether a field means something with the values of the others."""
        if one.only is None:
            return True
        name, *wanted = one.only
        decides = next(other for other in self._params if other.name == name)
        return getattr(self._value, name) in wanted and self._counts(decides)

    def _made(self, one: Param) -> tuple[QWidget, QWidget]:
        """The row for a field, and the control in it."""
        caption = self.tr(one.caption)
        width = 0 if self._bar else CAPTION_WIDTH
        control: QWidget
        row: QWidget
        if isinstance(one.default, bool) and self._bar and one.icon:
            control = row = IconSwitch(one.icon, caption, one.default)
        elif isinstance(one.default, bool):
            control = row = Switch(caption, one.default)
        elif one.choices:
            choices = [(value, self.tr(words)) for value, words in one.choices]
            short = len(choices) <= 2
            control = Segmented(choices, one.default) if short else ChoiceBox(choices, one.default)
            row = Row(caption, control, stretch=not short, caption_width=width)
        elif one.name == "seed":
            control = SeedField(int(one.low or 0), int(one.high or 0), one.default)
            row = Row(caption, control, stretch=False, caption_width=width)
        else:
            control = row = self._slider(one, caption, width)
        control.setAccessibleDescription(self.tr(one.help))
        if self._bar:  # elsewhere a card explains what the pointer is over
            row.setToolTip(f"{caption}: {self.tr(one.help)}")
        control.changed.connect(self._edited)
        return row, control

    def _slider(self, one: Param, caption: str, caption_width: int) -> LabeledSlider:
        low, high = one.low, one.high
        assert low is not None, f"{one.name} has no range"
        assert high is not None, f"{one.name} has no range"
        whole = isinstance(one.default, int)
        slider = LabeledSlider(
            caption,
            int(low) if whole else low,
            int(high) if whole else high,
            one.default,
            one.step,
            one.unit,
            logarithmic=low > 0 and high / low >= 100,
            caption_width=caption_width,
            zero=self.tr(one.zero),
        )
        if self._bar:
            slider.setMaximumWidth(_BAR_SLIDER)
        return slider

    @Slot(object)
    def _edited(self, _: object) -> None:
        values = self._value.to_dict()
        for name, control in self._controls.items():
            values[name] = control.value()  # type: ignore[attr-defined]
        self._value = self._described.from_dict(values)
        self._show_what_counts()
        self.changed.emit(self._value)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            row: QObject | None = watched
            while row is not None and row.property("param") is None:
                row = row.parent()
            if row is not None:
                name = row.property("param")
                self.explained.emit(next(one for one in self._params if one.name == name))
        return super().eventFilter(watched, event)


def shown(one: Param) -> bool:
    """A choice of one is no choice."""
    return not one.hidden and len(one.choices) != 1


def explanation(one: Param) -> str:
    """What the card says: what it does, when to raise it, when to lower it."""
    return " ".join(part for part in (one.help, one.more, one.less) if part)
