"""A small rounded key: ⏎, Esc, X."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.theme import Theme, ui_font

HEIGHT = 18


def cap_width(key: str) -> int:
    return max(HEIGHT + 2, QFontMetrics(ui_font(11)).horizontalAdvance(key) + 10)


def draw_cap(painter: QPainter, place: QRectF, key: str, text: str, line: str) -> None:
    """The key in a rounded outline, in the two colours given."""
    painter.setPen(QColor(line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(ui_font(11))
    painter.setPen(QColor(text))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, key)


class KeyCap(QWidget):
    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def key(self) -> str:
        return self._key

    def set_key(self, key: str) -> None:
        self._key = key
        self.setAccessibleName(key)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self._key), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.muted if self.isEnabled() else theme.disabled
        draw_cap(painter, QRectF(self.rect()), self._key, colour, theme.edge)
