"""A journal of what is done to a document, so that a crash costs at most the edit under way.

A document's folder holds generations. Generation N is ``base-N``, the document as a whole, and
``changes-N``, an append-only file of records, each *before XOR after* of one rectangle of a plane:
undoing is recorded like doing. A record that was torn by the crash is recognised and left out. A
session's folder is locked while its process lives; what is not locked can be recovered.

Trap: a record is only true on top of all those before it. One that the disk refuses must never be
skipped, so it waits in memory and goes first when the next one is written.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import math
import os
import re
import secrets
import shutil
import struct
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import MASKS, Meta, Rect
from editor.files.atomic import write_atomically
from editor.files.openraster import thumbnail
from editor.files.problems import FileProblem, reason
from editor.files.project import Project, check_project, pack, plain_json, unpack

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_KEEP = 7 * 24 * 60 * 60  # seconds
_SYNC_EVERY = 2.0  # seconds
_BEING_MADE = 60  # seconds in which an empty session may still be on its way
_MOST_WAITING = 256 << 20  # bytes of records that the disk has refused
_MOST_CHANGES = 256 << 20  # bytes after which the changes are drawn into a new base
_HEAD = struct.Struct("<II")  # length and checksum of a record
_SIZE = struct.Struct("<I")  # length of the description of a base
_ABOUT = struct.Struct("<I")  # length of the description of a record
Part = tuple[Rect, NDArray[Any]]  # a place and its before XOR after
_WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32}
_BASE = re.compile(r"base-([0-9]{1,9})")
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
_DAMAGED = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
    zstd.ZstdError,
)


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
        self._end = 0  # of the last whole record
        self._limit = 0  # where the changes have become too many
        self._waiting: list[bytes] = []
        self._synced = 0.0

    @classmethod
    def begin(cls, root: Path, project: Project, title: str, path: Path | None) -> Journal:
        """Start from the document as it is; ``root`` is the folder of all sessions.

        Raises FileProblem where that folder cannot be written, as every method does.
        """
        try:
            folder = _session(root) / secrets.token_hex(4)
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise _unprotected(title, error) from error
        journal = cls(folder, title, path)
        try:
            journal.rebase(project)
        except BaseException:
            journal.discard()
            raise
        return journal

    def rebase(self, project: Project) -> None:
        """The document became another as a whole: begin a new generation with it.

        If that fails, what was written until now stays, and nothing more is taken.
        """
        try:
            self._switch(project)
        except BaseException:
            self.close()
            raise

    def record(self, plane: str, parts: Sequence[Part]) -> None:
        """Write one change down, all its parts or none; it is safe from a crash on return.

        Raises FileProblem if the disk refuses it; it is then written together with the next one.
        """
        if self._changes is None:
            raise FileProblem(f"the journal of {self._title} is closed")
        self._waiting.append(_whole_record(plane, parts))
        try:
            self._write_waiting(self._changes)
        except OSError as error:
            if sum(map(len, self._waiting)) > _MOST_WAITING:
                self.close()
            raise _unprotected(self._title, error) from error
        if self._end > self._limit:
            self._limit = 2 * self._end  # tried again only then, should it fail
            with contextlib.suppress(FileProblem):
                self._switch(_replayed(self._folder, self._title))

    def close(self) -> None:
        """Keep what there is on the disk, and take no more."""
        changes, self._changes, self._waiting = self._changes, None, []
        if changes is not None:
            with contextlib.suppress(OSError):
                os.fsync(changes.fileno())
            with contextlib.suppress(OSError):
                changes.close()

    def discard(self) -> None:
        """Nothing is to be recovered: it was saved, or closed on purpose."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _switch(self, project: Project) -> None:
        """The new base is there, whole, before the old one goes."""
        base = self._folder / f"base-{self._generation + 1}"
        changes = _changes_of(base)
        check_project(project)
        write = functools.partial(_write_base, project, self._title, self._path)
        try:
            opened = changes.open("wb", buffering=0)
        except OSError as error:
            raise _unprotected(self._title, error) from error
        try:
            write_atomically(base, write)
        except BaseException:
            opened.close()
            changes.unlink(missing_ok=True)
            raise
        self.close()
        old = self._folder / f"base-{self._generation}"
        self._changes, self._end, self._generation = opened, 0, self._generation + 1
        self._limit = max(_MOST_CHANGES, 2 * base.stat().st_size)
        for gone in (old, _changes_of(old)):
            with contextlib.suppress(OSError):
                gone.unlink(missing_ok=True)

    def _write_waiting(self, changes: BinaryIO) -> None:
        """All or nothing of each record: what was begun and not ended is cut off again."""
        try:
            while self._waiting:
                left = memoryview(self._waiting[0])
                while left:
                    left = left[changes.write(left) :]
                self._end += len(self._waiting.pop(0))
            if time.monotonic() - self._synced > _SYNC_EVERY:
                os.fsync(changes.fileno())
                self._synced = time.monotonic()
        except OSError:
            changes.seek(self._end)
            changes.truncate()
            raise


