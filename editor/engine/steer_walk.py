"""A scripted film: the whole sequence of poses along a path, made better as a whole.

A. Schödl, I. Essa: Controlled Animation of Video Sprites, SCA 2002. Steering decides frame by
frame and cannot take back a step; where the path is known beforehand the film has one cost,

    E = Σ_t α C(p_{t−1}, p_t) + e(p_t, θ_t) + δ d_t²,

the jumps, the angle between each pose and the path ahead, and the distance d_t from the path in
body lengths. A beam of films grows frame by frame, in which each is judged by what it has cost and
by the future cost of its last pose; then subsequences are replaced by others, again and again, as
long as E falls (§5 there).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels import walks as kernels
from editor.engine.steer import AHEAD, SEARCH, Control, State
from editor.engine.steer_paths import Path
from editor.engine.step import Step

_CLOSENESS = 8.0  # δ
_WIDTH = 64  # films of the beam
_PIECE = 8  # frames of the beam before there is a pause
_TRIES = 64  # subsequences that are tried before there is a pause
_GIVEN_UP = 4  # tries for each frame, none of which made it better


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A film along a path: its state before the first frame and after each one, and E."""

    control: Control
    path: Path
    states: tuple[State, ...]
    cost: float


def walk_cost(control: Control, path: Path, states: Sequence[State]) -> float:
    """E of a film that begins with the first state: the plain version of what the kernels do."""
    tables, length = control.tables, control.length
    found, directions = tables.transitions, tables.directions
    e = tables.ahead - tables.steering.gamma * tables.m
    total = 0.0
    for before, state in pairwise(states):
        arc = int(np.flatnonzero(found.arcs[before.pose] == state.pose)[0])
        goal = path.first(before.way + AHEAD * length)
        at = math.atan2(goal.y - before.y, goal.x - before.x) / (2 * math.pi) * directions
        low = math.floor(at)
        sides = e[state.pose, low % directions], e[state.pose, (low + 1) % directions]
        wrong = (1 - at + low) * sides[0] + (at - low) * sides[1]
        if control.over(path, before.way):
            wrong = e[state.pose, directions]
        d = math.dist(state.point, path.at(state.way)) / length
        total += tables.steering.alpha * float(found.costs[before.pose, arc]) + float(wrong)
        total += _CLOSENESS * d * d
    return total


def walked(control: Control, path: Path, frames: int, *, tries: int = 10) -> Iterator[Step[Walk]]:
    """A film of so many frames along a path, from its beginning.

    With 0 ``tries`` it is steered frame by frame, as by the mouse; else the whole film is looked
    for, and at most so many replacements are tried for each of its frames. The control's seed
    decides which. Steps carry the film so far.
    """
    if frames < 1:
        raise ValueError(f"the film has {frames} frames: at least 1")
    states = [control.ready(path)]
    for state in control.walk(path, frames):
        states.append(state)
        if len(states) % 64 == 0:
            yield Step(0.05 * len(states) / frames)
    films = _Films(control, path, states[0], frames)
    best = films.traced(np.array([state.pose for state in states], np.int32))
    yield Step(0.05, films.walk(best))
    if tries > 0:
        for low in range(0, frames, _PIECE):
            films.grow(low, min(low + _PIECE, frames))
            yield Step(0.05 + 0.45 * low / frames)
        best = min(best, films.best(), key=lambda film: film.cost)
        vain = 0
        for number in range(0, tries * frames, _TRIES):
            vain = 0 if films.replace(best, number) else vain + _TRIES
            if vain >= _GIVEN_UP * frames:
                break
            yield Step(0.5 + 0.49 * number / (tries * frames))
    yield Step(1.0, films.walk(best))


class _Film(NamedTuple):
    """A film as the kernels have it; the first row is the state before its first frame."""

    pose: NDArray[np.int32]
    at: NDArray[np.int32]  # the point of the path, counted on from round to round
    told: NDArray[np.float64]  # x, y and the cost so far

    @property
    def cost(self) -> float:
        return float(self.told[-1, 2])


class _Films:
    """A beam of films that grow together: row t holds those of t frames."""

    def __init__(self, control: Control, path: Path, first: State, frames: int) -> None:
        self._control, self._path, self._first, self._frames = control, path, first, frames
        shape = (frames + 1, _WIDTH)
        self._pose, self._parent, self._at = (np.full(shape, -1, np.int32) for _ in range(3))
        self._told = np.zeros((*shape, 3))  # x, y and the cost
        self._pose[0, 0], self._at[0, 0], self._told[0, 0, :2] = first.pose, 0, first.point
        tables, length = control.tables, control.length
        steering, perspective = tables.steering, tables.poses.perspective
        # α, γ, how far it looks ahead and searches, when it stays, δ, and the perspective.
        rule = (
            float(steering.alpha), float(steering.gamma), AHEAD * length, SEARCH * length,
            control.arrival * length, _CLOSENESS / length**2, float(perspective.slope),
            float(perspective.level),
        )  # fmt: skip
        found, poses = tables.transitions, tables.poses
        self._tables = found.arcs, found.costs, tables.ahead, tables.m, rule, poses.shift
        self._route = path.points, path.along, path.closed

    def traced(self, pose: NDArray[np.int32]) -> _Film:
        """The film of these poses, the first being that before the first frame."""
        film = _Film(pose, np.zeros(len(pose), np.int32), np.zeros((len(pose), 3)))
        film.told[0, :2] = self._first.point
        kernels.trace(1, len(pose), *self._tables, *self._route, *film)
        return film

    def grow(self, start: int, stop: int) -> None:
        """The frames start..stop of the beam."""
        beam = self._pose, self._parent, self._at, self._told
        kernels.extend(start, stop, *self._tables, *self._route, *beam)

    def best(self) -> _Film:
        """The film of the beam that costs least."""
        alive = self._pose[-1] >= 0
        b = int(np.argmin(np.where(alive, self._told[-1, :, 2], np.inf)))
        pose = np.empty(self._frames + 1, np.int32)
        for t in range(self._frames, -1, -1):
            pose[t], b = self._pose[t, b], int(self._parent[t, b])
        return self.traced(pose)

    def replace(self, film: _Film, number: int) -> bool:
        """Try the next subsequences of a film, in its place; whether one of them was better."""
        seed, follows = np.uint64(self._control.seed), self._control.tables.poses.follows
        tries = number, number + _TRIES, seed, follows
        return bool(kernels.replace(*tries, *self._tables, *self._route, *film))

    def walk(self, film: _Film) -> Walk:
        round_, control = len(self._path.points) - 1, self._control
        laps, point = np.divmod(film.at, round_) if self._path.closed else (0 * film.at, film.at)
        ways = (laps * self._path.length + self._path.along[point]).tolist()
        states = tuple(
            State(int(pose), float(x), float(y), t, control.over(self._path, way), way)
            for t, (pose, (x, y, _), way) in enumerate(zip(film.pose, film.told, ways, strict=True))
        )
        return Walk(control, self._path, states, film.cost)
