"""What each place of a sample is off by, all of them: for those who look at one choice."""

from __future__ import annotations

from numba import njit, types

_BYTES = types.Array(types.uint8, 3, "C", readonly=True)
_WEIGHTS = types.Array(types.int64, 2, "C", readonly=True)


@njit(types.void(_BYTES, _BYTES, _WEIGHTS, types.int64[:, ::1]), nogil=True, cache=True)
def measure(sample, template, weights, distances):
    """d = Σ w (T − S)² for the window at each place where a whole one fits."""
    side, channels = len(template), sample.shape[2]
    for y in range(distances.shape[0]):
        for x in range(distances.shape[1]):
            d = 0
            for i in range(side):
                for j in range(side):
                    w = weights[i, j]
                    if w == 0:
                        continue
                    for c in range(channels):
                        off = int(template[i, j, c]) - int(sample[y + i, x + j, c])
                        d += w * off * off
            distances[y, x] = d
