"""One log for everything that goes wrong inside, and one hook that tells the person calmly.

Exceptions in slots, paint events and threads, Qt's own messages, Python's warnings and the stacks
of a native crash all go to the same folder. Nothing here may keep the program from starting.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import logging.handlers
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

Listener = Callable[[str, str], None]  # (one sentence, the details to copy)

SENTENCE = "Something went wrong inside; what you did last may be missing."
NO_MEMORY = "There is not enough memory for that; what you did last may be missing."
LOG, CRASH = "patina.log", "crash.log"
_AGAIN_AFTER = 60.0  # seconds until the same trace is told again
_log = logging.getLogger("patina")


def start(folder: Path) -> None:
    """Log into this folder from now on; where it cannot be written, log nowhere."""
    handler = _handler(folder)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-8s %(threadName)s %(name)s: %(message)s")
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if getattr(old, "ours", False)]:
        root.removeHandler(old)
        old.close()
    handler.ours = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not print a trace for each line
    logging.captureWarnings(True)
    _follow_crashes(folder / CRASH)
    sys.excepthook = problems.hear
    threading.excepthook = problems.hear_thread


def follow_qt() -> None:
    """Send Qt's own messages to the log; call it after the first import of Qt."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    log = logging.getLogger("qt")

    def hear(kind: QtMsgType, context: Any, message: str) -> None:
        category = getattr(context, "category", None) or "default"
        log.log(levels.get(kind, logging.WARNING), "%s (%s)", message, category)

    qInstallMessageHandler(hear)


def on_problem(listener: Listener | None) -> None:
    """Tell the listener of each exception nobody caught, from whichever thread it came.

    The same trace is told at most once a minute: a paint event can fail sixty times a second.
    """
    problems.listener = listener


class Problems:
    """Exceptions nobody caught: logged and told, each distinct trace once a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.listener: Listener | None = None
        self._clock = clock
        self._told: dict[tuple[Any, ...], float] = {}
        self._lock = threading.Lock()

    def hear(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        """The hook for sys.excepthook."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, trace)
            return
        if not self._is_news(kind, trace):
            return
        details = "".join(traceback.format_exception(kind, problem, trace))
        _log.error("not caught\n%s", details.rstrip())
        self.tell(NO_MEMORY if issubclass(kind, MemoryError) else SENTENCE, details)

    def hear_thread(self, said: threading.ExceptHookArgs) -> None:
        """The hook for threading.excepthook."""
        if said.exc_value is not None and not issubclass(said.exc_type, SystemExit):
            self.hear(said.exc_type, said.exc_value, said.exc_traceback)

    def tell(self, sentence: str, details: str) -> None:
        if self.listener is None:
            return
        try:
            self.listener(sentence, details)
        except Exception:  # the message about a failure must not fail in turn
            _log.exception("the listener failed")

    def _is_news(self, kind: type[BaseException], trace: TracebackType | None) -> bool:
        """Same exception, same lines: the same trace, whatever its message says."""
        lines = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
        key = (kind, *lines)
        with self._lock:
            now = self._clock()
            if now - self._told.get(key, -_AGAIN_AFTER) < _AGAIN_AFTER:
                return False
            self._told[key] = now
            return True


problems = Problems()


def _handler(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return logging.handlers.RotatingFileHandler(
            folder / LOG, maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        return logging.NullHandler()


_crash_fd: int | None = None  # faulthandler needs it open for as long as we run


def _follow_crashes(path: Path) -> None:
    """Have the stacks of all threads written if native code brings the process down."""
    global _crash_fd
    before, _crash_fd = _crash_fd, None
    with contextlib.suppress(OSError):
        _crash_fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if _crash_fd is not None:
        faulthandler.enable(_crash_fd)
    elif sys.stderr is not None:
        faulthandler.enable()
    if before is not None:
        os.close(before)
