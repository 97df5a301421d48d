"""A word that is pressed to choose it: a page of the row above, or something to try."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from editor.ui.theme import CORNER, Theme
from editor.ui.widgets.focus import Ringed, draw_ring


class WordButton(Ringed, QAbstractButton):
    """What is chosen is underlined in the accent colour, or edged with it where it is ``boxed``."""

    def __init__(self, words: str, help: str, *, boxed: bool = False) -> None:
        super().__init__()
        self._boxed = boxed
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(help)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        width = QSizePolicy.Policy.Fixed if boxed else QSizePolicy.Policy.Preferred
        self.setSizePolicy(width, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        """Whoever hears of the click says what is chosen."""

    def sizeHint(self) -> QSize:
        return QSize(self._words + 24, round(self.fontMetrics().height() * 1.9))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._words + 8, self.sizeHint().height())

    @property
    def _words(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen = self.isChecked()
        if self._boxed:
            body = theme.selection if chosen else theme.hover if self.underMouse() else theme.raised
            painter.setPen(QColor(theme.accent if chosen else theme.edge))
            painter.setBrush(QColor(body))
            painter.drawRoundedRect(face, CORNER, CORNER)
        elif self.underMouse() and not chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(face, CORNER, CORNER)
        elif chosen:
            left = (self.width() - self._words) / 2
            line = QRectF(left, self.height() - 2.5, self._words, 2)
            painter.fillRect(line, QColor(theme.accent))
        strong = chosen or self._boxed or self.underMouse()
        painter.setPen(QColor(theme.text if strong else theme.muted))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self._ring:
            draw_ring(painter, QRectF(self.rect()), theme.accent, CORNER)
