"""Inner loop of what a fast texture begins with: pieces of the sample, one after the other."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.texture import STYLE

UNKNOWN = np.int32(-1)
EQUAL = 64  # squared, so little off for a pixel that pieces are taken for equal
_FAR = 1e15
PULL = (
    2  # of a guide: what is laid first decides which things come where, later passes how they fit
)


@njit(nogil=True, cache=True)
def _look(top, left, side, room, source, under, weigh):
    """What lies under a piece, and what counts of it: the guides, and colours where they are known.

    Returns how many pixels are known.
    """
    height, width, channels = room.shape
    known = 0
    for i in range(side):
        for j in range(side):
            y, x = (top + i) % height, (left + j) % width
            there = source[y, x, 0] != UNKNOWN
            known += there
            for c in range(channels):
                under[i, j * channels + c] = room[y, x, c]
                weigh[i, j * channels + c] = PULL if c >= STYLE else there
    return known


@njit(nogil=True, cache=True)
def _distance(y, x, side, sample, under, weigh, enough):
    """Of a piece to what lies under it, squared; any number above ``enough`` if it is above."""
    channels = sample.shape[2]
    d = np.int64(0)
    for i in range(side):
        row = sample[y + i].reshape(-1)[x * channels : (x + side) * channels]
        total = np.int32(0)
        for j in range(side * channels):
            off = (np.int32(row[j]) - under[i, j]) * weigh[i, j]
            total += off * off
        d += total
        if d > enough:
            break
    return d


@njit(nogil=True, cache=True)
def _used(y, x, side, uses):
    """How often the pixels of a piece are to be seen already, on the average."""
    total = np.int64(0)
    for i in range(side):
        row = np.int32(0)
        for j in range(x, x + side):
            row += uses[y + i, j]
        total += row
    return total / (side * side)


@njit(nogil=True, cache=True)
def _lay(top, left, y, x, side, sample, uses, room, source):
    """The piece from (y, x) on, wherever nothing is yet; how many pixels that were."""
    height, width = room.shape[:2]
    laid = 0
    for i in range(side):
        for j in range(side):
            v, u = (top + i) % height, (left + j) % width
            if source[v, u, 0] == UNKNOWN:
                source[v, u, 0], source[v, u, 1] = y + i, x + j
                uses[y + i, x + j] += 1
                laid += 1
                for c in range(STYLE):
                    room[v, u, c] = sample[y + i, x + j, c]
    return laid


@njit("intp(int32[:,::1], int32[:,:,::1], intp, intp, float64, intp, uint8[:,:,::1], int32[:,::1],"
      "uint8[:,:,::1], int32[:,:,::1])", nogil=True, cache=True)  # fmt: skip
def lay_pieces(places, tried, side, laid, price, choice, sample, uses, room, source):
    """Some pieces, ``side`` pixels across, at their places in the texture, which may lie over its
    edges: there it goes on at the opposite one.

    Of all tried for a place that piece is laid which is least off what lies there already and the
    guides of the room. One that is seen twice as often as all counts as (1 + price) times as far
    off. There are ``choice`` pixels to copy; ``laid`` are laid before, and how many it are
    afterwards is returned.
    """
    under = np.empty((side, side * room.shape[2]), np.int32)
    weigh = np.empty_like(under)
    for number in range(len(places)):
        top, left = places[number, 0], places[number, 1]
        known = _look(top, left, side, room, source, under, weigh)
        even = max(1.0, laid / choice)
        best, chosen = np.inf, 0
        for k in range(tried.shape[1]):
            y, x = tried[number, k, 0], tried[number, k, 1]
            dear = 1 + price * max(0.0, _used(y, x, side, uses) / even - 1)
            enough = np.int64(min(best / dear, _FAR))
            d = _distance(y, x, side, sample, under, weigh, enough)
            cost = (d + EQUAL * known + 1) * dear
            if cost < best:
                best, chosen = cost, k
        y, x = tried[number, chosen, 0], tried[number, chosen, 1]
        laid += _lay(top, left, y, x, side, sample, uses, room, source)
    return laid
