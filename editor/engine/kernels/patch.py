"""The distance of two patches, in the widest instruction the processor has.

The sum of squared differences of a patch a of the target and a patch b of the source falls apart:

    Σ (a − b)² = Σ a (a − 256) + Σ b² − 2 Σ a (b − 128)

The first sum belongs to the target and is made once for all its candidates. The second belongs to
the source and waits in a table, in which a patch that may not be taken is simply BARRED. What is
left for each candidate is a dot product of unsigned with signed bytes: one instruction for 64 of
them where there is VNNI, three where there is not. All of it is integer: every level gives the same
sums.

A picture lies in memory as rows of pixels of ``channels`` bytes, one row right after the other,
with TAIL bytes behind the last so that a wide load never leaves the buffer. The target keeps its
bytes, the source has b − 128. The patch at hand is copied to a scratch of ``pitch`` bytes a row,
with zeros behind its own bytes, so that whatever is read beside the other patch counts nothing.

numba keeps what it compiled by the name and the features of the processor. The level is read from
the same features, so a cache that comes to another machine is not used there. Trap: numba does not
see a change of this file in the cached kernels that were built from it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils, codegen
from numba.extending import intrinsic
from numpy.typing import NDArray

SIZES = range(3, 16, 2)  # of a patch
CHANNELS = range(1, 9)
TAIL = 128  # bytes behind the last row; no row of a patch is longer
FORBIDDEN = 1 << 30  # a distance where no patch may be taken; others are < 15 · 15 · 8 · 255² < 2²⁷
BARRED = FORBIDDEN + (1 << 28)  # in the table: no dot product can bring it below FORBIDDEN
PATTERNS = 6  # in a mark
MARK = 8  # bytes
ROW = 32  # bytes of a row where part of a patch is compared
LEVELS = ("avx512vnni", "avxvnni", "avx512bw", "avx2", "portable")

_BYTE, _WORD, _INT = ir.IntType(8), ir.IntType(16), ir.IntType(32)
_ADDRESSES = (types.uintp, types.uintp, types.intp)  # scratch, picture, bytes of a picture's row


def level_of(features: str) -> str:
    """The best level for LLVM's list of features: "+avx2,+avx512bw,-amx-int8,…"."""
    there = {name[1:] for name in features.split(",") if name.startswith("+")}
    if {"avx512bw", "avx512vl"} <= there:
        return "avx512vnni" if "avx512vnni" in there else "avx512bw"
    if "avx2" in there:
        return "avxvnni" if "avxvnni" in there else "avx2"
    return "portable"


def host_features() -> str:
    """What numba compiles for: the host, unless its settings say otherwise."""
    return str(numba.config.CPU_FEATURES or codegen.get_host_cpu_features())


