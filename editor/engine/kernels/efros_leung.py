"""The inner loops of growing a texture: the exact search for all matches of a half-known window.

A distance is opened up, Σ w (T − S)² = Σ w T² + Σ (−2 w T) S + Σ w S², so that for one template it
is a sum of products of 16-bit numbers: of *coefficients*, −2 w T and w, with the sample's colours
and their squares. A pixel is stored as pairs (G, G²) or (R, G) and (B, R² + G² + B²), all less
their middle, in one plane per pair: thus one instruction multiplies and adds the pairs of sixteen
neighbouring samples, and where nothing is known the coefficients are 0 and need no test.

A search goes over the samples in blocks of 64. From the few taps that tell most a lower bound comes
for all of them; who is already above (1 + ε) of the best match so far is out, the others are
measured in full. A good first match is at hand: where a neighbour was copied from, one pixel on.
Bounds only save work: what is found is what the reference finds.

Several threads fill one list at the same time. Each takes the next pixel, but puts it off while one
before it in the list waits in its window; so every search sees what it would see on one thread.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from llvmlite import binding, ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from editor.engine.kernels.random import bits

BLOCK = 64  # sample positions of one lower bound
LANES = 16  # pixels whose pairs one vector holds
FEW, MORE = 6, 4  # taps of the first lower bound, and by how many it is made better …
MANY = 6  # … while more than so many of 64 are left
TOGETHER = 4  # vectors that are multiplied side by side
WAITING = 32  # pixels a thread has taken that wait for others
_HIGHEST = 2**31 - 1


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


# ── vectors ──

_I16, _I32, _I64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)
_INTS = ir.VectorType(_I32, LANES)
_PAIRS = ir.VectorType(_I16, 2 * LANES)
_MULTIPLY_ADD = {
    512: "llvm.x86.avx512.pmaddw.d.512",
    256: "llvm.x86.avx2.pmadd.wd",
    128: "llvm.x86.sse2.pmadd.wd",
}


def best_width() -> int:
    """Bits that this machine multiplies and adds at once; 0: any machine, LLVM sees to it.

    With VNNI LLVM makes one instruction of multiply-add and the sum that follows.
    """
    features = binding.get_host_cpu_features()
    for width, feature in ((512, "avx512bw"), (256, "avx2"), (128, "sse2")):
        if features.get(feature):
            return width
    return 0


def _numbers(values):
    return ir.Constant(ir.VectorType(_I32, len(values)), [ir.Constant(_I32, v) for v in values])


def _products(builder, a, b, width):
    """a₀b₀ + a₁b₁ of each pair."""
    count = a.type.count
    if width == 0:
        halves = []
        for odd in (0, 1):
            mask = _numbers(range(odd, count, 2))
            wide = ir.VectorType(_I32, count // 2)
            x, y = (builder.sext(builder.shuffle_vector(v, v, mask), wide) for v in (a, b))
            halves.append(builder.mul(x, y))
        return builder.add(*halves)
    if count * 16 == width:
        kind = ir.FunctionType(ir.VectorType(_I32, count // 2), [a.type, b.type])
        call = cgutils.get_or_insert_function(builder.module, kind, _MULTIPLY_ADD[width])
        return builder.call(call, [a, b])
    low, high = _numbers(range(count // 2)), _numbers(range(count // 2, count))
    parts = [
        _products(
            builder, builder.shuffle_vector(a, a, half), builder.shuffle_vector(b, b, half), width
        )
        for half in (low, high)
    ]
    return builder.shuffle_vector(*parts, _numbers(range(count // 2)))


def _data(context, builder, kind, value):
    return cgutils.create_struct_proxy(kind)(context, builder, value).data


def _all_lanes(builder, value):
    nothing = ir.Constant(_INTS, ir.Undefined)
    one = builder.insert_element(nothing, value, _I32(0))
    return builder.shuffle_vector(one, nothing, _numbers([0] * LANES))


def _load(builder, data, at):
    """Thirty-two 16-bit numbers from anywhere."""
    place = builder.bitcast(builder.gep(data, [at]), _PAIRS.as_pointer())
    return builder.load(place, align=2)


def _sum(builder, vector):
    kind = ir.FunctionType(_I32, [_INTS])
    name = f"llvm.vector.reduce.add.v{LANES}i32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [vector])


def make_bound(width):
    """The lower bound of 64 distances, for a machine of this width."""

    @intrinsic
    def bound(typing, pixels, at, offsets, coefficients, begin, end, sums, limit):
        """Add to the 64 sums; which of them are still within the limit, as bits.

        The sum of a position, from pixels[at] on, grows by coefficients[k] · pixels[offsets[k] …],
        pair by pair, for k from begin to end.
        """
        signature = types.uint64(pixels, at, offsets, coefficients, begin, end, sums, limit)

        def generate(context, builder, signature, arguments):
            kinds = signature.args
            data, offset, coefficient, memory = (
                _data(context, builder, kinds[k], arguments[k]) for k in (0, 2, 3, 6)
            )
            memory = builder.bitcast(memory, _INTS.as_pointer())
            places = [builder.gep(memory, [_I64(k)]) for k in range(BLOCK // LANES)]
            sums = [
                cgutils.alloca_once_value(builder, builder.load(place, align=4)) for place in places
            ]
            steps = cgutils.for_range_slice(builder, arguments[4], arguments[5], _I64(1), _I64)
            with steps as (k, _):
                where = builder.add(arguments[1], builder.load(builder.gep(offset, [k])))
                pair = builder.load(builder.gep(coefficient, [k]))
                spread = builder.bitcast(_all_lanes(builder, pair), _PAIRS)
                for lane, total in enumerate(sums):
                    there = _load(builder, data, builder.add(where, _I64(2 * LANES * lane)))
                    more = _products(builder, there, spread, width)
                    builder.store(builder.add(builder.load(total), more), total)
            ceiling = _all_lanes(builder, builder.trunc(arguments[7], _I32))
            inside = _I64(0)
            for lane, (total, place) in enumerate(zip(sums, places, strict=True)):
                value = builder.load(total)
                builder.store(value, place, align=4)
                few = builder.icmp_signed("<=", value, ceiling)
                few = builder.zext(builder.bitcast(few, ir.IntType(LANES)), _I64)
                inside = builder.or_(inside, builder.shl(few, _I64(LANES * lane)))
            return inside

        return signature, generate

    return bound


def make_dot(width):
    """The full distance of one position, for a machine of this width."""

    @intrinsic
    def dot(typing, pixels, at, offsets, coefficients, which, count):
        """Σ over the vectors which[k] of coefficients, k < count: times pixels[at + offsets[k] …].

        The count is a multiple of TOGETHER.
        """
        signature = types.int64(pixels, at, offsets, coefficients, which, count)

        def generate(context, builder, signature, arguments):
            kinds = signature.args
            data, offset, coefficient, vector = (
                _data(context, builder, kinds[k], arguments[k]) for k in (0, 2, 3, 4)
            )
            nothing = ir.Constant(_INTS, [0] * LANES)
            sums = [cgutils.alloca_once_value(builder, nothing) for _ in range(TOGETHER)]
            steps = cgutils.for_range_slice(builder, _I64(0), arguments[5], _I64(TOGETHER), _I64)
            with steps as (first, _):
                for turn, total in enumerate(sums):
                    k = builder.add(first, _I64(turn))
                    where = builder.add(arguments[1], builder.load(builder.gep(offset, [k])))
                    first_of = builder.mul(builder.load(builder.gep(vector, [k])), _I64(2 * LANES))
                    factors = _load(builder, coefficient, first_of)
                    more = _products(builder, _load(builder, data, where), factors, width)
                    builder.store(builder.add(builder.load(total), more), total)
            whole = nothing
            for total in sums:
                whole = builder.add(whole, builder.load(total))
            return builder.sext(_sum(builder, whole), _I64)

        return signature, generate

    return dot


_WIDTH = best_width()
_bound, _dot = make_bound(_WIDTH), make_dot(_WIDTH)


@intrinsic
def _weigh(typing, weights, k, pixels, at, coefficients):
    """coefficients[k …] = weights[k …] · pixels[at …], one vector.

    Returns coefficients · pixels, and times 2³² the sum of the coefficients in the odd lanes.
    """
    signature = types.int64(weights, k, pixels, at, coefficients)

    def generate(context, builder, signature, arguments):
        kinds = signature.args
        weight, data, result = (_data(context, builder, kinds[k], arguments[k]) for k in (0, 2, 4))
        there = _load(builder, data, arguments[3])
        factors = builder.mul(_load(builder, weight, arguments[1]), there)
        place = builder.bitcast(builder.gep(result, [arguments[1]]), _PAIRS.as_pointer())
        builder.store(factors, place, align=2)
        odd = builder.ashr(builder.bitcast(factors, _INTS), ir.Constant(_INTS, [16] * LANES))
        high = builder.shl(builder.zext(_sum(builder, odd), _I64), _I64(32))
        low = _sum(builder, _products(builder, factors, there, _WIDTH))
        return builder.or_(high, builder.zext(low, _I64))

    return signature, generate


@intrinsic
def _lowest_bit(typing, number):
    """The number of the lowest bit that is set (there is one)."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@intrinsic
