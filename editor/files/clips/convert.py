"""From decoded frames to RGB(A) as displayed: matrix, range, square pixels, the right way up.

Traps: a file that names no matrix means BT.709 if it is HD and BT.601 if it is not, as every player
takes it; FFmpeg's fast converter takes the nearest colour sample and may be off by three of 255.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from editor.engine.clip import Frame
from editor.engine.image import Size, frozen

_CAREFUL = Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
_EXACT = Interpolation.BILINEAR | _CAREFUL  # of the colours alone: bicubic would ring at edges
_SCALED = Interpolation.BICUBIC | _CAREFUL
_SMALL = Interpolation.AREA  # every pixel of the large frame counts
_UNSPECIFIED = 2  # of AVColorSpace
_HD = Size(1280, 577)  # from this width or height on
_CURVES = {16: "PQ", 18: "HLG"}  # of AVColorTransferCharacteristic: light beyond white
_WAYS = {  # the signs of a display matrix → the orientation, as EXIF counts
    (1, 0, 0, 1): 1, (-1, 0, 0, 1): 2, (-1, 0, 0, -1): 3, (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5, (0, 1, -1, 0): 6, (0, -1, -1, 0): 7, (0, -1, 1, 0): 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """How the frames of a clip are to be shown, told by its first one."""

    stored: Size  # in square pixels, before it is turned
    orientation: int = 1  # as EXIF counts
    alpha: bool = False

    @property
    def size(self) -> Size:
        return Size(*self.stored[::-1]) if self.orientation >= 5 else self.stored


def look_of(frame: Any, aspect: Fraction | None, *, maybe_opaque: bool) -> Look:
    """How a clip that begins with this frame is shown; ``aspect`` is that of its pixels.

    Where every frame of a kind comes with alpha, it counts only if the first one uses it.
    """
    width, height = frame.width, frame.height
    if aspect and aspect != 1 and Fraction(1, 8) <= aspect <= 8:
        width = max(1, round(width * aspect))
    alpha = any(part.is_alpha for part in frame.format.components) or frame.format.name == "pal8"
    if alpha and maybe_opaque:
        alpha = bool((frame.reformat(format="rgba").to_ndarray()[..., 3] < 255).any())
    return Look(Size(width, height), _orientation(frame), alpha)


def odd_light(frame: Any) -> str:
    """The name of a transfer curve that a screen's white cannot hold, or nothing."""
    return _CURVES.get(int(frame.color_trc), "")


def _orientation(frame: Any) -> int:
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return 1
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
    largest = max(abs(a), abs(b), abs(c), abs(d), 1)
    signs = tuple(round(one / largest) for one in (a, b, c, d))
    return _WAYS.get(signs, 1)


class Converter:
    """Frames of one clip as arrays. It keeps FFmpeg's tables, so: one for each reader."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._reformatter = VideoReformatter()

    def full(self, frame: Any) -> Frame:
        """RGB, or RGBA where the clip has alpha, in full size, read-only."""
        form = "rgba" if self._look.alpha else "rgb24"
        how = _EXACT if (frame.width, frame.height) == self._look.stored else _SCALED
        pixels = self._converted(frame, self._look.stored, form, how)
        return frozen(np.ascontiguousarray(_turned(pixels, self._look.orientation)))

    def small(self, frame: Any, size: Size) -> Frame:
        """RGB in a small size; colours that are transparent count as they are."""
        stored = Size(*size[::-1]) if self._look.orientation >= 5 else size
        pixels = self._converted(frame, stored, "rgb24", _SMALL)
        return _turned(pixels, self._look.orientation)

    def _converted(self, frame: Any, size: Size, form: str, how: Interpolation) -> Frame:
        matrix = None
        if frame.colorspace == _UNSPECIFIED:
            large = frame.width >= _HD.width or frame.height >= _HD.height
            matrix = Colorspace.ITU709 if large else Colorspace.ITU601
        made = self._reformatter.reformat(
            frame,
            size.width,
            size.height,
            form,
            src_colorspace=matrix,
            dst_color_range=ColorRange.JPEG,
            interpolation=how,
        )
        return np.asarray(made.to_ndarray(), np.uint8)


def _turned(pixels: Frame, orientation: int) -> Frame:
    if orientation == 1:
        return pixels
    from editor.engine.cv import cv2

    if orientation >= 5:
        pixels = cv2.transpose(pixels)
    if orientation != 5:
        across, down = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
        pixels = cv2.flip(pixels, -1 if across and down else 1 if across else 0)
    return pixels
