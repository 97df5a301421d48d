"""The creature in play: a clock asks for its next frame, and what it does can be recorded."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
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


class Taken(NamedTuple):
    """One frame of a recording."""

    states: tuple[Any, ...]  # of all creatures
    beneath: int  # the frame of the clip under them
    seconds: float  # for which it was seen


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What was steered, frame by frame as it was seen, of this sprite."""

    sprite: Sprite
    control: Any
    taken: tuple[Taken, ...]

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.taken)

    def film(self) -> list[Taken]:
        """What was to be seen at each frame of a film that has the sprite's rate."""
        ends = np.cumsum([one.seconds for one in self.taken])
        count = max(1, round(self.seconds * float(self.sprite.rate)))
        middles = (np.arange(count) + 0.5) * (self.seconds / count)
        seen = np.searchsorted(ends, middles, side="right").tolist()
        return [self.taken[min(at, len(self.taken) - 1)] for at in seen]

    def route(self) -> Route:
        """The way of the first creature, as a path. Raises ValueError if it stayed in its place."""
        least = max(1.0, _STRAIGHT * self.control.length)
        points = [Point(*self.taken[0].states[0].point)]
        for one in self.taken:
            x, y = one.states[0].point
            if abs(x - points[-1].x) + abs(y - points[-1].y) >= least:
                points.append(Point(x, y))
        return Route(tuple(points))


class Actor(QObject):
    """Signals: moved() — a frame was taken —, running_changed(bool), recorded(Recording or None).

    The arrow keys come first, then the pointer, then the path or the place that it was sent to.
    ``next_frames`` of the engine is a pure function; all that changes stands here.
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
        self.sent: Any = None  # along a path, or to a place
        self.time = 0.0  # seconds for which it has played
        self.beneath = 0  # the frame of the clip under it
        self.priced = False  # whether somebody wants to know what a frame costs
        self.price: Any = None  # of the last one
        self.pushed = (0, 0)  # the arrow keys that are down: where to
        self.trail: deque[Point] = deque(maxlen=_TRAIL)
        self._copies = 1
        self._gone = [0] * MOST  # for how many frames each has been off the stage
        self._speed = 1.0
        self._taken: list[Taken] | None = None
        self.recorded_seconds = 0.0  # of the recording so far
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
            self.states, self.price, self.time = (), None, 0.0
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
        self._copies = count
        self._settle()

    def send(self, wish: Any, *, goes_on: bool = False) -> None:
        """Along a path or to a place; a path that ``goes_on`` is the one before, and longer."""
        self.sent = wish
        if not goes_on:
            self.states = tuple(self._begun(state) for state in self.states)
        self.moved.emit()

    def _begun(self, state: Any) -> Any:
        """At the beginning of the path, or where it is nearest to one that goes round."""
        path = self.sent
        if not getattr(path, "closed", False):
            return state._replace(way=0.0)
        return state._replace(way=path.nearest(state.point, 0.0, path.length))

    def _settle(self) -> None:
        """As many creatures as are wanted, each new one where there is most room."""
        if self.control is None:
            return
        states, place = list(self.states[: self._copies]), self.control.stage
        shares = [(number + 0.5) / self._copies for number in range(self._copies)]
        middle = place.y + place.height / 2
        seats = [Point(place.x + place.width * share, middle) for share in shares]

        def room(seat: Point) -> float:
            return min((math.dist(seat, state.point) for state in states), default=math.inf)

        while len(states) < self._copies:
            states.append(self._begun(self.control.start(max(seats, key=room))))
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
        before, lasts = self.states, 1 / (self._rate * self._speed)
        aims = self.control.aims(before, [self._wish(state) for state in before])
        after = tuple(map(self.control.moved, before, aims))
        self.price = self.control.price(before[0], after[0], aims[0]) if self.priced else None
        self.states = tuple(self._returned(*pair) for pair in enumerate(after))
        self.time += lasts
        if self._taken is not None:
            self._take(Taken(before, self.beneath, lasts))
        here = self.states[0].point
        if self.trail and math.dist(here, self.trail[-1]) > self.control.length:
            self.trail.clear()  # it has come in again elsewhere
        self.trail.append(here)
        self.moved.emit()

    def _take(self, taken: Taken) -> None:
        """What was seen until now belongs to the recording."""
        assert self._taken is not None
        self._taken.append(taken)
        self.recorded_seconds += taken.seconds
        if len(self._taken) >= LONGEST:
            self.record(False)

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
    def middle(self) -> float:
        """Of the time in which the frame is seen: seconds since it began to play."""
        return self.time + 0.5 / self._rate

    @property
    def _rate(self) -> float:
        return 1.0 if self.sprite is None else float(self.sprite.rate)

    def _wish(self, state: Any) -> Any:
        x, y = self.pushed
        if not (x or y):
            return self.sent if self.target is None else self.target
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
            self._taken, self.recorded_seconds = [], 0.0
            self.trail.clear()
            self.recorded.emit(None)
            self.play()
            return
        taken, self._taken = self._taken or [], None
        told = Recording(self.sprite, self.control, tuple(taken)) if taken and self.sprite else None
        self.recorded.emit(told)
