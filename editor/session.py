"""The conductor: which documents are open, what is being done to them, what the person is told.

It owns two threads. The engine solves; the desk reads and writes files and does what is over in a
moment, so that neither waits for the other. What operations give comes back into the window's
thread, to the ``results``.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from editor import rehearsal
from editor.engine.clip import Footage
from editor.engine.device import Device
from editor.engine.image import MASKS, Cover, Meta, Picture
from editor.engine.sprite import Sprite
from editor.engine.step import Step
from editor.jobs import Engine, Failed, Finished, Job, Preview, Progress
from editor.model.commands import Command, Reshape, Swap
from editor.model.document import Document, Maps
from editor.news import Told, Working
from editor.operations.base import Operation
from editor.results import Request, Results

_log = logging.getLogger("patina")

_PREPARING = "Preparing…"
_FIRST_TIME = "Preparing, this first time only…"  # the engine is compiled, for half a minute
_FOR_THE_DESK, _FOR_A_STEP = 10_000, 500  # ms that are waited at the end


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What to do when a job of ours ends."""

    settle: Callable[[Any], None] | None = None
    failed: Callable[[str], None] | None = None  # with the sentence for the person
    document: Document | None = None
    request: Request | None = None  # for an operation
    quiet: bool = False  # its failure is somebody else's to tell


