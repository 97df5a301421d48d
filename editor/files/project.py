"""The project file: a zip that Patina opens as it was and that Krita and GIMP open as OpenRaster.

The picture is stored once, as the OpenRaster image; float pictures are kept exactly beside it,
since PNG cannot hold them. Everything that is read is checked first: sizes before anything is
allocated, names before anything is opened; nothing in a project is ever run.

Trap: whatever reading refuses, writing must refuse too, or work is saved that cannot be opened.
``write_project`` therefore looks at its own file with the eyes of ``read_project``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import editor
from editor.engine.cv import cv2
from editor.engine.image import Cover, Meta, Picture, Size, check_fits, check_picture
from editor.files import openraster, png
from editor.files.kinds import MAX_PIXELS
from editor.files.problems import free_memory, in_bytes, refused, word
from editor.files.safe_zip import SafeZip
from editor.files.whole_zip import DAMAGED, write_zip

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMAT = 1
SUFFIX = ".patina"
_MANIFEST = "patina/project.json"
_PROFILES = ("icc", "exif", "xmp")
_DEPTHS = ("bool", "uint8", "uint16", "int16", "int32", "float32")
_TAKEN = ("pixels", "mask", "image")  # planes of every project, by the names they have anywhere
_ANY_SIZE = 1 << 62
_LEVEL = zstd.CompressionParameter.compression_level
_CHECKSUM = zstd.CompressionParameter.checksum_flag
_MOST_JSON = 4 << 20  # more takes the reader longer than a person should wait for a refusal
_MOST_PROFILE = 64 << 20
_SMALL = 256 << 20  # bytes of pixels that need no look at the memory

BadPack = zstd.ZstdError  # what ``unpack`` may raise, beside ValueError
Kept = tuple[tuple[int, ...], np.dtype[Any]]  # shape and depth of an array


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything a document is, frozen."""

    pixels: Picture
    mask: Cover
    meta: Meta = field(default_factory=Meta)
    settings: Mapping[str, Any] = field(default_factory=dict)  # plain JSON
    history: tuple[Mapping[str, Any], ...] = ()  # what was done, with values and seeds
    source: str = ""  # the name of the picture it began with, without folders
    planes: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # further masks and fields
    notices: tuple[str, ...] = ()


def write_project(path: Path, project: Project) -> None:
    """Write it whole or not at all. Raises FileProblem; ValueError for what no project can hold."""
    check_project(project)

    write_zip(path, lambda: _entries(project), partial(_described, max_pixels=_ANY_SIZE))


def read_project(path: Path, *, max_pixels: int = MAX_PIXELS) -> Project:
    """Raises FileProblem, and nothing else."""
    try:
        with SafeZip(path) as archive:
            told = _described(path, archive, max_pixels)
            _check_memory(path, told)
            return _unpacked(path, archive, told)
    except DAMAGED as error:
        raise refused(path, "its description is damaged") from error
    except zstd.ZstdError as error:
        raise refused(path, "its pixels are damaged") from error
    except (MemoryError, cv2.error) as error:
        raise refused(path, "there is not enough memory") from error


def check_project(project: Project) -> None:
    """Raise ValueError unless a project file and a journal can hold it and give it back."""
    check_picture(project.pixels)
    check_fits(project.pixels, project.mask)
    if project.mask.dtype != np.uint8:
        raise ValueError(f"the mask of a project is uint8, not {project.mask.dtype}")
    if max(Size.of(project.pixels)) > openraster.LONGEST_SIDE:
        size, most = Size.of(project.pixels), openraster.LONGEST_SIDE
        raise ValueError(f"the picture is {size}: a side of a project is at most {most} pixels")
    for name, array in project.planes.items():
        if not name.isidentifier() or name in _TAKEN:
            raise ValueError(f'a plane of a project cannot be called "{name}"')
        if array.dtype.name not in _DEPTHS or not 1 <= array.ndim <= 4:
            raise ValueError(
                f"the plane {name} has {array.ndim} dimensions of {array.dtype}: a project holds"
                f" 1 to 4 of {', '.join(_DEPTHS)}"
            )


def plain_json(value: Any) -> bytes:
    """Compact JSON; the numbers of numpy count as numbers."""

    def number(one: object) -> Any:
        if isinstance(one, np.generic):
            return one.item()
        raise ValueError(f"a project holds plain values only, not {type(one).__name__}")

    return json.dumps(value, default=number, separators=(",", ":")).encode()


