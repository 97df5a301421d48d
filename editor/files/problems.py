"""The one error of the files layer: a sentence for the person, naming the file and the cause."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

_LONGEST_NAME = 80
_LONGEST_WORD = 60


class FileProblem(Exception):
    """What went wrong with a file, in one sentence without its full stop."""


def shown(path: Path) -> str:
    """The file's name as a person can read it: no control characters, no endless length."""
    name = path.name or str(path)
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    if len(name) > _LONGEST_NAME:
        half = _LONGEST_NAME // 2
        name = f"{name[:half]}…{name[-half:]}"
    return name


def refused(path: Path, why: str) -> FileProblem:
    """For a file that is there and is not opened."""
    return FileProblem(f"{shown(path)} cannot be opened: {why}")


def word(told: Any) -> str:
    """Something a stranger wrote, short enough for a sentence."""
    text = repr(told)
    return text if len(text) <= _LONGEST_WORD else f"{text[:_LONGEST_WORD]}…"


def in_bytes(count: int) -> str:
    """A number of bytes for a sentence: "34 MB", "1.2 GB"."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            amount = count / size
            return f"{amount:.0f} {unit}" if amount >= 10 else f"{amount:.1f} {unit}"
    return f"{count} bytes"


_REASONS = {
    errno.ENOENT: "it is not there",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EROFS: "that place is read-only",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "it would be larger than a file may be there",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "its folder is not a folder",
    errno.ELOOP: "its links go round in a circle",
    errno.EIO: "the disk reports an error",
    errno.ENODEV: "the disk is gone",
    errno.ESTALE: "the network folder is gone",
    errno.ETXTBSY: "another program is using it",
}


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    return _REASONS.get(error.errno or 0, error.strerror or "the system refused")


def unreadable(path: Path, error: OSError) -> FileProblem:
    if error.errno == errno.ENOENT:
        return FileProblem(f"{shown(path)} cannot be opened: there is no such file")
    return FileProblem(f"{shown(path)} cannot be opened: {reason(error)}")


def free_memory() -> int:
    """Bytes that can be had without swapping."""
    import psutil

    return int(psutil.virtual_memory().available)
