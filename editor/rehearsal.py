"""The first time on a computer: every inner loop is compiled, and kept for all later starts.

It takes some ten seconds, most of them with the interpreter's lock held, so it is done in a process
of its own: by the set-up, or else behind the first window. `python -m editor.rehearsal` is that
process. A stamp beside the compiled loops says that it has been done for the engine as it is now.
With `--beside` it ends with whoever has started it, even if that one is killed.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from editor import guard
from editor.engine.step import Step

_EDITOR = Path(__file__).resolve().parent
_PAUSE = 0.05  # seconds
_BESIDE = "--beside"


def main(names: Sequence[str] = ()) -> None:
    """Warm up the operations of these names, or all of them."""
    import editor.operations

    guard.prepare()
    for operation in editor.operations.Operation.__subclasses__():
        if not names or operation.__name__ in names:
            operation.warm_up()
    stamp = _stamp()
    if stamp is not None:
        stamp.touch()


def needed() -> bool:
    stamp = _stamp()
    if stamp is None:
        return False  # nowhere to keep what would be compiled
    if not stamp.exists():
        return True
    newest = max(path.stat().st_mtime for path in (_EDITOR / "engine").rglob("*.py"))
    return newest > stamp.stat().st_mtime


def steps(names: Sequence[str] = ()) -> Iterator[Step[None]]:
    """Rehearse in another process, if it is needed; whoever leaves early ends it."""
    if not needed():
        return
    paths = [str(_EDITOR.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    with subprocess.Popen(
        [sys.executable, "-m", "editor.rehearsal", _BESIDE, *names],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            while process.returncode is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_PAUSE)
                yield Step(0.5)
        finally:
            process.kill()


def end_with_starter() -> None:
    """End this process as soon as nobody holds the other end of its standard input any more."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, name="patina-starter", daemon=True).start()


@functools.cache
def settle() -> None:
    """Have the garbage collector never look at what is there by now, once for all.

    What the engine has loaded stays for good. To look through it takes 50 ms, in which no other
    thread may do anything: the window would wait.
    """
    gc.freeze()
    atexit.register(gc.unfreeze)  # at the end all is let go of


def _stamp() -> Path | None:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return Path(folder) / "rehearsed" if folder else None


if __name__ == "__main__":
    if _BESIDE in sys.argv:
        end_with_starter()
    main([name for name in sys.argv[1:] if name != _BESIDE])
