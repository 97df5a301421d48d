"""Pieces that are moved about, drawn over the picture: arrows, handles, and the one in the hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from editor.engine.image import Point, Rect
from editor.engine.moves import Move
from editor.tools.move import handles
from editor.ui.canvas.colour import Shown
from editor.ui.canvas.view import View

_DARK = QColor(0, 0, 0, 150)
_WHITE = QColor(255, 255, 255)
_MOST = 1 << 20  # pixels of a piece that are drawn each time the mouse moves
_HEAD = 9  # logical pixels of an arrow's head
_HANDLE = 4  # logical pixels from the middle of a handle to its side


class Floating:
    """A piece in the hand, as it is painted sixty times a second."""

    def __init__(self, move: Move, pixels: Callable[[Rect, int], Shown]) -> None:
        """``pixels`` are those of a place of the picture, each so-and-so-many-th one."""
        self._cover = move.cover
        self._rect = move.rect
        self._step = max(1, math.ceil(math.sqrt(move.rect.area / _MOST)))
        shown = pixels(move.rect, self._step)
        cover = move.cover[:: self._step, :: self._step].astype("uint16")[..., None]
        self._pixels = ((shown * cover + 127) // 255).astype("uint8")  # which are premultiplied
        height, width = cover.shape[:2]
        layout = QImage.Format.Format_ARGB32_Premultiplied
        self._image = QImage(self._pixels.data, width, height, 4 * width, layout)

    def shows(self, move: Move) -> bool:
        return self._cover is move.cover

    def paint(self, painter: QPainter, move: Move, view: View) -> None:
        """As the move says; the painter counts device pixels."""
        (a, b, c), (d, e, f) = move.matrix.tolist()
        placed = QTransform(a, d, b, e, c, f)
        corner = view.to_screen(Point(0, 0))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(
            QTransform.fromScale(self._step, self._step)
            * QTransform.fromTranslate(self._rect.x, self._rect.y)
            * placed
            * QTransform.fromScale(view.scale, view.scale)
            * QTransform.fromTranslate(corner.x, corner.y)
        )
        painter.drawImage(QPointF(0, 0), self._image)
        painter.restore()


def paint_pieces(
    painter: QPainter, moves: Sequence[Move], selected: int | None, view: View, ratio: float,
    accent: str,
) -> None:  # fmt: skip
    """For each piece an arrow from its old place to the new one; the selected one has handles."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, move in enumerate(moves):
        if move.used:
            _paint_arrow(painter, move, view, ratio, accent if number == selected else "#ffffff")
    if selected is not None and selected < len(moves) and moves[selected].used:
        _paint_handles(painter, moves[selected], view, ratio, accent)
    painter.restore()


def _paint_arrow(painter: QPainter, move: Move, view: View, ratio: float, colour: str) -> None:
    new = move.middle
    start = QPointF(*view.to_screen(Point(new.x - move.by.x, new.y - move.by.y)))
    end = QPointF(*view.to_screen(new))
    length = math.hypot(end.x() - start.x(), end.y() - start.y())
    head = QPolygonF()
    if length > 2 * _HEAD * ratio:
        x, y = (end.x() - start.x()) / length, (end.y() - start.y()) / length
        back, side = _HEAD * ratio, 0.45 * _HEAD * ratio
        foot = QPointF(end.x() - x * back, end.y() - y * back)
        across = QPointF(-y * side, x * side)
        head = QPolygonF([end, foot + across, foot - across])
    for pen in (QPen(_DARK, 3.6 * ratio), QPen(QColor(colour), 1.8 * ratio)):
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(pen.color())
        if not head.isEmpty():
            painter.drawLine(start, (head.at(1) + head.at(2)) / 2)
            painter.drawPolygon(head)
        painter.drawEllipse(start, 2.2 * ratio, 2.2 * ratio)


def _paint_handles(painter: QPainter, move: Move, view: View, ratio: float, accent: str) -> None:
    turning, corners = (
        (view.to_screen(one) for one in some)
        for some in ((handles(move, view.scale / ratio)[0],), move.corners)
    )
    box = [QPointF(*corner) for corner in corners]
    turn = QPointF(*next(turning))
    top = (box[0] + box[1]) / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(_DARK, 2.6 * ratio), QPen(_WHITE, 1.2 * ratio)):
        painter.setPen(pen)
        painter.drawPolygon(QPolygonF(box))
        painter.drawLine(top, turn)
    painter.setPen(QPen(QColor(accent), 1.5 * ratio))
    painter.setBrush(_WHITE)
    half = _HANDLE * ratio
    for corner in box:
        painter.drawRect(QRectF(corner.x() - half, corner.y() - half, 2 * half, 2 * half))
    painter.drawEllipse(turn, half + 0.5 * ratio, half + 0.5 * ratio)
