"""A small analogy with every decision that made it: to be gone through pixel by pixel.

A. Hertzmann, C. Jacobs, N. Oliver, B. Curless, D. Salesin: Image Analogies, SIGGRAPH 2001, §3.1.
It is ``analogy_reference`` that is watched, with the same places in the end; only its distances are
found by a compiled loop, since somebody waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import (
    Bytes,
    Level,
    Problem,
    Settings,
    Taps,
    first_place,
    halved,
    prepared,
    taps,
    tolerance,
)
from editor.engine.analogy_reference import (
    best_approximate_match,
    best_coherence_match,
    feature_at,
    features,
    in_rim,
)
from editor.engine.image import Picture, Point
from editor.engine.kernels.analogy_record import measure
from editor.engine.step import Step

NONE = -1  # where no neighbour leads to a place that can be gone on from


class Decision(NamedTuple):
    """How one pixel of B′ was found."""

    at: Point
    approximate: Point  # in A: the place that looks most like it
    coherent: Point | None  # where a neighbour's place leads to; None: into the rim, or beyond
    far: tuple[float, float]  # what each of the two is off by: distances squared
    took_coherent: bool

    @property
    def place(self) -> Point:
        """What was copied."""
        taken = self.coherent if self.took_coherent else self.approximate
        assert taken is not None
        return taken


@dataclass(slots=True, eq=False)
class LevelRecord:
    """One size of the pictures. It grows, in scan order; what is there of it stays."""

    A: Picture  # (H, W, 3) uint8, as they are shown
    Ap: Picture
    B: Picture
    tolerated: float  # how many times as far as the approximate place the coherent one may be
    approximate: NDArray[np.int32]  # (pixels of B,) the row of A: y · width + x
    coherent: NDArray[np.int32]
    distances: NDArray[np.int64]  # (pixels of B, 2)
    shown: Problem  # of this size alone
    count: int = 0

    @property
    def total(self) -> int:
        return len(self.approximate)

    @property
    def took_coherent(self) -> NDArray[np.bool_]:
        d = self.distances
        within = d[:, 1].astype(np.float64) <= d[:, 0] * self.tolerated
        return np.asarray((self.coherent != NONE) & within)

    @property
    def chosen(self) -> NDArray[np.int32]:
        return np.where(self.took_coherent, self.coherent, self.approximate)

    def decision(self, number: int) -> Decision:
        width = self.B.shape[1]
        approximate, coherent = int(self.approximate[number]), int(self.coherent[number])
        return Decision(
            Point(number % width, number // width),
            self._place(approximate),
            None if coherent == NONE else self._place(coherent),
            (float(self.distances[number, 0]), float(self.distances[number, 1])),
            bool(self.took_coherent[number]),
        )

    def share(self, count: int | None = None) -> float:
        """Of the first pixels, how many were copied from the coherent place."""
        count = self.count if count is None else count
        return float(self.took_coherent[:count].mean()) if count else 0.0

    def picture_at(self, count: int) -> Picture:
        """B′ with so many pixels, the rest black."""
        picture = self.shown.picture(self._map())
        picture.reshape(-1, 3)[count:] = 0
        return picture

    def source_at(self, count: int) -> NDArray[np.int32]:
        """(H, W, 2): y and x of the pixel of A′ that each of so many was copied from; else −1."""
        source = self._map()[..., 1:]
        source.reshape(-1, 2)[count:] = -1
        return source

    def _map(self) -> NDArray[np.int32]:
        y, x = np.divmod(self.chosen, self.A.shape[1])
        s = np.stack([np.zeros_like(y), y, x], axis=1).astype(np.int32)
        return s.reshape(*self.B.shape[:2], 3)

    def _place(self, row: int) -> Point:
        return Point(row % self.A.shape[1], row // self.A.shape[1])


@dataclass(slots=True, eq=False)
class AnalogyRecord:
    """All levels, coarse to fine; and what another κ would have come to."""

    kappa: float
    levels: list[LevelRecord]
    #: κ, and of each level the share of pixels that were copied from the coherent place.
    shares: list[tuple[float, tuple[float, ...]]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(level.count for level in self.levels)

    @property
    def total(self) -> int:
        return sum(level.total for level in self.levels)

    def at(self, moment: int) -> tuple[int, int]:
        """Which level, and which of its pixels comes at this moment."""
        for number, level in enumerate(self.levels):
            if moment < level.total or number == len(self.levels) - 1:
                return number, moment
            moment -= level.total
        raise ValueError("the record has no level")


def recorded(
    A: Picture,
    Ap: Picture,
    B: Picture,
    settings: Settings,
    *,
    seed: int = 0,
    others: Sequence[float] = (),
) -> Iterator[Step[AnalogyRecord]]:
    """B′ pixel by pixel, and then the shares of other κ. All pictures are (H, W, 3) uint8."""
    problem = prepared([(A, Ap)], B, settings)
    record = AnalogyRecord(settings.kappa, _levels(problem, (A, Ap, B), settings.kappa))
    work = record.total * (1 + len(others))
    for _ in _solve(problem, record.levels, seed):
        yield Step(record.count / work, record)
    record.shares.append(_shares(record.kappa, record.levels))
    for number, kappa in enumerate(others, start=1):
        levels = _levels(problem, (A, Ap, B), kappa)
        for _ in _solve(problem, levels, seed):
            done = number * record.total + sum(level.count for level in levels)
            yield Step(min(done / work, 0.999), record)
        record.shares.append(_shares(kappa, levels))
    yield Step(1.0, record)


def _shares(kappa: float, levels: list[LevelRecord]) -> tuple[float, tuple[float, ...]]:
    return kappa, tuple(level.share() for level in levels)


def _solve(problem: Problem, records: list[LevelRecord], seed: int) -> Iterator[None]:
    """Every level, and every pixel in scan order: with a pause after some of them."""
    coarse: tuple[Level, Bytes] | None = None
    for level, record in zip(problem.levels, records, strict=True):
        F = taps(problem, coarse is None)
        few, few_Bp = coarse or (None, None)
        A = features(F, level.A[0], level.Ap[0], few and few.A[0], few and few.Ap[0])
        height, width = level.B.shape[:2]
        Bp = np.zeros((height, width, level.Ap[0].shape[2]), np.uint8)
        known = features(F, level.B, Bp, few and few.B, few_Bp)
        yield
        yield from _scan(F, A, known, level, Bp, record, seed)
        coarse = level, Bp


def _scan(
    F: Taps, A: Bytes, known: Bytes, level: Level, Bp: Bytes, record: LevelRecord, seed: int
) -> Iterator[None]:
    d = np.empty(len(A), np.int64)
    height, width = level.B.shape[:2]
    styles = level.Ap[0].reshape(-1, Bp.shape[2])
    places = list(np.ndindex(*level.A[0].shape[:2]))
    shape = level.A[0].shape
    row_of = {(0, y, x): row for row, (y, x) in enumerate(places) if not in_rim(y, x, shape)}
    first = first_place(seed, len(places))
    s = np.zeros((height, width, 3), np.int32)
    for number, (y, x) in enumerate(np.ndindex(height, width)):
        q, counts = feature_at(F, known[number], Bp, y, x)
        measure(A, q.astype(np.int32), counts.astype(np.int32), d)
        p_app = best_approximate_match(d, first)
        p_coh = best_coherence_match(d, row_of, s, y, x)
        record.approximate[number] = p = p_app
        record.distances[number] = d[p_app]
        if p_coh is not None:
            record.coherent[number] = p_coh
            record.distances[number, 1] = d[p_coh]
            if float(d[p_coh]) <= float(d[p_app]) * record.tolerated:
                p = p_coh
        s[y, x, 1:] = places[p]
        Bp[y, x] = styles[p]
        record.count = number + 1
        if number % 16 == 15:
            yield


def _levels(
    problem: Problem, pictures: tuple[Picture, Picture, Picture], kappa: float
) -> list[LevelRecord]:
    """Empty records, with the pictures at each size, and what B′ is put together from there."""
    made, count = [], len(problem.levels)
    A, Ap, B = pictures
    style: Any = problem.styles[0]
    kept: Any = problem.kept
    for number in reversed(range(count)):
        total = B.shape[0] * B.shape[1]
        shown = problem._replace(levels=[], styles=[style], kept=kept, like=B)
        empty = np.zeros(total, np.int32), np.full(total, NONE, np.int32)
        distances, tolerated = np.zeros((total, 2), np.int64), tolerance(kappa, number, count)
        made.append(LevelRecord(A, Ap, B, tolerated, *empty, distances, shown))
        A, Ap, B, style = (halved(one) for one in (A, Ap, B, style))
        kept = None if kept is None else halved(kept)
    return made[::-1]