def shape_of(size: int, channels: int) -> tuple[Any, Any]:
    """What the kernels take for ``rows`` and ``pitch``: see Shape.

    The usual patches have kernels of their own; all others share one that asks at run time.
    """
    pitch = pitch_of(size, channels)
    if (size, pitch) in ((5, 32), (5, 64), (7, 32), (7, 64)):
        return (0,) * size, (0,) * (pitch // 32)
    return size, pitch


def scratch_of(size: int, channels: int) -> int:
    """Bytes of a patch in the scratch, rounded up to whole registers."""
    return -(-size * pitch_of(size, channels) // 64) * 64


def mark_basis(size: int, channels: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Six patterns laid out as patches in a scratch, and what brings their products to a mark.

    They are at right angles to each other, so what two patches differ by along them is part of
    their distance: the sums of the first three channels; right less left, lower less upper, and
    one diagonal less the other. A mark holds these in units of ``size`` and cut at ±127; the first
    three are then the mean colour less 128. Rounding can bring two marks closer by one, so with
    compare_marks(a, b) = n, the distance is at least n · size², but for the last bits of a float.
    """
    pitch = pitch_of(size, channels)
    basis = np.zeros((PATTERNS, scratch_of(size, channels)), np.int8)
    patches = basis[:, : size * pitch].reshape(PATTERNS, size, pitch)[:, :, : size * channels]
    for channel in range(min(channels, 3)):
        patches[channel, :, channel::channels] = 1
    sign = np.sign(np.arange(size) - size // 2)
    across = np.repeat(sign, channels)
    patches[3] = across
    patches[4] = sign[:, None]
    patches[5] = sign[:, None] * across
    lengths = np.sqrt((basis.astype(np.float64) ** 2).sum(axis=1))
    scales = np.zeros((2, 8), np.float32)
    scales[0, :PATTERNS] = 1 / (size * np.maximum(lengths, 1))
    scales[1, : min(channels, 3)] = 128
    return basis, scales


def pitch_of(size: int, channels: int) -> int:
    """Bytes that a row of the scratch takes."""
    needed = size * channels
    return 32 if needed <= 32 else 64 if needed <= 64 else 128


# ── one row: a · b added to an accumulator of int32 ──


def _vector(kind: ir.Type, lanes: int) -> ir.VectorType:
    return ir.VectorType(kind, lanes)


def _called(builder: Any, name: str, result: ir.Type, *arguments: Any) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


def add_dot(builder: Any, level: str, total: Any, a: Any, b: Any) -> Any:
    """total + a · b of each four bytes; a is unsigned, b is signed."""
    lanes = a.type.count // 4
    if level in ("avx512vnni", "avxvnni"):
        as_ints = _vector(_INT, lanes)
        a, b = builder.bitcast(a, as_ints), builder.bitcast(b, as_ints)
        return _called(builder, f"llvm.x86.avx512.vpdpbusd.{lanes * 32}", as_ints, total, a, b)
    words = _vector(_WORD, 4 * lanes)
    a, b = builder.zext(a, words), builder.sext(b, words)
    if level == "portable":  # a product fits into a word: 255 · 128 < 2¹⁵
        products = builder.sext(builder.mul(a, b), _vector(_INT, 4 * lanes))
        products = _add_pairs(builder, products)
    else:
        products = _add_products(builder, level, a, b)
    return builder.add(total, _add_pairs(builder, products))


def _add_products(builder: Any, level: str, a: Any, b: Any) -> Any:
    """Half as many numbers: the sums of the products of each two words."""
    if level == "portable":
        ints = _vector(_INT, a.type.count)
        return _add_pairs(builder, builder.mul(builder.sext(a, ints), builder.sext(b, ints)))
    wide = a.type.count == 32
    name = "llvm.x86.avx512.pmaddw.d.512" if wide else "llvm.x86.avx2.pmadd.wd"
    return _called(builder, name, _vector(_INT, a.type.count // 2), a, b)


def _add_pairs(builder: Any, vector: Any) -> Any:
    """Half as many numbers: the sums of each two."""
    even, odd = (
        builder.shuffle_vector(
            vector,
            ir.Constant(vector.type, ir.Undefined),
            ir.Constant(_vector(_INT, vector.type.count // 2), picked),
        )
        for picked in (list(range(first, vector.type.count, 2)) for first in (0, 1))
    )
    return builder.add(even, odd)


def lanes_at_once(level: str, pitch: int) -> int:
    """Bytes in one register, or in two halves that become one."""
    if level == "avx512vnni":
        return min(pitch, 64)
    return 16 if level in ("avx2", "portable") else 32


def _load(builder: Any, address: Any, offset: int, lanes: int) -> Any:
    where = builder.add(address, ir.Constant(address.type, offset)) if offset else address
    value = builder.load(builder.inttoptr(where, _vector(_BYTE, lanes).as_pointer()))
    value.align = 1
    return value


def _sum(builder: Any, totals: list[Any]) -> Any:
    while len(totals) > 1:
        totals = [*totals[2:], builder.add(totals[0], totals[1])]
    name = f"llvm.vector.reduce.add.v{totals[0].type.count}i32"
    return _called(builder, name, _INT, totals[0])


# ── a patch ──


class Shape:
    """Rows and pitch of a patch as the compiler sees them: known, or a number at run time.

    A tuple stands for its length: () is a number the kernel is compiled for, an integer is not.
    """

    def __init__(self, signature: Any, arguments: Any) -> None:
        kinds = signature.args[-2:]
        self.known = all(isinstance(kind, types.BaseTuple) for kind in kinds)
        self.rows, self.pitch = arguments[-2:]
        if self.known:
            self.rows, pitch = (len(kind) for kind in kinds)
            self.pitch = 32 * pitch


def _for_each_row(builder: Any, rows: Any, stride: Any, body: Callable[..., None]) -> None:
    """body(number of the row, bytes before it) for each; written out if the rows are known."""
    if isinstance(rows, int):
        for y in range(rows):
            body(y, builder.mul(stride, ir.Constant(stride.type, y)))
        return
    with cgutils.for_range(builder, rows) as loop:
        body(loop.index, builder.mul(loop.index, stride))


def _for_the_pitch(builder: Any, pitch: Any, body: Callable[[int], None]) -> None:
    """body(pitch), for the one that holds."""
    if isinstance(pitch, int):
        body(pitch)
        return
    with builder.if_else(_equals(builder, pitch, 32)) as (narrow, other):
        with narrow:
            body(32)
        with other, builder.if_else(_equals(builder, pitch, 64)) as (wide, widest):
            with wide:
                body(64)
            with widest:
                body(128)


def _equals(builder: Any, number: Any, constant: int) -> Any:
    return builder.icmp_signed("==", number, ir.Constant(number.type, constant))


def _plus(builder: Any, address: Any, offset: Any) -> Any:
    if isinstance(offset, int):
        offset = ir.Constant(address.type, offset)
    return builder.add(address, offset)


def _totals(builder: Any, lanes: int, count: int) -> list[Any]:
    zero = ir.Constant(_vector(_INT, lanes // 4), None)
    return [cgutils.alloca_once_value(builder, zero) for _ in range(count)]


def _accumulate(builder: Any, level: str, total: Any, a: Any, b: Any) -> None:
    builder.store(add_dot(builder, level, builder.load(total), a, b), total)


def _dot(level: str) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scratch, picture, stride, _, _ = arguments
        shape = Shape(signature, arguments)
        result = cgutils.alloca_once(builder, _INT)

        def of_pitch(pitch: int) -> None:
            lanes = lanes_at_once(level, pitch)
            totals = _totals(builder, lanes, 2)  # two chains hide the latency of the sums

            def row(y: Any, before: Any) -> None:
                across = (
                    ir.Constant(stride.type, y * pitch)
                    if isinstance(y, int)
                    else builder.mul(y, ir.Constant(y.type, pitch))
                )
                a_row, b_row = builder.add(scratch, across), builder.add(picture, before)
                for x in range(0, pitch, lanes):
                    a, b = _load(builder, a_row, x, lanes), _load(builder, b_row, x, lanes)
                    _accumulate(builder, level, totals[0], a, b)
                    totals.reverse()

            _for_each_row(builder, shape.rows, stride, row)
            builder.store(_sum(builder, [builder.load(total) for total in totals]), result)

        _for_the_pitch(builder, shape.pitch, of_pitch)
        return builder.load(result)

    @intrinsic
    def dot(typing: Any, scratch: Any, picture: Any, stride: Any, rows: Any, pitch: Any) -> Any:
        return types.int32(*_ADDRESSES, rows, pitch), generate

    return dot


def _load_patch(level: str) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scratch, picture, stride, mask, _, _ = arguments
        shape = Shape(signature, arguments)
        result = cgutils.alloca_once(builder, _INT)

        def of_pitch(pitch: int) -> None:
            lanes = lanes_at_once(level, pitch)
            kind = _vector(_BYTE, lanes)
            sign = ir.Constant(kind, [ir.Constant(_BYTE, 128)] * lanes)
            ones = ir.Constant(kind, [ir.Constant(_BYTE, 1)] * lanes)
            products, sums = _totals(builder, lanes, 2)  # Σ a (a − 128) and Σ a

            def row(y: Any, before: Any) -> None:
                across = (
                    ir.Constant(stride.type, y * pitch)
                    if isinstance(y, int)
                    else builder.mul(y, ir.Constant(y.type, pitch))
                )
                to_row, from_row = builder.add(scratch, across), builder.add(picture, before)
                for x in range(0, pitch, lanes):
                    a = _load(builder, from_row, x, lanes)
                    a = builder.and_(a, _load(builder, mask, x, lanes))
                    place = _plus(builder, to_row, x)
                    builder.store(a, builder.inttoptr(place, kind.as_pointer()), align=1)
                    _accumulate(builder, level, products, a, builder.xor(a, sign))
                    _accumulate(builder, level, sums, a, ones)

            _for_each_row(builder, shape.rows, stride, row)
            linear = _sum(builder, [builder.load(sums)])
            linear = builder.mul(linear, ir.Constant(_INT, 128))
            own = builder.sub(_sum(builder, [builder.load(products)]), linear)
            builder.store(own, result)

        _for_the_pitch(builder, shape.pitch, of_pitch)
        return builder.load(result)

    @intrinsic
    def load(
        typing: Any, scratch: Any, picture: Any, stride: Any, mask: Any, rows: Any, pitch: Any
    ) -> Any:
        return types.int32(*_ADDRESSES, types.uintp, rows, pitch), generate

    return load


def _mark_patch(level: str) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scratch, basis, scales, place, length = arguments
        lanes = lanes_at_once(level, 64)
        totals = _totals(builder, lanes, PATTERNS)
        count = builder.udiv(length, ir.Constant(length.type, 64))
        with cgutils.for_range(builder, count) as loop:
            across = builder.mul(loop.index, ir.Constant(loop.index.type, 64))
            for x in range(0, 64, lanes):
                a = _load(builder, builder.add(scratch, across), x, lanes)
                for k, total in enumerate(totals):
                    start = builder.mul(length, ir.Constant(length.type, k))
                    b_place = builder.add(basis, builder.add(start, across))
                    _accumulate(builder, level, total, a, _load(builder, b_place, x, lanes))
        floats, ints = _vector(ir.FloatType(), 8), _vector(_INT, 8)
        numbers = ir.Constant(ints, None)
        for k, total in enumerate(totals):
            number = _sum(builder, [builder.load(total)])
            numbers = builder.insert_element(numbers, number, ir.Constant(_INT, k))
        scale, shift = (
            builder.load(builder.inttoptr(_plus(builder, scales, at), floats.as_pointer()), align=4)
            for at in (0, 32)
        )
        scaled = builder.fsub(builder.fmul(builder.sitofp(numbers, floats), scale), shift)
        rounded = builder.fptosi(_called(builder, "llvm.rint.v8f32", floats, scaled), ints)
        low, high = (ir.Constant(ints, [ir.Constant(_INT, n)] * 8) for n in (-127, 127))
        rounded = _called(builder, "llvm.smax.v8i32", ints, rounded, low)
        rounded = _called(builder, "llvm.smin.v8i32", ints, rounded, high)
        marks = builder.trunc(rounded, _vector(_BYTE, 8))
        builder.store(marks, builder.inttoptr(place, marks.type.as_pointer()), align=1)
        return ir.Constant(_INT, 0)

    @intrinsic
    def mark(typing: Any, scratch: Any, basis: Any, scales: Any, place: Any, length: Any) -> Any:
        return types.int32(*(types.uintp,) * 4, types.intp), generate

    return mark


def part_distance_at(level: str) -> Any:
    """part_distance(colours, counted, picture, stride, rows): Σ (a − b)² over part of a patch.

    All but the stride and the rows are addresses. Both tables have ROW words in a row: the bytes of
    the patch a less 128, and -1 where one counts, else 0. The picture b is less 128 too, and the
    place in it that of the patch's corner.
    """
    lanes = 32 if level.startswith("avx512") else 16

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        colours, counted, picture, stride, rows = arguments
        words = _vector(_WORD, lanes)
        totals = _totals(builder, 2 * lanes, 1)  # so many ints as there are pairs of words

        def row(y: Any, before: Any) -> None:
            across = builder.mul(y, ir.Constant(y.type, 2 * ROW))
            tables = [builder.add(table, across) for table in (colours, counted)]
            place = builder.add(picture, before)
            for x in range(0, ROW, lanes):
                a, mask = (
                    builder.bitcast(_load(builder, table, 2 * x, 2 * lanes), words)
                    for table in tables
                )
                b = builder.sext(_load(builder, place, x, lanes), words)
                difference = builder.and_(builder.sub(a, b), mask)
                squares = _add_products(builder, level, difference, difference)
                builder.store(builder.add(builder.load(totals[0]), squares), totals[0])

        _for_each_row(builder, rows, stride, row)
        return _sum(builder, [builder.load(totals[0])])

    @intrinsic
    def distance(
        typing: Any, colours: Any, counted: Any, picture: Any, stride: Any, rows: Any
    ) -> Any:
        return types.int32(*(types.uintp,) * 3, types.intp, types.intp), generate

    return distance


@intrinsic
def compare_marks(typing: Any, a: Any, b: Any) -> Any:
    """compare_marks(a, b), two addresses: Σ (|a − b| − 1)², where 0 and 1 count as 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        marks, words = _vector(_BYTE, 8), _vector(_WORD, 8)
        a, b = (
            builder.sext(builder.load(builder.inttoptr(at, marks.as_pointer()), align=1), words)
            for at in arguments
        )
        difference = builder.sub(a, b)
        size = _called(builder, "llvm.smax.v8i16", words, difference, builder.neg(difference))
        one = ir.Constant(words, [ir.Constant(_WORD, 1)] * 8)
        size = _called(builder, "llvm.usub.sat.v8i16", words, size, one)
        wide = builder.sext(size, _vector(_INT, 8))
        return _called(builder, "llvm.vector.reduce.add.v8i32", _INT, builder.mul(wide, wide))

    return types.int32(types.uintp, types.uintp), generate


@intrinsic
def prefetch(typing: Any, address: Any) -> Any:
    """Ask for the line at this address, which need not exist."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.inttoptr(arguments[0], _BYTE.as_pointer())
        hints = [ir.Constant(_INT, n) for n in (0, 3, 1)]  # to read, soon again, data
        _called(builder, "llvm.prefetch.p0", ir.VoidType(), place, *hints)
        return ir.Constant(_INT, 0)

    return types.int32(types.uintp), generate


def functions_at(level: str) -> tuple[Any, Any, Any]:
    """(load_patch, dot_patch, mark_patch) of one level: the tests compare them.

    load_patch(scratch, picture, stride, mask, rows, pitch) copies a patch, returns Σ a (a − 256);
    the mask is the address of a row of 255 where the patch has a byte and 0 behind.
    dot_patch(scratch, picture, stride, rows, pitch) returns Σ a (b − 128).
    mark_patch(scratch, basis, scales, mark, bytes of a scratch) writes the MARK bytes of a mark.
    """
    return _load_patch(level), _dot(level), _mark_patch(level)


LEVEL = level_of(host_features())
load_patch, dot_patch, mark_patch = functions_at(LEVEL)
part_distance = part_distance_at(LEVEL)
