"""The File menu: open, save, export, close, and what has to be asked before work is let go."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QMenu

from editor.filing import Outdated
from editor.model.document import Document
from editor.ui.clipboard import picture_from_clipboard
from editor.ui.dialogs.export import ExportDialog
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.files.recovery import Found
    from editor.files.samples import Sample
    from editor.ui.window import Window


class FileDoings(Doings):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._recent = QMenu(window)
        self._quitting = False
        self._closing: set[Document] = set()  # to be closed as soon as they are saved
        self._filing.outdated.connect(self._ask_outdated)
        self._filing.saved.connect(self._close_when_saved)
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
        pixels = picture_from_clipboard()
        if pixels is None:
            self._tell(self.tr("There is no picture on the clipboard."))
        else:
            self._session.add(pixels, self.tr("Pasted"))

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
        """Start saving; False if the person would not say where."""
        path = document.project
        if path is None or elsewhere:
            path = self._asked_path(document)
            if path is None:
                return False
        self._filing.save(document, path, self._window.project_settings(), force=force)
        return True

    def _asked_path(self, document: Document) -> Path | None:
        """Where to save: a sprite that was opened without its clip is saved as a sprite."""
        title, kind, suffix = self.tr("Save project"), "Patina", ".patina"
        if document.is_sprite:
            title, kind, suffix = self.tr("Save sprite"), self.tr("Sprite"), ".sprite"
        suggested = self._folder() / f"{Path(document.title).stem}{suffix}"
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, title, str(suggested), f"{kind} (*{suffix})"
        )
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    def close(self, document: Document) -> None:
        """Close a document, asking first if it would take work with it."""
        if document.history.saved:
            self._session.close_document(document)
            return
        self._session.activate(document)
        self._window.messages.ask(
            self.tr("{} has changes that are not saved.").format(document.title),
            {
                self.tr("Save"): partial(self._save_and_close, document),
                self.tr("Discard"): partial(self._session.close_document, document),
            },
        )

    def may_quit(self) -> bool:
        """Whether nothing would be lost; if something would, it is asked about first."""
        unsaved = [one for one in self._session.documents if not one.history.saved]
        if unsaved and not self._quitting:
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
        return True

    def _save_and_close(self, document: Document) -> None:
        if self.save(document):
            self._closing.add(document)

    def _save_all_and_quit(self) -> None:
        for document in self._session.documents:
            if not document.history.saved and not self.save(document):
                return
            self._closing.add(document)
        self._quitting = True

    @Slot(object)
    def _close_when_saved(self, document: Document) -> None:
        if document not in self._closing or not document.history.saved:
            return
        self._closing.discard(document)
        if not self._quitting:
            self._session.close_document(document)
        elif all(one.history.saved for one in self._session.documents):
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
            action = self._recent.addAction(path.name)
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
