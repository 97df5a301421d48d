"""Shapes drawn around a thing: rectangle, ellipse, lasso and polygon."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar

from editor.engine.image import Point
from editor.model.document import Document
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.masking import command
from editor.tools.outline import inside, snapped

_NEAR = 8  # screen pixels: a click this near to the first corner closes a polygon
_ROUND = 0.02  # pixels that a side of an ellipse drawn as a polygon may be off


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
        rect, drawn = inside(outline, document.rect)
        label = f"Erase {self.caption.lower()}" if self._subtract else self.caption
        return command(document, self.paint, label, rect, drawn, self._subtract)


class Dragged(Shape):
    """A shape between the corner where the button went down and where it is now."""

    def drag(self, at: Pointer) -> Draft | None:
        if not self._points:
            return None
        outline = self._outline(self._points[0], self._other(at))
        return Draft(outline=tuple(outline), closed=True)

    def release(self, at: Pointer) -> Result:
        if not self._points:
            return None
        return self._done(self._outline(self._points[0], self._other(at)))

    def _other(self, at: Pointer) -> Point:
        """The opposite corner; with Shift, one that makes the shape as wide as it is high."""
        start = self._points[0]
        if not at.shift:
            return Point(at.x, at.y)
        side = round(max(abs(at.x - start.x), abs(at.y - start.y)))
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
    hint: ClassVar[str] = "Drag a rectangle; Shift makes it square."

    @staticmethod
    def _outline(start: Point, end: Point) -> list[Point]:
        # Whole pixels: nobody who draws a rectangle wants a row that is half chosen.
        left, top, right, bottom = (math.floor(edge + 0.5) for edge in (*start, *end))
        return [Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)]


class Ellipse(Dragged):
    name: ClassVar[str] = "ellipse"
    caption: ClassVar[str] = "Ellipse"
    icon: ClassVar[str] = "ellipse"
    key: ClassVar[str] = "O"
    hint: ClassVar[str] = "Drag an ellipse; Shift makes it a circle."

    @staticmethod
    def _outline(start: Point, end: Point) -> list[Point]:
        x, y = (start.x + end.x) / 2, (start.y + end.y) / 2
        a, b = abs(end.x - start.x) / 2, abs(end.y - start.y) / 2
        corners = 4 * math.ceil(math.pi / 4 * math.sqrt(max(a, b, 16) / (2 * _ROUND)))
        turns = [2 * math.pi * corner / corners for corner in range(corners)]
        return [Point(x + a * math.cos(turn), y + b * math.sin(turn)) for turn in turns]


class Lasso(Shape):
    name: ClassVar[str] = "lasso"
    caption: ClassVar[str] = "Lasso"
    icon: ClassVar[str] = "lasso"
    key: ClassVar[str] = "L"
    hint: ClassVar[str] = "Draw around a thing; letting go closes the line."

    def drag(self, at: Pointer) -> Draft | None:
        if not self._points:
            return None
        self._points.append(Point(at.x, at.y))
        return Draft(outline=tuple(self._points))

    def release(self, at: Pointer) -> Result:
        return self._done([*self._points, Point(at.x, at.y)])


class Polygon(Shape):
    """A gesture of several clicks."""

    name: ClassVar[str] = "polygon"
    caption: ClassVar[str] = "Polygon"
    icon: ClassVar[str] = "polygon"
    key: ClassVar[str] = "Shift+L"
    hint: ClassVar[str] = "Click corner after corner; Enter closes, Backspace takes one back."

    def __init__(self) -> None:
        super().__init__()
        self._closing = False  # the button is down on the first corner

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._closing = self._closes(at)
        if not self.active:
            super().press(at, document)
        elif not self._closing:
            self._points.append(self._next(at))
        return Draft(outline=tuple(self._points), closed=self._closing)

    def drag(self, at: Pointer) -> Draft | None:
        """The corner just set goes along."""
        if not self._points:
            return None
        if not self._closing:
            self._points.pop()
            self._points.append(self._next(at))
        return Draft(outline=tuple(self._points), closed=self._closing)

    def hover(self, at: Pointer) -> Draft | None:
        if not self.active:
            return None
        closes = self._closes(at)
        outline = self._points if closes else [*self._points, self._next(at)]
        return Draft(outline=tuple(outline), closed=closes)

    def release(self, at: Pointer) -> Result:
        return self.finish() if self._closing else None

    def finish(self) -> Result:
        return self._done(self._points)

    def back(self) -> Draft | None:
        if len(self._points) < 2:
            self.cancel()
            return None
        self._points.pop()
        return Draft(outline=tuple(self._points))

    def cancel(self) -> None:
        super().cancel()
        self._closing = False

    def _next(self, at: Pointer) -> Point:
        to = Point(at.x, at.y)
        return snapped(self._points[-1], to) if at.shift and self._points else to

    def _closes(self, at: Pointer) -> bool:
        if len(self._points) < 3:
            return False
        first = self._points[0]
        return math.hypot(at.x - first.x, at.y - first.y) * at.scale <= _NEAR
