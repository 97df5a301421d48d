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
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils, codegen
from numba.extending import intrinsic

SIZES = range(3, 16, 2)  # of a patch
CHANNELS = range(1, 9)
TAIL = 128  # bytes behind the last row; no row of a patch is longer
FORBIDDEN = 1 << 30  # a distance where no patch may be taken; others are < 15 · 15 · 8 · 255² < 2²⁷
BARRED = FORBIDDEN + (1 << 28)  # in the table: no dot product can bring it below FORBIDDEN
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


def _add_dot(builder: Any, level: str, total: Any, a: Any, b: Any) -> Any:
    """total + a · b, in some order of the lanes; a is unsigned, b is signed."""
    lanes = a.type.count // 4
    if level in ("avx512vnni", "avxvnni"):
        as_ints = _vector(_INT, lanes)
        a, b = builder.bitcast(a, as_ints), builder.bitcast(b, as_ints)
        return _called(builder, f"llvm.x86.avx512.vpdpbusd.{lanes * 32}", as_ints, total, a, b)
    words = _vector(_WORD, 4 * lanes)
    a, b = builder.zext(a, words), builder.sext(b, words)
    if level == "portable":  # a product fits into a word: 255 · 128 < 2¹⁵
        products = builder.sext(builder.mul(a, b), _vector(_INT, 4 * lanes))
    else:
        name = "llvm.x86.avx512.pmaddw.d.512" if level == "avx512bw" else "llvm.x86.avx2.pmadd.wd"
        products = _called(builder, name, _vector(_INT, 2 * lanes), a, b)
    while products.type.count > lanes:
        products = builder.add(*_halves(builder, products))
    return builder.add(total, products)


def _halves(builder: Any, vector: Any) -> list[Any]:
    count = vector.type.count
    return [
        builder.shuffle_vector(
            vector,
            ir.Constant(vector.type, ir.Undefined),
            ir.Constant(_vector(_INT, count // 2), list(range(low, low + count // 2))),
        )
        for low in (0, count // 2)
    ]


def _lanes_at_once(level: str, pitch: int) -> int:
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


def fixed_dot(level: str, rows: int, pitch: int) -> Any:
    """dot(scratch, picture, stride) for patches of so many rows, all of them written out."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scratch, picture, stride = arguments
        lanes = _lanes_at_once(level, pitch)
        zero = ir.Constant(_vector(_INT, lanes // 4), None)
        totals = [zero, zero]  # two chains hide the latency of the sums
        for y in range(rows):
            for x in range(0, pitch, lanes):
                a = _load(builder, scratch, y * pitch + x, lanes)
                b = _load(builder, picture, x, lanes)
                totals = [totals[1], _add_dot(builder, level, totals[0], a, b)]
            picture = builder.add(picture, stride)
        return _sum(builder, totals)

    @intrinsic
    def dot(typing: Any, scratch: Any, picture: Any, stride: Any) -> Any:
        return types.int32(*_ADDRESSES), generate

    return dot


def looped_dot(level: str, pitch: int) -> Any:
    """dot(scratch, picture, stride, rows) for any number of rows."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scratch, picture, stride, rows = arguments
        lanes = _lanes_at_once(level, pitch)
        steps = range(0, pitch, lanes)
        zero = ir.Constant(_vector(_INT, lanes // 4), None)
        totals = [cgutils.alloca_once_value(builder, zero) for _ in steps]
        with cgutils.for_range(builder, rows) as loop:
            a_row = builder.add(scratch, builder.mul(loop.index, ir.Constant(rows.type, pitch)))
            b_row = builder.add(picture, builder.mul(loop.index, stride))
            for x, total in zip(steps, totals, strict=True):
                a, b = _load(builder, a_row, x, lanes), _load(builder, b_row, x, lanes)
                builder.store(_add_dot(builder, level, builder.load(total), a, b), total)
        return _sum(builder, [builder.load(total) for total in totals])

    @intrinsic
    def dot(typing: Any, scratch: Any, picture: Any, stride: Any, rows: Any) -> Any:
        return types.int32(*_ADDRESSES, types.intp), generate

    return dot


def patch_loader(level: str, pitch: int) -> Any:
    """load(scratch, picture, stride, rows, mask): the patch to the scratch; Σ a (a − 256).

    The mask is an address of ``pitch`` bytes, 255 where the patch has a byte and 0 behind it.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scratch, picture, stride, rows, mask = arguments
        lanes = _lanes_at_once(level, pitch)
        kind = _vector(_BYTE, lanes)
        sign = ir.Constant(kind, [ir.Constant(_BYTE, 128)] * lanes)
        ones = ir.Constant(kind, [ir.Constant(_BYTE, 1)] * lanes)
        zero = ir.Constant(_vector(_INT, lanes // 4), None)
        products = cgutils.alloca_once_value(builder, zero)  # Σ a (a − 128)
        sums = cgutils.alloca_once_value(builder, zero)  # Σ a
        with cgutils.for_range(builder, rows) as loop:
            a_row = builder.add(scratch, builder.mul(loop.index, ir.Constant(rows.type, pitch)))
            b_row = builder.add(picture, builder.mul(loop.index, stride))
            for x in range(0, pitch, lanes):
                a = builder.and_(_load(builder, b_row, x, lanes), _load(builder, mask, x, lanes))
                place = builder.add(a_row, ir.Constant(a_row.type, x))
                builder.store(a, builder.inttoptr(place, kind.as_pointer()), align=1)
                for total, b in ((products, builder.xor(a, sign)), (sums, ones)):
                    builder.store(_add_dot(builder, level, builder.load(total), a, b), total)
        linear = builder.mul(_sum(builder, [builder.load(sums)]), ir.Constant(_INT, 128))
        return builder.sub(_sum(builder, [builder.load(products)]), linear)

    @intrinsic
    def load(typing: Any, scratch: Any, picture: Any, stride: Any, rows: Any, mask: Any) -> Any:
        return types.int32(*_ADDRESSES, types.intp, types.uintp), generate

    return load


def functions_at(level: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """(load, dot) as the kernels call them, for one level: the tests compare them."""
    seven_narrow, five_narrow = fixed_dot(level, 7, 32), fixed_dot(level, 5, 32)
    seven_wide = fixed_dot(level, 7, 64)
    narrow, wide, widest = (looped_dot(level, pitch) for pitch in (32, 64, 128))
    load_narrow, load_wide, load_widest = (patch_loader(level, pitch) for pitch in (32, 64, 128))

    @njit(nogil=True, inline="always")
    def dot(scratch, picture, stride, rows, pitch):
        if pitch == 32:
            if rows == 7:
                return seven_narrow(scratch, picture, stride)
            if rows == 5:
                return five_narrow(scratch, picture, stride)
            return narrow(scratch, picture, stride, rows)
        if pitch == 64:
            if rows == 7:
                return seven_wide(scratch, picture, stride)
            return wide(scratch, picture, stride, rows)
        return widest(scratch, picture, stride, rows)

    @njit(nogil=True, inline="always")
    def load(scratch, picture, stride, rows, pitch, mask):
        if pitch == 32:
            return load_narrow(scratch, picture, stride, rows, mask)
        if pitch == 64:
            return load_wide(scratch, picture, stride, rows, mask)
        return load_widest(scratch, picture, stride, rows, mask)

    return load, dot


LEVEL = level_of(host_features())
load_patch, dot_patch = functions_at(LEVEL)
