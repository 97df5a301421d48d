"""The sound of a clip by time: float samples, mono or stereo, exactly where the file has them."""

from __future__ import annotations

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

    def close(self) -> None:
        self._container.close()

    def samples(self, start: float, stop: float) -> Samples:
        """(n, channels) between two times of the clip; silence where the file has no sound."""
        rate = self._sound.rate
        first, last = round(start * rate), round(stop * rate)
        out = np.zeros((max(0, last - first), self._sound.channels), np.float32)
        with complaints(self._path, self._kind):
            for at, piece in self._pieces(start):
                if at >= last:
                    break
                low, high = max(at, first), min(at + len(piece), last)
                if low < high:
                    out[low - first : high - first] = piece[low - at : high - at]
        return out

    def _pieces(self, start: float) -> Any:
        """Decoded pieces from before ``start`` on, each with the number of its first sample."""
        layout = "mono" if self._sound.channels == 1 else "stereo"
        stream, rate = self._stream, self._sound.rate
        begin = max(start - _RUN_UP, 0.0) if start > _RUN_UP else -_RUN_UP
        self._container.seek(
            int((begin + self._origin) / stream.time_base), stream=stream, backward=True
        )
        resampler = AudioResampler("flt", layout, rate)
        for packet in self._container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue
            for frame in frames:
                if frame.pts is None:
                    continue
                at = round((float(frame.pts * frame.time_base) - self._origin) * rate)
                for made in resampler.resample(frame):
                    piece = made.to_ndarray().reshape(-1, self._sound.channels)
                    yield at, piece
                    at += len(piece)
