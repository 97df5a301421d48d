"""Inner loops of the fast texture: what patches say of each pixel, and the next size.

A *room* is a texture with its ``margins``: as many pixels as a patch reaches beyond its centre,
seen once more on the other side, where the texture wraps around; none where it ends. A field says
for each centre in the room which centre in the sample is like it; a map for each pixel of the
texture which pixel of the sample it is a copy of.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from editor.engine.kernels.patch import FORBIDDEN

STYLE = 4


@njit(nogil=True, cache=True)
def _runs(top, left, positions, runs):
    """For each centre from (top, left) on how many in a row, it and those at its right, go on in
    the sample as they do here.
    """
    rows, columns = runs.shape
    for i in range(rows):
        runs[i, columns - 1] = 1
        for j in range(columns - 2, -1, -1):
            v, u = top + i, left + j
            on = positions[v, u + 1, 0] == positions[v, u, 0]
            on &= positions[v, u + 1, 1] == positions[v, u, 1] + 1
            runs[i, j] = runs[i, j + 1] + 1 if on else 1


@njit("void(intp, intp, int32[:,:,::1], intp, UniTuple(intp, 2), uint8[:,:,::1], uint8[:,:,::1],"
      "int32[:,:,::1])", nogil=True, cache=True)  # fmt: skip
def settle(start, stop, positions, r, margins, sample, room, source):
    """Rows of a texture: of all that the patches over a pixel would copy, what is nearest to the
    mean. The mean of many copies is blurred; the one nearest to it is not.

    Patches beside each other mostly come from beside each other: then they all copy the same pixel,
    which is looked at once for each of their rows.
    """
    height, width = room.shape[:2]
    first_y, first_x = r - margins[0], r - margins[1]  # centres in the room and its margin …
    last_y, last_x = height - 1 - first_y, width - 1 - first_x
    size = 2 * r + 1
    ys, xs = np.empty(size * size, np.int32), np.empty(size * size, np.int32)
    highest = max(start + margins[0] - r, first_y)
    lowest = min(stop - 1 + margins[0] + r, last_y)
    runs = np.empty((lowest - highest + 1, last_x - first_x + 1), np.int32)
    _runs(highest, first_x, positions, runs)
    for y in range(start + margins[0], stop + margins[0]):
        top, bottom = max(y - r, first_y), min(y + r, last_y)
        for x in range(margins[1], width - margins[1]):
            left, right = max(x - r, first_x), min(x + r, last_x)
            a = b = c = d = np.int32(0)
            copies, count, alike = np.int32(0), 0, True
            for v in range(top, bottom + 1):
                u = left
                while u <= right:
                    py, px = positions[v, u, 0] + y - v, positions[v, u, 1] + x - u
                    n = min(runs[v - highest, u - first_x], np.int32(right - u + 1))
                    ys[count], xs[count] = py, px
                    alike &= py == ys[0] and px == xs[0]
                    a += n * sample[py, px, 0]
                    b += n * sample[py, px, 1]
                    c += n * sample[py, px, 2]
                    d += n * sample[py, px, 3]
                    copies += n
                    count += 1
                    u += n
            best, which = np.int32(1 << 30), 0
            if not alike:
                half = copies // 2
                a, b, c, d = (
                    (a + half) // copies,
                    (b + half) // copies,
                    (c + half) // copies,
                    (d + half) // copies,
                )
                for k in range(count):
                    py, px = ys[k], xs[k]
                    p, q = np.int32(sample[py, px, 0]) - a, np.int32(sample[py, px, 1]) - b
                    s, t = np.int32(sample[py, px, 2]) - c, np.int32(sample[py, px, 3]) - d
                    total = p * p + q * q + s * s + t * t
                    if total < best:
                        best, which = total, k
            py, px = ys[which], xs[which]
            source[y - margins[0], x - margins[1], 0] = py
            source[y - margins[0], x - margins[1], 1] = px
            for channel in range(STYLE):
                room[y, x, channel] = sample[py, px, channel]


@njit("void(intp, intp, int32[:,:,::1], intp, UniTuple(intp, 2), int32[:,::1], int32[:,:,::1])",
      nogil=True, cache=True)  # fmt: skip
def lift(start, stop, coarse, r, margins, norms, positions):
    """Rows of a field from the next coarser one; -1 where that says nothing allowed."""
    height, width = positions.shape[0] - 2 * margins[0], positions.shape[1] - 2 * margins[1]
    rows, columns = coarse.shape[:2]
    for v in range(start, stop):
        y = (v - margins[0]) % height
        cy = min(max(y // 2 + margins[0], r), rows - 1 - r)
        for u in range(positions.shape[1]):
            x = (u - margins[1]) % width
            cx = min(max(x // 2 + margins[1], r), columns - 1 - r)
            py = y + 2 * (coarse[cy, cx, 0] - (cy - margins[0]))
            px = x + 2 * (coarse[cy, cx, 1] - (cx - margins[1]))
            py, px = min(max(py, r), len(norms) - 1 - r), min(max(px, r), norms.shape[1] - 1 - r)
            allowed = norms[py, px] < FORBIDDEN
            positions[v, u, 0] = py if allowed else -1
            positions[v, u, 1] = px if allowed else -1


@njit("void(intp, intp, int32[:,:,::1], intp, int64[::1], int32[:,:,::1])",
      nogil=True, cache=True)  # fmt: skip
def enlarge(start, stop, coarse, finer, tops, source):
    """Rows of the places (sample, y, x) of the finest size, from a map that was halved so often.

    The samples lie below each other, number n from tops[n] on.
    """
    low = (1 << finer) - 1
    for y in range(start, stop):
        for x in range(source.shape[1]):
            cy, cx = min(y >> finer, len(coarse) - 1), min(x >> finer, coarse.shape[1] - 1)
            py = (np.int64(coarse[cy, cx, 0]) << finer) + (y & low)
            number = 0
            while number + 1 < len(tops) and py >= tops[number + 1]:
                number += 1
            source[y, x, 0], source[y, x, 1] = number, py - tops[number]
            source[y, x, 2] = (np.int64(coarse[cy, cx, 1]) << finer) + (x & low)


@njit(
    types.void(
        types.intp, types.intp, types.int32[:, :, ::1], types.intp,
        types.Array(types.uint8, 3, "C", readonly=True), types.uint8[:, :, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def copy(start, stop, source, number, sample, made):
    """The bytes of the pixels in some rows that come from this sample."""
    for y in range(start, stop):
        for x in range(made.shape[1]):
            if source[y, x, 0] == number:
                py, px = source[y, x, 1], source[y, x, 2]
                for byte in range(made.shape[2]):
                    made[y, x, byte] = sample[py, px, byte]