class Session(QObject):
    """Signals carry a Document, Working, Told or Device; activated and working also None."""

    opened = Signal(object)
    closed = Signal(object)
    activated = Signal(object)
    working = Signal(object)
    told = Signal(object)
    device_known = Signal(object)

    def __init__(
        self,
        *,
        device: str = "auto",
        threads: int | None = None,
        history_budget: int = 1 << 30,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.history_budget = history_budget
        self._device_wanted = (device, threads)
        self._documents: list[Document] = []
        self._current: Document | None = None
        self._tasks: dict[Job, _Task] = {}
        self._solving: Job | None = None
        self._warming: tuple[Job, str] | None = None  # what is asked for waits, and reads this
        self._waiting: deque[tuple[Operation, Document, int]] = deque()  # strokes after this solve
        self._unwanted: Job | None = None  # stopped, though it may have finished a moment before
        self.results = Results(self)
        self._engine = Engine("engine", self)
        self._desk = Engine("desk", self)
        for thread in (self._engine, self._desk):
            thread.progressed.connect(self._progressed)
            thread.previewed.connect(self._previewed)
            thread.finished_job.connect(self._finished)
            thread.failed.connect(self._failed)
            thread.stopped.connect(self._stopped)

    # ── documents ──

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._documents)

    @property
    def current(self) -> Document | None:
        return self._current

    def add(
        self,
        pixels: Picture,
        title: str,
        *,
        masks: Mapping[str, Cover] | None = None,
        maps: Maps | None = None,
        meta: Meta | None = None,
        film: Footage | None = None,
        sprite: Sprite | None = None,
    ) -> Document:
        """Open pixels that are already here: pasted, recovered, or just read."""
        known = {name: (masks or {}).get(name) for name in MASKS}
        document = Document(
            pixels,
            **known,
            maps=maps,
            meta=meta,
            film=film,
            sprite=sprite,
            title=title,
            budget=self.history_budget,
            parent=self,
        )
        self._documents.append(document)
        self.opened.emit(document)
        self.activate(document)
        return document

    def activate(self, document: Document | None) -> None:
        if document is not self._current:
            self._current = document
            self.activated.emit(document)

    def close_document(self, document: Document) -> None:
        """Let a document go, with what is being done to it; asking first is the window's part."""
        for job, task in list(self._tasks.items()):
            if task.document is document:
                self._tasks[job] = _Task(quiet=task.quiet)  # it may be done before it hears of it
                self._stop(job)
        self._waiting = deque(one for one in self._waiting if one[1] is not document)
        index = self._documents.index(document)
        self._documents.remove(document)
        if document is self._current:
            left = self._documents
            self.activate(left[min(index, len(left) - 1)] if left else None)
        self.closed.emit(document)
        document.close()
        document.deleteLater()

    # ── doing ──

    def do(
        self,
        operation: Operation,
        document: Document | None = None,
        *,
        other: Document | None = None,
        instead: Swap | Reshape | None = None,
    ) -> Job | None:
        """Start an operation on a document (the current one); None while another one solves.

        The document may be one that is not open, of which something is to be found out.

        An ``other`` document is what it may copy from. With ``instead`` it begins from the picture
        as it was before that step, which must be the last one.
        """
        document = document or self._current
        if document is None:
            return None
        if self._solving is not None and not operation.quick:
            if operation.waits:
                self._waiting.append((operation, document, document.shapes))
            return None
        request = Request.of(operation, document, instead)
        job = request.job(other, partial(Device.named, *self._device_wanted))
        self._tasks[job] = _Task(document=document, request=request)
        if operation.quick:
            self._desk.submit(job)
        else:
            self._solving = job
            self._engine.submit(job)
            self._tell_begun()
        return job

    def push(self, command: Command, document: Document | None = None) -> None:
        """Do a command that a gesture made."""
        document = document or self._current
        if document is not None:
            document.history.push(command)

    def stop(self) -> bool:
        """Stop the solve; what there was of it is gone. False if there was none."""
        return self._leave(keep=False)

    def keep(self) -> bool:
        """Stop the solve and take what there is of it."""
        return self._leave(keep=True)

    def pause(self) -> bool:
        """Pause the solve: its document keeps what it goes on from.

        False if there was none, or if it cannot be gone on with.
        """
        job, request = self._solving, self._request
        if job is None or request is None or not request.operation.pauses:
            return False
        self._engine.pause(job)
        return True

    def withdraw(self, operation: Operation) -> None:
        """Stop it if it is being solved; forget it if it waits."""
        self._waiting = deque(one for one in self._waiting if one[0] is not operation)
        job, request = self._solving, self._request
        if job is not None and request is not None and request.operation is operation:
            self._unwanted = job
            self._engine.stop(job)

    @property
    def solving(self) -> bool:
        return self._solving is not None

    def solves(self, document: Document) -> bool:
        """Whether the engine is at this one."""
        return self._solving is not None and self._tasks[self._solving].document is document

    @property
    def solved(self) -> tuple[Operation, Swap | Reshape | None] | None:
        """The operation that is being solved, and the step that its result takes the place of."""
        request = self._request
        return None if request is None else (request.operation, request.instead)

    @property
    def _request(self) -> Request | None:
        return None if self._solving is None else self._tasks[self._solving].request

    @property
    def at_work(self) -> Working | None:
        """What the engine is at, for whoever asks in between."""
        task = None if self._solving is None else self._tasks[self._solving]
        if self._solving is None or task is None or task.document is None:
            return None
        return Working(task.document, self._solving.label, 0.0, 0.0)

    @property
    def written(self) -> Working | None:
        """The file that the engine is writing, which would be lost if it were stopped."""
        return self.at_work if self.solved is None else None

    @property
    def idle(self) -> bool:
        """Whether nothing is being done at all, neither by the engine nor at the desk."""
        return not self._tasks and not self._waiting

    def at_desk(
        self,
        label: str,
        start: Callable[[], Iterator[Step[Any]]],
        settle: Callable[[Any], None] | None = None,
        *,
        failed: Callable[[str], None] | None = None,
        quiet: bool = False,
    ) -> Job:
        """Do something with files, or something short, beside the engine.

        In the end it is settled, or it has failed; the person is told so, unless it is quiet.
        """
        job = Job(label, start)
        self._tasks[job] = _Task(settle, failed, quiet=quiet)
        self._desk.submit(job)
        return job

    def at_engine(
        self,
        document: Document,
        label: str,
        start: Callable[[], Iterator[Step[Any]]],
        settle: Callable[[Any], None],
    ) -> Job | None:
        """Do something long that changes no document, such as writing a clip: with the ring, and
        Esc to stop it. None while something else is solved.
        """
        if self._solving is not None:
            return None
        job = Job(label, start)
        self._tasks[job] = _Task(settle, document=document)
        self._solving = job
        self._engine.submit(job)
        self._tell_begun()
        return job

    def use_device(self, kind: str, threads: int | None) -> None:
        """From the next operation on; device_known says what came of it."""
        self._device_wanted = (kind, threads)
        self.warm_up()

    def device(self) -> Device:
        """The one that was asked for, looked for in the thread that asks."""
        return Device.named(*self._device_wanted)

    def warm_up(self, *operations: type[Operation]) -> None:
        """Find the device, and load behind the person's back what these operations will need."""
        wanted = self._device_wanted
        names = [operation.__name__ for operation in operations]
        compiles = bool(names) and rehearsal.needed()

        def steps() -> Iterator[Step[Any]]:
            yield Step(0.5, Device.named(*wanted))
            if names:
                yield from rehearsal.steps(names)
            for operation in operations:
                operation.warm_up()
            if operations:
                rehearsal.settle()

        job = Job("Warm up", steps)
        self._warming = (job, _FIRST_TIME if compiles else _PREPARING) if names else None
        self._tasks[job] = _Task(self.device_known.emit)
        self._engine.submit(job)

    def shut_down(self) -> bool:
        """End both threads, and with them the session; False if one would not end in time.

        A solve is dropped. What waits at the desk is done: a file to write, a journal to remove.
        """
        self._engine.begin_to_close()
        written = self._desk.close(_FOR_THE_DESK, drop=False)
        ended = self._engine.close(_FOR_A_STEP) and written
        if ended:
            self.deleteLater()  # in this thread, whichever one collects what is left in Python
        return ended

    # ── what the threads say ──

    @Slot(object)
    def _progressed(self, said: Progress) -> None:
        if said.job is self._solving:
            self._tell_working(said.done, said.seconds)

    def _tell_begun(self) -> None:
        self._tell_working(0.0, 0.0, "" if self._warming is None else self._warming[1])

    def _tell_working(self, done: float, seconds: float, preparing: str = "") -> None:
        assert self._solving is not None
        task = self._tasks[self._solving]
        if task.document is not None:
            pauses = task.request is not None and task.request.operation.pauses
            label = self._solving.label
            self.working.emit(Working(task.document, label, done, seconds, pauses, preparing))

    @Slot(object)
    def _previewed(self, said: Preview) -> None:
        task = self._tasks.get(said.job)
        if task is not None and task.request is not None and said.job is self._solving:
            self.results.preview(task.request, said.value)

    @Slot(object)
    def _finished(self, said: Finished) -> None:
        task = self._end(said.job)
        if task is not None and said.job is not self._unwanted:
            if task.settle is not None:
                task.settle(said.value)
            elif task.request is not None:
                self.results.settle(task.request, said.value)
        self._begin_waiting()

    @Slot(object)
    def _failed(self, said: Failed) -> None:
        if said.details:
            _log.error("%s\n%s", said.sentence, said.details.rstrip())
        task = self._end(said.job)
        if task is not None and not task.quiet:
            kind = "error" if said.details else "warning"
            self.told.emit(Told(kind, said.sentence, said.details))
        if task is not None and task.failed is not None:
            task.failed(said.sentence)
        self._begin_waiting()

    @Slot(object)
    def _stopped(self, job: Job) -> None:
        self._end(job)
        self._begin_waiting()

    def _begin_waiting(self) -> None:
        """The next stroke, on the picture as it is now; those on another shape are let go."""
        while self._solving is None and self._waiting:
            operation, document, shapes = self._waiting.popleft()
            if shapes == document.shapes:
                self.do(operation, document)

    def _end(self, job: Job) -> _Task | None:
        """Forget a job; the ring and the preview of a solve go with it."""
        task = self._tasks.pop(job, None)
        if self._warming is not None and job is self._warming[0]:
            self._warming = None
            if self._solving is not None:
                self._tell_begun()
        if job is self._solving:
            self._solving = None
            if task is not None and task.document is not None:
                self.results.hide(task.document)
            self.working.emit(None)
        return task

    def _leave(self, *, keep: bool) -> bool:
        if self._solving is None:
            return False
        self._waiting.clear()
        if not keep:
            self._unwanted = self._solving
        self._engine.stop(self._solving, keep=keep)
        return True

    def _stop(self, job: Job) -> None:
        for thread in (self._engine, self._desk):
            thread.stop(job)
