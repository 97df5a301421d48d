"""Where the copied pieces of a hole meet: each spreads while that makes the seams less visible.

K. He, J. Sun: Statistics of Patch Offsets for Image Completion, ECCV 2012: a fill is a labelling.
Each pixel of the hole says by which shift it is copied, and two neighbours of different shifts
should see the same colours through both of them (equation 4).

Y. Boykov, O. Veksler, R. Zabih: Fast Approximate Energy Minimization via Graph Cuts, PAMI 23(11),
2001: one shift after the other may spread; which pixels take it is a minimum cut (§5). Here it
spreads only near where it is, or the work would grow with the square of the hole.

A. Goldberg, R. Tarjan: A New Approach to the Maximum-Flow Problem, JACM 35(4), 1988: the cut, by
pushing what exceeds towards the sink.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.fill import CHANNELS, COLOURS, LESS
from editor.engine.kernels.nearest import FREE

_RIM = 3  # pixels: what is there is compared so far around a pixel
_NEAR = 14  # pixels: so far beyond its own a shift may spread
_UNLIKE = 3 * 128 * 128  # the difference from something that is not there to be compared
_NEVER = np.int64(1 << 40)
_MISSING = -2  # label of a pixel of the hole that has none yet
_SIDES = np.array(((-1, 0), (0, -1), (0, 1), (1, 0)))  # a side and its opposite add up to three


class Shown(NamedTuple):
    """What pixels of the hole may show, each by its shift. They lie on the part that is solved.

    Functions that are called for each pixel get these one by one: numba counts who holds an array,
    and would count all of them at each call.
    """

    shifts: NDArray[np.int32]  # (k, 2): y, x from a pixel to its copy in the source
    prices: NDArray[np.int64]  # (k,): of a shift, for each pixel
    source: NDArray[np.int8]  # as in ``nearest.Pair``
    open: NDArray[np.uint8]  # of the source: 1 where a pixel may be copied
    source_labels: NDArray[np.uint8]  # as in ``nearest.Pair``, and the target's too
    labels: NDArray[np.uint8]
    pixels: NDArray[np.uint8]  # (H, W, 4): what is there around the hole …
    fixed: NDArray[np.uint8]  # (H, W): … where this is 1


class Labelling(NamedTuple):
    """Which shift each pixel of the hole has."""

    label: NDArray[np.int32]  # (H, W): or -1, outside the hole and before it has one
    costs: NDArray[np.int64]  # (H, W): what that costs the pixel alone
    number: NDArray[np.int32]  # (H, W): which node it is in the cut at hand, or -1
    boxes: NDArray[np.int32]  # (k, 4): top, left, bottom, right of the pixels with a shift


class Cut(NamedTuple):
    """A graph of pixels: whoever ends on the side of the sink takes the shift."""

    ys: NDArray[np.int32]
    xs: NDArray[np.int32]
    changes: NDArray[np.int64]  # how unlike what the pixel has is to what it would take
    excess: NDArray[np.int64]  # what it costs to take it: what came from the source and stays here
    drains: NDArray[np.int64]  # what it costs to keep what it has: what may flow to the sink
    nodes: NDArray[np.int32]  # (n, 4): the neighbours, or -1
    rooms: NDArray[np.int64]  # (n, 4): what may still flow to each
    heights: NDArray[np.int32]  # at most so many pixels from the sink; n + 2: no way leads there
    queue: NDArray[np.int32]


@njit(nogil=True, cache=True)
def empty_cut(n):
    return Cut(
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.full((n, 4), -1, np.int32),
        np.zeros((n, 4), np.int64),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
    )


@njit(nogil=True, cache=True)
def begin(ys, xs, shown, labelling):
    """Pixels without a shift get that of all nearby which suits them best alone.

    False if there is none for one of them.
    """
    shifts, _, _, open_, source_labels, labels, _, _ = shown
    label, costs, number, boxes = labelling
    boxes[:, :2], boxes[:, 2:] = 1 << 30, 0
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        k, costs[y, x] = label[y, x], _NEVER
        if k >= 0 and possible(y, x, shifts[k, 0], shifts[k, 1], open_, source_labels, labels):
            enter(y, x, boxes[k])
        else:
            label[y, x] = _MISSING
    for k in range(len(boxes)):
        top, left, bottom, right = box = around(boxes[k], label)
        prices = alone(k, box, shown)
        for y in range(top, bottom):
            for x in range(left, right):
                price = prices[y - top, x - left]
                if label[y, x] == k:
                    costs[y, x] = price
                elif label[y, x] == _MISSING and price < costs[y, x]:
                    costs[y, x], number[y, x] = price, k
    complete = True
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        if label[y, x] == _MISSING:
            label[y, x], number[y, x] = number[y, x], -1
            if label[y, x] >= 0:
                enter(y, x, boxes[label[y, x]])
            else:
                complete = False
    return complete


@njit(nogil=True, cache=True)
def enter(y, x, box):
    box[0], box[1] = min(box[0], y), min(box[1], x)
    box[2], box[3] = max(box[2], y + 1), max(box[3], x + 1)


@njit(nogil=True, cache=True)
def around(box, label):
    """How far what is in a box may spread: top, left, bottom, right."""
    top, left = max(box[0] - _NEAR, 0), max(box[1] - _NEAR, 0)
    bottom, right = min(box[2] + _NEAR, label.shape[0]), min(box[3] + _NEAR, label.shape[1])
    return top, left, max(bottom, top), max(right, left)


@njit(nogil=True, cache=True)
def spread(k, shown, labelling):
    """Let shift k spread near where it is, where that is for the better; how many pixels took it.

    The cut is that of an energy which a cut can minimise: where both of a pair had better change,
    their seam is taken to be less visible than it is. What is gained is gained in truth too.
    """
    shifts, source, open_ = shown.shifts, shown.source, shown.open
    label, costs, number, boxes = labelling
    top, left, bottom, right = box = around(boxes[k], label)
    prices = alone(k, box, shown)
    n = 0
    for y in range(top, bottom):
        for x in range(left, right):
            if label[y, x] >= 0 and label[y, x] != k and prices[y - top, x - left] < _NEVER:
                number[y, x] = n
                n += 1
    cut = empty_cut(n)
    for y in range(top, bottom):
        for x in range(left, right):
            i = number[y, x]
            if i >= 0:
                cut.ys[i], cut.xs[i] = y, x
                cut.excess[i], cut.drains[i] = prices[y - top, x - left], costs[y, x]
                cut.changes[i] = unlike(y, x, label[y, x], k, shifts, source, open_)
    connect(k, shifts, source, open_, label, number, cut)
    push(cut)
    took = 0
    for i in range(n):
        y, x = cut.ys[i], cut.xs[i]
        number[y, x] = -1
        if cut.heights[i] < n + 2:
            label[y, x], costs[y, x] = k, prices[y - top, x - left]
            enter(y, x, boxes[k])
            took += 1
    return took


@njit(nogil=True, cache=True)
def connect(k, shifts, source, open_, label, number, cut):
    """Enter what pixels cost beside their neighbours, if they keep their shift or take k."""
    height, width = label.shape
    ys, xs, changes, excess, drains, nodes, rooms, _, _ = cut
    for i in range(len(ys)):
        y, x = ys[i], xs[i]
        own = label[y, x]
        for side in range(4):
            v, u = y + _SIDES[side, 0], x + _SIDES[side, 1]
            if v < 0 or u < 0 or v >= height or u >= width or label[v, u] < 0:
                continue
            other, j = label[v, u], number[v, u]
            if j < 0:
                drains[i] += seam(y, x, own, v, u, other, shifts, source, open_)
                excess[i] += seam(y, x, k, v, u, other, shifts, source, open_)
                continue
            nodes[i, side] = j
            if side < 2:
                continue  # a pair is entered by the first of both
            this_takes = that_takes = changes[i] + changes[j]
            both_keep = np.int64(0)
            if own != other:
                this_takes = unlike(y, x, k, other, shifts, source, open_) + changes[j]
                that_takes = changes[i] + unlike(v, u, own, k, shifts, source, open_)
                both_keep = seam(y, x, own, v, u, other, shifts, source, open_)
                both_keep = min(both_keep, this_takes + that_takes)
            excess[i] += this_takes - both_keep
            drains[j] += this_takes
            rooms[i, side] += this_takes + that_takes - both_keep


@njit(nogil=True, cache=True)
def push(cut):
    """Push what exceeds towards the sink until the rest cannot get there; heights say who can."""
    _, _, _, excess, drains, nodes, rooms, heights, queue = cut
    n = len(excess)
    for i in range(n):
        both = min(excess[i], drains[i])
        excess[i] -= both
        drains[i] -= both
    waiting = np.zeros(n, np.bool_)
    while True:
        rise(drains, nodes, rooms, heights, queue)
        first = length = 0
        for i in range(n):
            if excess[i] > 0 and heights[i] < n + 2:
                queue[length], waiting[i] = i, True
                length += 1
        if length == 0:
            return
        lifts = 0
        while length > 0 and lifts < n:
            i = queue[first]
            first, length = (first + 1) % n, length - 1
            waiting[i] = False
            lifts += discharge(i, excess, drains, nodes, rooms, heights)
            for side in range(4):
                j = nodes[i, side]
                if j >= 0 and not waiting[j] and excess[j] > 0 and heights[j] < n + 2:
                    queue[(first + length) % n], waiting[j] = j, True
                    length += 1
        waiting[:] = False


@njit(nogil=True, cache=True)
def discharge(i, excess, drains, nodes, rooms, heights):
    """Push what exceeds at a pixel on, downwards; lift it until that works. How often it rose."""
    lifts, never = 0, len(excess) + 2
    while excess[i] > 0 and heights[i] < never:
        through = min(excess[i], drains[i])
        excess[i] -= through
        drains[i] -= through
        lowest = np.int32(never) if drains[i] == 0 else np.int32(1)
        for side in range(4):
            j = nodes[i, side]
            if j < 0 or rooms[i, side] == 0:
                continue
            if heights[j] < heights[i]:
                through = min(excess[i], rooms[i, side])
                excess[i] -= through
                rooms[i, side] -= through
                excess[j] += through
                rooms[j, 3 - side] += through
            if rooms[i, side] > 0:
                lowest = min(lowest, heights[j] + 1)
        if excess[i] > 0:
            heights[i] = max(lowest, heights[i] + 1)
            lifts += 1
    return lifts


@njit(nogil=True, cache=True)
def rise(drains, nodes, rooms, heights, queue):
    """Heights anew, from the sink on."""
    never = len(drains) + 2
    heights[:] = never
    first = last = 0
    for i in range(len(drains)):
        if drains[i] > 0:
            heights[i], queue[last] = 1, i
            last += 1
    while first < last:
        i = queue[first]
        first += 1
        for side in range(4):
            j = nodes[i, side]
            if j >= 0 and heights[j] == never and rooms[j, 3 - side] > 0:
                heights[j], queue[last] = heights[i] + 1, j
                last += 1


@njit(nogil=True, cache=True)
def alone(k, box, shown):
    """What shift k costs each pixel of a box: its price, and how unlike what is there around."""
    shifts, prices, source, open_, source_labels, labels, pixels, fixed = shown
    height, width = open_.shape
    top, left, bottom, right = box
    down, along = shifts[k]
    costs = np.empty((bottom - top, right - left), np.int64)
    unlikes = np.zeros((bottom - top + 2 * _RIM, right - left + 2 * _RIM), np.int64)
    for v in range(max(top - _RIM, 0), min(bottom + _RIM, fixed.shape[0])):
        for u in range(max(left - _RIM, 0), min(right + _RIM, fixed.shape[1])):
            if fixed[v, u] == 0:
                continue
            y, x = v + down, u + along
            total = np.int64(_UNLIKE)
            if 0 <= y < height and 0 <= x < width and open_[y, x] != 0:
                at, total = CHANNELS * (y * width + x), np.int64(0)
                for c in range(COLOURS):
                    d = np.int64(pixels[v, u, c]) - np.int64(source[at + c]) - LESS
                    total += d * d
            unlikes[v - top + _RIM, u - left + _RIM] = total
    columns = unlikes[: 2 * _RIM].sum(axis=0)  # of a rim's height: the sum goes down with the row …
    for i in range(bottom - top):
        columns += unlikes[i + 2 * _RIM]
        total = columns[: 2 * _RIM].sum()  # … and along it
        for j in range(right - left):
            total += columns[j + 2 * _RIM]
            free = possible(top + i, left + j, down, along, open_, source_labels, labels)
            costs[i, j] = prices[k] + total if free else _NEVER
            total -= columns[j]
        columns -= unlikes[i]
    return costs


@njit(nogil=True, cache=True)
def possible(y, x, down, along, open_, source_labels, labels):
    """Whether a pixel may show what is so far away."""
    v, u = y + down, x + along
    if not (0 <= v < open_.shape[0] and 0 <= u < open_.shape[1] and open_[v, u] != 0):
        return False
    return labels.size <= 1 or labels[y, x] == FREE or labels[y, x] == source_labels[v, u]


@njit(nogil=True, cache=True)
def seam(y, x, a, v, u, b, shifts, source, open_):
    """How visible it is that a pixel has shift a and its neighbour shift b."""
    if a == b:
        return np.int64(0)
    return unlike(y, x, a, b, shifts, source, open_) + unlike(v, u, a, b, shifts, source, open_)


@njit(nogil=True, cache=True)
def unlike(y, x, a, b, shifts, source, open_):
    """How unlike what two shifts copy to a pixel is."""
    height, width = open_.shape
    py, px = y + shifts[a, 0], x + shifts[a, 1]
    qy, qx = y + shifts[b, 0], x + shifts[b, 1]
    if not (0 <= py < height and 0 <= px < width and open_[py, px] != 0):
        return np.int64(_UNLIKE)
    if not (0 <= qy < height and 0 <= qx < width and open_[qy, qx] != 0):
        return np.int64(_UNLIKE)
    p, q = CHANNELS * (py * width + px), CHANNELS * (qy * width + qx)
    total = np.int64(0)
    for c in range(COLOURS):
        d = np.int64(source[p + c]) - np.int64(source[q + c])
        total += d * d
    return total
