"""What a round tip covers on its way from one place to another.

It sweeps the hull of two discs. The cover is computed from the distance, as if endlessly many dabs
were set and the strongest counted at each pixel. A sweep is drawn in blocks, and those that cannot
change are left out, so that a step of a huge tip costs little.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Cover, Rect

_BLOCK = 128  # pixels: 64 kB of float32, which stay in the processor's cache
_TINY = 1e-6  # pixels

_Floats = NDArray[np.float32]


class Dab(NamedTuple):
    """The tip at one place."""

    x: float
    y: float
    radius: float
    strength: float = 1.0  # 0..1


class Sweep:
    """The tip on its way from a to b, drawn wherever a alone did not reach."""

    def __init__(self, a: Dab, b: Dab, hardness: float, *, first: bool = False) -> None:
        self._first = first  # nothing has been drawn at a
        length, growth = math.hypot(b.x - a.x, b.y - a.y), b.radius - a.radius
        if length < abs(growth) + _TINY:  # one disc holds the other
            bigger = max(a, b, key=lambda dab: (dab.radius, dab.strength))
            self._first |= bigger is not a
            a, b, length, growth = bigger, bigger, 0.0, 0.0
        self._a, self._b, self._length, self._hardness = a, b, length, hardness
        self._ux, self._uy = ((b.x - a.x) / length, (b.y - a.y) / length) if length else (1.0, 0.0)
        # Seen from a pixel the strongest dab lies towards the larger end by this much of its
        # distance from the path: r(t) − |p − c(t)| is greatest there.
        self._slant = growth / math.sqrt((length - growth) * (length + growth)) if growth else 0.0
        self.rect = around(a).joined(around(b))

    def draw(self, drawn: Cover, place: Rect) -> Rect:
        """Draw on an array that lies at a place of the picture; where it may have changed."""
        touched = Rect(0, 0, 0, 0)
        even = round(255 * self._a.strength)
        for block, inner in self._blocks(place):
            part = drawn[block.moved(-place.x, -place.y).slices]
            np.maximum(part, even if inner else self._cover(block), out=part)
            touched = touched.joined(block)
        if self._b.strength > self._a.strength:  # the end outdoes the nearest dab around it
            end = Sweep(self._b, self._b, self._hardness, first=True)
            touched = touched.joined(end.draw(drawn, place))
        return touched

    def _blocks(self, place: Rect) -> list[tuple[Rect, bool]]:
        """The parts of a place in which the cover may grow, and whether it is even there."""
        rect = self.rect.within(place)
        if rect.empty:
            return []
        left, top = np.arange(rect.x, rect.right, _BLOCK), np.arange(rect.y, rect.bottom, _BLOCK)
        middle = _BLOCK / 2
        reach = math.hypot(middle, middle)
        along, across = self._placed(left + middle, top + middle)
        nearest = self._nearest(along, across, 0.0)
        distance = np.hypot(along - nearest, across)
        a, b = self._a, self._b
        wanted = distance <= max(a.radius, b.radius) + 0.5 + reach
        if not self._first:
            ahead = along + reach + max(self._slant, 0) * (np.abs(across) + reach) > 0
            full = np.hypot(along, across) + reach <= self._inner(a.radius)
            wanted &= ahead & ~(full & (b.strength <= a.strength))
        inner = distance + reach <= self._inner(min(a.radius, b.radius))
        inner &= a.strength == b.strength
        return [
            (
                Rect(int(left[column]), int(top[row]), _BLOCK, _BLOCK).within(rect),
                bool(inner[row, column]),
            )
            for row, column in np.argwhere(wanted)
        ]

    def _placed(self, x: NDArray[Any], y: NDArray[Any]) -> tuple[_Floats, _Floats]:
        """Places on a grid as seen from a: along the path and across it."""
        dx = (x - self._a.x).astype(np.float32)
        dy = (y - self._a.y).astype(np.float32)[:, None]
        return dx * self._ux + dy * self._uy, dy * self._ux - dx * self._uy

    def _nearest(self, along: _Floats, across: _Floats, slant: float) -> _Floats:
        """How far along the path the dab is that counts."""
        towards = along + np.abs(across) * slant if slant else along
        return np.clip(towards, 0, self._length)

    def _inner(self, radius: Any) -> Any:
        """Up to this distance the tip is full."""
        return np.maximum(self._hardness * radius - 0.5, 0)

    def _cover(self, block: Rect) -> Cover:
        a, b = self._a, self._b
        x, y = np.arange(block.x, block.right), np.arange(block.y, block.bottom)
        along, across = self._placed(x + 0.5, y + 0.5)
        nearest = self._nearest(along, across, self._slant)
        along -= nearest
        along *= along
        across *= across
        distance = np.sqrt(np.add(along, across, out=along), out=along)
        radius: Any = a.radius
        if b.radius != a.radius:
            radius = a.radius + nearest * ((b.radius - a.radius) / self._length)
        outer = radius + 0.5  # one pixel of antialiasing around the hard edge
        part = np.subtract(outer, distance, out=distance)
        part *= 1 / (outer - self._inner(radius))
        np.clip(part, 0, 1, out=part)
        if self._hardness < 1:
            part *= part * (3 - 2 * part)
        strength: Any = a.strength
        if b.strength != a.strength and self._length:
            strength = a.strength + nearest * ((b.strength - a.strength) / self._length)
        part *= 255 * strength
        part += 0.5
        cover: Cover = part.astype(np.uint8)
        return cover


def around(dab: Dab) -> Rect:
    """The pixels that a dab may touch."""
    left, top = math.floor(dab.x - dab.radius), math.floor(dab.y - dab.radius)
    right, bottom = math.ceil(dab.x + dab.radius), math.ceil(dab.y + dab.radius)
    return Rect(left, top, right - left, bottom - top)
