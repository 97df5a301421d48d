"""A value: a whole picture in the place of the old one, and what becomes of the marks upon it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Cover, Picture, Point, Rect, Size
from editor.operations.base import Scene

_BAND = 1 << 19  # pixels that are compared at once


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

    The masks and lines of the old picture follow it: where each pixel was copied from (``origins``)
    or how it was cut and turned (``turn``), if one of these is known, and else by scaling.
    """

    pixels: Picture
    origins: NDArray[np.int32] | None = None  # (H, W, 2): row and column each was copied from
    turn: Turn | None = None
    residuals: tuple[float, ...] = ()  # pixels that lines, protected parts, regions are off by
    notices: tuple[str, ...] = field(default=(), kw_only=True)

    def on(self, image: Picture) -> Picture:
        """What becomes of the picture: this one."""
        return self.pixels

    def carried(self, cover: Cover, *, numbers: bool = False) -> Cover:
        """What becomes of a mask of the old picture; ``numbers`` are never mixed."""
        from editor.engine.scale import scaled
        from editor.engine.step import last

        size = Size.of(self.pixels)
        if self.turn is not None:
            return np.ascontiguousarray(self.turn.of(cover))
        if self.origins is not None:
            return _at(cover, self.origins[..., 0], self.origins[..., 1])
        if size == Size.of(cover):
            return cover
        if numbers:
            rows, columns = (
                (2 * np.arange(new) + 1) * old // (2 * new)
                for new, old in zip(self.pixels.shape, cover.shape, strict=False)
            )
            return _at(cover, rows[:, None], columns)
        return last(scaled(cover, size))

    def place_of(self, at: Point, old: Size) -> Point:
        """Where a place of the old picture is now, or what is left nearest to it."""
        new = Size.of(self.pixels)
        if self.turn is not None:
            return self.turn.point(at)
        scaled = Point(at.x * new.width / old.width, at.y * new.height / old.height)
        if self.origins is None:
            return scaled
        row, column = min(int(at.y), old.height - 1), min(int(at.x), old.width - 1)
        y, x = _nearest(self.origins, (row, column), scaled)
        inside = at.x - self.origins[y, x, 1], at.y - self.origins[y, x, 0]
        return Point(x + min(max(inside[0], 0.0), 1.0), y + min(max(inside[1], 0.0), 1.0))


def _at(cover: Cover, rows: NDArray[Any], columns: NDArray[Any]) -> Cover:
    found: Cover = cover[rows, columns]
    return found


def check_still(scene: Scene) -> None:
    """Raise ValueError for a frame of a clip."""
    if scene.clip is not None:
        raise ValueError(
            "this is a frame of a clip, and all of them have one size: export the picture and open"
            " that"
        )


def _nearest(origins: NDArray[np.int32], wanted: tuple[int, int], near: Point) -> tuple[int, int]:
    """The pixel, as (y, x), whose origin is nearest to the wanted one; of several the one near."""
    height, width = origins.shape[:2]
    best, found = (np.inf, np.inf), (0, 0)
    rows = max(1, _BAND // width)
    for top in range(0, height, rows):
        band = origins[top : top + rows]
        away = np.abs(band[..., 0] - wanted[0]) + np.abs(band[..., 1] - wanted[1])
        least = int(away.min())
        if least > best[0]:
            continue
        ys, xs = np.nonzero(away == least)
        beside = np.hypot(ys + top + 0.5 - near.y, xs + 0.5 - near.x)
        i = int(beside.argmin())
        if (least, beside[i]) < best:
            best, found = (least, float(beside[i])), (int(ys[i]) + top, int(xs[i]))
    return found
