"""What the hand draws over a picture while it works: the line of a gesture, the brush's outline."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from editor.engine.image import Point
from editor.ui.canvas import painting
from editor.ui.canvas.hand import Hand
from editor.ui.canvas.viewport import Viewport

_FAR = 4  # logical pixels around a line that look different too


class Sketch:
    def __init__(self, surface: Viewport, hand: Hand) -> None:
        self._surface, self._hand = surface, hand
        self._outline: tuple[Point, ...] = ()
        self._closed = False
        self._brush_drawn = QRectF()  # where

    def show_outline(self, outline: tuple[Point, ...], closed: bool) -> None:
        if outline or self._outline:
            self._update_outline()
            self._outline, self._closed = outline, closed
            self._update_outline()

    def _update_outline(self) -> None:
        if self._outline:
            ratio = self._surface.devicePixelRatioF()
            places = [self._surface.view.to_screen(point) for point in self._outline]
            polygon = QPolygonF([QPointF(place.x / ratio, place.y / ratio) for place in places])
            around = polygon.boundingRect().adjusted(-_FAR, -_FAR, _FAR, _FAR)
            self._surface.update(around.toAlignedRect())

    def update_brush(self) -> None:
        """Its outline is somewhere else now."""
        for place in (self._brush_drawn, self._around_brush()):
            if not place.isEmpty():
                self._surface.update(place.toAlignedRect())

    def _around_brush(self) -> QRectF:
        circle = self._hand.circle()
        if circle is None:
            return QRectF()
        middle, reach = circle[0], circle[1] + _FAR
        return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, ratio: float) -> None:
        """The painter counts device pixels."""
        if self._outline:
            points = [self._surface.view.to_screen(point) for point in self._outline]
            painting.outline(painter, points, self._closed, ratio)
        circle = self._hand.circle()
        self._brush_drawn = self._around_brush()
        if circle is not None:
            middle, radius, hard = circle
            painting.brush(painter, middle * ratio, radius * ratio, hard, ratio)
