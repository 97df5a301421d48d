"""The third step of Sprite mode: how the creature is steered, and what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Slot

from editor.engine.step import Step
from editor.jobs import sentence_case
from editor.operations import Scene, Steer, WalkPath
from editor.ui.doings.sprite.work import Room

_STEERED = ("alpha", "beta", "gamma", "sigma", "seed")


class SteeringRoom(Room):
    _steering = False
    _steer_again = False

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
            from editor.operations.sprite import angles

            ways, device = angles(sprite), session.device()
            try:
                scene = Scene(np.zeros((*sprite.size[::-1], 3), np.uint8), sprite=sprite)
                if before is None:
                    finding = operation.controlled(scene, device)
                else:
                    finding = operation.retuned(before, device)
                for step in finding:
                    yield Step(step.done, None if step.value is None else (ways, step.value))
            except ValueError as impossible:
                yield Step(1.0, (ways, impossible))

        def settle(found: tuple[list[float], Any]) -> None:
            self._steering = False
            ways, control = found
            if document is self._shown and document.sprite is sprite:
                failed, first = isinstance(control, ValueError), work.control is None
                work.control, work.steered = None if failed else control, operation
                work.refused = f"{sentence_case(str(control))}." if failed else ""
                work.ways = ways
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
        if self._shown is not None:
            self._work.recording = self._stage.steer.recording
        self._window.show_go()

    def _show_ways(self) -> None:
        work, ways = self._work, self._work.ways
        covered = sum(count > 0 for count in ways)
        words = self.tr("It goes {0} of {1} ways.").replace("{0}", str(covered))
        words = words.replace("{1}", str(len(ways)))
        if work.refused:
            words = work.refused
        elif covered < len(ways) and not work.draft.mirror:
            words += " " + self.tr("Film more of the others, or mirror it.")
        self._stage.frames.show_ways(ways, words)
