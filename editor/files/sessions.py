"""The folders of sessions, each locked while its process lives: one that is not was left behind."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import secrets
import sys
import time
from pathlib import Path

_BEING_MADE = 60  # seconds in which an empty session may still be on its way
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
_claims: dict[Path, int] = {}  # dead sessions that this process looks after, and their locks


@functools.cache
def own_session(root: Path) -> Path:
    """This process's folder, locked until it ends."""
    folder = root / f"session-{os.getpid()}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True, mode=0o700)
    # Open as long as the process lives: the descriptor is what holds the lock.
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    _lock(lock, wait=True)  # for another process that is just looking whether it is free
    return folder


def claimed(session: Path) -> bool:
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


def sweep(session: Path) -> None:
    """Let go of a session in which nothing is left; remove it unless it has only just been made."""
    if any(folders(session, "*")):
        return
    if (descriptor := _claims.pop(session, None)) is not None:
        os.close(descriptor)
    with contextlib.suppress(OSError):
        fresh = time.time() - session.stat().st_mtime < _BEING_MADE
        if not fresh or not _runs(session):
            (session / "lock").unlink(missing_ok=True)
            session.rmdir()


def folders(parent: Path, pattern: str) -> list[Path]:
    try:
        return [path for path in parent.glob(pattern) if path.is_dir()]
    except OSError:
        return []


def _runs(session: Path) -> bool:
    """Where a file system has no locks, the number in the name has to do."""
    import psutil

    number = session.name.split("-")[1]
    return not number.isdecimal() or psutil.pid_exists(int(number))


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
