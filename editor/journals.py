"""Crash recovery while people work: every change of a document is written down as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from editor.engine.step import Step
from editor.filing import Filing
from editor.model.document import Changed, Document
from editor.news import Told
from editor.operations.restore import Restore
from editor.session import Session

if TYPE_CHECKING:
    from editor.files.recovery import Journal

_CALM = 300  # ms after a line, a piece or a region was last changed: a nudge is one of many


class _Diary(QObject):
    """The journal of one document, begun at its first change. The desk keeps the order."""

    def __init__(self, document: Document, session: Session, filing: Filing, folder: Path) -> None:
        super().__init__(document)
        self._document, self._session, self._filing = document, session, filing
        self._folder = folder
        self._journal: Journal | None = None  # touched by the desk's thread only
        self._begun = False
        self._refusing = False  # the disk does not take it, and the person knows
        document.changed.connect(self.write)
        document.reshaped.connect(self.rewrite)
        document.redrawn.connect(self._arranged)
        document.arranged.connect(self._arranged)
        document.sent.connect(self._arranged)
        document.culled.connect(self._arranged)
        document.found.connect(self._arranged)
        document.forgotten.connect(self._arranged)
        self._seen = self._beside()
        self._calm = QTimer(self, interval=_CALM, singleShot=True)
        self._calm.timeout.connect(self._rewrite_edited)

    @Slot(object)
    def write(self, changed: Changed) -> None:
        if not self._begun:
            self.begin()
            return

        def steps() -> Iterator[Step[None]]:
            if self._journal is not None:
                self._journal.record(changed.plane, changed.parts)
            yield Step(1.0)

        self._at_desk(steps)

    @Slot()
    def rewrite(self) -> None:
        """It is another picture as a whole."""
        if not self._begun:
            self.begin()
            return
        project = self._filing.project(self._document, {})

        def steps() -> Iterator[Step[None]]:
            if self._journal is not None:
                self._journal.rebase(project)
            yield Step(1.0)

        self._at_desk(steps)

    def _beside(self) -> tuple[object, ...]:
        """What a document holds beside its planes."""
        document = self._document
        alone = document.is_sprite  # a sprite alone is no project
        of_sprite = (None, None) if alone else (document.goal, document.rejected)
        paused = document.paused(Restore)
        return document.lines, document.pieces, document.plays, paused, *of_sprite

    @Slot()
    def _arranged(self) -> None:
        """Lines, pieces, regions, a sprite's path or frames, or what is paused, may be others."""
        beside = self._beside()
        if any(now is not before for now, before in zip(beside, self._seen, strict=True)):
            self._seen = beside
            self._calm.start()

    @Slot()
    def _rewrite_edited(self) -> None:
        """By a command; of a project that was just opened nothing need be written."""
        if self._begun or not self._document.history.saved:
            self.rewrite()

    def begin(self) -> None:
        """Write the document down as it is."""
        self._begun = True
        document = self._document
        project = self._filing.project(document, {})
        title, path = document.title, document.project or document.source
        folder = self._folder

        def steps() -> Iterator[Step[None]]:
            from editor.files.recovery import Journal

            before, self._journal = self._journal, Journal.begin(folder, project, title, path)
            if before is not None:
                before.discard()
            yield Step(1.0)

        self._at_desk(steps)

    def _at_desk(self, steps: Callable[[], Iterator[Step[None]]]) -> None:
        self._session.at_desk("Recovery", steps, self._kept, failed=self._refused, quiet=True)

    def _kept(self, _: object) -> None:
        self._refusing = False
        self._filing.protected(self._document)

    def _refused(self, sentence: str) -> None:
        """Told once; where nothing more is taken, the next change begins anew."""
        if not self._refusing:
            self._session.told.emit(Told("warning", sentence))
        self._refusing = True
        self._begun = self._journal is not None and not self._journal.closed

    def discard(self) -> None:
        """Saved or closed on purpose: nothing is left to recover until the next change."""
        self._begun = False

        def steps() -> Iterator[Step[None]]:
            if self._journal is not None:
                self._journal.discard()
            self._journal = None
            yield Step(1.0)

        self._session.at_desk("Recovery", steps, quiet=True)


class Journals(QObject):
    """Keeps a diary of every open document of a session."""

    def __init__(self, session: Session, filing: Filing, folder: Path) -> None:
        super().__init__(session)
        self._session, self._filing, self._folder = session, filing, folder
        self._diaries: dict[Document, _Diary] = {}
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)
        filing.saved.connect(self._saved)
        filing.restored.connect(self._restored)

    @Slot(object)
    def _opened(self, document: Document) -> None:
        self._diaries[document] = _Diary(document, self._session, self._filing, self._folder)

    @Slot(object)
    def _closed(self, document: Document) -> None:
        self._diaries.pop(document).discard()

    @Slot(object)
    def _saved(self, document: Document) -> None:
        if document.history.saved:
            self._diaries[document].discard()

    @Slot(object, object)
    def _restored(self, document: Document, _: object) -> None:
        """It came from a journal or a project: only the journal's has no file of its own."""
        if not document.history.saved:
            self._diaries[document].begin()
