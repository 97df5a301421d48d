"""Steering a sprite: which cel to show next, so that it goes where it is wanted.

``next_frame`` is a pure function of the state and the target; a timer calls it. It looks up some
thirty jumps of the present pose and takes the one whose cost now and ever after, in the direction
of the target, is the least (``sprite_costs``); above σ = 0 it draws by exp(−cost / σ), with a
random number that belongs to the step. The same seed plays the same film.

Near the target the creature stays, as well as its footage lets it, until the target has moved.
What it is after is a ``Wish``: a place, a path, or nothing, and then it wanders.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Point, Rect
from editor.engine.kernels.random import bits
from editor.engine.kernels.sprites import choose
from editor.engine.sprite_costs import Tables
from editor.engine.steer_paths import Path

_LEAVES = 1.6  # arrival radii that the target must be away before the creature goes again
_WANDER = 150  # steps for which it wanders towards one place
_MARGIN = 0.15  # of the stage that it keeps out of while it wanders
AHEAD = 0.6  # body lengths between the creature and the point of the path that it goes for
SEARCH = 0.5  # body lengths of the path in which its place is looked for after each step


class State(NamedTuple):
    pose: int
    x: float  # of the centroid on the stage
    y: float
    step: int = 0  # how many frames were shown before
    resting: bool = False  # it has arrived
    way: float = 0.0  # how far along its path it is, pixels

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)


Wish = Point | Path | None  # a place to go to, a path to follow; without one it wanders


class Aim(NamedTuple):
    """What a wish comes to in one frame."""

    angle: float  # of the way it should go
    resting: bool  # it should stay where it is
    way: float  # how far along its path it is, pixels


class Price(NamedTuple):
    """What it cost to show a pose: what is seen beside the cursor."""

    jump: float  # α · C
    way: float  # β · angle, or of moving where it should stay
    future: float  # γ · m: what is still to come from there


@dataclass(frozen=True, slots=True)
class Control:
    """A sprite that can be steered: its tables, and how it behaves."""

    tables: Tables
    stage: Rect
    sigma: float = 0.0  # how much chance there is in what it does, in units of cost
    seed: int = 0
    arrival: float = 0.5  # body lengths from the target at which it has arrived
    distance: float = 1.2  # body lengths that several of them keep from each other

    def __post_init__(self) -> None:
        if self.stage.empty:
            raise ValueError(f"the stage is {self.stage.width} × {self.stage.height}: it is empty")
        for name in ("sigma", "arrival", "distance"):
            if not 0 <= getattr(self, name) <= 1000:
                raise ValueError(f"{name} is {getattr(self, name)}: it goes from 0 to 1000")

    @property
    def length(self) -> float:
        return self.tables.poses.length

    def start(self, at: Point | None = None) -> State:
        """A state to begin with: at a point, or in the middle of the stage."""
        middle = Point(self.stage.x + self.stage.width / 2, self.stage.y + self.stage.height / 2)
        x, y = at or middle
        return State(0, x, y)

    # ── one sprite ──

    def next_frame(self, state: State, wish: Wish) -> State:
        """The next pose after what is wished and where it stands."""
        return self.next_frames((state,), (wish,))[0]

    def wanted(self, step: int) -> Point:
        """Where a creature without a target wants to go: another place every few seconds."""
        word = int(bits(self.seed, (step // _WANDER) * 2 + 1))
        u, v = ((word >> shift & 0xFFFF_FFFF) / 0xFFFF_FFFF for shift in (0, 32))
        inner = 1 - 2 * _MARGIN
        return Point(
            self.stage.x + self.stage.width * (_MARGIN + inner * u),
            self.stage.y + self.stage.height * (_MARGIN + inner * v),
        )

    def moved(self, state: State, aim: Aim) -> State:
        """The cheapest pose for an aim, and where it stands."""
        tables = self.tables
        poses, found = tables.poses, tables.transitions
        chance = (int(bits(self.seed, 2 * state.step)) >> 11) / (1 << 53)
        pose = choose(
            state.pose, aim.angle, aim.resting, found.arcs, found.costs, tables.steering.alpha,
            tables.ahead, self.sigma, chance,
        )  # fmt: skip
        dx, dy = poses.shift[pose].tolist()
        scale = float(poses.perspective.scale(state.y))
        x, y = state.x + dx * scale, state.y + dy * scale
        return State(pose, x, y, state.step + 1, aim.resting, aim.way)

    def price(self, before: State, state: State, aim: Aim) -> Price:
        """What made this state the cheapest one after another."""
        found = self.tables.transitions
        arc = int(np.flatnonzero(found.arcs[before.pose] == state.pose)[0])
        jump = self.tables.steering.alpha * float(found.costs[before.pose, arc])
        way, future = self.ahead(np.array([state.pose]), aim)
        return Price(jump, float(way[0]), float(future[0]))

    def ahead(
        self, poses: NDArray[np.int32], aim: Aim
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What it costs for an aim to show each of these poses, and what follows from there."""
        tables = self.tables
        gamma, count = tables.steering.gamma, tables.directions
        at = aim.angle / (2 * math.pi) * count
        low = math.floor(at)
        first, second, t = low % count, (low + 1) % count, at - low
        if aim.resting:
            first, second, t = count, count, 0.0
        ahead, future = (
            (1 - t) * table[poses, first].astype(np.float64) + t * table[poses, second]
            for table in (tables.ahead, tables.m)
        )
        return ahead - gamma * future, gamma * future

    # ── along a path ──

    def over(self, path: Path, way: float) -> bool:
        """Whether so far along a path is as good as at its end."""
        return not path.closed and path.length - way < self.arrival * self.length

    def walk(self, path: Path, frames: int) -> Iterator[State]:
        """So many frames along a path from its beginning, in the pose that best fits it."""
        state = self.ready(path)
        for _ in range(frames):
            state = self.next_frame(state, path)
            yield state

    def ready(self, path: Path) -> State:
        """At the beginning of a path, in the pose with the best future in its direction."""
        first, goal = path.at(0), path.at(AHEAD * self.length)
        return self.towards(first, goal)

    def towards(self, at: Point, goal: Point) -> State:
        """At a place, in the pose with the best future in the direction of another one."""
        angle = math.atan2(goal.y - at.y, goal.x - at.x) % (2 * math.pi)
        column = round(angle / (2 * math.pi) * self.tables.directions) % self.tables.directions
        return State(int(np.argmin(self.tables.ahead[:, column])), *at)

    # ── several ──

    def next_frames(self, states: Sequence[State], wishes: Sequence[Wish]) -> tuple[State, ...]:
        """The next frame of each, all at once; those too near to each other turn away."""
        return tuple(map(self.moved, states, self.aims(states, wishes)))

    def aims(self, states: Sequence[State], wishes: Sequence[Wish]) -> tuple[Aim, ...]:
        """What each is after: its wish, and not to be too near to another one."""
        pairs = enumerate(zip(states, wishes, strict=True))
        own = [self._aim(number, state, wish) for number, (state, wish) in pairs]
        return tuple(self._apart(number, states, aim) for number, aim in enumerate(own))

    def _aim(self, number: int, state: State, wish: Wish) -> Aim:
        way = state.way
        if isinstance(wish, Path):
            way = wish.nearest(state.point, way, SEARCH * self.length)
            goal = wish.at(way + AHEAD * self.length)
        else:
            # Each wanders on its own: its steps are counted from another beginning.
            goal = self.wanted(state.step + number * _WANDER * 1000) if wish is None else wish
        dx, dy = goal.x - state.x, goal.y - state.y
        if isinstance(wish, Path):
            resting = self.over(wish, way)
        else:
            near = self.arrival * self.length
            resting = math.hypot(dx, dy) <= (near * _LEAVES if state.resting else near)
        return Aim(math.atan2(dy, dx), resting, way)

    def _apart(self, number: int, states: Sequence[State], aim: Aim) -> Aim:
        own, apart, turned = states[number], self.distance * self.length, False
        ux, uy = (0.0, 0.0) if aim.resting else (math.cos(aim.angle), math.sin(aim.angle))
        for place, other in enumerate(states):
            if place == number:
                continue
            ox, oy = own.x - other.x, own.y - other.y
            gap = math.hypot(ox, oy)
            if gap >= apart:
                continue
            if gap < 1e-6:  # one upon the other: each goes its own way
                ox, oy, gap = math.cos(number), math.sin(number), 1.0
            push = min(apart / gap - 1, 4.0) * 2
            ux, uy, turned = ux + push * ox / gap, uy + push * oy / gap, True
        return Aim(math.atan2(uy, ux), False, aim.way) if turned else aim
