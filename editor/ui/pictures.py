"""Small pictures for lists and strips: arrays as images of Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from editor.engine.image import Picture, Working, to_working

_SMALL = 80  # px of a small picture, for screens of twice the pixels too


def small_image(pixels: Picture) -> QImage:
    """A picture as it is shown in a row of a panel."""
    step = max(1, min(pixels.shape[:2]) // _SMALL)
    return to_image(as_bytes(to_working(np.ascontiguousarray(pixels[::step, ::step]))))


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """An array of RGB, or of RGB and alpha, as an image of its own."""
    pixels = np.ascontiguousarray(pixels)
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(pixels.data, width, height, channels * width, layout).copy()


def as_bytes(working: Working) -> NDArray[np.uint8]:
    """Colours 0..1 as a screen has them."""
    return np.clip(working * 255, 0, 255).astype(np.uint8)
