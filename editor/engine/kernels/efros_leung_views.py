"""Views of the samples: a lower bound of all distances from a few numbers per window.

What is known of a window is mostly one of a few shapes: half of it, a corner, three quarters. For
such a shape the windows of the samples, weighted, are projected onto the directions in which they
differ most. A projection makes no distance larger, so it bounds them from below; sixteen numbers
keep most of what hundreds say.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.efros_leung_vectors import BLOCK

BAND = 256  # positions that are projected together


class Views(NamedTuple):
    """Shapes that windows can be known in, and the projections of those that have been made."""

    needs: NDArray[np.uint64]  # shape, word: the taps that must be known, as bits
    slot: NDArray[np.int64]  # where the projection of a shape is; −1: it has not been made
    taps: NDArray[np.int32]  # slot, tap: row · window + column; −1 after the last
    basis: NDArray[np.float32]  # slot, tap and channel, direction: times the root of the weight
    codes: NDArray[np.int16]  # slot, block, pair, position, 2: the projections, rounded …
    norms: NDArray[np.int32]  # slot, block, stage, position: … and their squares
    scale: NDArray[np.float64]  # by slot: codes for one unit of distance
    steps: NDArray[np.int64]  # from a block's first code to those of each pair
    stages: NDArray[np.int64]  # after how many pairs it is asked who is left


@njit(nogil=True, cache=True)
def known_bits(known, stride, last, at, window, bits):
    """The taps of the window around a pixel that are known, as bits."""
    radius = window // 2
    bits[:] = np.uint64(0)
    k = 0
    for row in range(-radius, radius + 1):
        first = last + 2 * (at + row * stride - radius) + 1
        for column in range(window):
            bits[k >> 6] |= np.uint64(known[first + 2 * column]) << np.uint64(k & 63)
            k += 1


@njit(nogil=True, cache=True)
def fits(views, shape, bits):
    missing = np.uint64(0)
    for word in range(len(bits)):
        missing |= views.needs[shape, word] & ~bits[word]
    return missing == 0


@njit(nogil=True, cache=True)
def choose(views, bits):
    """The slot of the best view that has been made and fits; −1: none."""
    for shape in range(len(views.slot)):
        if views.slot[shape] >= 0 and fits(views, shape, bits):
            return views.slot[shape]
    return np.int64(-1)


@njit(nogil=True, cache=True)
def wishes(views, listed, known, stride, last, window, count):
    """Count for each shape the pixels it would be the best for."""
    bits = np.empty(views.needs.shape[1], np.uint64)
    for at in listed:
        known_bits(known, stride, last, at, window, bits)
        for shape in range(len(views.slot)):
            if fits(views, shape, bits):
                count[shape] += 1
                break


@njit(nogil=True, cache=True)
def look_at(views, slot, pixels, plane, stride, at, window, channels, numbers, pairs, begin):
    """Project the window around a pixel: what its codes are multiplied by, and their squares."""
    radius, directions = window // 2, views.basis.shape[2]
    numbers[:] = np.float32(0)
    for k in range(views.taps.shape[1]):
        tap = views.taps[slot, k]
        if tap < 0:
            break
        pixel = 2 * (at + (tap // window - radius) * stride + tap % window - radius)
        for c in range(channels):
            value = np.float32(pixels[pixel + (c >> 1) * plane + (c & 1)])
            for direction in range(directions):
                numbers[direction] += views.basis[slot, k * channels + c, direction] * value
    total, stage = np.int64(0), 0
    for direction in range(directions):
        u = np.int64(np.rint(numbers[direction]))
        pairs[direction] = -2 * u
        total += u * u
        if direction + 1 == 2 * views.stages[stage]:
            begin[stage] = total
            stage += 1


@njit(nogil=True, cache=True)
def see(start, stop, colours, drawn, offsets, root, rows):
    """rows[i]: the window around drawn[i], weighted, as one row of numbers."""
    channels = len(colours)
    for i in range(start, stop):
        for k in range(len(offsets)):
            for c in range(channels):
                rows[i, k * channels + c] = root[k] * colours[c, drawn[i] + offsets[k]]


@njit(nogil=True, cache=True)
def multiply(start, stop, rows, columns, result):
    """result = rows · columns, some rows of it."""
    for i in range(start, stop):
        row = result[i]
        row[:] = 0
        for k in range(len(columns)):
            factor, column = rows[i, k], columns[k]
            for j in range(len(row)):
                row[j] += factor * column[j]


@njit(nogil=True, cache=True)
def orthonormalise(rows):
    """Make these rows orthonormal, by Gram and Schmidt, twice: once leaves too much rounding.

    A row that depends on those before it becomes 0.
    """
    for i in range(len(rows)):
        before = _length(rows[i])
        for _ in range(2):
            for j in range(i):
                along = 0.0
                for k in range(rows.shape[1]):
                    along += rows[i, k] * rows[j, k]
                for k in range(rows.shape[1]):
                    rows[i, k] -= along * rows[j, k]
        length = _length(rows[i])
        rows[i] *= 1 / length if length > 1e-9 * before else 0.0


@njit(nogil=True, cache=True)
def _length(row):
    total = 0.0
    for value in row:
        total += value * value
    return np.sqrt(total)


@njit(nogil=True, cache=True, fastmath={"contract"})
def project(start, stop, colours, begins, basis, codes):
    """codes[direction, position] = Σ basis[k, direction] · colours[begins[k] + position].

    For positions of some bands; the numbers k come four at a time, so that a sum is loaded and
    stored a quarter as often.
    """
    sums = np.empty((len(codes), BAND), np.float32)
    for band in range(start, stop):
        low = band * BAND
        count = min(BAND, codes.shape[1] - low)
        sums[:] = 0
        for k in range(0, len(begins), 4):
            one = colours[begins[k] + low :][:count]
            two = colours[begins[k + 1] + low :][:count]
            three = colours[begins[k + 2] + low :][:count]
            four = colours[begins[k + 3] + low :][:count]
            for direction in range(len(codes)):
                a, b = basis[k, direction], basis[k + 1, direction]
                c, d = basis[k + 2, direction], basis[k + 3, direction]
                total = sums[direction]
                for i in range(count):
                    total[i] += (a * one[i] + b * two[i]) + (c * three[i] + d * four[i])
        codes[:, low : low + count] = sums[:, :count]


@njit(nogil=True, cache=True)
def pack(start, stop, codes, first, origin, slot, views):
    """Put the codes of the first positions into blocks; a place beyond them is infinitely far."""
    for block in range(start, stop):
        for lane in range(BLOCK):
            k = block * BLOCK + lane
            total, stage = np.int64(0), 0
            if k >= len(first):
                total = np.int64(2**30)
            for direction in range(len(codes)):
                v = np.int64(0)
                if k < len(first):
                    v = np.int64(np.rint(codes[direction, first[k] - origin]))
                views.codes[slot, block, direction >> 1, lane, direction & 1] = v
                total += v * v
                if direction + 1 == 2 * views.stages[stage]:
                    views.norms[slot, block, stage, lane] = total
                    stage += 1
