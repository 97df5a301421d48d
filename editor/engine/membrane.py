"""The membrane over a hole: Laplace's equation on a list of unknowns, by multigrid.

A hole is a list of its pixels, not a rectangle: hair-thin scratches across a picture cost no more
than a blob of as many pixels. Levels are made by taking 2 × 2 cells together. Links between cells
weigh half of what their children's links sum up to, because cells lie twice as far apart, and pulls
of known pixels are summed, so that a constant border gives a constant at every level. One V-cycle
is symmetric; used as the preconditioner of conjugate gradients it needs three to eight steps on any
shape of hole, pinholes and single known pixels included.

U. Trottenberg, C. Oosterlee, A. Schüller: Multigrid, 2001, §2.6 (full multigrid), §7.8 (as a
preconditioner). Y. Notay: An aggregation-based algebraic multigrid method, ETNA 37, 2010.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels import membrane as kernels
from editor.engine.kernels.membrane import BLOCK, LANES, Grid
from editor.engine.threads import Crew

GATHERED = 1 << 17  # pixels that NumPy collects before there is a pause
SCANNED = 1 << 24  # bytes looked through or copied before there is a pause
PIECE = 1 << 19  # unknowns a kernel may touch before there is a pause: some milliseconds
_COARSEST = 256  # unknowns that are solved by sweeps alone
_LAST_SWEEPS = 8

Values = NDArray[np.float32]  # (unknowns + 2, 4); the first and the last row are nobody


class Hole(NamedTuple):
    """The unknowns in reading order, from number 1 on: i lies at ys[i], xs[i]."""

    rows: NDArray[np.int64]  # the number of the first one of each row
    ys: NDArray[np.int32]
    xs: NDArray[np.int32]

    def parts(self) -> Iterator[slice]:
        stop = len(self.xs) - 1
        for start in range(1, stop, GATHERED):
            yield slice(start, min(start + GATHERED, stop))


@dataclass(slots=True)
class Level:
    grid: Grid
    u: Values
    b: Values

    @property
    def stop(self) -> int:
        return len(self.u) - 1


def empty_grid(count: int, *, finest: bool) -> Grid:
    """Room for so many unknowns, nobody linked."""
    floats = [np.zeros(count + 2, np.float32) for _ in range(4)]
    numbers = [np.zeros(count + 2, np.int32) for _ in range(3)]
    children = [np.zeros(1 if finest else count + 2, np.int32) for _ in range(2)]
    right, down, border, inverse = floats
    below, above, parent = numbers
    red = np.zeros(count + 2, np.uint8)
    return Grid(right, down, below, above, border, inverse, red, parent, *children)


def values(count: int) -> Values:
    return np.zeros((count + 2, LANES), np.float32)


def listed(unknown: NDArray[np.uint8], crew: Crew) -> Generator[None, None, Hole]:
    """The hole of a mask as a list."""
    height, width = unknown.shape
    counts = np.zeros(height, np.int64)
    bands = {"piece": max(1, SCANNED // width), "weight": width}
    yield from crew.passing(kernels.count_rows, 0, height, unknown, counts, **bands)
    rows = np.concatenate([[1], 1 + np.cumsum(counts)])
    ys, xs = np.zeros(rows[-1] + 1, np.int32), np.zeros(rows[-1] + 1, np.int32)
    ys[1:-1] = np.repeat(np.arange(height, dtype=np.int32), counts)
    yield from crew.passing(kernels.list_rows, 0, height, unknown, rows, xs, **bands)
    return Hole(rows, ys, xs)


def linked(
    hole: Hole, size: tuple[int, int], colours_at: Callable[[Any, Any], Values], crew: Crew
) -> Generator[None, None, tuple[Grid, Values, float]]:
    """The hole's grid; b, to which the known pixels around it are added; the largest of these."""
    rows, ys, xs = hole
    grid, b, brightest = empty_grid(len(xs) - 2, finest=True), values(len(xs) - 2), 0.0
    piece = max(1, PIECE * (len(rows) - 1) // len(xs))
    yield from crew.passing(kernels.link_rows, 0, len(rows) - 1, rows, xs, grid, piece=piece)
    most = 4 * min(GATHERED, len(xs))
    owners, border_ys, border_xs = (np.empty(most, np.int32) for _ in range(3))
    for part in hole.parts():
        count = kernels.list_borders(
            part.start, part.stop, ys, xs, grid, *size, owners, border_ys, border_xs
        )
        if count:
            colours = colours_at(border_ys[:count], border_xs[:count])
            kernels.add_borders(owners[:count], colours, b)
            brightest = max(brightest, float(np.abs(colours).max()))
        yield
    return grid, b, brightest


class Membrane:
    """A u = b over one hole; u is the estimate at any time.

    The grid is linked and knows its borders.
    """

    def __init__(self, hole: Hole, grid: Grid, b: Values, crew: Crew) -> None:
        self._crew = crew
        self._places = hole.rows, hole.xs
        self._levels = [Level(grid, values(len(hole.xs) - 2), b)]
        self.u = self._levels[0].u

    def coarsen(self) -> Generator[None, None, None]:
        """Make the coarser levels."""
        rows, columns = self._places
        finest = self._levels[0]
        yield from self._pass(kernels.invert_diagonal, finest, finest.grid)
        while len(columns) - 2 > _COARSEST:
            fine = self._levels[-1].grid
            height = len(rows) // 2
            counts = np.zeros(height + 1, np.int64)
            counts[0] = 1
            weight = max(1, len(columns) // height)
            piece = max(1, PIECE // weight)
            yield from self._crew.passing(
                kernels.count_coarse, 0, height, rows, columns, counts[1:],
                piece=piece, weight=weight,
            )  # fmt: skip
            coarse_rows = np.cumsum(counts)
            count = int(coarse_rows[-1]) - 1
            coarse_columns = np.zeros(count + 2, np.int32)
            level = Level(empty_grid(count, finest=False), values(count), values(count))
            yield from self._crew.passing(
                kernels.list_coarse, 0, height, rows, columns, coarse_rows, coarse_columns,
                fine, level.grid, piece=piece, weight=weight,
            )  # fmt: skip
            yield from self._pass(kernels.link_coarse, level, fine, level.grid)
            yield from self._pass(kernels.invert_diagonal, level, level.grid)
            self._levels.append(level)
            rows, columns = coarse_rows, coarse_columns

    def begin(self) -> Generator[None, None, None]:
        """Full multigrid: solve the coarsest level and carry it up, one V-cycle at each level."""
        levels = self._levels
        for fine, coarse in pairwise(levels):
            yield from self._pass(
                kernels.restrict, coarse, fine.grid, coarse.grid, fine.b, coarse.b
            )
        coarsest = levels[-1]
        coarsest.u[1:-1] = coarsest.b.sum(axis=0) / coarsest.grid.border.sum()  # the mean border
        kernels.sweep_to_and_fro(coarsest.grid, coarsest.u, coarsest.b, _LAST_SWEEPS)
        for k in range(len(levels) - 2, -1, -1):
            fine, coarse = levels[k], levels[k + 1]
            yield from self._pass(kernels.prolong, fine, fine.grid, fine.u, coarse.u)
            yield from self._cycle(k, fine.u, fine.b, from_nothing=False)

    def converge(self, tolerance: float) -> Generator[float, None, None]:
        """Conjugate gradients, yielding the largest error that is left as the V-cycle sees it.

        b is used up: it becomes the residual.
        """
        finest = self._levels[0]
        grid, x, r = finest.grid, finest.u, finest.b
        count = finest.stop - 1
        p, z = values(count), values(count)  # z = M r, and A p in the time between
        blocks = -(-count // BLOCK)
        sums, peaks = np.zeros((blocks, LANES)), np.zeros(blocks, np.float32)
        error = math.inf
        for _ in self._pass(kernels.subtract_product, finest, grid, x, r):
            yield error
        before = np.zeros(LANES)
        while True:
            for _ in self._cycle(0, z, r, from_nothing=True):
                yield error
            for _ in self._by_blocks(kernels.dot, blocks, r, z, sums, peaks):
                yield error
            error = float(peaks.max())
            if error <= tolerance:
                for _ in self._pass(kernels.turn, finest, np.ones(LANES, np.float32), x, z):
                    yield error  # x = z + x: the V-cycle has been paid for
                return
            now = sums.sum(axis=0)
            for _ in self._pass(kernels.turn, finest, _quotient(now, before), p, z):
                yield error
            before = now
            for _ in self._by_blocks(kernels.product, blocks, grid, p, z, sums):
                yield error
            alpha = _quotient(now, sums.sum(axis=0))
            for _ in self._pass(kernels.advance, finest, alpha, x, p, r, z):
                yield error

    def _cycle(
        self, k: int, u: Values, b: Values, *, from_nothing: bool
    ) -> Generator[None, None, None]:
        """One V-cycle on A u = b at level k: down with red, black; up with black, red."""
        level = self._levels[k]
        grid = level.grid
        if k == len(self._levels) - 1:
            if from_nothing:
                u[:] = 0
            kernels.sweep_to_and_fro(grid, u, b, _LAST_SWEEPS)
            return
        coarse = self._levels[k + 1]
        start = kernels.sweep_from_nothing if from_nothing else kernels.sweep
        yield from self._pass(start, level, grid, u, b, 1)
        yield from self._pass(kernels.sweep, level, grid, u, b, 0)
        yield from self._pass(kernels.restrict_residual, coarse, grid, coarse.grid, u, b, coarse.b)
        yield from self._cycle(k + 1, coarse.u, coarse.b, from_nothing=True)
        yield from self._pass(kernels.correct, level, grid, u, coarse.u)
        yield from self._pass(kernels.sweep, level, grid, u, b, 0)
        yield from self._pass(kernels.sweep, level, grid, u, b, 1)

    def _pass(self, kernel: Any, level: Level, *arguments: Any) -> Generator[None, None, None]:
        return self._crew.passing(kernel, 1, level.stop, *arguments, piece=PIECE)

    def _by_blocks(self, kernel: Any, blocks: int, *arguments: Any) -> Generator[None, None, None]:
        piece = PIECE // BLOCK
        return self._crew.passing(kernel, 0, blocks, *arguments, piece=piece, weight=BLOCK)


def _quotient(above: NDArray[Any], below: NDArray[Any]) -> NDArray[np.float32]:
    """Lane by lane, 0 for a lane that is done or not used."""
    quotient: NDArray[np.float64] = np.zeros(LANES)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient.astype(np.float32)
