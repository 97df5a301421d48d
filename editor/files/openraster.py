"""What makes a project an OpenRaster file: one layer, the picture as displayed, a thumbnail.

The specification asks for ``mimetype`` first and unpacked, ``stack.xml``, the layers it names,
``mergedimage.png`` and ``Thumbnails/thumbnail.png``. The only layer *is* the merged image, so that
the picture is stored once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Picture, Size, encode_srgb, full_scale, to_working
from editor.files.problems import shown

MIMETYPE = "image/openraster"
MERGED = "mergedimage.png"
THUMBNAIL = "Thumbnails/thumbnail.png"
LONGEST_SIDE = 1_000_000  # of a PNG that programs will open
_SMALL = 256
_HALFWAY = 3 * _SMALL  # thinned out to this first, so that a huge picture costs no more


def stack(size: Size, source: str) -> str:
    """The list of layers: one, with the name of the picture it began with."""
    name = quoteattr(shown(Path(source)) if source else "Picture")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<image version="0.0.3" w="{size.width}" h="{size.height}"><stack>'
        f'<layer name={name} src="{MERGED}" x="0" y="0" opacity="1.0" '
        'visibility="visible" composite-op="svg:src-over"/></stack></image>\n'
    )


def displayed(pixels: Picture) -> NDArray[Any]:
    """The picture as other programs see it; linear light becomes 8 bits, for it is kept apart."""
    if pixels.dtype != np.float32:
        return pixels
    steps = np.nan_to_num(pixels, nan=0.0)
    np.clip(steps, 0, 1, out=steps)
    steps *= 65535
    levels = np.rint(steps, out=steps).astype(np.uint16)
    curve = _as_bytes(encode_srgb(np.linspace(0, 1, 65536, dtype=np.float32)))
    seen: NDArray[np.uint8] = curve[levels]
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        seen[..., 3] = _as_bytes(levels[..., 3] / np.float32(65535))
    return seen


def profile_of(pixels: Picture, icc: bytes) -> bytes:
    """The colour profile that belongs into the merged image; empty where it does not fit."""
    space = b"GRAY" if pixels.ndim == 2 else b"RGB "
    return icc if pixels.dtype != np.float32 and icc[16:20] == space else b""


def thumbnail(pixels: Picture) -> NDArray[np.uint8]:
    """At most 256 pixels on its longer side, 8-bit RGB, what is transparent on white."""
    step = max(1, max(Size.of(pixels)) // _HALFWAY)
    thin = np.ascontiguousarray(pixels[::step, ::step])
    colour = np.clip(to_working(thin), 0, 1)
    if thin.ndim == 3 and thin.shape[2] == 4:
        alpha = np.nan_to_num(thin[..., 3:].astype(np.float32) / full_scale(thin.dtype), nan=0.0)
        colour = 1 + (colour - 1) * np.clip(alpha, 0, 1)
    width, height = Size.of(thin)
    scale = _SMALL / max(width, height)
    if scale < 1:
        small = max(1, round(width * scale)), max(1, round(height * scale))
        colour = cv2.resize(colour, small, interpolation=cv2.INTER_AREA)
    return _as_bytes(colour)


def _as_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """0..1 → 0..255."""
    levels: NDArray[np.uint8] = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return levels
