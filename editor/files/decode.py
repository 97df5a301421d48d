"""The throw-away process that decodes a picture for ``read_picture_safely``.

Trap: what is imported here is paid for at every opening; keep Qt, OpenCV, torch and numba out.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO


def main() -> None:
    """Answer on standard output: the pixels, then what is told about them, then its length."""
    ask = json.loads(sys.argv[1])
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # a library that prints must not print into the pixels
        _limit(ask["memory"], ask["seconds"])
        told = json.dumps(_answer(ask, answer)).encode()
        answer.write(told + len(told).to_bytes(8, "little"))
    os._exit(0)  # no library gets a chance to fail on the way out


def _answer(ask: dict[str, Any], answer: BinaryIO) -> dict[str, Any]:
    from editor.files.problems import FileProblem
    from editor.files.read import read_picture

    path = Path(os.fsdecode(bytes.fromhex(ask["path"])))
    try:
        photo = read_picture(path, max_pixels=ask["max_pixels"])
    except FileProblem as problem:
        return {"problem": str(problem)}
    answer.write(photo.pixels.data)
    return {
        "shape": photo.pixels.shape,
        "dtype": photo.pixels.dtype.name,
        "icc": base64.b64encode(photo.meta.icc).decode(),
        "exif": base64.b64encode(photo.meta.exif).decode(),
        "xmp": base64.b64encode(photo.meta.xmp).decode(),
        "dpi": photo.meta.dpi,
        "format": photo.format,
        "notices": photo.notices,
    }


def _limit(memory: int, seconds: float) -> None:
    """Let the system stop what goes wrong, even when the window is gone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most = int(seconds * (os.cpu_count() or 1)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
