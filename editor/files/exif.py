"""The TIFF block of EXIF: read, corrected in place, moved between TIFF files and the others.

A block is corrected where it stands and never laid out anew, because the maker notes of cameras
point into it by position. Only TIFF files, whose EXIF is spread over the file itself, are
gathered into a new block (``from_tiff``) and grafted back (``into_tiff``).
A block that cannot be understood is carried as it is, except where privacy asks for more.
"""

from __future__ import annotations

import mmap
import struct
from typing import NamedTuple

EXIF, GPS, INTEROP = 0x8769, 0x8825, 0xA005
ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x0112, 0x011A, 0x011B, 0x0128
XMP, ICC = 700, 34675
_WIDTH, _HEIGHT = 0xA002, 0xA003
_THUMBNAIL, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_WORDS = {3: 2, 8: 2, 4: 4, 9: 4, 11: 4, 13: 4, 5: 4, 10: 4, 12: 8}  # what a byte swap turns round
_MOST_ENTRIES = 4096

# What a TIFF file says about the photograph, not about where its own pixels lie.
_DESCRIPTIVE = {269, 270, 271, 272, 285, 305, 306, 315, 316, 33432, 18246, 18249} | set(
    range(40091, 40096)
)
_PLACED = {ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT}


Block = bytes | bytearray | mmap.mmap  # a file is looked at without reading all of it


class Field(NamedTuple):
    kind: int  # TIFF's type number
    many: int
    data: bytes  # in the byte order of its block


Directory = dict[int, Field]


class _Entry(NamedTuple):
    at: int  # where its 12 bytes begin
    tag: int
    kind: int
    many: int
    data: int  # where its value begins
    size: int


class _Malformed(ValueError):
    pass


def _order(block: Block) -> str:
    if block[:4] == b"II*\0":
        return "<"
    if block[:4] == b"MM\0*":
        return ">"
    raise _Malformed


def _number(block: Block, order: str, form: str, at: int) -> int:
    try:
        return int(struct.unpack_from(order + form, block, at)[0])
    except struct.error as error:
        raise _Malformed from error


def _entries(block: Block, order: str, at: int) -> list[_Entry]:
    """The entries of the directory that begins at a place."""
    count = _number(block, order, "H", at)
    if at < 8 or count > _MOST_ENTRIES:
        raise _Malformed
    found = []
    for index in range(count):
        here = at + 2 + 12 * index
        tag, kind = _number(block, order, "H", here), _number(block, order, "H", here + 2)
        many = _number(block, order, "I", here + 4)
        size = _SIZES.get(kind, 0) * many
        data = here + 8 if size <= 4 else _number(block, order, "I", here + 8)
        if kind in _SIZES and max(data + size, here + 12) <= len(block):
            found.append(_Entry(here, tag, kind, many, data, size))
    return found


def _first(block: Block) -> tuple[str, int]:
    order = _order(block)
    return order, _number(block, order, "I", 4)


def _find(block: Block, order: str, at: int, tag: int) -> _Entry | None:
    return next((entry for entry in _entries(block, order, at) if entry.tag == tag), None)


def _value(block: Block, order: str, entry: _Entry) -> int:
    form = {3: "H", 4: "I", 13: "I"}.get(entry.kind)
    if form is None or entry.many < 1:
        raise _Malformed
    return _number(block, order, form, entry.data)


# ── reading ──


def orientation(block: bytes) -> int:
    """1..8, and 1 where nothing sensible is said."""
    try:
        order, first = _first(block)
        entry = _find(block, order, first, ORIENTATION)
        value = _value(block, order, entry) if entry else 1
    except _Malformed:
        return 1
    return value if 1 <= value <= 8 else 1


def resolution(block: bytes) -> tuple[float, float] | None:
    """Dots per inch, if the block says so."""
    try:
        order, first = _first(block)
        fields = {entry.tag: entry for entry in _entries(block, order, first)}
        unit = fields.get(RESOLUTION_UNIT)
        scale = {2: 1.0, 3: 2.54}.get(_value(block, order, unit) if unit else 2)
        if scale is None:
            return None
        both = []
        for tag in (X_RESOLUTION, Y_RESOLUTION):
            entry = fields[tag]
            over = _number(block, order, "I", entry.data + 4) if entry.kind == 5 else 0
            if over == 0:
                return None
            both.append(_number(block, order, "I", entry.data) / over * scale)
    except (_Malformed, KeyError):
        return None
    return (both[0], both[1]) if min(both) > 0 else None


