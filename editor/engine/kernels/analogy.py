"""Inner loops of the exact analogy: features, the best match of a batch, and what becomes of it.

Features of the sources lie in panels of 32, in the order panel, k / 4, source, k % 4: one load
takes four bytes of some sources, one broadcast four bytes of a query, and a tile of some queries
× 32 sources stays in registers while k runs. Sources are unsigned, queries are less 128:

    Σ (a − q)² = Σ a (a − 256) − 2 Σ a (q − 128) + Σ q²

The first sum waits in a table ``norms``, one row for each way a window can reach beyond B′; a byte
of the query that does not count is 0 there. All of it is integer arithmetic.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from editor.engine.kernels.patch import add_dot, host_features, level_of

PANEL = 32  # sources
ROWS = 8  # queries of a tile
RIM = 2  # pixels of A: windows in them are not whole, and no coherence leads there
_LEVEL = level_of(host_features())
# bytes of a vector, and how many stay in registers for each query
_WIDTH, _SIDE = {"avx512vnni": (64, 2), "avxvnni": (32, 1), "avx512bw": (32, 1)}.get(
    _LEVEL, (16, 1)
)
_FAR = np.int32(2147483647)


def _improve(builder, tile, offset):
    """``_SIDE`` vectors of sources from ``offset`` bytes of each step on, against ROWS queries."""
    queries, pitch, panel, steps, norms, stride, ways, nearest, which, number = tile
    word, byte, long = ir.IntType(32), ir.IntType(8), ir.IntType(64)
    lanes = _WIDTH // 4
    as_bytes, as_words = ir.VectorType(byte, _WIDTH), ir.VectorType(word, lanes)
    nobody = ir.Constant(as_words, ir.Undefined)
    totals = [
        [cgutils.alloca_once_value(builder, ir.Constant(as_words, None)) for _ in range(_SIDE)]
        for _ in range(ROWS)
    ]

    def plus(address, bytes_):
        return builder.add(address, ir.Constant(address.type, bytes_))

    def at(address, kind):
        return builder.inttoptr(address, kind.as_pointer())

    def everywhere(number):
        one = builder.insert_element(nobody, number, ir.Constant(word, 0))
        return builder.shuffle_vector(one, nobody, ir.Constant(as_words, [0] * lanes))

    with cgutils.for_range(builder, steps) as loop:
        row = builder.mul(loop.index, ir.Constant(loop.index.type, 4 * PANEL))
        place = plus(builder.add(panel, row), offset)
        sources = [
            builder.load(at(plus(place, v * _WIDTH), as_bytes), align=4) for v in range(_SIDE)
        ]
        query = builder.add(queries, builder.mul(loop.index, ir.Constant(loop.index.type, 4)))
        for total in totals:
            four = everywhere(builder.load(at(query, word), align=4))
            four = builder.bitcast(four, as_bytes)
            for source, sum_ in zip(sources, total, strict=True):
                added = add_dot(builder, _LEVEL, builder.load(sum_), source, four)
                builder.store(added, sum_)
            query = builder.add(query, pitch)
    here = everywhere(builder.trunc(number, word))
    one = ir.Constant(as_words, [1] * lanes)
    for row, total in enumerate(totals):
        way = builder.load(at(plus(ways, 8 * row), long))
        norm_row = builder.add(norms, builder.mul(way, stride))
        for v, sum_ in enumerate(total):
            across = offset + v * _WIDTH
            norm = builder.load(at(plus(norm_row, across), as_words), align=4)
            d = builder.sub(norm, builder.shl(builder.load(sum_), one))
            least, place = (
                at(plus(array, 4 * PANEL * row + across), as_words) for array in (nearest, which)
            )
            before, where = builder.load(least, align=4), builder.load(place, align=4)
            closer = builder.icmp_signed("<", d, before)
            builder.store(builder.select(closer, d, before), least, align=4)
            builder.store(builder.select(closer, here, where), place, align=4)


@intrinsic
def _improve_tile(
    typing, queries, pitch, panel, steps, norms, stride, ways, nearest, which, number
):
    """Keep in nearest[ROWS, PANEL] the least distance so far, in ``which`` the panel's number.

    ``queries`` to ``which`` are addresses, pitch and stride bytes from one row to the next.
    """

    def generate(context, builder, signature, arguments):
        for offset in range(0, 4 * PANEL, _SIDE * _WIDTH):
            _improve(builder, arguments, offset)
        return context.get_dummy_value()

    return types.void(*[types.intp] * 10), generate


@njit(
    "void(intp, intp, uint8[:,:,::1], uint8[:,:,::1], uint8[:,:,::1], uint8[:,:,::1], int64[::1],"
    "int64[::1], int64[::1], int64[::1], int64[::1], uint8[:,::1], uint8[:,::1])",
    nogil=True,
    cache=True,
)
def gather(
    start, stop, fine, style, coarse, coarse_style, is_style, is_coarse, channel, dy, dx, scaled,
    rows,
):  # fmt: skip
    """Features of the rows start..stop of a picture, one pixel after the other."""
    height, width = fine.shape[:2]
    for y in range(start, stop):
        for k in range(len(dy)):
            if is_coarse[k]:
                picture = coarse_style if is_style[k] else coarse
                v = min(max(y // 2 + dy[k], 0), picture.shape[0] - 1)
            else:
                picture = style if is_style[k] else fine
                v = min(max(y + dy[k], 0), height - 1)
            across = 2 if is_coarse[k] else 1
            right = picture.shape[1] - 1
            for x in range(width):
                u = min(max(x // across + dx[k], 0), right)
                rows[y * width + x, k] = scaled[k, picture[v, u, channel[k]]]


@njit("void(intp, intp, uint8[:,::1], intp, uint8[:,:,:,::1])", nogil=True, cache=True)
def pack(start, stop, rows, first, panels):
    """Rows into panels; source number k is row (k + first) mod all."""
    count = len(rows)
    for panel in range(start, stop):
        for lane in range(PANEL):
            k = panel * PANEL + lane
            if k >= count:
                break
            row = rows[(k + first) % count]
            for step in range(panels.shape[1]):
                for part in range(4):
                    panels[panel, step, lane, part] = row[4 * step + part]


@njit(
    "void(intp, intp, uint8[:,:,:,::1], intp, uint8[:,::1], int32[:,::1])", nogil=True, cache=True
)
def sum_up(start, stop, panels, count, counts, norms):
    """norms[way, source] = Σ a (a − 256) over the bytes that count; far away behind the last."""
    for panel in range(start, stop):
        for way in range(len(counts)):
            for lane in range(PANEL):
                total = np.int32(0)
                for step in range(panels.shape[1]):
                    for part in range(4):
                        a = np.int32(panels[panel, step, lane, part])
                        total += counts[way, 4 * step + part] * a * (a - np.int32(256))
                k = panel * PANEL + lane
                norms[way, k] = total if k < count else np.int32(1 << 30)


@njit(
    "void(intp, intp, int64[::1], int64[::1], uint8[:,::1], uint8[:,:,::1], int64[::1], int64[::1],"
    "int64[::1], uint8[:,::1], intp, int8[:,::1], int64[::1], int64[::1])",
    nogil=True,
    cache=True,
)
def ask(
    start, stop, ys, xs, known, Bp, channel, dy, dx, scaled, first, queries, ways, own
):  # fmt: skip
    """The queries of some pixels: what is known of B, and what is there of B′."""
    width = Bp.shape[1]
    for i in range(start, stop):
        y, x = ys[i], xs[i]
        ways[i] = min(y, 2) * 9 + min(x, 2) * 3 + min(width - 1 - x, 2)
        total = np.int64(0)
        for k in range(first):
            q = np.int64(known[y * width + x, k])
            total += q * q
            queries[i, k] = q - 128
        for k in range(first, len(dy)):
            v, u = y + dy[k], x + dx[k]
            if v < 0 or u < 0 or u >= width:
                queries[i, k] = 0
                continue
            q = np.int64(scaled[k, Bp[v, u, channel[k]]])
            total += q * q
            queries[i, k] = q - 128
        own[i] = total


@njit(
    "void(intp, intp, intp, uint8[:,:,:,::1], int32[:,::1], int8[:,::1], int64[::1], intp,"
    "int32[:,::1], int32[:,::1])",
    nogil=True,
    cache=True,
)
def search(start, stop, each, panels, norms, queries, ways, count, best, places):
    """best[part, i] and its place among the panels of each part; the first of equal ones.

    A part has ``each`` panels.
    """
    steps, pitch = panels.shape[1], queries.shape[1]
    stride = norms.shape[1] * 4
    nearest = np.empty((ROWS, PANEL), np.int32)
    which = np.empty((ROWS, PANEL), np.int32)
    for part in range(start, stop):
        for group in range(0, count, ROWS):
            nearest[:] = _FAR
            which[:] = 0
            first = queries.ctypes.data + group * pitch
            for panel in range(part * each, min((part + 1) * each, len(panels))):
                _improve_tile(
                    first, pitch, panels.ctypes.data + panel * steps * 4 * PANEL, steps,
                    norms.ctypes.data + panel * 4 * PANEL, stride, ways.ctypes.data + 8 * group,
                    nearest.ctypes.data, which.ctypes.data, panel,
                )  # fmt: skip
            for row in range(ROWS):
                d, k = _FAR, np.int32(0)
                for lane in range(PANEL):
                    place = which[row, lane] * PANEL + lane
                    if nearest[row, lane] < d or (nearest[row, lane] == d and place < k):
                        d, k = nearest[row, lane], np.int32(place)
                best[part, group + row], places[part, group + row] = d, k


@njit(
    "void(intp, int64[::1], int64[::1], int32[:,::1], int32[:,::1], int8[:,::1], int64[::1],"
    "int64[::1], uint8[:,::1], int32[:,::1], intp, int64[:,::1], float64, uint8[:,::1],"
    "int64[::1], int64[::1], int64[:,::1], uint8[:,:,::1])",
    nogil=True,
    cache=True,
)
def decide(
    count, ys, xs, best, places, queries, ways, own, rows, norms, first, pairs, tolerated, styles,
    dy, dx, s, Bp,
):  # fmt: skip
    """BestMatch of a batch: s gets row numbers (over all pairs), B′ the bytes of A′ there.

    pairs: first row, height and width of each; the last line is the end.
    """
    width = Bp.shape[1]
    total = len(rows)
    for i in range(count):
        y, x = ys[i], xs[i]
        d_app, p_app = np.int64(best[0, i]), np.int64(places[0, i])
        for part in range(1, len(best)):
            if best[part, i] < d_app:
                d_app, p_app = np.int64(best[part, i]), np.int64(places[part, i])
        p = (p_app + first) % total
        d_app += own[i]
        d_coh, p_coh = np.int64(1 << 60), np.int64(-1)
        for n in range(len(dy)):
            v, u = y + dy[n], x + dx[n]
            if v < 0 or u < 0 or u >= width:
                continue
            row = s[v, u]
            pair = 0
            while row >= pairs[pair + 1, 0]:
                pair += 1
            sy = (row - pairs[pair, 0]) // pairs[pair, 2] - dy[n]
            sx = (row - pairs[pair, 0]) % pairs[pair, 2] - dx[n]
            if min(sy, pairs[pair, 1] - 1 - sy) < RIM or min(sx, pairs[pair, 2] - 1 - sx) < RIM:
                continue
            row = pairs[pair, 0] + sy * pairs[pair, 2] + sx
            product = np.int32(0)
            for k in range(rows.shape[1]):
                product += np.int32(rows[row, k]) * np.int32(queries[i, k])
            d = np.int64(norms[ways[i], (row - first) % total]) - 2 * product + own[i]
            if d < d_coh:
                d_coh, p_coh = d, row
        if p_coh >= 0 and np.float64(d_coh) <= np.float64(d_app) * tolerated:
            p = p_coh
        s[y, x] = p
        for c in range(Bp.shape[2]):
            Bp[y, x, c] = styles[p, c]
