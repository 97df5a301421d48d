"""What is shown next: ways through a clip, and the plan that runs ahead of the screen.

A way is a value with one pure function, ``next_frame(place)``. The plan asks it some frames ahead,
so that a cross-fade can begin before its jump and the frames of both sides are decoded in time.
How frames become mixes (``Mixes``) belongs to the engine and is given by who wires the window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from editor.engine.guides import Labels
from editor.engine.image import Mask, Picture

Jump = tuple[int, int]
AHEAD = 60  # pictures that are planned: two seconds, in which a decoder reaches most frames


class Place(NamedTuple):
    frame: int
    step: int = 0  # how many pictures were shown before

    def inside(self, first: int, count: int) -> Place:
        """The same in a part of the clip, or at its nearest end.

        Steps are counted from 0: the engine draws a random number for each.
        """
        return Place(min(max(self.frame - first, 0), count - 1), max(0, self.step))


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


class SoftCovers(Protocol):
    """The masks with edges as soft as that many pixels, each to be laid over those before it."""

    def __call__(self, masks: Sequence[Mask], feather: float) -> Sequence[Any]: ...


Laid = Callable[[Picture, Sequence[tuple[Picture, Any]]], Picture]


@dataclass(frozen=True, slots=True)
class Means:
    """What the stage needs of the engine: functions without a state."""

    mixes: Mixes
    blend: Blend
    judged: Judged  # (ratio, quality, reason) of a jump's cost, beside one frame to the next
    soft_covers: SoftCovers
    laid: Laid
    feather: float  # pixels of the frame over which the edge of a region fades


# ── regions ──


@dataclass(frozen=True, slots=True, eq=False)
class Strand:
    """What one region plays: the mixes of a turn, or None where it plays what all play."""

    number: int
    turn: Sequence[Mix] | None = None
    phase: int = 0

    def at(self, step: int, common: Mix) -> Mix:
        return common if self.turn is None else self.turn[(step + self.phase) % len(self.turn)]


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """Which pixel belongs to which region, and what each of them plays; the rest comes first."""

    labels: Labels
    strands: Sequence[Strand]


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
    """Random play: ``player`` is the engine's, with a pure next_frame of its own.

    It knows only the frames from the in point on, which is the ``first``.
    """

    player: Any
    first: int = 0
    blends: bool = True

    def next_frame(self, place: Place) -> Place:
        inside = place.inside(self.first, self.player.count)
        frame, step = self.player.next_frame(inside)
        return Place(frame + self.first, step)


@dataclass(frozen=True, slots=True)
class Steered:
    """Random play towards the frames that are wanted."""

    steering: Any
    wanted: tuple[int, int]
    first: int = 0
    blends: bool = True

    def next_frame(self, place: Place) -> Place:
        count = self.steering.count
        low, high = (min(max(one - self.first, 0), count - 1) for one in self.wanted)
        inside = place.inside(self.first, count)
        frame, step = self.steering.next_frame(inside, (low, high))
        return Place(frame + self.first, step)


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
    mixes: tuple[Mix, ...] = ()  # of each strand of the cloth, where there is one

    @property
    def frames(self) -> list[int]:
        """Those it is made of."""
        both = ((mix.first, mix.second) for mix in self.mixes or (self.mix,))
        return [frame for pair in both for frame in pair]


class Plan:
    """The pictures to come. ``fade`` is how many a jump's cross-fade has, ``fades`` single ones."""

    def __init__(self, mixes: Mixes, count: int) -> None:
        self._mixes = mixes
        self._count = count
        self.fade = 0
        self.fades: dict[Jump, int] = {}
        self._strands: Sequence[Strand] = ()
        self._planned: deque[Planned] = deque()
        self._places: deque[Place] = deque()  # of frames that are asked for and not yet mixed
        self._source: Iterator[Mix] = iter(())
        self._weaves = False

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

    def weave(self, strands: Sequence[Strand]) -> None:
        """What the regions play beside the way, from the next picture on."""
        self._strands = strands
        self._planned = deque(self.woven(one) for one in self._planned)

    def woven(self, planned: Planned) -> Planned:
        """The same picture with its regions; a clip that plays as it was filmed has none."""
        strands = self._strands if self._weaves else ()
        step = planned.place.step
        return planned._replace(mixes=tuple(one.at(step, planned.mix) for one in strands))

    def next(self) -> Planned | None:
        """The picture to show now; None where the way ends."""
        planned = self._planned.popleft() if self._planned else None
        self._fill()
        return planned

    def coming(self) -> list[int]:
        """The frames that will be needed, the nearest first."""
        both = (frame for one in self._planned for frame in one.frames)
        return list(dict.fromkeys([*both, *(place.frame for place in self._places)]))

    def _go_on(self, way: Way, place: Place) -> None:
        places = self._places = deque()

        def frames() -> Iterator[int]:
            at: Place | None = place
            while at is not None:
                places.append(at)
                yield at.frame
                at = way.next_frame(at)

        self._weaves = way.blends
        fade, fades = (self.fade, self.fades) if way.blends else (0, {})
        self._source = self._mixes(frames(), self._count, fade, fades)
        self._fill()

    def _fill(self) -> None:
        while len(self._planned) < AHEAD:
            mix = next(self._source, None)
            if mix is None:
                return
            self._planned.append(self.woven(Planned(mix, self._places.popleft())))
