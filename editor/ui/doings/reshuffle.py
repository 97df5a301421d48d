"""Reshuffle mode: pieces are carried about over what heals beneath them, and taken at last.

While a piece is in the hand the picture is shown without it; when it is let go, with it in its new
place. Nothing of that is in the document until Enter takes it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from editor.engine.moves import Move
from editor.model.document import Changed, Document, Finding, Pieces
from editor.model.placing import PlacePieces
from editor.news import Choose, FoundSoFar
from editor.operations import Reshuffle, TryMoves
from editor.operations.base import Choices, Operation, Patch
from editor.tools.base import Draft
from editor.tools.move import MoveTool
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.window import Window


class ReshuffleDoings(ModeDoings):
    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._shown: Document | None = None
        self._pieces = Pieces()  # of the document, as they were last looked at
        self._tried: TryMoves | None = None  # what was asked for last
        self._value: Patch | None = None  # what it has found
        self._taking = False  # as soon as it is found
        self._held: int | None = None
        window.canvas.drafted.connect(self._drafted)
        window.pieces_panel.changed.connect(self._edit)
        window.pieces_panel.chosen.connect(self._choose)
        window.pieces_panel.tighten_wanted.connect(window.masks.do_tighten_mask)
        self._session.results.found_so_far.connect(self._found_so_far)

    def show(self, document: Document | None) -> None:
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.redrawn.disconnect(self._follow)
            self._shown.changed.disconnect(self._changed)
            self._shown.found.disconnect(self._found)
            self._drop()
        self._shown = document
        self._window.canvas.grip = None if document is None else self._grip
        if document is not None:
            self._grip.selected = None
            self._pieces = Pieces()
            document.redrawn.connect(self._follow)
            document.changed.connect(self._changed)
            document.found.connect(self._found)
            self._follow()

    @property
    def _grip(self) -> MoveTool:
        return next(tool for tool in self._window.tool_bar.tools if isinstance(tool, MoveTool))

    # ── Enter, Esc and the options ──

    @property
    def label(self) -> str:
        return super().label if self._tried is None else "Take"

    def go(self) -> None:
        """Take what is shown, at once or as soon as it is found."""
        document = self._document
        if not document.pieces.moves and not document.pieces.waiting:
            painted = self.tr("Drag what is painted to where it should be, then press Enter.")
            self._tell(painted if document.masked else self.tr(self._mode.needs_mask))
        elif self._value is not None:
            self._take()
        else:
            if not self._session.solving:
                self._try()
            self._taking = self._tried is not None

    def leave(self) -> bool:
        """Give the pieces back to where the picture shows them."""
        document = self._shown
        if document is None:
            return False
        pieces = document.pieces
        if pieces.waiting:
            back = replace(pieces, moves=pieces.done)
            self._session.push(PlacePieces(document, self.tr("Give pieces back"), back))
        elif self._tried is not None:
            self._drop()
        elif self._grip.selected is not None:
            self._choose(None)
        else:
            return False
        return True

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        if self._shown is not None and self._shown.pieces.moves:
            self._try()

    # ── the document's pieces ──

    @Slot()
    def _follow(self) -> None:
        """They are others, or lie otherwise."""
        document = self._shown
        if document is None:
            return
        pieces, before = document.pieces, self._pieces
        if pieces is not before:
            self._let_go()
        self._show_list()
        if pieces is before:
            return
        self._pieces, self._held = pieces, None
        if pieces.waiting:
            self._try()
        else:
            self._drop()

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if changed.plane == "mask":
            self._let_go()
            self._show_list()

    def _let_go(self) -> None:
        """What the hand holds is no longer what lies there, as after an undo."""
        if self._grip.active:
            self._window.canvas.cancel_gesture()

    def _show_list(self) -> None:
        moves, grip = () if self._shown is None else self._shown.pieces.moves, self._grip
        if grip.selected is not None and grip.selected >= len(moves) and not grip.active:
            grip.selected = None
        painted = self._shown is not None and self._shown.masked and not grip.active
        self._window.pieces_panel.show_pieces(moves, grip.selected, painted)
        self._window.canvas.update()

    @Slot(object, str)
    def _edit(self, moves: tuple[Move, ...], label: str) -> None:
        document = self._document
        pieces = replace(document.pieces, moves=moves)
        self._session.push(PlacePieces(document, self.tr(label), pieces))

    @Slot(object)
    def _choose(self, number: int | None) -> None:
        self._grip.selected = number
        self._show_list()
        self._window.canvas.setFocus()

    @Slot(object)
    def _drafted(self, draft: Draft | None) -> None:
        """A gesture takes hold of a piece, goes on, or is over."""
        if self._shown is None:
            return
        held = None if draft is None else draft.held
        if held == self._held:
            return
        self._held = held
        if draft is not None and draft.moves is not None and held is not None:
            self._window.canvas.float_piece(held)
            self._ask(replace(self._trial(draft.moves), held=held))
        elif self._shown.pieces.waiting:
            self._try()
        else:
            self._drop()
        self._show_list()

    # ── trying ──

    def _trial(self, moves: tuple[Move, ...]) -> TryMoves:
        operation = self.operation()
        assert isinstance(operation, Reshuffle)
        before = None if self._shown is None else self._shown.pieces.before
        return TryMoves(moves=moves, before=before, adapt=operation.adapt, seed=operation.seed)

    def _try(self) -> None:
        """Find out what the picture becomes with the pieces as they lie now."""
        assert self._shown is not None
        pieces = self._shown.pieces
        if pieces.before is None and all(move.rests for move in pieces.moves):
            self._drop()
        else:
            self._ask(self._trial(pieces.moves))

    def _ask(self, trial: TryMoves) -> None:
        """In the place of what was asked before."""
        if self._tried is not None:
            self._session.withdraw(self._tried)
        self._tried, self._value, self._taking = trial, None, False
        self._session.do(trial, self._shown)
        self._window.show_go()

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if said.document is self._shown and said.operation is self._tried:
            self._show(said.value)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if finding.operation is self._tried:
            self._value = finding.value
            self._show(finding.value)
            if self._taking:
                self._take()

    def _show(self, patch: Patch) -> None:
        canvas = self._window.canvas
        canvas.show_preview(patch)
        canvas.hatched = False
        if self._tried is not None and self._tried.held is None:
            canvas.float_piece(None)

    def _drop(self) -> None:
        """The picture as it is; nothing is tried any more."""
        if self._tried is not None:
            self._session.withdraw(self._tried)
        self._tried, self._value, self._taking, self._held = None, None, False, None
        self._window.show_go()
        self._window.canvas.float_piece(None)
        self._window.canvas.show_preview(None)

    def _take(self) -> None:
        trial, patch, document = self._tried, self._value, self._shown
        assert trial is not None
        assert patch is not None
        assert document is not None
        done = Reshuffle(trial.moves, trial.before, trial.adapt, trial.seed)
        self._drop()
        self._session.results.take(Choose(document, Choices(((done, patch),))), 0)