# ── what is written ──


def _entries(project: Project) -> list[tuple[str, bytes | str]]:
    pixels, icc = project.pixels, project.meta.icc
    arrays: dict[str, NDArray[Any]] = {"mask": project.mask, **project.planes}
    if pixels.dtype == np.float32:
        arrays["pixels"] = pixels
    merged = png.encode(openraster.displayed(pixels), openraster.profile_of(pixels, icc))
    return [
        ("mimetype", openraster.MIMETYPE),
        ("stack.xml", openraster.stack(Size.of(pixels), project.source)),
        (openraster.MERGED, merged),
        (openraster.THUMBNAIL, png.encode(openraster.thumbnail(pixels))),
        *((_entry(name), pack(array, level=3)) for name, array in arrays.items()),
        *((f"patina/{name}", data) for name in _PROFILES if (data := getattr(project.meta, name))),
        (_MANIFEST, _manifest(project, arrays)),
    ]


def _manifest(project: Project, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The description; of an endless history the oldest steps are left out, not the project."""
    planes = {name: {"shape": one.shape, "dtype": one.dtype.name} for name, one in arrays.items()}
    steps = [plain_json(step) for step in project.history]
    told = {
        "format": FORMAT,
        "patina": editor.__version__,
        "shape": project.pixels.shape,
        "dtype": project.pixels.dtype.name,
        "dpi": project.meta.dpi,
        "source": project.source,
        "planes": planes,
        "settings": dict(project.settings),
    }
    head = plain_json(told)
    room = _MOST_JSON - len(head) - len(',"history":[]')
    total = sum(len(step) + 1 for step in steps)
    first = 0
    while total > room and first < len(steps):
        total -= len(steps[first]) + 1
        first += 1
    return head[:-1] + b',"history":[' + b",".join(steps[first:]) + b"]}"


# ── arrays ──


def pack(array: NDArray[Any], level: int) -> bytes:
    """An array made small without loss: differences along a row, bytes of one rank together.

    A zstd frame with a checksum; for a photograph a third smaller than zstd alone, and as quick.
    """
    width = array.dtype.itemsize
    words = np.array(array, array.dtype.newbyteorder("<"), order="C").view(f"<u{width}")
    if words.ndim > 1:
        words[:, 1:] -= words[:, :-1]
    ranks = np.ascontiguousarray(words.reshape(-1).view(np.uint8).reshape(-1, width).T)
    options = {int(_LEVEL): level, int(_CHECKSUM): 1}
    return zstd.compress(ranks.data.cast("B") if ranks.size else b"", options=options)


def unpack(data: bytes, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The array again. Raises ValueError or ZstdError, before more than its size is allocated."""
    size, width = math.prod(shape) * dtype.itemsize, dtype.itemsize
    frame = zstd.ZstdDecompressor()
    ranks = np.frombuffer(frame.decompress(data, max_length=size + 1), np.uint8)
    if len(ranks) != size or not frame.eof:
        raise ValueError(f"an array of {shape} {dtype} has another size than it says")
    split = np.empty((size // width, width), np.uint8)
    for rank, part in enumerate(ranks.reshape(width, -1)):
        split[:, rank] = part
    words: NDArray[Any] = split.reshape(-1).view(f"<u{width}").reshape(shape)
    if words.ndim > 1:
        np.add.accumulate(words, axis=1, dtype=words.dtype, out=words)
    if dtype == np.bool_:
        return words.astype(bool)
    return words.view(dtype.newbyteorder("<")).astype(dtype, copy=False)


# ── what is read ──


@dataclass(frozen=True, slots=True)
class _Told:
    """What the description says, checked, before any pixels are read."""

    picture: Kept
    planes: dict[str, Kept]
    meta: Meta
    settings: dict[str, Any]
    history: tuple[dict[str, Any], ...]
    source: str


def _described(path: Path, archive: SafeZip, max_pixels: int) -> _Told:
    if _MANIFEST not in archive:
        raise refused(path, "it is not a Patina project")
    told = json.loads(archive.read(_MANIFEST, _MOST_JSON))
    version = told["format"]
    if type(version) is not int or version < 1:
        raise refused(path, f"its format is {word(version)}")
    if version > FORMAT:
        raise refused(path, f"it was made by a newer Patina (format {word(version)})")
    picture = _checked(path, told, max_pixels)
    planes = {name: _checked(path, one, max_pixels) for name, one in told["planes"].items()}
    for name in planes:
        if not name.isidentifier() or name == "image":
            raise refused(path, f"it has a plane called {word(name)}")
    height, width = picture[0][:2]
    floating = picture[1] == np.float32
    fits = planes["mask"] == ((height, width), np.dtype(np.uint8))
    if not fits or ("pixels" in planes) != floating or (floating and planes["pixels"] != picture):
        raise refused(path, "its planes are not what its description says")
    if not 1 <= min(height, width) <= max(height, width) <= openraster.LONGEST_SIDE:
        raise refused(path, f"it describes a picture of {width} × {height} pixels")
    settings, history = told.get("settings", {}), told.get("history", [])
    source = told.get("source", "")
    plain = isinstance(settings, dict) and isinstance(history, list) and isinstance(source, str)
    if not plain or not all(isinstance(step, dict) for step in history):
        raise refused(path, "its description is damaged")
    profiles = {
        name: archive.read(f"patina/{name}", _MOST_PROFILE)
        for name in _PROFILES
        if f"patina/{name}" in archive
    }
    meta = Meta(**profiles, dpi=_resolution(told.get("dpi")))
    name = source.replace("\\", "/").rpartition("/")[2]
    return _Told(picture, planes, meta, settings, tuple(history), name)


def _checked(path: Path, told: Any, max_pixels: int) -> Kept:
    """A shape and a depth that may be allocated, before they are."""
    shape, dtype = told["shape"], told["dtype"]
    possible = isinstance(shape, list) and 1 <= len(shape) <= 4 and dtype in _DEPTHS
    if not possible or not all(type(side) is int and side >= 0 for side in shape):
        raise refused(path, f"it describes an array of {word(shape)} {word(dtype)}")
    if math.prod(shape[:2]) > max_pixels or math.prod(shape) > 4 * max_pixels:
        raise refused(path, f"it describes an array of {word(shape)}, which is too large")
    return tuple(shape), np.dtype(dtype)


def _resolution(told: Any) -> tuple[float, float] | None:
    """The dots per inch, if these are two sensible numbers; a picture is worth more than they."""
    if not isinstance(told, list) or len(told) != 2:
        return None
    if not all(type(one) in (int, float) and 0 < one < 1e9 for one in told):
        return None
    return float(told[0]), float(told[1])


def _check_memory(path: Path, told: _Told) -> None:
    """A blank plane packs a thousandfold, so the sizes are judged by what they unpack to."""
    kept = [told.picture, *told.planes.values()]
    size = sum(math.prod(shape) * dtype.itemsize for shape, dtype in kept)
    if size > _SMALL and size > (free := free_memory()) // 2:
        raise refused(
            path, f"its pixels need {in_bytes(size)} and {in_bytes(free)} of memory are free"
        )


def _unpacked(path: Path, archive: SafeZip, told: _Told) -> Project:
    arrays = {}
    for name, (shape, dtype) in told.planes.items():
        size = math.prod(shape) * dtype.itemsize
        data = archive.read(_entry(name), size + size // 64 + 1024)  # zstd never grows by more
        arrays[name] = unpack(data, shape, dtype)
    mask = arrays.pop("mask")
    pixels = arrays.pop("pixels") if "pixels" in arrays else _picture(path, archive, *told.picture)
    check_picture(pixels)
    check_fits(pixels, mask)
    return Project(pixels, mask, told.meta, told.settings, told.history, told.source, arrays)


def _picture(path: Path, archive: SafeZip, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Picture:
    size = math.prod(shape) * dtype.itemsize + shape[0]  # PNG begins each row with a byte
    data = archive.read(openraster.MERGED, size + size // 8 + _MOST_PROFILE)
    pixels = png.decode(data) if png.shape_of(data) == (shape, dtype) else None
    if pixels is None or pixels.shape != shape or pixels.dtype != dtype:
        raise refused(path, "its picture is damaged")
    return pixels


def _entry(plane: str) -> str:
    return f"patina/{plane}.zst"
