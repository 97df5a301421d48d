"""Cutting a sprite out of a clip: the matte of every frame, and the one object of it, followed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from editor.engine.clip import Footage, check_number
from editor.engine.image import Mask, Point, Rect
from editor.engine.matte import Backdrop, Matting, matte
from editor.engine.matte_objects import Piece, Seen, followed, largest, pieces, under
from editor.engine.sprite import STILL, Cel, Cutout, Sprite
from editor.engine.sprite_key import Key
from editor.engine.step import Step

_SHOWN = 32  # frames between two previews
_AROUND = 16  # pixels around where it was, and half a body, in which it is looked for first


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A sprite, and the key by which any frame of its clip can be taken apart again."""

    sprite: Sprite
    key: Key


class Pick(NamedTuple):
    """The object a person clicked on."""

    number: int  # of the frame
    point: Point


def cut_out(
    footage: Footage,
    backdrop: Backdrop,
    matting: Matting = Matting(),  # noqa: B008 - frozen
    *,
    start: int = 0,
    stop: int | None = None,
    pick: Pick | None = None,
    garbage: Mask | None = None,
    mirrored: bool = False,
    drift: Point = STILL,
    source: str = "",
    threads: int = 1,
) -> Iterator[Step[Sprite]]:
    """The sprite of the frames start..stop: of each, the object that was followed to there.

    It begins with the largest object, or with the one that was picked, which is then followed from
    there on. Frames in which it touches the border are left out. Steps carry the sprite so far.
    """
    clip = footage.clip
    stop = clip.count if stop is None else stop
    check_number(clip, start)
    check_number(clip, stop - 1)
    if pick is not None and not start <= pick.number < stop:
        raise ValueError(f"the object was picked in frame {pick.number}, outside {start} to {stop}")
    first = start if pick is None else pick.number
    about = clip.size, clip.rate, source, mirrored, drift
    cels: list[Cel] = []
    tracker = _Tracker(None if pick is None else pick.point)
    for number in range(first, stop):
        frame = footage.frame(number)
        room = tracker.room
        cutout = matte(frame, backdrop, matting, garbage=garbage, within=room, threads=threads)
        found = pieces(np.ascontiguousarray(cutout[..., 3]))
        if room is not None and not tracker.surely_there(found, room):
            cutout = matte(frame, backdrop, matting, garbage=garbage, threads=threads)
            found = pieces(np.ascontiguousarray(cutout[..., 3]))
        piece, track = tracker.next(found)
        if piece is not None and piece.whole:
            cels.append(_cel(number, track, piece, cutout))
        done = (number + 1 - first) / (stop - first)
        shown = cels and (number + 1 - first) % _SHOWN == 0
        so_far = Sprite(tuple(cels), *about) if shown else None
        yield Step(0.99 * done, so_far)
    if not cels:
        raise ValueError(
            "no whole object was found before the backdrop: pick the backdrop's colour, change the "
            "tolerance, or choose frames in which the object does not touch the border"
        )
    yield Step(1.0, Sprite(tuple(cels), *about))


class _Tracker:
    """Follows one object; where it is lost or cut by the border, a new track begins."""

    def __init__(self, point: Point | None) -> None:
        self._point = point
        self._seen: Seen | None = None
        self._place = Rect(0, 0, 0, 0)
        self._track = 0

    @property
    def room(self) -> Rect | None:
        """Where it will most likely be; None while it is not followed."""
        if self._seen is None:
            return None
        ahead = self._place.moved(round(self._seen.dx), round(self._seen.dy))
        return ahead.joined(self._place).grown(_AROUND + round(math.sqrt(self._seen.area) / 2))

    def surely_there(self, found: Sequence[Piece], room: Rect) -> bool:
        """Whether the object is among these, which were looked for in the room, and not cut."""
        piece = followed(self._seen, found) if self._seen is not None else None
        return piece is not None and piece.place.grown(1).within(room) == piece.place.grown(1)

    def next(self, found: Sequence[Piece]) -> tuple[Piece | None, int]:
        """The object among the pieces of the next frame, and the number of its track."""
        piece = followed(self._seen, found) if self._seen is not None else None
        if piece is None:
            if self._seen is not None:
                self._track += 1
            self._seen = None
            piece = under(found, self._point) if self._point is not None else largest(found)
            self._point = None
        if piece is None:
            return None, self._track
        self._place = piece.place
        still = Seen(piece.centroid, 0.0, 0.0, piece.area)
        self._seen = still if self._seen is None else self._seen.then(piece)
        return piece, self._track


def _cel(number: int, track: int, piece: Piece, cutout: Cutout) -> Cel:
    pixels = cutout[piece.place.slices].copy()
    pixels[~piece.mask, 3] = 0
    inner = Rect.around(pixels[..., 3])
    place = inner.moved(piece.place.x, piece.place.y)
    return Cel.of(number, track, place, np.ascontiguousarray(pixels[inner.slices]))
