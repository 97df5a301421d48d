"""What must be true before Qt, numba or torch are imported; called first by the front doors.

Trap: the wheel of PySide6 6.12 takes None, True and False for immortal, which they are only from
Python 3.12 on. On 3.11 each void call from Python into Qt takes a reference off None and each
emitted signal one off True, until the interpreter aborts. The bounds in pyproject.toml keep that
pair apart; this guard holds where somebody has put it together all the same.
"""

from __future__ import annotations

import ctypes
import os
import sys

_IMMORTAL = 1 << 60  # more references than any program can drop


def prepare() -> None:
    """Cheap, harmless to repeat, and quiet where something is not possible."""
    if sys.version_info < (3, 12):
        keep_constants_alive()
    place_numba_cache()
    let_threads_sleep()


def keep_constants_alive() -> None:
    """Give None, True and False so many references that losing some does not matter."""
    if sys.implementation.name != "cpython":
        return
    for constant in (None, True, False):
        ctypes.c_ssize_t.from_address(id(constant)).value = _IMMORTAL


def place_numba_cache() -> None:
    """Keep compiled kernels with our other caches: an installed package may be read-only.

    Where that folder cannot be written, numba is left to find a place itself.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    from editor.files.paths import cache_folder

    folder = cache_folder() / "numba"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        os.environ["NUMBA_CACHE_DIR"] = str(folder)


def let_threads_sleep() -> None:
    """A thread of torch that waits for another must not spin: the window may need its processor.

    Beside other work two spinning threads made a network five times slower than two that sleep.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
