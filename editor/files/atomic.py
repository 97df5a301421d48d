"""Write a file whole or not at all: whatever happens, the old file or the new one is there.

The order is: a temporary file beside the target, every byte checked, fsync, a look at what was
written, rename, fsync of the folder. Qt's QSaveFile replaces a good file by a stump when the disk
is full and a write is short, so it is not used.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from editor.files.problems import FileProblem, in_bytes, reason, shown

Produce = Callable[[BinaryIO], None]

_OURS = re.compile(r"^\..+\.[0-9a-f]{8}\.tmp$", re.DOTALL)
_DAY = 24 * 60 * 60
_LONGEST_NAME = 255  # bytes, on every common file system
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM}


class New(NamedTuple):
    """A file that is being made."""

    stream: BinaryIO
    path: Path  # where it is until it is whole


@contextlib.contextmanager
def replacing(
    path: Path, *, check: Callable[[Path], None] | None = None, size: int = 0
) -> Iterator[New]:
    """A new file that takes the place of the old one if the block ends without an exception.

    ``check`` is shown the finished temporary file and may raise to keep the old one; ``size`` is
    how many bytes there will be at least. Raises FileProblem where the system refuses.
    """
    temporary: Path | None = None
    try:
        target = _target(path)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        descriptor, temporary = _created(target, 0o666 if mode is None else 0o600)
        try:
            with io.BufferedWriter(_Checked(descriptor, "wb"), buffer_size=1 << 20) as stream:
                if mode is not None and hasattr(os, "fchmod"):
                    os.fchmod(descriptor, mode)
                yield New(stream, temporary)
                stream.flush()
                os.fsync(descriptor)
        finally:
            size = max(size, temporary.stat().st_size)
        if check is not None:
            check(temporary)
        os.replace(temporary, target)
        temporary = None
        _sync_folder(target.parent)
    except OSError as error:
        raise _unwritable(path, error, size, temporary) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_atomically(
    path: Path,
    produce: Produce | bytes | bytearray | memoryview,
    *,
    check: Callable[[Path], None] | None = None,
) -> None:
    """Replace the file by what ``produce`` writes, or leave it as it was and raise FileProblem."""
    size = 0 if callable(produce) else len(produce)
    with replacing(path, check=check, size=size) as new:
        if callable(produce):
            produce(new.stream)
        else:
            new.stream.write(produce)


def sweep(folder: Path) -> None:
    """Remove the temporary files that a killed process left in a folder more than a day ago."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):
                old = time.time() - entry.stat(follow_symlinks=False).st_mtime > _DAY
                if old and _OURS.match(entry.name) and entry.is_file(follow_symlinks=False):
                    os.unlink(entry)


class _Checked(io.FileIO):
    """A raw file whose write takes everything or raises: a short write is never the last word."""

    def write(self, data: Any, /) -> int:
        left = memoryview(data).cast("B")
        size = len(left)
        while left:
            done = os.write(self.fileno(), left)
            if done <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            left = left[done:]
        return size


def _target(path: Path) -> Path:
    """The real file behind the path, if it is one that may be written."""
    try:
        target = path.resolve()
    except RuntimeError as error:  # Python 3.11 and 3.12 raise this for links in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not target.parent.is_dir():
        raise FileProblem(f"{shown(path)} cannot be saved: there is no folder {target.parent}")
    if target.exists():
        state = target.stat()
        if not stat.S_ISREG(state.st_mode):
            raise FileProblem(f"{shown(path)} cannot be saved: it is not an ordinary file")
        # The mode bits are asked as well: to the administrator every file looks writable.
        if not state.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise FileProblem(f"{shown(path)} cannot be saved: the file is write-protected")
    return target


def _created(target: Path, mode: int) -> tuple[int, Path]:
    """A new file beside the target; the mode is narrowed by the system's umask."""
    room = _LONGEST_NAME - len("..12345678.tmp")
    name = os.fsdecode(os.fsencode(target.name)[:room])
    while True:
        temporary = target.parent / f".{name}.{secrets.token_hex(4)}.tmp"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            return os.open(temporary, flags, mode), temporary
        except FileExistsError:
            continue


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; some file systems cannot, and have nothing to lose by it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError, size: int, temporary: Path | None) -> FileProblem:
    full = {errno.ENOSPC, errno.EDQUOT}
    if error.errno not in full:
        return FileProblem(f"{shown(path)} cannot be saved: {reason(error)}")
    if temporary is not None:
        temporary.unlink(missing_ok=True)  # first, so that its own bytes count as free again
    free = shutil.disk_usage(path.absolute().parent).free
    what = "the disk is full" if error.errno == errno.ENOSPC else reason(error)
    return FileProblem(
        f"{shown(path)} cannot be saved: {what}"
        f" (it needs at least {in_bytes(size)}, {in_bytes(free)} are free)"
    )
