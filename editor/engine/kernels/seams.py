"""Inner loops of seam carving: seams are removed one by one, and only what changes is summed anew.

The rows of all arrays shrink from the right as seams go. ``grey`` and ``sums`` have one column more
on either side: the border of ``sums`` is never the least, that of ``grey`` repeats its neighbour.
Costs are float32: the sum for a place depends on what is around it alone, so what is summed anew
and what is left come to the same bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = np.float32(3e38)


@njit(nogil=True, cache=True)
def _sum_row(y, low, high, grey, bias, sums, row):
    """row[x] for low <= x < high: the cheapest seam from the top to (y, x); eq. 5 and 6."""
    own, above, before = grey[y, low:], grey[y - 1, low:], sums[y - 1, low:]
    extra, out = bias[y, low:], row[low:]
    for x in range(high - low):  # from 0 on: only then it is compiled for many at once
        left, right, up = own[x], own[x + 2], above[x + 1]
        straight = np.abs(right - left)
        best = before[x + 1] + straight
        from_left = before[x] + (straight + np.abs(up - left))
        from_right = before[x + 2] + (straight + np.abs(up - right))
        best = from_left if from_left < best else best
        best = from_right if from_right < best else best
        out[x] = best + extra[x]


@njit(nogil=True, cache=True)
def sum_all(start, stop, width, grey, bias, sums, row):
    """The sums of the rows start..stop."""
    for y in range(start, stop):
        if y == 0:
            for x in range(width):
                sums[0, x + 1] = np.abs(grey[0, x + 2] - grey[0, x]) + bias[0, x]
        else:
            _sum_row(y, 0, width, grey, bias, sums, row)
            sums[y, 1 : width + 1] = row[:width]
        sums[y, 0] = sums[y, width + 1] = NEVER


@njit(nogil=True, cache=True)
def _cheapest(width, grey, sums, seam):
    """The columns of the cheapest seam, from the bottom up."""
    bottom = len(sums) - 1
    x = 0
    for other in range(1, width):
        if sums[bottom, other + 1] < sums[bottom, x + 1]:
            x = other
    seam[bottom] = x
    for y in range(bottom, 0, -1):
        left, right, up = grey[y, x], grey[y, x + 2], grey[y - 1, x + 1]
        straight = np.abs(right - left)
        best, turn = sums[y - 1, x + 1] + straight, 0
        from_left = sums[y - 1, x] + (straight + np.abs(up - left))
        if from_left < best:
            best, turn = from_left, -1
        if sums[y - 1, x + 2] + (straight + np.abs(up - right)) < best:
            turn = 1
        x += turn
        seam[y - 1] = x


@njit(nogil=True, cache=True)
def _close_up(row, x, width):
    """What is to the right of x moves one to the left."""
    rest = row[x:width]
    for i in range(len(rest) - 1):
        rest[i] = rest[i + 1]


@njit(nogil=True, cache=True)
def carve(start, stop, grey, bias, biased, sums, columns, order, row, seam):
    """Remove the seams number start..stop: order[y, x] is the number with which a pixel goes.

    ``columns`` are the numbers the remaining pixels had at first. A sum changes beside the seam,
    and below a sum that has changed: between the first and the last of these it is done again.
    """
    height, width = order.shape
    for number in range(start, stop):
        wide = width - number
        _cheapest(wide, grey, sums, seam)
        for y in range(height):
            x = seam[y]
            order[y, columns[y, x]] = number
            _close_up(columns[y], x, wide)
            _close_up(grey[y], x + 1, wide + 1)
            _close_up(sums[y], x + 1, wide + 2)
            if biased:
                _close_up(bias[y], x, wide)
            grey[y, 0], grey[y, wide] = grey[y, 1], grey[y, wide - 1]
        wide -= 1
        if wide == 0:
            return
        first, last = wide, -1  # of the row above, what has changed
        for y in range(height):
            low, high = seam[y] - 1, seam[y] + 1
            if y > 0:
                low = max(0, min(low - 1, seam[y - 1] - 2, first - 1))
                high = min(wide, max(high + 1, seam[y - 1] + 2, last + 2))
                _sum_row(y, low, high, grey, bias, sums, row)
            else:
                low, high = max(0, low), min(wide, high)
                for x in range(low, high):
                    row[x] = np.abs(grey[0, x + 2] - grey[0, x]) + bias[0, x]
            while low < high and row[low] == sums[y, low + 1]:
                low += 1
            while high > low and row[high - 1] == sums[y, high]:
                high -= 1
            for x in range(low, high):
                sums[y, x + 1] = row[x]
            first, last = (low, high - 1) if low < high else (wide, -1)


@njit(nogil=True, cache=True)
def look_up(start, stop, order, gone, more, every, places):
    """Rows of the columns that are left once the seams below ``gone`` are out.

    Of those left each comes ``every`` times, and the seams below ``more`` once more.
    """
    for y in range(start, stop):
        at = 0
        for x in range(order.shape[1]):
            number = order[y, x]
            if number >= gone:
                for _ in range(every + (number < more)):
                    places[y, at] = x
                    at += 1
