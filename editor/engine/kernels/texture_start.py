"""Inner loop of what a fast texture begins with: pieces of the sample, one after the other."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.engine.kernels.texture import STYLE

UNKNOWN = np.int32(-1)
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
def _lay(top, left, y, x, side, sample, uses, room, source):
    """The piece from (y, x) on, wherever nothing is yet."""
    height, width = room.shape[:2]
    for i in range(side):
        for j in range(side):
            uses[y + i, x + j] += 1
            v, u = (top + i) % height, (left + j) % width
            if source[v, u, 0] == UNKNOWN:
                source[v, u, 0], source[v, u, 1] = y + i, x + j
                for c in range(STYLE):
                    room[v, u, c] = sample[y + i, x + j, c]


@njit("void(int32[:,::1], int32[:,:,::1], intp, float64, uint8[:,:,::1], int32[:,::1],"
      "uint8[:,:,::1], int32[:,:,::1])", nogil=True, cache=True)  # fmt: skip
def lay_pieces(places, tried, side, fits, sample, uses, room, source):
    """Some pieces, ``side`` pixels across, at their places in the texture, which may lie over its
    edges: there it goes on at the opposite one.

    Of all tried for a place, and nearly as like as the best to what lies there already and to the
    guides of the room, that piece is laid whose middle was used least.
    """
    under = np.empty((side, side * room.shape[2]), np.int32)
    weigh = np.empty_like(under)
    distances = np.empty(tried.shape[1], np.int64)
    for number in range(len(places)):
        top, left = places[number, 0], places[number, 1]
        known = _look(top, left, side, room, source, under, weigh)
        best = np.int64(1) << 50
        for k in range(tried.shape[1]):
            y, x = tried[number, k, 0], tried[number, k, 1]
            enough = np.int64(fits * best) + known
            distances[k] = _distance(y, x, side, sample, under, weigh, enough)
            best = min(best, distances[k])
        chosen, least = 0, np.int32(1 << 30)
        for k in range(tried.shape[1]):
            middle = uses[tried[number, k, 0] + side // 2, tried[number, k, 1] + side // 2]
            if distances[k] <= np.int64(fits * best) + known and middle < least:
                chosen, least = k, middle
        y, x = tried[number, chosen, 0], tried[number, chosen, 1]
        _lay(top, left, y, x, side, sample, uses, room, source)
