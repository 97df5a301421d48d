"""One size of the picture while it is retargeted: both searches and the votes.

The parts of the method are named in ``retarget``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Mask, Picture, to_working
from editor.engine.kernels import bidirectional as kernels
from editor.engine.kernels.fill import halve
from editor.engine.patchmatch import FORBIDDEN, Search
from editor.engine.threads import Crew

SIZE = 7  # of a patch
R = SIZE // 2
_PERCENTILE = 75  # of the distances is the spread of the weights (Wexler 2007, §3.2)
_PIECE = 1 << 17  # pixels that are gone through before there is a pause
_VOTES = 1 << 14  # and those for which votes are counted

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int32]
Pauses = Generator[None, None, None]


@dataclass(frozen=True, slots=True)
class Level:
    """The source at one size."""

    pixels: Bytes  # (H, W, 4): red, green, blue, 0
    known: Bytes  # 1 where it may be copied

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.known.shape
        return height, width

    @property
    def copyable(self) -> bool:
        """Is there a whole patch to copy?"""
        whole = cv2.erode(self.known, np.ones((SIZE, SIZE), np.uint8))
        return bool(whole[R:-R, R:-R].any())


def pyramid(
    image: Picture, depth: int, known: Mask | None = None
) -> Generator[None, None, list[Level]]:
    """The picture from fine to coarse; by default all of it is known.

    It ends early where nothing would be left to copy.
    """
    if known is None:
        known = np.ones(image.shape[:2], np.bool_)
    colours = colours_of(image)
    yield
    pixels = np.zeros((*image.shape[:2], 4), np.uint8)
    pixels[..., :3] = colours
    yield
    levels = [Level(pixels, np.ascontiguousarray(known).view(np.uint8))]
    while len(levels) <= depth:
        fine = levels[-1]
        size = tuple(-(-side // 2) for side in fine.shape)
        coarse, closed = np.empty((*size, 4), np.uint8), np.empty(size, np.uint8)
        every, unused = np.ones(fine.shape, np.uint8), np.empty(size, np.uint8)
        halve(0, size[0], fine.pixels, every, 1 - fine.known, coarse, unused, closed)
        level = Level(coarse, 1 - closed)
        if not level.copyable:
            break
        levels.append(level)
        yield
    return levels


def colours_of(image: Picture) -> Bytes:
    """(H, W, 3): colours as displayed."""
    if image.dtype == np.uint8 and image.ndim == 3:
        return image[..., :3]
    return np.rint(np.clip(to_working(image), 0, 1) * 255).astype(np.uint8)


def identity(shape: tuple[int, int]) -> Positions:
    """(H, W, 2): each pixel its own place."""
    return np.ascontiguousarray(np.indices(shape, np.int32).transpose(1, 2, 0))


@dataclass(slots=True)
class Estimate:
    """The target at one size, and the matches found so far."""

    pixels: Bytes  # (H′, W′, 4)
    to_source: Positions  # (H′, W′, 2): for each of its patches the centre in the source
    to_target: Positions  # (H, W, 2): for each patch of the source the centre in the target

    @classmethod
    def of(cls, level: Level) -> Estimate:
        """The source itself."""
        return cls(level.pixels, identity(level.shape), identity(level.shape))

    def resized(self, shape: tuple[int, int]) -> Estimate:
        """A little narrower or wider: where a gradual change goes on from."""
        height, width = shape
        old_height, old_width = self.pixels.shape[:2]
        pixels = cv2.resize(self.pixels, (width, height), interpolation=cv2.INTER_AREA)
        ys = np.arange(height) * old_height // height
        xs = np.arange(width) * old_width // width
        scaled = self.to_target * np.array([height / old_height, width / old_width])
        return Estimate(pixels, self.to_source[ys[:, None], xs], scaled.astype(np.int32))

    def lifted(
        self, shape: tuple[int, int], source: tuple[int, int], crew: Crew
    ) -> Generator[None, None, Estimate]:
        """The fields twice as fine, for a target and a source of these shapes; no pixels yet."""
        fields = []
        for coarse, own, other in (
            (self.to_source, shape, source),
            (self.to_target, source, shape),
        ):
            fine = np.empty((*own, 2), np.int32)
            yield from crew.passing(
                kernels.lift, 0, own[0], coarse, R, *other, fine,
                piece=max(1, _PIECE // own[1]), weight=own[1],
            )  # fmt: skip
            fields.append(fine)
        return Estimate(np.zeros((*shape, 4), np.uint8), *fields)


class Held:
    """Pixels of the target that are given: hard constraints."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.mask = np.zeros(shape, np.bool_)
        self.origins = np.zeros((*shape, 2), np.int32)  # where they are from


