"""Frames as the screen wants them: the visible part, in device pixels, as a QImage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QImage

from editor.engine.clip import Frame
from editor.engine.guides import Labels
from editor.engine.image import Picture, Rect, Size
from editor.ui.canvas.view import View

_SHARP = 8.0  # from this scale on a pixel is shown as the square it is


class Sight(NamedTuple):
    """What of the clip is to be seen: the place of its pixels on a screen of this size."""

    view: View
    screen: Size  # device pixels


def visible(sight: Sight, size: Size) -> Rect:
    """The part of a frame that is on the screen, in whole pixels of the frame."""
    view, screen = sight
    first = view.to_image(0, 0)
    last = view.to_image(screen.width, screen.height)
    left, top = max(0, int(first.x)), max(0, int(first.y))
    right, bottom = min(size.width, int(last.x) + 1), min(size.height, int(last.y) + 1)
    return Rect(left, top, max(0, right - left), max(0, bottom - top))


def place_of(part: Rect, view: View) -> Rect:
    """Where a part of a frame lies on the screen, in whole device pixels."""
    left, top = view.corner
    x, y = round(part.x * view.scale) - left, round(part.y * view.scale) - top
    right, bottom = round(part.right * view.scale) - left, round(part.bottom * view.scale) - top
    return Rect(x, y, max(1, right - x), max(1, bottom - y))


def scaled(frame: Picture, part: Rect, size: Size) -> Picture:
    """A part of a frame at another size; small ones are averages, large ones squares."""
    from editor.engine.cv import cv2

    crop: Picture = frame[part.slices]
    # Averages of whole pixels take half a millisecond; those of any other size twenty.
    whole = min(part.width // size.width, part.height // size.height)
    if whole >= 2:
        small = (part.width // whole, part.height // whole)
        even = crop[: small[1] * whole, : small[0] * whole]
        crop = cv2.resize(even, small, interpolation=cv2.INTER_AREA)
    if crop.shape[1::-1] == tuple(size):
        return crop
    squares = size.width >= _SHARP * part.width
    how = cv2.INTER_NEAREST if squares else cv2.INTER_LINEAR
    result: Picture = cv2.resize(crop, tuple(size), interpolation=how)
    return result


def placed(labels: Labels, part: Rect, size: Size) -> Labels:
    """A part of the labels at another size: each pixel has one of them, never one in between."""
    from editor.engine.cv import cv2

    crop: Labels = labels[part.slices]
    if crop.shape[1::-1] == tuple(size):
        return crop
    result: Labels = cv2.resize(crop, tuple(size), interpolation=cv2.INTER_NEAREST)
    return result


def fitted(frame: Picture, size: Size) -> Picture:
    """A whole frame, as large as it goes into this size."""
    height, width = frame.shape[:2]
    scale = min(size.width / width, size.height / height)
    small = Size(max(1, round(width * scale)), max(1, round(height * scale)))
    return scaled(frame, Rect(0, 0, width, height), small)


def image_at(pixels: Frame, size: Size) -> QImage:
    """A whole frame at another size; what is clear lends no colour to what is beside it."""
    if pixels.shape[2] == 3:
        return image_of(scaled(pixels, Rect.whole(pixels), size))
    light = image_of(pixels)
    flat = np.frombuffer(light.constBits(), np.uint8).reshape(pixels.shape)
    small = np.ascontiguousarray(scaled(flat, Rect.whole(flat), size))
    return QImage(small.data, *size, 4 * size.width, light.format()).copy()


def image_of(pixels: Frame) -> QImage:
    """RGB or RGBA as an image of its own, in the form that is drawn without conversion."""
    from editor.engine.cv import cv2

    height, width, channels = pixels.shape
    if channels == 4:
        held = np.ascontiguousarray(pixels)
        image = QImage(held.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    into = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA, dst=into)
    return image
