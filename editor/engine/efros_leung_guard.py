"""Whether a texture grows well: garbage, repetition and copying, seen in numbers, said in words.

The paper names both ways of going wrong: the growth slips into a wrong part of the sample and grows
garbage, or it gets locked onto one place and copies it verbatim. Both show in what a ``Growth``
records. Three numbers tell of each pixel, and their means of each stretch of time and of each cell
of the picture: its *error*, to be compared with the sample's own, that is with how well half-known
windows of the sample match elsewhere in it; whether it is *copied*, going on where a neighbour was
copied from; and whether it is *fresh*, from a place that nothing else in its window came from.
Garbage need not match badly: mostly it is one smooth spot of the sample, over and over.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.efros_leung import Growth
from editor.engine.image import Mask

SPAN = 256  # pixels over which the numbers over time are averaged
WORSE = 3.0  # times the sample's own error: nothing matches any more
FRESH = 0.3  # fewer than this share: the same over and over
COPIED = 0.97  # more than this share: verbatim
_INVISIBLE = (2 / 255) ** 2  # an error nobody sees
_STEP = 32  # pixels from one number over time to the next
_CELL = 16  # pixels across a cell, at least
_BAD, _VERBATIM = 0.01, 0.5  # shares of cells that make a verdict


@dataclass(frozen=True, slots=True)
class Health:
    """How a growth does: numbers over time, numbers by place, and the verdict."""

    moments: NDArray[np.int64]  # after so many pixels …
    error: NDArray[np.float64]  # … the means of the last SPAN: 0 equal .. 1
    copied: NDArray[np.float64]
    fresh: NDArray[np.float64]
    own_error: float
    cell: int  # the picture in cells so many pixels across …
    garbage: Mask  # … those in which nothing matches, or the same comes over and over …
    verbatim: Mask  # … and those that are a piece of the sample
    state: str  # "well", "garbage", "repeating" or "copying"
    verdict: str  # the same as a sentence, with what to do
    last_good: int  # the moment to restart from: before the garbage, or now if there is none

    @property
    def garbage_grew(self) -> bool:
        """Whether to restart is of use."""
        return self.state in ("garbage", "repeating")


def health(growth: Growth) -> Generator[None, None, Health]:
    """Look at what has grown so far, with pauses in which one may leave."""
    own = max((yield from growth.own_error()), _INVISIBLE)
    each = growth.errors, growth.coherent, (yield from growth.fresh())
    numbers = np.stack(each).astype(np.float64)
    moments = np.arange(min(SPAN, growth.count), growth.count + 1, _STEP)
    error, copied, fresh = _running_means(numbers, moments)
    cell = max(_CELL, growth.rule.window)
    begun, (cell_error, cell_copied, cell_fresh) = _by_cell(growth, numbers, cell)
    judged = begun >= 0
    unmatched = judged & (cell_error > WORSE * own)
    repeated = judged & (cell_fresh < FRESH)
    verbatim = judged & (cell_copied > COPIED)
    garbage = unmatched | repeated
    enough = max(1.0, _BAD * judged.sum())
    last_good = growth.count
    if garbage.sum() >= enough:
        last_good = int(begun[garbage].min())
        state = "garbage" if unmatched.sum() > repeated.sum() else "repeating"
    elif verbatim.sum() > _VERBATIM * judged.sum():
        state = "copying"
    else:
        state = "well"
    verdict = _WORDS[state].format(
        since=last_good,
        bad=garbage.sum() / max(1, judged.sum()),
        verbatim=verbatim.sum() / max(1, judged.sum()),
    )
    series = moments, error, copied, fresh
    return Health(*series, own, cell, garbage, verbatim, state, verdict, last_good)


_WORDS = {
    "well": "It grows well: it neither repeats nor copies, and matches as the sample itself does.",
    "garbage": (
        "It grows garbage since pixel {since}: in {bad:.0%} of the picture nothing matches. "
        "Restart from there, or choose another window."
    ),
    "repeating": (
        "It repeats itself since pixel {since}: {bad:.0%} of the picture is one small spot of the "
        "sample over and over. Restart from there, or choose a larger window."
    ),
    "copying": (
        "It copies: {verbatim:.0%} of the picture are pieces of the sample as they were. Choose a "
        "smaller window or a larger sample."
    ),
}


def _running_means(numbers: NDArray[np.float64], moments: NDArray[np.int64]) -> NDArray[np.float64]:
    """The means of the last SPAN numbers before each moment; 0 of none."""
    sums = np.pad(np.cumsum(numbers, axis=1), ((0, 0), (1, 0)))
    first = np.maximum(moments - SPAN, 0)
    return np.asarray((sums[:, moments] - sums[:, first]) / np.maximum(moments - first, 1))


def _by_cell(
    growth: Growth, numbers: NDArray[np.float64], cell: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """When each cell began to grow, −1 where less than half of it has, and its means."""
    height, width = growth.known.shape
    rows, columns = -(-height // cell), -(-width // cell)
    ys, xs = growth.order
    where = ys // cell * columns + xs // cell
    count = np.bincount(where, minlength=rows * columns)
    means = [np.bincount(where, row, rows * columns) / np.maximum(count, 1) for row in numbers]
    begun = np.full(rows * columns, -1)
    begun[where[::-1]] = np.arange(growth.count)[::-1]
    begun[count < cell * cell // 2] = -1
    return begun.reshape(rows, columns), np.stack(means).reshape(-1, rows, columns)
