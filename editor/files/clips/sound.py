"""The sound of a clip by time: float samples, mono or stereo, exactly where the file has them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import ceil, floor
from pathlib import Path
from typing import Any

import av.error
import numpy as np
from av.audio.resampler import AudioResampler

from editor.engine.clip import Samples, Sound
from editor.files.clips.container import complaints, container_of
from editor.files.clips.kinds import ClipKind

_RUN_UP = 0.25  # seconds decoded before: a decoder that starts in the middle needs some packets


def sound_of(container: Any) -> Sound | None:
    """What a container says of its sound."""
    stream = container.streams.best("audio")
    if stream is None or stream.codec_context is None or not stream.time_base:
        return None
    rate, channels = stream.codec_context.sample_rate, stream.codec_context.channels
    if not 1000 <= rate <= 768_000 or channels < 1:
        return None
    return Sound(rate, min(channels, 2))


class SoundReader:
    """One decoder of the sound; for one thread at a time."""

    def __init__(self, path: Path, kind: ClipKind, sound: Sound, origin: float) -> None:
        self._path, self._kind, self._sound = path, kind, sound
        self._origin = origin  # of the clip's time, as the file counts
        self._container = container_of(path, kind)
        self._stream = self._container.streams.best("audio")
        self._slack = max(2, ceil(2 * self._stream.time_base * sound.rate))  # samples
        self._grid = self._measured()
        # What comes before is not sound but the decoder's beginning.
        self._begin = round(self._time(self._stream.start_time or 0) * sound.rate)
        self._running: Iterator[tuple[int, Samples]] = iter(())
        self._last: tuple[int, Samples] | None = None  # the piece decoded last, and where it begins

    def close(self) -> None:
        self._running = iter(())
        self._container.close()

    def samples(self, start: float, stop: float) -> Samples:
        """(n, channels) between two times of the clip; silence where the file has no sound."""
        rate = self._sound.rate
        first, last = round(start * rate), round(stop * rate)
        out = np.zeros((max(0, last - first), self._sound.channels), np.float32)
        with complaints(self._path, self._kind):
            for at, piece in self._from(first):
                low, high = max(at, first, self._begin), min(at + len(piece), last)
                if low < high:
                    out[low - first : high - first] = piece[low - at : high - at]
                if at + len(piece) >= last:
                    break
        return out

    def _from(self, first: int) -> Iterator[tuple[int, Samples]]:
        """Pieces that cover what comes from a sample on: going on, or from a little before it."""
        ahead = first - self._last[0] if self._last is not None else -1
        if self._last is not None and 0 <= ahead <= self._sound.rate:
            yield self._last
        else:
            self._running = self._pieces(first)
        for piece in self._running:
            self._last = piece
            yield piece

    def _pieces(self, first: int) -> Iterator[tuple[int, Samples]]:
        """What is decoded from a little before a sample on, each piece with its first sample."""
        rate, stream = self._sound.rate, self._stream
        self._container.seek(
            floor(((first / rate) + self._origin - _RUN_UP) / stream.time_base), stream=stream
        )
        resampler = AudioResampler("flt", "mono" if self._sound.channels == 1 else "stereo", rate)
        here = None  # the sample after the last one
        for frame in self._frames():
            at = round(self._time(frame.pts) * rate)
            if here is None:
                at = self._snapped(at, frame.samples)
            elif abs(at - here) <= self._slack:
                at = here
            for made in resampler.resample(frame):
                piece = np.asarray(made.to_ndarray(), np.float32).reshape(-1, self._sound.channels)
                yield at, piece
                at += len(piece)
            here = at

    def _snapped(self, at: int, length: int) -> int:
        """Where a piece begins whose stamp is rounded: whole pieces after the end of the first."""
        end, usual = self._grid
        if usual == 0 or length != usual:
            return at
        exact = end + round((at - end) / usual) * usual
        return exact if abs(at - exact) <= self._slack else at

    def _measured(self) -> tuple[int, int]:
        """Where the first piece ends and how long the second is, or zeros where stamps are exact.

        Matroska rounds stamps to milliseconds: read one by one, pieces would overlap or gape.
        """
        if self._stream.time_base * self._sound.rate <= 1:
            return 0, 0
        # Nothing was sought yet: only now does the demuxer leave out the decoder's beginning.
        frames = list(islice(self._frames(), 2))
        if len(frames) < 2:
            return 0, 0
        begin = round(self._time(frames[0].pts) * self._sound.rate)
        return begin + frames[0].samples, frames[1].samples

    def _time(self, stamp: int) -> float:
        """Seconds of the clip."""
        return float(stamp * self._stream.time_base) - self._origin

    def _frames(self) -> Iterator[Any]:
        for packet in self._container.demux(self._stream):
            try:
                yield from (frame for frame in packet.decode() if frame.pts is not None)
            except av.error.EOFError:
                return
            except av.error.InvalidDataError:
                continue  # a moment of silence
