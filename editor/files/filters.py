"""Filters that were saved: one zip each, with the pictures before and after and how they are used.

A filter is called as its file is, so that a list of them needs no file to be opened and renaming
one is a single step. Everything that is read is checked first, as in a project; what reading
refuses, writing refuses too.
"""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import editor
from editor.engine.cv import cv2
from editor.engine.image import Picture, check_picture, to_working
from editor.files import png
from editor.files.atomic import sweep
from editor.files.kinds import MAX_PIXELS
from editor.files.problems import (
    FileProblem,
    free_memory,
    in_bytes,
    reason,
    refused,
    shown,
    word,
)
from editor.files.project import BadPack, pack, plain_json, unpack
from editor.files.safe_zip import SafeZip
from editor.files.whole_zip import DAMAGED, write_zip

FORMAT = 1
SUFFIX = ".filter"
MOST_PAIRS = 16
THUMBNAIL_SIDE = 96

_MANIFEST = "filter.json"
_THUMBNAIL = "thumbnail.png"
_LONGEST_NAME = 60
_STRANGE = set('/\\:*?"<>|')  # letters that some system does not have in a file name
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{a}{n}" for a in ("com", "lpt") for n in range(10)}
_DEPTHS = ("uint8", "uint16", "float32")
_CHANNELS = (3, 4)
_MOST_JSON = 1 << 20
_SMALL = 256 << 20  # bytes of pixels that need no look at the memory

Pair = tuple[Picture, Picture]  # before and after, of one size
_Kept = tuple[tuple[int, ...], np.dtype[Any]]  # shape and depth of a picture


@dataclass(frozen=True, slots=True, eq=False)
class SavedFilter:
    """What a filter file holds."""

    values: Mapping[str, Any]  # of the options, plain JSON
    pairs: tuple[Pair, ...]


def check_name(name: str) -> None:
    """Raise ValueError unless a file can be called so on every system."""
    told = f"a filter cannot be called {word(name)}"
    if not name.strip():
        raise ValueError("a filter needs a name")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"{told}: a name has at most {_LONGEST_NAME} letters")
    strange = next((one for one in name if one in _STRANGE or not one.isprintable()), None)
    if strange is not None:
        raise ValueError(f"{told}: {strange!r} cannot be in the name of a file")
    if name != name.strip() or name[0] == "." or name[-1] == ".":
        raise ValueError(f"{told}: a name neither begins nor ends with a dot or a space")
    if name.lower() in _RESERVED:
        raise ValueError(f"{told}: that is the name of a device on Windows")


def filter_names(folder: Path) -> list[str]:
    """The filters of a folder, in the order of the alphabet; no file is opened."""
    try:
        found = [Path(entry.name) for entry in os.scandir(folder) if entry.is_file()]
    except OSError:
        return []
    names = [one.stem for one in found if one.suffix == SUFFIX and not one.name.startswith(".")]
    return sorted(names, key=lambda name: (name.casefold(), name))


def filter_path(folder: Path, name: str) -> Path:
    """Where a filter is, or would be. Raises ValueError for a name that cannot be."""
    check_name(name)
    return folder / f"{name}{SUFFIX}"


def write_filter(folder: Path, name: str, filter_: SavedFilter, *, replace: bool = False) -> None:
    """Write it whole or not at all. Raises FileProblem; ValueError for what no filter can be."""
    path = filter_path(folder, name)
    check_filter(filter_)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"{shown(path)} cannot be saved: {reason(error)}") from error
    sweep(folder)
    if path.exists() and not replace:
        raise FileProblem(f"{name} is the name of another filter")

    write_zip(path, lambda: _entries(filter_), _described)


def _entries(filter_: SavedFilter) -> Iterator[tuple[str, str | bytes]]:
    yield _MANIFEST, _manifest(filter_)
    yield _THUMBNAIL, png.encode(thumbnail(filter_.pairs[0]))
    for number, pair in enumerate(filter_.pairs):
        for which, pixels in zip(("A", "Ap"), pair, strict=True):
            yield _entry(number, which, pixels.dtype), _packed(pixels)


