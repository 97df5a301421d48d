"""The File menu: open, save, export, close, and what has to be asked before work is let go."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from editor.filing import Outdated
from editor.model.document import Document
from editor.ui.clipboard import as_pixels, files_in, image_in
from editor.ui.dialogs.export import ExportDialog
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.files.recovery import Found
    from editor.files.samples import Sample
    from editor.ui.widgets import Notice
    from editor.ui.window import Window


class FileDoings(Doings):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._recent = QMenu(window)
        self._quitting = False  # nothing is asked any more
        self._closing: set[Document] = set()  # to be closed as soon as they are saved …
        self._quits = False  # … and with them the window
        self._questions: dict[Document, Notice] = {}  # whether one may be closed
        self._filing.outdated.connect(self._ask_outdated)
        self._filing.saved.connect(self._close_when_saved)
        self._filing.not_saved.connect(self._stay)
        self._session.closed.connect(self._ask_no_more)
        self._filing.sample_opened.connect(self._make_ready)

    def do_open(self) -> None:
        from editor.files.clips.kinds import CLIP_KINDS
        from editor.files.kinds import KINDS

        suffixes = [suffix for kind in (*KINDS, *CLIP_KINDS) for suffix in kind.suffixes if suffix]
        endings = " ".join(f"*{suffix}" for suffix in dict.fromkeys(suffixes))
        kinds = f"{self.tr('Pictures, clips, sprites and projects')} ({endings} *.sprite *.patina)"
        chosen, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open"),
            str(self._folder()),
            f"{kinds};;{self.tr('All files')} (*)",
        )
        for path in chosen:
            self._filing.open(Path(path))

    def do_paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not self.take_in(data):  # there is none where nobody copied anything
            self._tell(self.tr("There is no picture on the clipboard."))

    def take_in(self, data: QMimeData) -> bool:
        """Open what was pasted or dropped: files, or else a picture that is in no file."""
        paths, image = files_in(data), image_in(data)
        for path in paths:
            self._filing.open(path)
        if image is not None and not paths:
            title, start = self.tr("Pasted"), partial(as_pixels, image)
            self._session.at_desk(title, start, partial(self._filing.add_new, title))
        return bool(paths) or image is not None

    def do_save(self) -> None:
        self.save(self._document)

    def do_save_as(self) -> None:
        self.save(self._document, elsewhere=True)

    def do_export(self) -> None:
        document = self._document
        stem = Path(document.title).stem
        suggested = self._folder() / f"{stem}-edited{self._suffix(document)}"
        ExportDialog.open_for(self._window).show_document(document, suggested)

    def do_close(self) -> None:
        self.close(self._document)

    def do_quit(self) -> None:
        self._window.close()

    def save(self, document: Document, *, elsewhere: bool = False, force: bool = False) -> bool:
        """Start saving; False if the person would not say where, or is asked something else."""
        path = document.project
        if path is None or elsewhere:
            path = self._asked_path(document)
            if path is None:
                return False
        return self._filing.save(document, path, self._window.project_settings(), force=force)

    def _asked_path(self, document: Document) -> Path | None:
        """Where to save: a sprite that was opened without its clip is saved as a sprite."""
        title, kind, suffix = self.tr("Save project"), "Patina", ".patina"
        if document.is_sprite:
            title, kind, suffix = self.tr("Save sprite"), self.tr("Sprite"), ".sprite"
        suggested = self._folder() / f"{Path(document.title).stem}{suffix}"
        return self._asked_target(title, suggested, [(kind, suffix)])

    def close(self, document: Document) -> None:
        """Close a document, asking first if it would take work with it."""
        close = partial(self._session.close_document, document)
        written = self._session.written
        if not document.history.saved:
            question = self.tr("{} has changes that are not saved.").format(document.title)
            save = partial(self._save_and_close, document)
            answers = {self.tr("Save"): save, self.tr("Discard"): close}
        elif written is not None and written.document is document:
            question = self.tr("{} is not done yet.").format(written.label)
            answers = {self.tr("Close without it"): close}
        else:
            close()
            return
        self._session.activate(document)
        self._ask_no_more(document)
        notice = self._questions[document] = self._window.messages.ask(question, answers)
        notice.closed.connect(partial(self._questions.pop, document, None))

    @Slot(object)
    def _ask_no_more(self, document: Document) -> None:
        """It is saved or closed by now."""
        if document in self._questions:
            self._questions[document].dismiss()

    def may_quit(self) -> bool:
        """Whether nothing would be lost; if something would, it is asked about first."""
        unsaved = [one for one in self._session.documents if not one.history.saved]
        written = self._session.written
        if self._quitting:
            return True
        if unsaved:
            self._session.activate(unsaved[0])
            self._window.messages.ask(
                self.tr("{} has changes that are not saved.").format(unsaved[0].title)
                if len(unsaved) == 1
                else self.tr("{} pictures have changes that are not saved.").format(len(unsaved)),
                {
                    self.tr("Save and quit"): self._save_all_and_quit,
                    self.tr("Quit without saving"): self._quit_now,
                },
            )
            return False
        if written is not None:
            question = self.tr("{} is not done yet.").format(written.label)
            self._window.messages.ask(question, {self.tr("Quit without it"): self._quit_now})
            return False
        return True

    def _save_and_close(self, document: Document) -> None:
        if self.save(document):
            self._closing.add(document)

    def _save_all_and_quit(self) -> None:
        unsaved = [one for one in self._session.documents if not one.history.saved]
        self._closing, self._quits = set(unsaved), True
        for document in unsaved:
            if not self.save(document):
                self._stay(document)
                return
        if not unsaved:
            self._window.close()

    @Slot(object)
    def _stay(self, document: Document) -> None:
        """It could not be saved, so it stays open, and if all were to be, the window does."""
        self._closing.discard(document)
        if self._quits:
            self._closing, self._quits = set(), False

    @Slot(object)
    def _close_when_saved(self, document: Document) -> None:
        if document.history.saved:
            self._ask_no_more(document)
        if document not in self._closing:
            return
        self._closing.discard(document)
        if not self._quits:
            self.close(document)  # it asks again if it was changed while it was being saved
        elif not self._closing:
            self._quits = False
            self._window.close()

    def _quit_now(self) -> None:
        self._quitting = True
        self._window.close()

    @Slot(object)
    def _ask_outdated(self, outdated: Outdated) -> None:
        self._window.messages.ask(
            self.tr("{} was changed by another program.").format(outdated.path.name),
            {
                self.tr("Overwrite it"): partial(self.save, outdated.document, force=True),
                self.tr("Save as…"): partial(self.save, outdated.document, elsewhere=True),
            },
        )

    def recent_menu(self) -> QMenu:
        return self._recent

    def fill_recent_menu(self) -> None:
        self._recent.clear()
        for path in self._window.settings.recent():
            action = self._recent.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._filing.open, path))
        self._window.actions_["recent"].setEnabled(not self._recent.isEmpty())

    @Slot(object)
    def open_sample(self, sample: Sample) -> None:
        """In the mode it is for."""
        from editor.ui.modes import MODES

        self._window.choose_mode(next(mode for mode in MODES if mode.name == sample.task))
        self._window.doing.open_sample(sample)

    @Slot(object)
    def _make_ready(self, sample: Sample) -> None:
        """A sample is open; unless somebody has gone elsewhere, Enter does what it is for."""
        if self._window.mode.name == sample.task:
            self._window.doing.make_ready(sample.settings)

    @Slot(object)
    def recover(self, found: Found) -> None:
        self._filing.recover(found)
        gallery = self._window.gallery
        gallery.show_recovery([one for one in gallery.recoverable if one is not found])

    @Slot(object)
    def forget(self, found: list[Found]) -> None:
        self._filing.forget(found)
        self._window.gallery.show_recovery([])

    @staticmethod
    def _suffix(document: Document) -> str:
        """The format it came in, or one that keeps everything."""
        suffix = document.source.suffix.lower() if document.source else ""
        return suffix if suffix in (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp") else ".png"
