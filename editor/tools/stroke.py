"""One stroke of a round tip: smooth through every place the hand was at, or along a ruler."""

from __future__ import annotations

import math

import numpy as np

from editor.engine.image import Cover, Rect, Size
from editor.tools.sweep import Dab, Sweep

_FLAT = 0.25  # pixels that a curve drawn in straight pieces may be off
_MOST_PIECES = 64
_NOWHERE = Rect(0, 0, 0, 0)


class Stroke:
    """One stroke as it grows.

    A curve is known only when the place after it is: so the last bit of the way, the tip, is shown
    straight, and drawn when the next place has come. Along a ruler the whole line is the tip.
    """

    def __init__(self, size: Size, hardness: float, start: Dab) -> None:
        # As large as the picture, yet free: the system gives memory only to the pages drawn on.
        self._drawn = np.zeros((size.height, size.width), np.uint8)
        self._whole = Rect(0, 0, *size)
        self._hardness = hardness
        self._before: Dab | None = None  # the place before the last one
        self._last = start  # up to here it is drawn
        self._tip: Dab | None = None
        self._ruled = False
        self._shown = _NOWHERE  # where the tip was shown
        self.rect = self._draw(Sweep(start, start, hardness, first=True))
        self._fresh = self.rect

    @property
    def end(self) -> Dab:
        return self._tip or self._last

    @property
    def ruler(self) -> Dab:
        """Where a line along a ruler begins."""
        return self._last if self._ruled else self.end

    def through(self, dab: Dab) -> None:
        """On through this place, smoothly."""
        if dab == self.end:
            return
        if self._ruled:
            self.settle()
        if self._tip is not None:
            self._draw_to(curve(self._before, self._last, self._tip, dab))
            self._before, self._last = self._last, self._tip
        self._tip = dab

    def ruled(self, dab: Dab) -> None:
        """Straight to this place from where the ruler was laid down; the last such place counts."""
        if not self._ruled:
            self.settle()
            self._ruled = True
        self._tip = dab

    def settle(self) -> None:
        """Draw the tip too; what follows begins with a corner."""
        if self._tip is not None:
            way = curve(self._before, self._last, self._tip, None)
            self._draw_to([self._tip] if self._ruled else way)
            self._last = self._tip
        self._before, self._tip, self._ruled = None, None, False

    def changed(self) -> Rect:
        """Where the stroke looks different since this was asked last."""
        tip = self._tip_sweep()
        shown = tip.rect.within(self._whole) if tip else _NOWHERE
        rect = self._fresh.joined(self._shown).joined(shown)
        self._fresh, self._shown = _NOWHERE, shown
        return rect

    def cover(self, rect: Rect) -> Cover:
        """A copy of a place of the stroke, with its tip."""
        cover = self._drawn[rect.slices].copy()
        tip = self._tip_sweep()
        if tip is not None:
            tip.draw(cover, rect)
        return cover

    def _tip_sweep(self) -> Sweep | None:
        return Sweep(self._last, self._tip, self._hardness) if self._tip is not None else None

    def _draw_to(self, dabs: list[Dab]) -> None:
        a = self._last
        for b in dabs:
            self._fresh = self._fresh.joined(self._draw(Sweep(a, b, self._hardness)))
            a = b
        self.rect = self.rect.joined(self._fresh)

    def _draw(self, sweep: Sweep) -> Rect:
        return sweep.draw(self._drawn, self._whole)


def curve(before: Dab | None, a: Dab, b: Dab, after: Dab | None) -> list[Dab]:
    """From a to b on the way from ``before`` to ``after``: the ends of straight pieces, b the last.

    A centripetal Catmull–Rom spline (Yuksel, Schaefer & Keyser 2011): it goes through every place,
    and neither overshoots nor loops where the hand slows down.
    """
    p1, p2 = complex(a.x, a.y), complex(b.x, b.y)
    p0 = complex(before.x, before.y) if before else p1
    p3 = complex(after.x, after.y) if after else p2
    t01, t12, t23 = abs(p1 - p0) ** 0.5, abs(p2 - p1) ** 0.5, abs(p3 - p2) ** 0.5
    if not t12:
        return [b]
    way = m1 = m2 = p2 - p1  # the tangents are as long as the way
    if t01:
        m1 = way + t12 * ((p1 - p0) / t01 - (p2 - p0) / (t01 + t12))
    if t23:
        m2 = way + t12 * ((p3 - p2) / t23 - (p3 - p1) / (t12 + t23))
    if not t01:
        m1 = 2 * way - m2  # an end bends as evenly as it can: a parabola
    elif not t23:
        m2 = 2 * way - m1
    c1, c2 = p1 + m1 / 3, p2 - m2 / 3
    bend = max(abs(p1 - 2 * c1 + c2), abs(c1 - 2 * c2 + p2))
    flat = max(_FLAT, max(a.radius, b.radius) / 200)
    pieces = min(max(1, math.ceil(math.sqrt(0.75 * bend / flat))), _MOST_PIECES)  # Wang 1984
    dabs = []
    for piece in range(1, pieces):
        u = piece / pieces
        v = 1 - u
        p = v**3 * p1 + 3 * v * u * (v * c1 + u * c2) + u**3 * p2
        radius = v * a.radius + u * b.radius
        dabs.append(Dab(p.real, p.imag, radius, v * a.strength + u * b.strength))
    return [*dabs, b]
