"""Retarget: the picture in another shape, made of its own pieces.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch, ACM Transactions on Graphics 28(3),
2009, §4 and §5, after D. Simakov, Y. Caspi, E. Shechtman, M. Irani: Summarizing Visual Data Using
Bidirectional Similarity, CVPR 2008. At the coarsest level the picture changes its size gradually,
by a few percent at a time (Simakov §3.2); after each change the patches of both pictures look for
each other and vote (§3.1), and the finer levels go on from there. At the end each pixel is a copy
of the source pixel that most of the patches over it agree on: nothing is blurred.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from editor.engine.cv import cv2
from editor.engine.image import Mask, Picture, Point, Rect, Size, check_fits, check_picture, frozen
from editor.engine.kernels import bidirectional as kernels
from editor.engine.retarget_constraints import Line, Piece, Region, Straight, hold
from editor.engine.retarget_level import (
    SIZE,
    Estimate,
    Level,
    Positions,
    Solver,
    pyramid,
)
from editor.engine.seams import source_map
from editor.engine.step import Step
from editor.engine.threads import Crew

__all__ = ["Line", "Region", "Retargeted", "retarget"]

_SMALLEST = 48  # side of the coarsest level
_CHANGE = 0.05  # the size changes by so many parts at a time …
_COARSE_PASSES = 3  # … and the picture settles so often after each
_PASSES = (1, 2, 4, 8)  # from the finest level on
_SWEEPS = 2
_REACH = 8  # of the random search in the finest level
_ANYWHERE = 1 << 14
_PUSHES = 50
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
    known = None if remove is None else remove == 0
    levels = yield from paused(0.0, pyramid(image, depth, known))
    coarse, scale = levels[-1], 2**depth
    pieces = yield from paused(0.02, placed(coarse, scale, size, protect, regions))
    straight = [Straight(line) for line in lines]
    ratio = np.array([size.height / image.shape[0], size.width / image.shape[1]])
    changes = max(1, int(np.ceil(np.abs(np.log(ratio)).max() / _CHANGE)))
    estimate = Estimate.of(coarse)
    for change in range(1, changes + 1):
        part = change / changes
        shape = shape_at(size, depth)
        if change < changes:
            height, width = np.rint(coarse.shape * ratio**part)
            shape = (max(int(height), SIZE), max(int(width), SIZE))
        for line in straight:
            line.stretch(ratio ** (1 / changes))
        on_the_way = [piece.moved_by(part) for piece in pieces]
        held = hold(on_the_way, shape, coarse.shape, scale)
        solver = Solver(coarse, estimate.resized(shape), held, crew)
        yield from paused(0.05, solver.prepare())
        for number in range(_COARSE_PASSES):
            draw = seed * 10_000 + 2 * (change * _COARSE_PASSES + number)
            yield from paused(
                0.05 + 0.15 * part, solver.improve(draw, _SWEEPS, _ANYWHERE, projection(straight, scale))
            )
        estimate = solver.estimate
    yield from refine(image, size, levels, estimate, pieces, straight, seed, crew)


def refine(
    image: Picture,
    size: Size,
    levels: list[Level],
    estimate: Estimate,
    pieces: list[Piece],
    straight: list[Straight],
    seed: int,
    crew: Crew,
) -> Iterator[Step[Retargeted]]:
    """From an estimate at the coarsest level to the finest, and the sharp picture at the end."""
    for depth in range(len(levels) - 1, -1, -1):
        level, scale = levels[depth], 2**depth
        done = 0.95 * 0.3**depth
        shape = shape_at(size, depth)
        held = hold(pieces, shape, level.shape, scale)
        if depth < len(levels) - 1:
            estimate = yield from paused(done * 0.4, estimate.lifted(shape, level.shape, crew))
        solver = Solver(level, estimate, held, crew)
        yield from paused(done * 0.5, solver.prepare())
        if depth < len(levels) - 1:
            yield from paused(done * 0.5, solver.begin())
        passes = _PASSES[min(depth, len(_PASSES) - 1)]
        for number in range(passes):
            draw = seed * 10_000 + 5000 + 100 * depth + 2 * number
            yield from paused(
                done * (0.5 + 0.5 * number / passes),
                solver.improve(draw, _SWEEPS, _REACH << depth, projection(straight, scale)),
            )
        estimate = solver.estimate
        origins = yield from paused(done, solver.origins())
        if depth:
            whole = np.empty((size.height, size.width, 2), np.int32)
            yield from paused(done, _spread_out(origins, scale, image, whole, crew))
            origins = whole
        else:
            for line in straight:
                line.straighten(origins, image.shape)
        picture = yield from paused(done, gathered(image, origins, crew))
        residuals = () if depth else measured(origins, pieces, straight)
        yield Step(done if depth else 1.0, Retargeted(picture, origins, residuals))


def projection(straight: list[Straight], scale: int) -> Callable[[Estimate], None]:
    """What puts the matches of an estimate back onto the lines."""

    def project(estimate: Estimate) -> None:
        for line in straight:
            line.project(estimate, scale)

    return project


def measured(
    origins: Positions, pieces: list[Piece], straight: list[Straight]
) -> tuple[float, ...]:
    """How far, in pixels, each line is from straight and each piece from its place."""
    residuals = [line.residual(origins) for line in straight]
    return (*residuals, *(piece.residual(origins) for piece in pieces))


def _spread_out(
    coarse: Positions, scale: int, image: Picture, origins: Positions, crew: Crew
) -> Generator[None, None, None]:
    yield from crew.passing(
        kernels.spread_out,
        *(0, len(origins), coarse, scale, *image.shape[:2], origins),
        piece=max(1, _PIECE // origins.shape[1]),
        weight=origins.shape[1],
    )


def gathered(
    image: Picture, origins: Positions, crew: Crew
) -> Generator[None, None, Picture]:
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


def shape_at(size: Size, depth: int) -> tuple[int, int]:
    """Height and width of the target at a level."""
    return -(-size.height // 2**depth), -(-size.width // 2**depth)


def paused(
    done: float, pauses: Generator[None, None, T]
) -> Generator[Step[Any], None, T]:
    while True:
        try:
            next(pauses)
        except StopIteration as end:
            return cast(T, end.value)
        yield Step(done)


def placed(
    level: Level, scale: int, size: Size, protect: Mask | None, regions: Sequence[Region]
) -> Generator[None, None, list[Piece]]:
    """Where what keeps its shape goes: the seams of the coarsest level say it, as no seam cuts it.

    Where they leave two pieces on each other, or outside, these are pushed apart.
    """
    masks = [(mask, 1.0, None) for mask in parts(protect)]
    masks += [(region.mask != 0, region.scale, region.to) for region in regions]
    if not masks:
        return []
    guard = np.zeros(level.shape, np.bool_)
    for mask, *_ in masks:
        ys, xs = np.nonzero(mask)
        guard[ys // scale, xs // scale] = True
    removed = level.known == 0
    shape = shape_at(size, int(np.log2(scale)))
    remove = removed if removed.any() else None
    origins = level.pixels[..., :2]
    for step in source_map(level.pixels[..., :3], Size(shape[1], shape[0]), protect=guard, remove=remove):
        if step.value is not None:
            origins = step.value
        yield
    pieces = []
    for mask, factor, to in masks:
        rect = Rect.around(mask)
        middle = np.array([rect.x + rect.width / 2, rect.y + rect.height / 2])
        if to is None:
            small = np.zeros(level.shape, np.bool_)
            ys, xs = np.nonzero(mask)
            small[ys // scale, xs // scale] = True
            ys, xs = np.nonzero(small[origins[..., 0], origins[..., 1]])
            moved = np.stack([xs, ys], axis=1) - origins[ys, xs][:, ::-1]
            goal = middle + np.rint(np.median(moved, axis=0) * scale)
        else:
            goal = np.array(to, float)
        shift = goal - factor * middle
        if factor == 1:
            shift = np.rint(shift)
        pieces.append(Piece(mask, np.array([[factor, 0, shift[0]], [0, factor, shift[1]]])))
    fixed = [to is not None for *_, to in masks]
    return apart(pieces, fixed, size)


def parts(mask: Mask | None) -> list[Mask]:
    """The connected parts of a mask; those that nearly touch are one."""
    if mask is None or not mask.any():
        return []
    near = cv2.dilate((mask != 0).view(np.uint8), np.ones((5, 5), np.uint8))
    count, labels = cv2.connectedComponents(near)
    return [(labels == number) & (mask != 0) for number in range(1, count)]


def apart(pieces: list[Piece], fixed: list[bool], size: Size) -> list[Piece]:
    """Pushed into the picture and off each other, by rectangles; those that are fixed stay."""
    whole = Rect(0, 0, size.width, size.height)
    for _ in range(_PUSHES):
        still = True
        for i, one in enumerate(pieces):
            place = one.place()
            dx = max(0, -place.x) - max(0, place.right - whole.right)
            dy = max(0, -place.y) - max(0, place.bottom - whole.bottom)
            if (dx or dy) and not fixed[i]:
                pieces[i], still = one.moved(dx, dy), False
            for j in range(i):
                still &= not _push(pieces, fixed, i, j)
        if still:
            break
    return pieces


def _push(pieces: list[Piece], fixed: list[bool], i: int, j: int) -> bool:
    """Push two pieces apart the shorter way, if their rectangles meet though they did not before."""
    here, there = pieces[i].place(), pieces[j].place()
    both = here.within(there)
    if both.empty or not Rect.around(pieces[i].mask).within(Rect.around(pieces[j].mask)).empty:
        return False
    if fixed[i] and fixed[j]:
        return False
    across = both.width <= both.height
    by = both.width if across else both.height
    first = (here.x <= there.x) if across else (here.y <= there.y)
    shares = (by, 0) if fixed[j] else (0, by) if fixed[i] else (by // 2, by - by // 2)
    for k, share, sign in ((i, shares[0], -1), (j, shares[1], 1)):
        move = share * sign * (1 if first else -1)
        pieces[k] = pieces[k].moved(move if across else 0, 0 if across else move)
    return True


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
    for name, old, new in (("width", whole.width, size.width), ("height", whole.height, size.height)):
        if new < 1 or new * 10 < old or new > 8 * old:
            raise ValueError(
                f"the new {name} is {new}: from {old} pixels it can go from {-(-old // 10)} to {8 * old}"
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
        line.check(whole)
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
            raise ValueError(f"region {number} is scaled by {region.scale}: from 0.1 to 8 is possible")
        _check_room(f"region {number}", Rect.around(region.mask), region.scale, size)


def _check_room(name: str, rect: Rect, scale: float, size: Size) -> None:
    width, height = round(rect.width * scale), round(rect.height * scale)
    if width > size.width or height > size.height:
        raise ValueError(
            f"{name} is {Size(width, height)} and the new picture only {size}: it does not fit"
        )
