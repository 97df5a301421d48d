"""A picture card: a small picture, a title and a line or two, all one button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from editor.ui.theme import CORNER, GRID, Theme, ui_font


class PictureCard(QAbstractButton):
    def __init__(
        self,
        title: str,
        line: str,
        width: int = 248,
        *,
        lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(title)
        self._line = line
        self._picture: QImage | None = None
        self._lines = lines
        self._words_height = 2 * GRID + 22 + 18 * lines
        self.setFixedSize(width, width * 2 // 3 + self._words_height)
        self.setAccessibleName(title)
        self.setAccessibleDescription(line)
        self.setToolTip(line)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_picture(self, picture: QImage) -> None:
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(card, CORNER + 2, CORNER + 2)
        painter.fillPath(outline, QColor(theme.hover if self.underMouse() else theme.raised))
        frame = QRectF(0, 0, self.width(), self.height() - self._words_height)
        painter.save()
        painter.setClipPath(outline)
        if self._picture is None:
            painter.fillRect(frame, QColor(theme.canvas))
        else:
            painter.drawImage(frame, self._picture, covering(self._picture.size(), frame.size()))
        painter.restore()
        left, width = 12, self.width() - 24
        painter.setPen(QColor(theme.text))
        painter.setFont(ui_font(weight=QFont.Weight.DemiBold))
        self._words(painter, QRectF(left, frame.bottom() + GRID, width, 20), self.text())
        painter.setPen(QColor(theme.muted))
        painter.setFont(ui_font(12))
        below = QRectF(left, frame.bottom() + GRID + 20, width, 18 * self._lines)
        if self._lines == 1:
            self._words(painter, below, self._line)
        else:
            painter.drawText(below, Qt.TextFlag.TextWordWrap, self._line)
        painter.setPen(QColor(theme.accent if self.hasFocus() else theme.line))
        painter.drawPath(outline)

    @staticmethod
    def _words(painter: QPainter, place: QRectF, words: str) -> None:
        elided = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)


def covering(picture: QSize, frame: QSizeF) -> QRectF:
    """The middle part of a picture that has the frame's shape."""
    scale = max(frame.width() / picture.width(), frame.height() / picture.height())
    width, height = frame.width() / scale, frame.height() / scale
    return QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
