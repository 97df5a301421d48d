"""Open a file in a throw-away process: no file can hang, crash or fill up this one.

Pixels come back in a nameless file in memory, which is gone with the last process that holds
it: nothing is left behind even when both are killed. The other half is ``decode``.
"""

from __future__ import annotations

import base64
import json
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

import numpy as np

import editor
from editor.engine.image import Meta
from editor.files.kinds import MAX_PIXELS
from editor.files.photo import Photo
from editor.files.problems import FileProblem, free_memory, shown

_TIMEOUT = 30.0  # seconds for a decoder
_TOO_LONG = 124  # the exit code of timeout(1)
_LEAST_MEMORY = 2 << 30  # of address space: libraries reserve far more than they use


def read_picture_safely(
    path: Path, *, max_pixels: int = MAX_PIXELS, timeout: float = _TIMEOUT
) -> Photo:
    """``read_picture`` in a process of its own. Raises FileProblem."""
    path = Path(path)
    told, pixels = told_apart(path, {"what": "picture", "max_pixels": max_pixels}, timeout)
    icc, exif, xmp = (base64.b64decode(told[name]) for name in ("icc", "exif", "xmp"))
    dpi = (told["dpi"][0], told["dpi"][1]) if told["dpi"] else None
    return Photo(
        np.frombuffer(pixels, np.dtype(told["dtype"])).reshape(told["shape"]),
        Meta(icc, exif, xmp, dpi),
        path,
        told["format"],
        tuple(told["notices"]),
    )


def told_apart(
    path: Path, ask: dict[str, Any], timeout: float = _TIMEOUT
) -> tuple[dict[str, Any], mmap.mmap]:
    """What ``decode`` answers in a process of its own: what it tells, and the bytes before it."""
    with _nameless() as answer, tempfile.TemporaryDirectory(prefix="patina-") as scratch:
        code = _decode_apart(path, ask, timeout, answer, scratch)
        told = _told(answer) if code == 0 else None
        if told is None:
            raise FileProblem(f"{shown(path)} cannot be opened: {_ending(code)}")
        if "problem" in told:
            raise FileProblem(told["problem"])
        return told, mmap.mmap(answer.fileno(), int(told["bytes"]))


def _nameless() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("patina"), "w+b")
    return tempfile.TemporaryFile()


def _decode_apart(
    path: Path, ask: dict[str, Any], timeout: float, answer: IO[bytes], scratch: str
) -> int:
    """Run the decoder with its answer as standard output; its exit code.

    Its temporary files lie in ``scratch``, which is cleared even when it is killed.
    """

    root = str(Path(editor.__file__).parent.parent)
    start = (
        f"import sys; sys.path.insert(0, {root!r}); from editor.files.decode import main; main()"
    )
    ask = ask | {
        "path": os.fsencode(path.absolute()).hex(),
        "memory": max(_LEAST_MEMORY, free_memory() * 3 // 4),
        "seconds": timeout,
    }
    # One thread for BLAS, which is not used: each would ask for memory that is limited.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch)
    # -P: nothing is imported from the folder the person happens to be in.
    with subprocess.Popen(
        [sys.executable, "-P", "-c", start, json.dumps(ask)],
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:
        # Waiting with a time-out would look at the child only every 50 ms.
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(timeout, stop)
        clock.start()
        try:
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
        return _TOO_LONG if late.is_set() else code


def _told(answer: IO[bytes]) -> dict[str, Any] | None:
    """What stands behind the pixels; the last 8 bytes say how much that is."""
    size = answer.seek(0, os.SEEK_END)
    try:
        answer.seek(size - 8)
        length = int.from_bytes(answer.read(8), "little")
        answer.seek(size - 8 - length)
        told: dict[str, Any] = json.loads(answer.read(length))
    except (OSError, ValueError, OverflowError):  # not what our half wrote
        return None
    return told


def _ending(code: int) -> str:
    if code in (_TOO_LONG, -signal.SIGXCPU):
        return "its contents take too long to decode; the file may be damaged"
    if code == -signal.SIGKILL:
        return "the decoder was stopped, perhaps because memory ran out"
    return "its contents made the decoder fail; the file is damaged or hostile"
