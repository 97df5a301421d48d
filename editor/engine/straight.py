"""Straight structures about a hole: which lines enter and leave it.

``suggested`` follows the edges that meet the hole's border outwards for some pixels, keeps those
that are straight, and pairs them across the hole by direction, place and the colours beside them.
What lies around a thick hole, or one of many parts, is looked at in fewer pixels: an edge must be
followed the farther the wider the gap is, and a large photograph is soft in each of its pixels.
``sure`` are those that need nobody to look: of sixty suggestions every tenth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.fill_level import thickness
from editor.engine.guides import APART, LINE_COLOURS, Line, already_drawn, unlike
from editor.engine.image import Cover, Mask, Picture, Point, Rect
from editor.engine.residuals import levels
from editor.engine.straight_rays import (
    LONGER,
    RAYS,
    Least,
    Rays,
    closed_around,
    distance,
    is_open,
    longer,
    rays_of,
)

_BRIDGED = 128.0  # pixels: the hole is no thicker
_BESIDE = 8  # pixels beside an edge that are looked at
_BENT = math.cos(math.radians(5))  # between two sides of a line
_MISS, _MISS_EACH = 1.5, 0.025  # pixels that two sides pass each other, and each pixel of the gap
_LIGHT = 30.0  # levels that it may be lighter


class _Asked(NamedTuple):
    """Of a line."""

    least: Least  # of its two sides
    alike: float  # share of its contrast by which they may differ
    enough: int  # pixels, in which it is looked


_MAYBE = _Asked(Least(number=2), 0.6, 1 << 22)
_SURE = _Asked(Least(steep=15, contrast=30, number=2), 0.12, 1 << 20)


def suggested(image: Picture, hole: Mask | Cover) -> list[Line]:
    """Lines that may enter and leave the hole, the surest first."""
    return _lines(image, hole, _MAYBE)


def sure(image: Picture, hole: Mask | Cover, drawn: Sequence[Line] = ()) -> list[Line]:
    """Lines that do so for certain: strong, and on both sides the same; none beside one drawn."""
    found = [line for line in _lines(image, hole, _SURE) if not already_drawn(line, drawn)]
    return unlike(found, drawn)


def _lines(image: Picture, hole: Mask | Cover, asked: _Asked) -> list[Line]:
    rect = Rect.around(hole)
    if rect.empty:
        return []
    thick = thickness((hole[rect.slices] != 0).view(np.uint8))
    scale = max(1.0, thick / _BRIDGED)
    view = _View(image, rect.grown(round((RAYS[-1] + _BESIDE) * scale)), scale, asked.enough)
    covered = cv2.resize(
        255 * (hole[view.window.slices] != 0).view(np.uint8),
        view.size,
        interpolation=cv2.INTER_AREA,
    )
    closed = closed_around(covered)
    found = _paired(rays_of(levels(view.pixels), closed, asked.least), closed, asked)
    if not found:
        return []
    wide = _View(image, rect.grown(round((RAYS[-1] + LONGER) * view.scale)), view.scale)
    lines = []
    for line, colour in zip(found, LINE_COLOURS, strict=False):
        ends = wide.outside(longer(wide.pixels, wide.inside(view.outside(line))))
        ends = np.clip(ends[:, ::-1], 0, hole.shape[::-1])
        a, b = (Point(round(float(x), 2), round(float(y), 2)) for x, y in ends)
        lines.append(Line(a, b, colour))
    return lines


class _View:
    """A part of a picture, in fewer pixels."""

    def __init__(self, image: Picture, part: Rect, scale: float, enough: float = math.inf) -> None:
        self.window = part.within(Rect.whole(image))
        self.scale = max(scale, math.sqrt(self.window.area / enough))
        self.size = (
            math.ceil(self.window.width / self.scale),
            math.ceil(self.window.height / self.scale),
        )
        near = image[self.window.slices]
        self.pixels = (
            cv2.resize(near, self.size, interpolation=cv2.INTER_AREA) if self.scale > 1 else near
        )
        self._corner = np.array([self.window.y, self.window.x])
        self._each = np.array([self.window.height, self.window.width]) / self.pixels.shape[:2]

    def outside(self, places: NDArray[Any]) -> NDArray[Any]:
        """Pixels (y, x) of the view as points of the picture."""
        points: NDArray[Any] = (places + 0.5) * self._each + self._corner
        return points

    def inside(self, places: NDArray[Any]) -> NDArray[Any]:
        """Points of the picture as pixels of the view."""
        pixels: NDArray[Any] = (places - self._corner) / self._each - 0.5
        return pixels


def _paired(rays: Rays, closed: NDArray[np.uint8], asked: _Asked) -> list[NDArray[Any]]:
    """Lines (2, 2) through two rays each, the surest first."""
    starts, ways = rays.starts, rays.ways
    between = starts[None] - starts[:, None]  # [i, j]: from i to j
    gap = np.linalg.norm(between, axis=2)
    straight = -(ways @ ways.T)
    miss = np.abs(between[..., 0] * ways[:, None, 1] - between[..., 1] * ways[:, None, 0])
    miss = np.maximum(miss, miss.T)
    ahead = (between * ways[:, None]).sum(axis=2) < 0
    light, detail = rays.across.mean(axis=1, keepdims=True), rays.detail
    contrasts = rays.contrasts
    contrast = np.minimum(contrasts[:, None], contrasts[None])
    apart = np.sqrt(((detail[:, None] - detail[None, :, ::-1]) ** 2).mean(axis=(2, 3)))
    lighter = np.abs(light[:, None] - light[None]).mean(axis=(2, 3))
    fits = (straight > _BENT) & (miss < _MISS + _MISS_EACH * gap) & ahead & ahead.T & (gap > 4)
    fits &= (apart < asked.alike * contrast) & (contrast >= asked.least.contrast)
    fits &= lighter < _LIGHT
    i, j = np.nonzero(np.triu(fits, 1))
    force = np.minimum(rays.strengths[i], rays.strengths[j])
    worth = force * (1 - apart[i, j] / contrast[i, j]) / (1 + miss[i, j])
    lines: list[NDArray[Any]] = []
    used: set[int] = set()
    for k in np.argsort(-worth, kind="stable"):
        one, other = int(i[k]), int(j[k])
        if one in used or other in used or not _crosses(starts[[one, other]], closed):
            continue
        line = _through(rays, one, other)
        if all(distance(line, known) > APART for known in lines):
            lines.append(line)
            used |= {one, other}
        if len(lines) == len(LINE_COLOURS):
            break
    return lines


def _crosses(ends: NDArray[Any], closed: NDArray[np.uint8]) -> bool:
    """Whether nearly all between two places is hole."""
    count = max(4, int(np.linalg.norm(ends[1] - ends[0])))
    at = ends[0] + np.linspace(0.05, 0.95, count)[:, None] * (ends[1] - ends[0])
    return float((~is_open(closed, at)).mean()) > 0.9


def _through(rays: Rays, one: int, other: int) -> NDArray[Any]:
    """The line through the edges of two rays, from the end of one to that of the other."""
    points = np.concatenate([rays.points[k][rays.present[k]] for k in (one, other)])
    middle = points.mean(axis=0)
    way = np.linalg.svd(points - middle)[2][0]
    along = (points - middle) @ way
    line: NDArray[Any] = middle + np.array([along.min(), along.max()])[:, None] * way
    return line
