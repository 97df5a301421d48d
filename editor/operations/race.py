"""Two networks restore the same picture side by side, and the better one is taken.

They take turns, an iteration at a time, so that both have had as long; when the first one is
through the race is over. It edits nothing: what it finds is two pictures and how they came about.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.device import Device
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene
from editor.operations.new_picture import NewPicture
from editor.operations.restore import Restore

if TYPE_CHECKING:
    from editor.engine.prior import Restoration, Restored


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One of the two: what it does, the picture until now, and its error as time went by."""

    restore: Restore
    made: Patch | NewPicture
    course: NDArray[np.float64]  # (n, 2): seconds it has had, and the error then


@dataclass(frozen=True, slots=True, eq=False)
class Raced:
    lanes: tuple[Lane, Lane]


@dataclass(frozen=True)
class Race(Restore):
    label: ClassVar[str] = "Race"
    pauses: ClassVar[bool] = False
    edits: ClassVar[bool] = False

    rival: str = "skip-5"  # the other network

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        own = replace(Restore.from_dict(self.to_dict()), budget=0.0)
        with ExitStack() as stack:
            runners = [
                _Runner(one, one.restoration(scene, device), stack)
                for one in (own, replace(own, net=self.rival))
            ]
            while not any(one.over for one in runners):
                runner = min(runners, key=lambda one: one.seconds)
                for done in runner.turn():
                    yield Step(done)
                if runner.shows or runner.over or self._out_of_time(runners):
                    over = runner.over or self._out_of_time(runners)
                    first, second = (one.lane(scene, over=over) for one in runners)
                    yield Step(1.0 if over else runner.done, Raced((first, second)))
                    if over:
                        return

    def _out_of_time(self, runners: list[_Runner]) -> bool:
        return 0 < self.budget <= sum(one.seconds for one in runners)


@dataclass(eq=False)
class _Runner:
    restore: Restore
    restoration: Restoration
    stack: ExitStack  # closes its steps
    seconds: float = 0.0
    done: float = 0.0
    over: bool = False
    shows: bool = False  # there is a new picture
    course: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._steps = self.stack.enter_context(closing(self.restoration.steps()))
        self._value: Restored | None = None

    def turn(self) -> Iterator[float]:
        """Do one iteration, or what comes before the first one or after the last."""
        before, began = len(self.restoration.losses), time.monotonic()
        self.shows = False
        while len(self.restoration.losses) == before and not self.over and not self.shows:
            step = next(self._steps, None)
            self.over = step is None
            if step is not None:
                self.done, self.shows = step.done, step.value is not None
                self._value = step.value or self._value
                yield step.done
        self.seconds += time.monotonic() - began
        if len(self.restoration.losses) > before:
            self.course.append((self.seconds, self.restoration.losses[-1]))

    def lane(self, scene: Scene, *, over: bool) -> Lane:
        made = self._value
        if made is None or over:
            made = self.restoration.restored(chosen=over)
        course = np.array(self.course).reshape(-1, 2)
        return Lane(self.restore, self.restore.shown(scene, made, self.restoration.notice), course)


@dataclass(frozen=True)
class TakeLane(Restore):
    """The picture of one of the two."""

    quick: ClassVar[bool] = True

    made: Any = None

    @property
    def remembered(self) -> Operation:
        return Restore(**self.to_dict())

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        yield Step(1.0, self.made)
