"""Inner loops of guides: patches on a line are taken from along the lines of its colour."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.fill import CHANNELS, LESS, seen_distance

TOLERANCE = 0.75  # pixels that a copy may lie nearer to its line than its place, or farther
ASIDE = 16 * 49  # what being one pixel aside costs beside the colours, and so many times these


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
def _along_and_aside(tracks, line, y, x):
    """How far along a line a place is, and how far from it."""
    dy, dx = np.float32(y) - tracks.starts[line, 0], np.float32(x) - tracks.starts[line, 1]
    wy, wx = tracks.ways[line, 0], tracks.ways[line, 1]
    return dy * wy + dx * wx, abs(dx * wy - dy * wx)


@njit(nogil=True, cache=True)
def _beside_a_line(tracks, line, y, x, r):
    """Whether a place lies beside one of the colour of this one."""
    for other in range(tracks.first[line], tracks.end[line]):
        if _along_and_aside(tracks, other, y, x)[1] <= 2 * r + 2:
            return True
    return False


@njit(nogil=True, cache=True)
def follow(start, stop, listed, tracks, pixels, seen, source, r, reach, own, distances):
    """The best place along the lines for each of the ``listed`` patches on one.

    ``own`` (n, 2) are the places so far; around them ``reach`` pixels along the line are looked at,
    or all where there is none, or none beside a line: a coarser level may have had no patch there.
    What is not seen yet in a target does not count.
    """
    for i in range(start, stop):
        k = listed[i]
        y, x, line = tracks.ys[k], tracks.xs[k], tracks.lines[k]
        best, least = np.int64(1 << 60), np.float32(np.inf)
        by, bx = own[k, 0], own[k, 1]
        cy, cx = by, bx
        if cy >= 0 and not _beside_a_line(tracks, line, cy, cx, r):
            cy = np.int32(-1)
        for other in range(tracks.first[line], tracks.end[line]):
            low, high = tracks.buckets[other], tracks.buckets[other + 1]
            if cy >= 0:
                ahead, aside = _along_and_aside(tracks, other, cy, cx)
                if aside > 2 * r + 2:
                    continue
                along = low + np.int64(np.floor(ahead))
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
                    least, best, by, bx = cost, d, py, px
        own[k, 0], own[k, 1] = by, bx
        distances[k] = best


@njit(nogil=True, cache=True)
def keep(start, stop, tracks, own, found, positions, distances):
    """Put what was found on the lines into the field, unless elsewhere it is better by far."""
    for k in range(start, stop):
        if own[k, 0] < 0 or found[k] >= np.int64(1 << 60):
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
