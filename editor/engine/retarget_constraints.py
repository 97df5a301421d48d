"""What a person asks of a new shape: lines that stay straight, and pieces that keep theirs.

PatchMatch 2009, §5. A piece is a hard constraint: its pixels are in their place before the solve
begins. A line is a model: after each search the matches on it are fitted by a straight line and
put back onto it, free to slide along, so that what goes goes along the line and not across.

All places here are in pixels of the full pictures, (0, 0) the top left corner of the first one;
``scale`` is how many of them a pixel of the level at hand takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.guides import Line
from editor.engine.image import Mask, Point, Rect, Size
from editor.engine.moves import sources_of
from editor.engine.retarget_level import Estimate, Held, Positions, R

Floats = NDArray[np.floating[Any]]

_RIBBON = 2.5  # pixels on either side of a line whose matches are held
_CORE = 2.5  # pixels on either side that are copied in step with it
_ASTRAY = 6.0  # pixels off the line a match says nothing about it
_SPREAD = 1.5  # pixels: matches further off the line count for little (Cauchy)


def check_line(line: Line, size: Size) -> None:
    """Raise ValueError unless a line is long enough and lies in the picture."""
    if line.length < 2:
        raise ValueError(f"{line} is shorter than two pixels")
    for x, y in (line.a, line.b):
        if not (0 <= x <= size.width and 0 <= y <= size.height):
            raise ValueError(f"the line's end ({x}, {y}) lies outside the picture of {size}")


@dataclass(frozen=True, eq=False, slots=True)
class Region:
    """A part of the picture that keeps its shape: as large as it is, or scaled as a whole."""

    mask: Mask
    scale: float = 1.0
    to: Point | None = None  # where the middle of its rectangle goes; None: wherever it fits


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """Pixels of the source and how they come to lie in the target: x′ = matrix · (x, y, 1)."""

    mask: Mask
    matrix: Floats  # (2, 3)

    def moved(self, dx: float, dy: float) -> Piece:
        return Piece(self.mask, self.matrix + np.array([[0, 0, dx], [0, 0, dy]]))

    def moved_by(self, part: float) -> Piece:
        """On its way to its place, so far."""
        return Piece(self.mask, (1 - part) * np.eye(2, 3) + part * self.matrix)

    def residual(self, origins: Positions) -> float:
        """How far in pixels, at most, its copies lie from where they should be."""
        held = hold([self], origins.shape[:2], self.mask.shape, 1)
        off = origins[held.mask] - held.origins[held.mask]
        return float(np.hypot(off[:, 0], off[:, 1]).max(initial=0))

    def place(self) -> Rect:
        """The whole pixels of the target around it."""
        rect = Rect.around(self.mask)
        corners = [(x, y, 1) for x in (rect.x, rect.right) for y in (rect.y, rect.bottom)]
        xs, ys = self.matrix @ np.array(corners, float).T
        left, top = int(np.floor(xs.min() + 1e-6)), int(np.floor(ys.min() + 1e-6))
        right, bottom = int(np.ceil(xs.max() - 1e-6)), int(np.ceil(ys.max() - 1e-6))
        return Rect(left, top, right - left, bottom - top)


def hold(pieces: list[Piece], shape: tuple[int, int], source: tuple[int, int], scale: int) -> Held:
    """The pieces in a target of this shape, for a source of that shape; later ones lie on top."""
    held = Held(shape)
    for piece in pieces:
        place = piece.place()
        top, left = max(0, place.y // scale), max(0, place.x // scale)
        bottom = min(shape[0], -(-place.bottom // scale))
        right = min(shape[1], -(-place.right // scale))
        if bottom <= top or right <= left:
            continue
        ys, xs = np.mgrid[top:bottom, left:right]
        from_x, from_y = sources_of(piece.matrix, (xs + 0.5) * scale, (ys + 0.5) * scale)
        v, u = np.floor(from_y).astype(int), np.floor(from_x).astype(int)
        height, width = piece.mask.shape
        inside = (v >= 0) & (u >= 0) & (v < height) & (u < width)
        inside &= piece.mask[np.clip(v, 0, height - 1), np.clip(u, 0, width - 1)]
        held.mask[ys[inside], xs[inside]] = True
        origins = np.stack([v[inside], u[inside]], axis=1) // scale
        held.origins[ys[inside], xs[inside]] = np.minimum(origins, np.array(source) - 1)
    return held


class Straight:
    """A line of the source and the straight line it becomes."""

    def __init__(self, line: Line) -> None:
        self._from = np.array([line.a, line.b], float)
        self._to = self._from.copy()

    def stretch(self, ratio: Floats) -> None:
        """The target has become so many times as high and wide."""
        self._to *= ratio[::-1]

    def project(self, estimate: Estimate, scale: int) -> None:
        """Fit the matches on the line by a straight one, and put them back onto it."""
        ys, xs, _, across = ribbon(estimate.to_target.shape, self._from / scale, _RIBBON)
        matches = estimate.to_target[ys, xs][:, ::-1] + 0.5
        self._fit(matches * scale, across, scale)
        estimate.to_target[ys, xs] = _onto(
            self._to / scale, matches, across, estimate.pixels.shape, R
        )
        self.follow(estimate.to_source, estimate.to_target.shape, scale, _RIBBON, R)

    def follow(
        self, origins: Positions, source: tuple[int, ...], scale: int, width: float, r: int
    ) -> None:
        """Beside the new line, let a field or source map run in step with the old one."""
        ys, xs, _, across = ribbon(origins.shape, self._to / scale, width)
        matches = origins[ys, xs][:, ::-1] + 0.5
        origins[ys, xs] = _onto(self._from / scale, matches, across, source, r)

    def straighten(self, origins: Positions, source: tuple[int, ...]) -> None:
        """The same for the finished source map, close to the line."""
        self.follow(origins, source, 1, _CORE, 0)

    def residual(self, origins: Positions) -> float:
        """How far from straight the line is in the result: 95 % of its pixels lie this near."""
        start, end = self._from
        direction, normal = _frame(self._from)
        offsets = origins[..., ::-1] + 0.5 - start
        along, across = offsets @ direction, offsets @ normal
        ys, xs = np.nonzero(
            (np.abs(across) < 0.75) & (along >= 0) & (along <= np.hypot(*(end - start)))
        )
        if len(ys) < 3:
            return float("nan")
        points = np.stack([xs, ys], axis=1) + 0.5
        points = points - points.mean(axis=0)
        return float(np.percentile(np.abs(points @ np.linalg.svd(points)[2][1]), 95))

    def _fit(self, points: Floats, across: Floats, scale: int) -> None:
        """The straight line that most of the points agree on (Cauchy weights)."""
        close = np.abs(across) < 1.5
        points = points[close]
        for _ in range(5):
            direction, normal = _frame(self._to)
            off = (points - self._to[0]) @ normal
            weights = 1 / (1 + (off / (_SPREAD * scale)) ** 2)
            if len(points) < 3 or (np.abs(off) < _ASTRAY * scale).mean() < 0.3:
                return
            mean = np.average(points, axis=0, weights=weights)
            spread = (points - mean) * np.sqrt(weights)[:, None]
            found = np.linalg.eigh(spread.T @ spread)[1][:, 1]
            if abs(found @ direction) < 0.95:  # they lie in a heap: no direction to be had
                return
            found = found if found @ direction > 0 else -found
            along = (points - mean) @ found
            ends = np.percentile(along[np.abs(off) < _ASTRAY * scale], (1, 99))
            if ends[1] - ends[0] < 2 * scale:
                return
            self._to = mean + ends[:, None] * found


def ribbon(
    shape: tuple[int, ...], ends: Floats, width: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Pixels beside a segment: rows, columns, how far along it and how far to its side."""
    low = np.floor(ends.min(axis=0) - width).astype(int)
    high = np.ceil(ends.max(axis=0) + width).astype(int)
    ys, xs = np.mgrid[
        max(low[1], 0) : min(high[1], shape[0]), max(low[0], 0) : min(high[0], shape[1])
    ]
    direction, normal = _frame(ends)
    offsets = np.stack([xs, ys], axis=2) + 0.5 - ends[0]
    along, across = offsets @ direction, offsets @ normal
    near = (np.abs(across) <= width) & (along >= 0) & (along <= np.hypot(*(ends[1] - ends[0])))
    return ys[near], xs[near], along[near], across[near]


def _frame(ends: Floats) -> tuple[Floats, Floats]:
    direction = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    return direction, np.array([-direction[1], direction[0]])


def _onto(
    ends: Floats, points: Floats, across: Floats, shape: tuple[int, ...], r: int
) -> Positions:
    """Points slid to where they are as far to the side of a segment as they should be.

    Those that lie far off belong to something else and stay.
    """
    direction, normal = _frame(ends)
    offsets = points - ends[0]
    along, off = offsets @ direction, offsets @ normal - across
    on = (np.abs(off) < _ASTRAY) & (along >= 0) & (along <= np.hypot(*(ends[1] - ends[0])))
    places = points - np.where(on, off, 0)[:, None] * normal
    most = np.array(shape[:2]) - 1 - r
    return np.clip(np.floor(places[:, ::-1]), r, most).astype(np.int32)
