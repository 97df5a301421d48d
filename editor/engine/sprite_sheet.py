"""The sheet: all cels of a sprite in one picture, and where each of them lies.

The cels stand in rows, the tallest first; a row is as high as its first cel. What it says beside
the picture is what a game or a page needs to show the cels: place, centroid, time, and which one
comes after which.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.engine.image import Point, Rect, Size, frozen
from editor.engine.sprite import Cutout, Sprite
from editor.engine.sprite_stage import scaled
from editor.engine.step import Step

LARGEST_SIDE = 16_384

_SOME = 32  # cels before there is a pause
_GAP = 2  # pixels between two cels, so that nothing of a neighbour is seen where it is scaled


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    pixels: Cutout
    places: tuple[Rect, ...]  # of each cel of the sprite, in its order
    pivots: tuple[Point, ...]  # the centroid of each, from its left upper corner
    scale: float
    sprite: Sprite

    @property
    def told(self) -> dict[str, Any]:
        """What is written beside the picture."""
        return {
            "size": list(Size.of(self.pixels)),
            "scale": self.scale,
            "rate": float(self.sprite.rate),
            "mirrored": self.sprite.mirrored,
            "frames": [
                {
                    "x": place.x,
                    "y": place.y,
                    "width": place.width,
                    "height": place.height,
                    "pivot": [round(value, 2) for value in pivot],
                    "centroid": [round(value, 2) for value in cel.centroid],
                    "number": cel.number,
                    "track": cel.track,
                    "follows": bool(follows),
                }
                for cel, place, pivot, follows in zip(
                    self.sprite.cels, self.places, self.pivots, self.sprite.follows, strict=True
                )
            ],
        }


def sheet(sprite: Sprite, scale: float = 1.0) -> Iterator[Step[Sheet]]:
    """Lay out all cels on a sheet that is about square. Raises ValueError if it would be huge."""
    if not 0.01 <= scale <= 1:
        raise ValueError(f"the scale is {scale:g}: it goes from 0.01 to 1")
    cels, pivots = [], []
    for number, cel in enumerate(sprite.cels):
        pixels = cel.pixels if scale == 1 else scaled(cel.pixels, scale)
        share = pixels.shape[1] / cel.place.width, pixels.shape[0] / cel.place.height
        x, y = cel.centroid.x - cel.place.x + 0.5, cel.centroid.y - cel.place.y + 0.5
        cels.append(pixels)
        pivots.append(Point(x * share[0], y * share[1]))
        if number % _SOME == _SOME - 1:
            yield Step(0.7 * number / sprite.count)
    places = _rows([Size.of(pixels) for pixels in cels])
    right, bottom = max(one.right for one in places), max(one.bottom for one in places)
    if max(right, bottom) > LARGEST_SIDE:
        raise ValueError(
            f"the sheet would be {right} × {bottom} pixels, and a side is at most {LARGEST_SIDE}: "
            "lower the scale"
        )
    laid = np.zeros((bottom, right, 4), np.uint8)
    for number, (pixels, place) in enumerate(zip(cels, places, strict=True)):
        laid[place.slices] = pixels
        if number % _SOME == _SOME - 1:
            yield Step(0.7 + 0.3 * number / sprite.count)
    yield Step(1.0, Sheet(frozen(laid), places, tuple(pivots), scale, sprite))


def fitting(sprite: Sprite, side: int) -> float:
    """The largest scale, at most 1, at which the sheet is about so large."""
    area = sum((cel.place.width + _GAP) * (cel.place.height + _GAP) for cel in sprite.cels)
    return min(1.0, 0.9 * side / math.sqrt(area))


def _rows(sizes: list[Size]) -> tuple[Rect, ...]:
    """The place of each, the tallest laid first."""
    area = sum((width + _GAP) * (height + _GAP) for width, height in sizes)
    room = max(math.ceil(math.sqrt(1.05 * area)), *(width for width, _ in sizes))
    places = [Rect(0, 0, 0, 0)] * len(sizes)
    x = y = height = 0
    for number in sorted(range(len(sizes)), key=lambda one: (-sizes[one].height, one)):
        size = sizes[number]
        if x > 0 and x + size.width > room:
            x, y, height = 0, y + height + _GAP, 0
        height = height or size.height
        places[number] = Rect(x, y, *size)
        x += size.width + _GAP
    return tuple(places)
