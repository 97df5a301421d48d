"""Chunks of PNG, resources of Photoshop, boxes of JPEG XL and JPEG 2000: where metadata lies.

Pixels are never touched here. These are walked by hand because no library gives the bytes of all
of them: Pillow does not look behind a PNG's pixels, where ExifTool puts XMP, opens
no 16-bit Photoshop file and knows no JPEG XL.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from editor.engine.image import Meta

_MOST = 64 << 20  # no metadata is larger than this, whatever a file says
_SIGNATURE = 8
_XMP_KEY = b"XML:com.adobe.xmp\0"
_LEAST_JXL = 128  # bytes; OpenImageIO takes a shorter file for a damaged one
_JP2_EXIF = b"JpgTiffExif->JP2"
_JP2_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_PSD_HEADER = 26
_PSD_RESOLUTION, _PSD_ICC, _PSD_EXIF, _PSD_XMP = _RESOURCES = (1005, 1039, 1058, 1060)
_INCH = 39.3701  # to a metre


# ── PNG ──


def png_meta(path: Path) -> Meta:
    icc = exif = xmp = b""
    dpi = None
    with path.open("rb") as file:
        for name, data in _chunks(file):
            if name == b"iCCP":
                icc = _inflated(data.partition(b"\0")[2][1:])
            elif name == b"eXIf":
                exif = data
            elif name == b"iTXt" and data.startswith(_XMP_KEY):
                xmp = _international(data[len(_XMP_KEY) :])
            elif name == b"pHYs" and len(data) == 9 and data[8] == 1:
                across, down = struct.unpack(">II", data[:8])
                if across and down:
                    dpi = (round(across / _INCH, 2), round(down / _INCH, 2))
    return Meta(icc, exif, xmp, dpi)


def png_with(encoded: bytes, meta: Meta) -> bytes:
    """The same PNG with a profile, EXIF, XMP and resolution before its pixels."""
    chunks = []
    if meta.icc:
        chunks.append((b"iCCP", b"ICC profile\0\0" + zlib.compress(meta.icc)))
    if meta.dpi:
        across, down = (round(dots * _INCH) for dots in meta.dpi)
        chunks.append((b"pHYs", struct.pack(">IIB", across, down, 1)))
    if meta.exif:
        chunks.append((b"eXIf", meta.exif))
    if meta.xmp:
        chunks.append((b"iTXt", _XMP_KEY + bytes(4) + meta.xmp))
    made = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    after_header = _SIGNATURE + 25  # IHDR always comes first and is 25 bytes long
    return encoded[:after_header] + made + encoded[after_header:]


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The small chunks of a PNG; pixels and anything too large are jumped over."""
    file.seek(_SIGNATURE)
    while len(head := file.read(8)) == 8:
        size, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"IEND":
            return
        if name in (b"iCCP", b"eXIf", b"iTXt", b"pHYs") and size <= _MOST:
            yield name, file.read(size)
            file.seek(4, 1)
        else:
            file.seek(size + 4, 1)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST)
    except zlib.error:
        return b""


def _international(text: bytes) -> bytes:
    """The text of an iTXt chunk behind its keyword."""
    packed = text[:1] == b"\1"
    _language, _, rest = text[2:].partition(b"\0")
    _translated, _, body = rest.partition(b"\0")
    return _inflated(body) if packed else body


# ── Photoshop ──


def psd_meta(path: Path) -> Meta:
    found: dict[int, bytes] = {}
    with path.open("rb") as file:
        file.seek(_PSD_HEADER)
        file.seek(_size(file), 1)  # the palette
        end = _size(file) + file.tell()
        while file.tell() < end and file.read(4) == b"8BIM":
            number = int.from_bytes(file.read(2), "big")
            name = file.read(1)[:1] or b"\0"
            file.seek(name[0] | 1, 1)  # padded so that it is even with its length
            size = _size(file)
            if number in _RESOURCES and size <= _MOST:
                found[number] = file.read(size)
            else:
                file.seek(size, 1)
            file.seek(size % 2, 1)
    dots = found.get(_PSD_RESOLUTION, b"")
    dpi = None
    if len(dots) >= 12:
        across, down = (int.from_bytes(dots[at : at + 4], "big") / 65536 for at in (0, 8))
        dpi = (across, down) if across and down else None
    icc, exif, xmp = (found.get(number, b"") for number in (_PSD_ICC, _PSD_EXIF, _PSD_XMP))
    return Meta(icc, exif, xmp, dpi)


