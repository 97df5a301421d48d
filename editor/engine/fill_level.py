"""One size of the picture while it is filled: the first guess, the search and the votes.

The parts of the method are named in ``fill``.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.fill_seams import sew
from editor.engine.image import Cover, Mask, Picture, Rect, to_working
from editor.engine.kernels import fill as kernels
from editor.engine.kernels import first_guess
from editor.engine.membrane import PIECE, listed
from editor.engine.patchmatch import FORBIDDEN, FREE, TILE, Field, Search
from editor.engine.threads import Crew

if TYPE_CHECKING:  # which is made of levels
    from editor.engine.guided import Follower

SIZE = 7  # of a patch
_R = SIZE // 2
_THICK = 16  # pixels: the hole is no thicker at the coarsest level
_SMALLEST = 36  # side of the coarsest level
_FEWEST = 64  # patches to copy from at the coarsest level
_BUSY = 45.0  # what the root of a slope counts beside a colour
_WIDE = 12  # pixels: light changes no faster
_TRIES = 1 << 22  # places that the first guess looks at, over the pixels of the hole …
_FEWEST_TRIES = 400  # … but each patch at so many
_CONSIDERED = 1 << 14  # pixels of the hole that are looked at before there is a pause
_AT_ONCE = 1 << 14  # places that are looked at before there is a pause
_SEWN = 1 << 14  # pixels: a hole of more at the coarsest level is thin, all of it near its rim …
_SPANNED = 1 << 20  # … and so is one that lies in a box of more
SWEEPS = 2
_BAND = 1 << 18  # pixels that are made ready at a time
_TRUST = 1.3  # one pixel deeper in the hole, a vote counts so much less …
_DEEPEST = 60  # … down to here
_TRUSTS = np.float32(_TRUST) ** -(np.arange(4 * _DEEPEST + 1, dtype=np.float32) / 4)
_QUANTILE = 0.75  # of the distances is the spread of the weights (Wexler, §3.2) …
_ENOUGH = 20000  # … but of so many at the most

Bytes = NDArray[np.uint8]
Pauses = Generator[None, None, None]


class Estimate(NamedTuple):
    """What is known of the part around the hole when a level is done."""

    positions: NDArray[np.int32]  # (h, w, 2): centres in the level
    pixels: Bytes  # (h, w, 4)
    corner: tuple[int, int]  # (y, x) of the part in the level

    @property
    def part(self) -> Rect:
        """Where in the level this is."""
        y, x = self.corner
        return Rect.whole(self.pixels).moved(x, y)


@dataclass(slots=True)
class Level:
    """The picture at one size."""

    depth: int  # 0 is the finest
    pixels: Bytes  # (H, W, 4): red, green, blue, and how busy it is around
    known: Bytes  # 1 outside the hole
    closed: Bytes  # 1 where nothing may be copied from

    @property
    def allowed(self) -> Bytes:
        return self.known & (1 - self.closed)

    @property
    def whole(self) -> Bytes:
        """1 at the centres of patches that may be copied."""
        whole = np.zeros_like(self.known)
        inner = np.s_[_R:-_R, _R:-_R]
        whole[inner] = cv2.erode(self.allowed, np.ones((SIZE, SIZE), np.uint8))[inner]
        return whole

    @property
    def patches(self) -> int:
        """How many there are to copy from."""
        return int(np.count_nonzero(self.whole))


def pyramid(
    image: Picture,
    hole: Mask,
    sources: Mask | Cover | None,
    light: NDArray[np.int16] | None,
    crew: Crew,
) -> Generator[None, None, list[Level]]:
    """The window from fine to coarse, until the hole is thin; without its ``light``."""
    unknown = hole.view(np.uint8)
    known = 1 - unknown
    closed = np.zeros_like(known) if sources is None else (sources == 0).view(np.uint8)
    if image.ndim == 3 and image.shape[2] == 4:
        closed = closed | (image[..., 3] == 0)  # the colour there was never seen
    depth, thick = 0, thickness(unknown[Rect.around(unknown).slices])
    while thick / 2**depth > _THICK and min(known.shape) >> (depth + 1) >= _SMALLEST:
        depth += 1
    yield
    pixels = yield from _with_business(image, light, known, 2 ** (depth + 1) + 1)
    levels = [Level(0, pixels, known, closed)]
    if levels[0].patches == 0:
        raise ValueError(
            f"nowhere are {SIZE} × {SIZE} pixels left to copy from: make the mask smaller, "
            "or fill it smoothly"
        )
    yield
    while len(levels) <= depth:
        fine = levels[-1]
        size = tuple(-(-side // 2) for side in fine.known.shape)
        coarse = Level(
            len(levels), *(np.empty((*size, *more), np.uint8) for more in ((4,), (), ()))
        )
        yield from crew.passing(
            kernels.halve,
            *(0, size[0], fine.pixels, fine.known, fine.closed),
            *(coarse.pixels, coarse.known, coarse.closed),
            piece=max(1, PIECE // size[1]),
            weight=size[1],
        )
        if coarse.patches < _FEWEST:
            break
        levels.append(coarse)
        yield
    return levels


def part_around(hole: Rect, depth: int, level: NDArray[Any]) -> Rect:
    """What is solved at a level, of a hole in the finest one: all that touches it, and whole tiles.

    At a coarser level it holds what the finer one asks for, where the hole itself may have gone.
    """
    scale = 2**depth
    x, y = hole.x // scale, hole.y // scale
    near = Rect(x, y, -(-hole.right // scale) - x, -(-hole.bottom // scale) - y).grown(SIZE)
    near = near.within(Rect.whole(level))
    x, y = near.x // TILE * TILE, near.y // TILE * TILE
    return Rect(x, y, near.right - x, near.bottom - y)


def touching(unknown: Mask) -> Bytes:
    """1 at the centres of patches that touch the hole."""
    wanted: Bytes = cv2.dilate(unknown.view(np.uint8), np.ones((SIZE, SIZE), np.uint8))
    return wanted


def slow_light(
    image: Picture, hole: Mask, share: float
) -> Generator[None, None, NDArray[np.int16]]:
    """(H, W, 3): a share of how much lighter than the whole it is in a wide surrounding."""
    known = (~hole).astype(np.float32)
    side = 2 * int(max(_WIDE, thickness(hole.view(np.uint8)))) + 1
    yield
    colours = _bytes(image) * known[..., None]
    yield
    for _ in range(2):  # twice, or its own edges would be seen
        colours = cv2.blur(colours, (side, side))
        yield
        known = cv2.blur(known, (side, side))
        yield
    colours /= np.maximum(known, 1e-6)[..., None]
    yield
    colours -= colours.mean(axis=(0, 1))
    colours *= np.float32(share)
    yield
    light: NDArray[np.int16] = np.rint(colours).astype(np.int16)
    return light


def thickness(unknown: Bytes) -> float:
    """Of the hole where it is thickest, in pixels."""
    padded = cv2.copyMakeBorder(unknown, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _bytes(image: Picture) -> Bytes:
    """(H, W, 3): colours as displayed."""
    if image.dtype == np.uint8 and image.ndim == 3:
        return image[..., :3]
    return np.rint(np.clip(to_working(image), 0, 1) * 255).astype(np.uint8)


def _with_business(
    image: Picture, light: NDArray[np.int16] | None, known: Bytes, side: int
) -> Generator[None, None, Bytes]:
    """Colours, and as a fourth channel the mean slope of what is known in a square around.

    In bands: what is between takes many times the memory of what comes out.
    """
    height, width = known.shape
    pixels = np.empty((height, width, 4), np.uint8)
    rows = max(side, _BAND // width)
    for top in range(0, height, rows):
        first, last = max(0, top - side), min(height, top + rows + side)
        band = np.s_[first:last]
        colours = _bytes(image[band])
        if light is not None:
            colours = np.clip(colours - light[band], 0, 255).astype(np.uint8)
        inner = np.s_[top - first : top - first + rows]
        pixels[top : top + rows, :, :3] = colours[inner]
        pixels[top : top + rows, :, 3] = _business(colours, known[band], side)[inner]
        yield
    return pixels


def _business(colours: Bytes, known: Bytes, side: int) -> Bytes:
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    slopes = np.zeros(grey.shape, np.uint16)
    slopes[:, 1:] = cv2.absdiff(grey[:, 1:], grey[:, :-1]) * (known[:, 1:] & known[:, :-1])
    slopes[1:] += cv2.absdiff(grey[1:], grey[:-1]) * (known[1:] & known[:-1])
    busy = cv2.boxFilter(slopes, cv2.CV_32F, (side, side))
    shares = cv2.boxFilter(known, cv2.CV_32F, (side, side))
    np.maximum(shares, np.float32(1e-6), out=shares)
    busy /= shares
    np.sqrt(busy, out=busy)  # or everything that is rather busy would be equally so: 255
    busy *= np.float32(_BUSY)
    business: Bytes = np.minimum(busy, 255, out=busy).astype(np.uint8)
    return business


class Solver:
    """One level: its hole, the votes, and how much each counts.

    The hole is that of the search's target, which is the part around it.
    """

    def __init__(
        self, search: Search, unknown: Mask, crew: Crew, lines: Follower | None = None
    ) -> None:
        self._search, self._crew, self._unknown, self._lines = search, crew, unknown, lines
        self._ys = self._xs = np.empty(0, np.int32)
        self._depths = np.zeros(unknown.shape, np.uint8)  # in the hole, in quarters of a pixel
        self._weights = np.zeros(unknown.shape, np.float32)

    def prepare(self) -> Pauses:
        """List the hole, and say how deep in it each pixel lies."""
        yield from self._search.prepare()
        hole = yield from listed(self._unknown.view(np.uint8), self._crew)
        self._ys, self._xs = hole.ys[1:-1], hole.xs[1:-1]
        depth = cv2.distanceTransform(self._unknown.view(np.uint8), cv2.DIST_L2, 3)
        depth *= 4
        self._depths = np.minimum(depth, np.float32(4 * _DEEPEST), out=depth).astype(np.uint8)
        yield

    def guess(self, seed: int, near: tuple[int, int] = (0, 0)) -> Generator[None, None, Field]:
        """The first guess, from the border in and along what runs into the hole; then its seams.

        What is nearer is likelier; all within so many pixels (y, x) is equally ``near``.
        """
        search, target = self._search, self._search.target
        field = search.empty_field()
        field.positions[...] = -1
        seen = (~self._unknown).view(np.uint8)
        if self._lines is not None:
            yield from self._lines.guess(field, seen)
        there = seen.copy(), seen, target, _R
        front = first_guess.empty_front(seen.shape, len(self._ys))
        for first in range(0, len(self._ys), _CONSIDERED):
            some = np.s_[first : first + _CONSIDERED]
            first_guess.approach(self._ys[some], self._xs[some], *there, front)
            yield
        tries = max(_FEWEST_TRIES, _TRIES // len(self._ys))
        sight = first_guess.empty_sight(_R)
        how = self._choices(near), tries, np.uint64(seed), sight, front, field.positions
        done, more = 0, True
        while more:
            stop = done + max(1, _AT_ONCE // tries)
            more = first_guess.grow(done, stop, *there, *how) > 0
            done = stop
            yield
        if len(self._ys) <= _SEWN and self._unknown.size <= _SPANNED:
            yield from sew(field, search, self._ys, self._xs, there[0], near)
        return field

    def _choices(self, near: tuple[int, int]) -> first_guess.Choices:
        """What may be copied, by label."""
        pair = self._search.pair
        whole = np.flatnonzero(pair.norms < FORBIDDEN).astype(np.int32)
        starts = np.zeros(FREE + 2, np.int64)
        if pair.source_labels.size > 1:
            labels = pair.source_labels.reshape(-1)[whole]
            order = np.argsort(labels, kind="stable")
            starts[:-1] = np.searchsorted(labels[order], np.arange(FREE + 1))
            whole = np.concatenate([whole[order], whole])
        starts[-1] = len(whole)
        centres = np.empty((len(whole), 2), np.int32)
        np.divmod(whole, np.int32(pair.norms.shape[1]), out=(centres[:, 0], centres[:, 1]))
        return first_guess.Choices(
            pair.source, centres, starts, pair.norms, pair.target_labels, pair.source_labels,
            self._search.corner, near,
        )  # fmt: skip

    def lift(self, coarse: Estimate) -> Generator[None, None, Field]:
        """The field of the coarser level, and what the finer picture says there."""
        search, target = self._search, self._search.target
        field = search.empty_field()
        yield from self._rows(
            kernels.lift, coarse.positions, coarse.corner, search.pair.wanted, search.corner,
            search.pair.norms, _R, field.positions,
        )  # fmt: skip
        ys, xs = (
            (axis + here) // 2 - there
            for axis, here, there in zip(
                (self._ys, self._xs), search.corner, coarse.corner, strict=True
            )
        )
        target[self._ys, self._xs] = coarse.pixels[ys, xs]
        there = (search.pair.wanted != 0) & (field.positions[..., 0] >= 0)
        self._weights[...] = np.where(there, _TRUSTS[self._depths], 0)
        yield from self._vote(field)
        return field

    def improve(self, field: Field, seed: int, reach: int | None) -> Pauses:
        """One pass: search, then vote."""
        search = self._search
        if self._lines is not None:
            self._lines.remember(field)
        yield from self._match(field, seed, reach)
        if self._lines is not None:
            yield from self._lines.keep(field)
        some = np.s_[:: 1 + len(self._ys) // _ENOUGH]
        distances = field.distances[self._ys[some], self._xs[some]]
        middle = int(_QUANTILE * len(distances))
        spread = 0.5 / max(1.0, float(np.partition(distances, middle)[middle]))
        yield from self._rows(
            kernels.weigh, search.pair.wanted, field.positions, field.distances,
            _TRUSTS, self._depths, np.float32(spread), self._weights,
        )  # fmt: skip
        yield from self._vote(field)

    def estimate(self, field: Field) -> Estimate:
        """What is left for the next finer level."""
        return Estimate(field.positions, self._search.target, self._search.corner)

    def origins(self, field: Field) -> Generator[None, None, NDArray[np.int32]]:
        """(n, 2): where each pixel of the hole is copied from, in reading order."""
        froms = np.empty((len(self._ys), 2), np.int32)
        yield from self._crew.passing(
            kernels.origins,
            *(0, len(froms), self._ys, self._xs, field.positions, _R, froms),
            piece=PIECE,
        )
        return froms

    def _match(self, field: Field, seed: int, reach: int | None) -> Pauses:
        yield from self._search.begin(field, seed)
        for number in range(SWEEPS):
            first = max(self._search.pair.norms.shape) >> number if reach is None else reach
            yield from self._search.sweep(field, seed, number, reach=first)

    def _vote(self, field: Field) -> Pauses:
        yield from self._crew.passing(
            kernels.vote,
            *(0, len(self._ys), self._ys, self._xs, self._weights, field.positions),
            *(self._search.pair.source, self._search.pair.norms.shape[1], self._search.target),
            piece=1 << 15,
            weight=64,
        )

    def _rows(self, kernel: Any, *arguments: Any) -> Pauses:
        height, width = self._unknown.shape
        yield from self._crew.passing(
            kernel, 0, height, *arguments, piece=max(1, PIECE // width), weight=width
        )
