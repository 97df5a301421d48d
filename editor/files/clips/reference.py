"""What a project remembers of a clip: where it is and how to know it again, not the clip itself.

A clip can be a hundred times as large as its project, and it never changes. It is looked for
beside the project first, so that both can be moved together, then where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from editor.files.problems import FileProblem, shown, unreadable

_PIECE = 1 << 20  # bytes
_PIECES = 64  # of a large file so many are looked at, evenly spread, the ends among them


@dataclass(frozen=True, slots=True)
class Reference:
    path: Path
    size: int  # bytes
    digest: str  # of the bytes, or of some of them in a large file

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises FileProblem where the clip cannot be read."""
        path = path.absolute()
        try:
            files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else []
            digest = hashlib.sha256()
            size = 0
            for file in files or [path]:
                digest.update(file.name.encode("utf-8", "replace") if files else b"")
                size += _add(file, digest)
        except OSError as error:
            raise unreadable(path, error) from error
        return cls(path, size, digest.hexdigest())

    def to_dict(self) -> dict[str, Any]:
        return {"path": str(self.path), "size": self.size, "sha256": self.digest}

    @classmethod
    def from_dict(cls, told: Any) -> Self | None:
        """What a project says, or None if it says nothing of use."""
        try:
            path, size, digest = told["path"], told["size"], told["sha256"]
        except (TypeError, KeyError, IndexError):
            return None
        sensible = isinstance(path, str) and isinstance(digest, str) and type(size) is int
        return cls(Path(path), size, digest) if sensible and path and "\0" not in path else None

    def found(self, project: Path) -> Path:
        """Where the clip is now. Raises FileProblem if it has gone or is another one."""
        beside = project.absolute().parent / self.path.name
        there = [path for path in dict.fromkeys((beside, self.path)) if _exists(path)]
        same = (path for path in there if Reference.of(path)._alike(self))
        found = next(same, None)
        if found is not None:
            return found
        cause = f"{self.path} has changed since" if there else f"{self.path} is not there"
        advice = "open the new one by itself" if there else "put it back, or beside the project"
        raise FileProblem(f"{shown(project)} cannot be opened: its clip {cause}; {advice}")

    def _alike(self, other: Reference) -> bool:
        return (self.size, self.digest) == (other.size, other.digest)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _add(path: Path, digest: Any) -> int:
    """Add a file's bytes to a digest; how many it has."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        starts: Sequence[int] = range(0, size, _PIECE)
        if len(starts) > _PIECES:
            room = size - _PIECE
            starts = [room * number // (_PIECES - 1) for number in range(_PIECES)]
        for start in starts:
            file.seek(start)
            digest.update(file.read(_PIECE))
    digest.update(size.to_bytes(8, "big"))
    return size
