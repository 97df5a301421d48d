"""Which pose of a sprite may follow which, and what it costs to go in each direction from there.

A. Schödl, I. Essa: Machine Learning for Video-Based Rendering, NIPS 2000, and Controlled Animation
of Video Sprites, SCA 2002. Jumps are found by cheap features first; of those that survive the
pictures are compared, laid upon each other at the centroid. With r as that distance in units of the
footage's own step from frame to frame, C_ij = r² + max(r − 1.5, 0)²: 1 is a jump as smooth as the
clip itself, one that is seen costs more than it is far, and to go on costs nothing.

To show pose j while the creature should go in direction θ costs e_j = β · angle / 180°, and what
follows is m^θ_i = min_j (α C_ij + e_j + γ m^θ_j), the future cost of Video Textures with a target
(§6.4 there). It is solved for some directions and read between them; a further column is for
staying where one is, where e_j is the pose's speed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import frozen
from editor.engine.kernels import sprites as kernels
from editor.engine.sprite import Cel, Sprite
from editor.engine.sprite_poses import Poses
from editor.engine.step import Step, unseen
from editor.engine.threads import Crew

Pictures = tuple[NDArray[np.uint8], NDArray[np.float32]]  # (n, values), (n, 1)

THUMB = 32  # pixels of the pictures that are compared

_APART = 8  # frames: a shorter jump stands still or trembles
_ALIKE = 32  # jumps of each pose that are judged by the picture
_GROUP = 8  # directions that are solved together, side by side
_PIECE = 1 << 23  # of comparisons before there is a pause
_SMOOTH = 1.5  # of the footage's own steps: a jump that is further is seen
_SOME = 64  # pictures that are made before there is a pause
_SLOW = 1.0  # of the usual speed, below which a pose brings the creature forward too little
_HARD_STOP = 100.0  # the cost of standing still where nothing leads on


@dataclass(frozen=True, slots=True)
class Steering:
    alpha: float = 1.0  # how much a jump that can be seen counts
    beta: float = 6.0  # how much it counts to go the wrong way
    gamma: float = 0.985  # how much the future counts, a frame
    directions: int = 16

    def __post_init__(self) -> None:
        for name, low, high in (
            ("alpha", 0, 1000), ("beta", 0, 1000), ("gamma", 0.1, 0.999), ("directions", 4, 64),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} is {getattr(self, name)}: it goes from {low} to {high}")


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """Where one can go from each pose: on, and to what is like that."""

    arcs: NDArray[np.int32]  # (n, k) poses, −1 after the last of a row
    distances: NDArray[np.float32]  # (n, k) of the picture, levels; 0 for going on
    costs: NDArray[np.float32]  # (n, k) C
    step: float  # the footage's own median distance from frame to frame, levels


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Everything that steering looks up."""

    steering: Steering
    poses: Poses
    transitions: Transitions
    m: NDArray[np.float32]  # (n, directions + 1) the future cost; the last column is for staying
    ahead: NDArray[np.float32]  # the same shape: e + γm
    sweeps: int

    @property
    def directions(self) -> int:
        return self.steering.directions


def transitions(sprite: Sprite, poses: Poses, *, threads: int = 1) -> Iterator[Step[Transitions]]:
    """Find and judge the jumps."""
    with Crew(threads) as crew:
        yield from _transitions(sprite, poses, crew)


def tables(
    poses: Poses,
    transitions: Transitions,
    steering: Steering = Steering(),
    *,
    before: Tables | None = None,
    threads: int = 1,
) -> Iterator[Step[Tables]]:
    """What follows each pose, for every direction.

    ``before`` are the tables of the same poses for other settings: the search begins with them.
    """
    with Crew(threads) as crew:
        yield from _tables(poses, transitions, steering, before, crew)


def errors(poses: Poses, angle: float) -> NDArray[np.float64]:
    """How wrong each pose is for a direction: 0 is right, 1 is back, ½ is across or not moving."""
    vx, vy = poses.velocity.T
    speed = np.hypot(vx, vy)
    away = np.abs((np.arctan2(vy, vx) - angle + np.pi) % (2 * np.pi) - np.pi) / np.pi
    sure = np.minimum(speed / (_SLOW * max(poses.speed, 1e-9)), 1)
    wrong: NDArray[np.float64] = 0.5 + sure * (away - 0.5)
    return wrong


