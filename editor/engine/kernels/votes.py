"""Votes of a row of patches: what they say of one row of pixels, added up in registers.

A patch says something of SIDE pixels of a row, and the next patch of all but one of the same. So
the sums of the pixels under the patch at hand stay in registers; from patch to patch they move on
by one pixel: the one that is left behind is stored, the one that comes is loaded. Each sum is made
of the same floats in the same order as if it were made alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from editor.engine.kernels.patch import ROW

SIDE = 7  # pixels of a patch
BEHIND = 8  # pixels of which sums are held at once: there is room for so many behind the last
_CHANNELS = ROW // BEHIND

_INT, _FLOAT = ir.IntType(32), ir.FloatType()
_BYTES, _INTS, _FLOATS = (ir.VectorType(kind, ROW) for kind in (ir.IntType(8), _INT, _FLOAT))
_WEIGHTS = ir.VectorType(_FLOAT, BEHIND)


def _lanes(numbers: Iterable[int]) -> Any:
    """For shuffle_vector: which lanes to take."""
    order = [_INT(number) for number in numbers]
    return ir.Constant(ir.VectorType(_INT, len(order)), order)


def _spread(builder: Any, weight: Any, lanes: int) -> Any:
    """The weight for each lane of the patch, and 0 for those beside it."""
    counted = SIDE * lanes // BEHIND
    vector = ir.Constant(ir.VectorType(_FLOAT, lanes), [_FLOAT(0)] * lanes)
    vector = builder.insert_element(vector, weight, _INT(0))
    return builder.shuffle_vector(vector, vector, _lanes([0] * counted + [1] * (lanes - counted)))


@intrinsic
def add_votes(
    typing: Any,
    weights: Any,
    places: Any,
    source: Any,
    down: Any,
    across: Any,
    sums: Any,
    totals: Any,
    count: Any,
) -> Any:
    """Add what a row of ``count`` patches says of the pixels ``down`` rows below their centres.

    ``weights`` are floats and ``places`` pairs of y, x in the ``source``, which has four channels
    of bytes less 128 and is ``across`` pixels wide. What patch k says goes to the ``sums`` (four
    floats each) and the ``totals`` of the weights (one) of pixel k and those after it. A patch
    without weight says nothing. All but down, across and count are addresses.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        weights, places, source, down, across, sums, totals, count = arguments

        def at(base: Any, number: Any, size: int, kind: Any) -> Any:
            offset = builder.mul(number, number.type(size))
            return builder.inttoptr(builder.add(base, offset), kind.as_pointer())

        def load(base: Any, number: Any, size: int, kind: Any) -> Any:
            return builder.load(at(base, number, size, kind), align=1)

        def moved(held: Any, new: Any) -> Any:
            """Without the first pixel, and with a new last one."""
            lanes, by = held.type.count, new.type.count
            new = builder.shuffle_vector(new, new, _lanes([k % by for k in range(lanes)]))
            return builder.shuffle_vector(held, new, _lanes(range(by, lanes + by)))

        zero = count.type(0)
        held = cgutils.alloca_once_value(builder, load(sums, zero, 0, _FLOATS))
        weighed = cgutils.alloca_once_value(builder, load(totals, zero, 0, _WEIGHTS))
        with cgutils.for_range(builder, count) as loop:
            k = loop.index
            weight = load(weights, k, 4, _FLOAT)
            with builder.if_then(builder.fcmp_ordered(">", weight, _FLOAT(0))):
                place = load(places, k, 8, ir.VectorType(_INT, 2))
                y, x = (
                    builder.sext(builder.extract_element(place, _INT(n)), k.type) for n in (0, 1)
                )
                row = builder.mul(builder.add(y, down), across)
                corner = builder.add(row, builder.sub(x, k.type(SIDE // 2)))
                said = builder.sext(load(source, corner, _CHANNELS, _BYTES), _INTS)
                said = builder.add(said, ir.Constant(_INTS, [_INT(128)] * ROW))
                said = builder.sitofp(said, _FLOATS)
                for running, value in ((held, said), (weighed, None)):
                    total = builder.load(running)
                    more = _spread(builder, weight, total.type.count)
                    if value is not None:
                        more = builder.fmul(more, value)
                    builder.store(builder.fadd(total, more), running)
            ahead = builder.add(k, k.type(BEHIND))
            for base, running, by in ((sums, held, _CHANNELS), (totals, weighed, 1)):
                now, kind = builder.load(running), ir.VectorType(_FLOAT, by)
                left = builder.shuffle_vector(now, now, _lanes(range(by)))
                builder.store(left, at(base, k, 4 * by, kind), align=1)
                builder.store(moved(now, load(base, ahead, 4 * by, kind)), running)
        builder.store(builder.load(held), at(sums, count, 4 * _CHANNELS, _FLOATS), align=1)
        builder.store(builder.load(weighed), at(totals, count, 4, _WEIGHTS), align=1)
        return _INT(0)

    address, number = types.uintp, types.intp
    return types.int32(
        address, address, address, number, number, address, address, number
    ), generate
