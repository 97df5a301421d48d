"""Inner loops of a field with several neighbours for each patch, the nearest first.

C. Barnes, E. Shechtman, D. Goldman, A. Finkelstein: The Generalized PatchMatch Correspondence
Algorithm, ECCV 2010, section 3.2: each of the k matches of a neighbour is propagated and around
each of the own ones is searched. No place is taken twice.

``positions`` is (H, W, k, 2), ``distances`` (H, W, k). Tiles and random numbers: ``nearest``.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import njit

from editor.engine.kernels.nearest import TILE, draw_place, suits
from editor.engine.kernels.patch import (
    FORBIDDEN,
    MARK,
    compare_marks,
    dot_patch,
    load_patch,
    mark_patch,
)
from editor.engine.kernels.random import bits

_DRAWS = 4  # for each neighbour, until a place is found that is not taken


@njit(nogil=True, cache=True)
def begin_several(start, stop, tiles, pair, seed, positions, distances):
    """Keep what is valid, measured and sorted; draw the rest as far as there are places."""
    height, width = pair.wanted.shape
    source_height, source_width = pair.norms.shape
    wanted, norms, ranks = pair.wanted, pair.norms, pair.ranks
    first, across = pair.first, pair.across
    target_labels, source_labels = pair.target_labels, pair.source_labels
    labelled = target_labels.size > 1
    r, channels, rows, pitch = pair.size // 2, pair.channels, pair.rows, pair.pitch
    target, source = numba.uintp(pair.target.ctypes.data), numba.uintp(pair.source.ctypes.data)
    stride, source_stride = width * channels, source_width * channels
    target -= numba.uintp(r * (stride + channels))
    source -= numba.uintp(r * (source_stride + channels))
    mask, marks = numba.uintp(pair.mask.ctypes.data), numba.uintp(pair.target_marks.ctypes.data)
    basis, scales = numba.uintp(pair.basis.ctypes.data), numba.uintp(pair.scales.ctypes.data)
    marked, each = pair.target_marks.shape[0] > 1, pair.basis.shape[1]
    memory = np.zeros(each, np.uint8)
    scratch = numba.uintp(memory.ctypes.data)
    neighbours = distances.shape[2]
    ys, xs = np.empty(neighbours, np.int32), np.empty(neighbours, np.int32)
    for tile in range(start, stop):
        top, left = tiles[tile, 0], tiles[tile, 1]
        for y in range(top, min(top + TILE, height)):
            for x in range(left, min(left + TILE, width)):
                if wanted[y, x] == 0:
                    continue
                place = target + numba.uintp(y * stride + x * channels)
                own = load_patch(scratch, place, stride, mask, rows, pitch)
                if marked:
                    place = marks + numba.uintp((y * width + x) * MARK)
                    mark_patch(scratch, basis, scales, place, each)
                label = np.int64(target_labels[y, x]) if labelled else 0
                for k in range(neighbours):
                    ys[k], xs[k] = positions[y, x, k, 0], positions[y, x, k, 1]
                state = bits(seed, first + y * across + x)
                count = 0
                for k in range(neighbours * (1 + _DRAWS)):
                    if k < neighbours:
                        py, px = np.int64(ys[k]), np.int64(xs[k])
                    elif count < neighbours:
                        py, px = draw_place(bits(state, k), norms, source_labels, label, ranks, r)
                    else:
                        break
                    if py < 0 or px < 0 or py >= source_height or px >= source_width:
                        continue
                    if norms[py, px] >= FORBIDDEN:
                        continue
                    if labelled and not suits(label, source_labels[py, px]):
                        continue
                    place = source + numba.uintp(py * source_stride + px * channels)
                    product = dot_patch(scratch, place, source_stride, rows, pitch)
                    distance = own + norms[py, px] - 2 * product
                    at, taken = count, False
                    for i in range(count):
                        taken |= positions[y, x, i, 0] == py and positions[y, x, i, 1] == px
                    if taken:
                        continue
                    while at > 0 and distances[y, x, at - 1] > distance:
                        distances[y, x, at] = distances[y, x, at - 1]
                        positions[y, x, at, 0] = positions[y, x, at - 1, 0]
                        positions[y, x, at, 1] = positions[y, x, at - 1, 1]
                        at -= 1
                    distances[y, x, at] = distance
                    positions[y, x, at, 0], positions[y, x, at, 1] = py, px
                    count += 1
                for k in range(count, neighbours):
                    distances[y, x, k] = FORBIDDEN
                    positions[y, x, k, 0] = positions[y, x, k, 1] = -1
    return len(memory)


@njit(nogil=True, cache=True)
def sweep_several(start, stop, tiles, pair, seed, number, reach, nearer, positions, distances):
    """Propagation and random search, of every neighbour that a patch has."""
    height, width = pair.wanted.shape
    source_height, source_width = pair.norms.shape
    norms, wanted, first, across = pair.norms, pair.wanted, pair.first, pair.across
    target_labels, source_labels = pair.target_labels, pair.source_labels
    labelled = target_labels.size > 1
    r, channels, rows, pitch = pair.size // 2, pair.channels, pair.rows, pair.pitch
    unit = pair.size * pair.size
    target, source = numba.uintp(pair.target.ctypes.data), numba.uintp(pair.source.ctypes.data)
    stride, source_stride = width * channels, source_width * channels
    target -= numba.uintp(r * (stride + channels))
    source -= numba.uintp(r * (source_stride + channels))
    mask, marks = numba.uintp(pair.mask.ctypes.data), numba.uintp(pair.marks.ctypes.data)
    own_marks, marked = numba.uintp(pair.target_marks.ctypes.data), pair.marks.shape[0] > 1
    memory = np.zeros(pair.basis.shape[1], np.uint8)
    scratch = numba.uintp(memory.ctypes.data)
    neighbours = distances.shape[2]
    ys, xs = np.empty(neighbours, np.int32), np.empty(neighbours, np.int32)
    radii = 0
    while reach >> radii * nearer >= 1:
        radii += 1
    step = 1 if number % 2 == 0 else -1
    turn = bits(seed, number)
    for tile in range(start, stop):
        top, left = tiles[tile, 0], tiles[tile, 1]
        bottom, right = min(top + TILE, height), min(left + TILE, width)
        for area in range((bottom - top) * (right - left)):
            i, j = area // (right - left), area % (right - left)
            y = top + i if step == 1 else bottom - 1 - i
            x = left + j if step == 1 else right - 1 - j
            if wanted[y, x] == 0:
                continue
            place = target + numba.uintp(y * stride + x * channels)
            own = load_patch(scratch, place, stride, mask, rows, pitch)
            mark = own_marks + numba.uintp((y * width + x) * MARK)
            state = bits(turn, first + y * across + x)
            for k in range((2 + radii) * neighbours):
                worst = distances[y, x, neighbours - 1]
                if k < 2 * neighbours:
                    side, n = k // neighbours, k % neighbours
                    dy, dx = side * step, (1 - side) * step
                    if wanted[y - dy, x - dx] == 0:
                        continue
                    py = np.int64(positions[y - dy, x - dx, n, 0]) + dy
                    px = np.int64(positions[y - dy, x - dx, n, 1]) + dx
                else:
                    n, radius = (k - 2 * neighbours) % radii, reach
                    if (
                        n == 0 and k == 2 * neighbours
                    ):  # around the matches as propagation left them
                        for m in range(neighbours):
                            ys[m], xs[m] = positions[y, x, m, 0], positions[y, x, m, 1]
                    radius >>= n * nearer
                    n = (k - 2 * neighbours) // radii
                    if ys[n] < 0:
                        continue
                    state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                    low_y, low_x = max(ys[n] - radius, r), max(xs[n] - radius, r)
                    span_y = min(ys[n] + radius, source_height - 1 - r) - low_y + 1
                    span_x = min(xs[n] + radius, source_width - 1 - r) - low_x + 1
                    draw_y = np.int64(state >> np.uint64(48))
                    draw_x = np.int64((state >> np.uint64(32)) & np.uint64(0xFFFF))
                    py = np.int64(low_y + ((draw_y * span_y) >> 16))
                    px = np.int64(low_x + ((draw_x * span_x) >> 16))
                if py < 0 or px < 0 or py >= source_height or px >= source_width:
                    continue
                if norms[py, px] >= FORBIDDEN:
                    continue
                if labelled and not suits(target_labels[y, x], source_labels[py, px]):
                    continue
                if marked:
                    place = marks + numba.uintp((py * source_width + px) * MARK)
                    apart = compare_marks(mark, place) * unit
                    if apart - (apart >> 10) >= worst:
                        continue
                place = source + numba.uintp(py * source_stride + px * channels)
                product = dot_patch(scratch, place, source_stride, rows, pitch)
                distance = own + norms[py, px] - 2 * product
                if distance >= worst:
                    continue
                taken = False
                for m in range(neighbours):
                    taken |= positions[y, x, m, 0] == py and positions[y, x, m, 1] == px
                if taken:
                    continue
                at = neighbours - 1
                while at > 0 and distances[y, x, at - 1] > distance:
                    distances[y, x, at] = distances[y, x, at - 1]
                    positions[y, x, at, 0] = positions[y, x, at - 1, 0]
                    positions[y, x, at, 1] = positions[y, x, at - 1, 1]
                    at -= 1
                distances[y, x, at] = distance
                positions[y, x, at, 0], positions[y, x, at, 1] = py, px
    return len(memory)
