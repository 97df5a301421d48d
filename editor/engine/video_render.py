"""A sequence of frames becomes pictures and sound: what is played, and what is written to a file.

The jumps are hidden (``video_blend``), regions play on their own or stand still
(``video_regions``), shakes and flicker that the comparison undid are undone in full size
(``video_steady``), and the sound follows (``video_sound``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import Clip, Footage, Frame, Samples
from editor.engine.guides import Labels
from editor.engine.image import Mask
from editor.engine.video_analysis import Compared
from editor.engine.video_blend import FADE, Blend, FrameSource, Mix, loop_mixes, mixes
from editor.engine.video_regions import Composition, Region
from editor.engine.video_sound import arranged_sound
from editor.engine.video_steady import MARGIN, even_source, steady_source
from editor.engine.video_texture import Jump
from editor.engine.video_weave import PLAIN, Weave

Fades = Mapping[Jump, int] | None  # of single jumps of the loop
Reader = Callable[[int, Sequence[int]], Frame]  # a frame, and those that are wanted after it

_AHEAD = 24  # frames that a reader is told of, and pictures that are looked at for them


@dataclass(frozen=True, slots=True)
class Sequel:
    """Frames in the order in which they are shown: a loop, or a piece of endless play.

    Regions that do not play them are in the ``weave``, and a loop is then as long as it takes all
    of them to come back.
    """

    frames: tuple[int, ...]
    loops: bool  # the first one follows the last
    weave: Weave = PLAIN
    labels: Labels | None = None  # which pixel belongs to which region

    def __len__(self) -> int:
        """How many pictures there are."""
        return self.weave.turn_checked(len(self.frames)) if self.loops else len(self.frames)

    @property
    def shown(self) -> tuple[int, ...]:
        """The frames for each picture, repeated where regions take longer."""
        count = len(self)
        return tuple(islice(cycle(self.frames), count))

    def plan(self, count: int, fade: int = FADE, fades: Fades = None) -> list[Mix]:
        """The mixes of the frames, of a clip of ``count`` frames."""
        if self.loops:
            return loop_mixes(self.frames, count, fade, fades)
        return list(mixes(self.frames, count, fade, fades))

    def regions(self, count: int, fade: int = FADE, fades: Fades = None) -> list[Region]:
        """What is laid over one another, the rest first."""
        plan = self.plan(count, fade, fades)
        labels = self.labels
        if labels is None or not self.weave.strands:
            return [Region(np.zeros((0, 0), bool), plan)]
        return [
            Region(labels == one.number, one.plan(plan, count, fade), one.phase)
            for one in self.weave.strands
        ]

    def pace(self, clip: Clip) -> Fraction | NDArray[np.float64]:
        """Frames a second, or how long each one is shown."""
        return clip.rate if clip.steady else clip.durations[list(self.shown)]

    def sound(self, footage: Footage) -> Samples | None:
        """The clip's sound in this order; None where it has none."""
        sound = footage.clip.sound
        if sound is None:
            return None
        rate = sound.rate
        begins = np.rint(footage.clip.times * rate).astype(int).tolist()

        def samples(start: int, stop: int) -> Samples:
            return footage.samples(start / rate, stop / rate)[: stop - start]

        pieces = arranged_sound(self.shown, begins, samples, rate=rate, loops=self.loops)
        return np.concatenate([np.zeros((0, sound.channels), np.float32), *pieces])


class Rendering:
    """The pictures of a sequel, each made when it is asked for; a ``Take``: it can be written."""

    def __init__(
        self,
        read: Reader,
        regions: Sequence[Region],
        count: int,
        *,
        compared: Compared | None = None,
        blend: Blend | None = None,
    ) -> None:
        """Each region plays over those before it; the first one is seen wherever no other is."""
        self._read = read
        self._coming: list[int] = []
        self._count = count
        self._source = self._prepared(compared)
        below, *others = regions
        if compared is not None and compared.shifts is not None:
            others = [replace(one, mask=_without_margin(one.mask)) for one in others]
        self._composition = Composition(below, others, blend=blend)

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