def is_block(block: bytes) -> bool:
    try:
        _entries(block, *_first(block))
    except _Malformed:
        return False
    return True


# ── correcting in place ──


def upright(block: bytes) -> bytes:
    """The same block with an orientation of 1: the pixels have been turned."""
    copy = bytearray(block)
    try:
        order, first = _first(copy)
        entry = _find(copy, order, first, ORIENTATION)
        if entry and entry.kind == 3:
            struct.pack_into(order + "H", copy, entry.data, 1)
    except _Malformed:
        return block
    return bytes(copy)


def sized(block: bytes, width: int, height: int) -> bytes:
    """The same block with the size of the picture as it is now, where it names one."""
    copy = bytearray(block)
    try:
        order, first = _first(copy)
        pointer = _find(copy, order, first, EXIF)
        if pointer is None:
            return block
        for entry in _entries(copy, order, _value(copy, order, pointer)):
            number = {_WIDTH: width, _HEIGHT: height}.get(entry.tag)
            if number is not None and entry.kind in (3, 4) and entry.many == 1:
                struct.pack_into(order + "HHI", copy, entry.at, entry.tag, 4, 1)
                struct.pack_into(order + "I", copy, entry.at + 8, number)
    except _Malformed:
        return block
    return bytes(copy)


def without_thumbnail(block: bytes) -> bytes:
    """The same block without its small picture, which would still show what was removed."""
    copy = bytearray(block)
    try:
        order, first = _first(copy)
        link = first + 2 + 12 * _number(copy, order, "H", first)
        second = _number(copy, order, "I", link)
        if second == 0:
            return block
        struct.pack_into(order + "I", copy, link, 0)
        fields = {entry.tag: entry for entry in _entries(copy, order, second)}
        if _THUMBNAIL in fields and _THUMBNAIL_LENGTH in fields:
            start = _value(copy, order, fields[_THUMBNAIL])
            end = start + _value(copy, order, fields[_THUMBNAIL_LENGTH])
            if 8 <= start <= end:
                end = min(end, len(copy))
                copy[start:end] = bytes(end - start) if end < len(copy) else b""
    except _Malformed:
        return bytes(copy)
    return bytes(copy)


def without_location(block: bytes) -> bytes:
    """The same block without its GPS directory; a block that cannot be searched is dropped."""
    copy = bytearray(block)
    try:
        order, first = _first(copy)
        pointer = _find(copy, order, first, GPS)
        if pointer is None:
            return block
        directory = _value(copy, order, pointer)
        for entry in _entries(copy, order, directory):
            copy[entry.data : entry.data + entry.size] = bytes(entry.size)
        count = _number(copy, order, "H", directory)
        copy[directory : directory + 2 + 12 * count] = bytes(2 + 12 * count)
        # The entries after the pointer move up by one; the link to the next directory with them.
        entries = _number(copy, order, "H", first)
        end = first + 2 + 12 * entries + 4
        copy[pointer.at : end] = copy[pointer.at + 12 : end] + bytes(12)
        struct.pack_into(order + "H", copy, first, entries - 1)
    except _Malformed:
        return b""
    return bytes(copy)


# ── to and from TIFF files ──


def from_tiff(block: Block) -> tuple[bytes, bytes, bytes]:
    """The EXIF block, ICC profile and XMP of a classic TIFF file, each empty if it has none."""
    try:
        order, first = _first(block)
        main = _read(block, order, first)
    except _Malformed:
        return b"", b"", b""
    kept = {tag: field for tag, field in main.items() if tag in _DESCRIPTIVE | _PLACED}
    folders = _subdirectories(block, order, main)
    if not kept and not folders:
        return b"", _bytes(main, ICC), _bytes(main, XMP)
    head = (b"II*\0" if order == "<" else b"MM\0*") + bytes(4)
    exif = bytearray(head)
    first = _append(exif, order, kept, folders)
    struct.pack_into(order + "I", exif, 4, first)
    return bytes(exif), _bytes(main, ICC), _bytes(main, XMP)