def _ones(typing, number):
    """How many bits are set."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


# ── threads ──


@intrinsic
def _claim(typing, counter):
    """counter[0]++, as it was before; no two threads get the same."""

    def generate(context, builder, signature, arguments):
        data = _data(context, builder, signature.args[0], arguments[0])
        return builder.atomic_rmw("add", data, _I64(1), "acq_rel")

    return types.int64(counter), generate


@intrinsic
def _look(typing, turns, at):
    """turns[at] as it is now, and with it all that was written before it was cleared."""

    def generate(context, builder, signature, arguments):
        data = _data(context, builder, signature.args[0], arguments[0])
        return builder.load_atomic(builder.gep(data, [arguments[1]]), "acquire", 4)

    return types.int32(turns, at), generate


@intrinsic
def _clear(typing, turns, at):
    """turns[at] = 0, after all that was written so far."""

    def generate(context, builder, signature, arguments):
        data = _data(context, builder, signature.args[0], arguments[0])
        builder.store_atomic(_I32(0), builder.gep(data, [arguments[1]]), "release", 4)
        return context.get_dummy_value()

    return types.void(turns, at), generate


# ── one search ──


class Desk(NamedTuple):
    """What one thread works on during a search."""

    coefficients: NDArray[np.int16]  # as Shape.weights, and a vector of zeros
    used: NDArray[np.int64]  # the vectors of them that are not 0 …
    used_rows: NDArray[np.int64]  # … and their way from a position to the samples
    few: NDArray[np.int32]  # pairs of the taps of the lower bound …
    few_samples: NDArray[np.int64]
    few_begin: NDArray[np.int64]  # Σ w T² and what the squares were lowered by, after so many taps
    sums: NDArray[np.int32]  # of a block
    found: NDArray[np.int64]  # first positions that match …
    distance: NDArray[np.int64]  # … and how well
    accepted: NDArray[np.int32]  # 0, by label


class Record(NamedTuple):
    """What became of each pixel of a list."""

    source: NDArray[np.int64]  # −1: left for later
    distance: NDArray[np.int64]
    weight: NDArray[np.int64]


@njit(nogil=True, cache=True)
def make_desk(samples, shape):
    flat = shape.weights.size
    return Desk(
        np.zeros(flat + 2 * LANES, np.int16),
        np.empty(flat // (2 * LANES) + TOGETHER, np.int64),
        np.empty(flat // (2 * LANES) + TOGETHER, np.int64),
        np.empty(shape.tap_samples.size, np.int32),
        np.empty(shape.tap_samples.size, np.int64),
        np.zeros(len(shape.taps) + 1, np.int64),
        np.empty(BLOCK, np.int32),
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
                both = _weigh(
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


@njit(nogil=True, cache=True)
def search(samples, shape, canvas, at, epsilon, desk):
    """Find all matches of the window around a pixel: desk.found, as first positions, ascending.

    Returns how many, the smallest distance and the sum of the weights.
    """
    planes = shape.weights.shape[1]
    squares, weight, vectors = _open_up(shape, canvas, at, desk)
    begin = squares + shape.offset * weight
    best, limit = np.int64(_HIGHEST), np.int64(_HIGHEST)
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            origin = canvas.origin[at + dy * canvas.stride + dx]
            position = origin - dy * samples.stride - dx
            if origin < 0 or not 0 <= position < len(samples.label):
                continue
            if samples.label[position] >= 0:
                d = begin + _dot(
                    samples.pixels,
                    2 * position,
                    desk.used_rows,
                    desk.coefficients,
                    desk.used,
                    vectors,
                )
                best = min(best, d)
    limit = _limit(best, epsilon)
    taps = _first_taps(shape, desk)
    number = 0
    for block in range(len(samples.blocks)):
        position, inside = samples.blocks[block], samples.valid[block]
        low, high = 0, min(FEW, taps)
        desk.sums[:] = np.int32(desk.few_begin[high])
        while True:
            inside &= _bound(
                samples.pixels,
                2 * position,
                desk.few_samples,
                desk.few,
                low * planes,
                high * planes,
                desk.sums,
                limit,
            )
            if high == taps or _ones(inside) <= MANY:
                break
            low, high = high, min(high + MORE, taps)
            desk.sums[:] += np.int32(desk.few_begin[high] - desk.few_begin[low])
        while inside != 0:
            one = position + _lowest_bit(inside)
            inside &= inside - np.uint64(1)
            d = begin + _dot(
                samples.pixels, 2 * one, desk.used_rows, desk.coefficients, desk.used, vectors
            )
            if d <= limit:
                desk.found[number], desk.distance[number] = one, d
                number += 1
                if d < best:
                    best = d
                    limit = _limit(best, epsilon)
    kept = 0
    for k in range(number):
        if desk.distance[k] <= limit:
            desk.found[kept], desk.distance[kept] = desk.found[k], desk.distance[k]
            kept += 1
    return kept, best, weight


@njit(nogil=True, cache=True)
def _limit(best, epsilon):
    return min(np.int64(np.floor((1.0 + epsilon) * best)), np.int64(_HIGHEST))


@njit(nogil=True, cache=True)
def _pick(samples, number, desk, random):
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
def own_error(samples, shape, at, channels):
    """How well the upper half of the window around a position matches elsewhere; 2: no elsewhere.

    Windows that overlap it are left out.
    """
    desk, window, radius = make_desk(samples, shape), shape.window, shape.window // 2
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
            d = begin + _dot(
                samples.pixels, 2 * position, desk.used_rows, desk.coefficients, desk.used, vectors
            )
            best = d if best < 0 else min(best, d)
    return error(best, weight, channels) if best >= 0 else 2.0


# ── growing ──


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
    canvas,
    channels,
    epsilon,
    max_error,
    record,
):
    """Fill the pixels listed[claims[0]:end]; any number of threads may do it at the same time.

    Record tells of each its source (−1: no match was good enough), distance and sum of weights.
    """
    desk = make_desk(samples, shape)
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
            claimed = _claim(claims)
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
        number, _, weight = search(samples, shape, canvas, at, epsilon, desk)
        source, which = _pick(samples, number, desk, randoms[k])
        d = desk.distance[which]
        record.distance[k], record.weight[k] = d, weight
        if error(d, weight, channels) < max_error:
            put(samples, canvas, at, source)
            record.source[k] = source
        else:
            record.source[k] = -1
        _clear(canvas.turn, at)


@njit(nogil=True, cache=True)
def _ready(shape, canvas, listed, k):
    """Whether nobody before k in the list still waits in its window."""
    radius = shape.window // 2
    for row in range(-radius, radius + 1):
        first = listed[k] + row * canvas.stride - radius
        for near in range(first, first + shape.window):
            if 0 < _look(canvas.turn, near) <= k:
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
def error(d, weight, channels):
    return np.float64(d) / np.float64(weight * channels * 65025)


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
def all_matches(samples, shape, canvas, at, epsilon):
    """Every position that matches the window around a pixel, ascending, with its distance."""
    desk = make_desk(samples, shape)
    number, _, weight = search(samples, shape, canvas, at, epsilon, desk)
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


# ── equal windows ──

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@njit(nogil=True, cache=True)
def hash_rows(start, stop, pixels, plane, window, rows):
    """A number for each run of pixels as wide as a window, from each position on."""
    planes = len(pixels) // plane
    for position in range(start, stop):
        h = np.uint64(0)
        for k in range(2 * position, 2 * (position + window)):
            for p in range(planes):
                h = (h ^ np.uint64(np.uint16(pixels[k + p * plane]))) * _FACTOR
        rows[position] = h


@njit(nogil=True, cache=True)
def label_windows(
    start, stop, candidate, rows, pixels, plane, stride, window, table, label, first, count
):
    """Number the different windows in the order of their positions; how many there are by now.

    The table holds 1 + the label of a window at, or after, the place its number points to.
    """
    last, radius = np.uint64(len(table) - 1), window // 2
    for position in range(start, stop):
        if not candidate[position]:
            continue
        corner = position - radius * stride - radius
        h = np.uint64(0)
        for row in range(window):
            h = (h ^ rows[corner + row * stride]) * _FACTOR
            h ^= h >> np.uint64(29)
        slot = np.int64(h & last)
        while table[slot] != 0:
            there = first[table[slot] - 1] - radius * stride - radius
            if _equal(pixels, plane, stride, window, corner, there):
                break
            slot = np.int64(np.uint64(slot + 1) & last)
        if table[slot] == 0:
            first[count] = position
            count += 1
            table[slot] = count
        label[position] = table[slot] - 1
    return count


@njit(nogil=True, cache=True)
def _equal(pixels, plane, stride, window, a, b):
    for p in range(len(pixels) // plane):
        for row in range(window):
            i, j = p * plane + 2 * (a + row * stride), p * plane + 2 * (b + row * stride)
            for k in range(2 * window):
                if pixels[i + k] != pixels[j + k]:
                    return False
    return True


@njit(nogil=True, cache=True)
def blocks_of(first):
    """Blocks that cover these positions (ascending), and which of the 64 of each they are."""
    starts, valid = np.empty(len(first), np.int64), np.zeros(len(first), np.uint64)
    count, k = 0, 0
    while k < len(first):
        starts[count] = first[k]
        while k < len(first) and first[k] < starts[count] + BLOCK:
            valid[count] |= np.uint64(1) << np.uint64(first[k] - starts[count])
            k += 1
        count += 1
    return starts[:count].copy(), valid[:count].copy()
