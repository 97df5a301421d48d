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

from editor.engine.curve import Saved, joined, lanes_of, of_picture
from editor.engine.device import Device
from editor.engine.step import Pause, Step
from editor.operations.base import Look, Operation, Patch, Paused, Scene, params
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
    edits: ClassVar[bool] = False

    rival: str = "skip-5"  # the other network

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        runners = self.runners(scene, device)
        try:
            with ExitStack() as stack:
                for one in runners:
                    one.begin(stack)
                yield from self._turns(runners, scene)
        except Pause:
            saved = joined([one.saved() for one in runners]) | of_picture(scene.image)
            paused = replace(self, saved=saved).as_paused(_raced(runners, scene))
            yield Step(paused.done, paused)

    def runners(self, scene: Scene, device: Device) -> list[_Runner]:
        """Both as they begin, or as they were when they were paused."""
        own = replace(Restore.from_dict(self.to_dict()), budget=0.0)
        both = own, replace(own, net=self.rival)
        if self.saved is None:
            return [_Runner(one, one.restoration(scene, device)) for one in both]
        lanes = zip(lanes_of(self.saved), both, strict=True)
        try:
            return [
                _Runner.of(saved, replace(one, saved=saved).restoration(scene, device), one)
                for saved, one in lanes
            ]
        except (LookupError, TypeError) as problem:
            raise ValueError("the saved race is damaged: begin it anew") from problem

    def _turns(self, runners: list[_Runner], scene: Scene) -> Iterator[Step[Raced]]:
        while not any(one.over for one in runners):
            runner = min(runners, key=lambda one: one.seconds)
            for done in runner.turn():
                yield Step(done)
            over = runner.over or 0 < self.budget <= sum(one.seconds for one in runners)
            if runner.shows or over:
                yield Step(1.0 if over else runner.done, _raced(runners, scene, over=over))
            if over:
                return

    def as_paused(self, made: Any = None) -> Paused:
        assert self.saved is not None
        so_far = TakeRace(**self.to_dict(), rival=self.rival, saved=self.saved)
        done = max(float(one["progress"]) for one in lanes_of(self.saved))
        return Paused(self, so_far, done, made, lasts=True)


@dataclass(frozen=True)
class TakeRace(Race):
    """What a race that is paused has come to: it is over then."""

    quick: ClassVar[bool] = True

    looks: bool = False  # it is to be seen, and goes on

    @property
    def remembered(self) -> Operation:
        return Race(**self.to_dict(), rival=self.rival)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Any]]:
        raced = _raced(self.runners(scene, device), scene)
        yield Step(1.0, Look(raced) if self.looks else raced)


def _raced(runners: list[_Runner], scene: Scene, *, over: bool = False) -> Raced:
    first, second = (one.lane(scene, over=over) for one in runners)
    return Raced((first, second))


@dataclass(eq=False)
class _Runner:
    restore: Restore
    restoration: Restoration
    seconds: float = 0.0
    done: float = 0.0
    over: bool = False
    shows: bool = False  # there is a new picture
    course: list[tuple[float, float]] = field(default_factory=list)
    made: Restored | None = None  # the last one that was shown

    def __post_init__(self) -> None:
        self._counted = len(self.restoration.losses)  # iterations that are in the course
        self._began = 0.0  # the turn

    @classmethod
    def of(cls, saved: Saved, restoration: Restoration, restore: Restore) -> _Runner:
        course = [(float(seconds), float(error)) for seconds, error in saved["course"]]
        return cls(restore, restoration, float(saved["seconds"]), course=course)

    def saved(self) -> Saved:
        """When its steps are closed; what they showed last is out of date then."""
        saved, self.made = self.restoration.saved(), None
        if len(self.restoration.losses) > self._counted:
            self._count()  # the iteration in which it was paused was done nevertheless
        seconds, course = np.array(self.seconds), np.array(self.course).reshape(-1, 2)
        return saved | {"seconds": seconds, "course": course}

    def begin(self, stack: ExitStack) -> None:
        """The stack closes its steps."""
        self._steps = stack.enter_context(closing(self.restoration.steps()))

    def turn(self) -> Iterator[float]:
        """Do one iteration, or what comes before the first one or after the last."""
        self._counted, self._began = len(self.restoration.losses), time.monotonic()
        self.shows = False
        while len(self.restoration.losses) == self._counted and not (self.over or self.shows):
            step = next(self._steps, None)
            self.over = step is None
            if step is not None:
                self.done, self.shows = step.done, step.value is not None
                self.made = step.value or self.made
                yield step.done
        self._count()

    def _count(self) -> None:
        self.seconds += time.monotonic() - self._began
        losses = self.restoration.losses
        if len(losses) > self._counted:
            self.course.append((self.seconds, losses[-1]))
        self._counted = len(losses)

    def lane(self, scene: Scene, *, over: bool) -> Lane:
        """``over``: with the picture at which it would have stopped."""
        made = self.made
        if made is None or over:
            made = self.restoration.restored(chosen=over)
        course = np.array(self.course).reshape(-1, 2)
        return Lane(self.restore, self.restore.shown(scene, made, self.restoration.notice), course)


def rivals() -> tuple[tuple[str, str], ...]:
    """The networks that can be raced against, each with its caption."""
    nets = next(one.choices for one in params(Restore) if one.name == "net")
    return tuple(one for one in nets if one[0] != "auto")


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
