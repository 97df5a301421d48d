"""Where a retargeted picture begins: the coarsest level, solved twice, and the better one taken.

A gradual change (Simakov 2008, §3.2) keeps the plan of a picture, seams keep its things whole;
which one matters more differs from picture to picture. Where neither is much better than the seams
by themselves, as in soft pictures, it begins with those of the next finer level: they are thinner,
and small things outlast them. The parts of the method are named in ``retarget``.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from editor.engine.cv import cv2
from editor.engine.guides import Line
from editor.engine.image import Mask, Rect, Size
from editor.engine.patchmatch import nearest
from editor.engine.retarget_constraints import Piece, Region, Rulers, Straight, hold
from editor.engine.retarget_level import SIZE, Bytes, Estimate, Level, Positions, Solver, identity
from editor.engine.seams import source_map
from editor.engine.threads import Crew

_CHANGE = 0.05  # the size changes by so many parts at a time …
_PASSES = 2  # … and the picture settles so often after each
_SETTLE = 8  # times the picture settles at its size
_NEARLY = 0.86  # of the distance of the seams alone is no great gain …
FINER = 4  # … then the picture settles so often from those of the next finer level
_SWEEPS = 2
_ANYWHERE = 1 << 14  # the reach of the random search
_LARGE = 15  # pixels of a patch that tells whether things are whole
_PUSHES = 50

Pauses = Generator[None, None, None]


class Solved(NamedTuple):
    """A picture at a coarse level, and where its lines have come to lie."""

    estimate: Estimate
    straight: list[Straight]


Solving = Generator[None, None, Solved]


@dataclass(frozen=True, slots=True)
class Start:
    """A coarse level of a picture that is to have another size."""

    level: Level
    scale: int
    size: Size  # of the full result
    seed: int
    crew: Crew

    @property
    def shape(self) -> tuple[int, int]:
        """Of the result at this level."""
        return shape_at(self.size, self.scale)

    def seams(self, regions: Sequence[Region]) -> Generator[None, None, Positions]:
        """The source map of the carved picture, whose seams go round the regions."""
        height, width = self.shape
        guard = np.zeros(self.level.shape, np.bool_)
        for region in regions:
            guard |= reduced(region.mask, self.level.shape, self.scale)
        removed = self.level.known == 0
        origins = identity(self.level.shape)
        for step in source_map(
            self.level.pixels[..., :3],
            Size(width, height),
            protect=guard if regions else None,
            remove=removed if removed.any() else None,
        ):
            origins = origins if step.value is None else step.value
            yield
        return origins

    def gradually(self, pieces: list[Piece], lines: Sequence[Line]) -> Solving:
        """From the picture as it is, a few percent at a time."""
        straight = [Straight(line) for line in lines]
        ratio = np.array(self.shape) / self.level.shape
        changes = max(1, int(np.ceil(np.abs(np.log(ratio)).max() / _CHANGE)))
        estimate = Estimate.of(self.level)
        for change in range(1, changes + 1):
            part = change / changes
            shape = self.shape
            if change < changes:
                height, width = np.rint(self.level.shape * ratio**part)
                shape = (max(int(height), SIZE), max(int(width), SIZE))
            for line in straight:
                line.stretch(ratio ** (1 / changes))
            solver = self._solver(
                estimate.resized(shape), [piece.moved_by(part) for piece in pieces], straight
            )
            passes = _PASSES if change < changes else _SETTLE
            estimate = yield from self._settled(solver, passes, change)
        return Solved(estimate, straight)

    def from_seams(
        self, origins: Positions, pieces: list[Piece], lines: Sequence[Line], passes: int = _SETTLE
    ) -> Solving:
        """From what seam carving makes of it, by its source map."""
        straight = [Straight(line) for line in lines]
        ratio = np.array(self.shape) / self.level.shape
        back = (identity(self.level.shape) * ratio).astype(np.int32)
        back[origins[..., 0], origins[..., 1]] = identity(self.shape)
        left = np.zeros(self.level.shape, np.bool_)
        left[origins[..., 0], origins[..., 1]] = True
        for line in straight:
            line.stretch(ratio)
            line.fit(back, left, self.scale, ends=True)
        pixels = self.level.pixels[origins[..., 0], origins[..., 1]]
        solver = self._solver(Estimate(pixels, origins, back), pieces, straight)
        return Solved((yield from self._settled(solver, passes, 0)), straight)

    def best(
        self, origins: Positions, pieces: list[Piece], lines: Sequence[Line]
    ) -> Generator[None, None, tuple[Solved, bool]]:
        """From seams or gradually; and whether the seams alone are nearly as good as that."""
        alone = self.level.pixels[origins[..., 0], origins[..., 1]]
        limit = yield from self._distance(alone)
        best = yield from self.from_seams(origins, pieces, lines)
        least = yield from self._distance(best.estimate.pixels)
        other = yield from self.gradually(pieces, lines)
        distance = yield from self._distance(other.estimate.pixels)
        if distance < least:
            best, least = other, distance
        return best, least > _NEARLY * limit

    def _solver(self, estimate: Estimate, pieces: list[Piece], straight: list[Straight]) -> Solver:
        held = hold(pieces, estimate.shape, self.level.shape, self.scale)
        return Solver(self.level, estimate, held, Rulers(straight, self.scale), self.crew)

    def _settled(self, solver: Solver, passes: int, change: int) -> Generator[None, None, Estimate]:
        yield from solver.prepare()
        for number in range(passes):
            draw = self.seed * 10_000 + 20 * change + 2 * number
            yield from solver.improve(draw, _SWEEPS, _ANYWHERE)
        return solver.estimate

    def _distance(self, target: Bytes) -> Generator[None, None, float]:
        """Bidirectional, of large patches; what is removed need not be there."""
        source, total = self.level.pixels, 0.0
        size = min(_LARGE, *(side - 1 + side % 2 for side in (*self.shape, *self.level.shape)))
        r = size // 2
        whole = cv2.erode(self.level.known, np.ones((size, size), np.uint8)) != 0
        for one, other, wanted in ((target, source, None), (source, target, whole)):
            distances = None
            for step in nearest(
                one, other, size=size, wanted=wanted, thorough=True, seed=self.seed
            ):
                distances = distances if step.value is None else step.value.distances
                yield
            assert distances is not None
            inner = distances[r : len(distances) - r, r : distances.shape[1] - r]
            if wanted is not None:
                inner = inner[wanted[r : len(wanted) - r, r : wanted.shape[1] - r]]
            total += float(inner.mean()) if inner.size else 0.0
        return total


def shape_at(size: Size, scale: int) -> tuple[int, int]:
    """Height and width of the result at a level."""
    return -(-size.height // scale), -(-size.width // scale)


def placed(
    regions: Sequence[Region],
    origins: Positions,
    shape: tuple[int, int],
    scale: int,
    size: Size,
) -> list[Piece]:
    """Where what keeps its shape goes: the seams of the coarsest level say it, as none cuts it.

    ``origins`` is their source map, ``shape`` that of the source at that level. Where pieces come
    to lie on each other, or outside, they are pushed apart. Raises ValueError if that is no help.
    """
    pieces = []
    for region in regions:
        rect = Rect.around(region.mask)
        middle = np.array([rect.x + rect.width / 2, rect.y + rect.height / 2])
        if region.to is None:
            small = reduced(region.mask, shape, scale)
            ys, xs = np.nonzero(small[origins[..., 0], origins[..., 1]])
            moved = np.stack([xs, ys], axis=1) - origins[ys, xs][:, ::-1]
            goal = middle + np.rint(np.median(moved, axis=0) * scale)
        else:
            goal = np.array(region.to, float)
        shift = goal - region.scale * middle
        if region.scale == 1:
            shift = np.rint(shift)
        matrix = np.array([[region.scale, 0, shift[0]], [0, region.scale, shift[1]]])
        pieces.append(Piece(region.mask != 0, matrix))
    fixed = [region.to is not None for region in regions]
    pieces = _apart(pieces, fixed, size)
    _check_room(pieces, fixed, size)
    return pieces


def reduced(mask: Mask, shape: tuple[int, int], scale: int) -> Mask:
    """The mask at a level: True where any of its pixels is."""
    small = np.zeros(shape, np.bool_)
    ys, xs = np.nonzero(mask)
    small[ys // scale, xs // scale] = True
    return small


def parts(mask: Mask | None) -> list[Mask]:
    """The connected parts of a mask; those that nearly touch are one."""
    if mask is None or not mask.any():
        return []
    near = cv2.dilate((mask != 0).view(np.uint8), np.ones((5, 5), np.uint8))
    count, labels = cv2.connectedComponents(near)
    return [(labels == number) & (mask != 0) for number in range(1, count)]


def _apart(pieces: list[Piece], fixed: list[bool], size: Size) -> list[Piece]:
    """Pushed into the picture and off each other, by rectangles; those that are fixed stay."""
    whole = Rect(0, 0, size.width, size.height)
    for _ in range(_PUSHES):
        still = True
        for i, one in enumerate(pieces):
            place = one.place()
            dx = max(0, -place.x) - max(0, place.right - whole.right)
            dy = max(0, -place.y) - max(0, place.bottom - whole.bottom)
            if (dx or dy) and not fixed[i]:
                pieces[i], still = one.moved(dx, dy), False
            for j in range(i):
                still &= not _push(pieces, fixed, i, j)
        if still:
            break
    return pieces


def _check_room(pieces: list[Piece], fixed: list[bool], size: Size) -> None:
    for i, one in enumerate(pieces):
        fits = fixed[i] or one.place().within(Rect(0, 0, *size)) == one.place()
        fits &= all((fixed[i] and fixed[j]) or _agree(one, pieces[j]) for j in range(i))
        if not fits:
            rect = Rect.around(one.mask)
            raise ValueError(
                f"the part at {rect.x}, {rect.y} that is to stay whole finds no room beside the"
                f" others in {size}: protect less, or make the new picture larger"
            )


def _agree(one: Piece, other: Piece) -> bool:
    """Where both lie, do they have the same there?"""
    both = one.place().within(other.place())
    here, there = (
        hold([piece.moved(-both.x, -both.y)], (both.height, both.width), piece.mask.shape, 1)
        for piece in (one, other)
    )
    shared = here.mask & there.mask
    return bool((here.origins[shared] == there.origins[shared]).all())


def _push(pieces: list[Piece], fixed: list[bool], i: int, j: int) -> bool:
    """Push two pieces apart the shorter way, if their rectangles meet and did not before."""
    here, there = pieces[i].place(), pieces[j].place()
    both = here.within(there)
    if both.empty or not Rect.around(pieces[i].mask).within(Rect.around(pieces[j].mask)).empty:
        return False
    if fixed[i] and fixed[j]:
        return False
    across = both.width <= both.height
    by = both.width if across else both.height
    first = (here.x <= there.x) if across else (here.y <= there.y)
    shares = (by, 0) if fixed[j] else (0, by) if fixed[i] else (by // 2, by - by // 2)
    for k, share, sign in ((i, shares[0], -1), (j, shares[1], 1)):
        move = share * sign * (1 if first else -1)
        pieces[k] = pieces[k].moved(move if across else 0, 0 if across else move)
    return True
