"""A texture of any size at once, coarse to fine, that may wrap around at its edges.

Each patch of the texture looks for the most similar one of the sample, by PatchMatch; then each
pixel becomes a copy of what the patches over it would put there, the copy nearest to their mean;
again and again, and then the same twice as fine (V. Kwatra et al., Texture Optimization for
Example-based Synthesis, SIGGRAPH 2005, with the copies of J. Han et al., Fast Example-based Surface
Texture Synthesis via Discrete Optimization, The Visual Computer 22, 2006). A place of the sample
that is used more often than others costs more, so that nothing comes over and over (the price of
A. Kaspar et al., Self Tuning Texture Optimization, Eurographics 2015, made soft).

As it reads on paper: ``texture_reference``. For pixel after pixel, which is slower and follows a
sample more closely: ``efros_leung``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.efros_leung_samples import Sample, features, readable
from editor.engine.image import Picture, Size
from editor.engine.kernels import analogy_fast as uses_kernels
from editor.engine.kernels import texture as kernels
from editor.engine.patchmatch import FORBIDDEN, Field, Search
from editor.engine.step import Step, last, silent
from editor.engine.texture_start import lay
from editor.engine.threads import Crew

SIZE = 7  # of a patch
_R = SIZE // 2
_SMALLEST = 12  # side of the sample at the coarsest size
_PASSES = (1, 2, 3, 4)  # at the finest size, the next one …
_FIRST = 4  # … and at the coarsest
_SWEEPS = 2  # of the search in each pass; 1 at the finest size
_REACH = 8  # of the random search at the finest size; twice as far in each coarser one
_PRICE = 36 * SIZE * SIZE  # of a patch that is used twice as often as all are: so far off, squared
_AROUND = 5  # pixels over which use is evened out: what lies together has the same price
_ROWS = 1 << 14  # pixels that settle before there is a pause
_BYTES_EACH = 64  # of memory for a pixel of the texture

TILES = {"none": (False, False), "x": (False, True), "y": (True, False), "xy": (True, True)}
Map = NDArray[np.int32]  # (H, W, 2): y and x
Bytes = NDArray[np.uint8]
Pauses = Generator[None, None, None]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a texture is made: everything but the sample that decides the result."""

    tile: str = "none"  # the directions in which it wraps around, one of TILES
    spread: float = 0.5  # how evenly all of the sample is used, 0 to 1
    seed: int = 0

    def __post_init__(self) -> None:
        if self.tile not in TILES:
            raise ValueError(f"tile is {self.tile!r}: choose {', '.join(TILES)}")
        if not 0 <= self.spread <= 1:
            raise ValueError(f"the spread is {self.spread}: it goes from 0 to 1")
        if self.seed < 0:
            raise ValueError(f"the seed is {self.seed}: it is 0 or more")


@dataclass(frozen=True, slots=True)
class Texture:
    """The texture so far, and where each of its pixels was copied from."""

    picture: Picture
    source: Map


def synthesise(
    sample: Sample, size: Size, rule: Rule | None = None, *, threads: int = 1
) -> Iterator[Step[Texture]]:
    """A texture of this size, made of pixels of the sample; after each size one to look at."""
    rule = rule or Rule()
    check(sample, size)
    with Crew(threads) as crew:
        levels = yield from silent(0.0, _levels(sample))
        coarsest = len(levels) - 1
        work = [_passes(finer, coarsest) / 4.0**finer for finer in range(len(levels))]
        done, before = 0.0, None
        for finer in range(coarsest, -1, -1):
            here = Size(-(-size.width >> finer), -(-size.height >> finer))
            level = _Level(*levels[finer], here, rule, crew)
            yield from silent(done, level.prepare())
            start = level.begun(rule.seed) if before is None else level.lifted(before)
            field = yield from silent(done, start)
            for turn in range(_passes(finer, coarsest)):
                seed = rule.seed + 97 * finer + turn
                reach = None if finer == coarsest else _REACH << finer
                steps = level.improve(field, seed, reach, even=finer > 0 or finer == coarsest)
                yield from silent(done, steps)
                done += work[finer] / sum(work) / _passes(finer, coarsest)
            whole = _made(sample.picture, level.source, size, finer, crew)
            made = yield from silent(done, whole)
            yield Step(min(1.0, done) if finer else 1.0, made)
            before = field


