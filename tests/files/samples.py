"""Pictures and metadata made on the spot, and one trip of them through a file and back."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtGui import QColorSpace

from editor.engine.image import Meta, Picture
from editor.files import exif
from editor.files.kinds import KINDS, Kind
from editor.files.read import Photo, read_picture
from editor.files.write import SaveOptions, write_picture

WIDTH, HEIGHT = 48, 32
DEPTHS = ("uint8", "uint16", "float32")
CHANNELS = {"grey": 1, "RGB": 3, "RGBA": 4}
MODEL, DATE, LATITUDE = "Obscura 7", "2026:01:02 03:04:05", (48.0, 8.0, 30.0)
XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
    b' xmlns:exif="http://ns.adobe.com/exif/1.0/" dc:format="image" tiff:Orientation="1"'
    b' exif:GPSLatitude="48,8.5N"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def icc(space: QColorSpace.NamedColorSpace = QColorSpace.NamedColorSpace.AdobeRgb) -> bytes:
    return QColorSpace(space).iccProfile().data()


def exif_block(orientation: int = 1) -> bytes:
    """Camera, date and place, and an orientation, as a camera writes them."""
    block = Image.Exif()
    block[0x0110], block[0x0132], block[0x0112] = MODEL, DATE, orientation
    block.get_ifd(exif.EXIF)[0x9003] = DATE
    block.get_ifd(exif.EXIF)[0xA002] = 4000
    block.get_ifd(exif.GPS).update({1: "N", 2: LATITUDE})
    return block.tobytes().removeprefix(b"Exif\0\0")


def with_thumbnail(block: bytes, thumbnail: bytes) -> bytes:
    """The block with a second directory that holds a small picture."""
    order = "<" if block[:2] == b"II" else ">"
    made = bytearray(block + bytes(len(block) % 2))
    first = struct.unpack_from(order + "I", made, 4)[0]
    link = first + 2 + 12 * struct.unpack_from(order + "H", made, first)[0]
    struct.pack_into(order + "I", made, link, len(made))
    start = len(made) + 2 + 24 + 4
    made += struct.pack(order + "H", 2)
    made += struct.pack(order + "HHII", 0x0201, 4, 1, start)
    made += struct.pack(order + "HHII", 0x0202, 4, 1, len(thumbnail))
    return bytes(made + bytes(4) + thumbnail)


def tags(block: bytes) -> dict[str, Any]:
    """What another program finds in the block."""
    read = Image.Exif()
    read.load(b"Exif\0\0" + block)
    place = read.get_ifd(exif.GPS).get(2)
    return {
        "model": read.get(0x0110),
        "date": read.get_ifd(exif.EXIF).get(0x9003),
        "place": tuple(float(part) for part in place) if place else None,
    }


FULL = {"model": MODEL, "date": DATE, "place": LATITUDE}


def sample(depth: str, channels: int) -> Picture:
    """A smooth picture in which every channel differs and no direction is like another."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    planes = [x / 47, y / 31, (x + 2 * y) / 109, 0.25 + 0.75 * x / 47]
    values = planes[0] if channels == 1 else np.stack(planes[:channels], axis=-1)
    if depth == "float32":
        return (values * 1.5).astype(np.float32) if channels < 4 else values.astype(np.float32)
    return np.rint(values * np.iinfo(depth).max).astype(depth)


def psnr(one: Picture, other: Picture) -> float:
    """Decibels between two pictures of the same depth."""
    top = 1.0 if one.dtype == np.float32 else float(np.iinfo(one.dtype).max)
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(top * top / error))


@dataclass(frozen=True)
class Trip:
    kind: Kind
    before: Picture
    meta: Meta
    photo: Photo
    notices: tuple[str, ...]

    @property
    def exact(self) -> bool:
        after = self.photo.pixels
        return after.dtype == self.before.dtype and np.array_equal(after, self.before)


def trip(folder: Path, kind: Kind, depth: str, channels: int, *, profile: bool = True) -> Trip:
    """Write a sample with all its metadata and read it again."""
    pixels = sample(depth, channels)
    space = QColorSpace.NamedColorSpace.AdobeRgb
    meta = Meta(
        icc=icc(space) if profile and channels > 1 and depth != "float32" else b"",
        exif=exif_block(),
        xmp=XMP,
        dpi=(300.0, 300.0),
    )
    path = folder / f"sample-{depth}-{channels}{kind.suffix}"
    notices = write_picture(path, pixels, meta, SaveOptions(lossless=True), overwrite=True)
    return Trip(kind, pixels, meta, read_picture(path), notices)


WRITTEN = [kind for kind in KINDS if kind.writes]
