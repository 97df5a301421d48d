"""PatchMatch as ``patchmatch_reference`` has it, writing down every candidate it looks at.

What counts here is that nothing is forgotten, not speed: a distance is summed up pixel by pixel.
``wanted`` are the middles of the patches of the target that look for a match, ``allowed`` those of
the source that may be one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.random import bits

_ATTEMPTS = 1 << 12  # to draw a place that is allowed


@njit(nogil=True, cache=True)
def distance(target, source, size, ty, tx, sy, sx):
    r = size // 2
    D = 0
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            for c in range(3):
                d = int(target[ty + dy, tx + dx, c]) - int(source[sy + dy, sx + dx, c])
                D += d * d
    return D


@njit(nogil=True, cache=True)
def draw(target, source, size, wanted, allowed, seed, field):
    """f at first: anywhere."""
    r = size // 2
    height, width = source.shape[0] - 2 * r, source.shape[1] - 2 * r
    for y in range(target.shape[0]):
        for x in range(target.shape[1]):
            if not wanted[y, x]:
                continue
            key = bits(seed, y * target.shape[1] + x)
            for attempt in range(_ATTEMPTS):
                z = bits(key, attempt)
                sy = r + int((z >> np.uint64(32)) * np.uint64(height) >> np.uint64(32))
                sx = r + int((z & np.uint64(0xFFFFFFFF)) * np.uint64(width) >> np.uint64(32))
                field[y, x, 0], field[y, x, 1] = sy, sx
                if allowed[sy, sx]:
                    break


@njit(nogil=True, cache=True)
def measure(target, source, size, wanted, field, costs):
    for y in range(target.shape[0]):
        for x in range(target.shape[1]):
            if wanted[y, x]:
                sy, sx = int(field[y, x, 0]), int(field[y, x, 1])
                costs[y, x] = distance(target, source, size, y, x, sy, sx)


@njit(nogil=True, cache=True)
def propagate(
    ys, xs, target, source, size, wanted, allowed, step, field, costs, tried, tried_costs
):
    """The matches of the two neighbours that were visited before, moved along."""
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        for k in range(2):
            dy, dx = (0, step) if k == 0 else (step, 0)
            ny, nx = y - dy, x - dx
            if not (0 <= ny < len(wanted) and 0 <= nx < wanted.shape[1] and wanted[ny, nx]):
                continue
            sy, sx = int(field[ny, nx, 0]) + dy, int(field[ny, nx, 1]) + dx
            if 0 <= sy < len(allowed) and 0 <= sx < allowed.shape[1] and allowed[sy, sx]:
                D = distance(target, source, size, y, x, sy, sx)
                tried[y, x, k, 0], tried[y, x, k, 1] = sy, sx
                tried_costs[y, x, k] = D
                if costs[y, x] > D:
                    costs[y, x] = D
                    field[y, x, 0], field[y, x, 1] = sy, sx


@njit(nogil=True, cache=True)
def search(
    ys, xs, target, source, size, allowed, sweep, seed, reach, field, costs, tried, tried_costs
):
    """u_i = v_0 + w αⁱ R_i, with α = 1/2."""
    r = size // 2
    of_sweep = bits(seed, sweep)
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        vy, vx = int(field[y, x, 0]), int(field[y, x, 1])
        state = bits(of_sweep, y * target.shape[1] + x)
        w, k = reach, 2
        while w >= 1:
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            low, high = max(vy - w, r), min(vy + w, source.shape[0] - 1 - r)
            sy = low + (int(state >> np.uint64(48)) * (high - low + 1) >> 16)
            low, high = max(vx - w, r), min(vx + w, source.shape[1] - 1 - r)
            sx = low + (int((state >> np.uint64(32)) & np.uint64(0xFFFF)) * (high - low + 1) >> 16)
            if allowed[sy, sx]:
                D = distance(target, source, size, y, x, sy, sx)
                tried[y, x, k, 0], tried[y, x, k, 1] = sy, sx
                tried_costs[y, x, k] = D
                if costs[y, x] > D:
                    costs[y, x] = D
                    field[y, x, 0], field[y, x, 1] = sy, sx
            w, k = w // 2, k + 1


@njit(nogil=True, cache=True)
def vote(target, source, size, field, weights, hole, made):
    """Each patch lays its match over the picture; a pixel is the mean of all that lie on it.

    The source has ones as its fourth channel, which sum to the weights. A patch without weight lays
    nothing. Outside the hole, and where nothing lies, it is as the target has it.
    """
    r = size // 2
    height, width = weights.shape
    sums = np.zeros((height, width, 4), np.float32)
    laid, pixels = sums.reshape(-1), source.reshape(-1)
    for y in range(r, height - r):
        for x in range(r, width - r):
            w = weights[y, x]
            if w == 0:
                continue
            sy, sx = int(field[y, x, 0]), int(field[y, x, 1])
            for dy in range(-r, r + 1):  # a row of a patch lies together in memory
                to = np.uint64(4 * ((y + dy) * width + x - r))
                its = np.uint64(4 * ((sy + dy) * source.shape[1] + sx - r))
                for k in range(np.uint64(4 * size)):
                    laid[to + k] += w * pixels[its + k]
    for y in range(height):
        for x in range(width):
            whole = sums[y, x, 3]
            for c in range(3):
                if hole[y, x] and whole > 0:
                    made[y, x, c] = np.uint8(sums[y, x, c] / whole + np.float32(0.5))
                else:
                    made[y, x, c] = target[y, x, c]
