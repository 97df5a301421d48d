"""Lecture mode: what a page wants to show is recorded, and played as soon as it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot

from editor.model.document import Document, Finding
from editor.news import FoundSoFar, Working
from editor.operations import Operation
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.ui.lecture.page import Page
    from editor.ui.lecture.stage import LectureStage
    from editor.ui.modes import Mode
    from editor.ui.window import Window


class LectureDoings(ModeDoings):
    """With no document open, what is found is kept by a blank one that nobody sees."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: LectureStage | None = None
        self._blank: Document | None = None
        self._shown: Document | None = None  # what is recorded of
        self._asked: Operation | None = None  # what is being recorded, or was the last time
        self._begun = False  # it has its turn, or had it …
        self._rested = False  # … and no more of it will come
        self._recording: Page | None = None  # the page that it is for
        self._recorded: dict[Page | None, tuple[object, ...]] = {}  # of which record each is
        self._session.results.found_so_far.connect(self._found_so_far)
        self._session.working.connect(self._working)

    def stage(self) -> LectureStage:
        if self._stage is None:
            from editor.ui.lecture.pages import PAGES
            from editor.ui.lecture.stage import LectureStage

            self._stage = LectureStage(PAGES)
            self._stage.record_wanted.connect(self._record)
            self._stage.needed.connect(self._serve)
            self._stage.projected.connect(self._window.actions_["projector"].setChecked)
            self._stage.player.played.connect(self._window.show_go)
        return self._stage

    @property
    def label(self) -> str:
        return "Pause" if self._stage is not None and self._stage.player.playing else "Play"

    @property
    def starts_empty(self) -> bool:
        return True

    @property
    def has_options(self) -> bool:
        return False

    @property
    def settled(self) -> bool:
        return self._stage is None or not self._stage.player.growing

    def focus(self) -> None:
        self.stage().setFocus()

    def show(self, document: Document | None) -> None:
        if self._window.doing is not self:
            self._follow(None)
            if self._stage is not None:
                self._stage.player.pause()
                self._withdraw()
            return
        self._follow(document or self._nothing())
        self._record()

    def _nothing(self) -> Document:
        if self._blank is None:
            self._blank = Document(np.zeros((1, 1, 3), np.uint8), parent=self)
        return self._blank

    def _follow(self, document: Document | None) -> None:
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.found.disconnect(self._found)
        self._shown = document
        if document is not None:
            document.found.connect(self._found)

    def go(self) -> None:
        self.stage().player.toggle()

    def resume(self) -> None:
        self.stage().player.toggle()

    def end(self) -> None:
        if self._stage is not None:
            self._stage.end()

    @Slot()
    def do_projector(self) -> None:
        """Open the second window, in this mode; or close it."""
        if self._window.doing is not self:
            self._window.choose_mode(self._mode)
        self.stage().change_projector()

    @Slot(str)
    def _serve(self, what: str) -> None:
        """What a page needs before there is anything to record: a sample, or another mode."""
        from editor.files.samples import samples
        from editor.ui.modes import MODES

        kind, _, name = what.partition(" ")
        if kind == "sample":
            sample = next(one for one in samples() if one.id == name)
            self._window.filing.open_sample(sample)
        else:
            self._window.choose_mode(next(mode for mode in MODES if mode.name == what))

    # ── the record ──

    @Slot()
    def _record(self) -> None:
        """Of the page that is shown, unless that has been done."""
        document, page = self._shown, self.stage().page
        if document is None:
            return
        if page is not self._recording:
            self._withdraw()
        image, mask = (document.revision(name) for name in ("image", "mask"))
        of = document, image, mask, document.sprite, page.wanted
        if self._recorded.get(page) == of and page.record is not None:
            return
        self._withdraw()
        operation = page.operation(None if document is self._blank else document)
        self.stage().begin()
        if operation is None:
            self.stage().player.growing = False
            return
        self._recorded[page] = of
        self._asked, self._begun, self._rested, self._recording = operation, False, False, page
        self._session.do(operation, document)

    def _withdraw(self) -> None:
        """What is not recorded to its end is begun again when it is wanted again."""
        asked, self._asked = self._asked, None
        if asked is not None and not self._rested:
            self._recorded.pop(self._recording, None)
            self._session.withdraw(asked)

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if said.operation is self._asked:
            self.stage().follow(said.value, whole=False)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if finding.operation is self._asked:
            self._rested = True
            self.stage().follow(finding.value, whole=True)

    @Slot(object)
    def _working(self, working: Working | None) -> None:
        """It may wait for something else; if it was stopped or it failed, what there is stays."""
        if self._asked is None:
            return
        solved = self._session.solved
        if solved is not None and solved[0] is self._asked:
            self._begun = True
        elif working is None and self._begun and not self._rested:
            self._rested = True
            self.stage().rest()
