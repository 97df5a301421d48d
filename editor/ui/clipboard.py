"""Pictures from and to the clipboard, and what is dropped on the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from editor.engine.image import Picture
from editor.engine.step import Step
from editor.ui.canvas.colour import Colours

_AT_ONCE = 1 << 18  # pixels: Qt keeps the interpreter's lock while it converts


def files_in(data: QMimeData) -> list[Path]:
    """Those that were copied or dragged in a file manager."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def image_in(data: QMimeData) -> QImage | None:
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def as_image(pixels: Picture, icc: bytes) -> Iterator[Step[QImage]]:
    """The picture as displayed, 8 bits, with its transparency if it has any."""
    height, width = pixels.shape[:2]
    colours = Colours(icc, pixels.dtype, pixels.ndim == 2)
    shown = np.empty((height, width, 4), np.uint8)
    rows = max(1, _AT_ONCE // width)
    for top in range(0, height, rows):
        yield Step(top / height)
        shown[top : top + rows] = colours.shown(pixels[top : top + rows])
    alpha = pixels.ndim == 3 and pixels.shape[2] == 4
    layout = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    yield Step(1.0, QImage(shown.data, width, height, 4 * width, layout))


def as_pixels(image: QImage) -> Iterator[Step[Picture]]:
    """A Qt image as an array of our own: 16 bits if it has them, alpha if it has any."""
    width, height, channels = image.width(), image.height(), 4 if image.hasAlphaChannel() else 3
    deep = image.depth() > 32
    layout = QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888
    pixels = np.empty((height, width, channels), np.uint16 if deep else np.uint8)
    rows = max(1, _AT_ONCE // width)
    for top in range(0, height, rows):
        yield Step(top / height)
        band = image.copy(0, top, width, min(rows, height - top)).convertToFormat(layout)
        whole = np.frombuffer(band.constBits(), pixels.dtype).reshape(band.height(), -1, 4)
        pixels[top : top + rows] = whole[:, :width, :channels]
    yield Step(1.0, pixels)
