"""Outlines: what is inside them to an exact fraction of each pixel, and straight directions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Cover, Point, Rect

_Floats = NDArray[np.float64]


def snapped(start: Point, to: Point) -> Point:
    """The place nearest to this one in a direction from the start that is a multiple of 45°."""
    angle = round(math.atan2(to.y - start.y, to.x - start.x) / (math.pi / 4)) * (math.pi / 4)
    ux, uy = math.cos(angle), math.sin(angle)
    along = (to.x - start.x) * ux + (to.y - start.y) * uy
    return Point(start.x + along * ux, start.y + along * uy)


def inside(outline: Sequence[Point], within: Rect) -> tuple[Rect, Cover]:
    """How much of each pixel a closed outline holds, where it lies within the picture.

    What the line goes round more than once is inside too. Exact areas, as the FreeType rasteriser
    computes them: each pixel that the line passes gets the height it rises there and the area to
    its right; summed up along a row, the heights say how often the line goes round each pixel.
    """
    corners = np.array(outline, np.float64)
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    left, top, right, bottom = (int(edge) for edge in (*low, *high))
    rect = Rect(left, top, right - left, bottom - top).within(within)
    if rect.empty:
        return rect, np.zeros((rect.height, rect.width), np.uint8)
    width, height = rect.width, rect.height
    middle, rise = _pieces(corners - (rect.x, rect.y), width, height)
    row, column = np.floor(middle[:, 1]), np.clip(np.floor(middle[:, 0]), 0, width)
    part = rise * (1 - np.clip(middle[:, 0] - column, 0, 1))
    # One column more than the picture has holds what lies to its right, so that rows add up to 0.
    places, which = np.unique((row * (width + 1) + column).astype(np.int64), return_inverse=True)
    rises = np.bincount(which, rise, len(places))
    turns = np.cumsum(rises)  # how often the line has gone round what follows each place
    here = turns - rises + np.bincount(which, part, len(places))
    lengths = np.empty(2 * len(places) + 1, np.int64)
    lengths[1::2] = 1
    lengths[0::2] = np.diff(places, prepend=-1, append=height * (width + 1)) - 1
    values = np.zeros(len(lengths))
    values[1::2], values[2::2] = here, turns
    covers = np.rint(np.minimum(np.abs(values), 1) * 255).astype(np.uint8)
    return rect, np.repeat(covers, lengths).reshape(height, width + 1)[:, :width]


def _pieces(a: _Floats, width: int, height: int) -> tuple[_Floats, _Floats]:
    """The line cut where it enters another pixel: the middle of each piece, and how far it rises.

    What is above or below the picture is left out; to the left and right of it is one great pixel.
    """
    delta = np.roll(a, -1, axis=0) - a
    edges = np.arange(len(a))
    cuts = [(edges, np.zeros(len(a))), (edges, np.ones(len(a)))]
    for axis, size in ((0, width), (1, height)):
        start, end = a[:, axis], a[:, axis] + delta[:, axis]
        first = np.clip(np.floor(np.minimum(start, end)) + 1, 0, size + 1).astype(np.int64)
        last = np.clip(np.ceil(np.maximum(start, end)) - 1, -1, size).astype(np.int64)
        count = np.maximum(last - first + 1, 0)
        edge = np.repeat(edges, count)
        line = np.arange(len(edge)) + np.repeat(first - np.cumsum(count) + count, count)
        cuts.append((edge, (line - start[edge]) / delta[edge, axis]))
    edge = np.concatenate([edge for edge, _ in cuts])
    t = np.clip(np.concatenate([t for _, t in cuts]), 0, 1)
    order = np.lexsort((t, edge))
    edge, t = edge[order], t[order]
    edge, t, step = edge[:-1], (t[:-1] + t[1:]) / 2, np.where(np.diff(edge) == 0, np.diff(t), 0)
    middle, rise = a[edge] + delta[edge] * t[:, None], delta[edge, 1] * step
    wanted = (rise != 0) & (middle[:, 1] > 0) & (middle[:, 1] < height)
    return middle[wanted], rise[wanted]
