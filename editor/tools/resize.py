"""The resize tool: handles on the edges and corners of the picture, for mouse and arrow keys."""

from __future__ import annotations

import math
from typing import ClassVar, NamedTuple

from PySide6.QtCore import Qt

from editor.engine.image import Rect, Size
from editor.model.document import Document
from editor.operations.retarget import Retarget
from editor.tools.base import Draft, Pointer, Result, Tool

_NEAR = 10  # screen pixels within which an edge is meant
_LEAST, _MOST = 10, 8  # a side may become a tenth, or eight times what it is


class Edges(NamedTuple):
    """Which edges a handle moves: -1 is the left or upper one, 1 the other, 0 neither."""

    x: int
    y: int


_Shape = Qt.CursorShape
_CURSORS = {
    Edges(-1, 0): _Shape.SizeHorCursor,
    Edges(1, 0): _Shape.SizeHorCursor,
    Edges(0, -1): _Shape.SizeVerCursor,
    Edges(0, 1): _Shape.SizeVerCursor,
    Edges(-1, -1): _Shape.SizeFDiagCursor,
    Edges(1, 1): _Shape.SizeFDiagCursor,
    Edges(-1, 1): _Shape.SizeBDiagCursor,
    Edges(1, -1): _Shape.SizeBDiagCursor,
}


class ResizeTool(Tool):
    """Gives a Retarget to the size that was dragged; how it is done is for the options to say."""

    name: ClassVar[str] = "resize"
    caption: ClassVar[str] = "Resize"
    icon: ClassVar[str] = "resize"
    key: ClassVar[str] = "S"
    takes_away: ClassVar[bool] = False
    hint: ClassVar[str] = (
        "Drag an edge or a corner, or press the arrow keys and Enter. Shift keeps the proportions."
    )

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._frame: Rect | None = None  # where the edges are put; None: as they are
        self._held: Edges | None = None
        self._from: tuple[Pointer, Rect] | None = None  # where a drag began, and what it began on

    @property
    def active(self) -> bool:
        return self._frame is not None

    def frame(self, document: Document) -> Rect | None:
        return document.rect if self._frame is None else self._frame

    def cursor(self, at: Pointer, document: Document) -> Qt.CursorShape | None:
        edges = self._held or self._edges_at(at, document)
        return Qt.CursorShape.ArrowCursor if edges is None else _CURSORS[edges]

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._held = self._edges_at(at, document)
        if self._held is None:
            return None
        self._document = document
        self._from = at, self._frame or document.rect
        self._frame = self._frame or document.rect
        return Draft(frame=self._frame)

    def drag(self, at: Pointer) -> Draft | None:
        if self._held is None or self._from is None or self._document is None:
            return None
        start, rect = self._from
        wanted = Size(
            round(rect.width + (at.x - start.x) * self._held.x),
            round(rect.height + (at.y - start.y) * self._held.y),
        )
        if at.shift:
            wanted = _proportional(wanted, rect, self._held)
        size = _possible(wanted, self._document)
        x = rect.right - size.width if self._held.x < 0 else rect.x
        y = rect.bottom - size.height if self._held.y < 0 else rect.y
        self._frame = Rect(x, y, *size)
        return Draft(frame=self._frame)

    def release(self, at: Pointer) -> Result:
        held, self._held = self._held, None
        return None if held is None else self.finish()

    def arrow(self, dx: int, dy: int, document: Document) -> Draft | None:
        """Right and down make it larger."""
        rect = self._frame or document.rect
        return self.put(document, Size(rect.width + dx, rect.height + dy))

    def put(self, document: Document, size: Size) -> Draft:
        """The picture with this size, its middle staying where it is."""
        size = _possible(size, document)
        whole = document.size
        x, y = ((old - new) // 2 for old, new in zip(whole, size, strict=True))
        self._document, self._frame = document, Rect(x, y, *size)
        return Draft(frame=self._frame)

    def finish(self) -> Result:
        document, frame = self._document, self._frame
        self.cancel()
        if document is None or frame is None or Size(*frame[2:]) == document.size:
            return None
        return Retarget(unit="pixels", width=frame.width, height=frame.height)

    def cancel(self) -> None:
        self._document = self._frame = self._held = self._from = None

    def _edges_at(self, at: Pointer, document: Document) -> Edges | None:
        """Which edges are near a place: those of a corner where two are."""
        rect = self._frame or document.rect
        near = _NEAR / at.scale
        if not (rect.x - near <= at.x <= rect.right + near):
            return None
        if not (rect.y - near <= at.y <= rect.bottom + near):
            return None
        x = _side(at.x, rect.x, rect.right, near)
        y = _side(at.y, rect.y, rect.bottom, near)
        return Edges(x, y) if x or y else None


def _side(at: float, low: float, high: float, near: float) -> int:
    """Which end of a range a place is near, -1 or 1; in a small picture only the nearer one."""
    if abs(at - low) <= min(near, abs(at - high)):
        return -1
    return 1 if abs(at - high) <= near else 0


def _proportional(wanted: Size, rect: Rect, held: Edges) -> Size:
    """As wide for its height as it is; the edge that is moved, or the one moved most, decides."""
    across, down = wanted.width / rect.width, wanted.height / rect.height
    factor = across if held.x else down
    if held.x and held.y:
        factor = max(across, down, key=lambda one: abs(math.log(max(one, 0.01))))
    return Size(round(rect.width * factor), round(rect.height * factor))


def _possible(size: Size, document: Document) -> Size:
    """As near to a size as the engine will go."""
    sides = (
        min(max(side, -(-old // _LEAST)), old * _MOST)
        for side, old in zip(size, document.size, strict=True)
    )
    return Size(*sides)
