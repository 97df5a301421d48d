"""Zip archives of our own, written whole or not at all, and read back before they count."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from editor.engine.cv import cv2
from editor.files.atomic import write_atomically
from editor.files.problems import FileProblem, shown
from editor.files.safe_zip import SafeZip

# What reading a table of contents raises that was written by nobody's rules.
DAMAGED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def write_zip(
    path: Path,
    entries: Callable[[], Iterable[tuple[str, str | bytes]]],
    described: Callable[[Path, SafeZip], object],
) -> None:
    """``entries`` are names and data; ``described`` raises where they do not make sense together.

    Raises FileProblem.
    """

    def produce(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, data in entries():
                archive.writestr(zipfile.ZipInfo(name), data)  # no time: same data, same bytes

    def check(written: Path) -> None:
        try:
            with SafeZip(written) as archive:
                archive.check_contents()
                described(written, archive)
        except (FileProblem, *DAMAGED) as error:
            raise FileProblem(
                f"{shown(path)} cannot be saved: what was written cannot be read back"
            ) from error

    try:
        write_atomically(path, produce, check=check)
    except (MemoryError, cv2.error) as error:
        raise FileProblem(f"{shown(path)} cannot be saved: there is not enough memory") from error
