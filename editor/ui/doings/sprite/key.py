"""The first step of Sprite mode: the key that tells the creature from its backdrop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot

from editor.engine.image import Mask
from editor.engine.step import Step
from editor.files.problems import FileProblem
from editor.jobs import sentence_case
from editor.model.document import Document
from editor.opening import Opened, reading
from editor.operations.sprite import doubt_of
from editor.ui.doings.sprite.work import Room


class KeyRoom(Room):
    _looking = False  # for a key

    @Slot(object)
    def colours_picked(self, colours: tuple[tuple[int, int, int], ...]) -> None:
        key = "colour" if colours else "auto"
        self._sprites.set(colours=colours, key=key)

    @Slot(object)
    def plate_wanted(self, wanted: bool) -> None:
        """Ask for a picture of the place without the creature, or do without it from now on."""
        if not wanted:
            self._sprites.set(key="auto")
            return
        title = self.tr("Open a picture of the place without the creature")
        chosen = self._asked_picture(title)
        if chosen is not None:
            self._open_plate(chosen)
        self.show_key()

    def _open_plate(self, path: Path) -> None:
        document, work = self._shown, self._work

        def steps() -> Iterator[Step[Opened]]:
            yield from reading(path)

        def settle(opened: Opened) -> None:
            work.plate = Document(opened.pixels, title=path.name)
            work.draft = replace(work.draft, key="difference", colours=())
            if document is self._shown:
                self._sprites.restore(work.draft)

        self._session.at_desk(f"Open {path.name}", steps, settle)

    @property
    def plate(self) -> Document | None:
        """What the creature is compared with, where it is not the clip itself."""
        work = self._work
        return work.plate if work.draft.key == "difference" and not work.draft.colours else None

    @Slot(object)
    def object_picked(self, pick: tuple[int, float, float] | None) -> None:
        self._sprites.set(pick=pick)

    def show_key(self) -> None:
        """The frame by the key as it is known; another one is looked for if it is another."""
        work, operation = self._work, self._sprites.operation()
        asked = operation.key, operation.colours, operation.first, operation.last, self.plate
        self._stage.key.plate.set_value(self.plate is not None)
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
        scene, session = document.scene(self.plate), self._session
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
            words = str(found) if failed else doubt_of(found)
            work.said = f"{sentence_case(words)}." if words else ""
            if document is self._shown:
                self._stage.key.say(work.said)
            if self._shown is not None and self._shown.film is not None:
                self.show_key()  # it may be another clip by now, or another key

        self._looking = True
        self._session.at_desk(self.tr("Find the backdrop"), steps, settle, quiet=True)
