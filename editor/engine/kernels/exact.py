"""Inner loops of the exact nearest neighbours: one offset after the other, and a box filter.

For one offset the products Σ a (b − 128) of all pixels are summed up in columns of ``size`` rows,
which move down a row by adding one and subtracting one; then over ``size`` columns. That is some
20 instructions for a register of pixels, whatever the size of the patch.

A picture comes as planes of four channels, one int32 a pixel: the four bytes of a dot product.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from editor.engine.kernels.patch import (
    FORBIDDEN,
    LEVEL,
    add_dot,
    dot_patch,
    lanes_at_once,
    load_patch,
)

LANES = lanes_at_once(LEVEL, 64) // 4  # pixels at a time
BEHIND = 32  # pixels behind each row of a plane that are read and count nothing

BAND, BLOCK = 48, 320  # rows and columns of the target that stay in the nearest cache

_INT = ir.IntType(32)
_INTS, _BYTES = ir.VectorType(ir.IntType(32), LANES), ir.VectorType(ir.IntType(8), 4 * LANES)


def _load(builder: Any, address: Any, offset: Any, kind: Any) -> Any:
    place = builder.inttoptr(builder.add(address, offset), kind.as_pointer())
    return builder.load(place, align=1)


def _store(builder: Any, value: Any, address: Any, offset: Any) -> None:
    place = builder.inttoptr(builder.add(address, offset), value.type.as_pointer())
    builder.store(value, place, align=1)


def any_of(builder: Any, mask: Any) -> Any:
    bits = builder.bitcast(mask, ir.IntType(LANES))
    return builder.icmp_unsigned("!=", bits, bits.type(0))


@intrinsic
def _add_row(typing: Any, columns: Any, a: Any, b: Any, count: Any) -> Any:
    """columns += a · b for ``count`` pixels; all addresses."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        columns, a, b, count = arguments
        with cgutils.for_range_slice(
            builder, count.type(0), count, count.type(LANES), intp=count.type
        ) as (x, _):
            at = builder.mul(x, count.type(4))
            total = _load(builder, columns, at, _INTS)
            pixels = (_load(builder, place, at, _BYTES) for place in (a, b))
            _store(builder, add_dot(builder, LEVEL, total, *pixels), columns, at)
        return ir.Constant(ir.IntType(32), 0)

    return types.int32(*(types.uintp,) * 3, types.intp), generate


