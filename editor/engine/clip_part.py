"""A part of a clip that is a clip itself: what lies between the in point and the out point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from editor.engine.clip import Clip, Footage, Frame, Frames, Samples, check_number
from editor.engine.image import Size


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Frames ``first`` to before ``stop`` of some footage, numbered from 0."""

    whole: Footage
    first: int
    stop: int

    @property
    def clip(self) -> Clip:
        clip = self.whole.clip
        times = clip.times[self.first : self.stop + 1]
        return replace(clip, times=times - times[0])

    def frame(self, number: int) -> Frame:
        check_number(self.clip, number)
        return self.whole.frame(self.first + number)

    def small(
        self, size: Size, *, start: int = 0, stop: int | None = None, block: int = 32
    ) -> Iterator[Frames]:
        end = self.stop if stop is None else self.first + stop
        return self.whole.small(size, start=self.first + start, stop=end, block=block)

    def samples(self, start: float, stop: float) -> Samples:
        at = float(self.whole.clip.times[self.first])
        return self.whole.samples(at + start, at + stop)


def part_of(footage: Footage, first: int = 0, last: int = 0) -> Footage:
    """The frames from the in point to the out point, both included; 0 is the clip's own end."""
    count = footage.clip.count
    last = last or count - 1
    if not 0 <= first <= last:
        raise ValueError(f"the in point, frame {first}, lies after the out point, frame {last}")
    if last >= count:
        raise ValueError(f"the out point is frame {last}: the clip has frames 0 to {count - 1}")
    return footage if (first, last) == (0, count - 1) else Part(footage, first, last + 1)
