"""A large picture in overlapping tiles, each restored alone, blended where they overlap."""

from __future__ import annotations

import numpy as np

from editor.engine.image import Rect, Size
from editor.engine.prior_tasks import Floats

OVERLAP = 32  # pixels on each side of a seam: the networks see about as far


def tiles(size: Size, side: int) -> list[Rect]:
    """Rects of at most this side that cover the size, overlapping by OVERLAP or more."""
    return [
        Rect(x, y, min(side, size.width), min(side, size.height))
        for y in _starts(size.height, side)
        for x in _starts(size.width, side)
    ]


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = -(-(length - OVERLAP) // (side - OVERLAP))
    return [round(i * (length - side) / (count - 1)) for i in range(count)]


def ramp(rect: Rect, size: Size) -> Floats:
    """How much a tile counts at each of its pixels: less towards the sides where another begins."""
    y = _ramp(rect.height, rect.y > 0, rect.bottom < size.height)
    x = _ramp(rect.width, rect.x > 0, rect.right < size.width)
    return np.outer(y, x)


def _ramp(length: int, before: bool, behind: bool) -> Floats:
    rise = np.minimum((np.arange(length, dtype=np.float32) + 1) / (OVERLAP + 1), 1)
    result = np.ones(length, np.float32)
    if before:
        result *= rise
    if behind:
        result *= rise[::-1]
    return result
