"""The inner loops of growing a texture: which pixels are next, and what becomes of them.

Several threads fill one list at the same time. Each takes the next pixel, but puts it off while one
before it in the list waits in its window; so every search sees what it would see on one thread.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.efros_leung_search import error, make_desk, pick, search
from editor.engine.kernels.efros_leung_vectors import claim, clear, look
from editor.engine.kernels.random import bits

WAITING = 32  # pixels a thread has taken that wait for others


class Record(NamedTuple):
    """What became of each pixel of a list."""

    source: NDArray[np.int64]  # −1: left for later
    distance: NDArray[np.int64]
    weight: NDArray[np.int64]


@njit(nogil=True, cache=True)
def fill(
    start,
    stop,
    claims,
    end,
    listed,
    randoms,
    samples,
    shape,
    views,
    canvas,
    epsilon,
    max_error,
    record,
):
    """Fill the pixels listed[claims[0]:end]; any number of threads may do it at the same time.

    Record tells of each its source (−1: no match was good enough), distance and sum of weights.
    """
    desk = make_desk(samples, shape, views)
    waiting, count, more = np.empty(WAITING, np.int64), 0, True
    while more or count > 0:
        k = np.int64(-1)
        for i in range(count):
            if _ready(shape, canvas, listed, waiting[i]):
                k = waiting[i]
                count -= 1
                waiting[i:count] = waiting[i + 1 : count + 1]
                break
        if k < 0 and more and count < WAITING:
            claimed = claim(claims)
            if claimed >= end:
                more = False
            elif _ready(shape, canvas, listed, claimed):
                k = claimed
            else:
                waiting[count] = claimed
                count += 1
        if k < 0:
            continue
        at = listed[k]
        number, weight = search(samples, shape, views, canvas, at, epsilon, desk)
        source, which = pick(samples, number, desk, randoms[k])
        d = desk.distance[which]
        record.distance[k], record.weight[k] = d, weight
        if error(d, weight, shape.channels) < max_error:
            put(samples, canvas, at, source)
            record.source[k] = source
        else:
            record.source[k] = -1
        clear(canvas.turn, at)


@njit(nogil=True, cache=True)
def _ready(shape, canvas, listed, k):
    """Whether nobody before k in the list still waits in its window."""
    radius = shape.window // 2
    for row in range(-radius, radius + 1):
        first = listed[k] + row * canvas.stride - radius
        for near in range(first, first + shape.window):
            if 0 < look(canvas.turn, near) <= k:
                return False
    return True


@njit(nogil=True, cache=True)
def waves(low, high, listed, canvas, radius):
    """When each of these pixels has its turn, if all go at once who wait for nobody: 0, 1, 2 …"""
    wave = np.zeros(high - low, np.int64)
    for k in range(low, high):
        for row in range(-radius, radius + 1):
            first = listed[k] + row * canvas.stride - radius
            for near in range(first, first + 2 * radius + 1):
                before = canvas.turn[near] - 1
                if low <= before < k:
                    wave[k - low] = max(wave[k - low], wave[before - low] + 1)
    return wave


@njit(nogil=True, cache=True)
def settle(part, listed, sources, distances, weights, samples, canvas, channels, max_error, record):
    """Write down what was found for these pixels of a list, and copy what is good enough."""
    for i in range(len(part)):
        k = part[i]
        record.distance[k], record.weight[k] = distances[i], weights[i]
        record.source[k] = -1
        if error(distances[i], weights[i], channels) < max_error:
            put(samples, canvas, listed[k], sources[i])
            record.source[k] = sources[i]
        canvas.turn[listed[k]] = 0


@njit(nogil=True, cache=True)
def put(samples, canvas, at, source):
    """Copy one pixel."""
    planes = len(canvas.pixels) // canvas.plane
    for plane in range(planes):
        here, there = 2 * at + plane * canvas.plane, 2 * source + plane * samples.plane
        canvas.pixels[here] = samples.pixels[there]
        last = plane == planes - 1
        canvas.pixels[here + 1] = np.int16(1) if last else samples.pixels[there + 1]
    canvas.origin[at] = source
    canvas.wanted[at] = 0


@njit(nogil=True, cache=True)
def list_neighbours(tried, canvas, listed, neighbours):
    """The wanted pixels beside known ones, each once, and how many it has of its eight.

    They are looked for where a pixel was tried: itself, if it is still wanted, or all around it.
    """
    count = 0
    known = len(canvas.pixels) - canvas.plane + 1
    for k in range(len(tried)):
        reach = 0 if canvas.wanted[tried[k]] == 1 else 1
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                at = tried[k] + dy * canvas.stride + dx
                if canvas.wanted[at] == 0 or canvas.turn[at] != 0:
                    continue
                around = 0
                for y in range(-1, 2):
                    for x in range(-1, 2):
                        around += canvas.pixels[known + 2 * (at + y * canvas.stride + x)]
                if around > 0:
                    canvas.turn[at] = 1
                    listed[count], neighbours[count] = at, around
                    count += 1
    for k in range(count):
        canvas.turn[listed[k]] = 0
    return count


@njit(nogil=True, cache=True)
def draw(listed, stride, radius, width, stream, counter, numbers):
    """A random number for each pixel, counted as if the canvas had no border."""
    for k in range(len(listed)):
        y, x = listed[k] // stride - radius, listed[k] % stride - radius
        numbers[k] = bits(stream, np.uint64(counter + y * width + x))


@njit(nogil=True, cache=True)
def take_back(order, canvas):
    """Make pixels wanted again."""
    planes = len(canvas.pixels) // canvas.plane
    for at in order:
        for k in range(planes):
            canvas.pixels[2 * at + k * canvas.plane] = 0
            canvas.pixels[2 * at + k * canvas.plane + 1] = 0
        canvas.origin[at], canvas.wanted[at] = -1, 1


@njit(nogil=True, cache=True)
def follows(start, stop, order, when, origin, stride, sample_stride, coherent):
    """1 where a pixel continues one that was there before it, in the picture as in the sample."""
    for k in range(start, stop):
        at = order[k]
        coherent[k] = 0
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                near = at + dy * stride + dx
                there = origin[near] >= 0 and when[near] < k
                if there and origin[near] - dy * sample_stride - dx == origin[at]:
                    coherent[k] = 1


@njit(nogil=True, cache=True)
def fresh(start, stop, order, when, origin, stride, radius, result):
    """1 where a pixel has another source than all that were there before it in its window."""
    for k in range(start, stop):
        at = order[k]
        result[k] = 1
        for row in range(-radius, radius + 1):
            for near in range(at + row * stride - radius, at + row * stride + radius + 1):
                if origin[near] == origin[at] and when[near] < k:
                    result[k] = 0
