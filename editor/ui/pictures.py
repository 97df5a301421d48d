"""Small pictures for lists and strips: arrays as images of Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from editor.engine.image import Working


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """An array of RGB, or of RGB and alpha, as an image of its own."""
    pixels = np.ascontiguousarray(pixels)
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(pixels.data, width, height, channels * width, layout).copy()


def as_bytes(working: Working) -> NDArray[np.uint8]:
    """Colours 0..1 as a screen has them."""
    return np.clip(working * 255, 0, 255).astype(np.uint8)
