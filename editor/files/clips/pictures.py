"""Clips that are not FFmpeg's: a folder of pictures, and an animated WebP, which it cannot read.

A reader here yields frames such as FFmpeg's, so that everything behind it is the same.
"""

from __future__ import annotations

import contextlib
import io
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np
from PIL import Image

from editor.engine.clip import evenly
from editor.engine.image import Picture, Size
from editor.files.clips.container import check_size
from editor.files.clips.index import MAX_FRAMES, Index
from editor.files.clips.kinds import ANIMATED_WEBP
from editor.files.clips.timing import Timing, as_shown, timing_of
from editor.files.colour import fitted
from editor.files.kinds import GIF, KINDS
from editor.files.openimageio import DecodeError
from editor.files.pillow import opened
from editor.files.problems import FileProblem, in_bytes, shown, unreadable
from editor.files.read import read_picture

_SUFFIXES = frozenset(suffix for kind in KINDS for suffix in kind.suffixes)
_NUMBERS = re.compile(r"(\d+)")
_ORIENTATION = 0x0112  # of EXIF
_LARGEST_WEBP = 1 << 29  # bytes: the whole file is held in memory
_MILLISECOND = Fraction(1, 1000)


class Reader(Protocol):
    """Decoded frames by number, as FFmpeg's VideoFrame; for one thread at a time."""

    def frame(self, number: int) -> Any: ...

    def close(self) -> None: ...


# ── a folder of pictures ──


def pictures_in(folder: Path) -> tuple[Path, ...]:
    """The pictures of a folder as frames: counted as a person counts, none missing, of one size."""
    try:
        found = [one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES]
        paths = sorted((one for one in found if not one.name.startswith(".")), key=_natural)
    except OSError as error:
        raise unreadable(folder, error) from error
    if not paths:
        raise FileProblem(f"{shown(folder)} is not a clip: there are no pictures in the folder")
    if len(paths) > MAX_FRAMES:
        raise FileProblem(
            f"{shown(folder)} is too long: it holds {len(paths):,} pictures"
            f" and the limit is {MAX_FRAMES:,}"
        )
    _check_gaps(folder, paths)
    size = _size(paths[0])
    check_size(folder, *size)
    for path in paths[1:]:
        if (other := _size(path)) != size:
            raise FileProblem(
                f"{shown(folder)} is not a clip: {shown(path)} is {other} pixels"
                f" and {shown(paths[0])} is {size}"
            )
    return tuple(paths)


def _natural(path: Path) -> tuple[Any, ...]:
    """For sorting: walk_9 comes before walk_10."""
    parts = _NUMBERS.split(path.name)
    return tuple(int(part) if place % 2 else part.lower() for place, part in enumerate(parts))


def _check_gaps(folder: Path, paths: list[Path]) -> None:
    """Raise FileProblem if one series of numbers has a hole or a number twice."""
    split = [_NUMBERS.split(path.stem) for path in paths]
    series = {(*parts[:-2], parts[-1]) for parts in split}
    if len(series) > 1 or len(split[0]) < 3:
        return  # named in another way: the order of the names is all there is to go by
    numbers = [int(parts[-2]) for parts in split]
    for before, after in pairwise(numbers):
        if after == before:
            raise FileProblem(f"{shown(folder)} is not a clip: picture {after} is there twice")
        if after > before + 1:
            missing = (
                f"picture {before + 1} is"
                if after == before + 2
                else (f"pictures {before + 1} to {after - 1} are")
            )
            raise FileProblem(f"{shown(folder)} is not a whole clip: {missing} missing")


def _size(path: Path) -> Size:
    try:
        with opened(path) as image:
            size = Size(*image.size)
            return Size(*size[::-1]) if image.getexif().get(_ORIENTATION, 1) >= 5 else size
    except DecodeError:
        return Size.of(read_picture(path).pixels)
    except OSError as error:
        raise unreadable(path, error) from error


def index_of_pictures(paths: tuple[Path, ...], rate: Fraction) -> Index:
    numbers = np.arange(len(paths), dtype=np.int64)
    return Index(numbers, numbers, numbers, Timing(evenly(len(paths), rate), rate, True))


class FolderReader:
    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths

    def frame(self, number: int) -> Any:
        photo = read_picture(self._paths[number])
        pixels, _ = fitted(photo.pixels, photo.meta.icc, GIF)  # GIF: 8 bits of sRGB, with alpha
        return _as_frame(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2))

    def close(self) -> None:
        pass


def _as_frame(pixels: Picture) -> Any:
    return av.VideoFrame.from_ndarray(pixels, "rgba" if pixels.shape[2] == 4 else "rgb24")


# ── animated WebP ──


class WebpReader:
    """Frames as Pillow decodes them. To go back is to begin again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        data, self._lengths, self.whole = _chunks(path)
        with _complaints(path):
            self._image = Image.open(io.BytesIO(data), formats=("WEBP",))
            check_size(path, *self._image.size)
            self._frames = int(getattr(self._image, "n_frames", 1))

    def index(self) -> Index:
        lengths = (self._lengths or [100])[: min(self._frames, MAX_FRAMES)]
        stamps = np.cumsum([0, *lengths[:-1]], dtype=np.int64)
        shown = as_shown(stamps, _MILLISECOND, lengths[-1], ANIMATED_WEBP.shortest)
        timing = timing_of(shown[0], _MILLISECOND, shown[1], None)
        none = np.zeros(1, np.int64)
        cut = f"The file is incomplete: {len(lengths)} whole frames are there."
        return Index(shown[0], none, none, timing, () if self.whole else (cut,))

    def frame(self, number: int) -> Any:
        with _complaints(self._path):
            self._image.seek(number)
            mode = "RGBA" if self._image.mode == "RGBA" else "RGB"
            return _as_frame(np.asarray(self._image.convert(mode)))

    def close(self) -> None:
        self._image.close()


@contextlib.contextmanager
def _complaints(path: Path) -> Any:
    try:
        yield
    except FileProblem:
        raise
    except MemoryError as error:
        raise FileProblem(f"{shown(path)} cannot be opened: there is not enough memory") from error
    except Exception as error:  # a damaged file can make Pillow raise anything
        raise FileProblem(
            f"{shown(path)} cannot be opened: the WebP file is damaged or incomplete"
        ) from error


def _chunks(path: Path) -> tuple[bytes, list[int], bool]:
    """The file up to its last whole chunk, how long its frames last (ms), and whether it is whole.

    libwebp decodes nothing of a file that is cut short, and tells durations only as it decodes.
    """
    try:
        size = path.stat().st_size
        if size > _LARGEST_WEBP:
            raise FileProblem(
                f"{shown(path)} is too large: {in_bytes(size)} of WebP, and the limit is"
                f" {in_bytes(_LARGEST_WEBP)}"
            )
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    end = min(len(data), int.from_bytes(data[4:8], "little") + 8)
    at, lengths = 12, []
    while at + 8 <= end:
        after = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        after += after & 1
        if after > len(data):
            break
        if data[at : at + 4] == b"ANMF":
            lengths.append(int.from_bytes(data[at + 20 : at + 23], "little"))
        at = after
    if at >= end or not lengths:
        return data, lengths, True
    return data[:4] + (at - 8).to_bytes(4, "little") + data[8:at], lengths, False
