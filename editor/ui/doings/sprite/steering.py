"""The third step of Sprite mode: how the creature is steered, and what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Slot

from editor.engine.sprite import Goal, Route
from editor.engine.step import Step
from editor.jobs import sentence_case
from editor.model.sending import SendSprite
from editor.operations import Scene, Steer, WalkPath
from editor.operations.steer import Ways, ways
from editor.ui.doings.sprite.work import Room
from editor.ui.sprite.compass import mirrored, missing

_STEERED = ("alpha", "beta", "gamma", "sigma", "seed")


class SteeringRoom(Room):
    _steering = False
    _steer_again = False
    _goal: Goal = None  # that the actor was sent to

    @Slot(object)
    def tuned(self, operation: WalkPath) -> None:
        self._window.settings.set("operations.WalkPath", operation.to_dict())
        if self._shown is not None and self._work.cut is not None:
            self.steer()

    def steer(self) -> None:
        """Find how the creature is steered with the settings as they are; the last one counts."""
        if self._steering:
            self._steer_again = True
            return
        document, work = self._shown, self._work
        sprite = None if document is None else document.sprite
        if document is None or sprite is None:
            return
        operation = Steer.from_dict(self._window.steer_options.operation().to_dict())
        before, session = work.control, self._session
        if before is not None and work.steered is not None:
            other = replace(operation, **{name: getattr(work.steered, name) for name in _STEERED})
            if other != work.steered:
                before = None

        def steps() -> Iterator[Step[Any]]:
            found, device = ways(sprite), session.device()
            try:
                scene = Scene(np.zeros((*sprite.size[::-1], 3), np.uint8), sprite=sprite)
                if before is None:
                    finding = operation.controlled(scene, device)
                else:
                    finding = operation.retuned(before, device)
                for step in finding:
                    yield Step(step.done, None if step.value is None else (found, step.value))
            except ValueError as impossible:
                yield Step(1.0, (found, impossible))

        def settle(told: tuple[Ways, Any]) -> None:
            self._steering = False
            found, control = told
            if document is self._shown and document.sprite is sprite:
                failed, first = isinstance(control, ValueError), work.control is None
                work.control, work.steered = None if failed else control, operation
                work.refused = f"{sentence_case(str(control))}." if failed else ""
                work.ways = found
                self.show_control(work.control)
                if self._stage.step == "steer":
                    self._sprites.show_step()
                    if first:
                        self._stage.steer.actor.play()
            if self._steer_again and self._shown is not None:
                self._steer_again = False
                self.steer()

        self._steering = True
        self._session.at_desk(operation.label, steps, settle, quiet=True)

    def show_control(self, control: Any) -> None:
        document, page = self._shown, self._stage.steer
        sprite = None if document is None else document.sprite
        page.show_control(sprite, control)
        self._show_ways()
        recording = self._work.recording
        if recording is not None and recording.sprite is sprite:
            page.show_recording(recording)
        self._sprites.ground.show()

    @Slot()
    def recorded(self) -> None:
        if self._shown is not None and self._work.cut is not None:
            self._work.recording = self._stage.steer.recording
            self._work.recorded_on = self._sprites.ground.behind()
        self._window.show_go()

    # ── where it is sent ──

    @Slot()
    def show_goal(self) -> None:
        """The document's sprite is sent another way, or to another place."""
        document, page = self._shown, self._stage.steer
        assert document is not None
        goal, before = document.goal, self._goal
        goes_on = _prolongs(goal, before) or _prolongs(before, goal)
        path = Steer.path(goal) if isinstance(goal, Route) else None
        page.pitch.show_way(() if path is None else path.points.tolist())
        page.actor.send(goal if path is None else path, goes_on=goes_on)
        self._goal = goal

    @Slot()
    def free(self) -> None:
        """It goes where it likes."""
        document = self._document
        words = self.tr("Clear path" if isinstance(document.goal, Route) else "Set free")
        self._session.push(SendSprite(document, words, None))

    @Slot()
    def show_hint(self) -> None:
        """One line for the tool in hand."""
        page = self._stage.steer
        tool = page.tool if self._stage.pages.currentWidget() is page else None
        self._window.status.show_hint("" if tool is None else self.tr(tool.hint))

    def _show_ways(self) -> None:
        work, counts = self._work, self._work.ways.counts
        covered = sum(count > 0 for count in counts)
        words = self.tr("It goes {0} of {1} ways.").replace("{0}", str(covered))
        words = words.replace("{1}", str(len(counts)))
        gaps = missing(counts, self.tr)
        if work.refused:
            words = work.refused
        elif gaps:
            names = self.tr(" and ").join([", ".join(gaps[:-1]), gaps[-1]] if gaps[1:] else gaps)
            words += " " + self.tr("Film more going {0}.").replace("{0}", names)
        helps = sum(count > 0 for count in mirrored(counts)) > covered
        self._stage.frames.show_ways(work.ways, words, mirror=helps and not work.draft.mirror)

    @Slot()
    def mirror(self) -> None:
        """Count the mirror images too."""
        self._sprites.set(mirror=True)


def _prolongs(goal: Goal, before: Goal) -> bool:
    """Whether a path is another one with something added at its end."""
    if not isinstance(goal, Route) or not isinstance(before, Route):
        return False
    return not (goal.closed or before.closed) and goal.points[: len(before.points)] == before.points