def read_filter(folder: Path, name: str) -> SavedFilter:
    """Raises FileProblem; ValueError for a name that cannot be."""
    path = _existing(folder, name)
    try:
        with SafeZip(path) as archive:
            values, kept = _described(path, archive)
            _check_memory(path, kept)
            return SavedFilter(values, _pairs(path, archive, kept))
    except DAMAGED as error:
        raise refused(path, "its description is damaged") from error
    except BadPack as error:
        raise refused(path, "its pixels are damaged") from error
    except (MemoryError, cv2.error) as error:
        raise refused(path, "there is not enough memory") from error


def read_thumbnail(folder: Path, name: str) -> NDArray[np.uint8]:
    """The small picture of a filter, RGB. Raises FileProblem."""
    path = _existing(folder, name)
    with SafeZip(path) as archive:
        data = archive.read(_THUMBNAIL, 3 * THUMBNAIL_SIDE**2 + 4096)
    told = png.shape_of(data)
    fits = told is not None and len(told[0]) == 3 and max(told[0]) <= THUMBNAIL_SIDE
    pixels = png.decode(data) if fits else None
    if pixels is None or pixels.dtype != np.uint8 or pixels.shape[2:] != (3,):
        raise refused(path, "its thumbnail is damaged")
    return pixels


def rename_filter(folder: Path, name: str, new: str) -> None:
    """Raises FileProblem if that name is taken; ValueError for one that cannot be."""
    old, path = _existing(folder, name), filter_path(folder, new)
    if path.exists() and not os.path.samefile(old, path):  # Oils and oils may be one file
        raise FileProblem(f"{new} is the name of another filter")
    _move(old, path)


def delete_filter(folder: Path, name: str) -> Path:
    """Set a filter aside; for a day ``restore_filter`` can bring it back from there."""
    aside = folder / f".{name}{SUFFIX}.{secrets.token_hex(4)}.tmp"  # as ``sweep`` knows them
    _move(_existing(folder, name), aside)
    os.utime(aside)
    return aside


def restore_filter(folder: Path, name: str, aside: Path) -> None:
    """Bring a deleted filter back. Raises FileProblem if its name is taken."""
    path = filter_path(folder, name)
    if path.exists():
        raise FileProblem(f"{name} is the name of another filter")
    _move(aside, path)


def _existing(folder: Path, name: str) -> Path:
    path = filter_path(folder, name)
    if not path.exists():
        raise FileProblem(f"{name} is the name of no filter")
    return path


def _move(old: Path, new: Path) -> None:
    try:
        os.rename(old, new)
    except OSError as error:
        raise FileProblem(f"{shown(old)} cannot be moved: {reason(error)}") from error


def check_filter(filter_: SavedFilter) -> None:
    """Raise ValueError unless a file can hold it and give it back."""
    if not 1 <= len(filter_.pairs) <= MOST_PAIRS:
        raise ValueError(f"a filter has 1 to {MOST_PAIRS} pairs of pictures: these are"
                         f" {len(filter_.pairs)}")  # fmt: skip
    for A, Ap in filter_.pairs:
        for pixels in (A, Ap):
            check_picture(pixels)
        if A.shape[:2] != Ap.shape[:2]:
            raise ValueError("the pictures before and after are of different sizes")


# ── what is written ──


def _manifest(filter_: SavedFilter) -> bytes:
    told = {
        "format": FORMAT,
        "patina": editor.__version__,
        "values": dict(filter_.values),
        "pairs": [
            [{"shape": one.shape, "dtype": one.dtype.name} for one in pair]
            for pair in filter_.pairs
        ],
    }
    return plain_json(told)


def _packed(pixels: Picture) -> bytes:
    """PNG, which cannot hold floats: those are packed as projects do it."""
    return pack(pixels, level=3) if pixels.dtype == np.float32 else png.encode(pixels)