def recoverable(root: Path) -> list[Found]:
    """What dead sessions have left, the newest first; what is too old or empty is swept away.

    A session that is listed here belongs to this process until it ends: no other one lists it.
    """
    found: list[Found] = []
    for session in _folders(root, "session-*"):
        if not _claimed(session):
            continue
        for folder in _folders(session, "*"):
            if _outdated(folder):
                shutil.rmtree(folder, ignore_errors=True)
            elif (one := _look(folder)) is not None:
                found.append(one)
        _sweep(session)
    return sorted(found, key=lambda one: one.time, reverse=True)


def recover(found: Found) -> Project:
    """The document as its last whole record left it. Raises FileProblem."""
    return _replayed(found.folder, found.title)


def forget(found: Found) -> None:
    shutil.rmtree(found.folder, ignore_errors=True)
    _sweep(found.folder.parent)


# ── sessions ──

_claims: dict[Path, int] = {}  # dead sessions that this process looks after, and their locks


@functools.cache
def _session(root: Path) -> Path:
    """This process's folder, locked until it ends."""
    folder = root / f"session-{os.getpid()}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True, mode=0o700)
    # Open as long as the process lives: the descriptor is what holds the lock.
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    _lock(lock, wait=True)  # for another process that is just looking whether it is free
    return folder


def _claimed(session: Path) -> bool:
    """Whether its process is dead and no other one looks after it; then this one does."""
    if session in _claims:
        return True
    try:
        descriptor = os.open(session / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return False
    locked = _lock(descriptor)
    if locked is None:
        locked = not _runs(session)
    if locked:
        _claims[session] = descriptor
    else:
        os.close(descriptor)
    return locked


def _runs(session: Path) -> bool:
    """Where a file system has no locks, the number in the name has to do."""
    import psutil

    number = session.name.split("-")[1]
    return not number.isdecimal() or psutil.pid_exists(int(number))


def _sweep(session: Path) -> None:
    """Let go of a session in which nothing is left; remove it unless it has only just been made."""
    if any(_folders(session, "*")):
        return
    if (descriptor := _claims.pop(session, None)) is not None:
        os.close(descriptor)
    with contextlib.suppress(OSError):
        fresh = time.time() - session.stat().st_mtime < _BEING_MADE
        if not fresh or not _runs(session):
            (session / "lock").unlink(missing_ok=True)
            session.rmdir()


def _lock(descriptor: int, *, wait: bool = False) -> bool | None:
    """Take the lock, which goes with the descriptor; None where there are no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        return None if error.errno in _NO_LOCKS else False
    return True


# ── files ──


def _write_base(project: Project, title: str, path: Path | None, stream: BinaryIO) -> None:
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


def _read_base(base: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with base.open("rb") as stream:
        head = _read_head(stream)
        return head, dict(_read_array(stream, entry) for entry in head["arrays"])


def _newest_base(folder: Path) -> Path | None:
    numbers = [int(it[1]) for path in folder.iterdir() if (it := _BASE.fullmatch(path.name))]
    return folder / f"base-{max(numbers)}" if numbers else None


def _changes_of(base: Path) -> Path:
    return base.with_name(base.name.replace("base-", "changes-"))


def _whole_record(plane: str, parts: Sequence[Part]) -> bytes:
    places = [[rect, delta.shape, delta.dtype.name] for rect, delta in parts]
    head = plain_json({"plane": plane, "parts": places})
    deltas = b"".join(np.ascontiguousarray(delta).tobytes() for _, delta in parts)
    body = zstd.compress(deltas, level=1)
    payload = _ABOUT.pack(len(head)) + head + body
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def _payloads(path: Path) -> Iterator[bytes]:
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


def _replayed(folder: Path, title: str) -> Project:
    """Base and changes; a change that makes no sense ends the journal like a torn one."""
    try:
        base = _newest_base(folder)
        if base is None:
            raise FileProblem(f"{title} cannot be recovered: it is not there any more")
        head, planes = _read_base(base)
        with contextlib.suppress(*_DAMAGED):
            for payload in _payloads(_changes_of(base)):
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
    except _DAMAGED as error:
        raise FileProblem(f"{title} cannot be recovered: its journal is damaged") from error
    return project


def _outdated(folder: Path) -> bool:
    """Too old, or without anything to begin from; what only cannot be read now is kept."""
    try:
        times = [path.stat().st_mtime for path in folder.iterdir()]
        nothing = _newest_base(folder) is None
    except OSError:
        return False
    return nothing or time.time() - max(times) > _KEEP


def _look(folder: Path) -> Found | None:
    """What is in a document's folder, without reading its pixels; None if it cannot be told."""
    try:
        base = _newest_base(folder)
        if base is None:
            return None
        changes = _changes_of(base)
        stamp = (changes if changes.exists() else base).stat().st_mtime
        with base.open("rb") as stream:
            head = _read_head(stream)
            _, small = _read_array(stream, head["arrays"][0])
        path = Path(head["path"]) if head["path"] else None
        count = sum(1 for _ in _payloads(changes))
        return Found(folder, str(head["title"]), path, datetime.fromtimestamp(stamp), count, small)
    except (OSError, MemoryError, *_DAMAGED):
        return None


def _folders(parent: Path, pattern: str) -> list[Path]:
    try:
        return [path for path in parent.glob(pattern) if path.is_dir()]
    except OSError:
        return []


def _unprotected(title: str, error: OSError) -> FileProblem:
    return FileProblem(f"{title} is not protected from a crash now: {reason(error)}")
