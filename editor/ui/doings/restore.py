"""Restore mode: the picture improves on the canvas, and any moment of the fit can be taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from editor.engine.curve import Curve
from editor.model.commands import Reshape, Swap
from editor.model.document import Changed, Document, Finding
from editor.news import Shown, Working
from editor.operations import (
    EstimateRestore,
    Operation,
    Race,
    Restore,
    TakeCheckpoint,
    TakePaused,
    TakeRace,
)
from editor.operations.base import Paused
from editor.operations.restore import Cost
from editor.ui.action_bar import ActionBar
from editor.ui.doings.mode import ModeDoings
from editor.ui.doings.racing import Racing

if TYPE_CHECKING:
    from editor.ui.canvas import Canvas
    from editor.ui.loop.painted import PaintedScreen
    from editor.ui.modes import Mode
    from editor.ui.window import Window

_CALM = 400  # ms without a change, after which the cost is estimated or a strength taken


class RestoreDoings(ModeDoings):
    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._shown: Document | None = None
        self._curve: Curve | None = None  # of the fit that runs, or of the step that was last
        self._running = False
        self._seen: tuple[int, int] | None = None  # iteration and strength that are looked at
        self._asked: tuple[int, int] | None = None  # … that are on their way
        self._looks_at: Paused | None = None  # its picture is on the canvas
        self._began_at = 0.0  # how much of the one that runs was done before
        self._calm = QTimer(self, interval=_CALM, singleShot=True)
        self._calm.timeout.connect(self._estimate)
        self._let_go = QTimer(self, interval=_CALM, singleShot=True)
        self._let_go.timeout.connect(self._take)
        self._panel = window.restore_panel
        self._panel.wanted.connect(self._scrub)
        self._panel.taken.connect(self._take)
        self._panel.flash_chosen.connect(self._choose_flash)
        self._panel.race_wanted.connect(self._begin_race)
        self._racing = Racing(window)
        self._racing.staged.connect(self._arrange)
        self._flash: Document | None = None  # the same picture taken with flash
        for signal in (self._session.opened, self._session.closed):
            signal.connect(self._offer_flashes)
        self._session.working.connect(self._show_working)

    def show(self, document: Document | None) -> None:
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.changed.disconnect(self._changed)
            self._shown.found.disconnect(self._found)
            self._shown.forgotten.disconnect(self._follow)
            self._shown.history.changed.disconnect(self._follow)
            self._session.results.shown.disconnect(self._show_preview)
            self._drop()
            self._look_at(None)
            self._racing.show(None)
        self._shown, self._running = document, False
        if document is not None:
            document.changed.connect(self._changed)
            document.found.connect(self._found)
            document.forgotten.connect(self._follow)
            document.history.changed.connect(self._follow)
            # After the window, which shows it.
            self._session.results.shown.connect(self._show_preview)
            self._racing.show(document)
            self._offer_flashes()
            self._follow()

    def operation(self) -> Restore:
        return cast(Restore, super().operation())

    @property
    def label(self) -> str:
        if self._seen is not None or self._racing.raced is not None:
            return "Take"
        if self._racing.running:
            return Race.label
        return super().label

    @property
    def hint(self) -> str:
        if self.paused is not None:
            return super().hint
        if self.operation().task == "inpaint":
            return "Paint over the missing pixels, then press Enter."
        if self.operation().task == "flash" and self._flash is None:
            return self._needs_flash
        return "Enter restores all of the picture, or only what is painted."

    def go(self) -> None:
        if self._racing.raced is not None:
            self._racing.take()
        elif self._seen is not None:
            self._take()
        elif self.paused is not None:
            self.resume()
        elif self.operation().task == "inpaint" and not self._document.masked:
            self._tell(self.tr(self._mode.needs_mask))
        elif self.operation().task == "flash" and self._flash is None:
            self._tell(self.tr(self._needs_flash))
        else:
            self._calm.stop()
            self.do(self.operation())

    def do(self, operation: Operation, instead: Swap | Reshape | None = None) -> None:
        in_flash = isinstance(operation, Restore) and operation.task == "flash"
        other = self._flash if in_flash else None
        self._session.do(operation, self._shown, other=other, instead=instead)

    def leave(self) -> bool:
        if self._racing.leave():
            return True
        if self._seen is None:
            return super().leave()
        self._follow()
        return True

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        """Another strength is shown at once; all else is for the next time."""
        last = self._last()
        if last is not None and self._curve is not None and self._curve.checkpoints:
            now = self.operation()
            if replace(now, strength=0) == _as_restore(last[1], strength=0):
                iteration = self._curve.taken if self._seen is None else self._seen[0]
                self._look((iteration, now.strength))
                self._let_go.start()
                return
        self._offer_flashes()
        self._window.tools.show_hint()
        self._calm.start()

    # ── two networks ──

    @property
    def action_bar(self) -> ActionBar | None:
        return self._racing.action_bar

    def stage(self) -> QWidget:
        return self._racing.stage() if self._racing.on_stage else super().stage()

    @property
    def surface(self) -> Canvas | PaintedScreen:
        return self._racing.stage().lanes[0].canvas if self._racing.on_stage else super().surface

    @property
    def paints(self) -> bool:
        return super().paints and not self._racing.on_stage

    @Slot(str)
    def _begin_race(self, rival: str) -> None:
        restore = self.operation()
        if restore.task == "inpaint" and not self._document.masked:
            self._tell(self.tr(self._mode.needs_mask))
        elif restore.task == "flash" and self._flash is None:
            self._tell(self.tr(self._needs_flash))
        else:
            self._calm.stop()
            self._racing.leave()
            self._racing.begin(restore, rival, self._flash if restore.task == "flash" else None)

    @Slot()
    def _arrange(self) -> None:
        self._window.arrange()
        self._window.show_go()

    # ── the picture with flash ──

    _needs_flash = "Open the same picture taken with flash as well, as large as this one."

    @Slot()
    def _offer_flashes(self) -> None:
        """The other pictures of this size, once the task needs one."""
        others = []
        if self._shown is not None and self.operation().task == "flash":
            others = [one for one in self._session.documents if self._fits(one)]
        if self._flash not in others:
            self._flash = others[0] if others else None
        self._panel.show_flashes(others, self._flash)

    def _fits(self, other: Document) -> bool:
        shown = self._shown
        return shown is not None and other is not shown and other.size == shown.size

    @Slot(object)
    def _choose_flash(self, other: Document | None) -> None:
        self._flash = other
        self._calm.start()

    # ── what is known of the document ──

    def _last(self) -> tuple[Swap | Reshape, Restore, Curve] | None:
        """The last step, if it is one of this mode."""
        command = None if self._shown is None else self._shown.history.now.command
        if not isinstance(command, Swap | Reshape) or command.curve is None:
            return None
        made_by = command.operation
        return (command, made_by, command.curve) if isinstance(made_by, Restore) else None

    @Slot()
    def _follow(self) -> None:
        """Something was done to the picture, or undone; was paused, or is forgotten."""
        self._drop()
        if self._running:
            return
        self._look_at(self.paused)
        self._racing.follow()
        if self._racing.on_stage or self.paused is not None:
            return
        last = self._last()
        self._curve = None if last is None else last[2]
        self._panel.show_curve(self._curve, running=False)
        if last is None:
            self._panel.show_cost(None, self.operation())
            self._calm.start()

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if changed.plane == "mask":
            self._calm.start()

    # ── before ──

    @Slot()
    def _estimate(self) -> None:
        """Ask for the cost of what the options say."""
        settled = self._running or self._racing.on_stage
        settled = settled or self._last() is not None or self.paused is not None
        if self._shown is None or settled:
            return
        restore = self.operation()
        self._panel.show_cost(None, restore)
        self.do(EstimateRestore(**restore.to_dict()))

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if isinstance(finding.value, Paused):
            self._follow()
            return
        restore = self.operation()
        if isinstance(finding.operation, EstimateRestore) and isinstance(finding.value, Cost):
            free = not self._running and not self._racing.on_stage and self._last() is None
            if free and finding.operation.to_dict() == restore.to_dict():
                self._panel.show_cost(finding.value, restore)

    # ── while it runs ──

    @Slot(object)
    def _show_working(self, working: Working | None) -> None:
        if working is None or working.document is not self._shown:
            if self._running:
                self._running = False
                self._follow()
            return
        if working.label != Restore.label:
            return
        if not self._running:
            self._drop()
            solved, _ = self._session.solved or (None, None)
            saved = solved.saved if isinstance(solved, Restore) else None
            self._curve = None if saved is None else Curve.of(saved)
            self._began_at = 0.0 if saved is None else float(saved["progress"])
            self._running, self._looks_at = True, None
            self._panel.show_curve(self._curve, running=True)
            self._window.show_go()
            self._window.tools.show_hint()
        done = working.done - self._began_at
        left = working.seconds * (1 - working.done) / done if done > 0.02 else None
        self._panel.show_left(self._curve, left)

    @Slot(object)
    def _show_preview(self, shown: Shown) -> None:
        """An estimate of the fit that runs, or a checkpoint that was asked for."""
        curve = getattr(shown.value, "curve", None)
        if shown.document is not self._shown or curve is None:
            return
        if self._running:
            self._curve = curve
            self._panel.show_curve(curve, running=True)
            return
        if self.paused is not None:
            return
        come, self._asked = self._asked, None
        if self._seen is None:
            self._window.canvas.show_preview(None)  # it is not wanted any more
        elif self._seen != come:
            self._ask()

    # ── paused ──

    def _look_at(self, paused: Paused | None) -> None:
        """How far what is paused has come, and its picture; of a race the pictures of both."""
        if paused is self._looks_at:
            return
        if self._looks_at is not None:
            self._window.canvas.show_preview(None)
        self._looks_at = paused
        self._window.tools.show_hint()
        if paused is None:
            return
        so_far, raced = paused.so_far, isinstance(paused.on, Race)
        if isinstance(paused.on, Restore) and paused.on.saved is not None and not raced:
            self._curve = Curve.of(paused.on.saved)
            self._panel.show_paused(self._curve, paused)
        if paused.made is None and isinstance(so_far, TakePaused | TakeRace):
            self.do(replace(so_far, looks=True))
        elif not raced:
            self._window.canvas.show_preview(paused.made)

    # ── afterwards ──

    @Slot(int)
    def _scrub(self, iteration: int) -> None:
        last = self._last()
        if last is not None:
            self._let_go.stop()
            self._look((iteration, last[1].strength))

    def _look(self, wanted: tuple[int, int]) -> None:
        """See this checkpoint in this strength."""
        last = self._last()
        if last is None:
            return
        _, restore, curve = last
        if wanted == (curve.taken, restore.strength):
            self._drop()
        else:
            self._seen = wanted
            if self._asked is None:
                self._ask()
        self._panel.show_chosen(curve, wanted[0])
        self._window.show_go()

    def _ask(self) -> None:
        last = self._last()
        if last is None or self._seen is None:
            return
        command, restore, curve = last
        iteration, strength = self._asked = self._seen
        operation = TakeCheckpoint.of(
            replace(restore, strength=strength), curve, iteration, looks=True
        )
        self._session.do(operation, self._shown, instead=command)

    @Slot()
    def _take(self) -> None:
        """What is seen takes the place of the last step."""
        self._let_go.stop()
        last = self._last()
        if last is None or self._seen is None:
            return
        command, restore, curve = last
        iteration, strength = self._seen
        operation = TakeCheckpoint.of(replace(restore, strength=strength), curve, iteration)
        self._session.do(operation, self._shown, instead=command)

    def _drop(self) -> None:
        """Show the picture as it is."""
        self._let_go.stop()
        self._asked = None
        if self._seen is not None:
            self._seen = None
            self._window.canvas.show_preview(None)
            self._window.show_go()


def _as_restore(made_by: Restore, **more: int) -> Restore:
    """What was asked for, be it a checkpoint that was taken later."""
    return replace(Restore.from_dict(made_by.to_dict()), **more)  # type: ignore[arg-type]
