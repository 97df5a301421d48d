"""What the doings of every menu have in common."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from editor.model.commands import Reshape, Swap
from editor.model.document import Document
from editor.news import Told
from editor.operations.base import Operation

if TYPE_CHECKING:
    from editor.ui.window import Window


class Doings(QObject):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._session, self._filing = window.session, window.filing

    @property
    def _document(self) -> Document:
        document = self._session.current
        assert document is not None, "the action needs a document and should be grey"
        return document

    def _tell(self, sentence: str) -> None:
        self._session.told.emit(Told("info", sentence))

    def start(
        self,
        operation: Operation,
        document: Document | None = None,
        *,
        other: Document | None = None,
        instead: Swap | Reshape | None = None,
    ) -> None:
        """Do what somebody asked for, or say why not."""
        begun = self._session.do(operation, document, other=other, instead=instead)
        if begun is None and not operation.waits:
            self._tell_busy()

    def _tell_busy(self) -> None:
        """One thing at a time."""
        working = self._session.at_work
        if working is not None:
            what = working.label
            if working.document is not self._session.current:
                what = self.tr("{} in {}").format(what, working.document.title)
            self._tell(self.tr("{} is not done yet: wait for it, or stop it (Esc).").format(what))

    def _asked_picture(self, title: str) -> Path | None:
        """A picture that the person chooses to be opened."""
        from editor.files.kinds import KINDS

        endings = " ".join(f"*{suffix}" for kind in KINDS for suffix in kind.suffixes)
        kinds = f"{self.tr('Pictures')} ({endings})"
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, str(self._folder()), kinds)
        return Path(chosen) if chosen else None

    def _asked_target(
        self, title: str, suggested: Path, kinds: Sequence[tuple[str, str]]
    ) -> Path | None:
        """Where the person wants a file of one of these kinds, each a name and its ending.

        The dialog asks before it gives the name of a file that is there. With an ending added it
        may be that of another one: then it is asked once more, with the whole name.
        """
        asked: Path | None = None
        filters = {f"{name} (*{suffix})": suffix for name, suffix in kinds}
        while True:
            chosen, filter_ = QFileDialog.getSaveFileName(
                self._window, title, str(suggested), ";;".join(filters)
            )
            if not chosen:
                return None
            path = Path(chosen)
            if path.suffix.lower() in filters.values():
                return path
            whole = path.with_name(path.name + filters.get(filter_, kinds[0][1]))
            if whole == asked or not os.path.lexists(whole):
                return whole
            suggested = asked = whole

    def _folder(self) -> Path:
        """Where the person was last: beside the document, or beside the last file."""
        document = self._session.current
        known = [document.project, document.source] if document else []
        used = [path for path in (*known, *self._window.settings.recent()) if path is not None]
        return Path(used[0]).parent if used else Path.home()
