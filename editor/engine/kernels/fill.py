"""Inner loops of the fill: smaller copies, distances of half-known patches, votes, slopes.

A level is an array (H, W, 4) of bytes: red, green, blue and how busy the place is. What is copied
from is the ``source``, all of it, less 128. What is solved are ``pixels`` of the part around the
hole; positions, distances and weights lie on these pixel for pixel, and name places of the source.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import njit

from editor.engine.kernels.patch import FORBIDDEN
from editor.engine.kernels.votes import BEHIND, SIDE, add_votes

CHANNELS = 4
COLOURS = 3  # of them
LESS = np.int32(128)  # are the bytes of a source
_IN_THE_DARK = np.float32(0.3)  # of a correction is possible there


@njit(nogil=True, cache=True)
def halve(start, stop, fine, known, closed, coarse, coarse_known, coarse_closed):
    """Rows of the next level: the mean of what is known of four.

    The hole grows smaller; what nothing may be copied from grows larger.
    """
    height, width = known.shape
    total = np.empty(CHANNELS, np.int32)
    for y in range(start, stop):
        for x in range(coarse.shape[1]):
            total[:] = 0
            count, shut = 0, False
            for v in range(2 * y, min(2 * y + 2, height)):
                for u in range(2 * x, min(2 * x + 2, width)):
                    shut |= closed[v, u] != 0
                    if known[v, u]:
                        count += 1
                        for c in range(CHANNELS):
                            total[c] += fine[v, u, c]
            coarse_known[y, x], coarse_closed[y, x] = count > 0, shut
            for c in range(CHANNELS):
                coarse[y, x, c] = (total[c] + count // 2) // count if count else 0


@njit(nogil=True, cache=True)
def seen_distance(pixels, seen, source, y, x, py, px, r, best, channels=CHANNELS):
    """Sum of squared differences over the part of the patch at (y, x) that is there already."""
    height, width = seen.shape
    total = np.int64(0)
    for dy in range(max(-r, -y), min(r, height - 1 - y) + 1):
        for dx in range(max(-r, -x), min(r, width - 1 - x) + 1):
            if seen[y + dy, x + dx]:
                for c in range(channels):
                    own = np.int32(pixels[y + dy, x + dx, c]) - LESS
                    d = own - np.int32(source[py + dy, px + dx, c])
                    total += np.int64(d * d)
        if total >= best:
            return total
    return total


@njit(nogil=True, cache=True)
def lift(start, stop, coarse, coarse_corner, wanted, corner, norms, r, positions):
    """Rows of a field from the next coarser one; -1 where that says nothing allowed.

    A corner (y, x) is where the part around the hole lies in its level.
    """
    height, width = norms.shape
    coarse_height, coarse_width = (height + 1) // 2, (width + 1) // 2
    for y in range(start, stop):
        for x in range(wanted.shape[1]):
            positions[y, x, 0] = positions[y, x, 1] = -1
            if wanted[y, x] == 0:
                continue
            v, u = y + corner[0], x + corner[1]
            cv = min(max(v // 2, r), coarse_height - 1 - r)
            cu = min(max(u // 2, r), coarse_width - 1 - r)
            cy, cx = cv - coarse_corner[0], cu - coarse_corner[1]
            if coarse[cy, cx, 0] < 0:
                continue
            py, px = v + 2 * (coarse[cy, cx, 0] - cv), u + 2 * (coarse[cy, cx, 1] - cu)
            if 0 <= py < height and 0 <= px < width and norms[py, px] < FORBIDDEN:
                positions[y, x, 0], positions[y, x, 1] = py, px


@njit(nogil=True, cache=True)
def weigh(start, stop, wanted, positions, distances, trust, depths, spread, weights):
    """Rows of the weights of the votes: alike counts, and near the border counts more.

    ``trust`` is what a vote counts by how deep in the hole it lies.
    """
    for y in range(start, stop):
        for x in range(wanted.shape[1]):
            weight = np.float32(0)
            if wanted[y, x] and positions[y, x, 0] >= 0:
                alike = np.exp(-np.float32(distances[y, x]) * spread)
                weight = trust[depths[y, x]] * max(alike, np.float32(1e-6))
            weights[y, x] = weight


@njit(nogil=True, cache=True)
def vote(start, stop, ys, xs, weights, positions, source, across, pixels):
    """Every pixel of the hole becomes the mean of what all patches over it say.

    The ``source`` is a Pair's, and ``across`` pixels wide. Row by row, from gap to gap.
    """
    r = SIDE // 2
    height, width = weights.shape
    sums = np.empty((width + 2 * r + BEHIND, CHANNELS), np.float32)
    totals = np.empty(len(sums), np.float32)
    i = start
    while i < stop:
        y, first, end = ys[i], xs[i], i + 1
        while end < stop and ys[end] == y and xs[end] - xs[end - 1] <= SIDE:
            end += 1
        left, right = max(first - r, 0), min(xs[end - 1] + r + 1, width)
        count = right - left
        sums[: count + BEHIND] = 0
        totals[: count + BEHIND] = 0
        for v in range(max(y - r, 0), min(y + r + 1, height)):
            add_votes(
                numba.uintp(weights[v, left:].ctypes.data),
                numba.uintp(positions[v, left:].ctypes.data),
                numba.uintp(source.ctypes.data),
                np.intp(y - v),
                np.intp(across),
                numba.uintp(sums.ctypes.data),
                numba.uintp(totals.ctypes.data),
                np.intp(count),
            )
        for k in range(i, end):
            at = xs[k] - left + r
            if totals[at] > 0:
                for c in range(CHANNELS):
                    pixels[y, xs[k], c] = np.uint8(sums[at, c] / totals[at] + np.float32(0.5))
        i = end


@njit(nogil=True, cache=True)
def origins(start, stop, ys, xs, positions, r, froms):
    """Where each pixel of the hole is copied from."""
    height, width = positions.shape[:2]
    for i in range(start, stop):
        y, x = ys[i], xs[i]
        v, u = min(max(y, r), height - 1 - r), min(max(x, r), width - 1 - r)
        froms[i, 0] = positions[v, u, 0] + y - v
        froms[i, 1] = positions[v, u, 1] + x - u


@njit(nogil=True, cache=True)
def add_slopes(start, stop, ys, xs, grid, froms, colours, copied, most, white, b):
    """Add to b how each pixel differs from its neighbours, as the copies say it.

    Pixels have the numbers of the ``grid``, from 1 on; the lists begin with the first one. All in
    the pictures' own numbers; ``copied`` is what the copies are from. Where a neighbour is copied
    from elsewhere, the mean of what both copies say, as far as only their light can differ, by
    ``most``: else what they are, or a seam would run into a haze. A known neighbour corrects the
    copy just as far.
    """
    height, width = colours.shape[:2]
    most_y, most_x = copied.shape[:2]
    others = np.empty(4, np.int64)  # the neighbours' numbers, 0 where they are known
    for i in range(start, stop):
        y, x = ys[i], xs[i]
        py, px = froms[i, 0], froms[i, 1]
        others[0], others[2] = grid.above[i + 1], grid.below[i + 1]
        others[1] = i if grid.right[i] != 0 else 0
        others[3] = i + 2 if grid.right[i + 1] != 0 else 0
        for side in range(4):
            dy = side - 1 if side % 2 == 0 else 0
            dx = side - 2 if side % 2 == 1 else 0
            v, u = y + dy, x + dx
            if v < 0 or u < 0 or v >= height or u >= width:
                continue
            other = others[side] - 1  # -1: known
            qy, qx = py + dy, px + dx
            inside = 0 <= qy < most_y and 0 <= qx < most_x
            across = np.float32(1)
            if other >= 0:
                oy, ox = froms[other, 0], froms[other, 1]
                if oy == qy and ox == qx:  # of one piece: both copies say the same
                    for c in range(colours.shape[2]):
                        b[i + 1, c] += np.float32(copied[py, px, c]) - np.float32(copied[qy, qx, c])
                    continue
                ry, rx = oy - dy, ox - dx
                beside = 0 <= ry < most_y and 0 <= rx < most_x
                if inside:
                    across = share_of_light(copied[oy, ox], copied[qy, qx], most, white)
                if beside and (py != ry or px != rx):
                    share = share_of_light(copied[py, px], copied[ry, rx], most, white)
                    across = min(across, share)
            for c in range(colours.shape[2]):
                slope = np.float32(0)
                count = 0
                if inside:
                    slope += np.float32(copied[py, px, c]) - np.float32(copied[qy, qx, c])
                    count += 1
                if other >= 0 and beside:
                    slope += np.float32(copied[ry, rx, c]) - np.float32(copied[oy, ox, c])
                    count += 1
                if count:
                    slope /= count
                if other >= 0 and across < 1:
                    step = np.float32(copied[py, px, c]) - np.float32(copied[oy, ox, c])
                    slope += (1 - across) * (step - slope)
                b[i + 1, c] += slope
            if other < 0 and inside:
                share = share_of_light(colours[v, u], copied[qy, qx], most, white)
                for c in range(colours.shape[2]):
                    step = np.float32(colours[v, u, c]) - np.float32(copied[qy, qx, c])
                    b[i + 1, c] -= (1 - share) * step


@njit(nogil=True, cache=True)
def share_of_light(known, copied, most, white):
    """How much of the difference of two colours may be one of light.

    All of one up to ``most``, less where one of both is dark; nothing from twice as much on: that
    is another thing, whose colour must not shine into the copy.
    """
    large = np.float32(0)  # in what light can make of it
    for c in range(len(known)):
        light, dark = np.float32(max(known[c], copied[c])), np.float32(min(known[c], copied[c]))
        limit = most * (_IN_THE_DARK + (2 - 2 * _IN_THE_DARK) * dark / white)
        large = max(large, (light - dark) / max(limit, np.float32(1e-9)))
    return min(np.float32(1), max(2 - large, np.float32(0)) / max(large, np.float32(1)))
