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
    """Lines that leave what is known of a picture at a slant, the surest first, out to its end.

    Each has a colour of its own. Two do not cross outside: there the surer one goes on.
    """
    inner = image[known.slices]
    scale = max(1.0, math.sqrt(inner.shape[0] * inner.shape[1] / _ENOUGH))
    if scale > 1:
        size = (round(known.width / scale), round(known.height / scale))
        inner = cv2.resize(inner, size, interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(inner, *(_FRAME,) * 4, cv2.BORDER_REPLICATE)
    closed = np.ones(framed.shape[:2], np.uint8)
    closed[_FRAME:-_FRAME, _FRAME:-_FRAME] = 0
    if framed.ndim == 3 and framed.shape[2] == 4:
        closed[framed[..., 3] == 0] = 1
    rays = rays_of(levels(framed), closed_around(closed))
    room = np.greater(image.shape[:2], (known.height, known.width))
    pieces: list[NDArray[Any]] = []  # (2, 2): outside
    lines: list[Line] = []
    for k in np.argsort(-rays.strengths, kind="stable"):
        if rays.lengths[k] < RAYS[-1] or rays.strengths[k] < _CLEAR:
            continue
        start, way, corner = rays.starts[k], rays.ways[k], (known.y, known.x)
        if not (np.abs(way) > STEEP)[room].any():
            continue  # at a corner: past it, along the edge
        border = scale * (start - _FRAME + 0.5)
        far = border + corner - sum(image.shape[:2]) * way
        piece = np.array([border + corner, _within(border + corner, far, image.shape)])
        apart = (distance(piece, other) > _APART * scale for other in pieces)
        cross = (_cross(piece, other) for other in pieces)
        away = np.abs(piece[1] - piece[0])
        if away.max() <= _FRAME * scale or away.min() <= _LEVEL or not all(apart) or any(cross):
            continue  # there is no room, no need, or one that is surer
        inside = longer(framed, np.array([start, start + rays.lengths[k] * way]))[1]
        inside = scale * (inside - _FRAME + 0.5)
        inside = _within(border, inside, (known.height, known.width)) + corner
        a, b = (Point(*end[::-1].tolist()) for end in (inside, piece[1]))
        lines.append(Line(a, b, f"#{len(lines):06x}"))
        pieces.append(piece)
        if len(lines) == _MOST:
            break
    return lines


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
