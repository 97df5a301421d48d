"""One of several words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

_NARROWEST = 120  # px
_AROUND = 16  # px left and right of a choice in the list


class ChoiceBox(QComboBox):
    """Choices are (value, caption) pairs; the first is the default unless one is named."""

    changed = Signal(object)
    committed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[object, str]],
        default: object = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if not choices:
            raise ValueError("a choice box needs at least one choice")
        for value, caption in choices:
            self.addItem(caption, value)
        self.default = choices[0][0] if default is None else default
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the choice made, the canvas has the keys
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)
        self.setAccessibleName(name)
        self.set_value(self.default)
        self.activated.connect(self._activated)
        self._before = self.value()

    def value(self) -> object:
        return self.currentData()

    def set_value(self, value: object) -> None:
        index = self.findData(value)
        if index < 0:
            known = ", ".join(str(self.itemData(i)) for i in range(self.count()))
            raise ValueError(f"there is no choice {value!r}: choose {known}")
        self.setCurrentIndex(index)
        self._before = value

    def reset(self) -> None:
        if self.value() != self.default:
            self.setCurrentIndex(self.findData(self.default))
            self._activated()

    def _activated(self) -> None:
        value = self.value()
        if value != self._before:
            self._before = value
            self.changed.emit(value)
            self.committed.emit(value)

    # Qt

    def minimumSizeHint(self) -> QSize:
        """Where there is little room, the longest of the words is cut."""
        return QSize(min(_NARROWEST, super().minimumSizeHint().width()), self.height())

    def showPopup(self) -> None:
        """A narrow box still shows its choices in full."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + _AROUND)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # so that the panel scrolls