def thumbnail(pair: Pair) -> NDArray[np.uint8]:
    """Small: the left half is before, the right half after."""
    small = [_small(pixels) for pixels in pair]
    middle = small[0].shape[1] // 2
    joined = np.concatenate([small[0][:, :middle], small[1][:, middle:]], axis=1)
    return np.ascontiguousarray(joined)


def _small(pixels: Picture) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = min(1.0, THUMBNAIL_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    step = max(1, min(height, width) // (4 * THUMBNAIL_SIDE))
    working = to_working(np.ascontiguousarray(pixels[::step, ::step]))
    small = cv2.resize(working, size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.rint(np.clip(small, 0, 1) * 255), np.uint8)


# ── what is read ──


def _described(path: Path, archive: SafeZip) -> tuple[dict[str, Any], list[list[_Kept]]]:
    """The values, and what each picture is, before any pixels are read."""
    if _MANIFEST not in archive:
        raise refused(path, "it is not a filter")
    told = json.loads(archive.read(_MANIFEST, _MOST_JSON))
    version = told["format"]
    if type(version) is not int or version < 1:
        raise refused(path, f"its format is {word(version)}")
    if version > FORMAT:
        raise refused(path, f"it was made by a newer Patina (format {word(version)})")
    values, pairs = told["values"], told["pairs"]
    if not isinstance(values, dict) or not isinstance(pairs, list):
        raise refused(path, "its description is damaged")
    if not 1 <= len(pairs) <= MOST_PAIRS:
        raise refused(path, f"it has {len(pairs)} pairs of pictures")
    kept = [[_checked(path, one) for one in pair] for pair in pairs]
    for pair in kept:
        if len(pair) != 2 or pair[0][0][:2] != pair[1][0][:2]:
            raise refused(path, "its pictures before and after are of different sizes")
    return values, kept


def _checked(path: Path, told: Any) -> _Kept:
    """A shape and a depth that may be allocated, before they are."""
    shape, dtype = told["shape"], told["dtype"]
    fits = isinstance(shape, list) and len(shape) in (2, 3) and dtype in _DEPTHS
    if not fits or not all(type(side) is int and side >= 1 for side in shape):
        raise refused(path, f"it describes a picture of {word(shape)} {word(dtype)}")
    if len(shape) == 3 and shape[2] not in _CHANNELS:
        raise refused(path, f"it describes a picture of {word(shape)} {word(dtype)}")
    if math.prod(shape[:2]) > MAX_PIXELS:
        raise refused(path, f"it describes a picture of {word(shape)}, which is too large")
    return tuple(shape), np.dtype(dtype)


def _check_memory(path: Path, pairs: list[list[_Kept]]) -> None:
    size = sum(math.prod(shape) * dtype.itemsize for pair in pairs for shape, dtype in pair)
    if size > _SMALL and size > (free := free_memory()) // 2:
        raise refused(
            path, f"its pictures need {in_bytes(size)} and {in_bytes(free)} of memory are free"
        )


def _pairs(path: Path, archive: SafeZip, pairs: list[list[_Kept]]) -> tuple[Pair, ...]:
    found = []
    for number, (before, after) in enumerate(pairs):
        A, Ap = (
            _pixels(path, archive, _entry(number, which, kept[1]), kept)
            for which, kept in (("A", before), ("Ap", after))
        )
        found.append((A, Ap))
    return tuple(found)


def _pixels(path: Path, archive: SafeZip, entry: str, kept: _Kept) -> Picture:
    shape, dtype = kept
    size = math.prod(shape) * dtype.itemsize + shape[0]  # PNG begins each row with a byte
    data = archive.read(entry, size + size // 8 + 4096)
    if dtype == np.float32:
        return unpack(data, shape, dtype)
    pixels = png.decode(data) if png.shape_of(data) == kept else None
    if pixels is None or pixels.shape != shape or pixels.dtype != dtype:
        raise refused(path, f"{entry} is damaged")
    return pixels


def _entry(number: int, which: str, dtype: np.dtype[Any]) -> str:
    return f"pairs/{number}-{which}.{'zst' if dtype == np.float32 else 'png'}"
