"""Inner loops of the generalised field: matches may be turned, scaled and mirrored.

A patch of the target is compared with samples of the source that lie on a turned grid. Which ones
is decided beforehand: for each of a few hundred turns a list of offsets from the centre, in a
source drawn at twice its size, so that a sample is at most a quarter of a pixel off. What is left
for a candidate is to gather them. Pixels have four bytes, of which the last may be nothing.

``positions`` are float32 (y′, x′) in pixels of the source, so that a match can be handed on from
neighbour to neighbour without losing its fraction; ``turned`` is the number of the turn.
Tiles and random numbers: ``nearest``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from editor.engine.kernels.nearest import TILE
from editor.engine.kernels.patch import FORBIDDEN
from editor.engine.kernels.random import bits

LANES = 16  # samples that are gathered at a time

_BYTE, _INT = ir.IntType(8), ir.IntType(32)


class Turns(NamedTuple):
    """All combinations, numbered (mirrored · scales + scale) · angles + angle."""

    offsets: NDArray[np.int32]  # (turns, samples): from the centre, in pixels of the drawn source
    steps: NDArray[np.float32]  # (turns, 2, 2): how (y′, x′) moves with (y, x) of the target
    reach: NDArray[np.int32]  # (turns,): how far the samples go in any direction, in its pixels
    level: NDArray[np.int32]  # (turns,): which drawn source has the right sharpness
    angles: int
    scales: int
    mirrors: int  # 1 or 2
    circle: bool  # the first angle follows upon the last one
    plain: int  # the turn that is none


class TurnedPair(NamedTuple):
    target: NDArray[np.uint8]  # (H, W, 4)
    drawn: NDArray[np.int32]  # (levels, 2 H′, 2 W′): four bytes each
    room: NDArray[np.uint8]  # (2 H′, 2 W′): distance to the nearest that may not be used
    choices: NDArray[np.int32]  # the centres y′ · W′ + x′ at which a plain patch has room
    wanted: NDArray[np.uint8]  # (H, W)
    size: int


@intrinsic
def gathered_distance(
    typing: Any, patch: Any, centre: Any, offsets: Any, count: Any, samples: Any
) -> Any:
    """Sum of squared differences of ``samples`` pixels; ``count`` is that, in whole registers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        patch, centre, offsets, count, samples = arguments
        ints, bytes_ = ir.VectorType(_INT, LANES), ir.VectorType(_BYTE, 4 * LANES)
        pointers = ir.VectorType(_INT.as_pointer(), LANES)
        total = cgutils.alloca_once_value(builder, ir.Constant(ints, None))
        numbers = ir.Constant(ints, list(range(LANES)))
        with cgutils.for_range_slice(
            builder, count.type(0), count, count.type(LANES), intp=count.type
        ) as (first, _):
            there = builder.mul(first, count.type(4))
            a, indices = (
                builder.load(builder.inttoptr(builder.add(base, there), kind.as_pointer()), align=1)
                for base, kind in ((patch, bytes_), (offsets, ints))
            )
            left = builder.trunc(builder.sub(samples, first), _INT)
            limit = builder.insert_element(ir.Constant(ints, ir.Undefined), left, _INT(0))
            limit = builder.shuffle_vector(limit, limit, ir.Constant(ints, [0] * LANES))
            inside = builder.icmp_signed("<", numbers, limit)
            base = builder.inttoptr(centre, _INT.as_pointer())
            places = builder.gep(base, [indices], source_etype=_INT)
            places.type = pointers
            name = f"llvm.masked.gather.v{LANES}i32.v{LANES}p0"
            kinds = [pointers, _INT, ir.VectorType(ir.IntType(1), LANES), ints]
            values = [places, _INT(4), inside, ir.Constant(ints, None)]
            function = cgutils.get_or_insert_function(
                builder.module, ir.FunctionType(ints, kinds), name
            )
            b = builder.bitcast(builder.call(function, values), bytes_)
            builder.store(builder.add(builder.load(total), _squares(builder, a, b)), total)
        name = f"llvm.vector.reduce.add.v{LANES}i32"
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_INT, [ints]), name
        )
        return builder.call(function, [builder.load(total)])

    return types.int32(types.uintp, types.uintp, types.uintp, types.intp, types.intp), generate


