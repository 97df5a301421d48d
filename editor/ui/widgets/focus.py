"""The ring that shows where the keyboard is, drawn only when the keyboard brought it there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen

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
