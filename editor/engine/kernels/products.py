"""Inner loop of the frame distances: exact dot products of frames, all pairs, 8 bits wide.

Frames lie in panels of 16, stored as value − 128 (signed), in the order panel, k / 4, frame, k % 4:
one load takes four values of 16 frames, one broadcast four values of one frame, and a tile of some
rows × 32 frames stays in registers while k runs. Where the processor can multiply and add 8 bit
numbers four at a time (AVX-512 VNNI) one instruction does 64 products; elsewhere the same sum is
written as 16 bit products, which every vector unit has. All of it is integer arithmetic: the sums
are exact and equal on every machine.

Unsigned × signed is what the instruction takes, so that the tile holds Σ x (y − 128); the caller
adds 128 Σ x.
"""

from __future__ import annotations

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

PANEL = 16  # frames in a panel: the 32-bit lanes of a register
LONGEST = 1 << 15  # values whose products surely fit a 32-bit sum: 2¹⁵ · 255 · 128 < 2³¹
VNNI = bool(llvm.get_host_cpu_features().get("avx512vnni"))

_BYTES = ir.VectorType(ir.IntType(8), 4 * PANEL)
_WORDS = ir.VectorType(ir.IntType(16), 2 * PANEL)
_PAIRS = ir.VectorType(ir.IntType(32), 2 * PANEL)
_LANES = ir.VectorType(ir.IntType(32), PANEL)


def _all(kind, number):
    return ir.Constant(kind, [number] * kind.count)


def _fourfold_vnni(builder, total, unsigned, signed):
    """total += Σ over four neighbouring values of unsigned · signed, in each lane."""
    name = "llvm.x86.avx512.vpdpbusd.512"
    kind = ir.FunctionType(_LANES, [_LANES] * 3)
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, [total, unsigned, signed])


def _fourfold_plain(builder, total, unsigned, signed):
    """The same as two products of 16 bit pairs: LLVM knows the pattern (pmaddwd, smlal)."""
    eight = _all(_WORDS, 8)
    u, s = builder.bitcast(unsigned, _WORDS), builder.bitcast(signed, _WORDS)
    low = builder.and_(u, _all(_WORDS, 255)), builder.ashr(builder.shl(s, eight), eight)
    high = builder.lshr(u, eight), builder.ashr(s, eight)
    undefined = ir.Constant(_PAIRS, ir.Undefined)
    for x, y in (low, high):
        product = builder.mul(builder.sext(x, _PAIRS), builder.sext(y, _PAIRS))
        for first in (0, 1):
            picked = ir.Constant(_LANES, list(range(first, 2 * PANEL, 2)))
            total = builder.add(total, builder.shuffle_vector(product, undefined, picked))
    return total


def _tile(count, fourfold):
    """tile(rows, left, right, steps, sums): sums[row, 32] of so many rows and two panels.

    All but steps are addresses; rows is where the first of the rows lies in its panel.
    """

    def generate(context, builder, signature, arguments):
        word = ir.IntType(32)
        rows, left, right, steps, sums = arguments
        rows = builder.inttoptr(rows, word.as_pointer())
        panels = [builder.inttoptr(one, _LANES.as_pointer()) for one in (left, right)]
        totals = [
            [cgutils.alloca_once_value(builder, _all(_LANES, 0)) for _ in panels]
            for _ in range(count)
        ]
        flip = builder.bitcast(_all(_BYTES, -128), _LANES)
        nobody = ir.Constant(_LANES, ir.Undefined)
        with cgutils.for_range(builder, steps) as loop:
            unsigned = []
            for panel in panels:
                vector = builder.load(builder.gep(panel, [loop.index]), align=64)
                unsigned.append(builder.xor(vector, flip))
            first = builder.mul(loop.index, ir.Constant(loop.index.type, PANEL))
            for row in range(count):
                place = builder.add(first, ir.Constant(first.type, row))
                four = builder.load(builder.gep(rows, [place]), align=4)
                signed = builder.insert_element(nobody, four, ir.Constant(word, 0))
                signed = builder.shuffle_vector(signed, nobody, _all(_LANES, 0))
                for total, vector in zip(totals[row], unsigned, strict=True):
                    builder.store(fourfold(builder, builder.load(total), vector, signed), total)
        out = builder.inttoptr(sums, _LANES.as_pointer())
        for row in range(count):
            for side, total in enumerate(totals[row]):
                place = ir.Constant(ir.IntType(64), 2 * row + side)
                builder.store(builder.load(total), builder.gep(out, [place]), align=4)
        return context.get_dummy_value()

    @intrinsic
    def tile(typing, rows, left, right, steps, sums):
        return types.void(*[types.intp] * 5), generate

    return tile


_vnni_rows, _plain_rows = 8, 2  # as many as the registers hold
_vnni_tile = _tile(_vnni_rows, _fourfold_vnni)
_plain_tile = _tile(_plain_rows, _fourfold_plain)

