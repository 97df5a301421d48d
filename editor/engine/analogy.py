"""Image Analogies: A is to A′ as B is to B′.

A. Hertzmann, C. Jacobs, N. Oliver, B. Curless, D. Salesin: Image Analogies, SIGGRAPH 2001. The
exact method gives what ``analogy_reference`` gives, to the last bit. A pixel of B′ waits for two
rows above it and two pixels before it, so all pixels with the same x + 3 y can be found at once:
they become a product of matrices, and nothing that the order of reading decides is lost.

The fast method is ``analogy_fast``. Both copy pixels, and say from where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import (
    CAUSAL,
    Bytes,
    Guides,
    Level,
    Pair,
    Problem,
    Settings,
    Taps,
    first_place,
    preparing,
    taps,
    tolerance,
)
from editor.engine.analogy_kept import Kept, check_kept
from editor.engine.image import Picture
from editor.engine.kernels import analogy as kernels
from editor.engine.kernels.analogy import PANEL, ROWS
from editor.engine.step import Step, silent
from editor.engine.threads import Crew

__all__ = ["Analogy", "Kept", "Settings", "analogy"]

_PART = 1 << 18  # bytes of sources that stay in a core's cache while all queries pass
_MANY = 1 << 33  # products before there is a pause
_SHOWN = 1 << 13  # pixels before there is a new preview


class Analogy(NamedTuple):
    picture: Picture  # B′
    source: NDArray[np.int32]  # (H, W, 3): pair, y and x of the pixel of A′ that was copied


def analogy(
    pairs: Sequence[Pair],
    B: Guides,
    *,
    settings: Settings | None = None,
    seed: int = 0,
    threads: int = 1,
    kept: Kept | None = None,
) -> Iterator[Step[Analogy]]:
    """B′ from B and pairs of A and A′, all of any size; A and its A′ are equal.

    A and B may be several guides, the same number in each. The picture has the depth of A′ where
    colour is copied, and of B where only luminance is. Steps carry the whole B′ as it forms. What
    is ``kept`` stays: only where B has changed it is made anew, which only the fast method can do.
    """
    settings = settings or Settings()
    problem = yield from silent(0.0, preparing(pairs, B, settings))
    if kept is not None:
        check_kept(kept, problem, settings)
    with Crew(threads) as crew:
        if settings.method == "fast":
            from editor.engine.analogy_fast import solve

            steps = solve(problem, settings, seed, crew, kept)
        else:
            steps = _exact(problem, settings, seed, crew)
        for step in steps:
            source = step.value
            made = None if source is None else Analogy(problem.picture(source), source)
            yield Step(step.done, made)


def _exact(
    problem: Problem, settings: Settings, seed: int, crew: Crew
) -> Iterator[Step[NDArray[np.int32]]]:
    """Coarse to fine; maps of coarser levels are shown at full size."""
    work = [level.B[..., 0].size * sum(A[..., 0].size for A in level.A) for level in problem.levels]
    finished = 0
    coarse: tuple[Level, Bytes] | None = None
    for number, level in enumerate(problem.levels):
        synthesis = _Synthesis(problem, level, coarse, seed, crew)
        low, high = finished / sum(work), (finished + work[number]) / sum(work)
        for _ in synthesis.prepare():
            yield Step(low)
        shown = 0
        for ready in synthesis.run(tolerance(settings.kappa, number, len(problem.levels))):
            done = low + (high - low) * ready / level.B[..., 0].size
            if number == len(problem.levels) - 1 and ready - shown >= _SHOWN:
                shown = ready
                yield Step(done, synthesis.map())
            else:
                yield Step(done)
        coarse, finished = (level, synthesis.Bp), finished + work[number]
        if number < len(problem.levels) - 1:
            yield Step(high, _enlarged(synthesis.map(), problem))
        else:
            yield Step(1.0, synthesis.map())


def _enlarged(source: NDArray[np.int32], problem: Problem) -> NDArray[np.int32]:
    """A map of a coarser level at the size of the finest."""
    fine = problem.levels[-1]
    height, width = fine.B.shape[:2]
    scale = 1 << round(np.log2(max(height / source.shape[0], width / source.shape[1])))
    ys, xs = np.mgrid[:height, :width]
    large = source[ys // scale, xs // scale]
    sizes = np.array([A.shape[:2] for A in fine.A])[large[..., 0]]
    for axis, offset in ((1, ys % scale), (2, xs % scale)):
        large[..., axis] = np.minimum(large[..., axis] * scale + offset, sizes[..., axis - 1] - 1)
    return np.asarray(large)


class _Synthesis:
    """One level: the sources in panels, B′ as it forms, and where it comes from."""

    def __init__(
        self,
        problem: Problem,
        level: Level,
        coarse: tuple[Level, Bytes] | None,
        seed: int,
        crew: Crew,
    ) -> None:
        self._level, self._coarse, self._crew = level, coarse, crew
        self._taps: Taps = taps(problem, coarse is None)
        self._sizes = [A.shape[:2] for A in level.A]
        count = sum(height * width for height, width in self._sizes)
        self._first = first_place(seed, count)
        length = -(-len(self._taps.dy) // 4) * 4
        height, width = level.B.shape[:2]
        self.Bp = np.zeros((height, width, level.Ap[0].shape[2]), np.uint8)
        self._s = np.zeros((height, width), np.int64)
        self._rows = np.zeros((count, length), np.uint8)
        self._known = np.zeros((height * width, length), np.uint8)
        panels = -(-count // PANEL)
        self._panels = np.zeros((panels, length // 4, PANEL, 4), np.uint8)
        self._norms = np.empty((27, panels * PANEL), np.int32)

    def prepare(self) -> Iterator[None]:
        """All features of A and A′, and what is known of B's."""
        level, coarse = self._level, self._coarse
        row = 0
        for k, (height, width) in enumerate(self._sizes):
            few = None if coarse is None else (coarse[0].A[k], coarse[0].Ap[k])
            rows = self._rows[row : row + height * width]
            yield from self._gather(level.A[k], level.Ap[k], few, rows)
            row += height * width
        few = None if coarse is None else (coarse[0].B, coarse[1])
        yield from self._gather(level.B, self.Bp, few, self._known)
        piece = max(1, (1 << 22) // self._rows.shape[1] // PANEL)
        count, weight = len(self._panels), PANEL * self._rows.shape[1]
        yield from self._crew.passing(
            kernels.pack, 0, count, self._rows, self._first, self._panels,
            piece=piece, weight=weight,
        )  # fmt: skip
        ways = self._ways()
        yield from self._crew.passing(
            kernels.sum_up, 0, count, self._panels, len(self._rows), ways, self._norms,
            piece=max(1, piece // 16), weight=27 * weight,
        )  # fmt: skip

    def _gather(
        self, fine: Bytes, style: Bytes, coarse: tuple[Bytes, Bytes] | None, rows: Bytes
    ) -> Iterator[None]:
        height, width = fine.shape[:2]
        none = np.zeros((1, 1, 1), np.uint8)
        yield from self._crew.passing(
            kernels.gather, 0, height, fine, style, *(coarse or (none, none)),
            *self._taps[:6], rows,
            piece=max(1, (1 << 23) // (width * rows.shape[1])), weight=width * rows.shape[1],
        )  # fmt: skip

    def _ways(self) -> Bytes:
        """For each way a window can reach beyond B′, 1 for the bytes that count."""
        t = self._taps
        counts = np.ones((27, self._rows.shape[1]), np.uint8)
        causal = np.arange(len(t.dy)) >= t.known
        for way in range(27):
            above, before, behind = way // 9, way // 3 % 3, way % 3
            outside = (-t.dy > above) | (-t.dx > before) | (t.dx > behind)
            counts[way, : len(t.dy)] = ~(causal & outside)
        return counts

    def run(self, tolerated: float) -> Iterator[int]:
        """Batch after batch; says how many pixels are there."""
        height, width = self.Bp.shape[:2]
        most = -(-min(height, -(-width // 3)) // ROWS) * ROWS
        t, length = self._taps, self._rows.shape[1]
        causal = np.array(CAUSAL)
        dy, dx = (np.ascontiguousarray(causal[:, axis]) for axis in (0, 1))
        queries = np.zeros((most, length), np.int8)
        ways, own = np.zeros(most, np.int64), np.zeros(most, np.int64)
        each = max(1, _PART // (length * PANEL))
        parts = -(-len(self._panels) // each)
        best, places = np.empty((parts, most), np.int32), np.empty((parts, most), np.int32)
        pairs = np.array([[0, h, w] for h, w in self._sizes] + [[0, 0, 0]])
        pairs[1:, 0] = np.cumsum([h * w for h, w in self._sizes])
        styles = np.concatenate([Ap.reshape(-1, Ap.shape[2]) for Ap in self._level.Ap])
        ready = 0
        for wave in range(width + 3 * (height - 1)):
            low = max(0, -(-(wave - width + 1) // 3))
            ys = np.arange(low, min(height - 1, wave // 3) + 1)
            xs = wave - 3 * ys
            count = len(ys)
            kernels.ask(
                0, count, ys, xs, self._known, self.Bp, t.channel, t.dy, t.dx, t.scaled, t.known,
                queries, ways, own,
            )  # fmt: skip
            weight = count * each * PANEL * length
            for _ in self._crew.passing(
                kernels.search, 0, parts, each, self._panels, self._norms, queries, ways, count,
                best, places, piece=max(2, _MANY // weight), weight=weight // 64,
            ):  # fmt: skip
                yield ready
            kernels.decide(
                count, ys, xs, best, places, queries, ways, own, self._rows, self._norms,
                self._first, pairs, tolerated, styles, dy, dx, self._s, self.Bp,
            )  # fmt: skip
            ready += count

    def map(self) -> NDArray[np.int32]:
        """The rows of s as pair, y and x."""
        s = np.zeros((*self._s.shape, 3), np.int32)
        first = 0
        for pair, (height, width) in enumerate(self._sizes):
            mine = (self._s >= first) & (self._s < first + height * width)
            y, x = np.divmod(self._s[mine] - first, width)
            s[mine] = np.stack([np.full(len(y), pair), y, x], axis=1)
            first += height * width
        return s
