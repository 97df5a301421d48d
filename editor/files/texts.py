"""Read a text: UTF-8, or Latin-1 where it is not."""

from __future__ import annotations

from pathlib import Path

from editor.files.problems import in_bytes, refused, unreadable

LARGEST = 10_000_000  # bytes


def read_text(path: Path) -> str:
    """What a file says. Raises FileProblem."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise refused(
                path, f"it has {in_bytes(size)}, and {in_bytes(LARGEST)} are the most that are read"
            )
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(path, "it is no text")
    for encoding in ("utf-16",) if b"\0" in content else ("utf-8-sig", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused(path, "it is no text")
