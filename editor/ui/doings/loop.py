"""Loop mode: what is found in a clip, shown while it plays, and what the stage asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from editor.engine.step import Step
from editor.jobs import sentence_case
from editor.model.document import Document, Finding
from editor.operations import Loop
from editor.session import FoundSoFar, Told
from editor.ui.action_bar import ActionBar
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.files.clips.player import Player
    from editor.ui.loop.stage import LoopStage
    from editor.ui.modes import Mode
    from editor.ui.window import Window


class LoopDoings(ModeDoings):
    """The stage is made when the first clip is opened: nobody else waits for it."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: LoopStage | None = None
        self._action_bar: ActionBar | None = None
        self._shown: Document | None = None
        self._player: Player | None = None
        self._judging = False
        self._judge_again = False
        self._session.found_so_far.connect(self._found_so_far)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    def stage(self) -> LoopStage:
        if self._stage is None:
            from editor.ui.loop.stage import LoopStage

            stage = self._stage = LoopStage(self._window.means_of_loops())
            self._action_bar = ActionBar(stage.screen_)
            self._window.follow_bar(self._action_bar)
            stage.export_wanted.connect(self._export)
            stage.forbidden.connect(self._forbid)
            stage.forced.connect(self._force)
            stage.failed.connect(self._failed)
        return self._stage

    def show(self, document: Document | None) -> None:
        """Another document is in front; None or a picture: nothing plays."""
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.found.disconnect(self._found)
        self._shown = document if document is not None and document.film is not None else None
        stage = self._stage if self._shown is None else self.stage()
        if stage is None:
            return
        stage.show_clip(None, None)
        self._close_player()
        if self._shown is None:
            return
        from editor.files.clips.player import Player

        film: Any = self._shown.film
        self._player = Player(film)
        stage.show_clip(film, self._player)
        self._shown.found.connect(self._found)
        operation = self._operation()
        blank: dict[str, Any] = {"forbidden": frozenset(), "forced": frozenset()}
        finding = self._shown.finding(Loop)
        if finding is not None:
            self._window.options.set_operation(finding.operation)
            self._found(finding)
        elif operation.forbidden or operation.forced:  # of another clip
            operation = dataclasses.replace(operation, **blank)
            self._window.options.set_operation(operation)
        stage.set_fade(operation.fade)
        stage.set_blend(operation.mix)

    def end(self) -> None:
        """The window closes."""
        if self._stage is not None:
            self._stage.show_clip(None, None)
            self._stage.end()
        self._close_player()

    def _close_player(self) -> None:
        if self._player is not None:
            self._player.close()
            self._player = None

    def _operation(self) -> Loop:
        operation = super()._operation()
        assert isinstance(operation, Loop)
        return operation

    # ── what is found ──

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if said.document is self._shown and self._stage is not None:
            self._show_found(said.value)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        self._show_found(finding.value)

    def _show_found(self, found: Any) -> None:
        stage = self.stage()
        stage.show_analysis(found.distances, found.texture, found.loops, found.player)
        if found.texture is not None and not self._judging:
            self._find_steering(found)

    def _find_steering(self, found: Any) -> None:
        """Ways through the clip towards a range of frames, for endless play that is steered."""
        document, operation = self._shown, self._operation()

        def steps() -> Iterator[Step[Any]]:
            yield from operation.steering(found)

        def settle(steering: Any) -> None:
            if document is self._shown and self._stage is not None:
                self._stage.show_steering(steering)

        self._session.at_desk("Steering", steps, settle, quiet=True)

    @Slot(object)
    def tuned(self, operation: Any) -> None:
        """An option was changed: what was compared is judged anew, the clip is not read again."""
        if self._stage is not None:
            self._stage.set_fade(operation.fade)
            self._stage.set_blend(operation.mix)
        if self._judging:
            self._judge_again = True
        else:
            self._judge()

    def _judge(self) -> None:
        document, operation = self._shown, self._operation()
        finding = None if document is None else document.finding(Loop)
        if document is None or finding is None or not isinstance(finding.operation, Loop):
            return
        if finding.operation.comparing() != operation.comparing():
            return  # Enter reads the clip again
        before = finding.value

        def steps() -> Iterator[Step[Any]]:
            try:
                yield from operation.judged(before)
            except ValueError as impossible:
                yield Step(1.0, impossible)

        def settle(found: Any) -> None:
            self._judging = False
            if isinstance(found, ValueError):
                self._failed(f"{sentence_case(str(found))}.")
            elif document in self._session.documents:
                document.keep(operation, found)
            if self._judge_again:
                self._judge_again = False
                self._judge()

        self._judging = True
        self._session.at_desk(operation.label, steps, settle)

    # ── what the stage asks for ──

    @Slot(object, bool)
    def _forbid(self, jump: tuple[int, int], forbidden: bool) -> None:
        self._mark(jump, forbidden=forbidden, forced=False)

    @Slot(object, bool)
    def _force(self, jump: tuple[int, int], forced: bool) -> None:
        self._mark(jump, forbidden=False, forced=forced)

    def _mark(self, jump: tuple[int, int], *, forbidden: bool, forced: bool) -> None:
        operation = self._operation()
        operation = dataclasses.replace(
            operation,
            forbidden=operation.forbidden | {jump} if forbidden else operation.forbidden - {jump},
            forced=operation.forced | {jump} if forced else operation.forced - {jump},
        )
        self._window.options_of(self._mode.name).set_operation(operation)
        self.tuned(operation)

    @Slot(object)
    def _export(self, loop: Any) -> None:
        from editor.files.clips.kinds import CLIP_KINDS
        from editor.files.clips.options import ClipOptions

        document = self._shown
        finding = None if document is None else document.finding(Loop)
        if document is None or finding is None:
            return
        written = [kind for kind in CLIP_KINDS if kind.writes and kind.suffix]
        kinds = ";;".join(f"{kind.name} (*{kind.suffix})" for kind in written)
        stem = Path(document.title).stem
        suggested = self._folder() / f"{stem}-loop{written[0].suffix}"
        chosen, kind = QFileDialog.getSaveFileName(
            self._window, self.tr("Export this loop"), str(suggested), kinds
        )
        if not chosen:
            return
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(
                next(one.suffix for one in written if kind.startswith(one.name))
            )
        operation = self._operation()
        sequel = operation.sequel(dataclasses.replace(finding.value, wanted=loop))
        if not self._filing.export_clip(document, path, operation, sequel, ClipOptions()):
            self._tell(self.tr("Something else is being worked on; try again when it is done."))

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self._session.told.emit(Told("warning", sentence))
