"""PatchMatch on a small picture, remembered: each row of each sweep, and every candidate.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch: A Randomized Correspondence
Algorithm for Structural Image Editing, ACM Transactions on Graphics 28(3), 2009, sections 3 and 4.

In tiles it is, field for field, what ``patchmatch.nearest`` finds with the same seed; as one tile
it goes over the picture row by row, as the paper shows it. Either half of it can be left out. From
coarse to fine, a field begins where the coarser one has ended. A hole is filled by searching and
voting in turn: Y. Wexler, E. Shechtman, M. Irani: Space-Time Completion of Video, IEEE Transactions
on Pattern Analysis and Machine Intelligence 29(3), 2007.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.field_record import NEIGHBOURS, NONE, FieldRecord, Places, SearchRecord
from editor.engine.image import Mask, check_hole
from editor.engine.kernels import field_record as kernels
from editor.engine.patchmatch import check_pair, first_radius
from editor.engine.step import Step

Bytes = NDArray[np.uint8]
Recording = Iterator[Step[SearchRecord]]

_BYTES = 200 << 20  # of a record, at most
_PASSES = 4, 3, 2  # searches and votes for a hole, from the coarsest level on
_NEVER = np.iinfo(np.int16).max  # the band of a patch that is never visited


@dataclass(frozen=True, slots=True)
class Way:
    """How it is searched."""

    size: int = 7  # of a patch
    sweeps: int = 5
    propagates: bool = True
    searches: bool = True
    tile: int | None = None  # the side of a chessboard's tiles; None: the picture is one
    levels: int = 1  # of the pyramid
    seed: int = 0


def record_field(target: Bytes, source: Bytes, way: Way) -> Recording:
    """Yields the record as it grows, a band of rows at a time; (H, W, 3) uint8, and small."""
    check_pair(target, source, way.size, None, None)
    pairs = [(target, source)]
    while len(pairs) < way.levels and _can_be_halved(way, *pairs[0]):
        pairs.insert(0, (_half(pairs[0][0]), _half(pairs[0][1])))
    _check_room([target for target, _ in pairs], way)
    blanks = [_blank(a, b, None, way, level) for level, (a, b) in enumerate(pairs)]
    record = SearchRecord((), sum(one.total for one in blanks))
    start: Places | None = None
    for blank in blanks:
        record = yield from _searched(record, blank, way, start)
        start = _doubled(record.searches[-1].fields[-1])
    yield Step(1.0, record)


def record_filling(image: Bytes, hole: Mask, way: Way) -> Recording:
    """The same for a hole that is filled with patches from outside, from coarse to fine."""
    check_hole(image, hole)
    check_pair(image, image, way.size, None, None)
    levels = [(image, hole)]
    while len(levels) < way.levels and _can_be_halved(way, levels[0][0]):
        coarse, covered = _half(levels[0][0]), _half(levels[0][1].astype(np.uint8) * 255) > 0
        if not _allowed(coarse, covered, way.size).any():
            break
        levels.insert(0, (coarse, covered))
    passes = [
        (level, *pair)
        for level, pair in enumerate(levels)
        for _ in range(_PASSES[min(level, len(_PASSES) - 1)])
    ]
    _check_room([image for _, image, _ in passes], way)
    blanks = [_blank(image, image, hole, way, level) for level, image, hole in passes]
    record = SearchRecord((), sum(one.total for one in blanks))
    start: Places | None = None
    estimate = _drawn(*levels[0], way)
    for blank in blanks:
        assert blank.hole is not None
        if start is not None and start.shape[:2] != blank.hole.shape:
            # A finer level begins. Its own patches vote: enlarged pixels would be flat, find what
            # is flat, and stay so.
            start = _doubled(start)
            blank.fields[0] = _first_field(blank, way, len(record.searches), start)
            estimate = blank.reconstruction(0)
        blank = replace(blank, target=np.where(blank.hole[..., None], estimate, blank.source))
        record = yield from _searched(record, blank, way, start)
        search = record.searches[-1]
        start, estimate = search.fields[-1], search.reconstruction(search.total - 1)
    yield Step(1.0, record)


def _drawn(image: Bytes, hole: Mask, way: Way) -> Bytes:
    """The hole filled with pixels from anywhere: a mean would find what is flat, and stay so."""
    field = np.zeros((*hole.shape, 2), np.int16)
    allowed = _allowed(image, hole, way.size)
    kernels.draw(image, image, way.size, hole, allowed, np.uint64(way.seed), field)
    made: Bytes = np.where(hole[..., None], image[field[..., 0], field[..., 1]], image)
    return made


def _searched(
    so_far: SearchRecord, blank: FieldRecord, way: Way, start: Places | None
) -> Generator[Step[SearchRecord], None, SearchRecord]:
    """One search more."""
    size, target, source, wanted = way.size, blank.target, blank.source, blank.wanted
    allowed, seed = _allowed(source, blank.hole, size), np.uint64(way.seed + len(so_far.searches))
    costs = blank.costs[0].copy()
    field = _first_field(blank, way, len(so_far.searches), start)
    kernels.measure(target, source, size, wanted, field, costs)

    def told(moment: int) -> Step[SearchRecord]:
        blank.energies[moment] = _energy(costs[wanted], size)
        record = replace(so_far, searches=(*so_far.searches, blank.grown(moment + 1)))
        return Step(record.count / (record.total + 1), record)

    blank.fields[0], blank.costs[0] = field, costs
    yield told(0)
    for sweep in range(way.sweeps):
        step = 1 if sweep % 2 == 0 else -1
        tried = field, costs, blank.tried[sweep], blank.tried_costs[sweep]
        for band, (ys, xs) in enumerate(_bands(blank.turns[sweep % 2], blank.bands, step)):
            pair = ys, xs, target, source, size
            if way.propagates:
                kernels.propagate(*pair, wanted, allowed, step, *tried)
            if way.searches:
                reach = blank.radii[sweep][0]
                kernels.search(*pair, allowed, sweep, seed, reach, *tried)
            blank.fields[sweep + 1, ys, xs] = field[ys, xs]
            blank.costs[sweep + 1, ys, xs] = costs[ys, xs]
            yield told(1 + sweep * blank.bands + band)
    return replace(so_far, searches=(*so_far.searches, blank.grown(blank.total)))


def _first_field(blank: FieldRecord, way: Way, number: int, start: Places | None) -> Places:
    """Where a search begins: with matches that are known, where they are allowed; else anywhere."""
    field: Places = np.zeros_like(blank.fields[0])
    wanted, allowed = blank.wanted, _allowed(blank.source, blank.hole, way.size)
    seed = np.uint64(way.seed + number)
    kernels.draw(blank.target, blank.source, way.size, wanted, allowed, seed, field)
    if start is not None:
        ys, xs = np.nonzero(wanted)
        places = np.clip(start[ys, xs], 0, np.array(allowed.shape) - 1)
        good = allowed[places[:, 0], places[:, 1]]
        field[ys[good], xs[good]] = places[good]
    return field


def _blank(target: Bytes, source: Bytes, hole: Mask | None, way: Way, level: int) -> FieldRecord:
    """A record of which no moment is there yet."""
    height, width = target.shape[:2]
    longest = max(source.shape[:2])
    radii = tuple(_halved(first_radius(longest, sweep)) for sweep in range(way.sweeps))
    most = NEIGHBOURS + max((len(one) for one in radii), default=0)
    turns, bands = _turns(_wanted(target, hole, way.size), way.tile)
    return FieldRecord(
        target=target,
        source=source,
        size=way.size,
        hole=hole,
        level=level,
        fields=np.zeros((way.sweeps + 1, height, width, 2), np.int16),
        costs=np.zeros((way.sweeps + 1, height, width), np.int32),
        tried=np.zeros((way.sweeps, height, width, most, 2), np.int16),
        tried_costs=np.full((way.sweeps, height, width, most), NONE, np.int32),
        radii=radii,
        turns=turns,
        energies=np.zeros(1 + way.sweeps * bands),
        bands=bands,
    )


def _check_room(targets: list[Bytes], way: Way) -> None:
    """ValueError if a record of these would take too much memory."""
    candidates = NEIGHBOURS + max(targets[-1].shape[:2]).bit_length()
    pixels = sum(one.size // 3 for one in targets)
    needed = 8 * pixels * (way.sweeps * candidates + way.sweeps + 1)
    if needed > _BYTES:
        height, width = targets[-1].shape[:2]
        raise ValueError(
            f"a record of {width} × {height} pixels takes {needed >> 20} MB: "
            f"at most {_BYTES >> 20} MB are kept"
        )


def _inside(picture: Bytes, size: int) -> Mask:
    """The middles of whole patches."""
    (height, width), r = picture.shape[:2], size // 2
    inside = np.zeros((height, width), bool)
    inside[r : height - r, r : width - r] = True
    return inside


def _touched(hole: Mask, size: int) -> Mask:
    """The middles of the patches that have a part in the hole."""
    touched: Mask = cv2.dilate(hole.view(np.uint8), np.ones((size, size), np.uint8)) > 0
    return touched


def _wanted(target: Bytes, hole: Mask | None, size: int) -> Mask:
    inside = _inside(target, size)
    return inside if hole is None else inside & _touched(hole, size)


def _allowed(source: Bytes, hole: Mask | None, size: int) -> Mask:
    inside = _inside(source, size)
    return inside if hole is None else inside & ~_touched(hole, size)


def _can_be_halved(way: Way, *pictures: Bytes) -> bool:
    return all(min(one.shape[:2]) >= 4 * way.size for one in pictures)


def _half(picture: Bytes) -> Bytes:
    height, width = picture.shape[:2]
    size = (width + 1) // 2, (height + 1) // 2
    half: Bytes = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return half


def _doubled(field: Places | None) -> Places | None:
    """The same matches on the next level, where each pixel has become four."""
    if field is None:
        return None
    fine = np.repeat(np.repeat(2 * field, 2, axis=0), 2, axis=1)
    fine[1::2, :, 0] += 1
    fine[:, 1::2, 1] += 1
    return fine


def _halved(radius: int) -> tuple[int, ...]:
    return () if radius < 1 else (radius, *_halved(radius // 2))


def _turns(wanted: Mask, tile: int | None) -> tuple[NDArray[np.int16], int]:
    """In which band of a sweep each patch is visited, on and back; the number of bands."""
    y, x = np.mgrid[: len(wanted), : wanted.shape[1]]
    if tile is None:
        rows = np.flatnonzero(wanted.any(axis=1))
        on, bands = y - rows[0], int(rows[-1] - rows[0]) + 1
        back = bands - 1 - on
    else:
        black, row = (y // tile + x // tile) % 2, y % tile
        on, back, bands = black * tile + row, black * tile + tile - 1 - row, 2 * tile
    turns = np.where(wanted, np.stack([on, back]), _NEVER).astype(np.int16)
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
    """What a pixel and channel is off by, in levels of 255."""
    return float(np.sqrt(costs.mean() / (3 * size * size)))


def compile_loops() -> None:
    """Make the inner loops ready, on a few pixels."""
    few = np.zeros((9, 9, 3), np.uint8)
    for step in record_field(few, few, Way(size=3, sweeps=2)):
        record = step.value
    assert record is not None
    record.searches[0].reconstruction(0)
