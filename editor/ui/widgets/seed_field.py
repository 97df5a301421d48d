"""A seed: a number to write down and come back to, and a dice for another one."""

from __future__ import annotations

import random

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from editor.ui.theme import GRID
from editor.ui.widgets.icon_button import IconButton
from editor.ui.widgets.number_field import NumberField
from editor.ui.widgets.scale import Number, Scale


class SeedField(QWidget):
    changed = Signal(object)
    committed = Signal(object)

    def __init__(self, low: int, high: int, default: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.default = default
        self._scale = Scale(low, high)
        self._field = NumberField(self._scale, default)
        self._dice = IconButton("dice", self.tr("Another seed"), size=26)
        self.setFocusProxy(self._field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._dice)
        row.addWidget(self._field)
        self._field.changed.connect(self.changed)
        self._field.committed.connect(self.committed)
        self._dice.clicked.connect(self._roll)

    def value(self) -> Number:
        return self._field.value()

    def set_value(self, value: Number) -> None:
        self._field.set_value(value)

    def reset(self) -> None:
        self._tell(self.default)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self._field.setAccessibleName(name)

    def _roll(self) -> None:
        self._tell(random.randint(int(self._scale.low), int(self._scale.high)))

    def _tell(self, value: Number) -> None:
        if value != self.value():
            self.set_value(value)
            self.changed.emit(value)
            self.committed.emit(value)
