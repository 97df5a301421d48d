"""Nets of quads drawn into frames: what moves is drawn by this, over stills by Blender."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from shapes import Array


@njit(cache=True)
def draw(film: Array, depth: Array, points: Array, values: Array) -> None:
    """Write into film (h, w, k), at each pixel that a net covers, the values of its nearest point.

    points (rows, columns, 3): x and y in pixels, and how far away; values (rows, columns, k). depth
    (h, w) says how far away what is there already is: inf where nothing is.
    """
    height, width = depth.shape
    rows, columns = points.shape[:2]
    corners = np.array([[0, 0], [0, 1], [1, 1], [0, 0], [1, 1], [1, 0]])
    for i in range(rows - 1):
        for j in range(columns - 1):
            for half in (0, 3):
                ai, aj = i + corners[half, 0], j + corners[half, 1]
                bi, bj = i + corners[half + 1, 0], j + corners[half + 1, 1]
                ci, cj = i + corners[half + 2, 0], j + corners[half + 2, 1]
                ax, ay, az = points[ai, aj]
                bx, by, bz = points[bi, bj]
                cx, cy, cz = points[ci, cj]
                area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
                if abs(area) < 1e-9:
                    continue
                left = max(0, math.ceil(min(ax, bx, cx) - 0.5))
                right = min(width - 1, math.floor(max(ax, bx, cx) - 0.5))
                top = max(0, math.ceil(min(ay, by, cy) - 0.5))
                bottom = min(height - 1, math.floor(max(ay, by, cy) - 0.5))
                for y in range(top, bottom + 1):
                    for x in range(left, right + 1):
                        px, py = x + 0.5, y + 0.5
                        u = ((cx - bx) * (py - by) - (cy - by) * (px - bx)) / area
                        v = ((ax - cx) * (py - cy) - (ay - cy) * (px - cx)) / area
                        w = 1 - u - v
                        if u < -1e-9 or v < -1e-9 or w < -1e-9:
                            continue
                        far = u * az + v * bz + w * cz
                        if far < depth[y, x]:
                            depth[y, x] = far
                            for k in range(film.shape[2]):
                                film[y, x, k] = (
                                    u * values[ai, aj, k]
                                    + v * values[bi, bj, k]
                                    + w * values[ci, cj, k]
                                )


@njit(cache=True)
def sampled(values: Array, x: Array, y: Array) -> Array:
    """What a picture (h, w, k) shows at places (n,); x = 0 is the middle of its first pixel."""
    height, width, deep = values.shape
    out = np.empty((len(x), deep))
    for i in range(len(x)):
        across = min(max(x[i], 0.0), width - 1.001)
        down = min(max(y[i], 0.0), height - 1.001)
        left, top = int(across), int(down)
        u, v = across - left, down - top
        for k in range(deep):
            upper = values[top, left, k] * (1 - u) + values[top, left + 1, k] * u
            lower = values[top + 1, left, k] * (1 - u) + values[top + 1, left + 1, k] * u
            out[i, k] = upper * (1 - v) + lower * v
    return out


def reduced(values: Array, times: int) -> Array:
    """A picture a whole number of times smaller."""
    height, width, depth = values.shape
    parts = values.reshape(height // times, times, width // times, times, depth)
    return parts.mean((1, 3))
