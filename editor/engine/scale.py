"""Plain scaling: every part of the picture made as much smaller or larger as the whole.

One side after the other, as the filters are separable: means of areas where it shrinks, cubic
curves where it grows. Colours count by how opaque they are, so that nothing shines through the
edges of a cut-out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from editor.engine.cv import cv2
from editor.engine.image import (
    Picture,
    Size,
    Working,
    check_picture,
    from_working,
    full_scale,
    to_working,
)
from editor.engine.step import Step

_BAND = 1 << 18  # pixels that are scaled before there is a pause


def scaled(image: Picture, size: Size) -> Iterator[Step[Picture]]:
    """The picture at another size; the last Step carries it."""
    check_picture(image)
    (width, height), whole = size, Size.of(image)
    wide = np.empty((whole.height, width, 4), np.float32)
    rows = max(1, _BAND // max(width, whole.width))
    for top in range(0, whole.height, rows):
        band = _weighted(image[top : top + rows])
        wide[top : top + rows] = _resized(band, Size(width, len(band)), width < whole.width)
        yield Step(0.5 * top / whole.height)
    picture = np.empty((height, width, *image.shape[2:]), image.dtype)
    columns = max(1, _BAND // max(height, whole.height))
    for left in range(0, width, columns):
        band = wide[:, left : left + columns]
        band = _resized(band, Size(band.shape[1], height), height < whole.height)
        picture[:, left : left + columns] = _plain(band, picture[:, left : left + columns])
        yield Step(0.5 + 0.5 * left / width)
    yield Step(1.0, picture)


def _resized(band: Working, size: Size, smaller: bool) -> Working:
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    result: Working = cv2.resize(band, tuple(size), interpolation=way)
    return result


def _weighted(band: Picture) -> Working:
    """(h, w, 4): the colours as displayed, times how opaque they are, and that."""
    alpha = np.ones(band.shape[:2], np.float32)
    if band.shape[2:] == (4,):
        alpha = np.nan_to_num(band[..., 3].astype(np.float32)) / np.float32(full_scale(band.dtype))
    return np.dstack([to_working(band) * alpha[..., None], alpha])


def _plain(band: Working, like: Picture) -> Picture:
    """The way back, to the depth and the channels of ``like``."""
    colours: Working = np.maximum(band[..., :3], np.float32(0))  # cubic curves swing below black
    if like.shape[2:] != (4,):
        return from_working(colours, like)
    alpha = band[..., 3]  # swings as the colours do: cut off only when they have been divided
    colours /= np.maximum(alpha, np.float32(1e-6))[..., None]
    alpha = np.clip(alpha, 0, 1)
    colours[alpha == 0] = 0
    opaque = np.empty(like.shape, like.dtype)
    white = full_scale(like.dtype)
    opaque[..., 3] = np.rint(alpha * white) if like.dtype.kind == "u" else alpha
    return from_working(colours, opaque)
