"""Inner loops of the preview: seeds, and pieces of A′ around them as large as the guides allow."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.random import bits

TRIES = 16  # places that a seed looks at


@njit(
    "void(intp, intp, uint8[:,:,::1], uint8[:,:,::1], int32[:,::1], int64[::1], int64[:,:,::1],"
    "intp, intp, intp, uint64, int32[:,:,::1], int32[:,:,::1])",
    nogil=True,
    cache=True,
)
def sow(start, stop, own, source, places, firsts, cells, shift, style, level, seed, chosen, seeds):
    """One seed in each square of 2^level pixels: its place in B, and the best of some in A.

    Those places of A are drawn whose first three guides lie in the same cell; cell number n has
    the places from firsts[n] to firsts[n + 1]. At level 0 pixels that have a place need no seed.
    """
    height, width = own.shape[:2]
    low = (np.uint64(1) << np.uint64(level)) - np.uint64(1)
    for i in range(start, stop):
        for j in range(seeds.shape[1]):
            if level == 0 and chosen[i, j, 0] >= 0:
                continue
            draw = bits(seed + np.uint64(level), i * 65536 + j)
            y = min((i << level) + np.int64(draw & low), height - 1)
            x = min((j << level) + np.int64((draw >> np.uint64(32)) & low), width - 1)
            seeds[i, j, 0], seeds[i, j, 1] = y, x
            k = np.int64(own[y, x, 2]) >> shift if style > 2 else np.int64(0)
            m = np.int64(own[y, x, 1]) >> shift if style > 1 else np.int64(0)
            cell = cells[np.int64(own[y, x, 0]) >> shift, m, k]
            count = firsts[cell + 1] - firsts[cell]
            nearest = np.int32(1 << 30)
            tries = TRIES if level > 1 else TRIES // 4
            for attempt in range(min(count, tries)):
                pick = np.int64(attempt)
                if count > tries:
                    pick = np.int64(bits(draw, attempt) % np.uint64(count))
                py, px = places[firsts[cell] + pick, 0], places[firsts[cell] + pick, 1]
                total = np.int32(0)
                for c in range(style):
                    d = np.int32(own[y, x, c]) - np.int32(source[py, px, c])
                    total += d * d
                if total < nearest:
                    nearest = total
                    seeds[i, j, 2], seeds[i, j, 3] = py, px


@njit(
    "void(intp, intp, uint8[:,:,::1], uint8[:,:,::1], uint8[:,::1], int32[:,:,::1], intp, intp,"
    "int32, int32[:,:,::1])",
    nogil=True,
    cache=True,
)
def blit(start, stop, own, source, allowed, seeds, style, level, most, chosen):
    """Some rows: each pixel without a place copies along with the nearest seed, if it may.

    At level 0 every pixel is a seed.
    """
    width = own.shape[1]
    for y in range(start, stop):
        for x in range(width):
            if chosen[y, x, 0] >= 0:
                continue
            if level == 0:
                chosen[y, x, 0], chosen[y, x, 1] = seeds[y, x, 2], seeds[y, x, 3]
                continue
            nearest, i, j = np.int64(1 << 60), np.int64(0), np.int64(0)
            for v in range(max((y >> level) - 1, 0), min((y >> level) + 2, len(seeds))):
                for u in range(max((x >> level) - 1, 0), min((x >> level) + 2, seeds.shape[1])):
                    dy, dx = np.int64(seeds[v, u, 0]) - y, np.int64(seeds[v, u, 1]) - x
                    if dy * dy + dx * dx < nearest:
                        nearest, i, j = dy * dy + dx * dx, np.int64(v), np.int64(u)
            py = seeds[i, j, 2] + y - seeds[i, j, 0]
            px = seeds[i, j, 3] + x - seeds[i, j, 1]
            if py < 0 or px < 0 or py >= source.shape[0] or px >= source.shape[1]:
                continue
            if allowed[py, px] == 0:
                continue
            worst = np.int32(0)
            for c in range(style):
                worst = max(worst, abs(np.int32(own[y, x, c]) - np.int32(source[py, px, c])))
            if worst <= most:
                chosen[y, x, 0], chosen[y, x, 1] = py, px
