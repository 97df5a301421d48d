"""How far a job has come, as a ring of 20 px."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from editor.ui.theme import Theme

_TURN = 1600  # ms for one round when the end is unknown
_FRAME = 40  # ms


class ProgressRing(QProgressBar):
    """A QProgressBar to screen readers; None means that the end is not known yet."""

    def __init__(self, size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._fraction: float | None = 0.0
        self._angle = 0.0
        self._turn = QTimer(self, interval=_FRAME)
        self._turn.timeout.connect(self._turned)
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setAccessibleName(self.tr("Progress"))
        self.setFixedSize(size, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def fraction(self) -> float | None:
        return self._fraction

    def set_fraction(self, fraction: float | None) -> None:
        """0..1, or None for a slow turning."""
        self._fraction = None if fraction is None else min(max(fraction, 0.0), 1.0)
        self.setRange(0, 0 if self._fraction is None else 1000)
        if self._fraction is not None:
            self.setValue(round(self._fraction * 1000))
        self._turn_while_seen()
        self.update()

    def _turn_while_seen(self) -> None:
        if self._fraction is None and self.isVisible():
            self._turn.start()
        else:
            self._turn.stop()

    def _turned(self) -> None:
        self._angle = (self._angle + 360 * _FRAME / _TURN) % 360
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._turn_while_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turn.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(2.0, self._size / 8)
        circle = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter.setPen(QPen(QColor(theme.track), width))
        painter.drawEllipse(circle)
        pen = QPen(QColor(theme.accent if self.isEnabled() else theme.disabled), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        # Qt counts sixteenths of a degree, anticlockwise from three o'clock.
        if self._fraction is None:
            painter.drawArc(circle, round((90 - self._angle) * 16), -90 * 16)
        elif self._fraction > 0:
            painter.drawArc(circle, 90 * 16, round(-self._fraction * 360 * 16))
