"""What the timeline draws with: smooth thin lines, covered places, round numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage


def mixed(a: QColor, b: QColor, weight: float) -> tuple[int, int, int]:
    """As much of b over a, as blue, green and red."""
    pairs = zip((a.blue(), a.green(), a.red()), (b.blue(), b.green(), b.red()), strict=True)
    blue, green, red = (round(one + weight * (other - one)) for one, other in pairs)
    return blue, green, red


def drawn(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    colours: Sequence[tuple[int, int, int]],
    ground: QColor,
    size: QSize,
    ratio: float,
) -> QImage:
    """Thin lines on a plain ground, the first ones over the others.

    By OpenCV, because Qt's painter takes a millisecond for each line that is smooth and long.
    """
    from editor.engine.cv import cv2

    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.fill(ground)
    image.setDevicePixelRatio(ratio)
    pixels = np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.width(), 4)
    places = np.rint((np.stack([xs, ys], axis=2) * ratio - 0.5) * 16).astype(np.int32)
    for line, colour in zip(places[::-1], colours[::-1], strict=True):
        cv2.polylines(pixels, [line], False, (*colour, 255), round(ratio), cv2.LINE_AA, 4)
    return image


def covering(image: QImage, place: QRectF) -> QRectF:
    """The middle of an image, cut to the shape of a place."""
    scale = max(place.width() / image.width(), place.height() / image.height())
    width, height = place.width() / scale, place.height() / scale
    return QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)


def tick(count: int, most: float) -> int:
    """Frames from one number of the ruler to the next: 1, 2 or 5 times a power of ten."""
    least = count / max(1.0, most)
    power = 10 ** max(0, math.floor(math.log10(max(1.0, least))))
    return next(int(one * power) for one in (1, 2, 5, 10) if one * power >= least)
