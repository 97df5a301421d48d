"""From a level of a picture to the pixels of the screen, the same for every part of the screen.

A world pixel depends on its place alone, never on what is drawn together with it; so a small part
that is drawn anew fits what is around it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Rect

NEAREST_FROM = 2.0  # scale from which on every pixel of the picture is a sharp square


def level_for(scale: float, depth: int) -> int:
    """The smallest level that still has a pixel for every pixel of the screen."""
    return min(depth, max(0, math.floor(math.log2(1 / scale) + 1e-9)))


def sampled(
    fetch: Callable[[Rect], NDArray[Any]],
    bounds: Rect,
    world: Rect,
    factor: float | tuple[float, float],
    nearest: bool,
) -> NDArray[Any]:
    """The pixels of a place in the world; ``fetch`` gives those of the level, within ``bounds``.

    ``factor`` is how many world pixels there are to a pixel of the level, or how many across and
    down. The result is contiguous and the caller's own.
    """
    across, down = factor if isinstance(factor, tuple) else (factor, factor)
    if across == down == 1 and world.within(bounds) == world:
        return fetch(world).copy()
    if nearest:
        return _nearest(fetch, bounds, world, (across, down))
    return _smooth(fetch, bounds, world, (across, down))


def _nearest(
    fetch: Callable[[Rect], NDArray[Any]],
    bounds: Rect,
    world: Rect,
    factor: tuple[float, float],
) -> NDArray[Any]:
    columns = _indices(world.x, world.width, factor[0], bounds.width)
    rows = _indices(world.y, world.height, factor[1], bounds.height)
    left, top = int(columns[0]), int(rows[0])
    part = Rect(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)
    pixels = np.ascontiguousarray(fetch(part))
    if pixels.ndim == 2:
        cover: NDArray[Any] = pixels.take(columns - left, axis=1).take(rows - top, axis=0)
        return cover
    # Four bytes are moved as one word.
    words = pixels.view(np.uint32)[..., 0]
    wide = words.take(columns - left, axis=1).take(rows - top, axis=0)
    return wide.view(np.uint8).reshape(world.height, world.width, 4)


def _indices(start: int, count: int, factor: float, size: int) -> NDArray[np.intp]:
    places = np.floor((np.arange(start, start + count) + 0.5) / factor)
    indices: NDArray[np.intp] = np.clip(places, 0, size - 1).astype(np.intp)
    return indices


def _smooth(
    fetch: Callable[[Rect], NDArray[Any]],
    bounds: Rect,
    world: Rect,
    factor: tuple[float, float],
) -> NDArray[Any]:
    from editor.engine.cv import cv2

    # World pixel X has its middle at (X + 0.5) / factor - 0.5 in the level.
    across, down = factor
    x, y = (world.x + 0.5) / across - 0.5, (world.y + 0.5) / down - 0.5
    left, top = math.floor(x), math.floor(y)
    right = math.floor(x + (world.width - 1) / across) + 2
    bottom = math.floor(y + (world.height - 1) / down) + 2
    part = Rect(left, top, right - left, bottom - top).within(bounds)
    if part.empty:  # a picture narrower than a pixel of the screen
        part = Rect(min(left, bounds.width - 1), min(top, bounds.height - 1), 1, 1).within(bounds)
    matrix = np.array([[1 / across, 0, x - part.x], [0, 1 / down, y - part.y]])
    pixels: NDArray[Any] = cv2.warpAffine(
        fetch(part),
        matrix,
        (world.width, world.height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return pixels
