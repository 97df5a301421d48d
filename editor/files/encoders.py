"""One encoder for each kind: fitting pixels and metadata in, a whole file in memory out.

OpenCV writes PNG (fastest by far), Pillow the 8-bit kinds, OpenImageIO the rest.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.engine.image import Meta, Picture
from editor.files.kinds import AVIF, BMP, EXR, GIF, HDR, JP2, JPEG, JXL, PNG, TIFF, WEBP, Kind


@dataclass(frozen=True, slots=True)
class SaveOptions:
    quality: int = 95  # 1..100 of JPEG, AVIF, and of WebP and JPEG XL unless lossless
    subsampling: str = "4:4:4"  # of the colours of JPEG and AVIF; or 4:2:2, 4:2:0
    lossless: bool = False  # WebP, JPEG XL
    compression: int = 1  # PNG: 0 fast and large .. 9 slow and small
    strip_location: bool = False
    strip_metadata: bool = False  # all but the profile and the resolution

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise ValueError(f"quality is {self.quality}: it goes from 1 to 100")
        if self.subsampling not in ("4:4:4", "4:2:2", "4:2:0"):
            raise ValueError(f"subsampling is {self.subsampling!r}: choose 4:4:4, 4:2:2 or 4:2:0")
        if not 0 <= self.compression <= 9:
            raise ValueError(f"compression is {self.compression}: it goes from 0 to 9")


Encoder = Callable[[Picture, Meta, SaveOptions], bytes | bytearray]


def _png(pixels: Picture, meta: Meta, options: SaveOptions) -> bytes:
    from editor.engine.cv import cv2
    from editor.files.containers import png_with

    if pixels.ndim == 3:
        code = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        pixels = cv2.cvtColor(pixels, code)
    done, encoded = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, options.compression])
    if not done:
        raise ValueError("the PNG encoder failed")
    return png_with(encoded.tobytes(), meta)


def _by_pillow(name: str) -> Encoder:
    def encoder(pixels: Picture, meta: Meta, options: SaveOptions) -> bytes:
        from PIL import Image

        image = Image.fromarray(pixels)
        given: dict[str, Any] = {
            "exif": b"Exif\0\0" + meta.exif if meta.exif else b"",
            "icc_profile": meta.icc, "xmp": meta.xmp, "dpi": meta.dpi, "quality": options.quality,
        }  # fmt: skip
        if name in ("JPEG", "AVIF"):
            given["subsampling"] = options.subsampling
        if name == "AVIF":
            given["speed"] = 8
        if name == "WEBP":
            # Lossless: quality is effort here, and colours under full transparency are kept.
            effort = {"quality": 25, "method": 2} if options.lossless else {"method": 2}
            given |= {"lossless": options.lossless, "exact": True, **effort}
        stream = io.BytesIO()
        image.save(stream, name, **{key: value for key, value in given.items() if value})
        return stream.getvalue()

    return encoder


def _gif(pixels: Picture, meta: Meta, options: SaveOptions) -> bytes:
    """256 colours, or 255 and one that is transparent; a grey picture keeps its values."""
    from PIL import Image

    stream = io.BytesIO()
    if pixels.ndim == 2:
        Image.fromarray(pixels).save(stream, "GIF")
        return stream.getvalue()
    clear = pixels[..., 3] < 128 if pixels.shape[2] == 4 else None
    colours = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    few = colours.copy()
    few.thumbnail((1024, 1024))  # is enough to choose the colours from
    palette = few.quantize(256 if clear is None else 255)
    indices = np.array(colours.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))
    given = {}
    if clear is not None:
        indices[clear] = 255
        given["transparency"] = 255
    image = Image.fromarray(indices, "P")
    image.putpalette(((palette.getpalette() or []) + [0] * 768)[:768])
    image.save(stream, "GIF", **given)
    return stream.getvalue()


def _tiff(pixels: Picture, meta: Meta, options: SaveOptions) -> bytearray:
    from editor.files.exif import into_tiff
    from editor.files.openimageio import encode

    # LZW is four times as fast, but makes noisy 16-bit pictures larger than they were.
    encoded = encode(pixels, TIFF, {"compression": "lzw" if pixels.dtype == np.uint8 else "zip"})
    into_tiff(encoded, meta.exif, meta.icc, meta.xmp, meta.dpi)
    return encoded


def _jxl(pixels: Picture, meta: Meta, options: SaveOptions) -> bytearray:
    from editor.files.colour import is_srgb
    from editor.files.containers import jxl_with
    from editor.files.openimageio import encode

    # What is lossy and has a profile would come back as linear sRGB, its shadows torn to steps.
    icc = b"" if not options.lossless and is_srgb(meta.icc) else meta.icc
    lossless = options.lossless or bool(icc)
    quality = 100 if lossless else min(options.quality, 99)  # 100 is lossless there
    given = {"compression": f"jpegxl:{quality}", "jpegxl:effort": 2 if lossless else 4}
    return jxl_with(encode(pixels, JXL, given, icc), meta)


def _jp2(pixels: Picture, meta: Meta, options: SaveOptions) -> bytearray:
    from editor.files.containers import jp2_with
    from editor.files.openimageio import encode

    return jp2_with(encode(pixels, JP2, {}, meta.icc), meta)


def _exr(pixels: Picture, meta: Meta, options: SaveOptions) -> bytearray:
    from editor.files.openimageio import encode, multiplied

    if pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = multiplied(pixels)
    return encode(pixels, EXR, {"compression": "zip"})


def _hdr(pixels: Picture, meta: Meta, options: SaveOptions) -> bytearray:
    from editor.files.openimageio import encode

    return encode(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, 2), HDR, {})


ENCODERS: dict[Kind, Encoder] = {
    PNG: _png,
    JPEG: _by_pillow("JPEG"),
    WEBP: _by_pillow("WEBP"),
    AVIF: _by_pillow("AVIF"),
    BMP: _by_pillow("BMP"),
    GIF: _gif,
    TIFF: _tiff,
    JXL: _jxl,
    JP2: _jp2,
    EXR: _exr,
    HDR: _hdr,
}
