"""Straight structures about a hole: which lines enter and leave it.

``suggested`` follows the edges that meet the hole's border outwards for some pixels, keeps those
that are straight, and pairs them across the hole by direction, place and the colours beside them.
What lies around a thick hole, or one of many parts, is looked at in fewer pixels: an edge must be
followed the farther the wider the gap is, and a large photograph is soft in each of its pixels.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.fill_level import thickness
from editor.engine.guides import Line
from editor.engine.image import Cover, Mask, Picture, Point, Rect, Size
from editor.engine.residuals import levels
from editor.engine.straight_rays import (
    LONGER,
    RAYS,
    Rays,
    closed_around,
    distance,
    is_open,
    longer,
    rays_of,
)

_BRIDGED = 128.0  # pixels: the hole is no thicker …
_ENOUGH = 1 << 22  # … and what is looked at no larger
_BENT = math.cos(math.radians(5))  # between two sides of a line
_MISS, _MISS_EACH = 1.5, 0.025  # pixels that two sides pass each other, and each pixel of the gap
_ALIKE = 0.6  # of its contrast, what is seen across an edge may differ from side to side
_LIGHT = 30.0  # levels that it may be lighter
_APART = 6.0  # pixels between two suggestions
# One for each suggestion: of one colour they would lend to each other.
_COLOURS = ("#3fb59f", "#d98c4a", "#7aa2f7", "#d16d9e", "#c9b458", "#8fbf5a")


def suggested(image: Picture, hole: Mask | Cover) -> list[Line]:
    """Lines that enter and leave the hole, the surest first."""
    rect = Rect.around(hole)
    if rect.empty:
        return []
    thick = thickness((hole[rect.slices] != 0).view(np.uint8))
    scale = max(1.0, thick / _BRIDGED)
    window = rect.grown(round((RAYS[-1] + LONGER) * scale)).within(Rect.whole(hole))
    scale = max(scale, math.sqrt(window.area / _ENOUGH))
    near, covered = image[window.slices], (hole[window.slices] != 0).view(np.uint8)
    if scale > 1:
        size = (math.ceil(window.width / scale), math.ceil(window.height / scale))
        near = cv2.resize(near, size, interpolation=cv2.INTER_AREA)
        covered = cv2.resize(255 * covered, size, interpolation=cv2.INTER_AREA)
    closed = closed_around(covered)
    lines = []
    each = np.array(Size.of(hole[window.slices])) / np.array(Size.of(covered))
    for line, colour in zip(_paired(rays_of(levels(near), closed), closed), _COLOURS, strict=False):
        found = (longer(near, line)[:, ::-1] + 0.5) * each + (window.x, window.y)
        ends = np.clip(found, 0, hole.shape[::-1])
        a, b = (Point(round(float(x), 2), round(float(y), 2)) for x, y in ends)
        lines.append(Line(a, b, colour))
    return lines


def _paired(rays: Rays, closed: NDArray[np.uint8]) -> list[NDArray[Any]]:
    """Lines (2, 2) through two rays each, the surest first."""
    starts, ways = rays.starts, rays.ways
    between = starts[None] - starts[:, None]  # [i, j]: from i to j
    gap = np.linalg.norm(between, axis=2)
    straight = -(ways @ ways.T)
    miss = np.abs(between[..., 0] * ways[:, None, 1] - between[..., 1] * ways[:, None, 0])
    miss = np.maximum(miss, miss.T)
    ahead = (between * ways[:, None]).sum(axis=2) < 0
    light = rays.across.mean(axis=1, keepdims=True)
    detail = rays.across - light
    contrast = np.sqrt((detail**2).mean(axis=(1, 2)))
    least = np.minimum(contrast[:, None], contrast[None])
    apart = np.sqrt(((detail[:, None] - detail[None, :, ::-1]) ** 2).mean(axis=(2, 3)))
    lighter = np.abs(light[:, None] - light[None]).mean(axis=(2, 3))
    fits = (straight > _BENT) & (miss < _MISS + _MISS_EACH * gap) & ahead & ahead.T & (gap > 4)
    fits &= (apart < _ALIKE * least) & (lighter < _LIGHT)
    i, j = np.nonzero(np.triu(fits, 1))
    force = np.minimum(rays.strengths[i], rays.strengths[j])
    sure = force * (1 - apart[i, j] / least[i, j]) / (1 + miss[i, j])
    lines: list[NDArray[Any]] = []
    used: set[int] = set()
    for k in np.argsort(-sure, kind="stable"):
        one, other = int(i[k]), int(j[k])
        if one in used or other in used or not _crosses(starts[[one, other]], closed):
            continue
        line = _through(rays, one, other)
        if all(distance(line, known) > _APART for known in lines):
            lines.append(line)
            used |= {one, other}
        if len(lines) == len(_COLOURS):
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
