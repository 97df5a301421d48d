"""Frames in memory as the engine's footage: what a film is without a file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from editor.engine.clip import Clip, Frame, Frames, Samples, Sound, check_number, evenly
from editor.engine.cv import cv2
from editor.engine.image import Size


class InMemory:
    """It counts how often it is read, and how many of its readers are still open."""

    def __init__(
        self, frames: Frames, *, sound: Sound | None = None, durations: list[float] | None = None
    ) -> None:
        times = evenly(len(frames), 25) if durations is None else np.cumsum([0.0, *durations])
        size = Size.of(frames[0])
        self.clip = Clip(size, times, Fraction(25), durations is None, sound=sound)
        self._frames = frames
        self.readings = self.open = 0

    def frame(self, number: int) -> Frame:
        check_number(self.clip, number)
        return self._frames[number]

    def small(
        self, size: Size, *, start: int = 0, stop: int | None = None, block: int = 32
    ) -> Iterator[Frames]:
        self.readings += 1
        self.open += 1
        stop = self.clip.count if stop is None else stop
        try:
            for first in range(start, stop, block):
                some = self._frames[first : min(first + block, stop)]
                shrunk = [cv2.resize(f, tuple(size), interpolation=cv2.INTER_AREA) for f in some]
                yield np.stack(shrunk)
        finally:
            self.open -= 1

    def samples(self, start: float, stop: float) -> Samples:
        """A tone whose samples tell their own place."""
        assert self.clip.sound is not None
        rate = self.clip.sound.rate
        t = np.arange(round(start * rate), round(stop * rate), dtype=np.float32)
        return np.repeat(t[:, None] / (10 * rate), self.clip.sound.channels, axis=1)
