"""The errors of two networks over the time that each has had, in one plot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.operations.race import Raced
from editor.ui.theme import Theme, ui_font

_PLOT, _FOOT = 120, 18  # px
_ROOM = 0.08  # of the height, above and below

Points = NDArray[np.float64]  # (n, 2): x and y in 0..1, y from the top


class RaceView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raced: Raced | None = None
        self.setAccessibleName(self.tr("Errors over time"))
        self.setToolTip(
            self.tr(
                "How far each network is from the picture as it was, over the time it has had; it"
                " jumps where one goes on to a larger size."
            )
        )
        self.setFixedHeight(_PLOT + _FOOT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_raced(self, raced: Raced | None) -> None:
        self._raced = raced
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(276, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = QRectF(0, 0, self.width(), _PLOT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.pressed))
        painter.drawRoundedRect(plot, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._raced is None:
            return
        courses = [lane.course for lane in self._raced.lanes]
        for points, colour in zip(
            lines(courses, 2 * self.width()), (theme.accent, theme.warning), strict=True
        ):
            painter.setPen(QPen(QColor(colour), 1.5))
            placed = points * (plot.width(), plot.height())
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in placed.tolist()]))
        painter.setFont(ui_font(11, tabular=True))
        painter.setPen(QColor(theme.muted))
        foot = QRectF(0, _PLOT + 2, self.width(), _FOOT - 2)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, self.tr("Error"))
        longest = max((course[-1, 0] for course in courses if len(course)), default=0.0)
        words = self.tr("{:.0f} s").format(longest)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, words)


def lines(courses: list[NDArray[np.float64]], most: int) -> list[Points]:
    """Logarithmic, on one scale, in about ``most`` points each."""
    together = np.concatenate(courses)
    if not len(together):
        return [course for course in courses]
    end = max(float(together[:, 0].max()), 1e-9)
    logs = np.log10(np.maximum(together[:, 1], 1e-12))
    low, high = np.percentile(logs, (0, 99))
    made = []
    for course in courses:
        thinned = course[:: len(course) // max(1, most) + 1]
        y = (high - np.log10(np.maximum(thinned[:, 1], 1e-12))) / max(high - low, 0.05)
        y = _ROOM + (1 - 2 * _ROOM) * np.clip(y, 0, 1)
        made.append(np.stack([thinned[:, 0] / end, y], axis=1))
    return made