def warm_up() -> None:
    """Compile all of it, on a few pixels."""
    for channels in (1, 3):
        noise = np.arange(64 * 64 * channels) * 61 % 97
        picture = noise.astype(np.uint8).reshape((64, 64, 3) if channels == 3 else (64, 64))
        last(synthesise(Sample(picture), Size(80, 80), threads=1))


def check(sample: Sample, size: Size) -> None:
    """Raise ValueError unless such a texture can be made of the sample."""
    there = Size.of(sample.picture)
    if min(there) < SIZE:
        raise ValueError(f"the sample is {there}: at least {SIZE} × {SIZE} pixels are needed")
    if min(size) < SIZE:
        raise ValueError(f"the texture is {size}: at least {SIZE} × {SIZE} pixels are needed")
    if size != there and size.width <= there.width and size.height <= there.height:
        raise ValueError(
            f"the texture is {size} and the sample {there}: nothing grows, crop the sample"
        )
    needed, free = _BYTES_EACH * size.width * size.height, psutil.virtual_memory().available
    if needed > 0.8 * free:
        raise ValueError(
            f"a texture of {size} takes {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB "
            "are free: ask for less"
        )


def _passes(finer: int, coarsest: int) -> int:
    return _FIRST if finer == coarsest else _PASSES[min(finer, len(_PASSES) - 1)]


def _levels(sample: Sample) -> Generator[None, None, list[tuple[Bytes, Bytes]]]:
    """The sample from fine to coarse: what is compared of it, and 1 where it may be copied."""
    pixels = features(sample.picture)
    yield
    allowed = readable(sample.picture) if sample.allowed is None else sample.allowed
    levels = [(pixels, (allowed & readable(sample.picture)).view(np.uint8))]
    if not _whole(levels[0][1]):
        raise ValueError(
            f"nowhere are {SIZE} × {SIZE} pixels of the sample allowed: allow more of it"
        )
    while min(pixels.shape[:2]) >= 2 * _SMALLEST:
        half = pixels.shape[1] // 2, pixels.shape[0] // 2
        even = np.s_[: 2 * half[1], : 2 * half[0]]
        pixels = cv2.resize(pixels[even], half, interpolation=cv2.INTER_AREA)
        pixels = np.ascontiguousarray(pixels.reshape(half[1], half[0], -1))
        fine = levels[-1][1][even]
        coarse = fine.reshape(half[1], 2, half[0], 2).min(axis=(1, 3))
        if not _whole(coarse):
            break
        levels.append((pixels, coarse))
        yield
    return levels


def _whole(allowed: Bytes) -> bool:
    """Whether a whole patch may be copied anywhere."""
    inner = cv2.erode(allowed, np.ones((SIZE, SIZE), np.uint8))[_R:-_R, _R:-_R]
    return bool(inner.any())


