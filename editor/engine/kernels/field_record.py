"""PatchMatch as ``patchmatch_reference`` has it, writing down every candidate it looks at.

What counts here is that nothing is forgotten, not speed: a distance is summed up pixel by pixel.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.random import bits


@njit(nogil=True, cache=True)
def distance(target, source, size, ty, tx, sy, sx):
    r = size // 2
    D = np.int64(0)
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            for c in range(target.shape[2]):
                d = np.int64(target[ty + dy, tx + dx, c]) - np.int64(source[sy + dy, sx + dx, c])
                D += d * d
    return D


@njit(nogil=True, cache=True)
def draw(target, source, size, seed, field, costs):
    """f at first: anywhere."""
    r = size // 2
    height, width = source.shape[0] - 2 * r, source.shape[1] - 2 * r
    for y in range(r, target.shape[0] - r):
        for x in range(r, target.shape[1] - r):
            z = bits(bits(seed, y * target.shape[1] + x), 0)
            sy = r + ((z >> np.uint64(32)) * np.uint64(height) >> np.uint64(32))
            sx = r + ((z & np.uint64(0xFFFFFFFF)) * np.uint64(width) >> np.uint64(32))
            field[y, x, 0], field[y, x, 1] = np.int16(sy), np.int16(sx)
            costs[y, x] = distance(target, source, size, y, x, np.int64(sy), np.int64(sx))


@njit(nogil=True, cache=True)
def propagate(ys, xs, target, source, size, step, field, costs, tried, tried_costs):
    """The matches of the two neighbours that were visited before, moved along; in this order."""
    r = size // 2
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        for k in range(2):
            dy, dx = (0, step) if k == 0 else (step, 0)
            ny, nx = y - dy, x - dx
            if not (r <= ny < target.shape[0] - r and r <= nx < target.shape[1] - r):
                continue
            sy, sx = field[ny, nx, 0] + dy, field[ny, nx, 1] + dx
            if r <= sy < source.shape[0] - r and r <= sx < source.shape[1] - r:
                D = distance(target, source, size, y, x, sy, sx)
                tried[y, x, k, 0], tried[y, x, k, 1] = sy, sx
                tried_costs[y, x, k] = D
                if costs[y, x] > D:
                    costs[y, x] = D
                    field[y, x, 0], field[y, x, 1] = sy, sx


@njit(nogil=True, cache=True)
def search(ys, xs, target, source, size, sweep, seed, reach, field, costs, tried, tried_costs):
    """u_i = v_0 + w αⁱ R_i, with α = 1/2."""
    r = size // 2
    of_sweep = bits(seed, sweep)
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        vy, vx = np.int64(field[y, x, 0]), np.int64(field[y, x, 1])
        state = bits(of_sweep, y * target.shape[1] + x)
        w, k = reach, 2
        while w >= 1:
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            low, high = max(vy - w, r), min(vy + w, source.shape[0] - 1 - r)
            first = np.int64(state >> np.uint64(48))
            sy = low + (first * (high - low + 1) >> 16)
            low, high = max(vx - w, r), min(vx + w, source.shape[1] - 1 - r)
            second = np.int64((state >> np.uint64(32)) & np.uint64(0xFFFF))
            sx = low + (second * (high - low + 1) >> 16)
            D = distance(target, source, size, y, x, sy, sx)
            tried[y, x, k, 0], tried[y, x, k, 1] = sy, sx
            tried_costs[y, x, k] = D
            if costs[y, x] > D:
                costs[y, x] = D
                field[y, x, 0], field[y, x, 1] = sy, sx
            w, k = w // 2, k + 1


@njit(nogil=True, cache=True)
def vote(source, size, field, sums, counts):
    """Each patch lays its match over the picture; a pixel is the mean of all that lie on it."""
    r = size // 2
    sums[:] = 0
    counts[:] = 0
    for y in range(r, field.shape[0] - r):
        for x in range(r, field.shape[1] - r):
            sy, sx = field[y, x, 0], field[y, x, 1]
            for dy in range(-r, r + 1):
                for dx in range(-r, r + 1):
                    counts[y + dy, x + dx] += 1
                    for c in range(source.shape[2]):
                        sums[y + dy, x + dx, c] += source[sy + dy, sx + dx, c]