# (start, stop) in pairs of panels, the panels, the first of the rows' panels, its number of panels,
# the steps of four values from … to, and the sums: (rows, frames)
_ADD = "void(intp, intp, int32[:,:,::1], intp, intp, intp, intp, int64[:,::1])"


@njit(_ADD if VNNI else None, nogil=True, cache=True)
def add_products_vnni(start, stop, panels, first, count, low, high, sums):
    tile = np.empty((_vnni_rows, 2 * PANEL), np.int32)
    base, step = panels.ctypes.data, PANEL * 4
    size = panels.shape[1] * step
    for pair in range(start, stop):
        left = base + 2 * pair * size + low * step
        for row in range(0, count * PANEL, _vnni_rows):
            rows = base + (first + row // PANEL) * size + low * step + row % PANEL * 4
            _vnni_tile(rows, left, left + size, high - low, tile.ctypes.data)
            for r in range(_vnni_rows):
                for c in range(2 * PANEL):
                    sums[row + r, 2 * PANEL * pair + c] += tile[r, c]


@njit(None if VNNI else _ADD, nogil=True, cache=True)
def add_products_plain(start, stop, panels, first, count, low, high, sums):
    tile = np.empty((_plain_rows, 2 * PANEL), np.int32)
    base, step = panels.ctypes.data, PANEL * 4
    size = panels.shape[1] * step
    for pair in range(start, stop):
        left = base + 2 * pair * size + low * step
        for row in range(0, count * PANEL, _plain_rows):
            rows = base + (first + row // PANEL) * size + low * step + row % PANEL * 4
            _plain_tile(rows, left, left + size, high - low, tile.ctypes.data)
            for r in range(_plain_rows):
                for c in range(2 * PANEL):
                    sums[row + r, 2 * PANEL * pair + c] += tile[r, c]


add_products = add_products_vnni if VNNI else add_products_plain


@njit("void(intp, intp, int32[:,::1], int32[:,:,::1], intp)", nogil=True, cache=True)
def pack(start, stop, frames, panels, first):
    """Frames as rows of four-value words into panels, from panel first + start on."""
    flip = np.int32(-2139062144)  # 0x80 in each byte
    for panel in range(start, stop):
        for k in range(frames.shape[1]):
            for f in range(PANEL):
                panels[first + panel, k, f] = frames[PANEL * panel + f, k] ^ flip


@njit("void(intp, intp, uint8[:,::1], intp, int64[:,::1])", nogil=True, cache=True)
def sum_channels(start, stop, frames, length, sums):
    """sums[frame, channel] of the first ``length`` values of each frame."""
    channels = sums.shape[1]
    width = 64 * channels  # side by side, so that neighbours are added in one register
    lanes = np.empty(width, np.int32)
    for i in range(start, stop):
        for k in range(width):
            lanes[k] = 0
        whole = length - length % width
        for low in range(0, whole, width):
            part = frames[i, low : low + width]
            for k in range(width):
                lanes[k] += np.int32(part[k])
        for k in range(whole, length):
            lanes[k - whole] += np.int32(frames[i, k])
        for c in range(channels):
            total = np.int64(0)
            for k in range(c, width, channels):
                total += lanes[k]
            sums[i, c] = total


@njit(
    "void(intp, intp, int64[:,::1], intp, int64[:,::1], int64[::1], intp, float32[:,::1])",
    nogil=True,
    cache=True,
)
def square_roots(start, stop, products, first, sums, squares, length, out):
    """out[i, j] = √(|xᵢ|² + |xⱼ|² − 2 xᵢ·xⱼ) / √length, for rows first + i."""
    for i in range(start, stop):
        for j in range(out.shape[1]):
            square = squares[first + i] + squares[j] - 2 * products[i, j]
            out[i, j] = np.sqrt(square / length)


@njit(
    "void(intp, intp, int64[:,::1], intp, int64[:,::1], int64[::1], intp, float32[:,::1])",
    nogil=True,
    cache=True,
)
def square_roots_in_even_light(start, stop, products, first, sums, squares, length, out):
    """The same after the means of the channels are taken away and the contrasts made equal."""
    channels = sums.shape[1]
    each = length / channels
    for i in range(start, stop):
        own = 0.0
        for c in range(channels):
            own += sums[first + i, c] * (sums[first + i, c] / each)
        own = squares[first + i] - own
        for j in range(out.shape[1]):
            other, common = 0.0, 0.0
            for c in range(channels):
                other += sums[j, c] * (sums[j, c] / each)
                common += sums[first + i, c] * (sums[j, c] / each)
            other, common = squares[j] - other, products[i, j] - common
            square = 2 * (np.sqrt(max(own, 0.0) * max(other, 0.0)) - common)
            out[i, j] = np.sqrt(max(square, 0.0) / length)
