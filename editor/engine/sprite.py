"""A sprite: a creature cut out of a clip, frame by frame, and where it was.

A cel is one such cut-out. Cels of one track whose numbers follow each other show one movement;
where the creature left the frame, was lost, or a person threw cels away, the track is cut and both
parts are kept.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Cover, Point, Rect, Size, frozen

FASTEST = 1000.0  # pixels a frame
STILL = Point(0.0, 0.0)

Cutout = NDArray[np.uint8]  # (H, W, 4) RGBA, not multiplied by alpha


@dataclass(frozen=True, slots=True)
class Route:
    """Where a sprite should go: from point to point of the stage, straight or in a curve."""

    points: tuple[Point, ...]
    closed: bool = False
    curved: bool = False

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for point in self.points for value in point):
            raise ValueError("a point of the path is not a number")
        if len(set(self.points)) < 2:
            raise ValueError("a path needs two points that are not the same")


Goal = Route | Point | None  # a path to follow, a place to go to; without one it wanders


@dataclass(frozen=True, slots=True, eq=False)
class Cel:
    number: int  # of the clip's frame
    track: int
    place: Rect  # in the frame
    pixels: Cutout  # of the place, read-only
    area: float  # Σα, pixels
    centroid: Point  # in the frame, weighed by α and by how deep inside: no tail moves it
    moments: tuple[float, float, float]  # of α, around its own middle: xx, xy, yy, pixels²
    colour: tuple[float, float, float]  # mean, levels

    @classmethod
    def of(cls, number: int, track: int, place: Rect, pixels: Cutout) -> Cel:
        """Measure a cut-out."""
        if pixels.shape != (place.height, place.width, 4) or pixels.dtype != np.uint8:
            raise ValueError(
                f"a cut-out of {place.width} × {place.height} is (H, W, 4) uint8, not "
                f"{pixels.shape} {pixels.dtype}"
            )
        alpha = pixels[..., 3].astype(np.float64) / 255
        area = float(alpha.sum())
        if area == 0:
            raise ValueError(f"the cut-out of frame {number} is empty")
        rows, columns = alpha.sum(axis=1), alpha.sum(axis=0)
        ys, xs = np.arange(place.height), np.arange(place.width)
        y, x = float(rows @ ys) / area, float(columns @ xs) / area
        xx, yy = float(columns @ (xs - x) ** 2) / area, float(rows @ (ys - y) ** 2) / area
        xy = float((ys - y) @ alpha @ (xs - x)) / area
        red, green, blue = (np.tensordot(alpha, pixels[..., :3], 2) / area).tolist()
        return cls(
            number, track, place, frozen(pixels), area, _middle(place, pixels[..., 3]),
            (xx, xy, yy), (red, green, blue),
        )  # fmt: skip

    @property
    def length(self) -> float:
        """Of the body: four deviations along its longer axis, as of an evenly filled ellipse."""
        xx, xy, yy = self.moments
        larger = (xx + yy) / 2 + np.hypot((xx - yy) / 2, xy)
        return 4 * float(np.sqrt(larger + 1 / 12))


def _middle(place: Rect, alpha: Cover) -> Point:
    from editor.engine.cv import cv2

    around = cv2.copyMakeBorder(alpha, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    solid = (around > around.max() // 2).view(np.uint8)
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1]
    weight = alpha * depth.astype(np.float64) ** 2
    rows, columns = weight.sum(axis=1), weight.sum(axis=0)
    y, x = float(rows @ np.arange(len(rows))), float(columns @ np.arange(len(columns)))
    return Point(place.x + x / float(rows.sum()), place.y + y / float(rows.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    cels: tuple[Cel, ...]  # by track, by number
    size: Size  # of the clip
    rate: Fraction  # cels a second
    source: str = ""  # the name of the clip, without folders
    mirrored: bool = False  # its mirror images are poses of it too
    drift: Point = STILL  # pixels a frame that it goes besides: the camera went along

    def __post_init__(self) -> None:
        order = [(cel.track, cel.number) for cel in self.cels]
        if not order:
            raise ValueError("a sprite needs at least one cut-out")
        if order != sorted(set(order)):
            raise ValueError("the cut-outs of a sprite go by track and by number, each once")
        if not all(abs(value) <= FASTEST for value in self.drift):
            raise ValueError(f"the drift is {self.drift.x:g}, {self.drift.y:g}: up to {FASTEST:g}")
        if self.rate <= 0:
            raise ValueError(f"the rate of a sprite is {self.rate}: it must be above 0")

    @property
    def count(self) -> int:
        return len(self.cels)

    @property
    def follows(self) -> NDArray[np.bool_]:
        """Whether the next cel goes on with the movement of this one."""
        steps = np.diff([(cel.track, cel.number) for cel in self.cels], axis=0)
        same = (steps == (0, 1)).all(axis=1) if len(steps) else np.zeros(0, bool)
        return np.append(same, False)

    @property
    def extent(self) -> float:
        """How far it gets within one movement: pixels, along the longer side."""
        parts = np.split(self.centroids, np.flatnonzero(~self.follows[:-1]) + 1)
        far = [np.ptp(part, axis=0) + np.abs(self.drift) * (len(part) - 1) for part in parts]
        return float(np.max(far))

    @property
    def centroids(self) -> NDArray[np.float64]:
        return np.array([cel.centroid for cel in self.cels])

    @property
    def length(self) -> float:
        """Of the body, as it mostly is: pixels of the clip."""
        return float(np.median([cel.length for cel in self.cels]))

    def without(self, numbers: Collection[int]) -> Sprite:
        """The sprite without the cels of these frames."""
        left = tuple(cel for cel in self.cels if cel.number not in numbers)
        if not left:
            raise ValueError("every cut-out was rejected: keep at least one")
        return replace(self, cels=left)
