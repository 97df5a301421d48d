"""Exact PNG bytes of an array, and back, for project files: no metadata but the colour profile."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 6: 4}  # by the colour type of the header
_FAST = 1


def encode(pixels: NDArray[Any], icc: bytes = b"") -> bytes:
    """uint8 or uint16, grey, RGB or RGBA."""
    done, data = cv2.imencode(".png", _swapped(pixels), [cv2.IMWRITE_PNG_COMPRESSION, _FAST])
    if not done:
        raise MemoryError("the PNG encoder gave up")
    return with_profile(data.tobytes(), icc) if icc else data.tobytes()


def shape_of(data: bytes) -> tuple[tuple[int, ...], np.dtype[Any]] | None:
    """Shape and depth as the header tells them; None if this is no PNG of ours."""
    if len(data) < 33 or not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR":
        return None
    width, height, bits, colour = struct.unpack(">IIBB", data[16:26])
    if bits not in (8, 16) or colour not in _CHANNELS:
        return None
    channels = _CHANNELS[colour]
    shape = (height, width) if channels == 1 else (height, width, channels)
    return shape, np.dtype(np.uint8 if bits == 8 else np.uint16)


def decode(data: bytes) -> NDArray[Any] | None:
    """The array, or None if the data are damaged."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return None if pixels is None else _swapped(pixels)


def with_profile(data: bytes, icc: bytes) -> bytes:
    """The same PNG with a colour profile behind its header."""
    body = b"iCCP" + b"profile\0\0" + zlib.compress(icc)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]


def _swapped(pixels: NDArray[Any]) -> NDArray[Any]:
    """RGB ↔ BGR, which is how OpenCV reads and writes."""
    if pixels.ndim == 2:
        return pixels
    codes = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    swapped: NDArray[Any] = cv2.cvtColor(pixels, codes[pixels.shape[2]])
    return swapped
