"""What can be done to a mask as a whole: grow, shrink, feather, invert, choose by colour.

Every function takes the cover (uint8, 0 keep .. 255 replace) or the picture and gives back a place
and the cover there; outside that place nothing changes. Only as much is looked at as can change: a
small mask on a huge picture costs next to nothing.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import (
    Cover,
    Picture,
    Point,
    Rect,
    Size,
    check_picture,
    decode_srgb,
    encode_srgb,
    full_scale,
)

Masked = tuple[Rect, Cover]

_LEVELS = (1, 32, 64, 96, 128, 160, 192, 224, 255)  # whose outlines carry a soft edge
_BOXES_FROM = 4.0  # σ from which three boxes replace the Gaussian


def grown(cover: Cover, px: int) -> Masked:
    """Every pixel within px of the mask, by true distance; negative px shrinks it.

    A soft edge moves as it is: each of its outlines grows by px. The picture's border is no edge of
    the mask, so what touches it does not shrink away from it.
    """
    rect = _found(cover)
    whole = Rect.whole(cover)
    if px >= 0:
        rect = rect.grown(px).within(whole)
        return rect, _grown(cover[rect.slices], px)
    near = rect.grown(1).within(whole)
    shrunk = 255 - _grown(255 - cover[near.slices], -px)
    return rect, shrunk[rect.moved(-near.x, -near.y).slices]


def feathered(cover: Cover, radius: float) -> Masked:
    """The mask with edges that run out softly over about radius pixels to each side."""
    if not radius > 0:
        raise ValueError(f"the feather radius is {radius:g}: it must be above 0")
    sigma = radius / 2
    rect = _found(cover).grown(math.ceil(3 * sigma) + 2).within(Rect.whole(cover))
    deep = cover[rect.slices].astype(np.uint16) * 257
    if sigma < _BOXES_FROM:
        deep = cv2.GaussianBlur(deep, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    else:
        for side in _boxes(sigma):
            deep = cv2.blur(deep, (side, side), borderType=cv2.BORDER_REPLICATE)
    return rect, ((deep.astype(np.uint32) + 128) // 257).astype(np.uint8)


def inverted(cover: Cover) -> Masked:
    """What was kept is chosen, and the other way round."""
    return Rect.whole(cover), 255 - cover


def cleared(cover: Cover) -> Masked:
    """Nothing is chosen any more."""
    rect = Rect.around(cover)
    if rect.empty:
        raise ValueError("the mask is empty already: there is nothing to clear")
    return rect, np.zeros((rect.height, rect.width), np.uint8)


def from_transparency(image: Picture) -> Masked:
    """The more transparent a pixel, the more it is chosen; opaque ones are not."""
    check_picture(image)
    if image.ndim != 3 or image.shape[2] != 4:
        raise ValueError("the picture has no transparency: nothing can be chosen by it")
    alpha, full = image[..., 3], full_scale(image.dtype)
    rect = Rect.around(~(alpha >= full))  # not a number is not opaque
    if rect.empty:
        raise ValueError("the picture is opaque everywhere: nothing can be chosen by transparency")
    alpha = np.nan_to_num(alpha[rect.slices], nan=0.0)
    missing = np.clip(1 - alpha / np.float32(full), 0, 1)
    return rect, np.ceil(missing * np.float32(255)).astype(np.uint8)


def similar(image: Picture, at: Point, tolerance: float, contiguous: bool) -> Masked:
    """Pixels whose colour is that at a point, give or take tolerance (0..255, as displayed).

    Each channel must be that close, alpha too; if the point is fully transparent, only alpha is
    asked. ``contiguous`` keeps those that hang together with the point, side by side.
    """
    check_picture(image)
    if not 0 <= tolerance <= 255:
        raise ValueError(f"the tolerance is {tolerance:g}: it goes from 0 to 255")
    x, y = math.floor(at.x), math.floor(at.y)
    size = Size.of(image)
    if not (0 <= x < size.width and 0 <= y < size.height):
        raise ValueError(f"the point {x}, {y} lies outside the picture ({size})")
    wanted = image[y, x]
    if wanted.shape == (4,) and wanted[3] == 0:
        image, wanted = image[..., 3], wanted[3]
    if not np.isfinite(wanted).all():
        raise ValueError(f"the pixel at {x}, {y} is not a number: choose another one")
    chosen = cv2.inRange(np.ascontiguousarray(image), *_interval(wanted, tolerance))
    if contiguous:
        chosen = _around(chosen, x, y)
    rect = Rect.around(chosen)
    return rect, chosen[rect.slices]


def combined(cover: Cover, chosen: Masked, mode: str) -> Masked:
    """The mask after something was added to it, subtracted from it, or put in its place."""
    rect, part = chosen
    if mode == "add":
        return rect, np.maximum(cover[rect.slices], part)
    if mode == "subtract":
        return rect, np.minimum(cover[rect.slices], 255 - part)
    if mode != "replace":
        raise ValueError(f'there is no way "{mode}": choose add, subtract or replace')
    both = rect.joined(Rect.around(cover))
    result = np.zeros((both.height, both.width), np.uint8)
    result[rect.moved(-both.x, -both.y).slices] = part
    return both, result


def _found(cover: Cover) -> Rect:
    rect = Rect.around(cover)
    if rect.empty:
        raise ValueError("the mask is empty: paint over what should go")
    return rect


def _grown(cover: Cover, px: int) -> Cover:
    """Outline by outline; between two of them the cover runs evenly."""
    if px == 0:
        return cover.copy()
    if not ((cover > 0) & (cover < 255)).any():
        return np.where(_distance(cover, 255) <= px, np.uint8(255), np.uint8(0))
    result = np.zeros(cover.shape, np.float32)
    outer = _distance(cover, _LEVELS[0])
    for low, high in pairwise(_LEVELS):
        inner = _distance(cover, high)
        way = np.where(inner <= px, 1, (px - outer) / np.maximum(inner - outer, 1e-6))
        between = low + (high - low) * np.clip(way, 0, 1)
        np.maximum(result, between, out=result, where=outer <= px)
        outer = inner
    return np.maximum(cover, np.rint(result).astype(np.uint8))


def _distance(cover: Cover, level: int) -> NDArray[np.float32]:
    """From each pixel to the nearest one of at least this level, exactly; far if there is none."""
    outside = (cover < level).astype(np.uint8)
    if outside.all():
        return np.full(cover.shape, 1e9, np.float32)
    distance: NDArray[np.float32] = cv2.distanceTransform(
        outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    exact: NDArray[np.float32] = np.sqrt(np.rint(distance**2))  # squares are whole numbers
    return exact


def _boxes(sigma: float) -> tuple[int, int, int]:
    """Odd sides of three boxes which one after the other are nearly a Gaussian."""
    ideal = math.sqrt(4 * sigma**2 + 1)
    small = (math.floor(ideal) - 1) | 1
    count = round((12 * sigma**2 - 3 * small**2 - 12 * small - 9) / (-4 * small - 4))
    first, second, third = (small if k < count else small + 2 for k in range(3))
    return first, second, third


def _interval(wanted: Any, tolerance: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Lowest and highest values of each channel, in the picture's own depth."""
    values = np.atleast_1d(wanted)
    if values.dtype != np.float32:
        reach = math.floor(tolerance * full_scale(values.dtype) / 255)
        return tuple(float(v) - reach for v in values), tuple(float(v) + reach for v in values)
    shown, far = encode_srgb(values), np.float32(tolerance / 255)
    low, high = decode_srgb(shown - far), decode_srgb(shown + far)
    if len(values) == 4:  # alpha is no colour
        low[3], high[3] = values[3] - far, values[3] + far
    return tuple(map(float, np.minimum(low, values))), tuple(map(float, np.maximum(high, values)))


def _around(chosen: Cover, x: int, y: int) -> Cover:
    """What of it hangs together with this pixel."""
    filled = np.zeros((chosen.shape[0] + 2, chosen.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | 255 << 8
    cv2.floodFill(chosen, filled, (x, y), 0, 0, 0, flags)
    return filled[1:-1, 1:-1]
