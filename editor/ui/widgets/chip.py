"""A round spot of colour that is pressed to choose it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from editor.ui.theme import Theme
from editor.ui.widgets.focus import draw_ring


class Chip(QAbstractButton):
    """Checkable; the one that is chosen has a ring around it. Without a colour it is hollow."""

    def __init__(self, colour: str, name: str, tip: str = "") -> None:
        super().__init__()
        self._colour = colour
        self.setAccessibleName(name)
        self.setToolTip(tip or name)
        self.setCheckable(True)
        self.setFixedSize(28, 28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self.isChecked():
            painter.setPen(QColor(theme.text))
            painter.drawEllipse(body.adjusted(2, 2, -2, -2))
        if self._colour:
            painter.setPen(QColor(theme.edge))  # it may be of the colour of the panel
            painter.setBrush(QColor(self._colour))
            painter.drawEllipse(body.adjusted(6, 6, -6, -6))
        else:
            painter.setPen(QColor(theme.muted))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(body.adjusted(6.5, 6.5, -6.5, -6.5))
        if self.hasFocus():
            draw_ring(painter, body, theme.accent, 14)
