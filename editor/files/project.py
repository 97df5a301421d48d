"""The project file: a zip that Patina opens as it was and that Krita and GIMP open as OpenRaster.

``mergedimage.png`` is the picture and also the only layer, so it is stored once. Float pictures are
kept exactly beside it, since PNG cannot hold them. Everything that is read is checked first: sizes
before anything is allocated, names before anything is opened; nothing in a project is ever run.
"""

from __future__ import annotations

import json
import math
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

import editor
from editor.engine.image import Cover, Meta, Picture, Size, check_fits, check_picture, to_working
from editor.files import png
from editor.files.atomic import write_atomically
from editor.files.kinds import MAX_PIXELS
from editor.files.problems import FileProblem, shown
from editor.files.safe_zip import SafeZip

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMAT = 1
SUFFIX = ".patina"
_DEPTHS = ("bool", "uint8", "uint16", "int16", "int32", "float32")
_THUMBNAIL = 256
_MOST_JSON = 64 << 20
_MOST_PROFILE = 64 << 20
_MANIFEST = "patina/project.json"


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything a document is, frozen."""

    pixels: Picture
    mask: Cover
    meta: Meta = field(default_factory=Meta)
    settings: Mapping[str, Any] = field(default_factory=dict)  # plain JSON
    history: tuple[Mapping[str, Any], ...] = ()  # what was done, with values and seeds
    source: str = ""  # the name of the picture it began with
    planes: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # further masks and fields
    notices: tuple[str, ...] = ()


def write_project(path: Path, project: Project) -> None:
    """Write it whole or not at all. Raises FileProblem."""
    check_picture(project.pixels)
    check_fits(project.pixels, project.mask)

    def produce(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("mimetype", "image/openraster")
            archive.writestr("stack.xml", stack(project))
            archive.writestr("mergedimage.png", png.encode(merged(project), project.meta.icc))
            archive.writestr("Thumbnails/thumbnail.png", png.encode(thumbnail(project.pixels)))
            planes = {}
            for name, array in exact(project).items():
                entry = f"patina/{name}.zst"
                archive.writestr(entry, zstd.compress(np.ascontiguousarray(array).data, level=3))
                planes[name] = {"entry": entry, "shape": array.shape, "dtype": array.dtype.name}
            for name in ("icc", "exif", "xmp"):
                if getattr(project.meta, name):
                    archive.writestr(f"patina/{name}", getattr(project.meta, name))
            archive.writestr(_MANIFEST, json.dumps(manifest(project, planes), indent=1))

    write_atomically(path, produce, check=check_whole)


def read_project(path: Path, *, max_pixels: int = MAX_PIXELS) -> Project:
    """Raises FileProblem, and nothing else."""
    try:
        with SafeZip(path) as archive:
            return _read(path, archive, max_pixels)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _damaged(path, "its description is damaged") from error
    except zstd.ZstdError as error:
        raise _damaged(path, "its pixels are damaged") from error
    except MemoryError as error:
        raise _damaged(path, "there is not enough memory") from error


# ── what is written ──


def stack(project: Project) -> str:
    """OpenRaster's list of layers: one, the picture."""
    width, height = Size.of(project.pixels)
    name = quoteattr(project.source or "Picture")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<image version="0.0.3" w="{width}" h="{height}"><stack>'
        f'<layer name={name} src="mergedimage.png" x="0" y="0" opacity="1.0" '
        'visibility="visible" composite-op="svg:src-over"/></stack></image>\n'
    )


def merged(project: Project) -> NDArray[Any]:
    """The picture as other programs see it: float becomes 16 bits as displayed."""
    pixels = project.pixels
    if pixels.dtype != np.float32:
        return pixels
    shown_ = np.rint(np.clip(to_working(pixels), 0, 1) * 65535).astype(np.uint16)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        alpha = np.rint(np.clip(np.nan_to_num(pixels[..., 3:]), 0, 1) * 65535).astype(np.uint16)
        shown_ = np.concatenate([shown_, alpha], axis=2)
    return shown_


def thumbnail(pixels: Picture) -> NDArray[np.uint8]:
    """At most 256 pixels on its longer side, 8-bit RGB."""
    step = max(1, math.ceil(max(Size.of(pixels)) / _THUMBNAIL))
    small = to_working(np.ascontiguousarray(pixels[::step, ::step]))
    return np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)


