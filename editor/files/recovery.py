"""A journal of what is done to a document, so that a crash costs at most the edit under way.

How it lies on the disk stands in ``generations``, and how a dead session is told from a live one in
``sessions``.

Trap: a record is only true on top of all those before it. One that the disk refuses must never be
skipped, so it waits in memory and goes first when the next one is written.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.files.atomic import write_atomically
from editor.files.generations import (
    DAMAGED,
    Part,
    changes_of,
    glance,
    newest_base,
    payloads,
    replayed,
    whole_record,
    write_base,
)
from editor.files.problems import FileProblem, reason
from editor.files.project import Project, check_project
from editor.files.sessions import claimed, folders, own_session, sweep

_KEEP = 7 * 24 * 60 * 60  # seconds
_SYNC_EVERY = 2.0  # seconds
_MOST_WAITING = 256 << 20  # bytes of records that the disk has refused
_MOST_CHANGES = 256 << 20  # bytes after which the changes are drawn into a new base


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
            folder = own_session(root) / secrets.token_hex(4)
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
        self._waiting.append(whole_record(plane, parts))
        try:
            self._write_waiting(self._changes)
        except OSError as error:
            if sum(map(len, self._waiting)) > _MOST_WAITING:
                self.close()
            raise _unprotected(self._title, error) from error
        if self._end > self._limit:
            self._limit = 2 * self._end  # tried again only then, should it fail
            with contextlib.suppress(FileProblem):
                self._switch(replayed(self._folder, self._title))

    @property
    def closed(self) -> bool:
        """Whether it takes no more."""
        return self._changes is None

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
        changes = changes_of(base)
        check_project(project)
        write = functools.partial(write_base, project, self._title, self._path)
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
        for gone in (old, changes_of(old)):
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
    for session in folders(root, "session-*"):
        if not claimed(session):
            continue
        for folder in folders(session, "*"):
            if _outdated(folder):
                shutil.rmtree(folder, ignore_errors=True)
            elif (one := _look(folder)) is not None:
                found.append(one)
        sweep(session)
    return sorted(found, key=lambda one: one.time, reverse=True)


def recover(found: Found) -> Project:
    """The document as its last whole record left it. Raises FileProblem."""
    return replayed(found.folder, found.title)


def forget(found: Found) -> None:
    shutil.rmtree(found.folder, ignore_errors=True)
    sweep(found.folder.parent)


def _outdated(folder: Path) -> bool:
    """Too old, or without anything to begin from; what only cannot be read now is kept."""
    try:
        times = [path.stat().st_mtime for path in folder.iterdir()]
        nothing = newest_base(folder) is None
    except OSError:
        return False
    return nothing or time.time() - max(times) > _KEEP


def _look(folder: Path) -> Found | None:
    """What is in a document's folder, without reading its pixels; None if it cannot be told."""
    try:
        base = newest_base(folder)
        if base is None:
            return None
        changes = changes_of(base)
        stamp = (changes if changes.exists() else base).stat().st_mtime
        head, small = glance(base)
        path = Path(head["path"]) if head["path"] else None
        count = sum(1 for _ in payloads(changes))
        return Found(folder, str(head["title"]), path, datetime.fromtimestamp(stamp), count, small)
    except (OSError, MemoryError, *DAMAGED):
        return None


def _unprotected(title: str, error: OSError) -> FileProblem:
    return FileProblem(f"{title} is not protected from a crash now: {reason(error)}")
