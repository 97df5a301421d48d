"""The fast analogy: patches of A′ that agree with each other and with the guides.

Coarse to fine, each patch of B with what is there of B′ looks for the most similar patch of A with
A′, by PatchMatch; then each pixel of B′ becomes the mean of what the patches over it say, again and
again (V. Kwatra et al., Texture Optimization for Example-based Synthesis, SIGGRAPH 2005; guided as
in J. Fišer et al., StyLit: Illumination-Guided Example-Based Stylization of 3D Renderings, SIGGRAPH
2016). A patch of A′ that is used more than others costs more, so that B′ is as rich as A′ and no
flat patch wins everywhere: the price is part of what a patch of the source costs by itself, and
changes between two passes.

The last mean only says what to copy: the picture is made of whole pixels of A′.

Where a B′ is kept, only patches are searched that reach what is to be made anew.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import Bytes, Level, Problem, Settings
from editor.engine.analogy_guides import Canvas, Palette, canvas, guides, palette
from editor.engine.analogy_kept import Kept, Rest, rests
from editor.engine.analogy_preview import blit
from editor.engine.cv import cv2
from editor.engine.kernels import analogy_fast as kernels
from editor.engine.patchmatch import Field, Search
from editor.engine.step import Step, silent
from editor.engine.threads import Crew

SIZE = 5  # of a patch
_R = SIZE // 2
_PASSES = (2, 3, 4, 6)  # at the finest level, the next one …
_SWEEPS = 2
_REACH = 16  # of the random search at the finest level; twice as far in each coarser one
_PRICE = 1000.0  # of a patch that is used twice as often as all should be: 6 of 255 off everywhere
_AROUND = 21  # pixels over which use is evened out: what lies together has the same price
_ROWS = 1 << 15  # pixels that vote before there is a pause

Map = NDArray[np.int32]  # (H, W, 3): pair, y and x
Pauses = Generator[None, None, None]


def solve(
    problem: Problem, settings: Settings, seed: int, crew: Crew, kept: Kept | None = None
) -> Iterator[Step[Map]]:
    """The source map of B′: at once a preview, then level by level, then the finest."""
    colours = palette(problem)
    yield Step(0.0)
    finest = problem.levels[-1]
    sources = yield from silent(0.02, canvas(finest, colours))
    own = yield from silent(0.03, guides(finest.B, colours))
    stays: list[Rest] | list[None] = [None] * len(problem.levels)
    if kept is None:
        first = yield from silent(0.04, blit(own, sources, colours.style, seed, crew))
        yield Step(0.05, sources.places(first))
    else:
        stays = yield from silent(0.05, rests(kept, problem, colours, 2 * _R))
    before: tuple[_Level, Field] | None = None
    count = len(problem.levels)
    for number, (level, rest) in enumerate(zip(problem.levels, stays, strict=True)):
        low, high = 0.05 + 0.95 * 4.0 ** (number - count), 0.05 + 0.95 * 4.0 ** (number + 1 - count)
        if number < count - 1:
            here = yield from silent(low, canvas(level, colours))
            known = yield from silent(low, guides(level.B, colours))
        else:
            here, known = sources, own
        solver = _Level(known, here, rest, colours, settings, crew)
        yield Step(low)
        yield from silent(low, solver.prepare())
        field = yield from silent(low, solver.first(before, seed + number))
        finer = count - 1 - number
        passes = _PASSES[min(finer, len(_PASSES) - 1)]
        for turn in range(passes):
            done = low + (high - low) * turn / passes
            steps = solver.improve(field, seed + 97 * number + turn, _REACH << finer)
            yield from silent(done, steps)
        before = solver, field
        made = yield from silent(high, solver.map(field, finer, finest))
        if stays[-1] is not None:
            made = np.where(stays[-1].changes[..., None] != 0, made, stays[-1].source)
        yield Step(high, made)


class _Level:
    """One size of the pictures: the search, the prices, and the votes."""

    def __init__(
        self,
        own: Bytes,
        sources: Canvas,
        rest: Rest | None,
        colours: Palette,
        settings: Settings,
        crew: Crew,
    ) -> None:
        self.sources = sources
        self._style, self._crew, self._rest = colours.style, crew, rest
        target = np.zeros((*own.shape[:2], self.sources.pixels.shape[2]), np.uint8)
        target[..., : self._style] = own
        wanted = None
        self._changes = np.ones(own.shape[:2], np.uint8)
        if rest is not None:
            target[..., self._style :] = rest.style
            self._changes = rest.changes
            wanted = cv2.dilate(rest.changes, np.ones((SIZE, SIZE), np.uint8))
        self._search = Search(
            target,
            self.sources.pixels,
            size=SIZE,
            wanted=wanted,
            allowed=self.sources.allowed,
            crew=crew,
        )
        self._uses = np.zeros(self.sources.allowed.shape, np.float32)
        channels = target.shape[2] - self._style
        self._price = settings.uniformity * _PRICE * colours.scale**2 * channels
        self._free = np.empty((0, 0), np.int32)

    def prepare(self) -> Pauses:
        """Before anything else."""
        yield from self._search.prepare()
        self._free = self._search.pair.norms.copy()
        yield

    def first(self, before: tuple[_Level, Field] | None, seed: int) -> Generator[None, None, Field]:
        """A field from the coarser level, or from the guides alone; and its votes."""
        field = self._search.empty_field()
        if self._rest is not None:
            field.positions[...] = self._rest.positions(self.sources, _R)
        if before is None:
            search = Search(
                self._search.target[..., : self._style],
                self.sources.pixels[..., : self._style],
                size=SIZE,
                wanted=self._search.wanted,
                allowed=self.sources.allowed,
                crew=self._crew,
            )
            yield from search.prepare()
            field.positions[search.wanted] = -1
            yield from search.begin(field, seed)
            for number in range(2 * _SWEEPS):
                yield from search.sweep(field, seed, number)
        else:
            solver, coarse = before
            yield from self._rows(
                kernels.lift, coarse.positions, solver.sources.tops, self.sources.tops, self._free,
                _R, self._search.pair.wanted, field.positions,
            )  # fmt: skip
            yield from self._search.begin(field, seed)
        yield from self._vote(field)
        return field

    def improve(self, field: Field, seed: int, reach: int) -> Pauses:
        """One pass: prices, search, votes."""
        if self._price > 0:
            yield from self._charge(field)
        yield from self._search.begin(field, seed)
        for number in range(_SWEEPS):
            yield from self._search.sweep(field, seed, number, reach=reach)
        yield from self._vote(field)

    def _charge(self, field: Field) -> Pauses:
        """Patches cost more where more are in use than should be."""
        uses = np.zeros_like(self._uses)
        yield from Crew(1).passing(
            kernels.count_uses, 0, len(field.positions), field.positions, _R, uses,
            piece=max(1, 8 * _ROWS // field.positions.shape[1]),
        )  # fmt: skip
        for _ in range(2):
            uses = cv2.boxFilter(
                uses, cv2.CV_32F, (_AROUND, _AROUND), borderType=cv2.BORDER_REFLECT
            )
            yield
        each = self._search.wanted.size / np.count_nonzero(self.sources.allowed)
        uses *= np.float32(1 / each)
        self._uses += (uses - self._uses) * np.float32(0.5)
        yield
        norms = self._search.pair.norms
        yield from self._crew.passing(
            kernels.charge, 0, len(norms), self._free, self._uses, np.float32(self._price), norms,
            piece=max(1, 8 * _ROWS // norms.shape[1]), weight=norms.shape[1],
        )  # fmt: skip

    def _vote(self, field: Field) -> Pauses:
        yield from self._rows(
            kernels.vote, field.positions, _R, self.sources.pixels, self._style, self._changes,
            self._search.target,
        )  # fmt: skip

    def map(self, field: Field, finer: int, finest: Level) -> Generator[None, None, Map]:
        """The field as a map of the finest level; on that itself by the last votes."""
        if not finer:
            chosen = np.zeros_like(field.positions)
            yield from self._rows(
                kernels.choose, field.positions, _R, self.sources.pixels, self._search.target,
                self._changes, chosen,
            )  # fmt: skip
            yield
            places = self.sources.places(chosen)
            yield
            return places
        large = np.empty((*finest.B.shape[:2], 3), np.int32)
        tops = self.sources.tops
        sizes = np.array([A.shape[:2] for A in finest.A])
        yield from self._crew.passing(
            kernels.enlarge, 0, len(large), field.positions, tops, sizes, finer, _R, large,
            piece=max(1, 4 * _ROWS // large.shape[1]), weight=large.shape[1],
        )  # fmt: skip
        return large

    def _rows(self, kernel: Any, *arguments: Any) -> Pauses:
        height, width = self._search.wanted.shape
        yield from self._crew.passing(
            kernel, 0, height, *arguments, piece=max(1, _ROWS // width), weight=32 * width
        )
