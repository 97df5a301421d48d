"""Smooth fill: the colours around a hole are drawn across it like a soap film.

Inside the hole the picture solves Laplace's equation Δu = 0 with the pixels around it as the border
(Dirichlet) and the picture's own edges reflecting (Neumann): every pixel becomes the mean of its
neighbours. Right for scratches, dust, wires and skies; it invents no texture, but the grain of the
surroundings is added at the end.

Colours are solved as displayed, float pictures too. Known pixels that are not numbers say nothing:
they are solved with the hole, and left as they are. Alpha stays as it is. Colours count by their
alpha, so that what lies unseen under transparent pixels does not bleed in; where everything around
is transparent, the colour stays as well.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

import numpy as np
import psutil
from numpy.typing import NDArray

from editor.engine.grain import REACH, Grain, grain_around
from editor.engine.image import (
    Cover,
    Mask,
    Picture,
    Rect,
    blended,
    check_hole,
    check_picture,
    from_working,
    frozen,
    full_scale,
    to_working,
)
from editor.engine.kernels import membrane as kernels
from editor.engine.kernels.membrane import LANES
from editor.engine.membrane import SCANNED, Hole, Membrane, Values, linked, listed
from editor.engine.step import Step, last
from editor.engine.threads import Crew

TOLERANCE = 1 / 16384  # largest error left as the solver sees it; the true one is below 1/512
_BYTES_EACH = 160  # of memory for an unknown, all levels together
_VISIBLE = 1 / 512  # alpha below which a colour cannot be told

Filled = tuple[Rect, Picture]  # where, and the pixels there in the picture's own depth
T = TypeVar("T")


def mend_reference(image: Picture, hole: Mask | Cover) -> Picture:
    """The whole picture, mended without grain, as the mathematics says it: for tests."""
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import spsolve

    check_hole(image, hole)
    colours = _to_lanes(image).astype(np.float64)
    unknown = (hole != 0) | ~np.isfinite(image).reshape(*hole.shape, -1).all(axis=2)
    number = np.cumsum(unknown).reshape(hole.shape) - 1
    entries = []
    b = np.zeros((int(unknown.sum()), LANES))
    for y, x in np.argwhere(unknown):
        i = number[y, x]
        for y2, x2 in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if 0 <= y2 < hole.shape[0] and 0 <= x2 < hole.shape[1]:
                entries.append((i, i, 1.0))
                if unknown[y2, x2]:
                    entries.append((i, number[y2, x2], -1.0))
                else:
                    b[i] += colours[y2, x2]
    rows, columns, weights = zip(*entries, strict=True)
    A = csc_array((weights, (rows, columns)), shape=(len(b), len(b)))
    colours[unknown] = spsolve(A, b).reshape(b.shape)
    return blended(image, _from_lanes(colours.astype(np.float32), image), hole)


def mend(
    image: Picture, hole: Mask | Cover, *, grain: float = 1.0, seed: int = 0, threads: int = 1
) -> Iterator[Step[Filled]]:
    """Fill a hole (bool, or a cover 0..255 with soft edges) from its border.

    ``grain`` is how much of the surroundings' noise is added: 0 none (the membrane itself), 1 as
    much as there is, 2 twice as much. Two Steps carry a value, a first estimate and the result: the
    smallest rectangle around the hole and, both times in the same array, the pixels there.
    """
    check_picture(image)
    check_hole(image, hole)
    if hole.dtype not in (np.bool_, np.uint8):
        raise ValueError(f"a mask is bool or uint8, not {hole.dtype}")
    if not 0 <= grain <= 2:
        raise ValueError(f"grain is {grain}: it goes from 0 to 2")
    rect = Rect.around(hole)
    window = rect.grown(REACH).within(Rect.whole(image))
    if image.dtype == np.float32 and not np.isfinite(image[window.slices]).all():
        window = Rect.whole(image)  # what cannot be read may reach far out of the hole
    crop, cover = frozen(image)[window.slices], frozen(hole)[window.slices]
    place = rect.moved(-window.x, -window.y)
    with Crew(threads) as crew:
        for step in _mend(crop, cover, place, grain, seed, crew):
            yield Step(step.done, None if step.value is None else (rect, step.value))


def warm_up() -> None:
    """Compile what a fill needs, or load it from the cache, on pictures of some pixels."""
    hole = np.zeros((48, 48), np.uint8)
    hole[20:40, 20:40] = 255
    for depth in (np.uint8, np.float32):
        noise = np.arange(hole.size * 3) * 61 % 97 / 97 * full_scale(np.dtype(depth))
        image = noise.astype(depth).reshape(48, 48, 3)
        image[0, 0] = np.nan if depth == np.float32 else 0
        last(mend(image, hole))


def check_memory(needed: int) -> None:
    """Refuse before the start what would bring the machine to its knees."""
    free = psutil.virtual_memory().available
    if needed > 0.8 * free:
        raise ValueError(
            f"filling this hole takes {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are "
            "free: fill it in parts"
        )


def _mend(
    image: Picture, cover: Mask | Cover, place: Rect, grain: float, seed: int, crew: Crew
) -> Iterator[Step[Picture]]:
    """In a window of the picture, in which the hole has this place."""
    unknown = yield from _steps(0.02, _with_unreadable(image, cover.view(np.uint8), crew))
    hole = yield from _steps(0.06, listed(unknown, crew))
    check_memory(len(hole.xs) * _BYTES_EACH + image[place.slices].nbytes)
    grid, b, brightest = yield from _steps(
        0.1,
        linked(hole, image.shape[:2], lambda ys, xs: _to_lanes(image[None, ys, xs])[0], crew),
    )
    membrane = Membrane(hole, grid, b, crew)
    yield from _steps(0.15, membrane.coarsen())
    yield from _steps(0.2, membrane.begin())
    pixels = yield from _steps(0.3, _copied(image[place.slices]))
    yield from _steps(0.35, _write(pixels, place, image, cover, hole, membrane.u))
    yield Step(0.4, pixels)
    tolerance, left = TOLERANCE * max(1.0, brightest), 1.0
    for error in membrane.converge(tolerance):
        left = max(min(left, error / tolerance * TOLERANCE), TOLERANCE)
        yield Step(0.4 + 0.4 * math.log(left) / math.log(TOLERANCE))
    layer = None
    if grain > 0:
        layer = yield from _steps(
            0.8, grain_around(image, cover, hole.ys[1:-1], hole.xs[1:-1], grain, seed, crew)
        )
    yield from _steps(0.9, _write(pixels, place, image, cover, hole, membrane.u, layer))
    yield Step(1.0, pixels)


def _steps(done: float, pauses: Generator[None, None, T]) -> Generator[Step[Any], None, T]:
    """The pauses inside a part of the work as Steps of the whole."""
    while True:
        try:
            next(pauses)
        except StopIteration as end:
            value: T = end.value
            return value
        yield Step(done)


def _with_unreadable(
    image: Picture, cover: Cover, crew: Crew
) -> Generator[None, None, NDArray[np.uint8]]:
    """The hole, and in a float picture every pixel that is not a number."""
    if image.dtype != np.float32:
        return cover
    unknown = np.empty(cover.shape, np.uint8)
    layers = image.reshape(*cover.shape, -1)
    yield from _by_rows(crew, kernels.mark_unreadable, layers, cover, unknown)
    if unknown.all():
        raise ValueError("no pixel outside the mask is a number: there is nothing to copy from")
    return unknown


def _copied(pixels: Picture) -> Generator[None, None, Picture]:
    copy = np.empty_like(pixels, order="C")
    band = max(1, SCANNED // pixels[0].nbytes)
    for start in range(0, len(pixels), band):
        copy[start : start + band] = pixels[start : start + band]
        yield
    return copy


def _write(
    pixels: Picture,
    place: Rect,
    image: Picture,
    cover: Mask | Cover,
    hole: Hole,
    u: Values,
    layer: Grain | None = None,
) -> Generator[None, None, None]:
    """Put the membrane, with a layer of grain, where the cover says so."""
    for part in hole.parts():
        ys, xs, colours = hole.ys[part], hole.xs[part], u[part]
        part_cover = cover[ys, xs]
        if not part_cover.all():  # unreadable pixels outside the hole
            inside = part_cover != 0
            ys, xs, colours, part_cover = (a[inside] for a in (ys, xs, colours, part_cover))
        before = image[None, ys, xs]
        added = 0.0 if layer is None else layer.at(ys, xs, colours)
        after = _from_lanes(colours[None], before, added)
        pixels[ys - place.y, xs - place.x] = blended(before, after, part_cover[None])[0]
        yield


def _by_rows(crew: Crew, kernel: Any, *arguments: Any) -> Generator[None, None, None]:
    """A kernel over all rows of a plane (the first argument), some megabytes at a time."""
    width = max(1, arguments[0][0].nbytes)
    yield from crew.passing(
        kernel, 0, len(arguments[0]), *arguments, piece=max(1, SCANNED // width), weight=width
    )


def _to_lanes(pixels: Picture) -> Values:
    """(H, W, 4): colours as displayed, times alpha, and alpha; 0 where there is no alpha."""
    lanes = np.zeros((*pixels.shape[:2], LANES), np.float32)
    lanes[..., :3] = to_working(pixels)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        lanes[..., 3] = np.nan_to_num(pixels[..., 3]) / np.float32(full_scale(pixels.dtype))
        lanes[..., :3] *= lanes[..., 3:]
    return lanes


def _from_lanes(lanes: Values, before: Picture, added: Any = 0.0) -> Picture:
    """The way back, to the depth and alpha of what was there before."""
    colours = lanes[..., :3]
    if before.ndim == 3 and before.shape[2] == 4:
        alpha = lanes[..., 3:]
        visible = alpha > _VISIBLE
        colours = np.where(visible, colours / np.maximum(alpha, _VISIBLE), to_working(before))
    return from_working(colours + added, before)
