"""One size of the picture while it is retargeted: both searches and the votes.

The parts of the method are named in ``retarget``.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Mask, Picture, to_working
from editor.engine.kernels import bidirectional as kernels
from editor.engine.kernels.fill import halve
from editor.engine.patchmatch import FREE, Search
from editor.engine.threads import Crew

SIZE = 7  # of a patch
R = SIZE // 2
_PERCENTILE = 75  # of the distances is the spread of the weights (Wexler 2007, §3.2)
_PLACED = 99  # and what a match of the source may be at last
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
    def whole(self) -> Mask:
        """(H, W): the middles of patches that may be copied as a whole."""
        whole = np.zeros(self.known.shape, np.bool_)
        around = np.ones((SIZE, SIZE), np.uint8)
        whole[R:-R, R:-R] = cv2.erode(self.known, around)[R:-R, R:-R]
        return whole


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
        if not level.whole.any():
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

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.pixels.shape[:2]
        return height, width

    @classmethod
    def of(cls, level: Level) -> Estimate:
        """The source itself."""
        return cls(level.pixels, identity(level.shape), identity(level.shape))

    def resized(self, shape: tuple[int, int]) -> Estimate:
        """A little narrower or wider: where a gradual change goes on from."""
        height, width = shape
        old_height, old_width = self.shape
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


class Labels(NamedTuple):
    """Numbers of patches: those of one number are only matched with each other."""

    source: Bytes  # (H, W)
    target: Bytes  # (H′, W′)
    seeking: Bytes  # the same for their own search: FREE ones find a match anywhere


class Constraint(Protocol):
    """What has a say in which patches are matched."""

    def labels(self, target: tuple[int, int], whole: Mask) -> Labels | None:
        """For a target of this shape, and a source with patches that are whole."""

    def project(self, estimate: Estimate, whole: Mask) -> None:
        """Put the matches where they should be."""


class Solver:
    """A source and a target size: improve the estimate again and again."""

    def __init__(
        self, level: Level, estimate: Estimate, held: Held, constraint: Constraint, crew: Crew
    ) -> None:
        self._level, self._held, self._crew = level, held, crew
        self._constraint, self._whole = constraint, level.whole
        self.estimate = estimate
        labels = constraint.labels(estimate.shape, self._whole)
        self._search = Search(
            *(estimate.pixels, level.pixels),
            size=SIZE,
            allowed=level.known,
            labels=None if labels is None else (np.full_like(labels.target, FREE), labels.source),
            crew=crew,
        )
        estimate.pixels = self._search.target
        self._to_source = self._search.empty_field()
        self._to_source.positions[...] = estimate.to_source
        shape = estimate.shape
        self._weights = np.zeros(shape, np.float32)
        self._own = kernels.Own(np.zeros(shape, np.int32), np.zeros(shape, np.uint8))
        self._share = np.float32(1)  # what a match of the source counts: N_T / N_S of the paper
        self._lists = _no_lists(self._weights.size)
        self._forced = np.zeros(shape, np.bool_)  # centres whose match is given

    def prepare(self) -> Pauses:
        """Make the source ready for the search, and put what is given in its place."""
        yield from self._search.prepare()
        ys, xs = np.nonzero(self._held.mask)
        pixels = self._level.pixels
        from_y, from_x = self._held.origins[ys, xs].T
        self._search.target[ys, xs] = pixels[from_y, from_x]
        fits = self._whole[from_y, from_x]
        self._forced[ys[fits], xs[fits]] = True
        yield

    def begin(self) -> Pauses:
        """What the matches of a coarser level look like at this one."""
        self._weights[...] = self._search.wanted
        yield from self._lead()
        self._lists = _no_lists(self._weights.size)
        yield from self._vote()

    def improve(self, seed: int, sweeps: int, reach: int) -> Pauses:
        """One pass: both searches, then the constraints, then the votes."""
        yield from self._match(seed, sweeps, reach)
        self._constraint.project(self.estimate, self._whole)
        yield from self._weigh(self._whole)
        yield from self._vote()

    def search(self, seed: int, sweeps: int, reach: int) -> Pauses:
        """The first part of a last pass, after which it is known where each pixel comes from."""
        yield from self._match(seed, sweeps, reach)
        self._constraint.project(self.estimate, self._whole)
        yield from self._weigh(self._placed())

    def _placed(self) -> Mask:
        """The patches of the source that have found a place as good as nearly all others have.

        What has none by now would only be sprinkled over something else. Those that are put in
        their place by the constraints are where they should be.
        """
        own = self._to_source.distances[self._search.wanted]
        placed: Mask = self._to_target.distances <= _spread_of(own, _PLACED)
        labels = self._constraint.labels(self.estimate.shape, self._whole)
        if labels is not None:
            placed |= labels.source != 0
        return self._whole & placed

    def _match(self, seed: int, sweeps: int, reach: int) -> Pauses:
        """Both searches (§3.1): coherence from target to source, completeness back."""
        estimate, search, field = self.estimate, self._search, self._to_source
        labels = self._constraint.labels(estimate.shape, self._whole)
        if labels is not None:
            search.label(labels.seeking)
        field.positions[...] = estimate.to_source
        yield from search.begin(field, seed)
        for number in range(sweeps):
            yield from search.sweep(field, seed, number, reach=reach)
        field.positions[self._forced] = self._held.origins[self._forced]
        back = Search(
            *(self._level.pixels, search.target),
            size=SIZE,
            wanted=self._whole,
            labels=None if labels is None else (labels.source, labels.target),
            turned=search,
            crew=self._crew,
        )
        yield from back.prepare()
        self._to_target = back.empty_field()
        self._to_target.positions[...] = estimate.to_target
        yield from back.begin(self._to_target, seed + 1)
        for number in range(sweeps):
            yield from back.sweep(self._to_target, seed + 1, number, reach=reach)
        estimate.to_source = field.positions
        estimate.to_target = self._to_target.positions

    def _weigh(self, sources: Mask) -> Pauses:
        """How much each match of the target counts, and the lists of what the source has chosen.

        Matches of these patches of the source all count alike: what has no place yet is to have
        one.
        """
        field, back = self._to_source, self._to_target
        targets = self._search.wanted
        spread = np.float32(0.5 / _spread_of(field.distances[targets], _PERCENTILE))
        yield from self._rows(kernels.weigh, targets, field.distances, spread, self._weights)
        self._weights[field.positions[..., 0] < 0] = 0
        yield from self._lead()
        self._share = np.float32(targets.sum() / max(1, self._whole.sum()))
        width = targets.shape[1]
        starts = np.zeros(targets.size + 1, np.int64)
        rows = max(1, _PIECE // sources.shape[1])
        bands = [(low, min(low + rows, len(sources))) for low in range(0, len(sources), rows)]
        for band in bands:
            kernels.count_choices(*band, sources, back.positions, width, starts)
            yield
        np.cumsum(starts, out=starts)
        leads, filled = np.empty(int(starts[-1]), np.int32), starts[:-1].copy()
        for band in bands:
            kernels.list_choices(*band, sources, back.positions, width, filled, leads)
            yield
        self._lists = kernels.Lists(starts, leads, np.empty(len(leads), np.uint8))
        for high in range(len(leads), 0, -_PIECE):
            kernels.count_runs(max(0, high - _PIECE), high, leads, self._lists.runs)
            yield

    def _lead(self) -> Pauses:
        """How far ahead the match of each patch is."""
        positions = self._to_source.positions
        yield from self._rows(kernels.lead, positions, self._level.shape[1], self._own)

    def _vote(self) -> Pauses:
        """Each pixel becomes the mean of what the patches over it say (§3.2)."""
        yield from self._crew.passing(
            kernels.vote,
            *(0, len(self._weights), self._weights, self._own, self._lists, self._share),
            *(self._level.pixels, self._held.mask, R, self._search.target),
            piece=max(1, _VOTES // self._weights.shape[1]),
            weight=self._weights.shape[1] * 256,
        )

    def origins(self) -> Generator[None, None, Positions]:
        """(H′, W′, 2): the source pixel that most of the patches over a pixel say."""
        origins = self._held.origins.copy()
        yield from self._crew.passing(
            kernels.choose,
            *(0, len(self._weights), self._weights, self._own, self._lists, self._share),
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


def _spread_of(distances: NDArray[Any], percentile: float) -> float:
    """That percentile of some of them, at least 1."""
    some = distances[:: 1 + len(distances) // 20000]
    return max(1.0, float(np.percentile(some, percentile)))


def _no_lists(patches: int) -> kernels.Lists:
    return kernels.Lists(
        np.zeros(patches + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8)
    )
