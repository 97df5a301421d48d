"""Where a sprite should go, as a command."""

from __future__ import annotations

from typing import Any, ClassVar

from editor.engine.sprite import Goal
from editor.model.document import Document


class SendSprite:
    """The sprite should follow another path than before, or go to another place."""

    planes = ("goal",)
    nbytes = 0
    recipe: ClassVar[dict[str, Any]] = {}

    def __init__(self, document: Document, label: str, goal: Goal) -> None:
        self.label = label
        self._document = document
        self._before, self._after = document.goal, goal

    def redo(self) -> None:
        self._document.send(self._after)

    def undo(self) -> None:
        self._document.send(self._before)
