"""What is shown next: ways through a clip, and the plan that runs ahead of the screen.

A way is a value with one pure function, ``next_frame(place)``. The plan asks it some frames ahead,
so that a cross-fade can begin before its jump and the frames of both sides are decoded in time.
How frames become mixes (``Mixes``) belongs to the engine and is given by who wires the window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from editor.engine.image import Picture

Jump = tuple[int, int]
AHEAD = 60  # pictures that are planned: two seconds, in which a decoder reaches most frames


class Place(NamedTuple):
    frame: int
    step: int = 0  # how many pictures were shown before

    @property
    def after_start(self) -> Place:
        """The same where steps are counted from 0: the engine draws a random number for each."""
        return Place(self.frame, max(0, self.step))


class Mix(Protocol):
    """One picture to show: frame ``first``, and ``weight`` of frame ``second`` over it."""

    @property
    def first(self) -> int: ...
    @property
    def second(self) -> int: ...
    @property
    def weight(self) -> float: ...


class Mixes(Protocol):
    """The mixes of a sequence of frames: one for each, with a fade around every jump."""

    def __call__(
        self, frames: Iterable[int], count: int, fade: int, fades: Mapping[Jump, int] | None
    ) -> Iterator[Mix]: ...


Blend = Callable[[Picture, Picture, float], Picture]
Judged = Callable[[float, float], tuple[float, str, str]]


@dataclass(frozen=True, slots=True)
class Means:
    """What the stage needs of the engine: functions without a state."""

    mixes: Mixes
    blend: Blend
    judged: Judged  # (ratio, quality, reason) of a jump's cost, beside one frame to the next


# ── ways ──


class Way(Protocol):
    @property
    def blends(self) -> bool:
        """Whether its jumps are hidden."""
        ...

    def next_frame(self, place: Place) -> Place | None: ...


@dataclass(frozen=True, slots=True)
class InOrder:
    """The clip as it was filmed, between two frames, again and again; its jump back is a cut."""

    first: int
    last: int
    forwards: bool = True
    blends: bool = False

    def next_frame(self, place: Place) -> Place:
        if self.forwards:
            frame = place.frame + 1 if place.frame < self.last else self.first
        else:
            frame = place.frame - 1 if place.frame > self.first else self.last
        return Place(frame, place.step + 1)


@dataclass(frozen=True, slots=True)
class OneLoop:
    """A loop's frames for ever; the step says where in the loop it is."""

    frames: tuple[int, ...]
    blends: bool = True

    def place(self, frame: int, before_end: int | None = None) -> Place:
        """Where a frame is in it, or its beginning; or so many frames before its end."""
        if before_end is not None:
            step = max(0, len(self.frames) - 1 - before_end)
        else:
            step = self.frames.index(frame) if frame in self.frames else 0
        return Place(self.frames[step], step)

    def next_frame(self, place: Place) -> Place:
        step = place.step + 1
        return Place(self.frames[step % len(self.frames)], step)


@dataclass(frozen=True, slots=True)
class Endless:
    """Random play: ``player`` is the engine's, with a pure next_frame of its own."""

    player: Any
    blends: bool = True

    def next_frame(self, place: Place) -> Place:
        frame, step = self.player.next_frame(place.after_start)
        return Place(frame, step)


@dataclass(frozen=True, slots=True)
class Steered:
    """Random play towards the frames that are wanted."""

    steering: Any
    wanted: tuple[int, int]
    blends: bool = True

    def next_frame(self, place: Place) -> Place:
        frame, step = self.steering.next_frame(place.after_start, self.wanted)
        return Place(frame, step)


@dataclass(frozen=True, slots=True)
class Taking:
    """Up to the jump's source, the jump, and then another way; steps before it are negative."""

    jump: Jump
    then: Way
    blends: bool = True

    def begin(self, lead: int) -> Place:
        """So many frames before the jump, or as many as there are."""
        lead = min(lead, self.jump[0])
        return Place(self.jump[0] - lead, -1 - lead)

    def next_frame(self, place: Place) -> Place | None:
        if place.step < -1:
            return Place(place.frame + 1, place.step + 1)
        if place.step == -1:
            return Place(self.jump[1], 0)
        return self.then.next_frame(place)


# ── the plan ──


class Planned(NamedTuple):
    mix: Mix
    place: Place


class Plan:
    """The pictures to come. ``fade`` is how many a jump's cross-fade has, ``fades`` single ones."""

    def __init__(self, mixes: Mixes, count: int) -> None:
        self._mixes = mixes
        self._count = count
        self.fade = 0
        self.fades: dict[Jump, int] = {}
        self._planned: deque[Planned] = deque()
        self._places: deque[Place] = deque()  # of frames that are asked for and not yet mixed
        self._source: Iterator[Mix] = iter(())

    def start(self, way: Way, place: Place) -> None:
        """From this place on, at once."""
        self._planned.clear()
        self._go_on(way, place)

    def change(self, way: Way) -> None:
        """Another way from the first picture on that is not within a fade: nothing is seen."""
        plain = (at for at, one in enumerate(self._planned) if one.mix.weight == 0)
        at = next(plain, len(self._planned) - 1)
        if at < 0:
            return
        place = self._planned[at].place
        while len(self._planned) > at:
            self._planned.pop()
        self._go_on(way, place)

    def next(self) -> Planned | None:
        """The picture to show now; None where the way ends."""
        planned = self._planned.popleft() if self._planned else None
        self._fill()
        return planned

    def coming(self) -> list[int]:
        """The frames that will be needed, the nearest first."""
        both = (frame for one in self._planned for frame in (one.mix.first, one.mix.second))
        return list(dict.fromkeys([*both, *(place.frame for place in self._places)]))

    def _go_on(self, way: Way, place: Place) -> None:
        places = self._places = deque()

        def frames() -> Iterator[int]:
            at: Place | None = place
            while at is not None:
                places.append(at)
                yield at.frame
                at = way.next_frame(at)

        fade, fades = (self.fade, self.fades) if way.blends else (0, {})
        self._source = self._mixes(frames(), self._count, fade, fades)
        self._fill()

    def _fill(self) -> None:
        while len(self._planned) < AHEAD:
            mix = next(self._source, None)
            if mix is None:
                return
            self._planned.append(Planned(mix, self._places.popleft()))
