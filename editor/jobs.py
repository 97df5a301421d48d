"""The thread where everything long happens, and its queue: one job after the other.

A job is started from frozen inputs and iterated Step by Step. Between two Steps it can be told to
stop, or to stop and keep its last value; nothing has to be undone, because nothing was touched.

Trap: connect to these signals only with ``@Slot`` methods of QObjects. A lambda or a plain method
would run in the engine's thread. Everything they carry is frozen and a copy.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QMutex, QMutexLocker, QObject, QThread, QWaitCondition, Signal

from editor.engine.step import Pause, Step

_PREVIEW_EVERY = 0.05  # seconds: at most 20 a second
_LESS_URGENT = 5  # by so many steps of niceness, of which there are forty


class Job:
    """Something to do: a label for the person and a way to begin, which is used once.

    What it closes over (a scene, and with it a frozen picture) is let go before the result is told:
    a document that nobody looks at is written in place.
    """

    def __init__(
        self,
        label: str,
        start: Callable[[], Iterator[Step[Any]]],
        finish: Callable[[Any], Any] | None = None,
    ) -> None:
        self.label = label
        self._start: Callable[[], Iterator[Step[Any]]] | None = start
        self._finish = finish  # what is made of the last value, in the engine's thread still

    def begin(self) -> Iterator[Step[Any]]:
        start, self._start = self._start, None
        if start is None:
            raise RuntimeError(f"{self.label} has been begun before")
        return iter(start())

    def end(self, value: Any) -> Any:
        finish, self._finish = self._finish, None
        return value if finish is None else finish(value)


@dataclass(frozen=True, slots=True)
class Progress:
    job: Job
    done: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Preview:
    job: Job
    value: Any


@dataclass(frozen=True, slots=True)
class Finished:
    job: Job
    value: Any
    kept: bool  # the person stopped it and kept what there was
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    job: Job
    sentence: str  # for the person
    details: str  # for the log; empty when the sentence says it all


def _let_the_window_go_first() -> None:
    """This thread and those it will start are less urgent than the one that calls them.

    Where all processors are busy the window would else wait for its turn, some milliseconds long.
    Only Linux gives a thread an urgency of its own, which is handed on.
    """
    if sys.platform == "linux":
        this = os.PRIO_PROCESS, threading.get_native_id()
        os.setpriority(*this, os.getpriority(*this) + _LESS_URGENT)


class Engine(QThread):
    """One long-lived thread. Signals carry the dataclasses above; stopped carries the Job."""

    started_job = Signal(object)
    progressed = Signal(object)
    previewed = Signal(object)
    finished_job = Signal(object)
    failed = Signal(object)
    stopped = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._mutex = QMutex()
        self._wake = QWaitCondition()
        self._queue: deque[Job] = deque()
        self._current: Job | None = None
        self._stopping = False  # the current job: leave at the next Step
        self._keeping = False  # … and take its last value
        self._pausing = False  # … which is then what it goes on from
        self._to_pause: Job | None = None  # one that waits still
        self._closing = False
        self.start()

    # ── called from the window's thread ──

    def submit(self, job: Job) -> None:
        with QMutexLocker(self._mutex):
            self._queue.append(job)
            self._wake.wakeAll()

    def stop(self, job: Job, *, keep: bool = False) -> None:
        """Leave a running job at its next Step, or take a waiting one from the queue."""
        waiting = False
        with QMutexLocker(self._mutex):
            if self._current is job:
                self._stopping, self._keeping, self._pausing = True, keep, False
            elif job in self._queue:
                self._queue.remove(job)
                waiting = True
        if waiting:
            self.stopped.emit(job)

    def pause(self, job: Job) -> None:
        """Leave a job at its next Step, and take with it what it can go on from."""
        with QMutexLocker(self._mutex):
            self._to_pause = job
            self._pause_if_wanted()

    def close(self, milliseconds: int = 3000, *, drop: bool = True) -> bool:
        """End the thread, its work dropped or done first; False if that takes too long."""
        self.begin_to_close(drop=drop)
        return self.wait(milliseconds)

    def begin_to_close(self, *, drop: bool = True) -> None:
        with QMutexLocker(self._mutex):
            self._closing = True
            if drop:
                self._stopping, self._keeping = True, False
                self._queue.clear()
            self._wake.wakeAll()

    # ── the engine's own thread ──

    def run(self) -> None:
        _let_the_window_go_first()
        while (job := self._next()) is not None:
            self.started_job.emit(job)
            told = self._outcome(job)
            if isinstance(told, Finished):
                self.finished_job.emit(told)
            elif isinstance(told, Failed):
                self.failed.emit(told)
            else:
                self.stopped.emit(job)
            del job, told  # or the last result would live until the next job comes

    def _next(self) -> Job | None:
        with QMutexLocker(self._mutex):
            self._current = None
            self._stopping = self._keeping = self._pausing = False
            while not self._queue and not self._closing:
                self._wake.wait(self._mutex)
            if not self._queue:
                return None
            self._current = self._queue.popleft()
            self._pause_if_wanted()
            return self._current

    def _pause_if_wanted(self) -> None:
        if self._current is not None and self._current is self._to_pause:
            self._stopping, self._keeping, self._pausing = True, True, True
            self._to_pause = None

    def _outcome(self, job: Job) -> Finished | Failed | None:
        try:
            return self._iterate(job)
        except BaseException as problem:
            return Failed(job, *described(job.label, problem))

    def _iterate(self, job: Job) -> Finished | None:
        """Run the job to its end, or to where it is told to leave; None if nothing is kept."""
        began = time.perf_counter()
        told = shown = began - _PREVIEW_EVERY
        value: Any = None
        steps = job.begin()
        try:
            for step in steps:
                if step.value is not None:
                    value = step.value
                if self._stopping:
                    if self._pausing:
                        value = paused(steps)
                    break
                now = time.perf_counter()
                if now - told >= _PREVIEW_EVERY and step.done < 1:
                    told = now
                    self.progressed.emit(Progress(job, step.done, now - began))
                if now - shown >= _PREVIEW_EVERY and step.done < 1 and step.value is not None:
                    shown = now
                    self.previewed.emit(Preview(job, copied(step.value)))
        finally:
            close = getattr(steps, "close", None)
            if close is not None:
                close()
        if self._stopping and (value is None or not self._keeping):
            return None
        del steps  # its working memory is the value's alone now: it need not be copied
        return Finished(job, job.end(value), self._stopping, time.perf_counter() - began)


def paused(steps: Iterator[Step[Any]]) -> Any:
    """What steps go on from that are paused now; None if they cannot."""
    throw = getattr(steps, "throw", None)
    try:
        return None if throw is None else throw(Pause()).value
    except (Pause, StopIteration):
        return None


def copied(value: Any) -> Any:
    """Values are views of working memory; those that can be changed behind our back know how."""
    copy = getattr(value, "copied", None)
    return value if copy is None else copy()


def described(label: str, problem: BaseException) -> tuple[str, str]:
    """One sentence for the person and, if it was not foreseen, the details for the log."""
    if type(problem).__name__ == "FileProblem":
        return f"{problem}.", ""  # begins with the file's name, as the person wrote it
    if isinstance(problem, ValueError):
        return f"{sentence_case(str(problem))}.", ""
    details = "".join(traceback.format_exception(problem))
    if out_of_memory(problem):
        return f"{label} needs more memory than there is; nothing was changed.", details
    return f"{label} could not be done; nothing was changed.", details


def out_of_memory(problem: BaseException) -> bool:
    """NumPy, numba, OpenCV and torch each say it in their own way."""
    text = str(problem)
    return (
        isinstance(problem, MemoryError)
        or type(problem).__name__ == "OutOfMemoryError"
        or "can't allocate memory" in text
        or "Insufficient memory" in text
    )


def sentence_case(text: str) -> str:
    """A message as a sentence: the mask is empty → The mask is empty."""
    return text[:1].upper() + text[1:]
