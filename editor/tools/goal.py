"""The tools of a sprite's stage: draw a path that it follows, or show it a place to go to."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from editor.engine.image import Point
from editor.engine.sprite import Route
from editor.model.document import Document
from editor.model.sending import SendSprite
from editor.tools.base import Draft, Pointer, Result, Tool

_LEAST = 6.0  # screen pixels: what is shorter is a click
_CLOSES = 14.0  # screen pixels between its ends at which a path is closed
_APART = 18.0  # screen pixels between two points of a line drawn freely: what is between trembles


class PathTool(Tool):
    """A drag draws a line, and clicks set corners; a smooth curve goes through all of them.

    A path that comes back to its beginning is closed. The first corner of a new one waits for the
    second: only two of them are a path.
    """

    name: ClassVar[str] = "path"
    caption: ClassVar[str] = "Path"
    icon: ClassVar[str] = "path"
    key: ClassVar[str] = "D"
    hint: ClassVar[str] = (
        "Drag to draw a path, or click its corners; end it where it began and it goes round."
        " Backspace takes a corner back, Delete all of it."
    )
    takes_away: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._drawn: list[Point] = []  # while the button is down
        self._freely = False
        self._first: Point | None = None  # a corner that waits for another one

    @property
    def active(self) -> bool:
        return bool(self._drawn) or self._first is not None

    @property
    def first(self) -> Point | None:
        """A corner that is no path yet."""
        return self._first

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._document, self._drawn, self._freely = document, [Point(at.x, at.y)], False
        return None

    def drag(self, at: Pointer) -> Draft | None:
        if not self._drawn:
            return None
        here, far = Point(at.x, at.y), _APART if self._freely else _LEAST
        if math.dist(here, self._drawn[-1]) * at.scale >= far:
            self._freely = True
            self._drawn.append(here)
        return Draft(outline=(*self._drawn, here))

    def hover(self, at: Pointer) -> Draft | None:
        return None if self._first is None else Draft(outline=(self._first, Point(at.x, at.y)))

    def release(self, at: Pointer) -> Result:
        document, drawn, freely = self._document, self._drawn, self._freely
        self._document, self._drawn = None, []
        if document is None or not drawn:
            return None
        end = Point(at.x, at.y)
        if not freely:
            return self._corner(document, end, at.scale)
        self._first = None
        kept = drawn if math.dist(end, drawn[-1]) * at.scale >= _LEAST else drawn[:-1]
        points = (*kept, end)
        if len(set(points)) < 2:
            return None
        if _closes(points, at.scale):
            return SendSprite(document, "Draw path", Route(points[:-1], closed=True, curved=True))
        return SendSprite(document, "Draw path", Route(points, curved=True))

    def _corner(self, document: Document, at: Point, scale: float) -> Result:
        """One more corner of the path that there is, or the next of a new one."""
        goal = document.goal
        open_ = goal if isinstance(goal, Route) and not goal.closed else None
        if open_ is not None and _closes((*open_.points, at), scale):
            return SendSprite(document, "Close path", replace(open_, closed=True))
        begun = open_.points if open_ is not None else () if self._first is None else (self._first,)
        if not begun:
            self._first = at
            return None
        if math.dist(at, begun[-1]) * scale < _LEAST:
            return None
        self._first = None
        label = "Draw path" if open_ is None else "Add corner"
        return SendSprite(document, label, Route((*begun, at), curved=True))

    def shorter(self, document: Document) -> Result:
        """Backspace: without its last corner, or open again."""
        goal = document.goal
        if self._first is not None or not isinstance(goal, Route):
            self._first = None
            return None
        if goal.closed:
            return SendSprite(document, "Open path", replace(goal, closed=False))
        left = goal.points[:-1]
        route = replace(goal, points=left) if len(set(left)) > 1 else None
        return SendSprite(document, "Take corner back", route)

    def cancel(self) -> None:
        self._document, self._drawn, self._first = None, [], None


class PlaceTool(Tool):
    """A click shows the creature where to go; there it rests."""

    name: ClassVar[str] = "place"
    caption: ClassVar[str] = "Go there"
    icon: ClassVar[str] = "target"
    key: ClassVar[str] = "G"
    hint: ClassVar[str] = "Click where it should go: it rests there. Delete sets it free."
    takes_away: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None  # while the button is down

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._document = document
        return None

    def release(self, at: Pointer) -> Result:
        document, self._document = self._document, None
        return None if document is None else SendSprite(document, "Go there", Point(at.x, at.y))

    def cancel(self) -> None:
        self._document = None


def _closes(points: tuple[Point, ...], scale: float) -> bool:
    """Whether the last point of a path with some length is meant to be its first."""
    return len(set(points)) > 3 and math.dist(points[0], points[-1]) * scale <= _CLOSES
