"""A sequence of frames becomes pictures and sound: what is played, and what is written to a file.

The jumps are hidden (``video_blend``), regions play on their own or stand still
(``video_regions``), shakes and flicker that the comparison undid are undone in full size
(``video_steady``), and the sound follows (``video_sound``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import Clip, Footage, Frame, Samples
from editor.engine.image import Cover, Mask
from editor.engine.video_analysis import Compared
from editor.engine.video_blend import FADE, Blend, FrameSource, Mix, loop_mixes, mixes
from editor.engine.video_regions import Composition, Region
from editor.engine.video_sound import arranged_sound
from editor.engine.video_steady import MARGIN, even_source, steady_source

Reader = Callable[[int, Sequence[int]], Frame]  # a frame, and those that are wanted after it

_AHEAD = 24  # frames that a reader is told of, and pictures that are looked at for them


@dataclass(frozen=True, slots=True)
class Sequel:
    """Frames in the order in which they are shown: a loop, or a piece of endless play."""

    frames: tuple[int, ...]
    loops: bool  # the first one follows the last

    def plan(self, count: int, fade: int = FADE) -> list[Mix]:
        """The mixes of the sequence, of frames of a clip of ``count`` frames."""
        if self.loops:
            return loop_mixes(self.frames, count, fade)
        return list(mixes(self.frames, count, fade))

    def pace(self, clip: Clip) -> Fraction | NDArray[np.float64]:
        """Frames a second, or how long each one is shown."""
        return clip.rate if clip.steady else clip.durations[list(self.frames)]

    def sound(self, footage: Footage) -> Samples | None:
        """The clip's sound in this order; None where it has none."""
        sound = footage.clip.sound
        if sound is None:
            return None
        rate = sound.rate
        begins = np.rint(footage.clip.times * rate).astype(int).tolist()

        def samples(start: int, stop: int) -> Samples:
            return footage.samples(start / rate, stop / rate)[: stop - start]

        pieces = arranged_sound(self.frames, begins, samples, rate=rate, loops=self.loops)
        return np.concatenate([np.zeros((0, sound.channels), np.float32), *pieces])


class Rendering:
    """The pictures of a plan, each made when it is asked for; a ``Take``, so that it is written."""

    def __init__(
        self,
        read: Reader,
        plan: Sequence[Mix],
        *,
        compared: Compared | None = None,
        region: Cover | None = None,
        blend: Blend | None = None,
    ) -> None:
        """With a region only what lies under it plays; all else is the plan's first frame."""
        self._read = read
        self._coming: list[int] = []
        self._count = len(plan)
        self._source = self._prepared(compared)
        below, regions = Region(np.zeros((0, 0), bool), plan), []
        if region is not None:
            shifts = compared is not None and compared.shifts is not None
            mask = _without_margin(region > 127) if shifts else region > 127
            still = Mix(plan[0].first, plan[0].first)
            below, regions = Region(mask, (still,)), [Region(mask, plan)]
        self._composition = Composition(below, regions, blend=blend)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Frame:
        if not 0 <= number < self._count:
            raise IndexError(number)
        self._coming = self._wanted_after(number)
        return self._composition.picture(number, self._source)

    def __iter__(self) -> Iterator[Frame]:
        return (self[number] for number in range(self._count))

    def _prepared(self, compared: Compared | None) -> FrameSource:
        """The clip's frames, steady and in even light if they were compared so."""

        def source(number: int) -> Frame:
            return self._read(number, self._coming)

        if compared is None:
            return source
        steady = source if compared.shifts is None else steady_source(source, compared.shifts)
        return steady if compared.light is None else even_source(steady, compared.light)

    def _wanted_after(self, number: int) -> list[int]:
        """The frames to be read for this picture and those after it, each once."""
        order = (
            frame
            for later in range(number, min(number + _AHEAD, self._count))
            for frame in self._composition.needed(later)
        )
        return list(dict.fromkeys(islice(order, _AHEAD)))


def plainly(footage: Footage) -> Reader:
    """A reader that takes each frame when it is asked for."""
    return lambda number, coming: footage.frame(number)


def _without_margin(mask: Mask) -> Mask:
    """What of a mask lies on a frame that has been made steady."""
    height, width = mask.shape
    left, top = round(MARGIN * width), round(MARGIN * height)
    return mask[top : height - top, left : width - left]