def restlessness(poses: Poses) -> NDArray[np.float64]:
    """How wrong each pose is where the creature should stay: 0 is still, ½ the usual speed."""
    speed = np.hypot(*poses.velocity.T)
    restless: NDArray[np.float64] = np.minimum(0.5 * speed / max(poses.speed, 1e-9), 1)
    return restless


def future_cost_reference(
    arcs: NDArray[np.int32],
    costs: NDArray[np.float64],
    wrong: NDArray[np.float64],
    gamma: float,
    tolerance: float = 1e-9,
) -> NDArray[np.float64]:
    """m_i = min_j (C_ij + e_j + γ m_j) for one direction, swept until it stays: for tests."""
    m = np.zeros(len(arcs))
    while True:
        before = m.copy()
        for i in reversed(range(len(arcs))):
            m[i] = min(
                c + wrong[j] + gamma * m[j]
                for j, c in zip(arcs[i], costs[i], strict=True)
                if j >= 0
            )
        if np.abs(m - before).max() <= tolerance:
            return m


def thumbnails(sprite: Sprite, poses: Poses) -> Iterator[Step[Pictures]]:
    """Small pictures, multiplied by alpha, the centroid in the middle; and how much of them is α.

    All have one scale, such that nearly every cel fits; what is further out is cut off.
    """
    count, scale = sprite.count, poses.scale[: sprite.count]
    reach = np.array([_reach(cel) for cel in sprite.cels]) / scale
    half = float(np.quantile(reach, 0.95)) + 1
    small = np.empty((poses.count, THUMB, THUMB, 4), np.uint8)
    areas = np.empty((poses.count, 1), np.float32)
    for first in range(0, count, _SOME):
        for at in range(first, min(first + _SOME, count)):
            small[at] = _thumbnail(sprite.cels[at], half * float(scale[at]))
            areas[at] = max(int(small[at, ..., 3].sum(dtype=np.int64)) / 255, 1)
        yield Step(min(0.99, (first + _SOME) / count))
    if poses.count > count:
        small[count:], areas[count:] = small[:count, :, ::-1], areas[:count]
    yield Step(1.0, (small.reshape(poses.count, -1), areas))


def _reach(cel: Cel) -> float:
    x, y = cel.centroid
    place = cel.place
    return max(x - place.x, place.right - x, y - place.y, place.bottom - y)


