"""The one object of a matte: its connected pixels, followed from frame to frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from editor.engine.cv import cv2
from editor.engine.image import Cover, Mask, Point, Rect

_SEEN = 48  # alpha that hangs together
_SURE = 128  # alpha that an object has somewhere
_FRINGE = 3  # pixels of thinner alpha around it that are its own
_REACH = 1.5  # body lengths that an object moves at most from where it was expected
_SPECK = 0.1  # of the largest object: what is smaller is not meant
_SWELL = 2.5  # how many times larger or smaller it may be than before


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What hangs together in a matte."""

    place: Rect
    mask: Mask  # of the place
    area: float
    centroid: Point
    whole: bool  # it does not touch the border of the frame

    @property
    def side(self) -> float:
        return math.sqrt(self.area)


@dataclass(frozen=True, slots=True)
class Seen:
    """Where an object was, and where it went."""

    centroid: Point
    dx: float
    dy: float
    area: float

    def then(self, piece: Piece) -> Seen:
        x, y = self.centroid
        return Seen(piece.centroid, piece.centroid.x - x, piece.centroid.y - y, piece.area)


def pieces(alpha: Cover, least: int = 16) -> list[Piece]:
    """Every object of at least so many pixels, the largest first."""
    seen = (alpha >= _SEEN).view(np.uint8)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(seen, connectivity=8)
    frame = Rect.whole(alpha)
    found = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        if area < least:
            continue
        place = Rect(x, y, width, height)
        own = labels[place.slices] == label
        if not (alpha[place.slices][own] >= _SURE).any():
            continue
        whole = x > 0 and y > 0 and place.right < frame.width and place.bottom < frame.height
        wide = place.grown(_FRINGE).within(frame)
        middle = Point(float(middles[label][0]), float(middles[label][1]))
        found.append(Piece(wide, _with_fringe(labels[wide.slices], label), area, middle, whole))
    return sorted(found, key=lambda piece: (-piece.area, piece.place))


def largest(found: Sequence[Piece]) -> Piece | None:
    """The one that is whole and no speck beside the others, or else simply the largest."""
    if not found:
        return None
    least = _SPECK * found[0].area
    return next((one for one in found if one.whole and one.area >= least), found[0])


def under(found: Sequence[Piece], point: Point) -> Piece | None:
    """The one a person pointed at, or the nearest."""
    if not found:
        return None
    x, y = round(point.x), round(point.y)
    for piece in found:
        place = piece.place
        inside = place.x <= x < place.right and place.y <= y < place.bottom
        if inside and piece.mask[y - place.y, x - place.x]:
            return piece
    return min(found, key=lambda piece: math.dist(piece.centroid, point))


def followed(before: Seen, found: Sequence[Piece]) -> Piece | None:
    """The piece that is the same object; None if it is lost."""
    x, y = before.centroid.x + before.dx, before.centroid.y + before.dy
    side = math.sqrt(before.area)

    def strangeness(piece: Piece) -> float:
        away = min(math.dist(piece.centroid, (x, y)), math.dist(piece.centroid, before.centroid))
        return away / (_REACH * side) + abs(math.log(piece.area / before.area)) / math.log(_SWELL)

    def possible(piece: Piece) -> bool:
        near = math.dist(piece.centroid, (x, y)) <= _REACH * max(side, 8)
        return near and before.area / _SWELL <= piece.area <= before.area * _SWELL

    return min(filter(possible, found), key=strangeness, default=None)


def _with_fringe(labels: cv2.typing.MatLike, label: int) -> Mask:
    """The object and the thin alpha around it which belongs to no other."""
    own = (labels == label).view(np.uint8)
    side = 2 * _FRINGE + 1
    grown = cv2.dilate(own, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    mask: Mask = (grown > 0) & ((labels == 0) | (own > 0))
    return mask
