"""A walk of a sprite with every decision: what each jump would have cost, and which was taken.

A. Schödl, I. Essa: Controlled Animation of Video Sprites, SCA 2002, §4. Nothing is decided here:
``steer`` does that, and the terms of its cost are written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Point
from editor.engine.sprite import Sprite
from editor.engine.sprite_poses import coverage
from editor.engine.steer import Aim, Control, State
from editor.engine.step import Step

WAYS = 16  # of the rose

_AT_ONCE = 16  # frames before there is a pause

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """One frame: where the creature stands, where it should go, and all it could do next."""

    state: State
    goal: Point
    aim: Aim
    poses: NDArray[np.int32]  # (k,) that may come next, the cheapest first
    jump: Costs  # (k,) α · C
    way: Costs  # β · angle, or of moving where it should stay
    future: Costs  # γ · m
    goes_on: int  # which of them goes on with the movement; −1: none
    chosen: int  # which of them came next

    @property
    def total(self) -> Costs:
        return self.jump + self.way + self.future


@dataclass(slots=True, eq=False)
class WalkRecord:
    """It grows, turn by turn."""

    sprite: Sprite
    control: Control
    total: int
    ways: tuple[float, ...]  # frames that go each way, to the right first, then down
    turns: list[Turn] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.turns)


def recorded(
    sprite: Sprite, control: Control, goals: Sequence[Point], total: int
) -> Iterator[Step[WalkRecord]]:
    """So many frames towards one goal after the other: the next one when it has arrived."""
    ways = coverage(control.tables.poses, WAYS).tolist()
    record = WalkRecord(sprite, control, total, tuple(ways))
    at = 0
    state = control.towards(control.start().point, goals[0])
    for number in range(total):
        turn = decided(control, state, goals[at])
        record.turns.append(turn)
        state = control.moved(state, turn.aim)
        if turn.aim.resting:
            at = (at + 1) % len(goals)
        if number % _AT_ONCE == 0 or number == total - 1:
            yield Step((number + 1) / total, record)


def decided(control: Control, state: State, goal: Point) -> Turn:
    """What the next frame may be, and what speaks for each."""
    tables = control.tables
    aim = control.aims((state,), (goal,))[0]
    poses, jumps = _next(control, state)
    way, future = control.ahead(poses, aim)
    total = jumps + way + future
    order = np.argsort(total, kind="stable")
    chosen = control.moved(state, aim).pose
    on = state.pose + 1 if tables.poses.follows[state.pose] else -1
    poses = poses[order]
    return Turn(
        state, goal, aim, poses, jumps[order], way[order], future[order],
        _where(poses, on), _where(poses, chosen),
    )  # fmt: skip


def _next(control: Control, state: State) -> tuple[NDArray[np.int32], Costs]:
    found = control.tables.transitions
    arcs = found.arcs[state.pose]
    there = arcs >= 0
    costs = control.tables.steering.alpha * found.costs[state.pose][there].astype(np.float64)
    return arcs[there], costs


def _where(poses: NDArray[np.int32], pose: int) -> int:
    found = np.flatnonzero(poses == pose)
    return int(found[0]) if len(found) else -1
