"""Vectors and atomic numbers for ``kernels.efros_leung``, as pieces of LLVM.

numba's own loops multiply and add sixteen 16-bit numbers a third as fast as the machine can. The
pieces here say so much in LLVM's words that it takes the instruction made for it: with AVX-512 VNNI
one for multiply, add and sum, on an older machine several; the sums are the same.
"""

from __future__ import annotations

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

BLOCK = 64  # positions of one lower bound
LANES = 16  # pixels whose pairs one vector holds
TOGETHER = 4  # vectors that are multiplied side by side

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
    def bound(typing, pixels, at, offsets, coefficients, count, start, start_at, more, limit):
        """Which of the 64 positions from pixels[at] on have a sum within the limit, as bits.

        The sum is start[start_at …] + more + Σ coefficients[k] · pixels[offsets[k] …], pair by
        pair, for k < count.
        """
        signature = types.uint64(
            pixels, at, offsets, coefficients, count, start, start_at, more, limit
        )

        def generate(context, builder, signature, arguments):
            kinds = signature.args
            data, offset, coefficient, begin = (
                _data(context, builder, kinds[k], arguments[k]) for k in (0, 2, 3, 5)
            )
            begin = builder.bitcast(builder.gep(begin, [arguments[6]]), _INTS.as_pointer())
            added = _all_lanes(builder, builder.trunc(arguments[7], _I32))
            sums = []
            for lane in range(BLOCK // LANES):
                there = builder.load(builder.gep(begin, [_I64(lane)]), align=4)
                sums.append(cgutils.alloca_once_value(builder, builder.add(there, added)))
            with cgutils.for_range(builder, arguments[4], intp=_I64) as loop:
                where = builder.add(arguments[1], builder.load(builder.gep(offset, [loop.index])))
                pair = builder.load(builder.gep(coefficient, [loop.index]))
                spread = builder.bitcast(_all_lanes(builder, pair), _PAIRS)
                for lane, total in enumerate(sums):
                    there = _load(builder, data, builder.add(where, _I64(2 * LANES * lane)))
                    products = _products(builder, there, spread, width)
                    builder.store(builder.add(builder.load(total), products), total)
            ceiling = _all_lanes(builder, builder.trunc(arguments[8], _I32))
            inside = _I64(0)
            for lane, total in enumerate(sums):
                few = builder.icmp_signed("<=", builder.load(total), ceiling)
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
bound, dot = make_bound(_WIDTH), make_dot(_WIDTH)


@intrinsic
def weigh(typing, weights, k, pixels, at, coefficients):
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
def lowest_bit(typing, number):
    """The number of the lowest bit that is set (there is one)."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@intrinsic
def ones(typing, number):
    """How many bits are set."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


# ── threads ──


@intrinsic
def claim(typing, counter):
    """counter[0]++, as it was before; no two threads get the same."""

    def generate(context, builder, signature, arguments):
        data = _data(context, builder, signature.args[0], arguments[0])
        return builder.atomic_rmw("add", data, _I64(1), "acq_rel")

    return types.int64(counter), generate


@intrinsic
def look(typing, turns, at):
    """turns[at] as it is now, and with it all that was written before it was cleared."""

    def generate(context, builder, signature, arguments):
        data = _data(context, builder, signature.args[0], arguments[0])
        return builder.load_atomic(builder.gep(data, [arguments[1]]), "acquire", 4)

    return types.int32(turns, at), generate


@intrinsic
def clear(typing, turns, at):
    """turns[at] = 0, after all that was written so far."""

    def generate(context, builder, signature, arguments):
        data = _data(context, builder, signature.args[0], arguments[0])
        builder.store_atomic(_I32(0), builder.gep(data, [arguments[1]]), "release", 4)
        return context.get_dummy_value()

    return types.void(turns, at), generate
