"""The command that moves pieces about: how they are to lie, not yet what becomes of the picture."""

from __future__ import annotations

from typing import Any, ClassVar

from editor.model.commands import Command, Swap
from editor.model.document import Document, Pieces

NUDGE = "Nudge piece"


class PlacePieces:
    """Pieces that are to lie otherwise than before; ``also`` is done with it.

    Nudges of one piece are one step, however many keys were pressed.
    """

    planes = ("pieces",)
    recipe: ClassVar[dict[str, Any]] = {}

    def __init__(
        self, document: Document, label: str, pieces: Pieces, also: Swap | None = None
    ) -> None:
        self.label = label
        self._document, self._also = document, also
        self._before, self._after = document.pieces, pieces

    @property
    def nbytes(self) -> int:
        return 0 if self._also is None else self._also.nbytes

    def absorb(self, later: Command) -> bool:
        """Whether a later one only goes on with this one, which then does both."""
        if not isinstance(later, PlacePieces) or not (self._nudged() == later._nudged() != -1):
            return False
        self._after = later._after
        return True

    def _nudged(self) -> int:
        """The number of the piece that is nudged, -1 if none is."""
        moves = zip(self._before.moves, self._after.moves, strict=False)
        others = [number for number, (old, new) in enumerate(moves) if old is not new]
        return others[0] if self.label == NUDGE and len(others) == 1 else -1

    def redo(self) -> None:
        self._document.place_pieces(self._after)
        if self._also is not None:
            self._also.redo()

    def undo(self) -> None:
        if self._also is not None:
            self._also.undo()
        self._document.place_pieces(self._before)
