"""Pictures from and to the clipboard."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

from editor.engine.image import Picture, to_working
from editor.model.document import Document


def picture_from_clipboard() -> Picture | None:
    """RGB, or RGBA if it has transparency, in the clipboard's depth."""
    image = QGuiApplication.clipboard().image()
    return None if image.isNull() else to_array(image)


def picture_to_clipboard(document: Document) -> None:
    """The picture as displayed, 8 bits, with its transparency."""
    pixels = document.image
    working = np.clip(to_working(pixels) * 255 + 0.5, 0, 255).astype(np.uint8)
    alpha = np.full(working.shape[:2], 255, np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        part = pixels[..., 3].astype(np.float64)
        scale = 255.0 if pixels.dtype.kind == "f" else 255.0 / np.iinfo(pixels.dtype).max
        alpha = np.clip(part * scale + 0.5, 0, 255).astype(np.uint8)
    rgba = np.dstack([working, alpha])
    height, width = alpha.shape
    image = QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    QGuiApplication.clipboard().setImage(image.copy())


def to_array(image: QImage) -> Picture:
    """A Qt image as an array of our own: 16 bits if it has them, alpha if it has any."""
    deep = image.depth() > 32
    alpha = image.hasAlphaChannel()
    if deep:
        image = image.convertToFormat(QImage.Format.Format_RGBA64)
        rows = np.frombuffer(image.constBits(), np.uint16)
        channels = rows.reshape(image.height(), image.bytesPerLine() // 8, 4)
    else:
        image = image.convertToFormat(QImage.Format.Format_RGBA8888)
        rows = np.frombuffer(image.constBits(), np.uint8)
        channels = rows.reshape(image.height(), image.bytesPerLine() // 4, 4)
    channels = channels[:, : image.width()]
    return np.ascontiguousarray(channels if alpha else channels[..., :3])
