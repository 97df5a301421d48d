"""What a person asks of a new shape: lines that stay straight, and pieces that keep theirs.

PatchMatch 2009, §5. A piece is a hard constraint: its pixels are in their place before the solve
begins. A line is a model: after each search the matches on it are fitted by a straight line and
put back onto it, free to slide along, so that what goes goes along the line and not across. Patches
that hold a bit of a line are only matched with such patches: it does not turn up anywhere else.

All places here are in pixels of the full pictures, (0, 0) the top left corner of the first one;
``scale`` is how many of them a pixel of the level at hand takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.guides import Line
from editor.engine.image import Mask, Point, Rect, Size
from editor.engine.moves import sources_of
from editor.engine.patchmatch import FREE
from editor.engine.retarget_level import Estimate, Held, Labels, Positions, R

Floats = NDArray[np.floating[Any]]

_CORE = 2.5  # pixels on either side of a line that are copied in step with it
_SLACK = 2.0 * R  # pixels behind its ends that may be part of it as well
_ASTRAY = 6.0  # pixels off the line a match says nothing about it
_CLOSE = 1.5  # pixels off the line: matches that say where it is
_TURN = 0.03  # radians: so much more a line may turn than by stretching
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
        self._to = self._stretched = self._from

    def stretch(self, ratio: Floats) -> None:
        """The target has become so many times as high and wide."""
        self._to, self._stretched = (ends * ratio[::-1] for ends in (self._to, self._stretched))

    def fit(self, field: Positions, wanted: Mask, scale: int, ends: bool = False) -> None:
        """Move the new line to where the matches of the old one are, where they are wanted.

        It gets ``ends`` where theirs are, or keeps its own.
        """
        ys, xs, *_ = ribbon(field.shape, self._from / scale, _CLOSE)
        there = wanted[ys, xs]
        self._fit((field[ys[there], xs[there]][:, ::-1] + 0.5) * scale, scale, ends)

    def label(self, number: int, labels: Labels, whole: Mask, scale: int) -> None:
        """Number the patches that hold a bit of the line, if there are ``whole`` ones at all."""
        source, target, seeking = labels
        ys, xs, *_ = ribbon(source.shape, self._from / scale, _reach(self._from))
        if not whole[ys, xs].any():
            return
        source[ys, xs] = number
        ends = self._to / scale
        ys, xs, along, _ = ribbon(target.shape, ends, _reach(ends), _SLACK)
        sure = (along >= 0) & (along <= np.hypot(*(ends[1] - ends[0]))) & (target[ys, xs] == 0)
        target[ys, xs], seeking[ys, xs] = number, np.where(sure, number, FREE)

    def project(self, estimate: Estimate, whole: Mask, scale: int) -> None:
        """Put the matches in both directions back onto the line."""
        inside = np.zeros(estimate.shape, np.bool_)
        inside[R:-R, R:-R] = True
        old, new = self._from / scale, self._to / scale
        _slide(estimate.to_target, old, new, _reach(old), inside)
        _slide(estimate.to_source, new, old, _reach(new), whole)

    def straighten(self, origins: Positions, known: Mask) -> None:
        """The same for the finished source map, close to the line."""
        _slide(origins, self._to, self._from, _CORE, known)

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
        off = (points - self._to[0]) @ _frame(self._to)[1] - across[ys, xs]
        return float(np.percentile(np.abs(off), 95))

    def _fit(self, points: Floats, scale: int, ends: bool) -> None:
        """The straight line that most of the points agree on (Cauchy weights)."""
        for _ in range(5):
            off = (points - self._to[0]) @ _frame(self._to)[1]
            weights = 1 / (1 + (off / (_SPREAD * scale)) ** 2)
            near = np.abs(off) < _ASTRAY * scale
            if len(points) < 3 or near.mean() < 0.3:
                return
            mean = np.average(points, axis=0, weights=weights)
            spread = (points - mean) * np.sqrt(weights)[:, None]
            along = self._turned(np.linalg.eigh(spread.T @ spread)[1][:, 1])
            reach = (self._to - mean) @ along
            if ends:
                reach = np.percentile(((points - mean) @ along)[near], (1, 99))
            if reach[1] - reach[0] < 2 * scale:
                return
            self._to = mean + reach[:, None] * along

    def _turned(self, along: Floats) -> Floats:
        """A direction, or the nearest one between those of the line as it was and as stretched."""
        old, new = _frame(self._from)[0], _frame(self._stretched)[0]
        along = along if along @ old > 0 else -along
        own = np.array([old, [-old[1], old[0]]])  # along the old line and to its side
        stretched, angle = (float(np.arctan2(*(own @ one)[::-1])) for one in (new, along))
        angle = np.clip(angle, min(0, stretched) - _TURN, max(0, stretched) + _TURN)
        turned: Floats = np.array([np.cos(angle), np.sin(angle)]) @ own
        return turned


@dataclass(frozen=True, slots=True)
class Rulers:
    """All lines, for pictures that take so many pixels for one: a ``Constraint`` of a level."""

    straight: Sequence[Straight]
    scale: int

    def labels(self, target: tuple[int, int], whole: Mask) -> Labels | None:
        if not self.straight:
            return None
        shapes = (whole.shape, target, target)
        labels = Labels(*(np.zeros(shape, np.uint8) for shape in shapes))
        for number, line in enumerate(self.straight[: FREE - 1], 1):
            line.label(number, labels, whole, self.scale)
        return labels

    def project(self, estimate: Estimate, whole: Mask) -> None:
        for line in self.straight:
            line.fit(estimate.to_target, whole, self.scale)
            line.project(estimate, whole, self.scale)


def ribbon(
    shape: tuple[int, ...], ends: Floats, width: float, slack: float = 0.0
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Pixels beside a segment: rows, columns, how far along it and how far to its side."""
    low = np.floor(ends.min(axis=0) - width - slack).astype(int)
    high = np.ceil(ends.max(axis=0) + width + slack).astype(int)
    ys, xs = np.mgrid[
        max(low[1], 0) : min(high[1], shape[0]), max(low[0], 0) : min(high[0], shape[1])
    ]
    direction, normal = _frame(ends)
    offsets = np.stack([xs, ys], axis=2) + 0.5 - ends[0]
    along, across = offsets @ direction, offsets @ normal
    length = np.hypot(*(ends[1] - ends[0]))
    near = (np.abs(across) <= width) & (along >= -slack) & (along <= length + slack)
    return ys[near], xs[near], along[near], across[near]


