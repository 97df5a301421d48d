"""Frames ready before they are needed: a bounded cache, filled ahead by a thread of its own.

``look`` never waits: it gives a frame that is there or says that it is not yet, and is told which
frames come next, in any order: forwards, backwards, or a jump that is known some frames before it
is due. What comes next is decoded in the order of the file, so that playing backwards decodes
every piece between two starts once and not once for each frame.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from editor.engine.clip import Frame, check_number
from editor.files.clips.convert import Converter
from editor.files.clips.film import Film, reader_of
from editor.files.problems import FileProblem, free_memory

_MOST = 512 << 20  # bytes of frames, where memory is plenty
_LEAST = 3  # frames are kept in any case


class Player:
    """A cache of at most ``budget`` bytes of frames of one film. To be closed."""

    def __init__(self, film: Film, budget: int | None = None) -> None:
        size, channels = film.clip.size, 4 if film.clip.alpha else 3
        frame = size.width * size.height * channels
        budget = min(_MOST, free_memory() // 8) if budget is None else budget
        self._film = film
        self.room = min(max(_LEAST, budget // frame), film.clip.count)  # frames
        self._frames: OrderedDict[int, Frame] = OrderedDict()  # the one seen last is the last
        self._coming: tuple[int, ...] = ()
        self._problem: FileProblem | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._read, name="patina-player", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        self._frames.clear()

    def look(self, number: int, coming: Sequence[int] = ()) -> Frame | None:
        """The frame if it is there; ``coming`` are those to be ready next, the nearest first."""
        with self._changed:
            return self._looked(number, coming)

    def wait(self, number: int, coming: Sequence[int] = ()) -> Frame:
        """The frame, however long it takes. Raises FileProblem where it cannot be read."""
        with self._changed:
            while (frame := self._looked(number, coming)) is None:
                if self._problem is not None:
                    raise self._problem
                if self._closed:
                    raise ValueError("the player is closed")
                self._changed.wait()
            return frame

    @property
    def problem(self) -> FileProblem | None:
        """What has ended the reading, if anything has: no more frames will come."""
        return self._problem

    @property
    def held(self) -> int:
        """Bytes of frames that are kept now."""
        with self._changed:
            return sum(frame.nbytes for frame in self._frames.values())

    def _looked(self, number: int, coming: Sequence[int]) -> Frame | None:
        check_number(self._film.clip, number)
        wanted = (number, *coming)[: self.room]
        if wanted != self._coming:
            self._coming = wanted
            self._changed.notify_all()
        frame = self._frames.get(number)
        if frame is not None:
            self._frames.move_to_end(number)
        return frame

    # ── the thread that reads ──

    def _read(self) -> None:
        converter = Converter(self._film.known.look)
        try:
            with contextlib.closing(reader_of(self._film.known)) as reader:
                while (number := self._next()) is not None:
                    self._keep(number, converter.full(reader.frame(number)))
        except FileProblem as problem:
            with self._changed:
                self._problem = problem
                self._changed.notify_all()

    def _next(self) -> int | None:
        """The frame to be decoded now, waiting for one; None when the player is closed."""
        with self._changed:
            while not self._closed:
                missing = [one for one in self._coming if one not in self._frames]
                if missing:
                    return self._first_of_run(missing[0])
                self._changed.wait()
            return None

    def _first_of_run(self, urgent: int) -> int:
        """The first in the file of those that come together with the most urgent one.

        Backwards that is the end of the run, as far as one start serves. What a jump leads to later
        is another run: to read it first would decode the way between them again and again.
        """
        starts, coming = self._film.known.index.start_before, set(self._coming)
        piece, at, first = starts(urgent), urgent, urgent
        while at - 1 in coming and starts(at - 1) == piece:
            at -= 1
            if at not in self._frames:
                first = at
        return first

    def _keep(self, number: int, frame: Frame) -> None:
        with self._changed:
            self._frames[number] = frame
            wanted = set(self._coming)
            for old in list(self._frames):
                if len(self._frames) <= self.room:
                    break
                if old not in wanted:
                    del self._frames[old]
            self._changed.notify_all()