def _thumbnail(cel: Cel, half: float) -> NDArray[np.uint8]:
    side = max(THUMB, 2 * round(half))
    canvas = np.zeros((side, side, 4), np.float32)
    left = round(side / 2 - (cel.centroid.x - cel.place.x + 0.5))
    top = round(side / 2 - (cel.centroid.y - cel.place.y + 0.5))
    y, x = max(top, 0), max(left, 0)
    inner = cel.pixels[y - top : side - top, x - left : side - left].astype(np.float32)
    inner[..., :3] *= inner[..., 3:] / 255
    canvas[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
    small: NDArray[np.uint8] = np.rint(
        cv2.resize(canvas, (THUMB, THUMB), interpolation=cv2.INTER_AREA)
    ).astype(np.uint8)
    return small


def _transitions(
    sprite: Sprite, poses: Poses, crew: Crew
) -> Generator[Step[Transitions], None, None]:
    count = poses.count
    features = np.ascontiguousarray(poses.features.T)
    alike = np.full((count, _ALIKE), -1, np.int32)
    piece = max(1, _PIECE // (4 * count))
    given = features, poses.follows, _APART, alike
    pauses = crew.passing(kernels.list_alike, 0, count, *given, piece=piece, weight=count)
    for number, _ in enumerate(pauses):
        yield Step(0.4 * min(1.0, (number + 1) * piece / count))
    thumbs, areas = yield from unseen(0.4, 0.5, thumbnails(sprite, poses))
    distances = np.empty((count, _ALIKE), np.float32)
    pictures = thumbs, areas, poses.follows, alike, distances
    piece = max(1, _PIECE // (_ALIKE * thumbs.shape[1]))
    for number, _ in enumerate(
        crew.passing(kernels.compare, 0, count, *pictures, piece=piece, weight=_ALIKE * 4096)
    ):
        yield Step(0.5 + 0.45 * min(1.0, (number + 1) * piece / count))
    own = np.zeros(count, np.float32)
    crew(kernels.compare_neighbours, 0, count - 1, thumbs, areas, own, weight=4096)
    between = own[np.flatnonzero(poses.follows)]
    step = max(float(np.median(between)) if len(between) else 0.0, 1.0)
    yield Step(1.0, _joined(poses, alike, distances, step))


def _joined(
    poses: Poses, alike: NDArray[np.int32], distances: NDArray[np.float32], step: float
) -> Transitions:
    """Going on stands first in its row; a pose from which nothing leads anywhere stands still."""
    count = poses.count
    arcs = np.full((count, 1 + alike.shape[1]), -1, np.int32)
    away = np.full(arcs.shape, np.inf, np.float32)
    follows = poses.follows
    on = np.where(follows, np.arange(1, count + 1), -1)
    arcs[:, 0], away[:, 0] = on, np.where(follows, 0, np.inf)
    arcs[:, 1:], away[:, 1:] = alike, distances
    order = np.argsort(away, axis=1, kind="stable")
    arcs, away = np.take_along_axis(arcs, order, 1), np.take_along_axis(away, order, 1)
    away[arcs < 0] = 0
    r = away / np.float32(step)
    costs = r**2 + np.maximum(r - np.float32(_SMOOTH), 0) ** 2
    stuck = np.flatnonzero(arcs[:, 0] < 0)
    arcs[stuck, 0], costs[stuck, 0] = stuck, _HARD_STOP
    return Transitions(frozen(arcs), frozen(away), frozen(costs.astype(np.float32)), step)


def _tables(
    poses: Poses, transitions: Transitions, steering: Steering, before: Tables | None, crew: Crew
) -> Generator[Step[Tables], None, None]:
    columns = steering.directions + 1
    groups = -(-columns // _GROUP)
    shape = (groups, poses.count, _GROUP)
    wrong = np.zeros((groups * _GROUP, poses.count), np.float32)
    for k in range(steering.directions):
        wrong[k] = steering.beta * errors(poses, 2 * np.pi * k / steering.directions)
    wrong[steering.directions] = steering.beta * restlessness(poses)
    e = np.ascontiguousarray(wrong.reshape(groups, _GROUP, -1).transpose(0, 2, 1))
    gamma = np.float32(steering.gamma)
    m = np.zeros(shape, np.float32)
    if before is not None and before.m.shape == (poses.count, columns):
        guess = np.zeros((poses.count, groups * _GROUP), np.float32)
        guess[:, :columns] = before.m
        m += guess.reshape(-1, groups, _GROUP).transpose(1, 0, 2)
    ahead = e + gamma * m
    costs = np.float32(steering.alpha) * transitions.costs
    changes = np.zeros(groups, np.float32)
    enough = 1e-3 * max(steering.beta, 1e-3)
    first, change, sweeps = 0.0, 0.0, 0
    while sweeps == 0 or change > enough:
        for group in range(0, groups, 2):
            crew(
                kernels.sweep, group, min(group + 2, groups), transitions.arcs, costs, e, gamma, m,
                ahead, changes, weight=poses.count * _GROUP,
            )  # fmt: skip
            yield Step(0.99 * _near(first, change, enough))
        change = float(changes.max())
        first = first or change
        sweeps += 1
    by_pose = [
        np.ascontiguousarray(one.transpose(1, 0, 2).reshape(poses.count, -1)[:, :columns])
        for one in (m, ahead)
    ]
    yield Step(
        1.0, Tables(steering, poses, transitions, frozen(by_pose[0]), frozen(by_pose[1]), sweeps)
    )


def _near(first: float, change: float, enough: float) -> float:
    """How far a change that shrinks by a factor each time has come."""
    if not 0 < change < first:
        return 0.0
    return min(float(np.log(first / change) / np.log(max(first / enough, 2.0))), 1.0)
