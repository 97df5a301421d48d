"""Fill: the hole is covered with pieces of the picture around it that agree with each other.

Y. Wexler, E. Shechtman, M. Irani: Space-Time Completion of Video, PAMI 29(3), 2007: each patch that
touches the hole looks for the most similar patch outside (§3.1, here by PatchMatch), each pixel of
the hole becomes the weighted mean of what the patches over it say (§3.2), again and again, from
coarse to fine (§3.3). From A. Newson et al., Video Inpainting of Complex Scenes, SIAM 2014: how
busy a place is counts in the distance, or smooth patches would win because their mistakes are small
everywhere (§3.2), and the first guess at the coarsest level grows from the border in (§3.3).

At the end the copies are pasted by their slopes, not their colours: light that differs from place
to place is evened out, and seams close (P. Pérez, M. Gangnet, A. Blake: Poisson Image Editing,
SIGGRAPH 2003), solved by the same multigrid as the membrane of Smooth fill.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import (
    Cover,
    Mask,
    Picture,
    Rect,
    Size,
    blended,
    check_hole,
    check_picture,
    from_working,
    frozen,
    full_scale,
    to_working,
)
from editor.engine.kernels import fill as kernels
from editor.engine.kernels.membrane import LANES
from editor.engine.membrane import PIECE, Membrane, Values, linked, listed
from editor.engine.patchmatch import FORBIDDEN, Field, Search
from editor.engine.step import Step, last
from editor.engine.threads import Crew

SIZE = 7  # of a patch
_R = SIZE // 2
_THICK = 16  # pixels: the hole is no thicker at the coarsest level
_SMALLEST = 36  # side of the coarsest level
_FEWEST = 64  # patches to copy from at the coarsest level
_BUSY = 4.0  # what a slope counts beside a colour
_TRIES = 400  # places that a pixel of the first guess looks at
_REACH = 8  # of the random search in the finest level; twice as far in each coarser one
_COARSE_PASSES, _FINE_PASSES, _SWEEPS = 8, 1, 2
_TRUST = 1.3  # one pixel deeper in the hole, a vote counts so much less …
_DEEPEST = 60  # … down to here
_PERCENTILE = 75  # of the distances is the spread of the weights (Wexler, §3.2)
_TOLERANCE = 1 / 1024  # left of the colours' mistake when seams are closed
_LIGHT = np.float32(0.12)  # difference at the border of the hole that may be one of light
_MARGIN = 64  # pixels around a hole that are always looked at

Bytes = NDArray[np.uint8]
Filled = tuple[Rect, Picture]  # where, and the pixels there in the picture's own depth
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


def fill(
    image: Picture,
    hole: Mask | Cover,
    *,
    sources: Mask | Cover | None = None,
    seed: int = 0,
    threads: int = 1,
) -> Iterator[Step[Filled]]:
    """Fill a hole (bool, or a cover 0..255 with soft edges) with what is around it.

    Only ``sources`` are copied from; by default everything near the hole. Steps carry the smallest
    rectangle around the hole and the pixels there: first coarse, then finer and finer.
    """
    check_picture(image)
    check_hole(image, hole)
    if min(hole.shape) < SIZE:
        raise ValueError(
            f"the picture is {Size.of(image)}: Fill copies patches of {SIZE} × {SIZE} pixels"
        )
    image, hole = frozen(image), frozen(hole)
    whole = Rect.around(hole)
    result = image[whole.slices].copy()
    yield Step(0.0)
    windows = windows_around(hole, sources)
    yield Step(0.0)
    with Crew(threads) as crew:
        for number, (rect, window) in enumerate(windows):
            place = rect.moved(-window.x, -window.y)
            inside = rect.moved(-whole.x, -whole.y)
            near = None if sources is None else sources[window.slices]
            for step in _fill(image[window.slices], hole[window.slices], near, place, seed, crew):
                done = (number + step.done) / len(windows)
                if step.value is None:
                    yield Step(done)
                    continue
                result[inside.slices] = np.where(
                    _as_pixels(hole[rect.slices] != 0, image), step.value, result[inside.slices]
                )
                yield Step(done, (whole, result))


def warm_up() -> None:
    """Compile what a fill needs, or load it from the cache, on a picture of some pixels."""
    mask = np.zeros((72, 72), np.uint8)
    mask[20:52, 20:52] = 255
    noise = np.arange(mask.size * 3, dtype=np.uint32) * 61 % 97
    last(fill(noise.astype(np.uint8).reshape(72, 72, 3), mask))


def windows_around(
    hole: Mask | Cover, sources: Mask | Cover | None = None
) -> list[tuple[Rect, Rect]]:
    """The hole in parts that lie apart: the rectangle of each, and what around it is looked at.

    All that there is, where that is little or far away.
    """
    if sources is not None:
        everything = Rect.around(hole)
        return [
            (
                everything,
                everything.grown(_MARGIN).joined(Rect.around(sources)).within(Rect.whole(hole)),
            )
        ]
    whole = Rect.around(hole)
    step = 8
    crop = (hole[whole.slices] != 0).view(np.uint8)
    height, width = -(-whole.height // step), -(-whole.width // step)
    padded = np.zeros((height * step, width * step), np.uint8)
    padded[: whole.height, : whole.width] = crop
    small = padded.reshape(height, step, width, step).max(axis=(1, 3))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    parts = []
    for x, y, w, h, _ in boxes[1:count]:
        box = Rect(x * step, y * step, w * step, h * step).within(Rect.whole(crop))
        margin = int(max(_MARGIN, 1.5 * thickness(crop[box.slices])))
        rect = box.moved(whole.x, whole.y)
        parts.append((rect, rect.grown(margin).within(Rect.whole(hole))))
    parts = _apart(parts)
    tight = [(Rect.around(hole[r.slices]).moved(r.x, r.y), window) for r, window in parts]
    if all((hole[window.slices] == 0).mean() > 0.25 for _, window in tight):
        return tight
    return [(whole, Rect.whole(hole))]


def _apart(parts: list[tuple[Rect, Rect]]) -> list[tuple[Rect, Rect]]:
    """Joined until no window meets another one: each is solved by itself."""
    done: list[tuple[Rect, Rect]] = []
    while parts:
        rect, window = parts.pop()
        for other in [one for one in done if not one[1].within(window).empty]:
            done.remove(other)
            parts.append(other)
        if not parts or parts[-1][1].within(window).empty:
            done.append((rect, window))
            continue
        other_rect, other_window = parts.pop()
        parts.append((rect.joined(other_rect), window.joined(other_window)))
    return done


def thickness(unknown: Bytes) -> float:
    """Of the hole where it is thickest, in pixels."""
    padded = cv2.copyMakeBorder(unknown, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _fill(
    image: Picture,
    cover: Mask | Cover,
    sources: Mask | Cover | None,
    place: Rect,
    seed: int,
    crew: Crew,
) -> Iterator[Step[Picture]]:
    """In a window of the picture, in which the hole has this place."""
    unknown = (cover != 0) | unreadable(image)
    levels = yield from _paused(0.0, _pyramid(image, unknown, sources))
    field: Field | None = None
    coarse: Bytes = np.empty((0, 0, 4), np.uint8)
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        done = 0.9 * 0.35**depth
        inside = level.known == 0
        search = Search(
            level.pixels,
            level.pixels,
            size=SIZE,
            wanted=cv2.dilate(inside.view(np.uint8), np.ones((SIZE, SIZE), np.uint8)),
            allowed=level.allowed,
            crew=crew,
        )
        solver = _Solver(search, inside, crew)
        yield from _paused(done * 0.4, solver.prepare())
        if field is None:
            field = yield from _paused(done * 0.4, solver.peel(seed))
        else:
            field = yield from _paused(done * 0.4, solver.lift(field, coarse))
        passes = (
            _FINE_PASSES
            if depth == 0
            else max(_FINE_PASSES, _COARSE_PASSES - 2 * (len(levels) - 1 - depth))
        )
        for number in range(passes):
            yield from _paused(
                done * (0.5 + 0.5 * number / passes),
                solver.improve(field, seed * 1000 + depth * 100 + number, _REACH << depth),
            )
        coarse = search.target
        if depth:
            yield Step(done, _preview(image, cover, place, coarse, depth))
    assert field is not None
    pixels = image[place.slices].copy()
    yield from _paused(0.92, _paste(pixels, place, image, cover, unknown, field, crew))
    yield Step(1.0, pixels)


class _Solver:
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
        yield from search.begin(field, seed)
        for number in range(_SWEEPS):
            yield from search.sweep(field, seed, number, reach=reach)
        some = field.distances[self._ys, self._xs][:: 1 + len(self._ys) // 20000]
        spread = 0.5 / max(1.0, float(np.percentile(some, _PERCENTILE)))
        yield from self._rows(
            kernels.weigh, search.pair.wanted, field.positions, field.distances, self._trust,
            np.float32(spread), self._weights,
        )  # fmt: skip
        yield from self._vote(field)

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


def _pyramid(
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


def unreadable(image: Picture) -> Mask:
    """Pixels of a float picture that are not numbers."""
    if image.dtype != np.float32:
        return np.zeros(image.shape[:2], np.bool_)
    missing: Mask = np.logical_not(np.isfinite(image).reshape(*image.shape[:2], -1).all(axis=2))
    return missing


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


def _paste(
    pixels: Picture,
    place: Rect,
    image: Picture,
    cover: Mask | Cover,
    unknown: Mask,
    field: Field,
    crew: Crew,
) -> Pauses:
    """Put the copies into the hole by their slopes, so that no seam is left."""
    white = np.float32(full_scale(image.dtype))
    colours = image if image.ndim == 3 else image[..., None]
    if image.dtype == np.float32:
        colours = to_working(image)  # slopes are those that are seen
    colours = colours[..., :3]
    count = colours.shape[2]
    hole = yield from listed(unknown.view(np.uint8), crew)
    grid, b, _ = yield from linked(
        hole, unknown.shape, lambda ys, xs: _lanes(colours[ys, xs]), crew
    )
    ys, xs = hole.ys[1:-1], hole.xs[1:-1]
    froms = np.empty((len(ys), 2), np.int32)
    yield from crew.passing(
        kernels.origins, 0, len(ys), ys, xs, field.positions, _R, froms, piece=PIECE
    )
    numbers = np.full(unknown.shape, -1, np.int32)
    numbers[ys, xs] = np.arange(len(ys), dtype=np.int32)
    yield
    yield from crew.passing(
        kernels.add_slopes,
        *(0, len(ys), ys, xs, numbers, froms, colours, _LIGHT * white, b[:, :count]),
        piece=PIECE // 8,
    )
    membrane = Membrane(hole, grid, b, crew)
    yield from membrane.coarsen()
    yield from membrane.begin()
    for _ in membrane.converge(_TOLERANCE * float(white)):
        yield
    for part in hole.parts():
        ys, xs, after = hole.ys[part], hole.xs[part], membrane.u[part, :count] / white
        asked = cover[ys, xs]
        if not asked.all():  # what cannot be read is solved, and left
            ys, xs, after, asked = (a[asked != 0] for a in (ys, xs, after, asked))
        before = image[None, ys, xs]
        rgb = np.repeat(after[None], 3, axis=2) if count == 1 else after[None]
        mended = blended(before, from_working(rgb, before), asked[None])
        pixels[ys - place.y, xs - place.x] = mended[0]
        yield


def _lanes(colours: Picture) -> Values:
    lanes = np.zeros((len(colours), LANES), np.float32)
    lanes[:, : colours.shape[1]] = colours
    return lanes


def _preview(
    image: Picture, cover: Mask | Cover, place: Rect, pixels: Bytes, depth: int
) -> Picture:
    """What a coarse level looks like at the picture's own size."""
    scale = 2**depth
    small = Rect(
        place.x // scale, place.y // scale, place.width // scale + 2, place.height // scale + 2
    ).within(Rect.whole(pixels))
    large = cv2.resize(
        np.ascontiguousarray(pixels[small.slices][..., :3]),
        (small.width * scale, small.height * scale),
        interpolation=cv2.INTER_LINEAR,
    )
    inside = place.moved(-small.x * scale, -small.y * scale)
    before = image[place.slices]
    colours = large[inside.slices].astype(np.float32) / 255
    return blended(before, from_working(colours, before), cover[place.slices])


def _as_pixels(mask: Mask, image: Picture) -> Mask:
    return mask if image.ndim == 2 else mask[..., None]


def _paused(done: float, pauses: Generator[None, None, Any]) -> Generator[Step[Any], None, Any]:
    while True:
        try:
            next(pauses)
        except StopIteration as end:
            return end.value
        yield Step(done)
