"""Fill: the hole is covered with pieces of the picture around it that agree with each other.

Y. Wexler, E. Shechtman, M. Irani: Space-Time Completion of Video, PAMI 29(3), 2007: each patch that
touches the hole looks for the most similar patch outside (§3.1, here by PatchMatch), each pixel of
the hole becomes the weighted mean of what the patches over it say (§3.2), again and again, from
coarse to fine (§3.3). From A. Newson et al., Video Inpainting of Complex Scenes, SIAM 2014: how
busy a place is counts in the distance, or smooth patches would win because their mistakes are small
everywhere (§3.2), and the first guess at the coarsest level grows from the border in (§3.3).

At the end the copies are pasted by their slopes, not their colours: light that differs from place
to place is evened out, and seams close.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.fill_level import SIZE, Solver, pyramid, thickness
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
)
from editor.engine.paste import paste
from editor.engine.patchmatch import Field, Search
from editor.engine.step import Step, last
from editor.engine.threads import Crew

_REACH = 8  # of the random search in the finest level; twice as far in each coarser one
_COARSE_PASSES, _FINE_PASSES = 8, 1
_MARGIN = 64  # pixels around a hole that are always looked at

Bytes = NDArray[np.uint8]
Solving = Callable[[Search, Mask, Crew], Solver]
Filled = tuple[Rect, Picture]  # where, and the pixels there in the picture's own depth


def fill(
    image: Picture,
    hole: Mask | Cover,
    *,
    sources: Mask | Cover | None = None,
    seed: int = 0,
    threads: int = 1,
    solver: Solving = Solver,
) -> Iterator[Step[Filled]]:
    """Fill a hole (bool, or a cover 0..255 with soft edges) with what is around it.

    Only ``sources`` are copied from; by default everything near the hole. Steps carry the smallest
    rectangle around the hole and the pixels there: first coarse, then finer and finer. ``solver``
    makes what solves a level: on a graphics card it is another one (see ``fill_torch``).
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
            window_of = (image[window.slices], hole[window.slices], near, place)
            for step in _fill(*window_of, seed, crew, solver):
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


def _fill(
    image: Picture,
    cover: Mask | Cover,
    sources: Mask | Cover | None,
    place: Rect,
    seed: int,
    crew: Crew,
    made: Solving,
) -> Iterator[Step[Picture]]:
    """In a window of the picture, in which the hole has this place."""
    unknown = (cover != 0) | unreadable(image)
    levels = yield from _paused(0.0, pyramid(image, unknown, sources))
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
        solver = made(search, inside, crew)
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
    yield from _paused(
        0.92, paste(pixels, place, image, cover, unknown, field.positions, SIZE // 2, crew)
    )
    yield Step(1.0, pixels)


def unreadable(image: Picture) -> Mask:
    """Pixels of a float picture that are not numbers."""
    if image.dtype != np.float32:
        return np.zeros(image.shape[:2], np.bool_)
    missing: Mask = np.logical_not(np.isfinite(image).reshape(*image.shape[:2], -1).all(axis=2))
    return missing


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
