"""The four matrices of §3, as numbers and as shades: any part of them, at any coarseness.

Cell (i, j) is the jump from frame i to frame j. A shade is 0 (never) to 255 (best), the same for
all four, so that one colour map says everywhere "the lighter the better". Where several cells share
a shade the best of them is shown: a good jump never vanishes because the matrix is large.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.ui.loop.plan import Jump

KINDS = ("distance", "dynamics", "future", "probability")
_RANGE = 4.0  # decades of probability that can be told apart
_SAMPLE = 256  # rows and columns from which a scale is read


class Cells:
    """``distances`` and ``texture`` are the engine's; ``texture`` may be missing.

    Cells are numbered from 0, which is frame ``first`` of the clip, the in point; jumps are between
    frames of the clip.
    """

    def __init__(self, distances: Any, texture: Any = None, first: int = 0) -> None:
        self.first = first
        self._distances, self._texture = distances, texture
        self.count: int = len(distances.D)
        self.neighbours = float(distances.neighbours)  # levels from one frame to the next
        self._scales: dict[str, tuple[float, float]] = {}

    @property
    def judged(self) -> bool:
        """Whether chances are known besides the distances."""
        return self._texture is not None

    @property
    def kinds(self) -> tuple[str, ...]:
        return KINDS if self._texture is not None else KINDS[:1]

    def values(self, kind: str, rows: slice, columns: slice) -> NDArray[np.float32]:
        """What the matrix says: levels, and for a probability its part of the best of its row."""
        values = self._raw(kind, rows, columns)
        if kind == "dynamics":
            return _root(values, self._texture.settings.p)
        if kind == "probability":
            return np.exp(-values)
        return values

    def at(self, kind: str, i: int, j: int) -> float:
        """One number; a probability is that of eq. 2, all jumps of its row counted."""
        if kind == "probability":
            row = self.values(kind, slice(i, i + 1), slice(None))[0]
            return float(row[j] / row.sum()) if row[j] > 0 else 0.0
        return float(self.values(kind, slice(i, i + 1), slice(j, j + 1))[0, 0])

    def costs(
        self, sources: NDArray[np.integer], targets: NDArray[np.integer]
    ) -> NDArray[np.float64]:
        """How far each target is from the frame that would have come after the source: levels."""
        following = np.minimum(sources + 1, self.count - 1)
        plain: NDArray[np.float64] = self._distances.D[following, targets].astype(np.float64)
        if self._texture is None:
            return plain
        costs: NDArray[np.float64] = self._texture.C[sources, targets].astype(np.float64)
        with np.errstate(invalid="ignore"):
            levels = costs ** (1 / self._texture.settings.p)
        return np.where(np.isfinite(costs), levels, plain)

    def cell(self, jump: Jump) -> Jump:
        return jump[0] - self.first, jump[1] - self.first

    def jump(self, cell: Jump) -> Jump:
        return cell[0] + self.first, cell[1] + self.first

    def knows(self, jump: Jump) -> bool:
        """Whether both frames lie between the in and the out point."""
        return all(0 <= one < self.count for one in self.cell(jump))

    def cost(self, jump: Jump) -> float:
        i, j = self.cell(jump)
        return float(self.costs(np.array([i]), np.array([j]))[0])

    def chance(self, jump: Jump) -> float:
        return self.at("probability", *self.cell(jump)) if self._texture is not None else 0.0

    def verdict(self, jump: Jump) -> str:
        """Whether the person has forbidden or forced it, or left it free."""
        if self._texture is None:
            return "free"
        settings, cell = self._texture.settings, self.cell(jump)
        return (
            "forbidden" if cell in settings.forbidden
            else "forced" if cell in settings.forced else "free"
        )  # fmt: skip

    def shades(self, kind: str, rows: slice, columns: slice, step: int = 1) -> NDArray[np.uint8]:
        """A part of the matrix, a shade for every ``step`` × ``step`` cells."""
        values = _coarse(self._raw(kind, rows, columns), step)
        if kind == "dynamics":
            values = _root(values, self._texture.settings.p)
        low, high = self.scale(kind)
        np.subtract(high, values, out=values)
        values *= 255 / max(high - low, 1e-30)
        np.clip(values, 0, 255, out=values)
        return values.astype(np.uint8)

    def scale(self, kind: str) -> tuple[float, float]:
        """The numbers that are shown lightest and darkest."""
        if kind not in self._scales:
            self._scales[kind] = self._read_scale(kind)
        return self._scales[kind]

    def _read_scale(self, kind: str) -> tuple[float, float]:
        if kind == "probability":
            return 0.0, float(_RANGE * np.log(10))
        every = slice(0, None, max(1, self.count // _SAMPLE))
        values = self._raw(kind, every, every)
        if kind == "dynamics":
            values = _root(values, self._texture.settings.p)
        there = values[np.isfinite(values)]
        if len(there) == 0:
            return 0.0, 1.0
        low = float(np.quantile(there, 0.02)) if kind == "future" else 0.0
        return low, max(float(np.quantile(there, 0.98)), low + 1e-9)

    def _raw(self, kind: str, rows: slice, columns: slice) -> NDArray[np.float32]:
        """A new array in which less is better, and inf is never."""
        if kind == "distance":
            return np.array(self._distances.D[rows, columns], np.float32)
        texture = self._texture
        costs = texture.C[rows, columns]
        if kind == "dynamics":
            return np.array(costs, np.float32)
        future: NDArray[np.float32] = costs + texture.ahead[columns].astype(np.float32)
        if kind == "future":
            return future
        # −ln of the probability, were the best of the row 1.
        least = np.where(np.isfinite(texture.m[rows]), texture.m[rows], 0)
        future -= least.astype(np.float32)[:, None]
        future *= np.float32(1 / texture.sigma)
        return future


def _root(values: NDArray[np.float32], p: float) -> NDArray[np.float32]:
    if p == 2:
        return np.sqrt(values, out=values)
    if p == 1:
        return values
    return np.power(values, np.float32(1 / p), out=values)


def _coarse(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """The least of every step × step cells; the last ones of a row may be fewer."""
    if step == 1:
        return values
    rows = _least_of(values, step)  # first, because rows lie together in memory
    return np.ascontiguousarray(_least_of(rows.T, step).T)


def _least_of(rows: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """The least of every ``step`` rows."""
    least = rows[::step].copy()
    for first in range(1, min(step, len(rows))):
        others = rows[first::step]
        part = least[: len(others)]
        np.minimum(part, others, out=part)
    return least
