"""The pictures a page shows something on where no document is open, and those that it tries."""

from __future__ import annotations

import functools

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from editor.engine.image import Picture, frozen
from editor.resources import resource


@functools.cache
def sample(name: str, longest: int = 192) -> Picture:
    """(H, W, 3) uint8: a sample picture by the name of its file, no side longer than this."""
    reader = QImageReader(str(resource("samples", *name.split("/"))))
    size = reader.size()
    reader.setScaledSize(size.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read().convertToFormat(QImage.Format.Format_RGB888)
    if image.isNull():
        raise ValueError(f'there is no sample "{name}": {reader.errorString()}')
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return frozen(rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy())
