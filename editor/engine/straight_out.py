"""Lines that run straight out of a picture: what an extension goes on with.

Nothing is there to be paired, as across a hole, so an edge must be straight for longer and clear.
A picture of any size is looked at in half a megapixel.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.guides import Line
from editor.engine.image import Picture, Point, Rect
from editor.engine.residuals import levels
from editor.engine.straight_rays import RAYS, STEEP, closed_around, distance, longer, rays_of

_ENOUGH = 1 << 19  # pixels, in which it is looked
_FRAME = 8  # pixels of nothing around them
_CLEAR = 12.0  # levels a pixel: less may be a wave or a furrow, which ends somewhere
_APART = 6.0  # pixels between two lines
_LEVEL = 4.0  # pixels that a line leaves its height by, outside; copies of less go on by themselves
_MOST = 12


def leaving(image: Picture, known: Rect) -> list[Line]:
    """Lines that leave what is known of a picture at a slant, out to its end.

    Each has a colour of its own. Two do not cross outside: there the one goes on that leaves more
    straightly, be it level. A ridge goes on, and the edges of its tiles end there.
    """
    framed, closed, scale = _framed(image[known.slices])
    rays = rays_of(levels(framed), closed_around(closed))
    room = np.greater(image.shape[:2], (known.height, known.width))
    straightly = np.abs(rays.ways * room).max(axis=1)  # and not past a corner, along the edge
    clear = (rays.lengths == RAYS[-1]) & (rays.strengths >= _CLEAR) & (straightly > STEEP)
    corner = np.array([known.y, known.x])
    lines: list[Line] = []
    pieces: list[NDArray[Any]] = []  # (2, 2): what of them is outside
    for k in np.argsort(-straightly, kind="stable"):
        if not clear[k] or len(lines) == _MOST:
            continue
        start, way = rays.starts[k], rays.ways[k]
        border = scale * (start - _FRAME + 0.5)
        far = border + corner - sum(image.shape[:2]) * way
        piece = np.array([border + corner, _within(border + corner, far, image.shape)])
        if not _goes_on(piece, pieces, scale):
            continue
        pieces.append(piece)
        if np.abs(piece[1] - piece[0]).min() <= _LEVEL:
            continue
        inside = longer(framed, np.array([start, start + RAYS[-1] * way]))[1]
        inside = scale * (inside - _FRAME + 0.5)
        inside = _within(border, inside, (known.height, known.width)) + corner
        a, b = (Point(*end[::-1].tolist()) for end in (inside, piece[1]))
        lines.append(Line(a, b, f"#{len(lines):06x}"))
    return lines


def _framed(image: Picture) -> tuple[Picture, NDArray[np.uint8], float]:
    """A picture of no more than enough pixels with nothing around it; where that is; its scale."""
    scale = max(1.0, math.sqrt(image.shape[0] * image.shape[1] / _ENOUGH))
    if scale > 1:
        size = (round(image.shape[1] / scale), round(image.shape[0] / scale))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(image, *(_FRAME,) * 4, cv2.BORDER_REPLICATE)
    closed = np.ones(framed.shape[:2], np.uint8)
    closed[_FRAME:-_FRAME, _FRAME:-_FRAME] = 0
    if framed.ndim == 3 and framed.shape[2] == 4:
        closed[framed[..., 3] == 0] = 1
    return framed, closed, scale


def _goes_on(piece: NDArray[Any], others: list[NDArray[Any]], scale: float) -> bool:
    """Whether there is room for it, and none that goes on already is in its way."""
    if np.abs(piece[1] - piece[0]).max() <= _FRAME * scale:
        return False
    apart = (distance(piece, other) > _APART * scale for other in others)
    return all(apart) and not any(_cross(piece, other) for other in others)


def _within(start: NDArray[Any], end: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """The end of a piece of a line, or where it leaves the picture."""
    way = end - start
    room = np.where(way > 0, np.array(shape[:2]) - start, start)
    steps = np.ones(2)
    np.divide(room, np.abs(way), out=steps, where=way != 0)
    inside: NDArray[Any] = np.clip(start + min(1, steps.min()) * way, 0, shape[:2])
    return inside


def _cross(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether two pieces of lines cross."""

    def sides(line: NDArray[Any], points: NDArray[Any]) -> NDArray[Any]:
        (dy, dx), away = line[1] - line[0], points - line[0]
        beside: NDArray[Any] = np.sign(dx * away[:, 0] - dy * away[:, 1])
        return beside

    return bool(sides(one, other).prod() < 0 and sides(other, one).prod() < 0)
