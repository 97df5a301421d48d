"""A journal as it lies on the disk: a document's folder holds generations.

Generation N is ``base-N``, the document as a whole, and ``changes-N``, an append-only file of
records, each *before XOR after* of one rectangle of a plane: undoing is recorded like doing. A
record that was torn by a crash is recognised, and ends the journal there.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import MASKS, Meta, Rect
from editor.files.openraster import thumbnail
from editor.files.problems import FileProblem, reason
from editor.files.project import Project, check_project, pack, plain_json, unpack

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Part = tuple[Rect, NDArray[Any]]  # a place and its before XOR after
_HEAD = struct.Struct("<II")  # length and checksum of a record
_SIZE = struct.Struct("<I")  # length of the description of a base
_ABOUT = struct.Struct("<I")  # length of the description of a record
_WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32}
_BASE = re.compile(r"base-([0-9]{1,9})")
DAMAGED = (  # what bytes that make no sense may raise
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
    zstd.ZstdError,
)


def replayed(folder: Path, title: str) -> Project:
    """The document as its last record left it. Raises FileProblem.

    A change that makes no sense ends the journal like a torn one.
    """
    try:
        base = newest_base(folder)
        if base is None:
            raise FileProblem(f"{title} cannot be recovered: it is not there any more")
        head, planes = _read_base(base)
        with contextlib.suppress(*DAMAGED):
            for payload in payloads(changes_of(base)):
                _applied(planes, payload)
        del planes["thumbnail"]
        meta = {name: bytes.fromhex(text) for name, text in head["meta"].items()}
        dpi = head["dpi"]
        project = Project(
            planes.pop("image"),
            planes.pop("mask"),
            Meta(**meta, dpi=(dpi[0], dpi[1]) if dpi else None),
            head["settings"],
            tuple(head["history"]),
            head["source"],
            planes,
        )
        check_project(project)
    except OSError as error:
        raise FileProblem(f"{title} cannot be recovered: {reason(error)}") from error
    except MemoryError as error:
        raise FileProblem(f"{title} cannot be recovered: there is not enough memory") from error
    except DAMAGED as error:
        raise FileProblem(f"{title} cannot be recovered: its journal is damaged") from error
    return project


def newest_base(folder: Path) -> Path | None:
    numbers = [int(it[1]) for path in folder.iterdir() if (it := _BASE.fullmatch(path.name))]
    return folder / f"base-{max(numbers)}" if numbers else None


def changes_of(base: Path) -> Path:
    return base.with_name(base.name.replace("base-", "changes-"))


# ── bases ──


def write_base(project: Project, title: str, path: Path | None, stream: BinaryIO) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "thumbnail": thumbnail(project.pixels),
        "image": project.pixels,
        "mask": project.mask,
        **project.planes,
    }
    blobs = {name: pack(array, level=1) for name, array in arrays.items()}
    told = {
        "title": title,
        "path": str(path) if path else None,
        "source": project.source,
        "settings": dict(project.settings),
        "history": [dict(step) for step in project.history],
        "meta": {name: getattr(project.meta, name).hex() for name in ("icc", "exif", "xmp")},
        "dpi": project.meta.dpi,
        "arrays": [
            [name, array.shape, array.dtype.name, len(blobs[name])]
            for name, array in arrays.items()
        ],
    }
    head = plain_json(told)
    stream.write(_SIZE.pack(len(head)) + head)
    for blob in blobs.values():
        stream.write(blob)


def glance(base: Path) -> tuple[dict[str, Any], NDArray[Any]]:
    """What a base says of itself and its thumbnail, without the rest of its pixels."""
    with base.open("rb") as stream:
        head = _read_head(stream)
        _, small = _read_array(stream, head["arrays"][0])
        return head, small


def _read_base(base: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with base.open("rb") as stream:
        head = _read_head(stream)
        return head, dict(_read_array(stream, entry) for entry in head["arrays"])


def _read_head(stream: BinaryIO) -> dict[str, Any]:
    (size,) = _SIZE.unpack(stream.read(_SIZE.size))
    head = json.loads(_exactly(stream, size))
    if not isinstance(head, dict):
        raise ValueError("the head of a journal is damaged")
    return head


def _read_array(stream: BinaryIO, entry: Any) -> tuple[str, NDArray[Any]]:
    name, shape, dtype, size = entry
    return name, unpack(_exactly(stream, size), tuple(shape), np.dtype(dtype))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """So many bytes; a garbled number must not ask for more than there are."""
    here = stream.tell()
    left = stream.seek(0, os.SEEK_END) - here
    stream.seek(here)
    if not 0 <= size <= left:
        raise ValueError("a journal is shorter than it says")
    return stream.read(size)


# ── changes ──


def whole_record(plane: str, parts: Sequence[Part]) -> bytes:
    places = [[rect, delta.shape, delta.dtype.name] for rect, delta in parts]
    head = plain_json({"plane": plane, "parts": places})
    deltas = b"".join(np.ascontiguousarray(delta).tobytes() for _, delta in parts)
    body = zstd.compress(deltas, level=1)
    payload = _ABOUT.pack(len(head)) + head + body
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def payloads(path: Path) -> Iterator[bytes]:
    """Whole records only: the first torn one ends the file."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as stream:
        left = path.stat().st_size
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            size, checksum = _HEAD.unpack(head)
            left -= _HEAD.size + size
            if left < 0 or size < _ABOUT.size:  # a power cut leaves zeros where nothing was written
                return
            payload = stream.read(size)
            if zlib.crc32(payload) != checksum:
                return
            yield payload


def _applied(planes: dict[str, NDArray[Any]], payload: bytes) -> None:
    """Exchange before and after of one record; raise before anything is touched."""
    (size,) = _ABOUT.unpack_from(payload)
    about = json.loads(payload[_ABOUT.size : _ABOUT.size + size])
    data = zstd.decompress(payload[_ABOUT.size + size :])
    name, at, todo = about["plane"], 0, []
    if name not in planes and name in MASKS:  # a mask that was empty when the base was written
        planes[name] = np.zeros_like(planes["mask"])
    plane = planes[name]
    for place, shape, dtype in about["parts"]:
        rect, count = Rect(*place), math.prod(shape)
        delta = np.frombuffer(data, dtype, count, at).reshape(shape)
        at += delta.nbytes
        part = plane.view(_WORDS[plane.dtype.itemsize])[rect.slices]
        if rect.within(Rect.whole(plane)) != rect or part.shape != delta.shape:
            raise ValueError(f"a change of {rect} does not fit")
        todo.append((part, delta.view(part.dtype)))
    for part, delta in todo:
        np.bitwise_xor(part, delta, out=part)
