"""What the places of a sample are off by, nearest first, and up to where they are candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from editor.ui.lecture.drawing import draw_words, rule
from editor.ui.theme import Theme
from editor.ui.transport import grouped

if TYPE_CHECKING:
    from editor.ui.lecture.page import Page

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def draw_distances(page: Page, painter: QPainter, place: QRectF, look: Any) -> None:
    """The curve in this place, logarithmic in the number of places, and two lines above it."""
    theme, most, end = Theme.of(page), max(float(look.ranks[-1]), 1e-9), np.log(len(look.ranks) + 1)

    def at(number: int, off: float) -> QPointF:
        x = place.left() + float(np.log(number + 1) / end) * place.width()
        return QPointF(x, place.bottom() - off / most * place.height())

    _draw_words(page, painter, theme, place, look)
    painter.setPen(rule(theme))
    painter.drawPolyline([place.topLeft(), place.bottomLeft(), place.bottomRight()])
    _draw_limit(page, painter, theme, place, at(0, look.limit).y())
    points = [at(number, off) for number, off in enumerate(look.ranks.tolist())]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.muted), 0.12 * page.em))
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    for number, point in enumerate(points):
        candidate = number < look.matches
        painter.setBrush(QColor(theme.accent if candidate else theme.muted))
        radius = (0.3 if candidate else 0.14) * page.em
        painter.drawEllipse(point, radius, radius)
    chosen = float(look.moment.levels[look.moment.chosen])
    number = int(np.searchsorted(look.ranks, chosen - 1e-6))
    painter.setBrush(QColor(theme.warning))
    painter.drawEllipse(at(number, chosen), 0.42 * page.em, 0.42 * page.em)


def _draw_words(page: Page, painter: QPainter, theme: Theme, place: QRectF, look: Any) -> None:
    line, small = page.line, page.font_of(0.82)
    words = page.tr("{0} candidates of {1}")
    if look.matches == 1:
        words = page.tr("One candidate of {1}")
    words = words.format(grouped(look.matches), grouped(look.places))
    above = QRectF(place.left(), place.top() - 2 * line, place.width(), line)
    draw_words(painter, above, words, page.font_of(), theme.text)
    above.translate(0, line)
    words = page.tr("What each place is off by")
    draw_words(painter, above, words, page.font_of(0.9), theme.muted)
    below = QRectF(place.left(), place.bottom(), place.width(), 1.5 * page.em)
    draw_words(painter, below, "1", small, theme.muted)
    draw_words(painter, below, grouped(len(look.ranks)), small, theme.muted, _RIGHT)
    top = QRectF(place.left() + 0.5 * page.em, place.top(), place.width(), 1.4 * page.em)
    words = page.tr("{:.0f} levels").format(float(look.ranks[-1]))
    draw_words(painter, top, words, small, theme.muted)


def _draw_limit(page: Page, painter: QPainter, theme: Theme, place: QRectF, y: float) -> None:
    """Below this line a place is a candidate."""
    shade = QColor(theme.accent)
    shade.setAlpha(36)
    painter.fillRect(QRectF(QPointF(place.left(), y), place.bottomRight()), shade)
    pen = QPen(QColor(theme.accent), 0.1 * page.em)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
    words = QRectF(place.left(), y - 1.5 * page.em, place.width(), 1.5 * page.em)
    draw_words(painter, words, "(1 + ε) d", page.font_of(0.82), theme.accent, _RIGHT)
