"""The line tool: draw what goes on through the hole, move its ends, accept what is suggested."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from editor.engine.guides import Line, unlike
from editor.engine.image import Point
from editor.model.commands import DrawLines
from editor.model.document import Document, Drawn
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.outline import snapped

_NEAR = 8  # screen pixels within which an end or a line is meant
_LEAST = 4  # pixels: shorter is a click


class LineTool(Tool):
    name: ClassVar[str] = "line"
    caption: ClassVar[str] = "Guide line"
    icon: ClassVar[str] = "line"
    key: ClassVar[str] = "G"
    hint: ClassVar[str] = (
        "Draw a line along what goes on straight. Click a dashed one to accept it,"
        " right-click one to remove it."
    )

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._start = Point(0, 0)
        self._end = Point(0, 0)
        self._moved: int | None = None  # the line whose end is dragged
        self._pressed: Pointer | None = None

    @property
    def active(self) -> bool:
        return self._document is not None

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._document, self._pressed = document, at
        self._start = self._end = _inside(document, Point(at.x, at.y))
        self._moved = None
        for number, drawn in enumerate(document.lines):
            for near, far in ((drawn.line.a, drawn.line.b), (drawn.line.b, drawn.line.a)):
                if math.dist(near, self._start) * at.scale <= _NEAR:
                    self._moved, self._start = number, far
        return None

    def drag(self, at: Pointer) -> Draft | None:
        document = self._document
        if document is None:
            return None
        end = Point(at.x, at.y)
        self._end = _inside(document, Point(*snapped(self._start, end)) if at.shift else end)
        return Draft(outline=(self._start, self._end))

    def release(self, at: Pointer) -> Result:
        document, pressed = self._document, self._pressed
        self.cancel()
        if document is None or pressed is None:
            return None
        place = Point(pressed.x, pressed.y)
        if math.dist(place, (at.x, at.y)) < _LEAST:
            return self._clicked(document, place, pressed)
        if math.dist(self._start, self._end) < _LEAST:
            return None
        lines = list(document.lines)
        if self._moved is not None:
            drawn = lines[self._moved]
            lines[self._moved] = replace(
                drawn, line=replace(drawn.line, a=self._start, b=self._end)
            )
            return DrawLines(document, "Move line", tuple(lines))
        (line,) = unlike([Line(self._start, self._end)], [drawn.line for drawn in lines])
        return DrawLines(document, "Draw line", (*lines, Drawn(line)))

    def cancel(self) -> None:
        self._document = self._pressed = None

    @staticmethod
    def _clicked(document: Document, place: Point, at: Pointer) -> Result:
        """Remove a line, or accept one that is suggested."""
        near = _NEAR / at.scale
        lines = document.lines
        if at.subtract:
            left = tuple(drawn for drawn in lines if distance(drawn.line, place) > near)
            return None if left == lines else DrawLines(document, "Remove line", left)
        meant = [line for line in document.suggested if distance(line, place) <= near]
        if not meant:
            return None
        line = min(meant, key=lambda one: distance(one, place))
        return DrawLines(document, "Accept line", (*lines, Drawn(line)))


def distance(line: Line, place: Point) -> float:
    """Of a place from the nearest point of a line."""
    (ax, ay), (bx, by) = line.a, line.b
    dx, dy = bx - ax, by - ay
    along = ((place.x - ax) * dx + (place.y - ay) * dy) / (dx * dx + dy * dy)
    along = min(max(along, 0.0), 1.0)
    return math.dist(place, (ax + along * dx, ay + along * dy))


def _inside(document: Document, place: Point) -> Point:
    width, height = document.size
    return Point(min(max(place.x, 0.0), width), min(max(place.y, 0.0), height))