def _squares(builder: Any, a: Any, b: Any) -> Any:
    """(a − b)² of unsigned bytes, summed up by four."""
    larger = builder.icmp_unsigned(">", a, b)
    high, low = builder.select(larger, a, b), builder.select(larger, b, a)
    difference = builder.zext(builder.sub(high, low), ir.VectorType(_INT, a.type.count))
    squares = builder.mul(difference, difference)
    for _ in range(2):
        count = squares.type.count
        even, odd = (
            builder.shuffle_vector(
                squares,
                ir.Constant(squares.type, ir.Undefined),
                ir.Constant(ir.VectorType(_INT, count // 2), list(range(first, count, 2))),
            )
            for first in (0, 1)
        )
        squares = builder.add(even, odd)
    return squares


@njit(nogil=True)
def _copy_patch(target, y, x, size, patch):
    r = size // 2
    at = 0
    for i in range(y - r, y + r + 1):
        for j in range(x - r, x + r + 1):
            for c in range(4):
                patch[at] = target[i, j, c]
                at += 1


@njit(nogil=True, cache=True)
def begin_turned(start, stop, tiles, pair, turns, seed, positions, distances, turned):
    """Keep what is valid, draw the rest, measure everything."""
    height, width = pair.wanted.shape
    wanted, room, choices, drawn = pair.wanted, pair.room, pair.choices, pair.drawn
    reach, level = turns.reach, turns.level
    down, across = room.shape
    size, samples = pair.size, pair.size * pair.size
    count = turns.offsets.shape[1]
    picture, offsets = numba.uintp(drawn.ctypes.data), numba.uintp(turns.offsets.ctypes.data)
    patch = np.zeros(4 * count, np.uint8)
    own = numba.uintp(patch.ctypes.data)
    plain, source_width = turns.plain, across // 2
    for tile in range(start, stop):
        top, left = tiles[tile, 0], tiles[tile, 1]
        for y in range(top, min(top + TILE, height)):
            for x in range(left, min(left + TILE, width)):
                if wanted[y, x] == 0:
                    continue
                turn = np.int64(turned[y, x])
                v = np.int64(np.rint(2 * positions[y, x, 0]))
                u = np.int64(np.rint(2 * positions[y, x, 1]))
                valid = 0 <= turn < len(reach) and 0 <= v < down and 0 <= u < across
                if not (valid and room[v, u] > reach[turn]):
                    if len(choices) == 0:
                        positions[y, x, 0] = positions[y, x, 1] = -1
                        turned[y, x], distances[y, x] = -1, FORBIDDEN
                        continue
                    draw = bits(seed, y * width + x)
                    pick = choices[
                        (draw >> np.uint64(32)) * np.uint64(len(choices)) >> np.uint64(32)
                    ]
                    v, u = 2 * (pick // source_width), 2 * (pick % source_width)
                    turn = np.int64((draw & np.uint64(0xFFFFFFFF)) % np.uint64(len(reach)))
                    if room[v, u] <= reach[turn]:
                        turn = plain
                    positions[y, x, 0], positions[y, x, 1] = np.float32(v) / 2, np.float32(u) / 2
                    turned[y, x] = turn
                _copy_patch(pair.target, y, x, size, patch)
                centre = (np.int64(level[turn]) * down + v) * across + u
                distances[y, x] = gathered_distance(
                    own,
                    picture + numba.uintp(4 * centre),
                    offsets + numba.uintp(4 * turn * count),
                    count,
                    samples,
                )
    return len(patch)


@njit(nogil=True, cache=True)
def sweep_turned(
    start, stop, tiles, pair, turns, seed, number, first, positions, distances, turned
):
    """Propagation, in which a match moves on along its own axes, and random search.

    The search shrinks in position, angle and scale at the same time (Barnes et al. 2010, §3.3).
    """
    height, width = pair.wanted.shape
    wanted, room, drawn = pair.wanted, pair.room, pair.drawn
    reach, level, steps = turns.reach, turns.level, turns.steps
    angles, scales, mirrors, circle = turns.angles, turns.scales, turns.mirrors, turns.circle
    down, across = room.shape
    size, samples = pair.size, pair.size * pair.size
    count = turns.offsets.shape[1]
    picture, offsets = numba.uintp(drawn.ctypes.data), numba.uintp(turns.offsets.ctypes.data)
    patch = np.zeros(4 * count, np.uint8)
    own = numba.uintp(patch.ctypes.data)
    radii = 0
    while first >> radii >= 1:
        radii += 1
    step = 1 if number % 2 == 0 else -1
    salt = bits(seed, number)
    for tile in range(start, stop):
        top, left = tiles[tile, 0], tiles[tile, 1]
        bottom, right = min(top + TILE, height), min(left + TILE, width)
        for area in range((bottom - top) * (right - left)):
            i, j = area // (right - left), area % (right - left)
            y = top + i if step == 1 else bottom - 1 - i
            x = left + j if step == 1 else right - 1 - j
            if wanted[y, x] == 0 or turned[y, x] < 0:
                continue
            _copy_patch(pair.target, y, x, size, patch)
            best = distances[y, x]
            by, bx = positions[y, x, 0], positions[y, x, 1]
            mine = np.int64(turned[y, x])
            cy, cx, around = by, bx, mine
            state = bits(salt, y * width + x)
            for k in range(4 + radii):
                if k < 4:
                    dy = 0 if k % 2 == 0 else (step if k < 2 else -step)
                    dx = 0 if k % 2 == 1 else (step if k < 2 else -step)
                    if wanted[y - dy, x - dx] == 0 or turned[y - dy, x - dx] < 0:
                        continue
                    turn = np.int64(turned[y - dy, x - dx])
                    py, px = positions[y - dy, x - dx, 0], positions[y - dy, x - dx, 1]
                    py += steps[turn, 0, 0] * dy + steps[turn, 0, 1] * dx
                    px += steps[turn, 1, 0] * dy + steps[turn, 1, 1] * dx
                    if py == by and px == bx and turn == mine:
                        continue
                else:
                    if k == 4:
                        cy, cx, around = by, bx, mine
                    radius = np.float32(first >> (k - 4))
                    angle, scale = around % angles, around // angles % scales
                    mirror = around // (angles * scales)
                    state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                    part = np.float32(state >> np.uint64(40)) / np.float32(1 << 24)
                    py = cy + (2 * part - 1) * radius
                    state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                    part = np.float32(state >> np.uint64(40)) / np.float32(1 << 24)
                    px = cx + (2 * part - 1) * radius
                    state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                    most = angles // 2 >> (k - 4)
                    angle += np.int64((state >> np.uint64(48)) % np.uint64(2 * most + 1)) - most
                    most = (scales - 1) >> (k - 4)
                    draw = (state >> np.uint64(32)) & np.uint64(0xFFFF)
                    scale += np.int64(draw % np.uint64(2 * most + 1)) - most
                    angle = angle % angles if circle else min(max(angle, 0), angles - 1)
                    scale = min(max(scale, 0), scales - 1)
                    if mirrors == 2 and k < 6:
                        mirror = np.int64((state >> np.uint64(31)) & np.uint64(1))
                    turn = (mirror * scales + scale) * angles + angle
                v, u = np.int64(np.rint(2 * py)), np.int64(np.rint(2 * px))
                if v < 0 or u < 0 or v >= down or u >= across or room[v, u] <= reach[turn]:
                    continue
                centre = (np.int64(level[turn]) * down + v) * across + u
                distance = gathered_distance(
                    own,
                    picture + numba.uintp(4 * centre),
                    offsets + numba.uintp(4 * turn * count),
                    count,
                    samples,
                )
                if distance < best:
                    best, by, bx, mine = distance, py, px, turn
            distances[y, x], turned[y, x] = best, mine
            positions[y, x, 0], positions[y, x, 1] = by, bx
    return len(patch)
