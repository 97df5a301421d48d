"""The first step of Sprite mode: the key that tells the creature from its backdrop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot

from editor.engine.image import Mask
from editor.engine.step import Step
from editor.files.problems import FileProblem
from editor.jobs import sentence_case
from editor.ui.doings.sprite.work import Room


class KeyRoom(Room):
    _looking = False  # for a key

    @Slot(object)
    def colours_picked(self, colours: tuple[tuple[int, int, int], ...]) -> None:
        key = "colour" if colours else "auto"
        self._sprites.set(colours=colours, key=key)

    @Slot(object)
    def object_picked(self, pick: tuple[int, float, float] | None) -> None:
        self._sprites.set(pick=pick)

    def show_key(self) -> None:
        """The frame by the key as it is known; another one is looked for if it is another."""
        work, operation = self._work, self._sprites.operation()
        asked = operation.key, operation.colours, operation.first, operation.last
        key = work.key if work.asked in (asked, ()) else None
        self._stage.key.show_operation(operation, key, self._garbage())
        if work.asked != asked and not self._looking:
            self._find_key(asked)

    def _garbage(self) -> Mask | None:
        document, work = self._shown, self._work
        if document is None or not document.masked:
            return None
        if work.garbage is None or work.garbage_of != document.revision("mask"):
            work.garbage, work.garbage_of = document.mask != 0, document.revision("mask")
        return work.garbage

    def _find_key(self, asked: tuple[Any, ...]) -> None:
        document, work = self._shown, self._work
        assert document is not None
        # Another tolerance is only another look at the same backdrop.
        operation = replace(self._sprites.operation(), tolerance=0.0)
        scene, session = document.scene(), self._session
        if work.key is None:
            self._stage.key.say(self.tr("Looking for the backdrop…"))

        def steps() -> Iterator[Step[Any]]:
            try:
                yield from operation.keyed(scene, session.device())
            except (ValueError, FileProblem) as impossible:
                yield Step(1.0, impossible)

        def settle(found: Any) -> None:
            self._looking = False
            failed = isinstance(found, ValueError | FileProblem)
            work.asked, work.key = asked, None if failed else found
            work.unkeyed = f"{sentence_case(str(found))}." if failed else ""
            if document is self._shown:
                self._stage.key.say(work.unkeyed)
            if self._shown is not None and self._shown.film is not None:
                self.show_key()  # it may be another clip by now, or another key

        self._looking = True
        self._session.at_desk(self.tr("Find the backdrop"), steps, settle, quiet=True)
