"""What decides between two places, as bars; and how often which one won, over κ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from editor.operations.lecture_records import KAPPAS
from editor.ui.lecture.drawing import draw_words, rule
from editor.ui.theme import Theme
from editor.ui.transport import grouped

if TYPE_CHECKING:
    from editor.ui.lecture.page import Page

_CENTRED = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def draw_bars(
    page: Page, painter: QPainter, place: QRectF, tolerated: float, decision: Any
) -> None:
    """How far both places are; dashed: how far the coherent one may be."""
    theme, (approximate, coherent) = Theme.of(page), decision.far
    limit = approximate * tolerated
    most = max(limit, coherent, 1.0)
    name, value = 6.2 * page.em, 3.6 * page.em
    wide, line = place.width() - name - value, min(page.line, place.height() / 2)
    rows = [(page.tr("approximate"), approximate, theme.accent)]
    if decision.coherent is not None:
        rows.append((page.tr("coherent"), coherent, theme.warning))
    for number, (words, far, colour) in enumerate(rows):
        row = QRectF(place.left(), place.top() + number * line, place.width(), line)
        bar = QRectF(row.left() + name, row.center().y() - 0.35 * page.em, wide, 0.7 * page.em)
        painter.fillRect(bar, QColor(theme.pressed))
        bar.setWidth(wide * far / most)
        painter.fillRect(bar, QColor(colour))
        draw_words(painter, row, words, page.font_of(0.9), colour)
        draw_words(painter, row, grouped(round(far)), page.font_of(0.9), theme.text, _RIGHT)
    x = place.left() + name + wide * limit / most
    pen = QPen(QColor(theme.text), 0.12 * page.em)
    pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, place.top()), QPointF(x, place.top() + 2 * line))


def draw_shares(page: Page, painter: QPainter, chart: QRectF, record: Any, now: int) -> None:
    """The share of coherent pixels over κ, as far as it is known: of this level, and the others."""
    theme, step = Theme.of(page), chart.width() / (len(KAPPAS) - 1)
    _draw_axes(page, painter, theme, chart, record.kappa)
    known = dict(record.shares)
    for level in range(len(record.levels)):
        points = [
            QPointF(chart.left() + number * step, chart.bottom() - known[k][level] * chart.height())
            for number, k in enumerate(KAPPAS)
            if k in known
        ]
        colour = QColor(theme.warning if level == now else theme.disabled)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 0.14 * page.em))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, 0.2 * page.em, 0.2 * page.em)


def _draw_axes(page: Page, painter: QPainter, theme: Theme, chart: QRectF, kappa: float) -> None:
    small, step = page.font_of(0.75), chart.width() / (len(KAPPAS) - 1)
    painter.setPen(rule(theme))
    painter.drawLine(chart.bottomLeft(), chart.bottomRight())
    painter.drawLine(chart.topLeft(), chart.topRight())
    left = QRectF(chart.left() - 2.6 * page.em, chart.top(), 2.4 * page.em, page.em)
    draw_words(painter, left, "100", small, theme.muted, _RIGHT)
    left.moveTop(chart.bottom() - page.em)
    draw_words(painter, left, "0 %", small, theme.muted, _RIGHT)
    for number, one in enumerate(KAPPAS):
        mark = QRectF(chart.left() + (number - 0.5) * step, chart.bottom(), step, 1.4 * page.em)
        words = f"κ {one:g}" if number == 0 else f"{one:g}"
        colour = theme.text if one == kappa else theme.muted
        draw_words(painter, mark, words, small, colour, _CENTRED)
