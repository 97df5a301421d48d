"""One frame taken apart and laid on something else, as large as the screen wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtGui import QImage

from editor.engine.clip import Footage, Frame
from editor.engine.device import Device
from editor.engine.image import Mask, Rect, Size
from editor.engine.sprite import Cutout
from editor.operations import CutSprite
from editor.ui.loop.pictures import Sight, image_of, place_of, scaled, visible

CHECKS = {"dark": (124, 106), "light": (236, 220)}  # levels of the squares, by the theme
_GROUNDS = {"black": (0, 0, 0), "white": (255, 255, 255), "alpha": (0, 0, 0)}
_SQUARE = 8  # device pixels of the checkerboard


class Wanted(NamedTuple):
    number: int  # of the frame
    operation: CutSprite
    key: Any  # of the engine; None: it is not known yet
    garbage: Mask | None
    look: str  # checker, black, white, alpha or clip
    checks: tuple[int, int]  # levels of the checkerboard
    sight: Sight


class Seen(NamedTuple):
    """A picture for the screen."""

    wanted: Wanted
    image: QImage
    part: Rect  # of the frame
    frame: Frame

    @property
    def sight(self) -> Sight:
        return self.wanted.sight


class _Known(NamedTuple):
    asked: tuple[Any, ...]
    key: Any
    cutout: Cutout


class Bench:
    """Takes frames of one clip apart, one at a time; it remembers the last one.

    A thread of its own calls it: to read a frame and to find its matte takes up to 0.1 s.
    """

    def __init__(self, footage: Footage, device: Callable[[], Device]) -> None:
        self.footage = footage
        self._device = device
        self._frame: tuple[int, Frame] | None = None
        self._cutout: _Known | None = None

    def seen(self, wanted: Wanted) -> Seen:
        frame = self._read(wanted.number)
        part = visible(wanted.sight, self.footage.clip.size)
        if part.empty:
            return Seen(wanted, QImage(), part, frame)
        place = place_of(part, wanted.sight.view)
        size = Size(place.width, place.height)
        if wanted.key is None or wanted.look == "clip":
            return Seen(wanted, image_of(scaled(frame[..., :3], part, size)), part, frame)
        cutout = self._cut(frame, wanted)
        return Seen(wanted, image_of(_laid(cutout, part, size, wanted)), part, frame)

    def _read(self, number: int) -> Frame:
        if self._frame is None or self._frame[0] != number:
            self._frame = number, self.footage.frame(number)
        return self._frame[1]

    def _cut(self, frame: Frame, wanted: Wanted) -> Cutout:
        operation = wanted.operation
        asked = wanted.number, operation.matting, operation.tolerance, id(wanted.garbage)
        known = self._cutout
        if known is None or known.asked != asked or known.key is not wanted.key:
            cutout = operation.matte(frame, wanted.key, wanted.garbage, self._device())
            known = self._cutout = _Known(asked, wanted.key, cutout)
        return known.cutout


def _laid(cutout: Cutout, part: Rect, size: Size, wanted: Wanted) -> Frame:
    """A part of a cut-out on a ground, at the size of the screen."""
    alpha = cutout[..., 3:]
    crop = np.empty((part.height, part.width, 4), np.uint8)
    crop[..., 3:] = alpha[part.slices]
    if wanted.look == "alpha":
        crop[..., :3] = 255
    else:
        crop[..., :3] = cutout[part.slices][..., :3]
    # Colours that are multiplied by alpha can be averaged; the others would bleed.
    light = crop[..., :3].astype(np.uint16) * crop[..., 3:] // 255
    crop[..., :3] = light.astype(np.uint8)
    small = scaled(crop, Rect(0, 0, part.width, part.height), size)
    ground = _ground(wanted, size)
    rest = 255 - small[..., 3:].astype(np.uint16)
    laid = small[..., :3] + (ground * rest // 255).astype(np.uint8)
    return np.ascontiguousarray(laid)


def _ground(wanted: Wanted, size: Size) -> Frame:
    if wanted.look in _GROUNDS:
        return np.full((1, 1, 3), _GROUNDS[wanted.look], np.uint8)
    x, y = np.arange(size.width) // _SQUARE, np.arange(size.height) // _SQUARE
    light = (x[None] + y[:, None]) % 2 == 0
    shades = np.where(light, *(np.uint8(level) for level in wanted.checks))
    return np.repeat(shades[..., None], 3, axis=2)
