"""Profile, EXIF, XMP and resolution: gathered when a file is read, made fit when one is written.

Who gives the bytes as they are: Pillow for JPEG, WebP and AVIF; our own walk through chunks,
resources, boxes and tags for PNG, Photoshop, JPEG 2000, JPEG XL and TIFF (see ``containers``
and ``exif``). OpenImageIO gives EXIF only as values already taken apart, so it is asked for
profiles alone.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass, replace
from pathlib import Path

from editor.engine.image import Meta
from editor.files import exif
from editor.files.containers import box_meta, png_meta, psd_meta
from editor.files.kinds import AVIF, BMP, JP2, JPEG, JXL, PNG, PSD, RAW, TIFF, WEBP, Kind
from editor.files.pillow import opened

_IPTC = 1028  # its number among Photoshop's resources
_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation\s*(?:=\s*[\"']|>)\s*)\d+")
_XMP_LOCATION = re.compile(
    rb"\s+exif:GPS\w+\s*=\s*(\"[^\"]*\"|'[^']*')|<exif:GPS(\w+)\b[^>]*?(/>|>.*?</exif:GPS\2\s*>)",
    re.DOTALL,
)
_XMP_THUMBNAILS = re.compile(rb"<(xmp|xap):Thumbnails\b.*?</\1:Thumbnails\s*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says, and which way up its pixels lie (1..8, as EXIF counts)."""

    meta: Meta
    orientation: int = 1
    notices: tuple[str, ...] = ()


def read_meta(path: Path, kind: Kind) -> Told:
    """What the file says; EXIF and XMP already speak of an upright picture."""
    notices: tuple[str, ...] = ()
    if kind is PNG:
        meta = png_meta(path)
    elif kind in (JXL, JP2):
        meta, notices = box_meta(path)
    elif kind in (TIFF, RAW):
        meta = _tiff_meta(path)
    elif kind is PSD:
        meta = psd_meta(path)
    elif kind in (JPEG, WEBP, AVIF, BMP):
        meta, notices = _pillow_meta(path, kind)
    else:
        meta = Meta()
    return upright(meta, turned=kind not in (JXL, JP2, RAW), notices=notices)


def upright(meta: Meta, *, turned: bool, notices: tuple[str, ...] = ()) -> Told:
    """The metadata of a picture whose pixels will have been turned.

    ``turned`` is False where the decoder itself turns the pixels and EXIF must not do so again.
    """
    block = meta.exif.removeprefix(b"Exif\0\0")
    if not exif.is_block(block):
        block = b""
    way = exif.orientation(block) if turned else 1
    dpi = meta.dpi or exif.resolution(block)
    if dpi is not None and way >= 5:
        dpi = dpi[1], dpi[0]
    xmp = _XMP_ORIENTATION.sub(rb"\g<1>1", meta.xmp)
    return Told(Meta(meta.icc, exif.upright(block), xmp, dpi), way, notices)


def for_file(
    meta: Meta, width: int, height: int, *, location: bool = True, personal: bool = True
) -> Meta:
    """The metadata as it may be written beside pixels of this size.

    Small pictures inside it are left out: they would still show what has been removed.
    """
    if not personal:
        return Meta(icc=meta.icc, dpi=meta.dpi)
    block = exif.without_thumbnail(exif.sized(meta.exif, width, height))
    xmp = _XMP_THUMBNAILS.sub(b"", meta.xmp)
    if not location:
        block, xmp = exif.without_location(block), _XMP_LOCATION.sub(b"", xmp)
    return replace(meta, exif=block, xmp=xmp)


def _tiff_meta(path: Path) -> Meta:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        block, icc, xmp = exif.from_tiff(view)
    return Meta(icc, block, xmp)


def _pillow_meta(path: Path, kind: Kind) -> tuple[Meta, tuple[str, ...]]:
    with opened(path) as image:
        info = image.info
        icc = info.get("icc_profile") or b""
        block, xmp = info.get("exif") or b"", info.get("xmp") or b""
        dpi = info.get("dpi") if kind is BMP or info.get("jfif_unit") in (1, 2) else None
        photoshop = info.get("photoshop") or {}
    if dpi is not None:
        dpi = (round(float(dpi[0]), 2), round(float(dpi[1]), 2)) if min(dpi) > 0 else None
    notices = ("Its IPTC caption record is not carried on.",) if _IPTC in photoshop else ()
    return Meta(icc, block, xmp, dpi), notices
