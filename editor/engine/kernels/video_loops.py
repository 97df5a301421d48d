"""Inner loops of the loop search: valleys of the cost matrix, and the table of the programme."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_READ = types.Array(types.float32, 2, "C", readonly=True)


@njit(
    types.int64(types.intp, types.intp, _READ, types.intp, types.int32[:, ::1], types.intp),
    nogil=True,
    cache=True,
)
def list_valleys(start, stop, C, shortest, found, at):
    """Backward jumps i → j of at least ``shortest`` frames with no cheaper neighbour among them."""
    for i in range(start, stop):
        last = i + 1 - shortest
        for j in range(0, last + 1):
            own = C[i, j]
            # Most cells have a cheaper one right beside them, and need no look around.
            if own == np.inf or (j > 0 and C[i, j - 1] < own) or (j < last and C[i, j + 1] < own):
                continue
            if at == len(found):
                return at
            lowest = True
            for y in range(max(i - 1, 0), min(i + 2, C.shape[0])):
                for x in range(max(j - 1, 0), min(j + 2, y + 2 - shortest)):
                    if C[y, x] < own:
                        lowest = False
            if lowest:
                found[at, 0], found[at, 1] = i, j
                at += 1
    return at


@njit(
    "void(intp, intp, float64[::1], int64[::1], boolean[:,::1], float64[:,::1], int32[:,::1],"
    " float64[:,::1], int32[:,::1])",
    nogil=True,
    cache=True,
)
def fill_rows(start, stop, costs, lengths, overlap, best, split, joined, partner):
    """Rows start..stop of the table; see video_loops.compound_loops for what the arrays hold."""
    count = len(costs)
    for length in range(start, stop):
        row, cut = best[length], split[length]
        for c in range(count):
            row[c], cut[c] = np.inf, 0
            if lengths[c] == length:
                row[c] = costs[c]
        for part in range(1, length):
            own, other = best[part], joined[length - part]
            for c in range(count):
                cost = own[c] + other[c]
                if cost < row[c]:
                    row[c], cut[c] = cost, part
        for c in range(count):
            least, who = np.inf, -1
            for d in range(count):
                if overlap[c, d] and row[d] < least:
                    least, who = row[d], d
            joined[length, c], partner[length, c] = least, who
