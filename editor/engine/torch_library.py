"""torch, loaded while somebody uses the window: its import would hold the interpreter for 0.4 s.

Most of that is the loader's work on libraries of a gigabyte. It is done beforehand, through a call
that lets go of the interpreter's lock. The rest is the garbage collector, which begins to look
through a quarter of a million objects again and again; they stay for good, and are not looked at.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib.util
import os
import sys
import threading
from pathlib import Path

_LIBRARIES = ("torch_global_deps", "c10", "torch_cpu", "torch_python")
_lock = threading.Lock()


def load_torch() -> None:
    """Import it, in a thread that can wait."""
    with _lock:
        if "torch" in sys.modules:
            return
        _load_libraries()
        collects = gc.isenabled()
        gc.disable()
        try:
            import torch  # noqa: F401
        finally:
            gc.freeze()
            atexit.register(gc.unfreeze)  # at the end all are let go of
            if collects:
                gc.enable()


def _load_libraries() -> None:
    """Where there is nothing to be gained the import does it."""
    found = importlib.util.find_spec("torch")
    if os.name != "posix" or found is None or found.origin is None:
        return
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    dlopen = ctypes.CDLL(None).dlopen  # ctypes' own way to open a library keeps the lock
    dlopen.restype, dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    for name in _LIBRARIES:
        dlopen(os.fsencode(Path(found.origin).parent / "lib" / f"lib{name}{suffix}"), os.RTLD_NOW)
