"""A journal of what is done to a document, so that a crash costs at most the edit under way.

A document's folder holds generations. Generation N is ``base-N``, the document as a whole, and
``changes-N``, an append-only file of records, each *before XOR after* of one rectangle of a plane:
undoing is recorded like doing. A record that was torn by the crash is recognised and left out. A
session's folder is locked while its process lives; what is not locked can be recovered.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import shutil
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Meta, Rect
from editor.files.atomic import write_atomically
from editor.files.problems import FileProblem
from editor.files.project import Project, thumbnail

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_KEEP = 7 * 24 * 60 * 60  # seconds
_SYNC_EVERY = 2.0  # seconds
_HEAD = struct.Struct("<II")  # length and checksum of a record
_WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A document that a dead session has left."""

    folder: Path
    title: str
    path: Path | None  # where it came from
    time: datetime
    changes: int
    thumbnail: NDArray[np.uint8]


class Journal:
    """Of one document. Not for two threads at once."""

    def __init__(self, folder: Path, title: str, path: Path | None) -> None:
        self._folder, self._title, self._path = folder, title, path
        self._generation = 0
        self._changes: BinaryIO | None = None
        self._synced = 0.0

    @classmethod
    def begin(cls, root: Path, project: Project, title: str, path: Path | None) -> Journal:
        """Start from the document as it is; ``root`` is the folder of all sessions."""
        folder = _session(root) / secrets.token_hex(4)
        folder.mkdir(mode=0o700)
        journal = cls(folder, title, path)
        journal.rebase(project)
        return journal

    def rebase(self, project: Project) -> None:
        """The document became another as a whole: begin a new generation with it."""
        self._generation += 1
        base = self._folder / f"base-{self._generation}"
        changes = self._folder / f"changes-{self._generation}"
        opened = changes.open("ab")
        write_atomically(base, functools.partial(_write_base, project, self._title, self._path))
        self.close()
        self._changes = opened
        for old in (f"base-{self._generation - 1}", f"changes-{self._generation - 1}"):
            (self._folder / old).unlink(missing_ok=True)

    def record(self, plane: str, rect: Rect, delta: NDArray[Any]) -> None:
        """Write one change down; it is safe from a crash of the program when this returns."""
        if self._changes is None:
            raise FileProblem(f"the journal of {self._title} is closed")
        about = {"plane": plane, "rect": rect, "shape": delta.shape, "dtype": delta.dtype.name}
        head = json.dumps(about).encode()
        body = zstd.compress(np.ascontiguousarray(delta).data, level=1)
        payload = struct.pack("<H", len(head)) + head + body
        self._changes.write(_HEAD.pack(len(payload), zlib.crc32(payload)) + payload)
        self._changes.flush()
        if time.monotonic() - self._synced > _SYNC_EVERY:
            os.fsync(self._changes.fileno())
            self._synced = time.monotonic()

    def close(self) -> None:
        if self._changes is not None:
            self._changes.close()
            self._changes = None

    def discard(self) -> None:
        """Nothing is to be recovered: it was saved, or closed on purpose."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def recoverable(root: Path) -> list[Found]:
    """What dead sessions have left, the newest first; what is too old or empty is swept away."""
    found = []
    for session in root.glob("session-*"):
        if _alive(session):
            continue
        for folder in session.iterdir():
            if folder.is_dir():
                one = _look(folder)
                if one is not None:
                    found.append(one)
                else:
                    shutil.rmtree(folder, ignore_errors=True)
        if not any(folder.is_dir() for folder in session.iterdir()):
            shutil.rmtree(session, ignore_errors=True)
    return sorted(found, key=lambda one: one.time, reverse=True)


def recover(found: Found) -> Project:
    """The document as its last whole record left it. Raises FileProblem."""
    base = _newest_base(found.folder)
    if base is None:
        raise FileProblem(f"{found.title} cannot be recovered: its journal is damaged")
    try:
        planes, meta = _read_base(base)
        for about, delta in _records(_changes_of(base)):
            plane = planes[about["plane"]]
            part = plane.view(_WORDS[plane.dtype.itemsize])[Rect(*about["rect"]).slices]
            part ^= delta
    except (OSError, ValueError, KeyError, TypeError, zstd.ZstdError) as error:
        raise FileProblem(f"{found.title} cannot be recovered: its journal is damaged") from error
    return Project(planes.pop("image"), planes.pop("mask"), meta, source=found.title)


def forget(found: Found) -> None:
    shutil.rmtree(found.folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        (found.folder.parent / "lock").unlink()
        found.folder.parent.rmdir()


# ── sessions ──


@functools.cache
def _session(root: Path) -> Path:
    """This process's folder, locked until it ends."""
    folder = root / f"session-{os.getpid()}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True, mode=0o700)
    # Open as long as the process lives: the descriptor is what holds the lock.
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    if not _locked(lock):
        raise FileProblem(f"{folder} cannot be locked for recovery")
    return folder


