"""Reshuffle: pieces of the picture in another place, and the rest grown together around them.

C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch, ACM Transactions on Graphics 28(3),
2009, §4.2: the pieces are hard constraints, everything else is solved so that it is coherent and
complete (``retarget``). Where a piece has been, nothing of it may be copied: the old place heals.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from editor.engine.cv import cv2
from editor.engine.fill import fill
from editor.engine.image import (
    Mask,
    Picture,
    Point,
    Rect,
    Size,
    check_fits,
    check_picture,
    from_working,
    frozen,
    to_working,
)
from editor.engine.retarget import Retargeted, depth_of, paused, refine
from editor.engine.retarget_constraints import Floats, Piece, hold, sources_of
from editor.engine.retarget_level import SIZE, Estimate, Level, Solver, identity, pyramid
from editor.engine.step import Step
from editor.engine.threads import Crew

__all__ = ["Move", "reshuffle"]

_SETTLE = 4  # times the coarsest level settles
_SWEEPS = 2
_ANYWHERE = 1 << 14
_BAND = 1 << 17  # pixels of a piece that are drawn before there is a pause


@dataclass(frozen=True, eq=False, slots=True)
class Move:
    """A piece of the picture and where it goes."""

    mask: Mask
    by: Point  # how far its middle moves, in pixels
    scale: float = 1.0
    turn: float = 0.0  # degrees, clockwise as seen
    mirror: bool = False  # left and right, before it is turned
    keep: bool = False  # it stays in its old place too

    @property
    def plain(self) -> bool:
        """Is it only moved, by whole pixels?"""
        whole = self.by[0] == round(self.by[0]) and self.by[1] == round(self.by[1])
        return whole and self.scale == 1 and self.turn % 360 == 0 and not self.mirror

    def piece(self) -> Piece:
        rect = Rect.around(self.mask)
        middle = np.array([rect.x + rect.width / 2, rect.y + rect.height / 2])
        angle = np.deg2rad(self.turn)
        cos, sin = np.cos(angle), np.sin(angle)
        linear = self.scale * np.array([[cos, -sin], [sin, cos]])
        if self.mirror:
            linear = linear @ np.diag([-1.0, 1.0])
        if self.plain:
            linear = np.eye(2)
        shift = middle + np.array(self.by) - linear @ middle
        return Piece(self.mask != 0, np.column_stack([linear, shift]))


def reshuffle(
    image: Picture, pieces: Sequence[Move], *, seed: int = 0, threads: int = 1
) -> Iterator[Step[Retargeted]]:
    """The picture with its pieces moved; later ones lie on top. Steps carry it as it forms."""
    _check(image, pieces)
    image = frozen(image)
    size = Size.of(image)
    with Crew(threads) as crew:
        placed = [move.piece() for move in pieces]
        moved = np.zeros(image.shape[:2], np.bool_)
        kept = np.zeros(image.shape[:2], np.bool_)
        for move in pieces:
            (kept if move.keep else moved)[move.mask != 0] = True
        moved &= ~kept
        stay = [Piece(kept, np.eye(2, 3))] if kept.any() else []
        levels = yield from paused(0.0, pyramid(image, depth_of(image, size), ~moved))
        estimate = yield from paused(
            0.05, _begin(levels[-1], moved, [*stay, *placed], 2 ** (len(levels) - 1), seed, crew)
        )
        for step in refine(image, size, levels, estimate, [*stay, *placed], [], seed, crew):
            if step.value is None:
                yield step
                continue
            for move, piece in zip(pieces, placed, strict=True):
                if not move.plain:
                    yield from paused(step.done, _draw(step.value.picture, image, piece))
            yield step


def _begin(
    level: Level, moved: Mask, pieces: list[Piece], scale: int, seed: int, crew: Crew
) -> Generator[None, None, Estimate]:
    """The coarsest level: the old places filled, the pieces put down, and all of it settled."""
    held = hold(pieces, level.shape, level.shape, scale)
    hole = (level.known == 0) & ~held.mask
    pixels = level.pixels.copy()
    if hole.any():
        result = None
        steps = fill(
            np.ascontiguousarray(pixels[..., :3]), hole, sources=level.known != 0, seed=seed
        )
        for step in steps:
            result = step.value if step.value is not None else result
            yield
        assert result is not None
        rect, filled = result[:2]
        pixels[rect.slices][..., :3] = filled
    estimate = Estimate(pixels, identity(level.shape), identity(level.shape))
    solver = Solver(level, estimate, held, crew)
    yield from solver.prepare()
    for number in range(_SETTLE):
        yield from solver.improve(seed * 10_000 + 2 * number, _SWEEPS, _ANYWHERE, lambda _: None)
    return solver.estimate


def _draw(picture: Picture, image: Picture, piece: Piece) -> Generator[None, None, None]:
    """A piece that is turned or scaled, resampled into its place."""
    place = piece.place().within(Rect.whole(picture))
    band = max(1, _BAND // max(1, place.width))
    around = Rect.around(piece.mask).grown(2).within(Rect.whole(image))
    colours = to_working(image[around.slices])
    yield
    for top in range(place.y, place.bottom, band):
        bottom = min(place.bottom, top + band)
        ys, xs = np.mgrid[top:bottom, place.x : place.right]
        from_x, from_y = sources_of(piece.matrix, xs + 0.5, ys + 0.5)
        inside = _covered(piece.mask, from_x, from_y)
        drawn = cv2.remap(
            colours,
            (from_x - 0.5 - around.x).astype(np.float32),
            (from_y - 0.5 - around.y).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        part = picture[top:bottom, place.x : place.right]
        part[inside] = from_working(drawn, part)[inside]
        yield


def _covered(mask: Mask, from_x: Floats, from_y: Floats) -> Mask:
    v, u = np.floor(from_y).astype(int), np.floor(from_x).astype(int)
    inside = (v >= 0) & (u >= 0) & (v < mask.shape[0]) & (u < mask.shape[1])
    result: Mask = inside & mask[np.clip(v, 0, mask.shape[0] - 1), np.clip(u, 0, mask.shape[1] - 1)]
    return result


def _check(image: Picture, pieces: Sequence[Move]) -> None:
    check_picture(image)
    if min(image.shape[:2]) < SIZE:
        raise ValueError(
            f"the picture is {Size.of(image)}: patches of {SIZE} × {SIZE} pixels must fit into it"
        )
    if not pieces:
        raise ValueError("no piece is moved: draw around something and drag it")
    covered = np.zeros(image.shape[:2], np.bool_)
    free = np.ones(image.shape[:2], np.uint8)
    for number, move in enumerate(pieces, 1):
        check_fits(image, move.mask)
        if not move.mask.any():
            raise ValueError(f"piece {number} is empty: draw around something")
        if not 0.1 <= move.scale <= 8:
            raise ValueError(f"piece {number} is scaled by {move.scale}: from 0.1 to 8 is possible")
        held = hold([move.piece()], image.shape[:2], image.shape[:2], 1).mask
        if not held.any():
            raise ValueError(
                f"piece {number} would lie wholly outside the picture: move it less far"
            )
        if (covered & held).any():
            raise ValueError(
                f"piece {number} would lie on another one: move them apart or join them"
            )
        covered |= held
        if not move.keep:
            free[move.mask != 0] = 0
    whole = cv2.erode(free, np.ones((SIZE, SIZE), np.uint8))
    if not whole[SIZE // 2 : -(SIZE // 2), SIZE // 2 : -(SIZE // 2)].any():
        raise ValueError("the pieces cover the picture: nothing is left to heal their old places")
