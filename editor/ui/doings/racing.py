"""Two networks side by side: begun, watched, and one of them taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from editor.model.document import Document, Finding
from editor.news import FoundSoFar, Working
from editor.operations import Race, Restore, TakeLane, params
from editor.operations.base import Paused
from editor.operations.race import Raced
from editor.ui.action_bar import ActionBar
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.ui.restore.race_stage import RaceStage
    from editor.ui.window import Window


class Racing(Doings):
    """Signals: staged() — there is a race to be seen now, or none any more."""

    staged = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.action_bar: ActionBar | None = None
        self._stage: RaceStage | None = None
        self._shown: Document | None = None
        self.running = False
        self._chosen = 0  # the one that Enter takes
        self._staged = False  # there is a race to be seen
        self._panel = window.restore_panel
        self._session.results.found_so_far.connect(self._found_so_far)
        self._session.working.connect(self._show_working)

    def stage(self) -> RaceStage:
        if self._stage is None:
            from editor.ui.restore.race_stage import RaceStage

            self._stage = RaceStage()
            self.action_bar = ActionBar(self._stage)
            self._window.follow_bar(self.action_bar)
            for pane in self._stage.lanes:
                pane.canvas.tapped.connect(self.action_bar.pause_wanted)
            self._stage.chosen.connect(self._choose)
            self._stage.taken.connect(self._take)
        return self._stage

    @property
    def on_stage(self) -> bool:
        return self.running or self.raced is not None or self._paused is not None

    @property
    def _paused(self) -> Paused | None:
        return None if self._shown is None or self.running else self._shown.paused(Race)

    @property
    def raced(self) -> Raced | None:
        """What came of the last race on the picture as it is now."""
        finding = None if self._shown is None else self._shown.finding(Race)
        if self._shown is None or finding is None or isinstance(finding.value, Paused):
            return None
        if finding.revision != self._shown.revision("image"):
            self._shown.forget(Race)  # it was on another picture
            return None
        raced: Raced = finding.value
        return raced

    def show(self, document: Document | None) -> None:
        """This document is in front, in Restore mode; None: none is."""
        if self._shown is not None:
            self._shown.found.disconnect(self._found)
        self._shown, self.running, self._staged = document, False, False
        if document is not None:
            document.found.connect(self._found)
        if self._stage is not None:
            self._stage.show_document(document)
        if self.on_stage:
            self._show_found()

    def begin(self, restore: Restore, rival: str, other: Document | None) -> None:
        race = Race(**restore.to_dict(), rival=rival)
        if self._session.do(race, self._shown, other=other) is not None:
            self._show_on_stage(restore.net, rival, None)

    def take(self) -> None:
        """The one that is chosen becomes the picture."""
        raced = self.raced
        if raced is not None:
            lane = raced.lanes[self._chosen]
            self._session.do(TakeLane(**lane.restore.to_dict(), made=lane.made), self._shown)

    def leave(self) -> bool:
        """Forget both; False if there was no race."""
        if self.raced is None or self._shown is None:
            return False
        self._shown.forget(Race)
        return True

    def follow(self) -> None:
        """The picture has changed, or what is known of it."""
        self._panel.show_race(self.raced, running=self.running, paused=self._paused)
        if self.on_stage != self._staged:
            self._staged = self.on_stage
            self.staged.emit()

    @Slot(object)
    def _show_working(self, working: Working | None) -> None:
        ours = working is not None and working.document is self._shown
        running = ours and working is not None and working.label == Race.label
        if running != self.running:
            self.running = running
            self.follow()

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if said.document is self._shown and isinstance(said.value, Raced):
            self.stage().show_raced(said.value, None)
            self._panel.show_race(said.value, running=self.running, paused=self._paused)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if isinstance(finding.operation, Race):
            self._chosen = 0
            self._show_found()

    def _show_found(self) -> None:
        """The two of a race that is over, or paused."""
        raced, paused = self.raced, self._paused
        if raced is not None:
            first, second = (lane.restore.net for lane in raced.lanes)
            self._show_on_stage(first, second, raced, self._chosen)
        elif paused is not None and isinstance(paused.on, Race):
            self._show_on_stage(paused.on.net, paused.on.rival, paused.made)
        self.follow()

    def _show_on_stage(
        self, first: str, second: str, raced: Raced | None, chosen: int | None = None
    ) -> None:
        self.stage().show_document(self._shown)
        self.stage().show_names((_caption(first), _caption(second)))
        if raced is not None:
            self.stage().show_raced(raced, chosen)

    @Slot(int)
    def _choose(self, number: int) -> None:
        self._chosen = number
        if self.raced is not None:
            self.stage().show_raced(self.raced, number)

    @Slot(int)
    def _take(self, number: int) -> None:
        self._chosen = number
        self.take()


def _caption(net: str) -> str:
    choices = next(one.choices for one in params(Restore) if one.name == "net")
    return dict(choices)[net]