def _size(file: BinaryIO) -> int:
    return int.from_bytes(file.read(4), "big")


# ── JPEG XL, JPEG 2000 ──


def box_meta(path: Path) -> tuple[Meta, tuple[str, ...]]:
    """EXIF and XMP out of boxes; the profile is the decoder's to tell."""
    exif = xmp = b""
    notices: tuple[str, ...] = ()
    with path.open("rb") as file:
        for name, data in _boxes(file, {b"Exif", b"xml ", b"uuid", b"brob"}):
            if name == b"Exif" and len(data) > 4:
                exif = data[4 + int.from_bytes(data[:4], "big") :]
            elif name == b"xml " and b"<x:xmpmeta" in data:
                xmp = data
            elif name == b"uuid" and data.startswith(_JP2_EXIF):
                exif = data[16:]
            elif name == b"uuid" and data.startswith(_JP2_XMP):
                xmp = data[16:]
            elif name == b"brob" and data[:4] in (b"Exif", b"xml "):
                notices = ("Its metadata is compressed with Brotli and was not read.",)
    return Meta(exif=exif, xmp=xmp), notices


def jp2_with(encoded: bytearray, meta: Meta) -> bytearray:
    return _with_boxes(
        encoded,
        [(b"uuid", _JP2_EXIF + meta.exif)] * bool(meta.exif)
        + [(b"uuid", _JP2_XMP + meta.xmp)] * bool(meta.xmp),
    )


def jxl_with(encoded: bytearray, meta: Meta) -> bytearray:
    """The same JPEG XL with our metadata instead of what its encoder made up."""
    if encoded.startswith(b"\xff\x0a"):  # a bare stream of pixels has no boxes yet
        start = b"\0\0\0\x0cJXL \r\n\x87\n" + _box(b"ftyp", b"jxl \0\0\0\0jxl ")
        encoded = bytearray(start + _box(b"jxlc", bytes(encoded)))
    kept = bytearray()
    at = 0
    while at + 8 <= len(encoded):
        size, name = int.from_bytes(encoded[at : at + 4], "big"), bytes(encoded[at + 4 : at + 8])
        if size == 1:
            size = int.from_bytes(encoded[at + 8 : at + 16], "big")
        size = size or len(encoded) - at
        if name not in (b"Exif", b"xml ", b"brob"):
            kept += encoded[at : at + size]
        at += size
    boxes = [(b"Exif", bytes(4) + meta.exif)] * bool(meta.exif)
    made = _with_boxes(kept, boxes + [(b"xml ", meta.xmp)] * bool(meta.xmp))
    if len(made) < _LEAST_JXL:
        made += _box(b"free", bytes(_LEAST_JXL - len(made)))
    return made


def _with_boxes(encoded: bytearray, boxes: Iterable[tuple[bytes, bytes]]) -> bytearray:
    return encoded + b"".join(_box(name, data) for name, data in boxes)


def _box(name: bytes, data: bytes) -> bytes:
    if len(data) + 8 < 1 << 32:
        return struct.pack(">I", len(data) + 8) + name + data
    return struct.pack(">I", 1) + name + struct.pack(">Q", len(data) + 16) + data


def _boxes(file: BinaryIO, wanted: set[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The outermost boxes that are wanted, as far as they are whole."""
    while len(head := file.read(8)) == 8:
        size, name, used = int.from_bytes(head[:4], "big"), head[4:], 8
        if size == 1:
            size, used = int.from_bytes(file.read(8), "big"), 16
        if size < used:  # 0: this one goes on to the end
            return
        if name in wanted and size <= _MOST:
            yield name, file.read(size - used)
        else:
            file.seek(size - used, 1)
