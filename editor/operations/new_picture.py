"""A value: a whole picture in the place of the old one, and what becomes of the marks upon it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.curve import Curve
from editor.engine.guides import Line
from editor.engine.image import Cover, Picture, Point, Rect, Size
from editor.operations.base import Remedy, Scene

_BAND = 1 << 19  # pixels that are compared at once
_MOST_PARTS = 300  # of a mask that are looked at one by one
_ASTRAY = 6.0  # pixels off a line, a copy of it says nothing about it


@dataclass(frozen=True, slots=True)
class Turn:
    """A part of a picture, turned to the left by quarters and mirrored: nothing is resampled."""

    part: Rect
    quarters: int = 0
    mirrored: bool = False  # left and right change places, after the turn

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """A view of any array that lies on the picture."""
        turned = np.rot90(array[self.part.slices], self.quarters)
        return turned[:, ::-1] if self.mirrored else turned

    def point(self, at: Point) -> Point:
        """Where a place of the old picture is in the new one."""
        x, y = at.x - self.part.x, at.y - self.part.y
        width, height = self.part.width, self.part.height
        for _ in range(self.quarters % 4):
            x, y = y, width - x
            width, height = height, width
        return Point(width - x if self.mirrored else x, y)


@dataclass(frozen=True, slots=True, eq=False)
class NewPicture:
    """A whole picture in the place of the old one, of another size perhaps.

    The masks and lines of the old picture follow it: where each pixel was copied from
    (``origins``), how it was cut and turned (``turn``), or where it lies in the new one
    (``corner``), if one of these is known, and else by scaling.
    """

    pixels: Picture
    origins: NDArray[np.int32] | None = None  # (H, W, 2): row and column each was copied from
    turn: Turn | None = None
    corner: tuple[int, int] | None = None  # (x, y) from which on the old picture lies in it, whole
    spent: str = ""  # of MASKS the one that said what to do: it is empty afterwards
    residuals: tuple[float, ...] = ()  # pixels that lines, protected parts, regions are off by
    notices: tuple[str, ...] = field(default=(), kw_only=True)
    curve: Curve | None = field(default=None, kw_only=True)  # of the fit that made it
    remedy: Remedy | None = field(default=None, kw_only=True)  # for what the notices complain of
    #: Other pictures that were made in the same way, by the names of what they were made of.
    beside: tuple[tuple[str, Picture], ...] = field(default=(), kw_only=True)
    #: All of it is in the same place, in more pixels or fewer: to be seen stretched over the other.
    stretched: bool = field(default=False, kw_only=True)

    def on(self, image: Picture) -> Picture:
        """What becomes of the picture: this one."""
        return self.pixels

    def carried(self, cover: Cover, plane: str = "mask") -> Cover:
        """What becomes of a mask of the old picture, one of MASKS.

        The numbers of regions are never mixed, and a second copy of what is protected is not.
        """
        from editor.engine.scale import scaled
        from editor.engine.step import last

        size = Size.of(self.pixels)
        if self.turn is not None:
            return np.ascontiguousarray(self.turn.of(cover))
        if self.corner is not None:
            room: Cover = np.zeros(self.pixels.shape[:2], np.uint8)
            room[Rect(*self.corner, *Size.of(cover)).slices] = cover
            return room
        if self.origins is not None:
            moved = _at(cover, self.origins[..., 0], self.origins[..., 1])
            return _once(moved, self.origins) if plane == "protect" else moved
        if size == Size.of(cover):
            return cover
        if plane == "labels":
            rows, columns = (
                (2 * np.arange(new) + 1) * old // (2 * new)
                for new, old in zip(self.pixels.shape, cover.shape, strict=False)
            )
            return _at(cover, rows[:, None], columns)
        return last(scaled(cover, size))

    def carried_line(self, line: Line, old: Size) -> Line | None:
        """What becomes of a line on a picture of this size; None if nothing is left of it."""
        new = Size.of(self.pixels)
        ends = self._ends(line, old)
        if ends is None:
            return None
        a, b = (
            Point(min(max(float(x), 0.0), new.width), min(max(float(y), 0.0), new.height))
            for x, y in ends
        )
        return None if math.dist(a, b) < 1 else replace(line, a=a, b=b)

    def _ends(self, line: Line, old: Size) -> NDArray[Any] | None:
        """Rows of x and y."""
        ends = np.array([line.a, line.b])
        if self.turn is not None:
            return np.array([self.turn.point(Point(x, y)) for x, y in ends])
        if self.corner is not None:
            moved: NDArray[Any] = ends + np.array(self.corner)
            return moved
        if self.origins is None:
            scaled: NDArray[Any] = ends * np.array(Size.of(self.pixels)) / np.array(old)
            return scaled
        return _fitted(_copies_of(self.origins, ends))


def _copies_of(origins: NDArray[np.int32], ends: NDArray[Any]) -> NDArray[Any]:
    """(n, 2): x and y of each pixel that was copied from a line, in the line's direction."""
    length = np.hypot(*(ends[1] - ends[0]))
    along_it = (ends[1] - ends[0]) / length
    beside_it = np.array([-along_it[1], along_it[0]])
    rows = max(1, _BAND // origins.shape[1])
    found, places = [], []
    for top in range(0, len(origins), rows):
        offsets = origins[top : top + rows, :, ::-1] + (0.5 - ends[0])
        along, across = offsets @ along_it, offsets @ beside_it
        ys, xs = np.nonzero((np.abs(across) < 0.75) & (along >= 0) & (along <= length))
        found.append(np.stack([xs, ys + top], axis=1) + 0.5)
        places.append(along[ys, xs])
    return np.concatenate(found)[np.argsort(np.concatenate(places), kind="stable")]


def _fitted(points: NDArray[Any]) -> NDArray[Any] | None:
    """The ends of the straight line that most of the points lie on; None if there are too few."""
    if len(points) < 3:
        return None
    weights = np.ones(len(points))
    for _ in range(6):
        mean = np.average(points, axis=0, weights=weights)
        spread = (points - mean) * np.sqrt(weights)[:, None]
        direction = np.linalg.eigh(spread.T @ spread)[1][:, 1]
        off = (points - mean) @ np.array([-direction[1], direction[0]])
        weights = 1 / (1 + off**2)  # those far off were copied to somewhere else
    along = ((points - mean) @ direction)[np.abs(off) < _ASTRAY]
    if len(along) < 3:
        return None
    if along[-1] < along[0]:
        direction, along = -direction, -along
    ends: NDArray[Any] = mean + np.percentile(along, (0, 100))[:, None] * direction
    return ends


def _at(cover: Cover, rows: NDArray[Any], columns: NDArray[Any]) -> Cover:
    found: Cover = cover[rows, columns]
    return found


def _once(cover: Cover, origins: NDArray[np.int32]) -> Cover:
    """A cover without those of its parts that are further copies of a larger one."""
    from editor.engine.cv import cv2

    count, parts, boxes, _ = cv2.connectedComponentsWithStats((cover > 0).view(np.uint8))
    seen = np.zeros(tuple(origins.max(axis=(0, 1)) + 1), np.bool_)
    left = cover.copy()
    by_size = sorted(range(1, count), key=lambda one: -int(boxes[one, cv2.CC_STAT_AREA]))
    for number in by_size[:_MOST_PARTS]:
        x, y, width, height = (int(one) for one in boxes[number, :4])
        place = Rect(x, y, width, height).slices
        inside = parts[place] == number
        rows, columns = origins[place][inside].T
        if seen[rows, columns].mean() > 0.5:
            left[place][inside] = 0
        seen[rows, columns] = True
    return left


def check_still(scene: Scene) -> None:
    """Raise ValueError for a frame of a clip."""
    if scene.clip is not None:
        raise ValueError(
            "this is a frame of a clip, and all of them have one size: export the picture and open"
            " that"
        )
