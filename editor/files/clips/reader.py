"""Frames from a container, exactly those asked for: seek to a start before, decode forward.

Traps: a seek may land elsewhere than asked, so where it landed is read from the frames that come;
a damaged frame may be missing, and then the one before stays on the screen, as in every player.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np

from editor.files.clips.container import MAX_PIXELS, complaints, container_of, moving_pictures
from editor.files.clips.index import Index
from editor.files.clips.kinds import ClipKind
from editor.files.problems import FileProblem, shown

_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}  # FFmpeg's own decoders leave it out
_NEAR = 12  # frames: decoding them costs less than a seek


class ContainerReader:
    """One decoder at one place of a clip; for one thread at a time."""

    def __init__(self, path: Path, kind: ClipKind) -> None:
        self._path, self._kind = path, kind
        self._index: Index | None = None
        self._running: Iterator[Any] | None = None
        self._next = 0  # the number that ``_running`` yields
        self._open()

    def _open(self) -> None:
        self.container = container_of(self._path, self._kind)
        try:
            self.stream = moving_pictures(self._path, self.container)
            self._codec = _decoder(self.stream)
        except BaseException:
            self.container.close()
            raise

    def close(self) -> None:
        self._running = None
        self.container.close()

    @property
    def aspect(self) -> Fraction | None:
        """Of one pixel: width by height."""
        told: Fraction | None = self.stream.sample_aspect_ratio
        return told or self.stream.codec_context.sample_aspect_ratio

    def read_by(self, index: Index) -> None:
        self._index = index

    def frame(self, number: int) -> Any:
        """The frame with a number: going on from the last one, or from a start before it."""
        index = self._index
        assert index is not None, "read_by comes first"
        start = int(index.starts[index.start_before(number)])
        ahead = number - self._next
        if self._running is None or ahead < 0 or (ahead > _NEAR and start > self._next):
            self._running, self._next = self._from(index, number), number
        with complaints(self._path, self._kind):
            while True:
                frame = next(self._running, None)
                self._next += 1
                if frame is None:
                    self._running = None
                    raise FileProblem(f"{shown(self._path)} is damaged: no frame can be decoded")
                if self._next > number:
                    return frame

    def _from(self, index: Index, wanted: int) -> Iterator[Any]:
        """Every frame from a number to the end; one that is lost is shown as the one before."""
        start = index.start_before(wanted)
        while True:
            frames = self._numbered(index, start)
            first = next(frames, None)
            if start == 0 or (first is not None and first[0] <= wanted):
                break
            start -= 1  # the seek landed too late, or what is there cannot be decoded
        if first is None:
            return
        held = first[1]
        for found, frame in chain([first], frames):
            while wanted < found:
                yield held
                wanted += 1
            held = frame
            if found == wanted:
                yield frame
                wanted += 1
        while wanted < index.count:
            yield held
            wanted += 1

    def _numbered(self, index: Index, start: int) -> Generator[tuple[int, Any], None, None]:
        """What can be decoded from one of the starts on, with its numbers, which rise."""
        self.seek(int(index.seeks[start]))
        if index.counted:
            number = int(index.starts[start])
            for frame in self.decoded():
                if number == index.starts[start] and start > 0 and not frame.key_frame:
                    continue  # of the pictures before the start, and without what they build on
                yield number, frame
                number += 1
                if number == index.count:
                    return
            return
        for frame in self.decoded():
            if frame.pts is None or frame.pts > index.stamps[-1]:
                continue
            number = int(np.searchsorted(index.stamps, frame.pts))
            if index.stamps[number] == frame.pts:
                yield number, frame
                if number == index.count - 1:
                    return

    def seek(self, stamp: int) -> None:
        """Go to the last start at or before a stamp, or to where the file begins."""
        try:
            self.container.seek(stamp, stream=self.stream)
            if self._codec.is_open:
                self._codec.flush_buffers()
        except av.error.FFmpegError:
            self.container.close()
            self._open()

    def decoded(self) -> Iterator[Any]:
        """Every frame from here on, as the decoder gives them; what is damaged is left out."""
        try:
            for packet in self.container.demux(self.stream):
                try:
                    yield from self._codec.decode(packet)
                except av.error.EOFError:
                    return
                except av.error.InvalidDataError:
                    continue
        except av.error.InvalidDataError:
            return


def _decoder(stream: Any) -> Any:
    """The stream's own decoder, or the one that knows about its alpha."""
    codec = stream.codec_context
    other = _WITH_ALPHA.get(codec.name) if stream.metadata.get("alpha_mode") == "1" else None
    if other is not None:
        codec = av.CodecContext.create(other, "r")
        if stream.codec_context.extradata:
            codec.extradata = stream.codec_context.extradata
    codec.options = {"max_pixels": str(MAX_PIXELS)}
    codec.thread_type = "AUTO"
    return codec
