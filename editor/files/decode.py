"""The throw-away process that opens a picture or a clip for ``apart``.

Trap: what is imported here is paid for at every opening; keep Qt, OpenCV, torch and numba out.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO


def main() -> None:
    """Answer on standard output: some bytes, then what is told about them, then its length."""
    ask = json.loads(sys.argv[1])
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # a library that prints must not print into the answer
        _limit(ask["memory"], ask["seconds"])
        told = json.dumps(_answer(ask, answer)).encode()
        answer.write(told + len(told).to_bytes(8, "little"))
    os._exit(0)  # no library gets a chance to fail on the way out


def _answer(ask: dict[str, Any], answer: BinaryIO) -> dict[str, Any]:
    from editor.files.problems import FileProblem

    path = Path(os.fsdecode(bytes.fromhex(ask["path"])))
    try:
        return (_picture if ask["what"] == "picture" else _clip)(path, ask, answer)
    except FileProblem as problem:
        return {"problem": str(problem)}


def _picture(path: Path, ask: dict[str, Any], answer: BinaryIO) -> dict[str, Any]:
    from editor.files.read import read_picture

    photo = read_picture(path, max_pixels=ask["max_pixels"])
    answer.write(photo.pixels.data)
    return {
        "bytes": photo.pixels.nbytes,
        "shape": photo.pixels.shape,
        "dtype": photo.pixels.dtype.name,
        "icc": base64.b64encode(photo.meta.icc).decode(),
        "exif": base64.b64encode(photo.meta.exif).decode(),
        "xmp": base64.b64encode(photo.meta.xmp).decode(),
        "dpi": photo.meta.dpi,
        "format": photo.format,
        "notices": photo.notices,
    }


def _clip(path: Path, ask: dict[str, Any], answer: BinaryIO) -> dict[str, Any]:
    from editor.files.clips.known import known_of, packed

    told, numbers = packed(known_of(path, Fraction(ask["rate"])))
    answer.write(numbers)
    return told | {"bytes": len(numbers)}


def _limit(memory: int, seconds: float) -> None:
    """Let the system stop what goes wrong, even when the window is gone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most = int(seconds * (os.cpu_count() or 1)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