@intrinsic
def _pass_row(
    typing: Any,
    columns: Any,
    first: Any,
    last: Any,
    apart: Any,
    norms: Any,
    results: Any,
    code: Any,
    planes: Any,
    size: Any,
    count: Any,
) -> Any:
    """The columns get their last row, are summed up, and lose their first row.

    Where norms − 2 Σ columns is less than the best, the best is that, and its place the code.
    ``first`` and ``last`` are pairs of addresses of rows, ``apart`` how far the next planes of both
    pictures are, ``results`` the addresses of best and places; ``planes`` and ``size`` are tuples
    and mean their length.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        columns, first, last, apart, norms, results, code, _, _, count = arguments
        first, last, apart, (best, places) = (
            [builder.extract_value(pair, k) for k in range(2)]
            for pair in (first, last, apart, results)
        )
        planes, rows = (len(kind) for kind in signature.args[7:9])
        codes = builder.insert_element(ir.Constant(_INTS, ir.Undefined), code, _INT(0))
        codes = builder.shuffle_vector(codes, codes, ir.Constant(_INTS, [0] * LANES))

        def whole(at: Any) -> Any:
            """The columns with their last row; those without their first are put back."""
            full, gone = _load(builder, columns, at, _INTS), ir.Constant(_INTS, None)
            for plane in range(planes):
                there = [builder.add(at, builder.mul(gap, gap.type(plane))) for gap in apart]
                a, b = (_load(builder, *both, _BYTES) for both in zip(last, there, strict=True))
                full = add_dot(builder, LEVEL, full, a, b)
                a, b = (_load(builder, *both, _BYTES) for both in zip(first, there, strict=True))
                gone = add_dot(builder, LEVEL, gone, a, b)
            _store(builder, builder.sub(full, gone), columns, at)
            return full

        ahead = -(-(rows - 1) // LANES)  # registers of columns beside the one at hand
        held = [
            cgutils.alloca_once_value(builder, whole(count.type(4 * LANES * k)))
            for k in range(ahead)
        ]
        with cgutils.for_range_slice(
            builder, count.type(0), count, count.type(LANES), intp=count.type
        ) as (x, _):
            at = builder.mul(x, count.type(4))
            beyond = builder.add(at, count.type(4 * LANES * ahead))
            here = [*(builder.load(one) for one in held), whole(beyond)]
            for one, value in zip(held, here[1:], strict=True):
                builder.store(value, one)
            total = here[0]
            for k in range(1, rows):
                low, shift = divmod(k, LANES)
                lanes = ir.Constant(_INTS, list(range(shift, shift + LANES)))
                moved = here[low]
                if shift:
                    moved = builder.shuffle_vector(here[low], here[low + 1], lanes)
                total = builder.add(total, moved)
            score = builder.sub(_load(builder, norms, at, _INTS), builder.add(total, total))
            before = _load(builder, best, at, _INTS)
            better = builder.icmp_signed("<", score, before)
            with builder.if_then(any_of(builder, better), likely=False):
                _store(builder, builder.select(better, score, before), best, at)
                where = builder.select(better, codes, _load(builder, places, at, _INTS))
                _store(builder, where, places, at)
        return _INT(0)

    two = types.UniTuple(types.uintp, 2)
    return types.int32(
        types.uintp, two, two, two, types.uintp, two, types.int32, planes, size, types.intp
    ), generate


@njit(nogil=True, cache=True)
def improve_blocks(start, stop, dys, planes, size, targets, sources, norms, best, places):
    """All offsets whose dy is in dys[0]..dys[1] − 1, for the blocks start..stop of the target.

    targets and sources are (planes, H, W + BEHIND, 4), norms (H′, W′ + BEHIND) are BARRED where no
    patch may be taken, best and places are (columns of blocks, H, BLOCK + BEHIND): what is the
    least of Σ b² − 2 Σ a (b − 128), and where. The last register of a row goes beyond its block:
    hence each has room of its own. planes and size are tuples and mean their length.
    """
    height, pitch = targets.shape[1:3]
    source_height, source_pitch = norms.shape
    width, source_width, r = pitch - BEHIND, source_pitch - BEHIND, len(size) // 2
    memory = np.zeros(BLOCK + 3 * BEHIND, np.int32)
    columns = (numba.uintp(memory.ctypes.data) + numba.uintp(63)) & ~numba.uintp(63)
    a, b = numba.uintp(targets.ctypes.data), numba.uintp(sources.ctypes.data)
    scores, wins = numba.uintp(best.ctypes.data), numba.uintp(places.ctypes.data)
    table = numba.uintp(norms.ctypes.data)
    apart = numba.uintp(4 * height * pitch), numba.uintp(4 * source_height * source_pitch)
    down, source_down = numba.uintp(4 * pitch), numba.uintp(4 * source_pitch)
    across, result_pitch = best.shape[0], best.shape[2]
    result_down = numba.uintp(4 * result_pitch)
    for k in range(start, stop):
        row, column = k // across * BAND, k % across * BLOCK
        for dy in range(dys[0], dys[1]):
            top = max(r, r - dy, row)
            bottom = min(height - r, source_height - r - dy, row + BAND)
            if top >= bottom:
                continue
            for dx in range(2 * r + 1 - width, source_width - 2 * r):
                left = max(r, r - dx, column)
                right = min(width - r, source_width - r - dx, column + BLOCK)
                if left >= right:
                    continue
                memory[:] = 0
                corner = 4 * ((top - r) * pitch + left - r)
                source_corner = 4 * ((top + dy - r) * source_pitch + left + dx - r)
                first = a + numba.uintp(corner), b + numba.uintp(source_corner)
                last = first
                for _ in range(2 * r):
                    for plane in range(len(planes)):
                        place = last[0] + numba.uintp(plane) * apart[0]
                        other = last[1] + numba.uintp(plane) * apart[1]
                        _add_row(columns, place, other, right - left + 2 * r)
                    last = last[0] + down, last[1] + source_down
                middle = (k % across * height + top) * result_pitch + left - column
                at = numba.uintp(4 * middle)
                norm = table + numba.uintp(4 * ((top + dy) * source_pitch + left + dx))
                code = np.int32((dy + height) * (width + source_width) + dx + width)
                for _ in range(top, bottom):
                    results = scores + at, wins + at
                    _pass_row(
                        columns,
                        first,
                        last,
                        apart,
                        norm,
                        results,
                        code,
                        planes,
                        size,
                        right - left,
                    )
                    first = first[0] + down, first[1] + source_down
                    last = last[0] + down, last[1] + source_down
                    at += result_down
                    norm += source_down
    return len(memory)


@njit(nogil=True, cache=True)
def try_all(start, stop, ys, xs, pair, positions, distances):
    """For some single target patches: every patch of the source."""
    width = pair.wanted.shape[1]
    norms, rows, pitch = pair.norms, pair.rows, pair.pitch
    source_height, source_width = norms.shape
    r, channels = pair.size // 2, pair.channels
    stride, source_stride = width * channels, source_width * channels
    target = numba.uintp(pair.target.ctypes.data) - numba.uintp(r * (stride + channels))
    source = numba.uintp(pair.source.ctypes.data) - numba.uintp(r * (source_stride + channels))
    mask = numba.uintp(pair.mask.ctypes.data)
    memory = np.zeros(pair.basis.shape[1], np.uint8)
    scratch = numba.uintp(memory.ctypes.data)
    for i in range(start, stop):
        place = target + numba.uintp(ys[i] * stride + xs[i] * channels)
        own = load_patch(scratch, place, stride, mask, rows, pitch)
        best = np.int32(FORBIDDEN)
        by = bx = -1
        for y in range(r, source_height - r):
            place = source + numba.uintp(y * source_stride + r * channels)
            for x in range(r, source_width - r):
                score = norms[y, x] - 2 * dot_patch(scratch, place, source_stride, rows, pitch)
                place += numba.uintp(channels)
                if score < best:
                    best, by, bx = score, y, x
        positions[ys[i], xs[i], 0], positions[ys[i], xs[i], 1] = by, bx
        distances[ys[i], xs[i]] = best + own if by >= 0 else FORBIDDEN
    return len(memory)
