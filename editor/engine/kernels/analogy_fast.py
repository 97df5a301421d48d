"""Inner loops of the fast analogy: votes, use of the source, fields of the next level, the copy.

A field says for each centre of a patch in the target which centre in the source is like it; the
pixels of a level are bytes (H, W, C), the guides first and the style from ``style`` on.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.patch import FORBIDDEN


@njit("void(intp, intp, int32[:,:,::1], intp, uint8[:,:,::1], intp, uint8[:,::1], uint8[:,:,::1])",
      nogil=True, cache=True)  # fmt: skip
def vote(start, stop, positions, r, source, style, changes, target):
    """The style of some rows, 1 or 3 bytes, becomes the mean of what all patches over it say.

    Only where it changes.
    """
    height, width, channels = target.shape
    three = channels - style == 3
    for y in range(start, stop):
        top, bottom = max(y - r, r), min(y + r, height - 1 - r)
        for x in range(width):
            if not changes[y, x]:
                continue
            left, right = max(x - r, r), min(x + r, width - 1 - r)
            a = b = c = np.int32(0)
            for v in range(top, bottom + 1):
                for u in range(left, right + 1):
                    py, px = positions[v, u, 0] + y - v, positions[v, u, 1] + x - u
                    a += source[py, px, style]
                    if three:
                        b += source[py, px, style + 1]
                        c += source[py, px, style + 2]
            count = np.int32((bottom - top + 1) * (right - left + 1))
            target[y, x, style] = (a + count // 2) // count
            if three:
                target[y, x, style + 1] = (b + count // 2) // count
                target[y, x, style + 2] = (c + count // 2) // count


@njit("void(intp, intp, int32[:,:,::1], intp, uint8[:,:,::1], uint8[:,:,::1], uint8[:,::1],"
      "int32[:,:,::1])", nogil=True, cache=True)  # fmt: skip
def choose(start, stop, positions, r, source, target, changes, chosen):
    """Of all that the patches over a pixel would copy, what is nearest to the pixel itself.

    The mean of many copies is blurred; the one nearest to it is not, and it comes from one place.
    Only where it changes.
    """
    height, width, channels = target.shape
    for y in range(start, stop):
        top, bottom = max(y - r, r), min(y + r, height - 1 - r)
        for x in range(width):
            if not changes[y, x]:
                continue
            best = np.int32(1 << 30)
            for v in range(top, bottom + 1):
                for u in range(max(x - r, r), min(x + r, width - 1 - r) + 1):
                    py, px = positions[v, u, 0] + y - v, positions[v, u, 1] + x - u
                    total = np.int32(0)
                    for c in range(channels):
                        d = np.int32(source[py, px, c]) - np.int32(target[y, x, c])
                        total += d * d
                    if total < best:
                        best = total
                        chosen[y, x, 0], chosen[y, x, 1] = py, px


@njit("void(intp, intp, int32[:,:,::1], intp, float32[:,::1])", nogil=True, cache=True)
def count_uses(start, stop, positions, r, uses):
    """Add one for each patch of some rows, at the centre it takes from."""
    for y in range(max(start, r), min(stop, len(positions) - r)):
        for x in range(r, positions.shape[1] - r):
            uses[positions[y, x, 0], positions[y, x, 1]] += np.float32(1)


@njit("void(intp, intp, int32[:,::1], float32[:,::1], float32, int32[:,::1])",
      nogil=True, cache=True)  # fmt: skip
def charge(start, stop, free, uses, price, norms):
    """norms of some rows: what a patch costs by itself, and by how much it is used too often.

    uses is 1 where a patch is used as often as all should be. Beyond three times as often it costs
    no more: where the guides leave little choice, it would only break the pattern.
    """
    for y in range(start, stop):
        for x in range(free.shape[1]):
            excess = min(max(uses[y, x] - np.float32(1), np.float32(0)), np.float32(2))
            norms[y, x] = free[y, x]
            if free[y, x] < FORBIDDEN:
                norms[y, x] += np.int32(min(price * excess, np.float32(1 << 24)))


@njit("void(intp, intp, int32[:,:,::1], int64[::1], int64[::1], int32[:,::1], intp, uint8[:,::1],"
      "int32[:,:,::1])", nogil=True, cache=True)  # fmt: skip
def lift(start, stop, coarse, coarse_tops, tops, norms, r, wanted, positions):
    """Rows of a field from the next coarser one, where wanted; -1 where that says nothing allowed.

    The pairs lie below each other, pair n from tops[n] on.
    """
    width = positions.shape[1]
    for y in range(start, stop):
        for x in range(width):
            if not wanted[y, x]:
                continue
            positions[y, x, 0] = positions[y, x, 1] = -1
            cy = min(max(y // 2, r), coarse.shape[0] - 1 - r)
            cx = min(max(x // 2, r), coarse.shape[1] - 1 - r)
            py, px = coarse[cy, cx, 0], coarse[cy, cx, 1]
            pair = 0
            while pair + 1 < len(tops) and py >= coarse_tops[pair + 1]:
                pair += 1
            py = y + 2 * (py - coarse_tops[pair] - cy) + tops[pair]
            px = x + 2 * (px - cx)
            py, px = min(max(py, r), len(norms) - 1 - r), min(max(px, r), norms.shape[1] - 1 - r)
            if norms[py, px] < FORBIDDEN:
                positions[y, x, 0], positions[y, x, 1] = py, px


@njit(
    "void(intp, intp, int32[:,:,::1], int64[::1], int64[:,::1], intp, intp, int32[:,:,::1])",
    nogil=True,
    cache=True,
)
def enlarge(start, stop, positions, tops, sizes, finer, r, large):
    """Rows of a map (pair, y, x) of the finest level, from a field ``finer`` levels above it."""
    for y in range(start, stop):
        cy = min(max(y >> finer, r), len(positions) - 1 - r)
        for x in range(large.shape[1]):
            cx = min(max(x >> finer, r), positions.shape[1] - 1 - r)
            py, px = np.int64(positions[cy, cx, 0]), np.int64(positions[cy, cx, 1])
            pair = 0
            while pair + 1 < len(tops) and py >= tops[pair + 1]:
                pair += 1
            py = ((py - tops[pair] - cy) << finer) + y
            px = ((px - cx) << finer) + x
            large[y, x, 0] = pair
            large[y, x, 1] = min(max(py, 0), sizes[pair, 0] - 1)
            large[y, x, 2] = min(max(px, 0), sizes[pair, 1] - 1)
