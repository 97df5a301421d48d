"""Retarget: the picture in another shape, made of its own pieces.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch, ACM Transactions on Graphics 28(3),
2009, §4 and §5, after D. Simakov, Y. Caspi, E. Shechtman, M. Irani: Summarizing Visual Data Using
Bidirectional Similarity, CVPR 2008. At the coarsest level the picture changes its size gradually,
by a few percent at a time (Simakov §3.2); after each change the patches of both pictures look for
each other and vote (§3.1), and the finer levels go on from there. At the end each pixel is a copy
of the source pixel that most of the patches over it agree on: nothing is blurred.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from editor.engine.cv import cv2
from editor.engine.guides import Line
from editor.engine.image import Mask, Picture, Rect, Size, check_fits, check_picture, frozen
from editor.engine.kernels import bidirectional as kernels
from editor.engine.retarget_constraints import Piece, Region, Rulers, Straight, check_line, hold
from editor.engine.retarget_level import (
    SIZE,
    Held,
    Level,
    Positions,
    R,
    Solver,
    pyramid,
)
from editor.engine.retarget_start import FINER, Solved, Start, parts, placed, shape_at
from editor.engine.step import Step, last
from editor.engine.threads import Crew

__all__ = ["Region", "Retargeted", "retarget"]

_SMALLEST = 48  # side of the coarsest level
_PASSES = (1, 2, 4)  # from the finest level on
_SWEEPS = 2
_REACH = 8  # of the random search in the finest level
_PIECE = 1 << 17

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class Retargeted:
    """A picture made of another one's pixels."""

    picture: Picture
    origins: Positions  # (H, W, 2): the row and column in the source that each pixel is from
    residuals: tuple[float, ...] = ()  # of each line: pixels from straight; each region: from rigid


def retarget(
    image: Picture,
    size: Size,
    *,
    protect: Mask | None = None,
    remove: Mask | None = None,
    lines: Sequence[Line] = (),
    regions: Sequence[Region] = (),
    seed: int = 0,
    threads: int = 1,
) -> Iterator[Step[Retargeted]]:
    """The picture at another size. Steps carry it as it forms, the last one with residuals.

    Each part of ``protect`` moves as a whole and does not change; nothing of ``remove`` is left.
    """
    size = Size(*size)
    check(image, size, protect, remove, lines, regions)
    image = frozen(image)
    with Crew(threads) as crew:
        yield from _retarget(image, size, protect, remove, lines, regions, seed, crew)


def warm_up() -> None:
    """Compile what this needs, or load it from the cache, on a picture of some pixels."""
    noise = np.arange(100 * 104 * 3, dtype=np.uint32) * 61 % 97
    image, mask = noise.astype(np.uint8).reshape(100, 104, 3), np.zeros((100, 104), np.bool_)
    mask[20:30, 20:30] = True
    last(retarget(image, Size(98, 100), protect=mask))


def _retarget(
    image: Picture,
    size: Size,
    protect: Mask | None,
    remove: Mask | None,
    lines: Sequence[Line],
    regions: Sequence[Region],
    seed: int,
    crew: Crew,
) -> Iterator[Step[Retargeted]]:
    depth = depth_of(image, size)
    known = np.ones(image.shape[:2], np.bool_) if remove is None else remove == 0
    for region in regions:
        if region.to is not None:  # what is told where to go is nowhere else
            known &= region.mask == 0
    levels = yield from paused(0.0, pyramid(image, depth, known))
    masks = [Region(mask) for mask in parts(protect)] + list(regions)
    starts = [Start(level, 2**depth, size, seed, crew) for depth, level in enumerate(levels)]
    start = starts.pop()
    origins = yield from paused(0.01, start.seams(masks))
    pieces = placed(masks, origins, start.level.shape, start.scale, size)
    whole = hold(pieces, (size.height, size.width), image.shape[:2], 1)
    yield from _shown(0.02, origins, 0, start.scale, image, whole, crew)
    solved, seams_do = yield from paused(0.02, start.best(origins, pieces, lines))
    if seams_do and starts:
        start = starts.pop()
        origins = yield from paused(0.15, start.seams(masks))
        solved = yield from paused(0.15, start.from_seams(origins, pieces, lines, FINER))
    yield from _shown(0.22, solved.estimate.to_source, R, start.scale, image, whole, crew)
    yield from refine(image, levels, start, solved, pieces, whole)


def refine(
    image: Picture,
    levels: list[Level],
    start: Start,
    solved: Solved,
    pieces: list[Piece],
    whole: Held,
) -> Iterator[Step[Retargeted]]:
    """From an estimate at a coarse level to the finest, and the sharp picture at the end."""
    size, seed, crew = start.size, start.seed, start.crew
    estimate, straight = solved
    done = 0.22
    coarsest = start.scale.bit_length() - 1
    for depth in range(max(0, coarsest - 1), -1, -1):
        level, scale = levels[depth], 2**depth
        low, done = done, 0.22 + 0.73 * 0.3**depth
        middle = (low + done) / 2
        shape = shape_at(size, scale)
        held = hold(pieces, shape, level.shape, scale) if depth else whole
        lifting = depth < coarsest
        if lifting:
            estimate = yield from paused(low, estimate.lifted(shape, level.shape, crew))
        solver = Solver(level, estimate, held, Rulers(straight, scale), crew)
        yield from paused(middle, solver.prepare())
        if lifting:
            yield from paused(middle, solver.begin())
        passes = _PASSES[min(depth, len(_PASSES) - 1)]
        for number in range(passes):
            draw = seed * 10_000 + 5000 + 100 * depth + 2 * number
            solve = solver.search if number + 1 == passes else solver.improve
            yield from paused(
                middle + (done - middle) * number / passes,
                solve(draw, _SWEEPS, _REACH << depth),
            )
        estimate = solver.estimate
        origins = yield from paused(done, solver.origins())
        if depth:
            yield from _shown(done, origins, 0, scale, image, whole, crew)
    for line in straight:
        line.straighten(origins, levels[0].known != 0)
    picture = yield from paused(0.95, gathered(image, origins, crew))
    yield Step(1.0, Retargeted(picture, origins, measured(origins, pieces, straight)))


