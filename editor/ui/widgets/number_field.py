"""A number one can type, step and roll; it looks like plain text until it is touched."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from editor.ui.theme import ui_font
from editor.ui.widgets.scale import Number, Scale

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
_WIDTH = 58  # px: room for "2000 px", so that the sliders of a panel are equally long
_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class NumberField(QLineEdit):
    """Enter or leaving keeps what was typed, Esc forgets it, what is no number is forgotten too.

    Enter and Esc are taken only while something typed is waiting; else they go to the window.
    """

    changed = Signal(object)
    committed = Signal(object)

    def __init__(
        self, scale: Scale, value: Number, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._scale = scale
        self._value = scale.snapped(value)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFrame(False)
        # QLineEdit keeps 2 px inside; the number shall end where the other controls end.
        self.setTextMargins(0, 0, -3, 0)
        self.setFont(ui_font(tabular=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._show()

    def value(self) -> Number:
        return self._value

    def set_value(self, value: Number) -> None:
        self._value = self._scale.snapped(value)
        self._show()

    def _show(self) -> None:
        self.setText(self._scale.text(self._value))
        self.setModified(False)
        self.setCursorPosition(0)

    def _keep(self, value: Number) -> None:
        before = self._value
        self.set_value(value)
        if self._value != before:
            self.changed.emit(self._value)
            self.committed.emit(self._value)

    def _keep_typed(self) -> None:
        try:
            typed = self._scale.parsed(self.text())
        except ValueError:
            typed = self._value
        self._keep(typed)

    # Qt

    def sizeHint(self) -> QSize:
        texts = (self._scale.text(self._scale.low), self._scale.text(self._scale.high))
        width = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        return QSize(max(_WIDTH, width + 6), 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._wants(cast(QKeyEvent, event)):
            event.accept()
            return True
        return super().event(event)

    def _wants(self, event: QKeyEvent) -> bool:
        """Whether a key is the field's, though the window may have a shortcut for it."""
        return event.key() in _STEPS or (event.key() in _DONE and self.isModified())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._keep_typed()
            tenfold = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._keep(self._scale.stepped(self._value, _STEPS[key] * (10 if tenfold else 1)))
            self.selectAll()
        elif key in _DONE and self.isModified():
            if key == Qt.Key.Key_Escape:
                self._show()
            else:
                self._keep_typed()
            self.selectAll()
        elif key in _DONE:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self._keep(self._scale.stepped(self._value, 1 if event.angleDelta().y() > 0 else -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.isModified() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep_typed()
        super().focusOutEvent(event)
        self.deselect()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        was_here = self.hasFocus()
        super().mousePressEvent(event)
        if not was_here:
            self.selectAll()  # the press would only set the cursor
