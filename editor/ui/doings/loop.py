"""Loop mode: what is found in a clip, shown while it plays, and what the stage asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot

from editor.engine.step import Step
from editor.model.document import Document, Finding
from editor.news import FoundSoFar, Told
from editor.operations import Loop
from editor.ui.action_bar import ActionBar
from editor.ui.doings.mode import ModeDoings
from editor.ui.doings.regions import RegionDoings

if TYPE_CHECKING:
    from editor.files.clips.player import Player
    from editor.tools.base import Tool
    from editor.ui.canvas import Canvas
    from editor.ui.loop.painted import PaintedScreen
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
        self._plays_when_found = False
        self.regions = RegionDoings(window, self)
        self._session.results.found_so_far.connect(self._found_so_far)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    def stage(self) -> LoopStage:
        if self._stage is None:
            from editor.ui.loop.stage import LoopStage

            stage = self._stage = LoopStage(self._window.means_of_loops())
            self._action_bar = ActionBar(stage.screen_)
            self._window.follow_bar(self._action_bar)
            self._window.show_go()
            stage.export_wanted.connect(self._export)
            stage.forbidden.connect(self._forbid)
            stage.forced.connect(self._force)
            stage.fade_changed.connect(self._fade_changed)
            stage.range_changed.connect(self._range_changed)
            stage.loop_chosen.connect(self._loop_chosen)
            stage.screen_.gestured.connect(self._window.gestured)
            stage.screen_.hovered.connect(self._window.status.show_place)
            stage.scale_changed.connect(self._window.status.show_zoom)
            stage.failed.connect(self._failed)
        return self._stage

    def show(self, document: Document | None) -> None:
        """Another document is in front; None or a picture: nothing plays."""
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.found.disconnect(self._found)
        self._shown = document if document is not None and document.film is not None else None
        self.regions.show(None)
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
        operation = self.operation()
        blank: dict[str, Any] = {"forbidden": frozenset(), "forced": frozenset()}
        blank |= {"fades": frozenset(), "first": 0, "last": 0}
        finding = self._shown.finding(Loop)
        if finding is not None:
            operation = self.operation_of(finding)
            self._window.options_of(self._mode.name).set_operation(operation)
            self._found(finding)
        elif any(getattr(operation, name) for name in blank):  # of another clip
            operation = dataclasses.replace(operation, **blank)
            self._window.options_of(self._mode.name).set_operation(operation)
        stage.show_range(operation.first, operation.last or film.clip.count - 1)
        self._show_fades(operation)
        self.regions.show(self._shown)

    @property
    def settled(self) -> bool:
        return self._stage is None or self._stage.settled

    @property
    def surface(self) -> Canvas | PaintedScreen:
        return self._window.canvas if self._shown is None else self.stage().screen_

    @property
    def paints(self) -> bool:
        return self.regions.painting

    @property
    def hint(self) -> str:
        return "Paint a region of the clip. X takes away, [ ] for size, Esc ends."

    def take(self, tool: Tool) -> None:
        self.regions.take(tool)

    def begin(self) -> None:
        self.regions.begin()

    def leave(self) -> bool:
        """Esc ends painting."""
        painting = self.regions.painting
        self.regions.paint(0)
        return painting

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

    def operation(self) -> Loop:
        operation = super().operation()
        assert isinstance(operation, Loop)
        return operation

    @staticmethod
    def operation_of(found: Finding | FoundSoFar) -> Loop:
        assert isinstance(found.operation, Loop)
        return found.operation

    # ── what is found ──

    def find_and_play(self) -> None:
        """Play what is known, find loops for what has been painted since, and play them."""
        if self._shown is None:
            return
        self.stage().play_manner("loop")
        if self._session.do(self.operation(), self._shown) is not None:
            self._plays_when_found = True

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        mine = isinstance(said.operation, Loop)
        if mine and said.document is self._shown and self._stage is not None:
            self._show_found(said.value, self.operation_of(said))

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if not isinstance(finding.operation, Loop):
            return
        self._show_found(finding.value, finding.operation)
        self.regions.weave()
        if self._plays_when_found and finding.value.wanted is not None:
            self._plays_when_found = False
            self.stage().play_loop(finding.value.wanted.moved(finding.operation.first))

    def _show_found(self, found: Any, operation: Loop) -> None:
        stage = self.stage()
        known = found.distances, found.texture, found.loops, found.player
        stage.show_analysis(*known, operation.first)
        if found.texture is not None and not self._judging:
            self._find_steering(found)

    def _find_steering(self, found: Any) -> None:
        """Ways through the clip towards a range of frames, for endless play that is steered."""
        document, operation = self._shown, self.operation()

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
            self._show_fades(operation)
        if self._judging:
            self._judge_again = True
        else:
            self._judge()

    def _judge(self) -> None:
        document, operation = self._shown, self.operation()
        finding = None if document is None else document.finding(Loop)
        if document is None or finding is None or not isinstance(finding.operation, Loop):
            return
        if _reading(finding.operation) != _reading(operation):
            return  # Enter reads the clip again
        before = finding.value

        def settle(found: Any) -> None:
            if document in self._session.documents:
                document.keep(operation, found)
            rest("")

        def rest(_: str) -> None:
            self._judging = False
            if self._judge_again:
                self._judge_again = False
                self._judge()

        self._judging = True
        start = partial(operation.judged, before)
        self._session.at_desk(operation.label, start, settle, failed=rest)

    def _show_fades(self, operation: Loop) -> None:
        fades = {(i, j): frames for i, j, frames in operation.fades}
        self.stage().set_fade(operation.fade, fades)
        self.stage().set_blend(operation.mix)

    # ── what the stage asks for ──

    @Slot(object, int)
    def _fade_changed(self, jump: tuple[int, int], frames: int) -> None:
        """Kept with the other options, so that it is written as it is played."""
        operation = self.operation()
        others = {one for one in operation.fades if one[:2] != jump}
        fades = frozenset(others | {(*jump, frames)})
        operation = dataclasses.replace(operation, fades=fades)
        self._window.options_of(self._mode.name).set_operation(operation)

    @Slot(int, int)
    def _range_changed(self, first: int, last: int) -> None:
        """In and out point are another part of the clip: what is compared, and looped."""
        document = self._shown
        if document is None or document.film is None:
            return
        whole = document.film.clip.count - 1
        operation = dataclasses.replace(
            self.operation(), first=first, last=0 if last == whole else last
        )
        self._window.options_of(self._mode.name).set_operation(operation)
        finding = document.finding(Loop)
        if finding is None or _reading(self.operation_of(finding)) != _reading(operation):
            hint = self.tr("Enter finds the loops between the in and the out point.")
            self._window.status.show_hint(hint)

    @Slot(object)
    def _loop_chosen(self, _: object) -> None:
        self.regions.weave()

    @Slot(object, bool)
    def _forbid(self, jump: tuple[int, int], forbidden: bool) -> None:
        self._mark(jump, forbidden=forbidden, forced=False)

    @Slot(object, bool)
    def _force(self, jump: tuple[int, int], forced: bool) -> None:
        self._mark(jump, forbidden=False, forced=forced)

    def _mark(self, jump: tuple[int, int], *, forbidden: bool, forced: bool) -> None:
        operation = self.operation()
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
        kinds = [(one.name, one.suffix) for one in CLIP_KINDS if one.writes and one.suffix]
        suggested = self._folder() / f"{Path(document.title).stem}-loop{kinds[0][1]}"
        path = self._asked_target(self.tr("Export this loop"), suggested, kinds)
        if path is None:
            return
        done = self.operation_of(finding)
        operation = dataclasses.replace(self.operation(), first=done.first, last=done.last)
        found = dataclasses.replace(finding.value, wanted=loop.moved(-done.first))
        if not self._filing.export_clip(document, path, operation, found, ClipOptions()):
            self._tell_busy()

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self._session.told.emit(Told("warning", sentence))


def _reading(operation: Loop) -> tuple[Any, ...]:
    """What decides about how a clip is read and compared."""
    return operation.comparing(), operation.first, operation.last
