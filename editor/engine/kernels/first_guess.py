"""The first guess of a fill: whole patches are copied into the hole, strong edges first.

A. Criminisi, P. Pérez, K. Toyama: Region Filling and Object Removal by Exemplar-Based Image
Inpainting, TIP 13(9), 2004. Of the pixels at the front of the hole that one is next whose
surroundings are best known (C, the confidence) and into which the strongest edge runs (D, the data
term); what its patch lacks is copied from the patch that is most like what is there. Of those that
are about as like the nearest is taken: photographs are of one piece, and what lies far away is
another thing, another size or in another light.

A level's source and the pixels of the part around the hole are as in ``fill``.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.fill import CHANNELS, COLOURS, LESS
from editor.engine.kernels.nearest import FREE
from editor.engine.kernels.patch import FORBIDDEN, ROW, part_distance
from editor.engine.kernels.random import bits

_NO_EDGE = np.float32(0.3)  # what a front without any edge counts, beside D, which is 0 to 1
_NONE = np.int64(1 << 60)  # farther than any patch
_NOISE = 2000  # the distance of two patches that are alike as far as one can tell
_PLAINER = 2  # a quarter of a difference counts where nothing is there yet
_BESIDE = 3  # twice as many pixels away is twice as far, from about here on


class Sight(NamedTuple):
    """What is there of a patch, laid out as the rows of a source."""

    colours: NDArray[np.int16]  # (size, ROW): less 128; the mean of the others where none is there
    there: NDArray[np.int16]  # (size, ROW): all bits set for a colour that is there, else none
    rest: NDArray[np.int16]  # (size, ROW): the same for one that is not


class Front(NamedTuple):
    """The pixels of the hole beside what is there, in no order, and what decides between them."""

    ys: NDArray[np.int32]
    xs: NDArray[np.int32]
    priorities: NDArray[np.float32]
    length: NDArray[np.int64]  # (1,): how many there are
    slots: NDArray[np.int32]  # (H, W): 1 + where in the lists a pixel is, or 0
    sure: NDArray[np.float32]  # (H, W): C, of what has been copied


class Choices(NamedTuple):
    """The centres of the patches that may be copied, label after label; of FREE it is all."""

    source: NDArray[np.int8]  # what they are copied from, as in ``nearest.Pair``
    centres: NDArray[np.int32]  # (n, 2)
    starts: NDArray[np.int64]  # (257,): where those of a label begin
    norms: NDArray[np.int32]  # this and the labels too
    targets: NDArray[np.uint8]
    sources: NDArray[np.uint8]
    corner: tuple[int, int]  # (y, x) in the source of the part that is solved
    near: tuple[int, int]  # (y, x): of what is no farther away either way nothing is nearer


def empty_sight(r: int) -> Sight:
    """For a patch of any place."""
    return Sight(*(np.zeros((2 * r + 1, ROW), np.int16) for _ in range(3)))


def empty_front(shape: tuple[int, ...], most: int) -> Front:
    """For so many pixels of the hole at the most."""
    return Front(
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.float32),
        np.zeros(1, np.int64),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.float32),
    )


@njit(nogil=True, cache=True)
def approach(ys, xs, known, seen, pixels, r, front):
    """Put those of some pixels into the front that are beside something."""
    for i in range(len(ys)):
        consider(ys[i], xs[i], known, seen, pixels, r, front)


@njit(nogil=True, cache=True)
def grow(start, stop, known, seen, pixels, r, choices, tries, seed, sight, front, positions):
    """Copy patches number start..stop; how many are left at the front."""
    height, width = seen.shape
    for number in range(start, stop):
        if front.length[0] == 0:
            break
        next_ = np.argmax(front.priorities[: front.length[0]])
        y, x = front.ys[next_], front.xs[next_]
        look(pixels, seen, y, x, r, sight)
        draw = bits(seed, number)
        by, bx = closest(sight, y, x, r, choices, tries, draw, positions)
        copy(y, x, by, bx, known, seen, pixels, r, choices, front, positions)
        far = 2 * r + 1
        for v in range(max(y - far, 0), min(y + far + 1, height)):
            for u in range(max(x - far, 0), min(x + far + 1, width)):
                consider(v, u, known, seen, pixels, r, front)
    return front.length[0]


@njit(nogil=True, cache=True)
def consider(y, x, known, seen, pixels, r, front):
    """Put a pixel into the front, or say anew how soon it is its turn."""
    if seen[y, x]:
        return
    slot = front.slots[y, x] - 1
    if slot < 0:
        if not beside_something(y, x, seen):
            return
        slot = front.length[0]
        front.length[0] += 1
        front.ys[slot], front.xs[slot], front.slots[y, x] = y, x, slot + 1
    edge = edge_strength(y, x, seen, pixels, r)
    front.priorities[slot] = confidence(y, x, known, seen, r, front.sure) * (_NO_EDGE + edge)


@njit(nogil=True, cache=True)
def beside_something(y, x, seen):
    height, width = seen.shape
    return (
        (y > 0 and seen[y - 1, x] != 0)
        or (x > 0 and seen[y, x - 1] != 0)
        or (y + 1 < height and seen[y + 1, x] != 0)
        or (x + 1 < width and seen[y, x + 1] != 0)
    )


@njit(nogil=True, cache=True)
def confidence(y, x, known, seen, r, sure):
    """C: how much of the patch is there, what was copied counting as much as it was sure then."""
    height, width = seen.shape
    total = np.float32(0)
    for v in range(max(y - r, 0), min(y + r + 1, height)):
        for u in range(max(x - r, 0), min(x + r + 1, width)):
            if known[v, u]:
                total += np.float32(1)
            elif seen[v, u]:
                total += sure[v, u]
    return total / np.float32((2 * r + 1) ** 2)


@njit(nogil=True, cache=True)
def edge_strength(y, x, seen, pixels, r):
    """D: the steepest slope in the patch, as far as its edge runs across the front."""
    height, width = seen.shape
    inwards_y = inwards_x = np.float32(0)  # from what is there to what is not
    steepest = slope_y = slope_x = np.float32(0)
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            v, u = y + dy, x + dx
            if v < 0 or u < 0 or v >= height or u >= width:
                continue
            if seen[v, u] == 0:
                inwards_y += np.float32(dy)
                inwards_x += np.float32(dx)
            elif 0 < v < height - 1 and 0 < u < width - 1 and surrounded(v, u, seen):
                for c in range(COLOURS):
                    sy = np.float32(pixels[v + 1, u, c]) - np.float32(pixels[v - 1, u, c])
                    sx = np.float32(pixels[v, u + 1, c]) - np.float32(pixels[v, u - 1, c])
                    if sy * sy + sx * sx > steepest:
                        steepest, slope_y, slope_x = sy * sy + sx * sx, sy, sx
    length = np.sqrt(inwards_y * inwards_y + inwards_x * inwards_x)
    if length == 0:
        return np.float32(0)
    return abs(slope_x * inwards_y - slope_y * inwards_x) / (length * np.float32(2 * 255))


@njit(nogil=True, cache=True)
def surrounded(v, u, seen):
    return (
        seen[v - 1, u] != 0 and seen[v + 1, u] != 0 and seen[v, u - 1] != 0 and seen[v, u + 1] != 0
    )


@njit(nogil=True, cache=True)
def look(pixels, seen, y, x, r, sight):
    """See what is there of the patch at (y, x). Where nothing is, all is taken for grey."""
    height, width = seen.shape
    sums = np.zeros(COLOURS, np.int32)
    count = np.int32(0)
    sight.there[...] = 0
    sight.rest[...] = 0
    for v in range(max(y - r, 0), min(y + r, height - 1) + 1):
        for u in range(max(x - r, 0), min(x + r, width - 1) + 1):
            row, at = v - y + r, CHANNELS * (u - x + r)
            if not seen[v, u]:
                sight.rest[row, at : at + COLOURS] = -1
                continue
            sight.there[row, at : at + COLOURS] = -1
            count += np.int32(1)
            for c in range(COLOURS):
                sight.colours[row, at + c] = np.int32(pixels[v, u, c]) - LESS
                sums[c] += np.int32(pixels[v, u, c])
    for c in range(COLOURS):
        mean = (sums[c] // count if count else LESS) - LESS
        for row in range(len(sight.rest)):
            for at in range(c, ROW, CHANNELS):
                if sight.rest[row, at]:
                    sight.colours[row, at] = mean


@njit(nogil=True, cache=True)
def farness(own, there, rest, source, across, tall, wide, y, x, py, px, r, best):
    """How unlike and how far away the patch at (py, px) is: one times the other.

    The patch at (y, x) of the source is compared where it is there, and a little where it is not:
    of two that suit what is there equally well, the plainer one is likelier. A flat place goes on
    flat, although a piece beside an edge would suit it too. For the same reason only the colours
    count: how busy it is around would ask for the edge itself.

    The tables of a ``Sight`` and the source are addresses; the source is ``across`` pixels wide.
    Nothing is far away within ``tall`` and ``wide`` pixels. From ``best`` on it does not matter how
    much farther it is.
    """
    away = _BESIDE + max(0, abs(py - y) - tall) + max(0, abs(px - x) - wide)
    far = away * _NOISE
    if far >= best:
        return far
    stride, rows = CHANNELS * across, 2 * r + 1
    place = source + numba.uintp((py - r) * stride + (px - r) * CHANNELS)
    far += away * np.int64(part_distance(own, there, place, stride, rows))
    if far >= best:
        return far
    return far + away * (np.int64(part_distance(own, rest, place, stride, rows)) >> _PLAINER)


@njit(nogil=True, cache=True)
def closest(sight, y, x, r, choices, tries, draw, positions):
    """The patch that is most like what is there of the one at (y, x), the near ones first.

    Looked at are all choices or, where they are too many, ``tries`` of them, those that go on with
    what was copied around, and what lies near the best of these.
    """
    height, width = positions.shape[:2]
    how = (
        numba.uintp(sight.colours.ctypes.data),
        numba.uintp(sight.there.ctypes.data),
        numba.uintp(sight.rest.ctypes.data),
        numba.uintp(choices.source.ctypes.data),
        choices.norms.shape[1],
        choices.near[0],
        choices.near[1],
        y + choices.corner[0],
        x + choices.corner[1],
    )
    label, centres = label_of(y, x, choices), choices.centres
    start, end = choices.starts[label], choices.starts[label + 1]
    all_of_them = end - start <= tries
    best, by, bx = _NONE, np.int64(0), np.int64(0)
    for k in range(end - start if all_of_them else tries):
        pick = start + k
        if not all_of_them:
            draw = draw * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            share = (draw >> np.uint64(32)) * np.uint64(end - start)
            pick = start + np.int64(share >> np.uint64(32))
        py, px = np.int64(centres[pick, 0]), np.int64(centres[pick, 1])
        d = farness(*how, py, px, r, best)
        if d < best:
            best, by, bx = d, py, px
    if all_of_them:
        return by, bx
    for v in range(max(y - r, 0), min(y + r + 1, height)):
        for u in range(max(x - r, 0), min(x + r + 1, width)):
            if positions[v, u, 0] >= 0:
                py, px = positions[v, u, 0] + y - v, positions[v, u, 1] + x - u
                if may_be_copied(py, px, label, choices):
                    d = farness(*how, py, px, r, best)
                    if d < best:
                        best, by, bx = d, np.int64(py), np.int64(px)
    for radius in (4, 2, 1):
        cy, cx = by, bx
        for dy in range(-radius, radius + 1, radius):
            for dx in range(-radius, radius + 1, radius):
                if may_be_copied(cy + dy, cx + dx, label, choices):
                    d = farness(*how, cy + dy, cx + dx, r, best)
                    if d < best:
                        best, by, bx = d, cy + dy, cx + dx
    return by, bx


@njit(nogil=True, cache=True)
def copy(y, x, by, bx, known, seen, pixels, r, choices, front, positions):
    """Copy what the patch at (y, x) lacks, of its own label, from that at (by, bx)."""
    height, width = seen.shape
    label = label_of(y, x, choices)
    sure = confidence(y, x, known, seen, r, front.sure)
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            v, u = y + dy, x + dx
            if v < 0 or u < 0 or v >= height or u >= width or seen[v, u] != 0:
                continue
            if label_of(v, u, choices) != label:
                continue
            py, px = by + dy, bx + dx
            at = CHANNELS * (py * choices.norms.shape[1] + px)
            for c in range(CHANNELS):
                pixels[v, u, c] = np.uint8(choices.source[at + c] + LESS)
            if may_be_copied(py, px, label, choices):
                positions[v, u, 0], positions[v, u, 1] = py, px
            seen[v, u], front.sure[v, u] = 1, sure
            leave(v, u, front)


@njit(nogil=True, cache=True)
def leave(y, x, front):
    """Take a pixel from the front, if it is there: the last one moves to its place."""
    slot = front.slots[y, x] - 1
    if slot < 0:
        return
    front.length[0] -= 1
    last = front.length[0]
    front.ys[slot], front.xs[slot] = front.ys[last], front.xs[last]
    front.priorities[slot] = front.priorities[last]
    front.slots[front.ys[slot], front.xs[slot]] = slot + 1
    front.slots[y, x] = 0


@njit(nogil=True, cache=True)
def label_of(y, x, choices):
    return np.int64(choices.targets[y, x]) if choices.targets.size > 1 else np.int64(FREE)


@njit(nogil=True, cache=True)
def may_be_copied(py, px, label, choices):
    height, width = choices.norms.shape
    if py < 0 or px < 0 or py >= height or px >= width or choices.norms[py, px] >= FORBIDDEN:
        return False
    return label == FREE or choices.sources[py, px] == label
