"""Inner loop of the preview: pieces of A′ around seeds, as large as the guides allow."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.random import bits


@njit(nogil=True)
def _nearest_seed(y, x, level, height, width, seed):
    """One seed lies in each square of 2^level pixels."""
    nearest, by, bx = np.int64(1 << 60), np.int64(y), np.int64(x)
    for i in range((y >> level) - 1, (y >> level) + 2):
        for j in range((x >> level) - 1, (x >> level) + 2):
            draw = bits(seed + np.uint64(level), np.int64(i) * 65536 + j)
            low = (np.uint64(1) << np.uint64(level)) - np.uint64(1)
            v = (i << level) + np.int64(draw & low)
            u = (j << level) + np.int64((draw >> np.uint64(32)) & low)
            d = (v - y) * (v - y) + (u - x) * (u - x)
            if d < nearest and 0 <= v < height and 0 <= u < width:
                nearest, by, bx = d, v, u
    return by, bx


@njit(nogil=True)
def _look_up(own, y, x, table, shift, style):
    i = np.int64(own[y, x, 0]) >> shift
    j = np.int64(own[y, x, 1]) >> shift if style > 1 else 0
    k = np.int64(own[y, x, 2]) >> shift if style > 2 else 0
    return table[i, j, k, 0], table[i, j, k, 1]


@njit("void(intp, intp, uint8[:,:,::1], uint8[:,:,::1], uint8[:,::1], int32[:,:,:,::1],"
      "intp, intp, intp, intp, uint64, int32[:,:,::1])", nogil=True, cache=True)  # fmt: skip
def blit(start, stop, own, source, allowed, table, shift, style, levels, most, seed, chosen):
    """Some rows: each pixel copies from around the largest seed whose piece fits its guides."""
    height, width = own.shape[:2]
    for y in range(start, stop):
        for x in range(width):
            for level in range(levels - 1, -1, -1):
                qy, qx = _nearest_seed(y, x, level, height, width, seed)
                py, px = _look_up(own, qy, qx, table, shift, style)
                py, px = py + y - qy, px + x - qx
                if level == 0:
                    py, px = _look_up(own, y, x, table, shift, style)
                if py < 0 or px < 0 or py >= source.shape[0] or px >= source.shape[1]:
                    continue
                if allowed[py, px] == 0:
                    continue
                worst = np.int32(0)
                for c in range(style):
                    d = np.int32(own[y, x, c]) - np.int32(source[py, px, c])
                    worst = max(worst, abs(d))
                if level == 0 or worst <= most:
                    chosen[y, x, 0], chosen[y, x, 1] = py, px
                    break