def exact(project: Project) -> dict[str, NDArray[Any]]:
    """The arrays that are kept as they are, beside the merged picture."""
    arrays: dict[str, NDArray[Any]] = {"mask": project.mask}
    if project.pixels.dtype == np.float32:
        arrays["pixels"] = project.pixels
    for name, array in project.planes.items():
        if array.dtype.name not in _DEPTHS or not name.isidentifier() or name in arrays:
            raise ValueError(f"a plane called {name} of {array.dtype} cannot be kept in a project")
        arrays[name] = array
    return arrays


def manifest(project: Project, planes: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "patina": editor.__version__,
        "shape": project.pixels.shape,
        "dtype": project.pixels.dtype.name,
        "dpi": project.meta.dpi,
        "source": project.source,
        "planes": planes,
        "settings": dict(project.settings),
        "history": [dict(step) for step in project.history],
    }


def check_whole(path: Path) -> None:
    """Read every byte back before the old file is let go."""
    with zipfile.ZipFile(path) as archive:
        broken = archive.testzip()
    if broken is not None:
        raise FileProblem(f"{shown(path)} cannot be saved: the disk did not keep {broken}")


# ── what is read ──


def _read(path: Path, archive: SafeZip, max_pixels: int) -> Project:
    if _MANIFEST not in archive:
        raise _damaged(path, "it is not a Patina project")
    told = json.loads(archive.read(_MANIFEST, _MOST_JSON))
    if told["format"] > FORMAT:
        version = told["format"]
        raise _damaged(path, f"it was made by a newer Patina (its format is {version!r})")
    shape, dtype = _checked(path, told["shape"], told["dtype"], max_pixels)
    arrays = {}
    for name, one in told["planes"].items():
        if not str(name).isidentifier() or not one["entry"].startswith("patina/"):
            raise _damaged(path, f"it has a plane called {name!r}")
        arrays[name] = _array(path, archive, one, max_pixels)
    kept = dtype == np.float32
    pixels = arrays.pop("pixels") if kept else _picture(path, archive, shape, dtype)
    mask = arrays.pop("mask")
    if pixels.shape != shape or pixels.dtype != dtype or mask.dtype != np.uint8:
        raise _damaged(path, "its planes are not what its description says")
    check_picture(pixels)
    check_fits(pixels, mask)
    profiles = {
        name: archive.read(f"patina/{name}", _MOST_PROFILE)
        for name in ("icc", "exif", "xmp")
        if f"patina/{name}" in archive
    }
    dpi = told.get("dpi")
    meta = Meta(**profiles, dpi=(float(dpi[0]), float(dpi[1])) if dpi else None)
    settings, history = told.get("settings", {}), told.get("history", [])
    if not isinstance(settings, dict) or not all(isinstance(step, dict) for step in history):
        raise _damaged(path, "its description is damaged")
    return Project(
        pixels, mask, meta, settings, tuple(history), str(told.get("source", "")), arrays
    )


def _checked(
    path: Path, shape: Any, dtype: Any, max_pixels: int
) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """A shape and a depth that may be allocated, before they are."""
    if not isinstance(shape, list) or not 1 <= len(shape) <= 4 or dtype not in _DEPTHS:
        raise _damaged(path, f"it describes an array of {shape!r} {dtype!r}")
    if not all(type(side) is int and side > 0 for side in shape):
        raise _damaged(path, f"it describes an array of {shape!r}")
    if math.prod(shape[:2]) > max_pixels or math.prod(shape) > 4 * max_pixels:
        raise _damaged(path, f"it describes an array of {shape!r}, which is too large")
    return tuple(shape), np.dtype(dtype)


def _array(path: Path, archive: SafeZip, one: Any, max_pixels: int) -> NDArray[Any]:
    shape, dtype = _checked(path, one["shape"], one["dtype"], max_pixels)
    size = math.prod(shape) * dtype.itemsize
    packed = archive.read(one["entry"], size + size // 64 + 1024)  # zstd never grows by more
    unpacked = zstd.ZstdDecompressor().decompress(packed, max_length=size + 1)
    if len(unpacked) != size:
        raise _damaged(path, "one of its planes has another size than it says")
    array = np.frombuffer(unpacked, np.uint8 if dtype == np.bool_ else dtype).reshape(shape)
    return array != 0 if dtype == np.bool_ else array


def _picture(path: Path, archive: SafeZip, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Picture:
    size = math.prod(shape) * dtype.itemsize
    data = archive.read("mergedimage.png", size + size // 8 + (_MOST_PROFILE))
    pixels = png.decode(data) if png.shape_of(data) == (shape, dtype) else None
    if pixels is None:
        raise _damaged(path, "its picture is damaged")
    return pixels


def _damaged(path: Path, why: str) -> FileProblem:
    return FileProblem(f"{shown(path)} cannot be opened: {why}")
