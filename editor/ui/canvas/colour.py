"""From a document's numbers to the screen's: colour profiles, depth and alpha, for any crop.

The screen's pixels are bytes in the order blue, green, red, alpha, with the colour multiplied by
alpha: what Qt calls ARGB32_Premultiplied and paints fastest.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColorSpace, QColorTransform, QImage

from editor.engine.image import Picture, encode_srgb

Shown = NDArray[np.uint8]  # (H, W, 4) blue, green, red, alpha; premultiplied

_AT_ONCE = 1 << 17  # pixels: Qt keeps the interpreter's lock while it converts, so: in small bites
_SRGB = QColorSpace.NamedColorSpace.SRgb
_LINEAR = QColorSpace.NamedColorSpace.SRgbLinear


class Colours:
    """The way from one document's colours to one screen's."""

    def __init__(
        self, icc: bytes, dtype: np.dtype[Any], grey: bool, screen: QColorSpace | None = None
    ) -> None:
        plain = QColorSpace(_LINEAR if dtype.kind == "f" else _SRGB)
        space = _space(icc, grey) or plain
        self._by_grey = space.colorModel() == QColorSpace.ColorModel.Gray
        transform = space.transformationToColorSpace(screen or QColorSpace(_SRGB))
        # Float pictures that say nothing are linear sRGB, for which there is a table.
        self._transform = None if _changes_nothing(space, plain, screen, transform) else transform
        #: Whether a screen full of pixels takes longer than a frame.
        self.slow = self._transform is not None or dtype.kind == "f"

    def shown(self, pixels: Picture) -> Shown:
        """The same pixels as the screen wants them."""
        if self._transform is None and pixels.dtype != np.float32:
            return _premultiplied(_bytes(pixels))
        result = np.empty((*pixels.shape[:2], 4), np.uint8)
        rows = max(1, _AT_ONCE // pixels.shape[1])
        for top in range(0, len(pixels), rows):
            part = pixels[top : top + rows]
            if self._transform is None:
                result[top : top + rows] = _premultiplied(_bytes(part))
            else:
                result[top : top + rows] = _transformed(part, self._transform, self._by_grey)
        return result


def _space(icc: bytes, grey: bool) -> QColorSpace | None:
    """The profile, if it is one and describes pixels like these."""
    # Qt checks more, but says so on its log; files with rubbish in the field are common.
    if len(icc) < 128 or int.from_bytes(icc[:4], "big") > len(icc) or icc[36:40] != b"acsp":
        return None
    space = QColorSpace.fromIccProfile(icc)
    fitting = [QColorSpace.ColorModel.Rgb] + [QColorSpace.ColorModel.Gray] * grey
    return space if space.isValid() and space.colorModel() in fitting else None


def _changes_nothing(
    space: QColorSpace, plain: QColorSpace, screen: QColorSpace | None, transform: QColorTransform
) -> bool:
    """Whether the fast way gives the same bytes: sRGB to sRGB, in whichever profile's words."""
    if screen is not None and screen != QColorSpace(_SRGB):
        return False
    if space == plain:
        return True
    if plain != QColorSpace(_SRGB) or space.colorModel() == QColorSpace.ColorModel.Gray:
        return False
    levels = np.linspace(0, 255, 17).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(17, -1, 3)
    there = _transformed(cube, transform, by_grey=False)[..., 2::-1]
    return bool(np.abs(there.astype(int) - cube).max() <= 1)


def _transformed(pixels: Picture, transform: QColorTransform, by_grey: bool) -> Shown:
    """By Qt, in the depth of the picture."""
    if pixels.dtype == np.float32:
        pixels = _clipped(pixels)
        if by_grey:
            pixels = np.rint(pixels * 65535).astype(np.uint16)
    if by_grey:
        layout = {1: QImage.Format.Format_Grayscale8, 2: QImage.Format.Format_Grayscale16}
        source = np.ascontiguousarray(pixels)
    else:
        layout = {
            1: QImage.Format.Format_RGBA8888,
            2: QImage.Format.Format_RGBA64,
            4: QImage.Format.Format_RGBA32FPx4,
        }
        source = _with_alpha(pixels)
    height, width = source.shape[:2]
    image = QImage(source.data, width, height, source.strides[0], layout[source.itemsize])
    there = image.colorTransformed(transform, QImage.Format.Format_ARGB32_Premultiplied)
    # A copy, because the memory behind constBits() goes with the image.
    return np.frombuffer(there.constBits(), np.uint8).reshape(height, width, 4).copy()


def _bytes(pixels: Picture) -> NDArray[np.uint8]:
    """8 bits as displayed, channels as they were."""
    from editor.engine.cv import cv2

    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == np.uint16:
        eight: NDArray[np.uint8] = cv2.convertScaleAbs(pixels, alpha=1 / 257)
        return eight
    # Linear light through a table over its square root, which is fine where the eye is fine.
    light = _clipped(pixels)
    roots = np.rint(np.sqrt(light) * 65535).astype(np.uint16)
    shown: NDArray[np.uint8] = cv2.LUT(roots, _from_root())
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        shown[..., 3] = np.rint(light[..., 3] * 255).astype(np.uint8)
    return shown


@cache
def _from_root() -> NDArray[np.uint8]:
    roots = np.arange(65536, dtype=np.float32) / np.float32(65535)
    light = np.square(roots, dtype=np.float32)
    return np.rint(encode_srgb(light) * 255).astype(np.uint8)


def _clipped(pixels: Picture) -> Picture:
    """0..1, with NaN black: fmax takes the number of a number and NaN."""
    clipped: Picture = np.fmin(np.fmax(pixels, np.float32(0)), np.float32(1))
    return clipped


def _with_alpha(pixels: Picture) -> Picture:
    """Four channels in the same depth."""
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return np.ascontiguousarray(pixels)
    whole = 1 if pixels.dtype == np.float32 else np.iinfo(pixels.dtype).max
    four = np.full((*pixels.shape[:2], 4), whole, pixels.dtype)
    four[..., :3] = pixels if pixels.ndim == 3 else pixels[..., None]
    return four


def _premultiplied(eight: NDArray[np.uint8]) -> Shown:
    from editor.engine.cv import cv2

    if eight.ndim == 2:
        result: Shown = cv2.cvtColor(eight, cv2.COLOR_GRAY2BGRA)
    elif eight.shape[2] == 3:
        result = cv2.cvtColor(eight, cv2.COLOR_RGB2BGRA)
    else:
        result = cv2.cvtColor(cv2.cvtColor(eight, cv2.COLOR_RGBA2mRGBA), cv2.COLOR_RGBA2BGRA)
    return result
