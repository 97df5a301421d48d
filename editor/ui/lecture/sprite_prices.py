"""What a frame of a sprite costs, part by part: that which comes next, and those that could."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor.ui.lecture.drawing import draw_words, rule
from editor.ui.sprite.compass import way_colours
from editor.ui.theme import Theme
from editor.ui.transport import grouped

if TYPE_CHECKING:
    from editor.ui.lecture.page import Page

_ROWS = 7  # of what could come next
_FUTURE = 6  # which of the way colours
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Entries = Sequence[tuple[str, QColor]]


def draw_key(page: Page, painter: QPainter, place: QRectF, entries: Entries) -> None:
    """What the colours mean, side by side."""
    each, side = place.width() / len(entries), 0.7 * page.em
    for number, (words, colour) in enumerate(entries):
        left = place.left() + number * each
        painter.fillRect(QRectF(left, place.center().y() - side / 2, side, side), colour)
        row = QRectF(left + 1.6 * side, place.top(), each - 1.6 * side, place.height())
        draw_words(painter, row, words, page.font_of(0.9), Theme.of(page).text)


def draw_legend(page: Page, painter: QPainter, place: QRectF) -> None:
    """Two lines above what could come next."""
    line = place.height() / 2
    first = QRectF(place.left(), place.top(), place.width(), line)
    words = page.tr("What could come next")
    draw_words(painter, first, words, page.font_of(), Theme.of(page).muted)
    draw_key(page, painter, first.translated(0, line), _terms(page))


def draw_sum(page: Page, painter: QPainter, rose: QRectF, right: float, turn: Any) -> None:
    """From the rose to the right: what the frame that comes next costs, part by part."""
    theme, line = Theme.of(page), page.line
    above = QRectF(rose.left(), rose.top() - line, rose.width(), line)
    draw_words(painter, above, page.tr("Ways filmed"), page.font_of(), theme.muted)
    left = rose.right() + 2 * page.em
    above = QRectF(left, rose.top() - line, right - left, line)
    draw_words(painter, above, page.tr("What comes next costs"), page.font_of(), theme.muted)
    row = QRectF(left, rose.top(), right - left, min(1.5 * line, rose.height() / 4))
    for part, term in zip((turn.jump, turn.way, turn.future), _terms(page), strict=True):
        draw_key(page, painter, row, [term])
        cost = _written(float(part[turn.chosen]))
        draw_words(painter, row, cost, page.font_of(1.1), theme.text, _RIGHT)
        row.translate(0, row.height())
    painter.setPen(rule(theme))
    painter.drawLine(row.topLeft(), row.topRight())
    cost = _written(float(turn.total[turn.chosen]))
    draw_words(painter, row, cost, page.font_of(1.3, strong=True), theme.text, _RIGHT)


def draw_next(
    page: Page,
    painter: QPainter,
    place: QRectF,
    turn: Any,
    draw_pose: Callable[[QPainter, int, QRectF], None],
) -> None:
    """The cheapest, each with its parts: of the future what is more than the least of them."""
    theme, rows = Theme.of(page), list(range(min(_ROWS, len(turn.poses))))
    for one in (turn.goes_on, turn.chosen):
        if one >= len(rows):
            rows[-1] = one
    least = float(turn.future[rows].min())
    most = max(float((turn.total[rows] - least).max()), 1e-9)
    high = place.height() / _ROWS
    for number, one in enumerate(rows):
        row = QRectF(place.left(), place.top() + number * high, place.width(), 0.94 * high)
        chosen = one == turn.chosen
        painter.setPen(QPen(QColor(theme.warning), 2) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(row, 6, 6)
        seen = QRectF(row.left(), row.top(), 1.4 * row.height(), row.height())
        seen.adjust(4, 4, -4, -4)
        draw_pose(painter, int(turn.poses[one]), seen)
        rest = row.adjusted(seen.width() + 1.2 * page.em, 0, -0.6 * page.em, 0)
        parts = turn.jump[one], turn.way[one], turn.future[one] - least
        _draw_parts(page, painter, rest, [float(part) / most for part in parts])
        words = page.tr("goes on") if one == turn.goes_on else page.tr("jump")
        below = rest.adjusted(0, rest.height() / 2, 0, 0)
        draw_words(painter, below, words, page.font_of(0.85), theme.muted)
        total = _written(float(turn.total[one]))
        draw_words(painter, below, total, page.font_of(0.95), theme.text, _RIGHT)


def _draw_parts(page: Page, painter: QPainter, rest: QRectF, shares: Sequence[float]) -> None:
    """One bar of several colours."""
    bar = QRectF(rest.left(), rest.center().y() - 0.75 * page.em, rest.width(), 0.6 * page.em)
    painter.fillRect(bar, QColor(Theme.of(page).pressed))
    left = bar.left()
    for share, (_, colour) in zip(shares, _terms(page), strict=True):
        wide = max(0.0, share) * bar.width()
        painter.fillRect(QRectF(left, bar.top(), wide, bar.height()), colour)
        left += wide


def _terms(page: Page) -> Entries:
    """The parts of a cost, by name and colour."""
    theme = Theme.of(page)
    return (
        (page.tr("jump α C"), QColor(theme.warning)),
        (page.tr("way β e"), QColor(theme.accent)),
        (page.tr("future γ m"), way_colours(theme)[_FUTURE]),
    )


def _written(cost: float) -> str:
    return f"{cost:.2f}" if cost < 1000 else grouped(round(cost))
