"""Inner loops of guides: patches on a line are taken from along the lines of its colour."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.fill import CHANNELS, COLOURS, LESS, seen_distance

TOLERANCE = 0.75  # pixels that a copy may lie nearer to its line than its place, or farther
ASIDE = 16 * 49  # what being one pixel aside costs beside the colours, and so many times these
_NOWHERE = np.int64(1 << 60)  # farther than any patch
_OTHER, _MOSTLY = 48, 0.6  # levels that make a pixel another one, and share of a patch


class Tracks(NamedTuple):
    """What lies on lines at one level. Numbers of lines; those of a colour follow each other."""

    ys: NDArray[np.int32]  # (n,): centres in and about the hole
    xs: NDArray[np.int32]
    beside: NDArray[np.float32]  # (n,): how far from their line, left of it positive
    lines: NDArray[np.int32]  # (n,): which one
    first: NDArray[np.int32]  # (lines,): the first line of the same colour …
    end: NDArray[np.int32]  # … and the one after the last
    weights: NDArray[np.float32]  # (lines,)
    starts: NDArray[np.float32]  # (lines, 2): y, x
    ways: NDArray[np.float32]  # (lines, 2): one pixel along, y and x
    buckets: NDArray[np.int32]  # (lines + 1,): the first bucket of each; one for each pixel along
    rows: NDArray[np.int32]  # (buckets + 1,): the first source of each
    source_ys: NDArray[np.int32]  # centres that may be copied
    source_xs: NDArray[np.int32]
    source_beside: NDArray[np.float32]


@njit(nogil=True, cache=True)
def _is_another(pixels, seen, source, y, x, py, px, r):
    """Whether of what is there of a patch most looks different at a place: rope before another sky.

    A wire that is not there yet is little of its patch.
    """
    height, width = seen.shape
    count, other = 0, 0
    for v in range(max(y - r, 0), min(y + r + 1, height)):
        for u in range(max(x - r, 0), min(x + r + 1, width)):
            if seen[v, u]:
                count += 1
                for c in range(COLOURS):
                    there = np.int32(source[py + v - y, px + u - x, c]) + LESS
                    if abs(np.int32(pixels[v, u, c]) - there) > _OTHER:
                        other += 1
                        break
    return other > _MOSTLY * count


@njit(nogil=True, cache=True)
def follow(start, stop, listed, tracks, pixels, seen, source, r, reach, alike, own, distances):
    """The best place along the lines for each of the ``listed`` patches on one.

    ``own`` (n, 2) are the places so far; around them ``reach`` pixels along the line are looked at,
    or all where there is none, or nothing near it: a coarser level may have had no patch there.
    What is not seen yet in a target does not count. If they have to be ``alike``, what looks like
    none of the places is left out: -1.
    """
    for i in range(start, stop):
        k = listed[i]
        best, by, bx = _along(k, tracks, pixels, seen, source, r, reach, own[k, 0], own[k, 1])
        if by < 0 and own[k, 0] >= 0:
            best, by, bx = _along(k, tracks, pixels, seen, source, r, reach, -1, -1)
        if by < 0:
            by, bx = own[k, 0], own[k, 1]
        elif alike and _is_another(pixels, seen, source, tracks.ys[k], tracks.xs[k], by, bx, r):
            best, by, bx = _NOWHERE, -1, -1
        own[k, 0], own[k, 1] = by, bx
        distances[k] = best


@njit(nogil=True, cache=True)
def _along(k, tracks, pixels, seen, source, r, reach, cy, cx):
    """How far the best place for a patch is, and where: near (cy, cx), or -1, along its lines."""
    y, x, line = tracks.ys[k], tracks.xs[k], tracks.lines[k]
    best, least = _NOWHERE, np.float32(np.inf)
    by, bx = np.int64(-1), np.int64(-1)
    for other in range(tracks.first[line], tracks.end[line]):
        low, high = tracks.buckets[other], tracks.buckets[other + 1]
        if cy >= 0:
            dy = np.float32(cy) - tracks.starts[other, 0]
            dx = np.float32(cx) - tracks.starts[other, 1]
            wy, wx = tracks.ways[other, 0], tracks.ways[other, 1]
            if abs(dx * wy - dy * wx) > 2 * r + 2:
                continue
            along = low + np.int64(np.floor(dy * wy + dx * wx))
            low, high = max(low, along - reach), min(high, along + reach + 1)
        if low >= high:
            continue
        for s in range(tracks.rows[low], tracks.rows[high]):
            aside = abs(tracks.source_beside[s] - tracks.beside[k])
            if aside > TOLERANCE:
                continue
            more = np.float32(1) + aside * aside
            rest = least - np.float32(ASIDE) * aside * aside
            if rest <= 0:
                continue
            py, px = tracks.source_ys[s], tracks.source_xs[s]
            most = np.int64(min(rest / more + 1, np.float32(1 << 40)))
            d = seen_distance(pixels, seen, source, y, x, py, px, r, most)
            cost = np.float32(d) * more + np.float32(ASIDE) * aside * aside
            if cost < least:
                least, best, by, bx = cost, d, np.int64(py), np.int64(px)
    return best, by, bx


@njit(nogil=True, cache=True)
def keep(start, stop, tracks, own, found, positions, distances):
    """Put what was found on the lines into the field, unless elsewhere it is better by far."""
    for k in range(start, stop):
        if own[k, 0] < 0 or found[k] >= _NOWHERE:
            continue
        y, x = tracks.ys[k], tracks.xs[k]
        softer = np.float32(1) - tracks.weights[tracks.lines[k]]
        if positions[y, x, 0] < 0 or softer * np.float32(found[k]) <= distances[y, x]:
            positions[y, x, 0], positions[y, x, 1] = own[k, 0], own[k, 1]
            distances[y, x] = found[k]


@njit(nogil=True, cache=True)
def copy(start, stop, listed, tracks, own, source, pixels, positions):
    """Pixels and field of the listed patches become what was found for them."""
    for i in range(start, stop):
        k = listed[i]
        if own[k, 0] < 0:
            continue
        y, x = tracks.ys[k], tracks.xs[k]
        positions[y, x, 0], positions[y, x, 1] = own[k, 0], own[k, 1]
        for c in range(CHANNELS):
            pixels[y, x, c] = np.uint8(source[own[k, 0], own[k, 1], c] + LESS)
