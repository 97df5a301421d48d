"""Fill: the hole is covered with pieces of the picture around it that agree with each other.

Y. Wexler, E. Shechtman, M. Irani: Space-Time Completion of Video, PAMI 29(3), 2007: each patch that
touches the hole looks for the most similar patch outside (§3.1, here by PatchMatch), each pixel of
the hole becomes the weighted mean of what the patches over it say (§3.2), again and again, from
coarse to fine (§3.3). From A. Newson et al., Video Inpainting of Complex Scenes, SIAM 2014: how
busy a place is counts in the distance, or smooth patches would win because their mistakes are small
everywhere (§3.2). From A. Criminisi et al., TIP 2004: the first guess at the coarsest level copies
whole patches from the border in, those first into which a strong edge runs: what is long goes on.
From K. He and J. Sun, Statistics of Patch Offsets for Image Completion, ECCV 2012: the pieces of
that guess then meet where one sees it least, by graph cuts (equation 4; see ``kernels.expansion``).

At the end the copies are pasted by their slopes, not their colours: light that differs from place
to place is evened out, and seams close.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.fill_level import (
    SIZE,
    Estimate,
    Level,
    Solver,
    part_around,
    pyramid,
    slow_light,
    touching,
)
from editor.engine.fill_windows import MARGIN, apart, windows_around
from editor.engine.guided import Follower, Kept, kept_guides, widened
from editor.engine.guides import Guides, Line, check_guides
from editor.engine.image import (
    Cover,
    Mask,
    Picture,
    Point,
    Rect,
    Size,
    blended,
    check_hole,
    check_picture,
    from_working,
    frozen,
    in_depth_of,
    put,
)
from editor.engine.membrane import listed
from editor.engine.origins import Origins
from editor.engine.paste import LIGHT, paste
from editor.engine.patchmatch import Field, Part, Search
from editor.engine.sheet import Variants, check_variants, in_picture, sheet
from editor.engine.step import Step, last
from editor.engine.straight import sure
from editor.engine.threads import Crew

_REACH = 8  # of the random search, and twice as far in each coarser level
_COARSE_PASSES, _FINE_PASSES, _ONLY_PASSES = 8, 1, 3
_ONCE = 2  # pixels within which a place is copied once, below the coarsest level
# What is no farther away either way, (y, x) in pixels of the coarsest level, is as near as can be.
_BESIDE, _ANYWHERE = (0, 0), (1 << 20, 1 << 20)
_OUTWARDS = {"y": (32, 0), "x": (0, 32)}
_LIGHTER = 3.0  # times more may copies be corrected that are adapted
_EDGE_LIGHT = 0.1  # may correct what lies beyond: it has one edge, which may be of an odd colour

Bytes = NDArray[np.uint8]
Solving = Callable[[Search, Mask, Crew, Follower | None], Solver]


class Filled(NamedTuple):
    rect: Rect  # the smallest around the hole
    pixels: Picture  # there, in the picture's own depth
    origins: Origins | None = None  # at the end: where each pixel of the hole was copied from


class Options(NamedTuple):
    """How a part of the hole is solved."""

    variants: Variants
    adapt: float
    alpha: bool
    solver: Solving
    near: tuple[int, int]  # one of _BESIDE, _ANYWHERE, _OUTWARDS
    light: float  # see ``paste``
    straight: bool


def fill(
    image: Picture,
    hole: Mask | Cover,
    *,
    sources: Mask | Cover | None = None,
    reach: int | None = None,
    closed: Mask | None = None,
    other: Picture | None = None,
    guides: Guides | None = None,
    mirrored: bool = False,
    turned: float = 0.0,
    scaled: float = 1.0,
    adapt: float = 0.0,
    alpha: bool = False,
    straight: bool = False,
    outwards: Literal["", "x", "y"] = "",
    seed: int = 0,
    threads: int = 1,
    solver: Solving = Solver,
) -> Iterator[Step[Filled]]:
    """Fill a hole (bool, or a cover 0..255 with soft edges) with what is around it.

    Only ``sources`` are copied from, by default everything near the hole, and nothing ``closed``.
    They lie no farther from it than ``reach``, if that is known. With an ``other`` picture all
    copies come from that one, and ``sources`` belong to it. ``guides`` say what goes on through the
    hole and which parts of it are copied from which.

    What is copied may be ``mirrored``, ``turned`` up to so many degrees, ``scaled`` up to so many
    times: each is slower. With ``adapt`` (0..1) the light of a place counts so much less, and what
    is copied takes on that of its new one. With ``alpha`` the hole becomes as transparent as what
    is copied; without, its transparency stays. What is surely a ``straight`` line goes on through
    the hole by itself, where anything may be copied and no guide is a line. A hole that lies
    ``outwards`` of all there is, at its sides (x) or above and below (y), is filled with what lies
    straight inwards of it, and how far does not count: from as near as can be the same would come
    again and again. Its colours are corrected less, for photographs often end in a row or two of
    another colour.

    Steps carry what there is of the hole: first coarse, then finer and finer. ``solver`` makes what
    solves a level: on a graphics card it is another one (see ``fill_torch``).
    """
    check_picture(image)
    check_hole(image, hole)
    if min(hole.shape) < SIZE:
        raise ValueError(
            f"the picture is {Size.of(image)}: Fill copies patches of {SIZE} × {SIZE} pixels"
        )
    guides = guides or Guides()
    check_guides(guides, Size.of(image))
    if not 0 <= adapt <= 1:
        raise ValueError(f"the adaptation is {adapt:g}: from 0 to 1 is possible")
    options = Options(
        Variants(mirrored, turned, scaled),
        adapt,
        alpha and image.ndim == 3 and image.shape[2] == 4,
        solver,
        _OUTWARDS[outwards] if outwards else _BESIDE if other is None else _ANYWHERE,
        (_EDGE_LIGHT if outwards else LIGHT) * (1 + _LIGHTER * adapt),
        straight,
    )
    check_variants(options.variants)
    if other is not None:
        yield from _filled_from(image, hole, other, sources, options, seed, threads)
        return
    image, hole = frozen(image), frozen(hole)
    if sources is not None:
        _check_sources(sources, hole)
    yield from _filled(image, hole, sources, reach, closed, guides, options, seed, threads)


def _filled(
    image: Picture,
    hole: Mask | Cover,
    sources: Mask | Cover | None,
    reach: int | None,
    closed: Mask | None,
    guides: Guides,
    options: Options,
    seed: int,
    threads: int,
) -> Iterator[Step[Filled]]:
    """Part by part, in a window around each."""
    whole = Rect.around(hole)
    result = image[whole.slices].copy()
    yield Step(0.0)
    windows = windows_around(hole, sources, reach)
    if guides:
        windows = apart(widened(windows, guides, hole))
    copied: list[Origins] = []
    yield Step(0.0)
    with Crew(threads) as crew:
        for number, (rect, window) in enumerate(windows):
            place = rect.moved(-window.x, -window.y)
            inside = rect.moved(-whole.x, -whole.y)
            near = None if sources is None else sources[window.slices] != 0
            if closed is not None:
                near = ~closed[window.slices] & (True if near is None else near)
            local = guides.within(window)
            for step in _fill(
                image[window.slices], hole[window.slices], near, local, options, place, seed, crew
            ):
                done = (number + step.done) / len(windows)
                if step.value is None:
                    yield Step(done)
                    continue
                pixels, origins = step.value
                put(pixels, hole[rect.slices] != 0, result[inside.slices])
                if origins is not None:
                    copied.append(origins.moved(window.x, window.y))
                complete = Origins.joined(copied) if len(copied) == len(windows) else None
                yield Step(done, Filled(whole, result, complete))


def warm_up() -> None:
    """Compile what a fill needs, or load it from the cache, on a picture of some pixels."""
    mask = np.zeros((72, 72), np.uint8)
    mask[20:52, 20:52] = 255
    noise = np.arange(mask.size * 3, dtype=np.uint32) * 61 % 97
    picture = noise.astype(np.uint8).reshape(72, 72, 3)
    last(fill(picture, mask))
    guides = Guides((Line(Point(0, 36), Point(72, 36)),), np.ones((72, 72), np.uint8))
    last(fill(picture, mask, guides=guides))


def _filled_from(
    image: Picture,
    hole: Mask | Cover,
    other: Picture,
    sources: Mask | Cover | None,
    options: Options,
    seed: int,
    threads: int,
) -> Iterator[Step[Filled]]:
    """With copies from another picture: it is laid beside a window around the hole."""
    check_picture(other)
    if min(other.shape[:2]) < SIZE:
        raise ValueError(
            f"the other picture is {Size.of(other)}: Fill copies patches of {SIZE} × {SIZE} pixels"
        )
    other = in_depth_of(image, other)
    whole = Rect.around(hole)
    window = whole.grown(MARGIN).within(Rect.whole(hole))
    left = window.width + SIZE
    height = max(window.height, len(other))
    both = np.zeros((height, left + other.shape[1], *image.shape[2:]), image.dtype)
    both[: window.height, : window.width] = image[window.slices]
    both[: len(other), left:] = other
    cover = np.zeros(both.shape[:2], hole.dtype)
    cover[: window.height, : window.width] = hole[window.slices]
    allowed = np.zeros(both.shape[:2], np.bool_)
    allowed[: len(other), left:] = True if sources is None else sources != 0
    _check_sources(allowed, cover)
    how = None, None, Guides(), options, seed, threads
    for step in _filled(frozen(both), frozen(cover), allowed, *how):
        if step.value is None:
            yield step
            continue
        origins = step.value.origins
        if origins is not None:
            froms = origins.froms - np.array([0, left], np.int32)
            ys, xs = origins.ys + np.int32(window.y), origins.xs + np.int32(window.x)
            origins = Origins(ys, xs, froms, other=True)
        yield Step(step.done, Filled(whole, step.value.pixels, origins))


def _check_sources(sources: Mask | Cover, hole: Mask | Cover) -> None:
    if sources.shape != hole.shape:
        raise ValueError(
            f"the sampling area is {Size.of(sources)} and the picture {Size.of(hole)}: "
            "they must be equal"
        )
    if not sources.any():
        raise ValueError("the sampling area is empty: paint where to copy from")
    if not ((sources != 0) & (hole == 0)).any():
        raise ValueError("the sampling area lies wholly under the mask: there is nothing to copy")


def _fill(
    image: Picture,
    cover: Mask | Cover,
    sources: Mask | Cover | None,
    guides: Guides,
    options: Options,
    place: Rect,
    seed: int,
    crew: Crew,
) -> Iterator[Step[tuple[Picture, Origins | None]]]:
    """In a window of the picture, in which the hole has this place."""
    height, width = cover.shape
    found: list[Line] = []
    if options.straight and sources is None:
        found = sure(image, cover, guides.lines)
        yield Step(0.0)
    if options.variants.any:
        image, cover, sources, guides = yield from _paused(
            0.0, sheet(image, cover, sources, guides, options.variants)
        )
    unknown = (cover != 0) | unreadable(image)
    if options.alpha:
        unknown |= _unseen(image, cover)
    light = None
    if options.adapt:
        light = yield from _paused(0.0, slow_light(image, unknown, options.adapt))
    levels = yield from _paused(0.0, pyramid(image, unknown, sources, light, crew))
    kept = yield from _paused(0.0, kept_guides(guides, unknown, levels, found))
    scales = _Scales(Rect.around(unknown), len(levels), options, seed, crew)
    estimate: Estimate | None = None
    while len(levels) > 1:
        solver, field = yield from scales.solved(levels.pop(), kept.pop(), estimate)
        estimate = solver.estimate(field)
        del solver, field  # before the next level takes four times as much
        depth = len(levels)
        shown = _preview(image, cover, place, estimate, depth, light)
        yield Step(_done(depth), (shown, None))
    solver, field = yield from scales.solved(levels.pop(), kept.pop(), estimate)
    froms = yield from _paused(_done(0), solver.origins(field))
    del solver, field, estimate
    missing = yield from _paused(0.9, listed(unknown.view(np.uint8), crew))
    del unknown
    pixels = image[place.slices].copy()
    given = (pixels, place, image, cover, missing, froms, crew)
    yield from _paused(0.92, paste(*given, light=options.light, alpha=options.alpha))
    ys, xs = missing.ys[1:-1], missing.xs[1:-1]
    asked = cover[ys, xs] != 0  # what cannot be read was solved, and is left
    if options.variants.any:
        froms = in_picture(froms, options.variants, width, height)
    yield Step(1.0, (pixels, Origins(ys[asked], xs[asked], froms[asked])))


class _Scales(NamedTuple):
    """What all levels of a window have in common."""

    hole: Rect
    number: int
    options: Options
    seed: int
    crew: Crew

    def solved(
        self, level: Level, kept: Kept, estimate: Estimate | None
    ) -> Generator[Step[Any], None, tuple[Solver, Field]]:
        """The next level, begun with what the coarser one came to."""
        depth, coarsest = level.depth, estimate is None
        done = _done(depth)
        part = part_around(self.hole, depth, level.known)
        inside = level.known[part.slices] == 0
        search = Search(
            level.pixels[part.slices],
            level.pixels,
            size=SIZE,
            wanted=touching(inside),
            allowed=level.allowed,
            labels=kept.labels_of(part),
            marked=depth > 0 or coarsest,  # the finest hands on what the others have found
            once=0 if coarsest else _ONCE,
            part=Part(part.y, part.x, level.known.shape[1]),
            crew=self.crew,
        )
        del level  # its pixels have been copied
        follower = None if kept.tracks is None else Follower(kept.tracks, search, self.crew, depth)
        solver = self.options.solver(search, inside, self.crew, follower)
        yield from _paused(done * 0.4, solver.prepare())
        if estimate is None:
            begun = solver.guess(self.seed, self.options.near)
        else:
            begun = solver.lift(estimate)
        field: Field = yield from _paused(done * 0.4, begun)
        passes = _passes(depth, self.number)
        for number in range(passes):
            # What the first guess says nothing of is looked for everywhere.
            reach = None if coarsest and number == 0 else _REACH << depth
            yield from _paused(
                done * (0.5 + 0.5 * number / passes),
                solver.improve(field, self.seed * 1000 + depth * 100 + number, reach),
            )
        return solver, field


def _done(depth: int) -> float:
    """How much of a window is done with a level."""
    return 0.9 * 0.35**depth


def _passes(depth: int, count: int) -> int:
    """How often a level is searched and voted on; fewer the finer it is."""
    if depth == 0:
        return _FINE_PASSES if count > 1 else _ONLY_PASSES
    return max(_FINE_PASSES, _COARSE_PASSES - 2 * (count - 1 - depth))


def _unseen(image: Picture, cover: Mask | Cover) -> Mask:
    """Pixels about the hole whose colour was never seen: they must not tell it what to become."""
    near = cv2.dilate((cover != 0).view(np.uint8), np.ones((2 * SIZE - 1,) * 2, np.uint8))
    unseen: Mask = (image[..., 3] == 0) & (near != 0)
    return unseen


def unreadable(image: Picture) -> Mask:
    """Pixels of a float picture that are not numbers."""
    if image.dtype != np.float32:
        return np.zeros(image.shape[:2], np.bool_)
    missing: Mask = np.logical_not(np.isfinite(image).reshape(*image.shape[:2], -1).all(axis=2))
    return missing


def _preview(
    image: Picture,
    cover: Mask | Cover,
    place: Rect,
    estimate: Estimate,
    depth: int,
    light: NDArray[np.int16] | None,
) -> Picture:
    """What a coarse level looks like at the picture's own size."""
    scale = 2**depth
    part = estimate.part
    small = Rect(
        place.x // scale, place.y // scale, place.width // scale + 2, place.height // scale + 2
    ).within(part)
    pixels = estimate.pixels[small.moved(-part.x, -part.y).slices]
    large = cv2.resize(
        np.ascontiguousarray(pixels[..., :3]),
        (small.width * scale, small.height * scale),
        interpolation=cv2.INTER_LINEAR,
    )
    inside = place.moved(-small.x * scale, -small.y * scale)
    large = large[inside.slices]
    before = image[place.slices]
    if light is None and before.dtype == np.uint8 and before.ndim == 3:  # as it is
        after = before.copy()
        after[..., :3] = large
    else:
        colours = large.astype(np.float32)
        if light is not None:
            colours += light[place.slices]
        colours /= 255
        after = from_working(colours, before)
    return blended(before, after, cover[place.slices])


def _paused(done: float, pauses: Generator[None, None, Any]) -> Generator[Step[Any], None, Any]:
    while True:
        try:
            next(pauses)
        except StopIteration as end:
            return end.value
        yield Step(done)
