"""Paths that a sprite can follow: straight from point to point, or a curve through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Point, Size, frozen
from editor.engine.sprite import Route

_CORNERS = 24  # of a circle; a curve goes through them
_FINE = 2.0  # pixels between two points of a path as it is walked along


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Points about two pixels apart; a closed path ends where it begins."""

    points: NDArray[np.float64]  # (n, 2), x and y
    along: NDArray[np.float64]  # (n,) pixels from the beginning
    closed: bool

    @property
    def length(self) -> float:
        return float(self.along[-1])

    def at(self, way: float) -> Point:
        """The point so many pixels along; a closed path goes round and round."""
        way = way % self.length if self.closed else min(max(way, 0.0), self.length)
        x, y = (float(np.interp(way, self.along, part)) for part in self.points.T)
        return Point(x, y)

    def first(self, way: float) -> Point:
        """The first of its points that is so far along; the last one of an open path."""
        way = way % self.length if self.closed else way
        number = int(np.searchsorted(self.along, way - 1e-9))
        x, y = self.points[min(number, len(self.points) - 1)].tolist()
        return Point(x, y)

    def distance(self, point: Point) -> float:
        """From the nearest point of the path, wherever it is."""
        return float(np.hypot(*(self.points - point).T).min())

    def nearest(self, point: Point, since: float, reach: float) -> float:
        """How far along the nearest point lies, looked for from ``since`` for so many pixels."""
        ways = np.arange(since, since + reach + _FINE, _FINE)
        turned = ways % self.length if self.closed else np.minimum(ways, self.length)
        x, y = (np.interp(turned, self.along, part) for part in self.points.T)
        best = int(np.argmin((x - point.x) ** 2 + (y - point.y) ** 2))
        return float(ways[best] if self.closed else min(ways[best], self.length))


def path_of(route: Route) -> Path:
    """The path of a route, to be walked along."""
    made = spline if route.curved else polyline
    return made(route.points, closed=route.closed)


def circle_in(stage: Size, margin: float) -> Route:
    """A circle in the middle of a stage, so many pixels from its nearest sides, clockwise."""
    r = max(min(stage) / 2 - margin, min(stage) / 8)
    turns = np.arange(_CORNERS) * (2 * np.pi / _CORNERS)
    x, y = stage.width / 2, stage.height / 2
    around = (Point(x + r * float(np.cos(t)), y + r * float(np.sin(t))) for t in turns)
    return Route(tuple(around), closed=True, curved=True)


def square_in(stage: Size, margin: float) -> Route:
    """A square in the same place."""
    r = max(min(stage) / 2 - margin, min(stage) / 8)
    x, y = stage.width / 2, stage.height / 2
    corners = (Point(x + u * r, y + v * r) for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    return Route(tuple(corners), closed=True)


def polyline(points: Sequence[Point], *, closed: bool = False) -> Path:
    """Straight from each point to the next."""
    corners = _checked(points, closed)
    fine = [corners[:1]]
    for one, other in pairwise(corners):
        steps = max(1, round(float(np.hypot(*(other - one))) / _FINE))
        fine.append(one + (other - one) * (np.arange(1, steps + 1) / steps)[:, None])
    return _measured(np.concatenate(fine), closed)


def spline(points: Sequence[Point], *, closed: bool = False) -> Path:
    """A smooth curve through all points: Catmull–Rom."""
    knots = _checked(points, closed)
    before, after = (knots[-2], knots[1]) if closed else (knots[0], knots[-1])
    p = np.concatenate([before[None], knots, after[None]])
    fine = [knots[:1]]
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        steps = max(1, round(float(np.hypot(*(c - b))) / _FINE))
        t = (np.arange(1, steps + 1) / steps)[:, None]
        fine.append(
            b + (c - a) / 2 * t + (a - 2.5 * b + 2 * c - d / 2) * t**2
            + (1.5 * (b - c) + (d - a) / 2) * t**3
        )  # fmt: skip
    return _measured(np.concatenate(fine), closed)


def _checked(points: Sequence[Point], closed: bool) -> NDArray[np.float64]:
    corners = np.asarray(points, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all():
        raise ValueError("a point of the path is not a number")
    if closed and len(corners):
        corners = np.concatenate([corners, corners[:1]])
    moves = np.append(True, np.hypot(*np.diff(corners, axis=0).T) > 0)[: len(corners)]
    corners = corners[moves]
    if len(corners) < 2:
        raise ValueError("a path needs two points that are not the same")
    return np.ascontiguousarray(corners)


def _measured(points: NDArray[np.float64], closed: bool) -> Path:
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    return Path(frozen(points), frozen(along), closed)
