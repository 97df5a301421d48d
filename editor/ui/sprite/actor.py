"""The creature in play: a clock asks for its next frame, and what it does can be recorded."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from editor.engine.image import Point, Rect, Size
from editor.engine.sprite import Route, Sprite

LONGEST = 20_000  # frames of a recording
_BEHIND = 0.1  # seconds after which a late clock starts anew
_TRAIL = 240  # places that are remembered
MOST = 5  # creatures
_PATIENCE = 1.5  # seconds that a creature may be off the stage
_STRAIGHT = 0.02  # body lengths: what a recorded path may be simplified by
SLOWEST, FASTEST = 0.1, 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What was steered: for each frame the states of all creatures, of this sprite."""

    sprite: Sprite
    control: Any
    states: tuple[tuple[Any, ...], ...]

    @property
    def seconds(self) -> float:
        return len(self.states) / float(self.sprite.rate)

    def route(self) -> Route:
        """The way of the first creature, as a path. Raises ValueError if it stayed in its place."""
        least = max(1.0, _STRAIGHT * self.control.length)
        points = [Point(*self.states[0][0].point)]
        for states in self.states:
            x, y = states[0].point
            if abs(x - points[-1].x) + abs(y - points[-1].y) >= least:
                points.append(Point(x, y))
        return Route(tuple(points))


class Actor(QObject):
    """Signals: moved() — a frame was taken —, running_changed(bool), recorded(Recording or None).

    ``next_frame`` of the engine is a pure function; all that changes stands here.
    """

    moved = Signal()
    running_changed = Signal(bool)
    recorded = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.sprite: Sprite | None = None
        self.control: Any = None
        self.states: tuple[Any, ...] = ()
        self.target: Point | None = None  # where the pointer is
        self.pushed = (0, 0)  # the arrow keys that are down: where to
        self.trail: deque[Point] = deque(maxlen=_TRAIL)
        self._copies = 1
        self._gone = [0] * MOST  # for how many frames each has been off the stage
        self._speed = 1.0
        self._taken: list[tuple[Any, ...]] | None = None
        self._due = 0.0
        self._running = False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    # ── what plays ──

    def show_control(self, sprite: Sprite | None, control: Any) -> None:
        """Another creature, or the same with other settings: then it goes on where it is."""
        same = sprite is self.sprite and sprite is not None and bool(self.states)
        if not same:
            self.record(False)
            self.states = ()
            self.trail.clear()
        stage = None if self.control is None else self.control.stage
        self.sprite, self.control = sprite, control
        if control is None:
            self.play(False)
        elif same and stage is not None:
            self.control = replace(control, stage=stage)
        self._settle()

    def set_stage(self, size: Size) -> None:
        """How large the stage is, on which it wanders."""
        if self.control is not None:
            self.control = replace(self.control, stage=Rect(0, 0, *size))

    def set_copies(self, count: int) -> None:
        if count != self._copies:
            self.record(False)
        self._copies = count
        self._settle()

    def _settle(self) -> None:
        """As many creatures as are wanted, beside each other."""
        if self.control is None:
            return
        states = list(self.states[: self._copies])
        while len(states) < self._copies:
            place = self.control.stage
            share = (len(states) + 0.5) / self._copies
            at = Point(place.x + place.width * share, place.y + place.height / 2)
            states.append(self.control.start(at))
        self.states = tuple(states)
        self.moved.emit()

    # ── the clock ──

    @property
    def running(self) -> bool:
        return self._running

    def play(self, running: bool = True) -> None:
        running = running and self.control is not None
        if running == self._running:
            return
        self._running = running
        if running:
            self._due = perf_counter()
            self._timer.start(0)
        else:
            self._timer.stop()
        self.running_changed.emit(running)

    def set_speed(self, speed: float) -> None:
        self._speed = min(max(speed, SLOWEST), FASTEST)

    @Slot()
    def _tick(self) -> None:
        if self.sprite is None or not self._running:
            return
        self.step()
        self._due += 1 / (self._rate * self._speed)
        now = perf_counter()
        if now - self._due > _BEHIND:
            self._due = now
        self._timer.start(max(0, round(1000 * (self._due - now))))

    def step(self) -> None:
        """The next frame."""
        if self.control is None:
            return
        targets = [self._wanted(state) for state in self.states]
        if len(self.states) == 1:
            self.states = (self.control.next_frame(self.states[0], targets[0]),)
        else:
            self.states = self.control.next_frames(self.states, targets)
        self.states = tuple(self._returned(*pair) for pair in enumerate(self.states))
        here = self.states[0].point
        if self.trail and math.dist(here, self.trail[-1]) > self.control.length:
            self.trail.clear()  # it has come in again elsewhere
        self.trail.append(here)
        if self._taken is not None:
            self._taken.append(self.states)
            if len(self._taken) >= LONGEST:
                self.record(False)
        self.moved.emit()

    def _returned(self, number: int, state: Any) -> Any:
        """One that has left the stage for long, for want of footage that leads back, comes in
        opposite.
        """
        stage, around = self.control.stage, self.control.length
        x, y = state.x - stage.x + around, state.y - stage.y + around
        wide, high = stage.width + 2 * around, stage.height + 2 * around
        if 0 <= x <= wide and 0 <= y <= high:
            self._gone[number] = 0
            return state
        self._gone[number] += 1
        if self._gone[number] < _PATIENCE * self._rate:
            return state
        left, top = min(max(x, 0.0), wide), min(max(y, 0.0), high)
        across, down = wide - left if x != left else x, high - top if y != top else y
        return state._replace(x=across + stage.x - around, y=down + stage.y - around)

    @property
    def _rate(self) -> float:
        return 1.0 if self.sprite is None else float(self.sprite.rate)

    def _wanted(self, state: Any) -> Point | None:
        x, y = self.pushed
        if not (x or y):
            return self.target
        far = 100 * self.control.length
        return Point(state.x + far * x, state.y + far * y)

    # ── recording ──

    @property
    def recording(self) -> bool:
        return self._taken is not None

    @property
    def taken(self) -> int:
        """Frames of the recording so far."""
        return 0 if self._taken is None else len(self._taken)

    def record(self, on: bool) -> None:
        """Begin, or end and tell what there is: None while it goes on."""
        if on == self.recording or (on and self.control is None):
            return
        if on:
            self._taken = []
            self.trail.clear()
            self.recorded.emit(None)
            self.play()
            return
        taken, self._taken = self._taken or [], None
        told = Recording(self.sprite, self.control, tuple(taken)) if taken and self.sprite else None
        self.recorded.emit(told)
