"""Windows of a sample that are equal, pixel for pixel, share a label."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.efros_leung_vectors import (
    BLOCK,
)

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@njit(nogil=True, cache=True)
def hash_rows(start, stop, pixels, plane, window, rows):
    """A number for each run of pixels as wide as a window, from each position on."""
    planes = len(pixels) // plane
    for position in range(start, stop):
        h = np.uint64(0)
        for k in range(2 * position, 2 * (position + window)):
            for p in range(planes):
                h = (h ^ np.uint64(np.uint16(pixels[k + p * plane]))) * _FACTOR
        rows[position] = h


@njit(nogil=True, cache=True)
def label_windows(
    start, stop, candidate, rows, pixels, plane, stride, window, table, label, first, count
):
    """Number the different windows in the order of their positions; how many there are by now.

    The table holds 1 + the label of a window at, or after, the place its number points to.
    """
    last, radius = np.uint64(len(table) - 1), window // 2
    for position in range(start, stop):
        if not candidate[position]:
            continue
        corner = position - radius * stride - radius
        h = np.uint64(0)
        for row in range(window):
            h = (h ^ rows[corner + row * stride]) * _FACTOR
            h ^= h >> np.uint64(29)
        slot = np.int64(h & last)
        while table[slot] != 0:
            there = first[table[slot] - 1] - radius * stride - radius
            if _equal(pixels, plane, stride, window, corner, there):
                break
            slot = np.int64(np.uint64(slot + 1) & last)
        if table[slot] == 0:
            first[count] = position
            count += 1
            table[slot] = count
        label[position] = table[slot] - 1
    return count


@njit(nogil=True, cache=True)
def _equal(pixels, plane, stride, window, a, b):
    for p in range(len(pixels) // plane):
        for row in range(window):
            i, j = p * plane + 2 * (a + row * stride), p * plane + 2 * (b + row * stride)
            for k in range(2 * window):
                if pixels[i + k] != pixels[j + k]:
                    return False
    return True


@njit(nogil=True, cache=True)
def blocks_of(first):
    """Blocks that cover these positions (ascending), and which of the 64 of each they are."""
    starts, valid = np.empty(len(first), np.int64), np.zeros(len(first), np.uint64)
    count, k = 0, 0
    while k < len(first):
        starts[count] = first[k]
        while k < len(first) and first[k] < starts[count] + BLOCK:
            valid[count] |= np.uint64(1) << np.uint64(first[k] - starts[count])
            k += 1
        count += 1
    return starts[:count].copy(), valid[:count].copy()