def _alive(session: Path) -> bool:
    try:
        lock = os.open(session / "lock", os.O_RDWR)
    except OSError:
        # Just being made, or being taken away: leave it alone, unless it has long been so.
        with contextlib.suppress(OSError):
            return time.time() - session.stat().st_mtime < 60
        return True
    try:
        return not _locked(lock)
    finally:
        os.close(lock)


def _locked(descriptor: int) -> bool:
    """Take the lock if it is free; it goes with the descriptor, at the latest with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# ── files ──


def _write_base(project: Project, title: str, path: Path | None, stream: BinaryIO) -> None:
    arrays = {
        "thumbnail": thumbnail(project.pixels),
        "image": project.pixels,
        "mask": project.mask,
    }
    blobs = {
        name: zstd.compress(np.ascontiguousarray(array).data, level=1)
        for name, array in arrays.items()
    }
    meta = {name: getattr(project.meta, name).hex() for name in ("icc", "exif", "xmp")}
    head = json.dumps(
        {
            "title": title,
            "path": str(path) if path else None,
            "meta": meta,
            "dpi": project.meta.dpi,
            "arrays": [
                [name, array.shape, array.dtype.name, len(blobs[name])]
                for name, array in arrays.items()
            ],
        }
    ).encode()
    stream.write(struct.pack("<I", len(head)) + head)
    for blob in blobs.values():
        stream.write(blob)


def _read_head(stream: BinaryIO) -> dict[str, Any]:
    (size,) = struct.unpack("<I", stream.read(4))
    head = json.loads(stream.read(size))
    if not isinstance(head, dict):
        raise ValueError("the head of a journal is damaged")
    return head


def _read_array(stream: BinaryIO, entry: Any) -> tuple[str, NDArray[Any]]:
    name, shape, dtype, size = entry
    data = zstd.decompress(stream.read(size))
    return name, np.frombuffer(data, dtype).reshape(shape).copy()


def _read_base(base: Path) -> tuple[dict[str, NDArray[Any]], Meta]:
    with base.open("rb") as stream:
        head = _read_head(stream)
        planes = dict(_read_array(stream, entry) for entry in head["arrays"])
    meta = {name: bytes.fromhex(text) for name, text in head["meta"].items()}
    dpi = head["dpi"]
    return planes, Meta(**meta, dpi=(dpi[0], dpi[1]) if dpi else None)


def _newest_base(folder: Path) -> Path | None:
    bases = [path for path in folder.glob("base-*") if path.suffix == ""]
    return max(bases, key=lambda path: int(path.name.removeprefix("base-")), default=None)


def _changes_of(base: Path) -> Path:
    return base.with_name(base.name.replace("base-", "changes-"))


def _payloads(path: Path) -> Iterator[bytes]:
    """Whole records only: the first torn one ends the file."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return
    with stream:
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            size, checksum = _HEAD.unpack(head)
            payload = stream.read(size)
            if len(payload) < size or zlib.crc32(payload) != checksum:
                return
            yield payload


def _records(path: Path) -> Iterator[tuple[dict[str, Any], NDArray[Any]]]:
    for payload in _payloads(path):
        (size,) = struct.unpack_from("<H", payload)
        about = json.loads(payload[2 : 2 + size])
        data = zstd.decompress(payload[2 + size :])
        yield about, np.frombuffer(data, about["dtype"]).reshape(about["shape"])


def _look(folder: Path) -> Found | None:
    """What is in a document's folder, without reading its pixels; None if it is not worth it."""
    base = _newest_base(folder)
    if base is None:
        return None
    changes = _changes_of(base)
    try:
        stamp = (changes if changes.exists() else base).stat().st_mtime
        if time.time() - stamp > _KEEP:
            return None
        with base.open("rb") as stream:
            head = _read_head(stream)
            _, small = _read_array(stream, head["arrays"][0])
        path = Path(head["path"]) if head["path"] else None
        count = sum(1 for _ in _payloads(changes))
        title = str(head["title"])
    except (OSError, ValueError, KeyError, TypeError, struct.error, zstd.ZstdError):
        return None
    return Found(folder, title, path, datetime.fromtimestamp(stamp), count, small)
