"""HEIC and camera RAW, decoded by libraries that are an optional part of the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from editor.engine.image import Meta
from editor.files.kinds import HEIC, RAW, Kind
from editor.files.metadata import Told, read_meta, upright
from editor.files.openimageio import Allow, Decoded, DecodeError, Header
from editor.files.problems import FileProblem, shown


def decode_optional(path: Path, kind: Kind, allow: Allow) -> tuple[Decoded, Told]:
    """Decode a HEIC or RAW file, or say what is to be installed for it."""
    try:
        return _heic(path, allow) if kind is HEIC else _raw(path, allow)
    except ModuleNotFoundError as error:
        raise FileProblem(
            f'{shown(path)} is a {kind.name} picture: to open it, install "patina[{kind.extra}]"'
        ) from error


def _heic(path: Path, allow: Allow) -> tuple[Decoded, Told]:
    import pillow_heif

    try:
        # libheif turns the pixels itself; 10 and 12 bits are spread over 16.
        image: Any = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        raise DecodeError(str(error).rstrip(" .")) from error
    deep = "16" in image.mode
    width, height = image.size
    allow(Header(width, height, (4 if "A" in image.mode else 3) * (2 if deep else 1)))
    try:
        pixels = np.array(image)
    except (ValueError, OSError, EOFError, RuntimeError) as error:
        raise DecodeError(str(error).rstrip(" .")) from error
    info = image.info
    meta = Meta(info.get("icc_profile") or b"", info.get("exif") or b"", info.get("xmp") or b"")
    return Decoded(pixels), upright(meta, turned=False)


def _raw(path: Path, allow: Allow) -> tuple[Decoded, Told]:
    import rawpy

    try:
        with rawpy.imread(str(path)) as raw:
            allow(Header(raw.sizes.width, raw.sizes.height, 6))
            pixels = raw.postprocess(
                use_camera_wb=True,
                output_bps=16,
                output_color=rawpy.ColorSpace.sRGB,
                gamma=(2.4, 12.92),
            )
    except (rawpy.LibRawError, OSError) as error:
        raise DecodeError(str(error).rstrip(" .")) from error
    decoded = Decoded(np.array(pixels, np.uint16), b"")
    decoded.notices.append("The RAW file was developed with the camera's white balance.")
    return decoded, read_meta(path, RAW)
