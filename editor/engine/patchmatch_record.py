"""PatchMatch on a small picture, remembered: each row of each sweep, and every candidate.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch: A Randomized Correspondence
Algorithm for Structural Image Editing, ACM Transactions on Graphics 28(3), 2009, section 3.

In tiles it is, field for field, what ``patchmatch.nearest`` finds with the same seed; as one tile
it goes over the picture row by row, as the paper shows it. Either half of it can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from editor.engine.field_record import NEIGHBOURS, NONE, FieldRecord
from editor.engine.kernels import field_record as kernels
from editor.engine.patchmatch import NEARER, check_pair
from editor.engine.step import Step

Bytes = NDArray[np.uint8]

_LONGEST = 4096  # of a side, so that places are int16 and tables small
_BYTES = 200 << 20  # of the record, at most


def record_field(
    target: Bytes,
    source: Bytes,
    *,
    size: int = 7,
    sweeps: int = 5,
    propagates: bool = True,
    searches: bool = True,
    tile: int | None = None,
    seed: int = 0,
) -> Iterator[Step[FieldRecord]]:
    """Yields the record as it grows, a band of rows at a time.

    Pictures are (H, W, 3) uint8, and small. ``tile`` is the side of the tiles that are visited like
    a chessboard's, first those of one colour; None: the whole picture is one.
    """
    check_pair(target, source, size, None, None)
    record = _empty(target, source, size, sweeps, tile)
    field, costs = record.fields[0].copy(), record.costs[0].copy()
    key = np.uint64(seed)
    kernels.draw(target, source, size, key, field, costs)
    record.fields[0], record.costs[0] = field, costs
    record.energies[0] = _energy(costs, size)
    yield Step(0.0, record)
    for sweep in range(sweeps):
        step = 1 if sweep % 2 == 0 else -1
        tried = record.tried[sweep], record.tried_costs[sweep]
        for band, (ys, xs) in enumerate(_bands(record.turns[sweep % 2], record.bands, step)):
            if propagates:
                kernels.propagate(ys, xs, target, source, size, step, field, costs, *tried)
            if searches:
                reach = record.radii[sweep][0]
                kernels.search(
                    ys, xs, target, source, size, sweep, key, reach, field, costs, *tried
                )
            record.fields[sweep + 1, ys, xs] = field[ys, xs]
            record.costs[sweep + 1, ys, xs] = costs[ys, xs]
            moment = 1 + sweep * record.bands + band
            record.energies[moment] = _energy(costs, size)
            yield Step(moment / record.total, record.grown(moment + 1))
    yield Step(1.0, record.grown(record.total))


def _empty(target: Bytes, source: Bytes, size: int, sweeps: int, tile: int | None) -> FieldRecord:
    height, width = target.shape[:2]
    longest = max(source.shape[:2])
    radii = tuple(_halved(longest >> sweep % NEARER) for sweep in range(sweeps))
    most = NEIGHBOURS + max((len(one) for one in radii), default=0)
    needed = sweeps * height * width * (8 * most + 16)
    if max(height, width, longest) > _LONGEST or needed > _BYTES:
        raise ValueError(
            f"a record of {width} × {height} pixels and {sweeps} sweeps takes "
            f"{needed >> 20} MB: at most {_BYTES >> 20} MB and {_LONGEST} pixels to a side"
        )
    turns, bands = _turns(height, width, size, tile)
    return FieldRecord(
        target=target,
        source=source,
        size=size,
        fields=np.zeros((sweeps + 1, height, width, 2), np.int16),
        costs=np.zeros((sweeps + 1, height, width), np.int32),
        tried=np.zeros((sweeps, height, width, most, 2), np.int16),
        tried_costs=np.full((sweeps, height, width, most), NONE, np.int32),
        radii=radii,
        turns=turns,
        energies=np.zeros(1 + sweeps * bands),
        bands=bands,
    )


def _halved(radius: int) -> tuple[int, ...]:
    return () if radius < 1 else (radius, *_halved(radius // 2))


def _turns(height: int, width: int, size: int, tile: int | None) -> tuple[NDArray[np.int16], int]:
    """In which band of a sweep each patch is visited, on and back; the number of bands."""
    r = size // 2
    y, x = np.mgrid[:height, :width]
    if tile is None:
        on, bands = y - r, height - 2 * r
        back = bands - 1 - on
    else:
        black, row = (y // tile + x // tile) % 2, y % tile
        on, back, bands = black * tile + row, black * tile + tile - 1 - row, 2 * tile
    turns = np.stack([on, back]).astype(np.int16)
    outside = np.ones((height, width), bool)
    outside[r : height - r, r : width - r] = False
    turns[:, outside] = bands  # never
    return turns, bands


def _bands(
    turns: NDArray[np.int16], bands: int, step: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The patches of each band, from left to right or from right to left."""
    for band in range(bands):
        ys, xs = np.nonzero(turns == band)
        order = np.argsort(step * xs, kind="stable")
        yield ys[order], xs[order]


def _energy(costs: NDArray[np.int32], size: int) -> float:
    """The mean distance of a pixel and channel, in levels of 255."""
    r = size // 2
    core = costs[r : costs.shape[0] - r, r : costs.shape[1] - r]
    return float(np.sqrt(core.mean() / (3 * size * size)))
