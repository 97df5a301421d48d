"""The curves of a fit as points to draw: logarithmic, and no more of them than can be told apart.

Each curve has a scale of its own, and at each size another one: they cannot be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.curve import Curve

Points = NDArray[np.float64]  # (n, 2): x in 0..1 of the iterations, y in 0..1 from the top

_ROOM = 0.06  # of the height, above and below
_SPAN = 0.05  # of a decade: what varies less is drawn flat


@dataclass(frozen=True, slots=True)
class Lines:
    """One piece for each size."""

    losses: tuple[Points, ...]
    variances: tuple[Points, ...]


def lines(curve: Curve, end: int, most: int) -> Lines:
    """The curves over the iterations up to an end, in about ``most`` points each."""
    every = max(1, end // max(1, most))
    return Lines(
        *(_pieces(values, curve, end, every) for values in (curve.losses, curve.variances))
    )


def _pieces(values: NDArray[np.float64], curve: Curve, end: int, every: int) -> tuple[Points, ...]:
    logs = np.full(len(values), np.nan)
    np.log10(values, out=logs, where=values > 0)
    found = []
    for start, stop in curve.stages:
        known = np.flatnonzero(np.isfinite(logs[start:stop]))[::every] + start
        if len(known) > 1:
            low, high = np.percentile(logs[known], (0, 99))
            y = np.clip((high - logs[known]) / max(high - low, _SPAN), 0, 1)
            found.append(np.stack([(known + 1) / end, _ROOM + (1 - 2 * _ROOM) * y], axis=1))
    return tuple(found)
