"""Random numbers by counter: a number is a function of the seed and its place, not of the past.

So the same seed gives the same numbers on one thread or eight, in any order, and only integer
arithmetic decides them. Other kernels call ``bits`` with what they count: pixel, sweep, candidate.

The mixing steps are those of SplitMix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom
number generators, OOPSLA 2014.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@njit(nogil=True, cache=True)
def bits(seed, counter):
    """64 random bits for this counter."""
    z = np.uint64(counter) * _STEP + np.uint64(seed) * _FIRST + _SECOND
    for _ in range(2):
        z = (z ^ (z >> np.uint64(30))) * _FIRST
        z = (z ^ (z >> np.uint64(27))) * _SECOND
        z = z ^ (z >> np.uint64(31))
    return z


@njit(nogil=True, cache=True)
def fill_normals(start, stop, seed, flat):
    """Mean 0, deviation 1: the sum of four uniform numbers, bounded by ±3.5."""
    low = np.uint64(0xFFFF)
    for i in range(start, stop):
        z = bits(seed, i)
        total = np.int64(0)
        for part in range(4):
            total += np.int64((z >> np.uint64(16 * part)) & low)
        flat[i] = np.float32((total - 2 * 65535) * (np.sqrt(3.0) / 65536))
