"""What the doings of every menu have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from editor.model.document import Document
from editor.session import Told

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

    def _asked_picture(self, title: str) -> Path | None:
        """A picture that the person chooses to be opened."""
        from editor.files.kinds import KINDS

        endings = " ".join(f"*{suffix}" for kind in KINDS for suffix in kind.suffixes)
        kinds = f"{self.tr('Pictures')} ({endings})"
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, str(self._folder()), kinds)
        return Path(chosen) if chosen else None

    def _folder(self) -> Path:
        """Where the person was last: beside the document, or beside the last file."""
        document = self._session.current
        known = [document.project, document.source] if document else []
        used = [path for path in (*known, *self._window.settings.recent()) if path is not None]
        return Path(used[0]).parent if used else Path.home()
