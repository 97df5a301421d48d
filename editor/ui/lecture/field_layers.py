"""What lies over the field of PatchMatch: arrows, the row that is visited, what colours mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from editor.engine.field_record import FieldRecord
from editor.ui.lecture.drawing import arrows, draw_words
from editor.ui.lecture.field_images import colours_of_finders, wheel
from editor.ui.theme import Theme

if TYPE_CHECKING:
    from editor.ui.lecture.page import Page

_ARROWS = 20  # across the field


def draw_arrows(
    page: Page, painter: QPainter, place: QRectF, search: FieldRecord, moment: int
) -> None:
    """From some patches towards their matches; as long as a cell where those are farthest."""
    field, wanted = search.field(moment), search.wanted
    cell = field.shape[1] / _ARROWS
    ys, xs = (np.arange(cell / 2, side, cell).astype(int) for side in field.shape[:2])
    at = np.stack(np.meshgrid(ys, xs, indexing="ij"), axis=2).reshape(-1, 2)
    at = at[wanted[at[:, 0], at[:, 1]]]
    off = field[at[:, 0], at[:, 1]] - at
    length = np.hypot(off[:, 0], off[:, 1])
    part = 0.9 * cell * np.sqrt(np.minimum(1.0, length / search.farthest))
    scale = place.width() / field.shape[1]
    by = off * (part / np.maximum(1.0, length) * scale)[:, None]
    middle = (at + 0.5) * scale + (place.top(), place.left())
    painter.save()
    painter.setClipRect(place)
    painter.setPen(QPen(QColor("#ffffff"), max(1.2, 0.09 * page.em)))
    painter.drawLines(arrows(middle - by / 2, by))
    painter.restore()


def draw_front(painter: QPainter, place: QRectF, search: FieldRecord, moment: int) -> None:
    """The row that is visited now; of tiles a row in each."""
    sweep, band = search.when(moment)
    if sweep < 0 or moment == search.total - 1:
        return
    now = search.turns[sweep % 2] == band
    scale = place.width() / now.shape[1]
    for y in np.flatnonzero(now.any(axis=1)).tolist():
        xs = np.flatnonzero(np.diff(now[y], prepend=False, append=False)).tolist()
        for left, right in zip(xs[::2], xs[1::2], strict=True):
            at = place.topLeft() + QPointF(left, y) * scale
            row = QRectF(at.x(), at.y(), (right - left) * scale, max(2.0, scale))
            painter.fillRect(row, QColor(255, 255, 255, 220))


def draw_wheel(page: Page, painter: QPainter, field: QRectF) -> None:
    """In the corner of the field: which way a match lies, and how far."""
    side, gap = max(0.24 * field.height(), 3 * page.em), 0.5 * page.em
    place = QRectF(field.right() - side - gap, field.bottom() - side - gap, side, side)
    ground = QColor(Theme.of(page).canvas)
    painter.setPen(QPen(ground, 0.35 * page.em))
    painter.setBrush(ground)
    painter.drawEllipse(place)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, wheel())


def draw_finders(page: Page, painter: QPainter, field: QRectF) -> None:
    """In the corner of the field: who found a match."""
    theme, em = Theme.of(page), page.em
    words = page.tr("kept"), page.tr("from a neighbour"), page.tr("drawn at random")
    line, side, edge = 1.5 * em, 0.9 * em, 0.6 * em
    font = page.font_of(0.9)
    wide = max(QFontMetricsF(font).horizontalAdvance(one) for one in words)
    box = QRectF(0, 0, wide + side + 2.8 * edge, 3 * line + edge)
    box.moveBottomRight(field.bottomRight() - QPointF(0.5, 0.5) * em)
    ground = QColor(theme.panel)
    ground.setAlpha(225)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 0.4 * em, 0.4 * em)
    for number, (one, colour) in enumerate(zip(words, colours_of_finders(theme), strict=True)):
        row = QRectF(box.left() + edge, box.top() + edge / 2 + number * line, box.width(), line)
        spot = QRectF(row.left(), row.center().y() - side / 2, side, side)
        painter.setPen(QColor(theme.edge))
        painter.setBrush(QColor(*colour.tolist()))
        painter.drawRect(spot)
        row.setLeft(spot.right() + 0.8 * edge)
        draw_words(painter, row, one, font, theme.text)