def _made(
    picture: Picture, coarse: Map, size: Size, finer: int, crew: Crew
) -> Generator[None, None, Texture]:
    """The texture that a map means, also if it is one of a coarser size."""
    source = coarse
    if finer:
        source = np.empty((size.height, size.width, 2), np.int32)
        yield from crew.passing(
            kernels.enlarge, 0, size.height, coarse, finer, picture.shape[:2], source,
            piece=max(1, 8 * _ROWS // size.width), weight=size.width,
        )  # fmt: skip
    made = np.empty((size.height, size.width, *picture.shape[2:]), picture.dtype)
    rows = max(1, 8 * _ROWS // size.width)
    for top in range(0, size.height, rows):
        band = source[top : top + rows]
        made[top : top + rows] = picture[band[..., 0], band[..., 1]]
        yield
    return Texture(made, source)


class _Level:
    """One size of the texture: the search, the prices, and what the patches say."""

    def __init__(self, sample: Bytes, allowed: Bytes, size: Size, rule: Rule, crew: Crew) -> None:
        self._sample, self._allowed, self._crew, self._rule = sample, allowed, crew, rule
        down, across = TILES[rule.tile]
        self._margins = _R * down, _R * across
        height, width = (max(size.height, SIZE), max(size.width, SIZE))
        self.source: Map = np.zeros((height, width, 2), np.int32)
        room = height + 2 * self._margins[0], width + 2 * self._margins[1]
        blank = np.zeros((*room, sample.shape[2]), np.uint8)
        self._search = Search(blank, sample, size=SIZE, allowed=allowed, crew=crew)
        self._uses = np.zeros(sample.shape[:2], np.float32)
        self._free = np.empty((0, 0), np.int32)

    def prepare(self) -> Pauses:
        """Before anything else."""
        yield from self._search.prepare()
        self._free = self._search.pair.norms.copy()

    def begun(self, seed: int) -> Generator[None, None, Field]:
        """Pieces of the sample that fit each other; the field is drawn by chance."""
        wraps = TILES[self._rule.tile]
        yield from lay(self._sample, self._allowed, wraps, seed, self.source)
        height, width = self.source.shape[:2]
        middle = np.s_[self._margins[0] :, self._margins[1] :]
        pixels = self._sample[self.source[..., 0], self.source[..., 1]]
        self._search.target[middle][:height, :width] = pixels
        self._wrap(self._search.target)
        field = self._search.empty_field()
        field.positions[...] = -1
        yield from self._search.begin(field, seed)
        return field

    def lifted(self, coarse: Field) -> Generator[None, None, Field]:
        """The field of the next coarser size, and what its patches say here."""
        field = self._search.empty_field()
        yield from self._rows(
            kernels.lift, len(field.positions),
            coarse.positions, _R, self._margins, self._free, field.positions,
        )  # fmt: skip
        yield from self._search.begin(field, self._rule.seed)
        yield from self._settle(field)
        return field

    def improve(self, field: Field, seed: int, reach: int | None, *, even: bool) -> Pauses:
        """One pass: prices, if use is to be evened out; the search; and what the patches say."""
        if even and self._rule.spread > 0:
            yield from self._charge(field)
        yield from self._search.begin(field, seed)
        for number in range(_SWEEPS if even else 1):
            yield from self._search.sweep(field, seed, number, reach=reach)
        yield from self._settle(field)

    def _charge(self, field: Field) -> Pauses:
        """Patches cost more where more are in use than should be."""
        uses = np.zeros_like(self._uses)
        uses_kernels.count_uses(0, len(field.positions), field.positions, _R, uses)
        yield
        whole = (self._free < FORBIDDEN).astype(np.float32)
        around = _AROUND, _AROUND
        uses = cv2.boxFilter(uses, cv2.CV_32F, around, normalize=False)
        shares = cv2.boxFilter(whole, cv2.CV_32F, around, normalize=False)
        each = np.count_nonzero(self._search.wanted) / np.count_nonzero(whole)
        uses /= np.maximum(shares, 1) * np.float32(each)
        self._uses += (uses - self._uses) * np.float32(0.5)
        price = np.float32(2 * self._rule.spread * _PRICE * self._sample.shape[2])
        uses_kernels.charge(0, len(uses), self._free, self._uses, price, self._search.pair.norms)
        yield

    def _settle(self, field: Field) -> Pauses:
        """What the patches say of each pixel, written into the texture."""
        self._wrap(field.positions)
        yield from self._rows(
            kernels.settle, len(self.source),
            field.positions, _R, self._margins, self._sample, self._search.target, self.source,
        )  # fmt: skip
        self._wrap(self._search.target)

    def _wrap(self, room: NDArray[Any]) -> None:
        """In the margins of a room is what lies on the other side of the texture."""
        down, across = self._margins
        if down:
            room[:down], room[-down:] = room[-2 * down : -down], room[down : 2 * down]
        if across:
            room[:, :across] = room[:, -2 * across : -across]
            room[:, -across:] = room[:, across : 2 * across]

    def _rows(self, kernel: Any, count: int, *arguments: Any) -> Pauses:
        width = self.source.shape[1]
        yield from self._crew.passing(
            kernel, 0, count, *arguments, piece=max(1, _ROWS // width), weight=32 * width
        )