class Solver:
    """A source and a target size: improve the estimate again and again."""

    def __init__(self, level: Level, estimate: Estimate, held: Held, crew: Crew) -> None:
        self._level, self._held, self._crew = level, held, crew
        self.estimate = estimate
        self._search = Search(
            estimate.pixels, level.pixels, size=SIZE, allowed=level.known, crew=crew
        )
        estimate.pixels = self._search.target
        self._to_source = self._search.empty_field()
        self._to_source.positions[...] = estimate.to_source
        self._wanted = np.zeros(level.shape, np.bool_)
        shape = estimate.pixels.shape[:2]
        self._weights = np.zeros(shape, np.float32)
        self._source_weights = np.zeros(level.shape, np.float32)
        self._leads = np.zeros(shape, np.int32)
        self._lists = _no_lists(self._weights.size)
        self._forced = np.zeros(shape, np.bool_)  # centres whose match is given

    def prepare(self) -> Pauses:
        """Make the source ready for the search, and put what is given in its place."""
        yield from self._search.prepare()
        norms = self._search.pair.norms
        self._wanted = norms < FORBIDDEN
        ys, xs = np.nonzero(self._held.mask)
        pixels = self._level.pixels
        from_y, from_x = self._held.origins[ys, xs].T
        self._search.target[ys, xs] = pixels[from_y, from_x]
        fits = self._wanted[from_y, from_x]
        self._forced[ys[fits], xs[fits]] = True
        yield

    def begin(self) -> Pauses:
        """What the matches of a coarser level look like at this one."""
        self._weights[...] = self._search.wanted
        yield from self._lead()
        self._lists = _no_lists(self._weights.size)
        yield from self._vote()

    def improve(
        self, seed: int, sweeps: int, reach: int, project: Callable[[Estimate], None]
    ) -> Pauses:
        """One pass: both searches, then the constraints, then the votes."""
        yield from self.search(seed, sweeps, reach, project)
        yield from self._vote()

    def search(
        self, seed: int, sweeps: int, reach: int, project: Callable[[Estimate], None]
    ) -> Pauses:
        """The first part of a pass, after which it is known where each pixel comes from."""
        yield from self._match(seed, sweeps, reach)
        project(self.estimate)
        yield from self._weigh()

    def _match(self, seed: int, sweeps: int, reach: int) -> Pauses:
        """Both searches (§3.1): coherence from target to source, completeness back."""
        estimate, search, field = self.estimate, self._search, self._to_source
        field.positions[...] = estimate.to_source
        yield from search.begin(field, seed)
        for number in range(sweeps):
            yield from search.sweep(field, seed, number, reach=reach)
        field.positions[self._forced] = self._held.origins[self._forced]
        back = Search(
            self._level.pixels, search.target, size=SIZE, wanted=self._wanted, crew=self._crew
        )
        yield from back.prepare()
        self._to_target = back.empty_field()
        self._to_target.positions[...] = estimate.to_target
        yield from back.begin(self._to_target, seed + 1)
        for number in range(sweeps):
            yield from back.sweep(self._to_target, seed + 1, number, reach=reach)
        estimate.to_source = field.positions
        estimate.to_target = self._to_target.positions

    def _weigh(self) -> Pauses:
        """How much each match counts, and the lists of what the source has chosen."""
        search, field, back = self._search, self._to_source, self._to_target
        targets, sources = search.wanted, self._wanted
        some = field.distances[targets]
        some = some[:: 1 + len(some) // 20000]
        spread = np.float32(0.5 / max(1.0, float(np.percentile(some, _PERCENTILE))))
        for wanted, distances, weights in (
            (targets, field.distances, self._weights),
            (sources, back.distances, self._source_weights),
        ):
            share = np.float32(targets.sum() / max(1, np.count_nonzero(wanted)))
            yield from self._rows(kernels.weigh, wanted, distances, spread, share, weights)
        self._weights[field.positions[..., 0] < 0] = 0
        yield from self._lead()
        width = targets.shape[1]
        starts = np.zeros(targets.size + 1, np.int64)
        weights, positions = self._source_weights, back.positions
        rows = max(1, _PIECE // weights.shape[1])
        for low in range(0, len(weights), rows):
            kernels.count_choices(low, min(low + rows, len(weights)), weights, positions, width,
                                  starts)  # fmt: skip
            yield
        np.cumsum(starts, out=starts)
        count = int(starts[-1])
        leads, list_weights = np.empty(count, np.int32), np.empty(count, np.float32)
        filled = starts[:-1].copy()
        for low in range(0, len(weights), rows):
            kernels.list_choices(low, min(low + rows, len(weights)), weights, positions, width,
                                 filled, leads, list_weights)  # fmt: skip
            yield
        self._lists = (starts, leads, list_weights)

    def _lead(self) -> Pauses:
        """How far ahead the match of each patch is."""
        positions = self._to_source.positions
        yield from self._rows(kernels.lead, positions, self._level.shape[1], self._leads)

    def _vote(self) -> Pauses:
        """Each pixel becomes the mean of what the patches over it say (§3.2)."""
        yield from self._crew.passing(
            kernels.vote,
            *(0, len(self._weights), self._weights, self._leads, self._lists),
            *(self._level.pixels, self._held.mask, R, self._search.target),
            piece=max(1, _VOTES // self._weights.shape[1]),
            weight=self._weights.shape[1] * 256,
        )

    def origins(self) -> Generator[None, None, Positions]:
        """(H′, W′, 2): the source pixel that most of the patches over a pixel say."""
        origins = self._held.origins.copy()
        yield from self._crew.passing(
            kernels.choose,
            *(0, len(self._weights), self._weights, self._leads, self._lists),
            *(self._level.shape[1], self._held.mask, R, origins),
            piece=max(1, _VOTES // self._weights.shape[1]),
            weight=self._weights.shape[1] * 256,
        )
        return origins

    def _rows(self, kernel: Any, like: Mask | Positions, *arguments: Any) -> Pauses:
        yield from self._crew.passing(
            kernel,
            *(0, len(like), like, *arguments),
            piece=max(1, _PIECE // like.shape[1]),
            weight=like.shape[1],
        )


def _no_lists(patches: int) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    return np.zeros(patches + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)
