"""Which frames of a sprite are thrown out, as a command."""

from __future__ import annotations

from typing import Any, ClassVar

from editor.model.document import Document


class RejectFrames:
    """Other frames are thrown out than before."""

    planes = ("rejected",)
    nbytes = 0
    recipe: ClassVar[dict[str, Any]] = {}

    def __init__(self, document: Document, label: str, frames: frozenset[int]) -> None:
        self.label = label
        self._document = document
        self._before, self._after = document.rejected, frames

    def redo(self) -> None:
        self._document.reject(self._after)

    def undo(self) -> None:
        self._document.reject(self._before)