def measured(
    origins: Positions, pieces: list[Piece], straight: list[Straight]
) -> tuple[float, ...]:
    """How far, in pixels, each line is from straight and each piece from its place."""
    residuals = [line.residual(origins) for line in straight]
    return (*residuals, *(piece.residual(origins) for piece in pieces))


def _shown(
    done: float,
    coarse: Positions,
    r: int,
    scale: int,
    image: Picture,
    held: Held,
    crew: Crew,
) -> Generator[Step[Retargeted], None, None]:
    """The picture that a coarse source map says, and what is held in it."""
    origins = np.empty_like(held.origins)
    height, width = held.mask.shape
    spreading = crew.passing(
        kernels.spread_out,
        *(0, height, coarse, r, scale, *image.shape[:2], origins),
        piece=max(1, _PIECE // width),
        weight=width,
    )
    yield from paused(done, spreading)
    origins[held.mask] = held.origins[held.mask]
    picture = yield from paused(done, gathered(image, origins, crew))
    yield Step(done, Retargeted(picture, origins))


def gathered(image: Picture, origins: Positions, crew: Crew) -> Generator[None, None, Picture]:
    """The picture that a source map says."""
    picture = np.empty((*origins.shape[:2], *image.shape[2:]), image.dtype)
    image = np.ascontiguousarray(image)
    from_bytes, to_bytes = (
        array.reshape(*array.shape[:2], -1).view(np.uint8) for array in (image, picture)
    )
    yield from crew.passing(
        kernels.gather,
        *(0, len(origins), from_bytes, origins, to_bytes),
        piece=max(1, _PIECE // origins.shape[1]),
        weight=origins.shape[1] * 4,
    )
    return picture


def depth_of(image: Picture, size: Size) -> int:
    """How often the picture is halved."""
    return max(0, int(np.log2(min(*image.shape[:2], *size) / _SMALLEST)))


def paused(done: float, pauses: Generator[None, None, T]) -> Generator[Step[Any], None, T]:
    while True:
        try:
            next(pauses)
        except StopIteration as end:
            return cast(T, end.value)
        yield Step(done)


def check(
    image: Picture,
    size: Size,
    protect: Mask | None,
    remove: Mask | None,
    lines: Sequence[Line],
    regions: Sequence[Region],
) -> None:
    """Raise ValueError if this cannot be done, and say why."""
    check_picture(image)
    whole = Size.of(image)
    for name, old, new in (
        ("width", whole.width, size.width),
        ("height", whole.height, size.height),
    ):
        if new < 1 or new * 10 < old or new > 8 * old:
            raise ValueError(
                f"the new {name} is {new}: from {old} pixels on, {-(-old // 10)} to {8 * old} "
                "are possible"
            )
    if min(*whole, *size) < SIZE:
        raise ValueError(f"{whole} to {size}: patches of {SIZE} × {SIZE} pixels must fit into both")
    for mask in (protect, remove, *(region.mask for region in regions)):
        if mask is not None:
            check_fits(image, mask)
    if remove is not None:
        known = cv2.erode((remove == 0).view(np.uint8), np.ones((SIZE, SIZE), np.uint8))
        if not known[SIZE // 2 : -(SIZE // 2), SIZE // 2 : -(SIZE // 2)].any():
            raise ValueError(
                "what is to be removed leaves nothing to copy from: paint over less of the picture"
            )
    for line in lines:
        check_line(line, whole)
    for mask in parts(protect):
        _check_room("what is protected", Rect.around(mask), 1.0, size)
    if protect is not None and int((protect != 0).sum()) > size.width * size.height:
        raise ValueError(
            f"what is protected covers {int((protect != 0).sum())} pixels, the new picture has "
            f"{size.width * size.height}: protect less, or make it larger"
        )
    for number, region in enumerate(regions, 1):
        if not region.mask.any():
            raise ValueError(f"region {number} is empty: draw around something")
        if not 0.1 <= region.scale <= 8:
            raise ValueError(
                f"region {number} is scaled by {region.scale}: from 0.1 to 8 is possible"
            )
        _check_room(f"region {number}", Rect.around(region.mask), region.scale, size)


def _check_room(name: str, rect: Rect, scale: float, size: Size) -> None:
    width, height = round(rect.width * scale), round(rect.height * scale)
    if width > size.width or height > size.height:
        raise ValueError(
            f"{name} is {Size(width, height)} and the new picture only {size}: it does not fit"
        )
