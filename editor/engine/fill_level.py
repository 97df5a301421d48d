"""One size of the picture while it is filled: the first guess, the search and the votes.

The parts of the method are named in ``fill``.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Cover, Mask, Picture, to_working
from editor.engine.kernels import fill as kernels
from editor.engine.membrane import PIECE, listed
from editor.engine.patchmatch import FORBIDDEN, Field, Search
from editor.engine.threads import Crew

SIZE = 7  # of a patch
_R = SIZE // 2
_THICK = 16  # pixels: the hole is no thicker at the coarsest level
_SMALLEST = 36  # side of the coarsest level
_FEWEST = 64  # patches to copy from at the coarsest level
_BUSY = 16.0  # what a slope counts beside a colour
_TRIES = 400  # places that a pixel of the first guess looks at
SWEEPS = 2
_TRUST = 1.3  # one pixel deeper in the hole, a vote counts so much less …
_DEEPEST = 60  # … down to here
_PERCENTILE = 75  # of the distances is the spread of the weights (Wexler, §3.2)

Bytes = NDArray[np.uint8]
Pauses = Generator[None, None, None]


@dataclass(slots=True)
class Level:
    """The picture at one size."""

    pixels: Bytes  # (H, W, 4): red, green, blue, and how busy it is around
    known: Bytes  # 1 outside the hole
    closed: Bytes  # 1 where nothing may be copied from

    @property
    def allowed(self) -> Bytes:
        return self.known & (1 - self.closed)

    @property
    def patches(self) -> int:
        """How many there are to copy from."""
        whole = cv2.erode(self.allowed, np.ones((SIZE, SIZE), np.uint8))
        return int(np.count_nonzero(whole[_R:-_R, _R:-_R]))


def pyramid(
    image: Picture, hole: Mask, sources: Mask | Cover | None
) -> Generator[None, None, list[Level]]:
    """The window from fine to coarse, until the hole is thin."""
    unknown = hole.view(np.uint8)
    known = 1 - unknown
    closed = np.zeros_like(known) if sources is None else (sources == 0).view(np.uint8)
    if image.ndim == 3 and image.shape[2] == 4:
        closed = closed | (image[..., 3] == 0)  # the colour there was never seen
    depth, thick = 0, thickness(unknown)
    while thick / 2**depth > _THICK and min(known.shape) >> (depth + 1) >= _SMALLEST:
        depth += 1
    yield
    pixels = yield from _with_business(_bytes(image), known, 2 ** (depth + 1) + 1)
    levels = [Level(pixels, known, closed)]
    if levels[0].patches == 0:
        raise ValueError(
            f"nowhere are {SIZE} × {SIZE} pixels left to copy from: make the mask smaller, "
            "or fill it smoothly"
        )
    yield
    while len(levels) <= depth:
        fine = levels[-1]
        size = tuple(-(-side // 2) for side in fine.known.shape)
        coarse = Level(*(np.empty((*size, *more), np.uint8) for more in ((4,), (), ())))
        kernels.halve(
            *(0, size[0], fine.pixels, fine.known, fine.closed),
            *(coarse.pixels, coarse.known, coarse.closed),
        )
        if coarse.patches < _FEWEST:
            break
        levels.append(coarse)
        yield
    return levels


def thickness(unknown: Bytes) -> float:
    """Of the hole where it is thickest, in pixels."""
    padded = cv2.copyMakeBorder(unknown, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _bytes(image: Picture) -> Bytes:
    """(H, W, 3): colours as displayed."""
    if image.dtype == np.uint8 and image.ndim == 3:
        return image[..., :3]
    return np.rint(np.clip(to_working(image), 0, 1) * 255).astype(np.uint8)


def _with_business(colours: Bytes, known: Bytes, side: int) -> Generator[None, None, Bytes]:
    """A fourth channel: the mean slope of what is known in a square around."""
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    slopes = np.zeros(grey.shape, np.uint16)
    slopes[:, 1:] = cv2.absdiff(grey[:, 1:], grey[:, :-1]) * (known[:, 1:] & known[:, :-1])
    yield
    slopes[1:] += cv2.absdiff(grey[1:], grey[:-1]) * (known[1:] & known[:-1])
    yield
    busy = cv2.boxFilter(slopes, cv2.CV_32F, (side, side))
    yield
    shares = cv2.boxFilter(known, cv2.CV_32F, (side, side))
    yield
    busy *= np.float32(_BUSY) / np.maximum(shares, np.float32(1e-6))
    yield
    return np.dstack([colours, np.minimum(busy, 255).astype(np.uint8)])


class Solver:
    """One level: its hole, the votes, and how much each counts."""

    def __init__(self, search: Search, unknown: Mask, crew: Crew) -> None:
        self._search, self._crew, self._unknown = search, crew, unknown
        self._ys = self._xs = np.empty(0, np.int32)
        self._trust = np.empty(unknown.shape, np.float32)
        self._weights = np.zeros(unknown.shape, np.float32)

    def prepare(self) -> Pauses:
        """List the hole, and say how much votes count by how deep in it they lie."""
        yield from self._search.prepare()
        hole = yield from listed(self._unknown.view(np.uint8), self._crew)
        self._ys, self._xs = hole.ys[1:-1], hole.xs[1:-1]
        depth = cv2.distanceTransform(self._unknown.view(np.uint8), cv2.DIST_L2, 3)
        yield
        quarters = np.minimum(depth * 4, np.float32(4 * _DEEPEST)).astype(np.uint8)
        steps = np.arange(4 * _DEEPEST + 1, dtype=np.float32) / 4
        np.take(np.float32(_TRUST) ** -steps, quarters, out=self._trust)
        yield

    def peel(self, seed: int) -> Generator[None, None, Field]:
        """The first guess, layer by layer from the border in."""
        search, target = self._search, self._search.target
        field = search.empty_field()
        field.positions[...] = -1
        norms = search.pair.norms
        choices = np.flatnonzero(norms < FORBIDDEN)
        seen = (~self._unknown).view(np.uint8)
        todo = self._unknown.view(np.uint8).copy()
        while todo.any():
            layer = todo & ~cv2.erode(
                todo, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1
            )
            if not layer.any():  # nothing is known around it at all
                layer = todo.copy()
            ys, xs = (axis.astype(np.int32) for axis in np.nonzero(layer))
            for tries in (_TRIES, 0, 0):  # the second and third time they tell each other
                yield from self._crew.passing(
                    kernels.peel,
                    *(0, len(ys), ys, xs, target, seen, norms, choices),
                    *(min(tries, len(choices)), np.uint64(seed), _R),
                    *(field.positions.copy(), field.positions),
                    piece=256,
                    weight=1 << 12,
                )
            seen |= layer
            todo &= ~layer
        return field

    def lift(self, coarse: Field, pixels: Bytes) -> Generator[None, None, Field]:
        """The field of the coarser level, and what the finer picture says there."""
        search, target = self._search, self._search.target
        field = search.empty_field()
        yield from self._rows(
            kernels.lift, coarse.positions, search.pair.wanted, search.pair.norms, _R,
            field.positions,
        )  # fmt: skip
        target[self._ys, self._xs] = pixels[self._ys // 2, self._xs // 2]
        self._weights[...] = np.where(
            (search.pair.wanted != 0) & (field.positions[..., 0] >= 0), self._trust, 0
        )
        yield from self._vote(field)
        return field

    def improve(self, field: Field, seed: int, reach: int) -> Pauses:
        """One pass: search, then vote."""
        search = self._search
        yield from self._match(field, seed, reach)
        some = field.distances[self._ys, self._xs][:: 1 + len(self._ys) // 20000]
        spread = 0.5 / max(1.0, float(np.percentile(some, _PERCENTILE)))
        yield from self._rows(
            kernels.weigh, search.pair.wanted, field.positions, field.distances, self._trust,
            np.float32(spread), self._weights,
        )  # fmt: skip
        yield from self._vote(field)

    def _match(self, field: Field, seed: int, reach: int) -> Pauses:
        yield from self._search.begin(field, seed)
        for number in range(SWEEPS):
            yield from self._search.sweep(field, seed, number, reach=reach)

    def _vote(self, field: Field) -> Pauses:
        yield from self._crew.passing(
            kernels.vote,
            *(0, len(self._ys), self._ys, self._xs, self._weights, field.positions, _R),
            self._search.target,
            piece=1 << 15,
            weight=64,
        )

    def _rows(self, kernel: Any, *arguments: Any) -> Pauses:
        height, width = self._unknown.shape
        yield from self._crew.passing(
            kernel, 0, height, *arguments, piece=max(1, PIECE // width), weight=width
        )