def _reach(ends: Floats) -> float:
    """How far to its side, in pixels, the middles of patches lie that hold a bit of a segment."""
    return float(R * np.abs(_frame(ends)[1]).sum() + 0.75)


def _frame(ends: Floats) -> tuple[Floats, Floats]:
    direction = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    return direction, np.array([-direction[1], direction[0]])


def _slide(field: Positions, own: Floats, other: Floats, width: float, allowed: Mask) -> None:
    """Matches beside a segment, to where they are as far to the side of the other as they are here.

    Where they may not go they go a little further along. Those that lie far off belong to something
    else and stay.
    """
    ys, xs, _, across = ribbon(field.shape, own, width)
    points = field[ys, xs][:, ::-1] + 0.5
    direction, normal = _frame(other)
    offsets = points - other[0]
    along, off = offsets @ direction, offsets @ normal - across
    on = (np.abs(off) < _ASTRAY) & (along >= 0) & (along <= np.hypot(*(other[1] - other[0])))
    points -= off[:, None] * normal
    for further in (0, 1, -1, 2, -2, 4, -4, 8, -8):
        places = np.floor((points + further * direction)[:, ::-1]).astype(np.int32)
        places = np.clip(places, 0, np.array(allowed.shape) - 1)
        there = on & allowed[places[:, 0], places[:, 1]]
        field[ys[there], xs[there]] = places[there]
        on &= ~there
