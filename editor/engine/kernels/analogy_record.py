"""What every place of A is off by, for one pixel of B′."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_ROWS = types.Array(types.uint8, 2, "C", readonly=True)


@njit(
    types.void(_ROWS, types.int32[::1], types.int32[::1], types.int64[::1]), nogil=True, cache=True
)
def measure(A, q, counts, d):
    """d = Σ counts (A − q)² for each row of A; a sum of 255² · bytes fits into 32 bits."""
    for row in range(len(A)):
        total = np.int32(0)
        for k in range(len(q)):
            off = np.int32(A[row, k]) - q[k]
            total += counts[k] * off * off
        d[row] = total
