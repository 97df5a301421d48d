"""The move tool: take hold of a piece of the picture, carry it, scale and turn it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

import numpy as np

from editor.engine.image import Point, Rect
from editor.engine.moves import LARGEST, SMALLEST, Move
from editor.model.commands import Swap
from editor.model.document import Document, Pieces
from editor.model.placing import NUDGE, PlacePieces
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.outline import snapped

_NEAR = 9  # screen pixels within which a handle is meant
_ABOVE = 26  # screen pixels from the piece to the handle that turns it
_STEP = 15  # degrees, with Shift
_LABELS = {"move": "Move piece", "scale": "Scale piece", "turn": "Turn piece"}


class MoveTool(Tool):
    name: ClassVar[str] = "move"
    caption: ClassVar[str] = "Move"
    icon: ClassVar[str] = "move"
    key: ClassVar[str] = "V"
    takes_away: ClassVar[bool] = False
    hint: ClassVar[str] = (
        "Drag a piece; its corners scale it, the round handle turns it, arrow keys nudge it."
    )

    def __init__(self) -> None:
        super().__init__()
        self.selected: int | None = None  # the piece that has handles
        self._document: Document | None = None
        self._how = ""
        self._begun: Move | None = None  # the piece as it was when it was taken
        self._start = Point(0, 0)
        self._pieces = Pieces()  # with it, as they are now
        self._new = False  # it has been what is painted

    @property
    def active(self) -> bool:
        return self._document is not None

    def chosen(self, document: Document) -> Move | None:
        """The selected piece."""
        moves = document.pieces.moves
        if self.selected is None or self.selected >= len(moves):
            return None
        return moves[self.selected]

    def grabs(self, at: Pointer, document: Document) -> str:
        """What a press here would do: "move", "scale" or "turn" something; or nothing."""
        return self._meant(at, document)[0]

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._how, number = self._meant(at, document)
        self.selected = number
        if not self._how:
            return None
        pieces = document.pieces
        self._new = number is None
        if number is None:
            pieces = _with_painted(document)
            number = self.selected = len(pieces.moves) - 1
        self._document, self._pieces = document, pieces
        self._begun, self._start = pieces.moves[number], Point(at.x, at.y)
        return Draft(moves=pieces.moves, held=number)

    def drag(self, at: Pointer) -> Draft | None:
        if self._begun is None or self.selected is None:
            return None
        change = {"move": self._moved, "scale": self._scaled, "turn": self._turned}[self._how]
        moves = list(self._pieces.moves)
        moves[self.selected] = change(self._begun, at)
        self._pieces = replace(self._pieces, moves=tuple(moves))
        return Draft(moves=self._pieces.moves, held=self.selected)

    def release(self, at: Pointer) -> Result:
        document, pieces, begun = self._document, self._pieces, self._begun
        number, how, new = self.selected, self._how, self._new
        self.cancel()
        if document is None or number is None or begun is None:
            return None
        if pieces.moves[number].as_json() == begun.as_json():
            return None
        self.selected = number
        return PlacePieces(document, _LABELS[how], pieces, _unpainted(document) if new else None)

    def cancel(self) -> None:
        if self._new:
            self.selected = None
        self._document, self._begun, self._new = None, None, False

    def nudge(self, dx: int, dy: int, document: Document) -> Result:
        move = self.chosen(document)
        if move is None:
            return None
        return changed(document, self.selected or 0, move.moved(dx, dy), NUDGE)

    # ── what is meant, and what becomes of it ──

    def _meant(self, at: Pointer, document: Document) -> tuple[str, int | None]:
        """What a press here does, and to which piece; None is what is painted."""
        place, moves = Point(at.x, at.y), document.pieces.moves
        chosen = self.chosen(document)
        if chosen is not None and chosen.used:
            turning, corners = handles(chosen, at.scale)
            if math.dist(turning, place) * at.scale <= _NEAR:
                return "turn", self.selected
            if any(math.dist(corner, place) * at.scale <= _NEAR for corner in corners):
                return "scale", self.selected
        for number in reversed(range(len(moves))):
            if moves[number].used and moves[number].holds(place):
                return "move", number
        pixel = Rect(math.floor(place.x), math.floor(place.y), 1, 1)
        if not pixel.within(document.rect).empty and document.plane("mask").crop(pixel).any():
            return "move", None
        return "", None

    def _moved(self, move: Move, at: Pointer) -> Move:
        to = Point(at.x, at.y)
        to = snapped(self._start, to) if at.shift else to
        return move.moved(round(to.x - self._start.x), round(to.y - self._start.y))

    def _scaled(self, move: Move, at: Pointer) -> Move:
        far = math.dist((at.x, at.y), move.middle)
        times = far / max(1e-6, math.dist(self._start, move.middle))
        scale = min(max(move.scale * times, SMALLEST), LARGEST)
        return replace(move, scale=round(scale, 2))

    def _turned(self, move: Move, at: Pointer) -> Move:
        x, y = move.middle
        before = math.atan2(self._start.y - y, self._start.x - x)
        turn = move.turn + math.degrees(math.atan2(at.y - y, at.x - x) - before)
        turn = _STEP * round(turn / _STEP) if at.shift else round(turn, 1)
        return replace(move, turn=(turn + 180) % 360 - 180)


def handles(move: Move, scale: float) -> tuple[Point, tuple[Point, ...]]:
    """The one that turns a piece, and those that scale it; ``scale`` is that of a Pointer."""
    a, b, c, d = move.corners
    (x, y), (mx, my) = ((a.x + b.x) / 2, (a.y + b.y) / 2), move.middle
    away = max(1e-6, math.dist((x, y), (mx, my)))
    out = _ABOVE / scale / away
    return Point(x + (x - mx) * out, y + (y - my) * out), (a, b, c, d)


def changed(document: Document, number: int, move: Move, label: str) -> PlacePieces:
    """The command that puts another piece in the place of one."""
    moves = list(document.pieces.moves)
    moves[number] = move
    return PlacePieces(document, label, replace(document.pieces, moves=tuple(moves)))


def _with_painted(document: Document) -> Pieces:
    """The document's pieces and, as one more, what is painted.

    Where that lies on what pieces have changed, they are part of the picture from now on.
    """
    pieces, move = document.pieces, Move.of(document.mask)
    if not pieces.waiting and any(_meet(move.rect, one) for one in pieces.done):
        return Pieces((move,))
    return replace(pieces, moves=(*pieces.moves, move))


def _meet(rect: Rect, move: Move) -> bool:
    return any(not rect.within(place).empty for place in (move.rect, move.place))


def _unpainted(document: Document) -> Swap:
    """The mask of what has become a piece is taken away."""
    rect = Rect.around(document.mask)
    return Swap(document, "Clear mask", "mask", rect, np.zeros((rect.height, rect.width), np.uint8))
