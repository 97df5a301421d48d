"""Pillow, for what it does best: JPEG, WebP and AVIF with their metadata, inks, small previews.

Trap: Pillow cuts 16-bit RGB to 8 bits without a word, so other pixels do not come from here.
Its limit on the number of pixels is switched off: ours is checked before any pixel is decoded.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from editor.engine.image import Picture
from editor.files.openimageio import Allow, Decoded, DecodeError, Header
from editor.files.problems import FileProblem

Image.MAX_IMAGE_PIXELS = None


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """A file as Pillow sees it, its header read, its complaints as DecodeError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about damaged metadata, which is then left out
            with Image.open(path) as image:
                yield image
    except (FileProblem, DecodeError, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise DecodeError("its header is damaged") from error
    except Exception as error:  # a damaged file can make Pillow raise anything
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DecodeError(" ".join(str(error).split()).rstrip(" .")) from error


def decode_inks(path: Path, allow: Allow) -> Decoded:
    """CMYK or Lab as sRGB, by the file's own profile if it has one."""
    with opened(path) as image:
        allow(Header(*image.size, 3))
        profile = image.info.get("icc_profile", b"")
        inks = "Lab" if image.mode == "LAB" else image.mode
        if inks not in ("CMYK", "Lab"):
            raise DecodeError(f"its colours are {inks} inks, which are not supported")
        image.load()
        return Decoded(
            np.array(_as_srgb(image, profile)),
            b"",
            [f"The {inks} colours were converted to sRGB{'' if profile else ' by a plain rule'}."],
        )


def decode_plain(path: Path, allow: Allow) -> Decoded:
    """An 8-bit picture as Pillow decodes it: AVIF."""
    with opened(path) as image:
        allow(Header(*image.size, len(image.getbands())))
        many = getattr(image, "n_frames", 1) > 1
        notices = ["The file holds more than one picture: the first one was opened."] * many
        mode = "RGBA" if "A" in image.mode else "L" if image.mode == "L" else "RGB"
        return Decoded(np.array(image.convert(mode)), None, notices)


def _as_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode == "LAB" and not profile:
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    elif profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    else:
        return image.convert("RGB")
    try:
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except ImageCms.PyCMSError:
        changed = None
    return changed if changed is not None else image.convert("RGB")


def preview(path: Path, longest: int, allow: Allow) -> Picture | None:
    """A small 8-bit RGB version, as cheaply as the file allows, upright, in sRGB, on white.

    None where Pillow would show it wrongly: 16-bit grey, float.
    """
    with opened(path) as image:
        allow(Header(*image.size, len(image.getbands())))
        if image.mode.startswith(("I", "F")):
            return None
        image.draft("RGB", (longest, longest))
        image.thumbnail((longest, longest), reducing_gap=2.0)
        profile = image.info.get("icc_profile", b"")
        small = ImageOps.exif_transpose(image)
        if small.mode in ("CMYK", "LAB"):
            return np.array(_as_srgb(small, profile))
        if "transparency" in small.info or "A" in small.mode:
            small = small.convert("RGBA")
            ground = Image.new("RGBA", small.size, "white")
            small = Image.alpha_composite(ground, small)
        small = small.convert("RGB")
        if profile:
            with contextlib.suppress(OSError, ImageCms.PyCMSError):
                small = _as_srgb(small, profile)
        return np.array(small)
