"""The ring that shows where the keyboard is, drawn only when the keyboard brought it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from editor.ui.theme import Theme

_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


def came_by_key(event: QFocusEvent) -> bool:
    return event.reason() in _BY_KEY


def draw_ring(painter: QPainter, shape: QRectF, colour: str, radius: float) -> None:
    """A line of 1.5 px just inside a rounded shape."""
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(shape.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)


if TYPE_CHECKING:
    _Mixed = QWidget
else:
    _Mixed = object  # Qt allows one base of its own


class Ringed(_Mixed):
    """Goes before the base of a widget that draws the ring itself, while ``_ring`` is true."""

    _ring = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = came_by_key(event)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)


class Ring(QWidget):
    """The same over a widget whose parts cover it, or that paints too much to see to that."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        around.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.setVisible(event.gotFocus() and came_by_key(event))
            self.raise_()
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FocusIn):
            self.setGeometry(self._around.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_ring(QPainter(self), QRectF(self.rect()), Theme.of(self).accent, 0)
