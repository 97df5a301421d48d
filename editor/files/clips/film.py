"""A clip that is open: frames by number, small ones in order, sound by time.

``Film`` is the ``Footage`` of the engine. It keeps an index and a few decoders, and no frames:
whoever plays it keeps some (``player``).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from editor.engine.clip import Frame, Frames, Samples, check_number
from editor.engine.image import Size
from editor.files.clips.convert import Converter
from editor.files.clips.kinds import ANIMATED_WEBP, FOLDER
from editor.files.clips.known import Known, known_of, known_safely
from editor.files.clips.pictures import FolderReader, Reader, WebpReader
from editor.files.clips.reader import ContainerReader
from editor.files.clips.sound import SoundReader
from editor.files.clips.timing import PLAIN_RATE


def open_clip(path: Path, *, rate: Fraction = PLAIN_RATE) -> Film:
    """Open a file, or a folder of pictures, which plays at the rate. Raises FileProblem."""
    return Film(known_of(Path(path), rate))


def open_clip_safely(path: Path, *, rate: Fraction = PLAIN_RATE) -> Film:
    """The same, but the file is looked through in a process of its own."""
    return Film(known_safely(Path(path), rate))


def reader_of(known: Known) -> Reader:
    """A new decoder for the clip, to be used by one thread and closed."""
    if known.kind is FOLDER:
        return FolderReader(known.pictures)
    if known.kind is ANIMATED_WEBP:
        return WebpReader(known.path)
    reader = ContainerReader(known.path, known.kind)
    reader.read_by(known.index)
    return reader


class Film:
    """An open clip, for any thread. To be closed, or used with ``with``."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.clip = known.clip
        self._reader: Reader | None = None
        self._converter = Converter(known.look)
        self._sound: SoundReader | None = None
        self._seeing, self._hearing = threading.Lock(), threading.Lock()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the person should know about the file."""
        return self.known.notices

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
        with self._seeing:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
        with self._hearing:
            if self._sound is not None:
                self._sound.close()
                self._sound = None

    def frame(self, number: int) -> Frame:
        """One frame in full size. Going forward is cheap, a jump decodes from the start before."""
        check_number(self.clip, number)
        with self._seeing:
            if self._reader is None:
                self._reader = reader_of(self.known)
            return self._converter.full(self._reader.frame(number))

    def small(
        self, size: Size, *, start: int = 0, stop: int | None = None, block: int = 32
    ) -> Iterator[Frames]:
        """Frames start..stop at a small size, RGB, in blocks of (n, h, w, 3) as they decode.

        It has a decoder of its own: frames can be asked for meanwhile, in this thread or another.
        """
        stop = self.clip.count if stop is None else stop
        check_number(self.clip, start)
        check_number(self.clip, stop - 1)
        converter = Converter(self.known.look)
        with contextlib.closing(reader_of(self.known)) as reader:
            for first in range(start, stop, block):
                count = min(block, stop - first)
                frames = np.empty((count, size.height, size.width, 3), np.uint8)
                for place in range(count):
                    frames[place] = converter.small(reader.frame(first + place), size)
                yield frames

    def samples(self, start: float, stop: float) -> Samples:
        """The sound between two times, (n, channels); silence where there is none."""
        if self.clip.sound is None:
            raise ValueError("the clip has no sound")
        with self._hearing:
            if self._sound is None:
                known = self.known
                origin = known.index.timing.origin
                self._sound = SoundReader(known.path, known.kind, self.clip.sound, origin)
            return self._sound.samples(start, stop)
