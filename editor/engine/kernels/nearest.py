"""Inner loops of the nearest-neighbour field: tiles of a chessboard, swept in scan order.

A tile reads its own pixels and, over its border, pixels of the four tiles beside it, which have the
other colour and rest meanwhile. So all tiles of one colour can be swept at the same time and in any
order, and a field does not depend on how many threads there are. All random numbers are drawn by
seed, sweep and pixel.

``positions[y, x]`` is the centre (y′, x′) of the source patch that belongs to the target patch
centred at (y, x); ``distances[y, x]`` is their sum of squared differences.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.patch import (
    BARRED,
    FORBIDDEN,
    MARK,
    compare_marks,
    dot_patch,
    load_patch,
    mark_patch,
    prefetch,
)
from editor.engine.kernels.random import bits

TILE = 32
_RADII = 32  # at most: halving an int32
_ATTEMPTS = 16  # to draw a place blindly before the allowed ones are counted
_BAD = 1 << 40  # a forbidden pixel in the sums of squares
FREE = 255  # a label of a target that is matched with any

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int32]  # (H, W, 2): y′, x′
Distances = NDArray[np.int32]  # (H, W)


class Pair(NamedTuple):
    """What is compared: two pictures as bytes, and what each patch may take."""

    target: Bytes  # height · width · channels, and a TAIL
    source: NDArray[np.int8]  # the same, less 128
    norms: NDArray[np.int32]  # (H′, W′): Σ b² of the patch centred there, or BARRED
    target_marks: NDArray[np.int8]  # (H, W, MARK): of the target as it began, or (1, 1, MARK)
    marks: NDArray[np.int8]  # (H′, W′, MARK), or (1, 1, MARK) where nobody asks for marks
    basis: NDArray[np.int8]  # what marks are made with
    scales: NDArray[np.float32]
    wanted: Bytes  # (H, W): 0 nothing is searched here, else 1
    first: int  # number of the target's first pixel in the picture that it is a part of …
    across: int  # … and the width of that: random numbers are drawn by first + y · across + x
    target_labels: Bytes  # (H, W), or (1, 1) where nobody asks for labels
    source_labels: Bytes  # (H′, W′), or (1, 1)
    ranks: NDArray[np.int64]  # (labels, H′ + 1): allowed centres in the rows above, by label
    mask: Bytes  # a row of the scratch: 255 where the patch has a byte
    once: int  # within so many pixels of a tile a place is taken once; 0: as often as it fits
    size: int
    channels: int
    rows: tuple[int, ...] | int  # size and len(mask) as the intrinsics want them
    pitch: tuple[int, ...] | int


@njit(nogil=True, cache=True)
def sum_squares(start, stop, source, allowed, size, channels, norms):
    """norms of the rows start..stop: Σ b², or BARRED where one pixel is not allowed."""
    height, width = norms.shape
    r = size // 2
    columns = np.zeros(width, np.int64)
    for y in range(start, stop):
        if y < r or y >= height - r:
            norms[y] = BARRED
            continue
        first = y == max(start, r)
        for row in range(y - r if first else y + r, y + r + 1):
            _add_row(source, allowed, channels, row, columns, 1)
        if not first:
            _add_row(source, allowed, channels, y - r - 1, columns, -1)
        total = columns[: min(size, width)].sum()
        norms[y, : min(r, width)] = BARRED
        norms[y, max(width - r, 0) :] = BARRED
        for x in range(r, width - r):
            norms[y, x] = BARRED if total >= _BAD else total
            if x + r + 1 < width:
                total += columns[x + r + 1] - columns[x - r]


@njit(nogil=True)
def _add_row(source, allowed, channels, y, columns, sign):
    at = y * allowed.shape[1] * channels
    for x in range(allowed.shape[1]):
        total = np.int64(0) if allowed[y, x] else np.int64(_BAD)
        for _ in range(channels):
            b = np.int64(source[at])
            total += b * b
            at += 1
        columns[x] += sign * total


@njit(nogil=True)
def _scratch(pair, count):
    """Memory for some patches, its address, a multiple of 64, and the bytes of each."""
    each = pair.basis.shape[1]
    memory = np.zeros(count * each + 64, np.uint8)
    return memory, (numba.uintp(memory.ctypes.data) + numba.uintp(63)) & ~numba.uintp(63), each


@njit(nogil=True, cache=True)
def mark_patches(start, stop, source, pair):
    """The marks of the rows start..stop; ``source`` as it is, not less 128."""
    norms, rows, pitch = pair.norms, pair.rows, pair.pitch
    width = norms.shape[1]
    r, channels, stride = pair.size // 2, pair.channels, width * pair.channels
    basis, scales = numba.uintp(pair.basis.ctypes.data), numba.uintp(pair.scales.ctypes.data)
    picture = numba.uintp(source.ctypes.data) - numba.uintp(r * (stride + channels))
    mask, table = numba.uintp(pair.mask.ctypes.data), numba.uintp(pair.marks.ctypes.data)
    memory, scratch, each = _scratch(pair, 1)
    for y in range(start, stop):
        for x in range(width):
            if norms[y, x] < FORBIDDEN:
                place = picture + numba.uintp(y * stride + x * channels)
                load_patch(scratch, place, stride, mask, rows, pitch)
                place = table + numba.uintp((y * width + x) * MARK)
                mark_patch(scratch, basis, scales, place, each)
    return len(memory)


@njit(nogil=True, cache=True)
def count_choices(start, stop, norms, labels, counts):
    """counts[l, y] = the allowed centres with label l in row y."""
    labelled = labels.size > 1
    for y in range(start, stop):
        for x in range(norms.shape[1]):
            if norms[y, x] < FORBIDDEN:
                counts[labels[y, x] if labelled else 0, y] += 1


@njit(nogil=True, cache=True)
def count_tiles(start, stop, wanted, counts):
    """counts[i, j] = the wanted pixels of the tile in row i, column j of tiles."""
    height, width = wanted.shape
    for i in range(start, stop):
        for y in range(i * TILE, min((i + 1) * TILE, height)):
            for j in range(counts.shape[1]):
                count = 0
                for x in range(j * TILE, min((j + 1) * TILE, width)):
                    count += wanted[y, x] != 0
                counts[i, j] += count


@njit(nogil=True)
def suits(label, other):
    """Whether a target with this label may have a source with the other one."""
    return np.int64(label) in (np.int64(other), np.int64(FREE))


@njit(nogil=True)
def draw_place(state, norms, labels, label, ranks, r):
    """Any allowed centre of this label, each as likely as the other; (-1, -1) if there is none."""
    height, width = norms.shape
    labelled = labels.size > 1
    free = not labelled and ranks[label, height] == (height - 2 * r) * (width - 2 * r)  # all are
    for attempt in range(_ATTEMPTS):
        draw = bits(state, attempt)
        y = r + np.int64(((draw >> np.uint64(32)) * np.uint64(height - 2 * r)) >> np.uint64(32))
        x = r + np.int64(
            ((draw & np.uint64(0xFFFFFFFF)) * np.uint64(width - 2 * r)) >> np.uint64(32)
        )
        if free or (norms[y, x] < FORBIDDEN and (not labelled or suits(label, labels[y, x]))):
            return y, x
    count = ranks[label, height]
    if count == 0:
        return np.int64(-1), np.int64(-1)
    rank = np.int64(bits(state, _ATTEMPTS) % np.uint64(count))
    y = np.int64(np.searchsorted(ranks[label], rank, side="right") - 1)
    left = rank - ranks[label, y]
    x = np.int64(-1)
    while left >= 0:
        x += 1
        left -= norms[y, x] < FORBIDDEN and (not labelled or suits(label, labels[y, x]))
    return y, x


@njit(nogil=True, cache=True)
def begin(start, stop, tiles, pair, seed, positions, distances):
    """Make the field of some tiles valid: drawn where it is not, and measured everywhere.

    Where nothing may be drawn a position is (-1, -1) and the distance FORBIDDEN. A row's places are
    asked for before the first of them is measured.
    """
    height, width = pair.wanted.shape
    source_height, source_width = pair.norms.shape
    wanted, norms, ranks = pair.wanted, pair.norms, pair.ranks
    first, across = pair.first, pair.across
    target_labels, source_labels = pair.target_labels, pair.source_labels
    labelled, size = target_labels.size > 1, pair.size
    r, channels, rows, pitch = size // 2, pair.channels, pair.rows, pair.pitch
    target, source = numba.uintp(pair.target.ctypes.data), numba.uintp(pair.source.ctypes.data)
    stride, source_stride = width * channels, source_width * channels
    target -= numba.uintp(r * (stride + channels))  # from the centre of a patch to its corner
    source -= numba.uintp(r * (source_stride + channels))
    mask, marks = numba.uintp(pair.mask.ctypes.data), numba.uintp(pair.target_marks.ctypes.data)
    basis, scales = numba.uintp(pair.basis.ctypes.data), numba.uintp(pair.scales.ctypes.data)
    marked, sums = pair.target_marks.shape[0] > 1, numba.uintp(norms.ctypes.data)
    memory, scratch, each = _scratch(pair, 1)
    for tile in range(start, stop):
        top, left = tiles[tile, 0], tiles[tile, 1]
        for y in range(top, min(top + TILE, height)):
            for x in range(left, min(left + TILE, width)):
                if wanted[y, x] == 0:
                    continue
                label = np.int64(target_labels[y, x]) if labelled else 0
                py, px = np.int64(positions[y, x, 0]), np.int64(positions[y, x, 1])
                valid = 0 <= py < source_height and 0 <= px < source_width
                valid = valid and norms[py, px] < FORBIDDEN
                if valid and labelled:
                    valid = suits(label, source_labels[py, px])
                if not valid:
                    state = bits(seed, first + y * across + x)
                    py, px = draw_place(state, norms, source_labels, label, ranks, r)
                    positions[y, x, 0], positions[y, x, 1] = py, px
                prefetch(sums + numba.uintp(4 * (py * source_width + px)))
                place = source + numba.uintp(py * source_stride + px * channels)
                for _ in range(size):
                    prefetch(place)
                    place += numba.uintp(source_stride)
            for x in range(left, min(left + TILE, width)):
                if wanted[y, x] == 0:
                    continue
                place = target + numba.uintp(y * stride + x * channels)
                own = load_patch(scratch, place, stride, mask, rows, pitch)
                if marked:
                    place = marks + numba.uintp((y * width + x) * MARK)
                    mark_patch(scratch, basis, scales, place, each)
                py, px = np.int64(positions[y, x, 0]), np.int64(positions[y, x, 1])
                if py < 0:
                    distances[y, x] = FORBIDDEN
                    continue
                place = source + numba.uintp(py * source_stride + px * channels)
                product = dot_patch(scratch, place, source_stride, rows, pitch)
                distances[y, x] = own + norms[py, px] - 2 * product
    return len(memory)


@njit(nogil=True, inline="always")
def taken(y, x, py, px, box, once, wanted, positions):
    """Whether another target nearby, in the same tile, has this place already."""
    top, left, bottom, right = box
    for v in range(max(y - once, top), min(y + once + 1, bottom)):
        for u in range(max(x - once, left), min(x + once + 1, right)):
            if positions[v, u, 0] == py and positions[v, u, 1] == px and wanted[v, u] != 0:
                return True
    return False


@njit(nogil=True, cache=True)
def sweep(start, stop, tiles, pair, seed, number, reach, nearer, positions, distances):
    """Propagation and random search (§3.2) in some tiles of one colour.

    An even ``number`` runs down and to the right, an odd one back. ``reach`` is the first radius,
    each next one is so many halvings ``nearer``; at 0 nothing is searched for, and no marks are
    needed.

    Propagation goes pixel by pixel; the search then takes a whole row at once, in three rounds:
    draw all candidates, drop those whose mark is too far away, measure the rest. In each round the
    next one's memory is already asked for, so that nothing waits for a far corner of the source.
    """
    height, width = pair.wanted.shape
    source_height, source_width = pair.norms.shape
    norms, wanted, first, across = pair.norms, pair.wanted, pair.first, pair.across
    target_labels, source_labels = pair.target_labels, pair.source_labels
    labelled = target_labels.size > 1
    r, channels, rows, pitch = pair.size // 2, pair.channels, pair.rows, pair.pitch
    unit, size, once = pair.size * pair.size, pair.size, pair.once
    target, source = numba.uintp(pair.target.ctypes.data), numba.uintp(pair.source.ctypes.data)
    stride, source_stride = width * channels, source_width * channels
    target -= numba.uintp(r * (stride + channels))  # from the centre of a patch to its corner
    source -= numba.uintp(r * (source_stride + channels))
    mask, marks = numba.uintp(pair.mask.ctypes.data), numba.uintp(pair.marks.ctypes.data)
    own_marks, sums = numba.uintp(pair.target_marks.ctypes.data), numba.uintp(norms.ctypes.data)
    memory, scratch, each = _scratch(pair, TILE)
    owns = np.empty(TILE, np.int32)
    columns = np.empty(TILE, np.int64)
    most = TILE * _RADII
    ys, xs, which = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    least = np.empty(most, np.int32)  # distance that is possible
    step = 1 if number % 2 == 0 else -1
    turn = bits(seed, number)
    for tile in range(start, stop):
        top, left = tiles[tile, 0], tiles[tile, 1]
        bottom, right = min(top + TILE, height), min(left + TILE, width)
        box = top, left, bottom, right
        for i in range(bottom - top):
            y = top + i if step == 1 else bottom - 1 - i
            count = 0
            for j in range(right - left):
                x = left + j if step == 1 else right - 1 - j
                if wanted[y, x] == 0:
                    continue
                patch = scratch + numba.uintp(count * each)
                place = target + numba.uintp(y * stride + x * channels)
                own = load_patch(patch, place, stride, mask, rows, pitch)
                best = distances[y, x] - own
                by, bx = positions[y, x, 0], positions[y, x, 1]
                for side in range(2):
                    dy, dx = side * step, (1 - side) * step
                    if wanted[y - dy, x - dx] == 0:
                        continue
                    py = positions[y - dy, x - dx, 0] + dy
                    px = positions[y - dy, x - dx, 1] + dx
                    if py == by and px == bx:
                        continue
                    if py < 0 or px < 0 or py >= source_height or px >= source_width:
                        continue
                    if norms[py, px] >= FORBIDDEN:  # maybe part of the patch lies outside
                        continue
                    if labelled and not suits(target_labels[y, x], source_labels[py, px]):
                        continue
                    place = source + numba.uintp(py * source_stride + px * channels)
                    product = dot_patch(patch, place, source_stride, rows, pitch)
                    score = norms[py, px] - 2 * product
                    if score >= best:
                        continue
                    if once and taken(y, x, py, px, box, once, wanted, positions):
                        continue
                    best, by, bx = score, py, px
                distances[y, x] = best + own
                positions[y, x, 0], positions[y, x, 1] = by, bx
                owns[count], columns[count] = own, x
                count += 1
            drawn = 0
            for n in range(count):
                x = columns[n]
                by, bx = positions[y, x, 0], positions[y, x, 1]
                state = bits(turn, first + y * across + x)
                radius = reach if by >= 0 else 0  # nothing may be taken, nowhere
                while radius >= 1:
                    state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                    low_y, low_x = max(by - radius, r), max(bx - radius, r)
                    span_y = min(by + radius, source_height - 1 - r) - low_y + 1
                    span_x = min(bx + radius, source_width - 1 - r) - low_x + 1
                    draw_y = np.int64(state >> np.uint64(48))
                    draw_x = np.int64((state >> np.uint64(32)) & np.uint64(0xFFFF))
                    py = low_y + ((draw_y * span_y) >> 16)
                    px = low_x + ((draw_x * span_x) >> 16)
                    prefetch(marks + numba.uintp((py * source_width + px) * MARK))
                    ys[drawn], xs[drawn], which[drawn] = py, px, n
                    drawn += 1
                    radius >>= nearer
            near = 0
            for k in range(drawn):
                n, py, px = which[k], ys[k], xs[k]
                x = columns[n]
                mark = own_marks + numba.uintp((y * width + x) * MARK)
                place = marks + numba.uintp((py * source_width + px) * MARK)
                apart = compare_marks(mark, place) * unit
                apart -= apart >> 10
                closer = apart < distances[y, x]
                if labelled:
                    closer = closer and suits(target_labels[y, x], source_labels[py, px])
                which[near], ys[near], xs[near], least[near] = n, py, px, apart
                near += closer
            for k in range(near):
                prefetch(sums + numba.uintp(4 * (ys[k] * source_width + xs[k])))
                place = source + numba.uintp(ys[k] * source_stride + xs[k] * channels)
                for _ in range(size):
                    prefetch(place)
                    place += numba.uintp(source_stride)
            for k in range(near):
                n, py, px = which[k], ys[k], xs[k]
                x = columns[n]
                if least[k] >= distances[y, x]:  # by now
                    continue
                patch = scratch + numba.uintp(n * each)
                place = source + numba.uintp(py * source_stride + px * channels)
                product = dot_patch(patch, place, source_stride, rows, pitch)
                distance = owns[n] + norms[py, px] - 2 * product
                if distance >= distances[y, x]:
                    continue
                if once and taken(y, x, py, px, box, once, wanted, positions):
                    continue
                distances[y, x] = distance
                positions[y, x, 0], positions[y, x, 1] = py, px
    return len(memory)