def into_tiff(
    file: bytearray, exif: bytes, icc: bytes, xmp: bytes, dpi: tuple[float, float] | None
) -> None:
    """Give a TIFF file a new first directory with these tags, at its end. Pixels stay in place."""
    order, first = _first(file)
    main = _read(file, order, first)
    for tag in _DESCRIPTIVE | {XMP, EXIF, GPS}:  # what the encoder made up
        main.pop(tag, None)
    folders: dict[int, Directory] = {}
    if exif:
        theirs, start = _first(exif)
        told = _read(exif, theirs, start)
        for tag, field in told.items():
            if tag in _DESCRIPTIVE:
                main[tag] = _swapped(field, theirs, order)
        for tag, folder in _subdirectories(exif, theirs, told).items():
            folders[tag] = {one: _swapped(field, theirs, order) for one, field in folder.items()}
    if icc:
        main[ICC] = Field(7, len(icc), icc)
    if xmp:
        main[XMP] = Field(1, len(xmp), xmp)
    for tag, dots in zip((X_RESOLUTION, Y_RESOLUTION), dpi or (), strict=False):
        main[tag] = Field(5, 1, struct.pack(order + "II", round(dots * 1000), 1000))
        main[RESOLUTION_UNIT] = Field(3, 1, struct.pack(order + "H", 2))
    struct.pack_into(order + "I", file, 4, _append(file, order, main, folders))


def with_resolution(block: bytes, dpi: tuple[float, float]) -> bytes:
    """A block that says the resolution, for files that have no other place for it."""
    if block:
        return block
    made = bytearray(b"II*\0" + bytes(4))
    both = [Field(5, 1, struct.pack("<II", round(dots * 1000), 1000)) for dots in dpi]
    unit = Field(3, 1, struct.pack("<H", 2))
    main = {X_RESOLUTION: both[0], Y_RESOLUTION: both[1], RESOLUTION_UNIT: unit}
    struct.pack_into("<I", made, 4, _append(made, "<", main, {}))
    return bytes(made)


def _read(block: Block, order: str, at: int) -> Directory:
    return {
        entry.tag: Field(entry.kind, entry.many, bytes(block[entry.data : entry.data + entry.size]))
        for entry in _entries(block, order, at)
    }


def _bytes(directory: Directory, tag: int) -> bytes:
    return directory[tag].data if tag in directory else b""


def _subdirectories(block: Block, order: str, main: Directory) -> dict[int, Directory]:
    """The EXIF, GPS and interoperability directories, under the tags that point to them."""
    found: dict[int, Directory] = {}
    for tag, home in ((EXIF, main), (GPS, main), (INTEROP, None)):
        parent = home if home is not None else found.get(EXIF, {})
        if tag in parent and len(parent[tag].data) == 4:
            try:
                start = _number(parent[tag].data, order, "I", 0)
                found[tag] = _read(block, order, start)
            except _Malformed:
                continue
    return found


def _swapped(field: Field, theirs: str, ours: str) -> Field:
    word = _WORDS.get(field.kind, 1)
    if theirs == ours or word == 1:
        return field
    words = [field.data[at : at + word][::-1] for at in range(0, len(field.data), word)]
    return field._replace(data=b"".join(words))


def _append(block: bytearray, order: str, main: Directory, folders: dict[int, Directory]) -> int:
    """Lay out directories at the end of a block; where the main one begins."""
    folders = {tag: dict(folder) for tag, folder in folders.items()}
    main = {tag: field for tag, field in main.items() if tag not in (EXIF, GPS)}
    for tag in (INTEROP, GPS, EXIF):
        parent = folders.get(EXIF) if tag == INTEROP else main
        if parent is None:
            continue
        parent.pop(tag, None)
        if tag in folders:
            start = _lay(block, order, folders[tag])
            parent[tag] = Field(4, 1, struct.pack(order + "I", start))
    return _lay(block, order, main)


def _lay(block: bytearray, order: str, directory: Directory) -> int:
    block += bytes(len(block) % 2)
    start = len(block)
    end = start + 2 + 12 * len(directory) + 4
    table, values = bytearray(struct.pack(order + "H", len(directory))), bytearray()
    for tag, field in sorted(directory.items()):
        table += struct.pack(order + "HHI", tag, field.kind, field.many)
        if len(field.data) <= 4:
            table += field.data.ljust(4, b"\0")
        else:
            table += struct.pack(order + "I", end + len(values))
            values += field.data + bytes(len(field.data) % 2)
    block += table + bytes(4) + values
    return start
