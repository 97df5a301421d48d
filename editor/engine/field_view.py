"""Where copied pixels came from, in colours: one picture of a whole correspondence field.

The direction to the origin is the hue, the distance the saturation. Warm came from the right, cold
from the left; light came from above, dark from below; grey from close by. So the direction can be
read twice: whoever does not see red and green apart still has blue against yellow for left and
right, and light against dark for above and below.

The colours are those of B. Ottosson, A perceptual color space for image processing, 2020 (Oklab).
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Rect, Size, encode_srgb

_LIGHTNESS, _LIGHTER = 0.70, 0.14  # in the middle, and what comes from above or below is added
_CHROMA = 0.125  # of the farthest: as much as every hue still has in sRGB
_HALF = 127  # steps of the table to each side
_PIECE = 1 << 18  # pixels at a time: what is between the lines stays in the cache

_TO_CONES = np.array(  # from Oklab to the cube roots of what the cones see
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_TO_LINEAR = np.array(  # from the cones to red, green and blue
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)

Bytes = NDArray[np.uint8]


def field_view(origins: NDArray[Any], place: Rect, farthest: int = 0) -> Bytes:
    """(h, w, 4) uint8 RGBA of the pixels in a place; transparent where there is no origin.

    ``origins`` (h, w, 2) are the (y, x) in the picture that each pixel was copied from, negative
    where it was not. The farthest origin has the strongest colour; or what is ``farthest`` away,
    in pixels, so that several pictures can be compared.
    """
    if origins.ndim != 3 or origins.shape[2] != 2:
        raise ValueError(
            f"the origins have the shape {origins.shape}: (height, width, 2) is needed"
        )
    if origins.shape[:2] != (place.height, place.width):
        height, width = origins.shape[:2]
        raise ValueError(
            f"the origins are {width} × {height} and their place {place.width} × {place.height}: "
            "they must be equal"
        )
    view = np.zeros((*origins.shape[:2], 4), np.uint8)
    band = max(1, _PIECE // max(1, place.width))
    bands = [slice(top, top + band) for top in range(0, place.height, band)]
    most: float = farthest * farthest
    if not farthest:
        found = (_offsets(origins, place, rows)[2].max(initial=0) for rows in bands)
        most = max(found, default=0)
    for rows in bands:
        down, right, squared = _offsets(origins, place, rows)
        # The square root of the distance, so that what is near can be told apart as well.
        product = np.maximum(np.maximum(np.float32(most), squared) * squared, 1)
        scale = np.float32(_HALF) / product ** np.float32(0.25)
        i, j = (np.rint(part * scale).astype(np.intp) + _HALF for part in (down, right))
        view[rows] = np.where((origins[rows, :, :1] < 0), np.uint8(0), _disc()[i, j])
    return view


def place_view(origins: NDArray[np.int32], sample: Size) -> Bytes:
    """(h, w, 3) uint8: each pixel in the colour of the place in the sample that it was copied from.

    Across the sample one colour becomes another, and down it grows darker; every eighth of it is
    edged, so that what is copied in one piece shows as a piece of the grid. Black: no copy.
    """
    edge = max(4, round(max(sample) / 8))
    view = np.zeros((*origins.shape[:2], 3), np.uint8)
    band = max(1, _PIECE // max(1, origins.shape[1]))
    for top in range(0, len(origins), band):
        part = origins[top : top + band]
        ys, xs = part[..., 0], part[..., 1]
        i = np.clip(ys, 0, None) * _HALF * 2 // max(1, sample.height - 1)
        j = np.clip(xs, 0, None) * _HALF * 2 // max(1, sample.width - 1)
        colours = _square()[np.minimum(i, 2 * _HALF), np.minimum(j, 2 * _HALF)]
        on_edge = (ys % edge == 0) | (xs % edge == 0)
        colours[on_edge] = colours[on_edge] * np.float32(0.55)
        colours[ys < 0] = 0
        view[top : top + band] = colours
    return view


def _offsets(
    origins: NDArray[Any], place: Rect, rows: slice
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """How far down and to the right the origins lie, and the square of the distance; 0: none."""
    ys, xs = origins[rows, :, 0], origins[rows, :, 1]
    seen = ys >= 0
    at = np.arange(place.height, dtype=np.int32)[rows, None] + np.int32(place.y)
    across = np.arange(place.width, dtype=np.int32) + np.int32(place.x)
    down = np.where(seen, ys - at, 0).astype(np.float32)
    right = np.where(seen, xs - across, 0).astype(np.float32)
    return down, right, down * down + right * right


@functools.cache
def _square() -> Bytes:
    """(255, 255, 3): the colour of each place, blue to orange across and light to dark down."""
    down, right = np.mgrid[-_HALF : _HALF + 1, -_HALF : _HALF + 1] / _HALF
    lab = np.stack([0.66 - 0.2 * down, _CHROMA * down * (1 - right**2), _CHROMA * right], axis=2)
    return _rgb(lab)


@functools.cache
def _disc() -> Bytes:
    """(255, 255, 4): the colour of each direction and distance, the middle is no distance."""
    down, right = np.mgrid[-_HALF : _HALF + 1, -_HALF : _HALF + 1] / _HALF
    lab = np.stack([_LIGHTNESS - _LIGHTER * down, _CHROMA * down, _CHROMA * right], axis=2)
    disc = np.full((*down.shape, 4), 255, np.uint8)
    disc[..., :3] = _rgb(lab)
    return disc


def _rgb(lab: NDArray[np.float64]) -> Bytes:
    """From Oklab to 8 bits."""
    linear = (lab @ _TO_CONES.T) ** 3 @ _TO_LINEAR.T
    colours: Bytes = np.rint(np.clip(encode_srgb(linear.astype(np.float32)), 0, 1) * 255).astype(
        np.uint8
    )
    return colours
