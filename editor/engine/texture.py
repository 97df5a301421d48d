"""A texture of any size at once, coarse to fine, that may wrap around at its edges.

It begins with pieces of the sample side by side (``texture_start``). Each patch of the texture
looks for the most similar one of the sample, by PatchMatch, and with a guide for one that lies
where the guides are alike; then each pixel becomes a copy of what the patches over it would put
there, the copy nearest to their mean; again and again, and then the same twice as fine (V. Kwatra
et al., Texture Optimization for Example-based Synthesis, SIGGRAPH 2005, with the copies of J. Han
et al., Fast Example-based Surface Texture Synthesis via Discrete Optimization, The Visual Computer
22, 2006). A place of the sample that is used more often than others costs more, so that nothing
comes over and over (the price of A. Kaspar et al., Self Tuning Texture Optimization, Eurographics
2015, made soft).

As it reads on paper: ``texture_reference``. For pixel after pixel, which is slower and follows a
sample more closely: ``efros_leung``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.efros_leung_samples import Sample, check_alike, check_grows
from editor.engine.image import Picture, Size
from editor.engine.kernels import analogy_fast as uses_kernels
from editor.engine.kernels import texture as kernels
from editor.engine.kernels.texture import STYLE
from editor.engine.patchmatch import FORBIDDEN, Field, Search
from editor.engine.step import Step, last, silent
from editor.engine.texture_samples import SIZE, Bytes, Guidance, Level, Sheet, sheet
from editor.engine.texture_start import lay
from editor.engine.threads import Crew

_R = SIZE // 2
_PASSES = (1, 2, 3, 4)  # at the finest size, the next one …
_FIRST = 4  # … and at the coarsest
_SWEEPS = 2  # of the search in each pass; 1 at the finest size
_REACH = 8  # of the random search at the finest size; twice as far in each coarser one
_PRICE = 36 * SIZE * SIZE  # of a patch that is used twice as often as all are: so far off, squared
_AROUND = 5  # pixels over which use is evened out: what lies together has the same price
_ROWS = 1 << 15  # pixels that settle before there is a pause
_BYTES_EACH = 76  # of memory for a pixel of the texture

TILES = {"none": (False, False), "x": (False, True), "y": (True, False), "xy": (True, True)}
Map = NDArray[np.int32]  # (H, W, 2): y and x on the sheet of all samples
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
    source: NDArray[np.int32]  # (H, W, 3): number of the sample, y and x
    light: float | None = None  # grey levels between parts of the samples that follow a guide


def synthesise(
    samples: Sequence[Sample],
    size: Size,
    rule: Rule | None = None,
    guidance: Guidance | None = None,
    *,
    threads: int = 1,
) -> Iterator[Step[Texture]]:
    """A texture of this size, made of pixels of the samples; after each size one to look at."""
    rule = rule or Rule()
    check(samples, size, guidance)
    with Crew(threads) as crew:
        whole = yield from silent(0.0, sheet(samples, guidance))
        coarsest = len(whole.levels) - 1
        work = [_passes(finer, coarsest) / 4.0**finer for finer in range(coarsest + 1)]
        done, before = 0.0, None
        for finer in range(coarsest, -1, -1):
            here = Size(-(-size.width >> finer), -(-size.height >> finer))
            level = _Level(whole.levels[finer], whole.guided(here), here, rule, crew)
            yield from silent(done, level.prepare())
            start = level.begun(rule.seed) if before is None else level.lifted(before)
            field = yield from silent(done, start)
            for turn in range(_passes(finer, coarsest)):
                seed = rule.seed + 97 * finer + turn
                reach = None if finer == coarsest else _REACH << finer
                steps = level.improve(field, seed, reach, even=finer > 0 or finer == coarsest)
                yield from silent(done, steps)
                done += work[finer] / sum(work) / _passes(finer, coarsest)
            made = yield from silent(done, _made(whole, level.source, size, finer, crew))
            yield Step(min(1.0, done) if finer else 1.0, made)
            before = field


def warm_up() -> None:
    """Compile all of it, on a few pixels."""
    noise = (np.arange(96 * 96) * 61 % 97).astype(np.uint8).reshape(96, 96)
    for guidance in (None, Guidance(noise)):
        last(synthesise([Sample(noise)], Size(100, 100), guidance=guidance))


def check(samples: Sequence[Sample], size: Size, guidance: Guidance | None = None) -> None:
    """Raise ValueError unless such a texture can be made of the samples."""
    if min(size) < SIZE:
        raise ValueError(f"the texture is {size}: at least {SIZE} × {SIZE} pixels are needed")
    check_alike(samples)
    sizes = [Size.of(sample.picture) for sample in samples]
    for there in sizes:
        if min(there) < SIZE:
            raise ValueError(f"the sample is {there}: at least {SIZE} × {SIZE} pixels are needed")
        if guidance is None:
            check_grows("texture", size, there)
    if guidance is not None and guidance.samples:
        guides = [Size.of(guide) for guide in guidance.samples]
        if len(guides) != len(samples):
            raise ValueError(
                f"there are {len(samples)} samples and {len(guides)} guides of them: each has one"
            )
        for there, guide in zip(sizes, guides, strict=True):
            if guide != there:
                raise ValueError(
                    f"the guide of the sample is {guide} and the sample {there}: they lie pixel on"
                    " pixel and have one size"
                )
    needed, free = _BYTES_EACH * size.width * size.height, psutil.virtual_memory().available
    if needed > 0.8 * free:
        raise ValueError(
            f"a texture of {size} takes {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB "
            "are free: ask for less"
        )


def _passes(finer: int, coarsest: int) -> int:
    return _FIRST if finer == coarsest else _PASSES[min(finer, len(_PASSES) - 1)]


def _made(
    whole: Sheet, coarse: Map, size: Size, finer: int, crew: Crew
) -> Generator[None, None, Texture]:
    """The texture that a map of the sheet means, also if it is one of a coarser size."""
    source = np.empty((size.height, size.width, 3), np.int32)
    how = {"piece": max(1, 8 * _ROWS // size.width), "weight": size.width}
    yield from crew.passing(
        kernels.enlarge, 0, size.height, coarse, finer, whole.tops, source, **how
    )
    first = whole.samples[0].picture
    made = np.empty((size.height, size.width, *first.shape[2:]), first.dtype)
    for number, sample in enumerate(whole.samples):
        given = _as_bytes(np.ascontiguousarray(sample.picture)), _as_bytes(made)
        yield from crew.passing(kernels.copy, 0, size.height, source, number, *given, **how)
    return Texture(made, source, whole.light)


def _as_bytes(picture: Picture) -> Bytes:
    """(H, W, bytes of a pixel): a view."""
    return picture.view(np.uint8).reshape(*picture.shape[:2], -1)


class _Level:
    """One size of the texture: the search, the prices, and what the patches say."""

    def __init__(
        self, sample: Level, guide: Bytes | None, size: Size, rule: Rule, crew: Crew
    ) -> None:
        self._sample, self._crew, self._rule = sample, crew, rule
        down, across = TILES[rule.tile]
        self._margins = _R * down, _R * across
        height, width = (max(size.height, SIZE), max(size.width, SIZE))
        self.source: Map = np.zeros((height, width, 2), np.int32)
        room = height + 2 * self._margins[0], width + 2 * self._margins[1]
        blank = np.zeros((*room, sample.pixels.shape[2]), np.uint8)
        self._search = Search(blank, sample.pixels, size=SIZE, allowed=sample.allowed, crew=crew)
        self._inner = self._search.target[
            self._margins[0] : self._margins[0] + height,
            self._margins[1] : self._margins[1] + width,
        ]
        if guide is not None:
            self._inner[: size.height, : size.width, STYLE:] = guide
        self._uses = np.zeros(sample.allowed.shape, np.float32)
        self._free = np.empty((0, 0), np.int32)

    def prepare(self) -> Pauses:
        """Before anything else."""
        yield from self._search.prepare()
        self._free = self._search.pair.norms.copy()

    def begun(self, seed: int) -> Generator[None, None, Field]:
        """Pieces of the sample that fit each other and the guide."""
        room = self._inner.copy()
        wraps = TILES[self._rule.tile]
        self.source = yield from lay(*self._sample, wraps, self._rule.spread, seed, room)
        self._inner[...] = room
        self._wrap(self._search.target)
        field = self._search.empty_field()
        height, width = self.source.shape[:2]
        inner = np.s_[self._margins[0] :, self._margins[1] :]
        field.positions[inner][:height, :width] = self.source
        self._wrap(field.positions)
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
        price = np.float32(2 * self._rule.spread * _PRICE * STYLE)
        uses_kernels.charge(0, len(uses), self._free, self._uses, price, self._search.pair.norms)
        yield

    def _settle(self, field: Field) -> Pauses:
        """What the patches say of each pixel, written into the texture."""
        self._wrap(field.positions)
        yield from self._rows(
            kernels.settle, len(self.source),
            field.positions, _R, self._margins, self._sample.pixels, self._search.target,
            self.source,
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
