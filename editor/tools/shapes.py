"""Shapes drawn around what should go: rectangle, ellipse, lasso and polygon."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar

import numpy as np

from editor.engine.image import Cover, Point, Rect
from editor.model.commands import paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.brush import snapped

_NEAR = 8  # screen pixels: a click this near to the first corner closes a polygon
_SUBPIXEL = 4  # bits: OpenCV's polygons are placed on sixteenths of a pixel
_FINER = 4  # a shape is drawn so many times larger and averaged, which is its antialiasing
_CIRCLE = 128  # corners of an ellipse


class Shape(Tool):
    """A tool that draws an outline and covers what is inside."""

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._points: list[Point] = []
        self._subtract = False

    @property
    def active(self) -> bool:
        return self._document is not None

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._document, self._subtract = document, at.subtract
        self._points = [Point(at.x, at.y)]
        return None

    def cancel(self) -> None:
        self._document, self._points = None, []

    def _done(self, outline: list[Point]) -> Result:
        """The command that covers what is inside the outline."""
        document = self._document
        self.cancel()
        if document is None or len(outline) < 3:
            return None
        rect, inside = rasterised(outline, document.rect)
        if not inside.any():
            return None
        mask = document.plane("mask").crop(rect)
        cover = np.minimum(mask, 255 - inside) if self._subtract else np.maximum(mask, inside)
        if (cover == mask).all():
            return None
        label = f"{self.caption}, away" if self._subtract else self.caption
        return paint_mask(document, label, MaskPatch(rect, cover))


class Dragged(Shape):
    """A shape between the corner where the button went down and where it is now."""

    def drag(self, at: Pointer) -> Draft | None:
        self._points[1:] = [self._other(at)]
        return Draft(outline=tuple(self._outline(*self._points)), closed=True)

    def release(self, at: Pointer) -> Result:
        if not self._points:
            return None
        return self._done(self._outline(self._points[0], self._other(at)))

    def _other(self, at: Pointer) -> Point:
        """The opposite corner; with Shift, one that makes the shape as wide as it is high."""
        start = self._points[0]
        if not at.shift:
            return Point(at.x, at.y)
        side = max(abs(at.x - start.x), abs(at.y - start.y))
        return Point(
            start.x + math.copysign(side, at.x - start.x),
            start.y + math.copysign(side, at.y - start.y),
        )

    @staticmethod
    @abstractmethod
    def _outline(start: Point, end: Point) -> list[Point]: ...


class Rectangle(Dragged):
    name: ClassVar[str] = "rectangle"
    caption: ClassVar[str] = "Rectangle"
    icon: ClassVar[str] = "rectangle"
    key: ClassVar[str] = "R"
    hint: ClassVar[str] = "Drag a rectangle over what should go. Shift makes it square."

    @staticmethod
    def _outline(start: Point, end: Point) -> list[Point]:
        return [start, Point(end.x, start.y), end, Point(start.x, end.y)]


class Ellipse(Dragged):
    name: ClassVar[str] = "ellipse"
    caption: ClassVar[str] = "Ellipse"
    icon: ClassVar[str] = "ellipse"
    key: ClassVar[str] = "O"
    hint: ClassVar[str] = "Drag an ellipse over what should go. Shift makes it a circle."

    @staticmethod
    def _outline(start: Point, end: Point) -> list[Point]:
        x, y = (start.x + end.x) / 2, (start.y + end.y) / 2
        a, b = abs(end.x - start.x) / 2, abs(end.y - start.y) / 2
        turn = [2 * math.pi * k / _CIRCLE for k in range(_CIRCLE)]
        return [Point(x + a * math.cos(t), y + b * math.sin(t)) for t in turn]


class Lasso(Shape):
    name: ClassVar[str] = "lasso"
    caption: ClassVar[str] = "Lasso"
    icon: ClassVar[str] = "lasso"
    key: ClassVar[str] = "L"
    hint: ClassVar[str] = "Draw around what should go; letting go closes the line."

    def drag(self, at: Pointer) -> Draft | None:
        self._points.append(Point(at.x, at.y))
        return Draft(outline=tuple(self._points))

    def release(self, at: Pointer) -> Result:
        return self._done(self._points)


class Polygon(Shape):
    """A gesture of several clicks."""

    name: ClassVar[str] = "polygon"
    caption: ClassVar[str] = "Polygon"
    icon: ClassVar[str] = "polygon"
    key: ClassVar[str] = "P"
    hint: ClassVar[str] = "Click corner after corner; Enter closes, Backspace takes one back."

    def press(self, at: Pointer, document: Document) -> Draft | None:
        if not self.active or self._document is not document:
            super().press(at, document)
            return Draft(outline=tuple(self._points))
        self._points.append(self._next(at))
        return Draft(outline=tuple(self._points))

    def hover(self, at: Pointer) -> Draft | None:
        if not self.active:
            return None
        return Draft(outline=(*self._points, self._next(at)), closed=self._closes(at))

    def release(self, at: Pointer) -> Result:
        if len(self._points) > 3 and self._closes(at):
            return self._done(self._points[:-1])
        return None

    def finish(self) -> Result:
        return self._done(self._points)

    def back(self) -> Draft | None:
        if self._points:
            self._points.pop()
        if not self._points:
            self.cancel()
        return Draft(outline=tuple(self._points))

    def _next(self, at: Pointer) -> Point:
        to = Point(at.x, at.y)
        return snapped(self._points[-1], to) if at.shift and self._points else to

    def _closes(self, at: Pointer) -> bool:
        first = self._points[0]
        return math.hypot(at.x - first.x, at.y - first.y) * at.scale <= _NEAR


def rasterised(outline: list[Point], within: Rect) -> tuple[Rect, Cover]:
    """The cover of what is inside an outline, with smooth edges; pixel 0 covers 0 ≤ x < 1."""
    from editor.engine.cv import cv2

    corners = np.array(outline, np.float64)
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    around = Rect(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
    rect = around.within(within)
    if rect.empty:
        return rect, np.zeros((0, 0), np.uint8)
    # OpenCV counts from the middle of a pixel, and covers the outline itself too: half a fine
    # pixel is taken off for the first, and drawing finer makes the second not matter.
    fine = (corners - (rect.x, rect.y)) * _FINER - 0.5
    canvas = np.zeros((rect.height * _FINER, rect.width * _FINER), np.uint8)
    placed = np.rint(np.clip(fine, -(2**20), 2**20) * 2**_SUBPIXEL).astype(np.int32)
    cv2.fillPoly(canvas, [placed], 255, cv2.LINE_8, _SUBPIXEL)
    cover: Cover = cv2.resize(canvas, (rect.width, rect.height), interpolation=cv2.INTER_AREA)
    return rect, cover
