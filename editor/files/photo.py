"""What comes out of a picture file, and how to tell that the file has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from editor.engine.image import Meta, Picture
from editor.files.problems import FileProblem, unreadable


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A picture out of a file: C-contiguous, upright, alpha straight."""

    pixels: Picture
    meta: Meta
    path: Path
    format: str  # "JPEG"
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like from outside, to tell later whether another program changed it."""

    mtime_ns: int
    size: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        try:
            state = path.stat()
        except OSError as error:
            raise unreadable(path, error) from error
        return cls(state.st_mtime_ns, state.st_size)


def changed_on_disk(path: Path, seen: Stamp) -> bool:
    """Whether the file is another one than was seen; a file that has gone has changed."""
    try:
        return Stamp.of(path) != seen
    except FileProblem:
        return True
