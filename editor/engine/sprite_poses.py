"""What a sprite can do: each cel as a pose with a velocity and features, mirrored ones included.

§3 of A. Schödl, I. Essa: Controlled Animation of Video Sprites, SCA 2002. A creature that comes
nearer to the camera grows and moves faster; ``Perspective`` says how much, and velocities,
features and pictures are then those of one distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import frozen
from editor.engine.sprite import Sprite

FEATURES = 9  # velocity 2, mean colour 3, area 1, eccentricity 1, orientation 2

_SWAYS = 0.15  # body lengths that a creature gets about without going anywhere
_MIRRORED = np.array([-1, 1, 1, 1, 1, 1, 1, 1, -1])  # what a mirror does to each feature


@dataclass(frozen=True, slots=True)
class Perspective:
    """How large the creature is at a height of the frame: 1 + slope · (y − level)."""

    slope: float = 0.0  # a pixel
    level: float = 0.0  # pixels from above

    def scale(self, y: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.clip(1 + self.slope * (np.asarray(y, np.float64) - self.level), 0.1, 10.0)


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """A table with one row for each cel and, of a mirrored sprite, one for its mirror image too."""

    cel: NDArray[np.int32]  # (n,) which one of the sprite
    mirrored: NDArray[np.bool_]
    follows: NDArray[np.bool_]  # the next pose goes on with this one's movement
    velocity: NDArray[np.float64]  # (n, 2) smoothed, pixels a frame
    shift: NDArray[np.float64]  # (n, 2) how far the creature moves when it comes to this pose
    features: NDArray[np.float32]  # (n, FEATURES), each of deviation 1
    scale: NDArray[np.float64]  # (n,) by which the cel is larger than at the level
    perspective: Perspective
    length: float  # of the body, pixels
    extent: float  # how far it gets in one movement

    @property
    def count(self) -> int:
        return len(self.cel)

    @property
    def speed(self) -> float:
        """The usual one of those that move: pixels a frame."""
        speeds = np.hypot(*self.velocity.T)
        return float(np.median(speeds[speeds >= np.median(speeds)]))

    @property
    def moves(self) -> bool:
        """Whether it goes anywhere, and does not only sway on the spot."""
        return self.extent > _SWAYS * self.length


def perspective_of(sprite: Sprite) -> Perspective:
    """The perspective told by how the creature grows from the far end of the frame to the near."""
    y = sprite.centroids[:, 1]
    size = np.sqrt([cel.area for cel in sprite.cels])
    level = float(np.median(y))
    if np.ptp(y) < 1:
        return Perspective(0.0, level)
    kept = np.ones(len(y), bool)
    for _ in range(3):  # without the frames in which it is hidden or stretched
        slope, middle = np.polyfit(y[kept] - level, size[kept], 1)
        left = size - middle - slope * (y - level)
        kept = np.abs(left) <= 2.5 * np.median(np.abs(left)) + 1e-9
        if np.ptp(y[kept]) < 1:
            return Perspective(0.0, level)
    return Perspective(float(slope / middle), level)


def poses(
    sprite: Sprite,
    *,
    smoothing: float = 2.0,
    perspective: Perspective = Perspective(),
) -> Poses:
    """The poses of a sprite; ``smoothing`` is over how many frames to each side velocity is told.

    Between cels of one movement the creature moves as it did in the clip, step by step; after a
    jump it moves with the smoothed velocity.
    """
    if not 0.5 <= smoothing <= 30:
        raise ValueError(f"smoothing is {smoothing:g}: it goes from 0.5 to 30")
    follows = sprite.follows
    scale = perspective.scale(sprite.centroids[:, 1])
    moved = np.zeros((sprite.count, 2))
    moved[1:] = (np.diff(sprite.centroids, axis=0) + sprite.drift) / scale[1:, None]
    arrived = np.append(False, follows[:-1])  # a pose that goes on with the one before
    velocity = _smoothed(moved, arrived, smoothing)
    shift = np.where(arrived[:, None], moved, velocity)
    features = _features(sprite, velocity, scale)
    sides = (1, -1) if sprite.mirrored else (1,)
    flip = [np.array((side, 1.0)) for side in sides]
    turned = [features * (_MIRRORED if side < 0 else 1) for side in sides]
    return Poses(
        frozen(np.tile(np.arange(sprite.count, dtype=np.int32), len(sides))),
        frozen(np.repeat([side < 0 for side in sides], sprite.count)),
        frozen(np.tile(follows, len(sides))),
        frozen(np.concatenate([velocity * one for one in flip])),
        frozen(np.concatenate([shift * one for one in flip])),
        frozen(_normal(np.concatenate(turned))),
        frozen(np.tile(scale, len(sides))),
        perspective,
        sprite.length,
        sprite.extent,
    )


def coverage(poses: Poses, directions: int = 24) -> NDArray[np.float64]:
    """Seconds' worth of frames in which the creature moves each way; 0 is a gap in the footage.

    Direction k points to the angle 2πk / directions, right first, then down. A pose counts for the
    two directions beside its own; those that hardly move count for none.
    """
    counts = np.zeros(directions)
    angles = headings(poses)
    at = angles[np.isfinite(angles)] / (2 * np.pi) * directions
    low = np.floor(at).astype(int)
    np.add.at(counts, low % directions, 1 - (at - low))
    np.add.at(counts, (low + 1) % directions, at - low)
    return counts


def headings(poses: Poses) -> NDArray[np.float64]:
    """Which way each pose goes, radians, right first, then down; NaN for those that hardly move."""
    if not poses.moves:
        return np.full(poses.count, np.nan)
    vx, vy = poses.velocity.T
    return np.where(np.hypot(vx, vy) > 0.25 * poses.speed, np.arctan2(vy, vx), np.nan)


def _smoothed(
    moved: NDArray[np.float64], arrived: NDArray[np.bool_], smoothing: float
) -> NDArray[np.float64]:
    """A Gaussian mean of the steps around each pose, within its movement."""
    reach = int(5 * smoothing) + 2  # what is further away has no weight
    weights = np.exp(-0.5 * ((np.arange(-reach, reach) + 0.5) / smoothing) ** 2)
    velocity = np.zeros_like(moved)
    starts = np.flatnonzero(~arrived)
    for first, stop in zip(starts, [*starts[1:], len(moved)], strict=True):
        steps = moved[first + 1 : stop]  # the k-th lies between poses k and k + 1
        if len(steps) == 0:
            continue
        here = slice(reach - 1, reach + len(steps))
        total = np.convolve(np.ones(len(steps)), weights)[here]
        for axis, part in enumerate(steps.T):
            velocity[first:stop, axis] = np.convolve(part, weights)[here] / total
    return velocity


def _features(
    sprite: Sprite, velocity: NDArray[np.float64], scale: NDArray[np.float64]
) -> NDArray[np.float64]:
    xx, xy, yy = np.array([cel.moments for cel in sprite.cels]).T
    total = xx + yy + 1 / 6
    long, turned = (xx - yy) / total, 2 * xy / total  # eccentricity · (cos 2θ, sin 2θ)
    area = np.sqrt([cel.area for cel in sprite.cels]) / scale
    colour = np.array([cel.colour for cel in sprite.cels])
    return np.column_stack([velocity, colour, area, np.hypot(long, turned), long, turned])


def _normal(features: NDArray[np.float64]) -> NDArray[np.float32]:
    """Each kind of feature with deviation 1; what hardly varies is not blown up."""
    features = features.copy()
    for part, least in (
        (slice(0, 2), 1e-3), (slice(2, 5), 4.0), (slice(5, 6), 1.0), (slice(6, 7), 0.05),
        (slice(7, 9), 0.05),
    ):  # fmt: skip
        kind = features[:, part]
        kind /= max(float(kind.std()), least) * np.sqrt(kind.shape[1])
    return np.ascontiguousarray(features, np.float32)
