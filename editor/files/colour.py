"""Bring a picture to the depth, channels and colour space that a kind of file can hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Picture, decode_srgb, encode_srgb, full_scale
from editor.files.kinds import Kind


def to_srgb(pixels: Picture, icc: bytes, *, linear: bool) -> Picture:
    """Integer pixels with a profile as sRGB in their depth, or as float32 linear sRGB.

    A profile that Qt does not understand is taken for sRGB.
    """
    if not _looks_whole(icc):
        return _lit(pixels) if linear else pixels
    from PySide6.QtGui import QColorSpace, QImage

    source = QColorSpace.fromIccProfile(icc)
    plain = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if not source.isValid() or source == plain:
        return _lit(pixels) if linear else pixels
    wide = _deepened(pixels)
    height, width = wide.shape[:2]
    if wide.ndim == 2:
        form = QImage.Format.Format_Grayscale16
    else:
        form = QImage.Format.Format_RGBA64
        if wide.shape[2] == 3:
            wide = np.concatenate([wide, np.full((height, width, 1), 65535, np.uint16)], axis=2)
    wide = np.ascontiguousarray(wide)
    image = QImage(wide.data, width, height, wide.strides[0], form)
    image.setColorSpace(source)
    target = QColorSpace(QColorSpace.NamedColorSpace.SRgbLinear) if linear else plain
    form = QImage.Format.Format_RGBA32FPx4 if linear else QImage.Format.Format_RGBA64
    image = image.convertedToColorSpace(target, form)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    values: Picture = rows.view(np.float32 if linear else np.uint16).reshape(height, -1, 4)
    values = values[:, :width, : 1 if pixels.ndim == 2 else pixels.shape[2]].copy()
    values = values.reshape(pixels.shape)
    return values if linear else _to_integer(values, pixels.dtype)


def is_srgb(icc: bytes) -> bool:
    """Whether a profile says what no profile says too."""
    if not icc:
        return True
    if not _looks_whole(icc):
        return False
    from PySide6.QtGui import QColorSpace

    plain = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    return bool(QColorSpace.fromIccProfile(icc) == plain)


def _looks_whole(icc: bytes) -> bool:
    """Whether a profile is worth showing to Qt, which complains in the log about bad ones."""
    return len(icc) >= 128 and int.from_bytes(icc[:4], "big") == len(icc) and icc[36:40] == b"acsp"


def fitted(pixels: Picture, icc: bytes, kind: Kind) -> tuple[Picture, bytes]:
    """The pixels in a depth and with the channels of a kind, and the profile that then holds."""
    if kind.linear:
        if pixels.dtype != np.float32:
            pixels = to_srgb(pixels, icc, linear=True)
        icc = b""
    elif icc and not kind.icc:
        pixels = to_srgb(_to_integer(pixels, np.dtype(np.uint16)), icc, linear=False)
        icc = b""
    if pixels.dtype.name not in kind.depths:
        wanted = np.dtype(kind.depths[-1])
        if pixels.dtype == np.float32 and not icc:
            pixels = _encoded(pixels)
        pixels = _to_integer(pixels, wanted)
    if not kind.alpha and pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = on_white(pixels)
    return np.ascontiguousarray(pixels), icc


def on_white(pixels: Picture) -> Picture:
    """RGBA laid on white, in its own depth."""
    top = np.float32(full_scale(pixels.dtype))
    cover = pixels[..., 3:].astype(np.float32) / top
    mixed = pixels[..., :3].astype(np.float32) * cover + top * (1 - cover)
    if pixels.dtype.kind == "u":
        mixed = np.rint(mixed)
    opaque = pixels[..., 3:] == full_scale(pixels.dtype)
    laid: Picture = np.where(opaque, pixels[..., :3], mixed.astype(pixels.dtype))
    return laid


def _encoded(pixels: Picture) -> Picture:
    """Linear float as sRGB values, still float; alpha as it is."""
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return np.concatenate([encode_srgb(pixels[..., :3]), pixels[..., 3:]], axis=2)
    return encode_srgb(pixels)


def _lit(pixels: Picture) -> Picture:
    """sRGB integers as linear float; alpha is only scaled."""
    top = np.float32(full_scale(pixels.dtype))
    table = decode_srgb(np.arange(int(top) + 1, dtype=np.float32) / top)
    light: Picture = table[pixels]
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        light[..., 3] = pixels[..., 3] / top
    return light


def _deepened(pixels: Picture) -> NDArray[np.uint16]:
    if pixels.dtype == np.uint16:
        return pixels
    return pixels.astype(np.uint16) * np.uint16(257)


def _to_integer(pixels: Picture, dtype: np.dtype[Any]) -> Picture:
    """Rounded to the depth of an integer type; what is not a number becomes black."""
    if pixels.dtype == dtype:
        return pixels
    top = full_scale(dtype)
    if pixels.dtype == np.float32:
        clean = np.clip(np.nan_to_num(pixels, nan=0.0), 0, 1)
        rounded: Picture = np.rint(clean * np.float32(top)).astype(dtype)
        return rounded
    if pixels.dtype == np.uint8:
        return _deepened(pixels)
    # 65535 = 255 * 257, so this rounds to the nearest
    shallow: Picture = ((pixels.astype(np.uint32) + 128) // 257).astype(dtype)
    return shallow
