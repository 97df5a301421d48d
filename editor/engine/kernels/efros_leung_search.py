"""The exact search for all matches of a half-known window.

A distance is opened up, Σ w (T − S)² = Σ w T² + Σ (−2 w T) S + Σ w S², so that for one template it
is a sum of products of 16-bit numbers: of *coefficients*, −2 w T and w, with the sample's colours
and their squares. A pixel is stored as pairs (G, G²) or (R, G) and (B, R² + G² + B²), all less
their middle, in one plane per pair: thus one instruction multiplies and adds the pairs of sixteen
neighbouring samples, and where nothing is known the coefficients are 0 and need no test.

A search goes over the samples in blocks of 64. From the few taps that tell most a lower bound comes
for all of them; who is already above (1 + ε) of the best match so far is out, the others are
measured in full. A good first match is at hand: where a neighbour was copied from, one pixel on.
Bounds only save work: what is found is what the reference finds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engine.kernels.efros_leung_vectors import (
    BLOCK,
    LANES,
    TOGETHER,
    bound,
    dot,
    lowest_bit,
    ones,
    weigh,
)
from editor.engine.kernels.efros_leung_views import choose, known_bits, look_at

FEW = 6  # taps of the first lower bound; then of twice as many …
MANY = 6  # … while more than so many of 64 are left
FEW_LEFT = 1  # of 64 that are measured rather than looked at any further in a view
_HIGHEST = 2**31 - 1
_FARTHEST = 2**30 - 1  # codes are nearer than that, places without a code are not


class Samples(NamedTuple):
    """The samples, one below the other in one plane of pixels; a position is a flat index."""

    pixels: NDArray[np.int16]  # planes × positions × 2
    plane: int  # numbers in one plane
    stride: int  # positions in one row
    label: NDArray[np.int32]  # which different window a position has; −1: no candidate
    first: NDArray[np.int32]  # the first position of each different window …
    members: NDArray[np.int32]  # … and all of them, from members[begin[label]] on
    begin: NDArray[np.int32]
    blocks: NDArray[np.int64]  # the first position of every block in which there is a candidate
    valid: NDArray[np.uint64]  # which of its 64 are first positions


class Shape(NamedTuple):
    """The window: what a coefficient is made of and where it applies."""

    window: int
    channels: int
    vectors: int  # per row of the window
    offset: int  # what the squares were lowered by
    weights: NDArray[np.int16]  # row, plane, vectors × LANES × 2: −2 w, and w for the squares
    rows: NDArray[np.int64]  # row, plane: from a position to the samples of that row
    taps: NDArray[np.int64]  # the best taps first: of each the number of its first coefficient
    tap_samples: NDArray[np.int64]  # tap, plane: from a position to the sample of that tap


class Canvas(NamedTuple):
    """What grows, with a border as wide as half a window, nothing of it known."""

    pixels: NDArray[np.int16]  # planes × pixels × 2: the colours, and 1 where they are known
    plane: int
    stride: int
    origin: NDArray[np.int32]  # the position each pixel was copied from, or −1
    turn: NDArray[np.int32]  # 1 + place in the list of the pixels that wait, 0 for the others
    wanted: NDArray[np.uint8]  # 1 where a pixel is to be filled and is not yet


# ── one search ──


class Desk(NamedTuple):
    """What one thread works on during a search."""

    coefficients: NDArray[np.int16]  # as Shape.weights, and a vector of zeros
    used: NDArray[np.int64]  # the vectors of them that are not 0 …
    used_rows: NDArray[np.int64]  # … and their way from a position to the samples
    few: NDArray[np.int32]  # pairs of the taps of the lower bound …
    few_samples: NDArray[np.int64]
    few_begin: NDArray[np.int64]  # Σ w T² and what the squares were lowered by, after so many taps
    bits: NDArray[np.uint64]  # which taps are known
    numbers: NDArray[np.float32]  # the projection of the window …
    query: NDArray[np.int16]  # … − 2 times it, rounded …
    query_begin: NDArray[np.int64]  # … and its squares, by stage
    nothing: NDArray[np.int32]  # 0, for a block
    found: NDArray[np.int64]  # first positions that match …
    distance: NDArray[np.int64]  # … and how well
    accepted: NDArray[np.int32]  # 0, by label


@njit(nogil=True, cache=True)
def make_desk(samples, shape, views):
    flat = shape.weights.size
    return Desk(
        np.zeros(flat + 2 * LANES, np.int16),
        np.empty(flat // (2 * LANES) + TOGETHER, np.int64),
        np.empty(flat // (2 * LANES) + TOGETHER, np.int64),
        np.empty(shape.tap_samples.size, np.int32),
        np.empty(shape.tap_samples.size, np.int64),
        np.zeros(len(shape.taps) + 1, np.int64),
        np.empty(views.needs.shape[1], np.uint64),
        np.empty(2 * len(views.steps), np.float32),
        np.empty(2 * len(views.steps), np.int16),
        np.empty(len(views.stages), np.int64),
        np.zeros(BLOCK, np.int32),
        np.empty(len(samples.first), np.int64),
        np.empty(len(samples.first), np.int64),
        np.zeros(len(samples.first), np.int32),
    )


@njit(nogil=True, cache=True)
def _open_up(shape, canvas, at, desk):
    """Coefficients of the window around a pixel: Σ w T² and Σ w of what is known, and how many
    vectors are to be multiplied."""
    radius, planes = shape.window // 2, shape.weights.shape[1]
    weights = shape.weights.reshape(-1)
    products, total, count, k = np.int64(0), np.int64(0), 0, 0
    for row in range(shape.window):
        corner = 2 * (at + (row - radius) * canvas.stride - radius)
        known, before = np.int64(0), count
        for plane in range(planes):
            for vector in range(shape.vectors):
                there = 2 * LANES * vector
                both = weigh(
                    weights,
                    2 * LANES * k,
                    canvas.pixels,
                    corner + plane * canvas.plane + there,
                    desk.coefficients,
                )
                products += np.int64(np.int32(both))
                if plane == planes - 1:
                    known += both >> np.int64(32)
                desk.used[count], desk.used_rows[count] = k, shape.rows[row, plane] + there
                count, k = count + 1, k + 1
        total += known
        if known == 0:
            count = before
    while count % TOGETHER != 0:
        desk.used[count], desk.used_rows[count] = k, 0  # a vector of zeros
        count += 1
    # products = Σ (−2 w T T) + Σ w: the squares' lane of T is 1 where it is known
    return (total - products) // 2, total, count


@njit(nogil=True, cache=True)
def _first_taps(shape, desk):
    """The best known taps as pairs, and Σ w T² + offset Σ w of the first 1, 2, 3 … of them."""
    planes = shape.weights.shape[1]
    apart = LANES * shape.vectors  # pairs from one plane to the next
    c, pairs = desk.coefficients, desk.coefficients.view(np.int32)
    begin, taps = np.int64(0), 0
    for tap in range(len(shape.taps)):
        first = shape.taps[tap]
        w = np.int64(c[2 * (first + (planes - 1) * apart) + 1])
        if w == 0:
            continue
        squares = np.int64(0)  # of 2 w T
        for plane in range(planes):
            pair = first + plane * apart
            desk.few[taps * planes + plane] = pairs[pair]
            desk.few_samples[taps * planes + plane] = shape.tap_samples[tap, plane]
            a, b = np.int64(c[2 * pair]), np.int64(c[2 * pair + 1])
            squares += a * a + (b * b if plane < planes - 1 else 0)
        begin += squares // (4 * w) + shape.offset * w
        taps += 1
        desk.few_begin[taps] = begin
    return taps


class Mark(NamedTuple):
    """How far a search is."""

    begin: int  # what of a distance the samples do not decide
    weight: int
    vectors: int
    best: np.int64  # the smallest distance so far …
    limit: np.int64  # … and what is within (1 + ε) of it
    number: int  # positions found


@njit(nogil=True, cache=True)
def _measure(samples, desk, mark, position, epsilon):
    """The distance of one more position."""
    d = mark.begin + dot(
        samples.pixels, 2 * position, desk.used_rows, desk.coefficients, desk.used, mark.vectors
    )
    if d > mark.limit:
        return mark
    desk.found[mark.number], desk.distance[mark.number] = position, d
    best, limit = mark.best, mark.limit
    if d < best:
        best, limit = d, _limit(d, epsilon)
    return Mark(mark.begin, mark.weight, mark.vectors, best, limit, mark.number + 1)


@njit(nogil=True, cache=True)
def _by_taps(samples, shape, epsilon, desk, mark):
    """Measure all positions that some of the taps do not rule out."""
    planes = shape.weights.shape[1]
    taps = _first_taps(shape, desk)
    for block in range(len(samples.blocks)):
        position, inside = samples.blocks[block], samples.valid[block]
        count = min(FEW, taps)
        while True:
            inside &= bound(
                samples.pixels,
                2 * position,
                desk.few_samples,
                desk.few,
                count * planes,
                desk.nothing,
                0,
                desk.few_begin[count],
                mark.limit,
            )
            if count == taps or ones(inside) <= MANY:
                break
            count = min(2 * count, taps)
        while inside != 0:
            mark = _measure(samples, desk, mark, position + lowest_bit(inside), epsilon)
            inside &= inside - np.uint64(1)
    return mark


@njit(nogil=True, cache=True)
def _by_view(samples, shape, views, slot, canvas, at, epsilon, desk, mark):
    """Measure all positions that a projection does not rule out."""
    channels = shape.channels
    look_at(
        views,
        slot,
        canvas.pixels,
        canvas.plane,
        canvas.stride,
        at,
        shape.window,
        channels,
        desk.numbers,
        desk.query,
        desk.query_begin,
    )
    pairs, codes = desk.query.view(np.int32), views.codes.reshape(-1)
    _, blocks, stages, _ = views.norms.shape
    norms = views.norms.reshape(-1)
    limit = _code_limit(views, slot, mark.limit)
    for block in range(blocks):
        here, inside, stage = slot * blocks + block, ~np.uint64(0), 0
        while True:
            inside &= bound(
                codes,
                here * len(views.steps) * 2 * BLOCK,
                views.steps,
                pairs,
                views.stages[stage],
                norms,
                (here * stages + stage) * BLOCK,
                desk.query_begin[stage],
                limit,
            )
            stage += 1
            if stage == stages or ones(inside) <= FEW_LEFT:
                break
        while inside != 0:
            position = np.int64(samples.first[block * BLOCK + lowest_bit(inside)])
            before, mark = mark.limit, _measure(samples, desk, mark, position, epsilon)
            if mark.limit < before:
                limit = _code_limit(views, slot, mark.limit)
            inside &= inside - np.uint64(1)
    return mark


@njit(nogil=True, cache=True)
def _code_limit(views, slot, limit):
    """What codes differ by at most, squared, if the distance is within the limit.

    Every code is a half off by rounding, of both windows, and a little by single precision.
    """
    apart = np.sqrt(np.float64(len(views.steps) * 2)) + 1
    return np.int64(min((views.scale[slot] * np.sqrt(limit) + apart) ** 2, _FARTHEST))


@njit(nogil=True, cache=True)
def search(samples, shape, views, canvas, at, epsilon, desk):
    """Find all matches of the window around a pixel: desk.found, as first positions, ascending.

    Returns how many, and the sum of the weights.
    """
    last = len(canvas.pixels) - canvas.plane
    squares, weight, vectors = _open_up(shape, canvas, at, desk)
    begin = squares + shape.offset * weight
    best = np.int64(_HIGHEST)
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            origin = canvas.origin[at + dy * canvas.stride + dx]
            position = origin - dy * samples.stride - dx
            if origin < 0 or not 0 <= position < len(samples.label):
                continue
            if samples.label[position] >= 0:
                d = begin + dot(
                    samples.pixels,
                    2 * position,
                    desk.used_rows,
                    desk.coefficients,
                    desk.used,
                    vectors,
                )
                best = min(best, d)
    mark = Mark(begin, weight, vectors, best, _limit(best, epsilon), 0)
    known_bits(canvas.pixels, canvas.stride, last, at, shape.window, desk.bits)
    slot = choose(views, desk.bits)
    if slot >= 0:
        mark = _by_view(samples, shape, views, slot, canvas, at, epsilon, desk, mark)
    else:
        mark = _by_taps(samples, shape, epsilon, desk, mark)
    kept = 0
    for k in range(mark.number):
        if desk.distance[k] <= mark.limit:
            desk.found[kept], desk.distance[kept] = desk.found[k], desk.distance[k]
            kept += 1
    return kept, weight


@njit(nogil=True, cache=True)
def _limit(best, epsilon):
    return min(np.int64(np.floor((1.0 + epsilon) * best)), np.int64(_HIGHEST))


@njit(nogil=True, cache=True)
def pick(samples, number, desk, random):
    """One of all positions whose windows match, and its place among the different windows."""
    count = np.int64(0)
    for k in range(number):
        label = samples.label[desk.found[k]]
        count += samples.begin[label + 1] - samples.begin[label]
    index = np.int64(((random >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    if count == number:
        return desk.found[index], index
    if number == 1:
        return np.int64(samples.members[samples.begin[samples.label[desk.found[0]]] + index]), 0
    for k in range(number):
        desk.accepted[samples.label[desk.found[k]]] = k + 1
    position = np.int64(-1)
    while index >= 0:
        position += 1
        label = samples.label[position]
        if label >= 0 and desk.accepted[label] > 0:
            index -= 1
    which = desk.accepted[samples.label[position]] - 1
    for k in range(number):
        desk.accepted[samples.label[desk.found[k]]] = 0
    return position, which


@njit(nogil=True, cache=True)
def own_error(samples, shape, views, at, channels):
    """How well the upper half of the window around a position matches elsewhere; 2: no elsewhere.

    Windows that overlap it are left out.
    """
    desk, window, radius = make_desk(samples, shape, views), shape.window, shape.window // 2
    pixels = samples.pixels.copy()
    last = len(pixels) - samples.plane
    for row in range(-radius, radius + 1):
        for column in range(-radius, radius + 1):
            k = 2 * (at + row * samples.stride + column)
            known = row < 0 or (row == 0 and column < 0)
            for plane in range(0, len(pixels), samples.plane):
                pixels[plane + k] = pixels[plane + k] if known else 0
                pixels[plane + k + 1] = pixels[plane + k + 1] if known else 0
            pixels[last + k + 1] = 1 if known else 0
    nobody = np.empty(0, np.int32)
    empty = np.empty(0, np.uint8)
    canvas = Canvas(pixels, samples.plane, samples.stride, nobody, nobody, empty)
    squares, weight, vectors = _open_up(shape, canvas, at, desk)
    best, begin = np.int64(-1), squares + shape.offset * weight
    y, x = at // samples.stride, at % samples.stride
    for position in samples.first:
        far_down = abs(position // samples.stride - y) >= window
        if far_down or abs(position % samples.stride - x) >= window:
            d = begin + dot(
                samples.pixels, 2 * position, desk.used_rows, desk.coefficients, desk.used, vectors
            )
            best = d if best < 0 else min(best, d)
    return error(best, weight, channels) if best >= 0 else 2.0


@njit(nogil=True, cache=True)
def all_matches(samples, shape, views, canvas, at, epsilon):
    """Every position that matches the window around a pixel, ascending, with its distance."""
    desk = make_desk(samples, shape, views)
    number, weight = search(samples, shape, views, canvas, at, epsilon, desk)
    count = 0
    for k in range(number):
        label = samples.label[desk.found[k]]
        count += samples.begin[label + 1] - samples.begin[label]
    positions, distances = np.empty(count, np.int64), np.empty(count, np.int64)
    count = 0
    for k in range(number):
        label = samples.label[desk.found[k]]
        for member in range(samples.begin[label], samples.begin[label + 1]):
            positions[count], distances[count] = samples.members[member], desk.distance[k]
            count += 1
    ascending = np.argsort(positions)
    return positions[ascending], distances[ascending], weight


@njit(nogil=True, cache=True)
def error(d, weight, channels):
    return np.float64(d) / np.float64(weight * channels * 65025)
