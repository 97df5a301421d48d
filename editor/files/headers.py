"""How large a picture is, from its header alone, for the kinds whose decoder starts with pixels."""

from __future__ import annotations

from pathlib import Path

from editor.files.kinds import GIF, JP2, JXL, WEBP, Kind
from editor.files.openimageio import DecodeError, Header
from editor.files.pillow import opened

_LOOKED_AT = 1 << 16
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # of JPEG XL


def header_of(path: Path, kind: Kind) -> Header | None:
    """The header of a WebP, GIF, JPEG 2000 or JPEG XL file; the others need no help."""
    if kind is JXL:
        return Header(*_jxl_size(path), 4)
    if kind in (WEBP, GIF, JP2):
        with opened(path) as image:
            deep = 2 if "16" in image.mode else 1
            return Header(*image.size, len(image.getbands()) * deep)
    return None


def _jxl_size(path: Path) -> tuple[int, int]:
    """The SizeHeader of ISO/IEC 18181-1: an own bit reader, for no other library tells it."""
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    start = _jxl_stream(head)
    if head[start : start + 2] != b"\xff\x0a":
        raise DecodeError("it has no JPEG XL picture")
    bits = int.from_bytes(head[start + 2 : start + 18], "little")

    def take(count: int) -> int:
        nonlocal bits
        value = bits & ((1 << count) - 1)
        bits >>= count
        return value

    small = take(1)

    def side() -> int:
        return (take(5) + 1) * 8 if small else take((9, 13, 18, 30)[take(2)]) + 1

    height = side()
    ratio = take(3)
    if ratio == 0:
        return side(), height
    across, down = _RATIOS[ratio - 1]
    return height * across // down, height


def _jxl_stream(head: bytes) -> int:
    """Where the pixels' stream begins: at once, or in its box."""
    if head.startswith(b"\xff\x0a"):
        return 0
    at = 0
    while at + 8 <= len(head):
        size, name = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 8]
        if name in (b"jxlc", b"jxlp"):
            return at + (16 if size == 1 else 8) + (4 if name == b"jxlp" else 0)
        if size < 8:
            break
        at += size
    raise DecodeError("it has no JPEG XL picture")
