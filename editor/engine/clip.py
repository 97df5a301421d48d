"""What a clip is: its size, when each frame begins, its sound; and how an algorithm reads one.

An engine never opens a file. It is given a ``Footage``: frames by number, small frames in order,
sound by time. Who decodes what lies in the files layer (``editor/files/clips``), because opening
is a matter of containers, codecs and hostile bytes, and only these words are needed by everybody.

A frame is (H, W, 3) or (H, W, 4) uint8, RGB with straight alpha, as displayed, read-only: always
upright, with square pixels, and all frames of a clip are of the same shape. Sound is (n, channels)
float32, -1..1. Times are seconds from the beginning of the first frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Size

Frame = NDArray[np.uint8]  # (H, W, 3 or 4), read-only
Frames = NDArray[np.uint8]  # (n, h, w, 3)
Samples = NDArray[np.float32]  # (n, channels), -1..1


@dataclass(frozen=True, slots=True)
class Sound:
    rate: int  # samples a second
    channels: int  # 1 or 2


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What is known of a clip without a single pixel of it."""

    size: Size
    times: NDArray[np.float64]  # (count + 1,): when each frame begins, and when the last one ends
    rate: Fraction  # frames a second; the average where the clip is not steady
    steady: bool = True  # every frame lasts equally long, but for the rounding of the file
    alpha: bool = False
    sound: Sound | None = None

    def __post_init__(self) -> None:
        times = np.asarray(self.times, np.float64).view()
        if times.ndim != 1 or len(times) < 2 or not (np.diff(times) > 0).all():
            raise ValueError("the times of a clip rise from frame to frame, and there is a frame")
        times.flags.writeable = False
        object.__setattr__(self, "times", times)

    @property
    def count(self) -> int:
        return len(self.times) - 1

    @property
    def seconds(self) -> float:
        return float(self.times[-1] - self.times[0])

    @property
    def durations(self) -> NDArray[np.float64]:
        return np.diff(self.times)

    def at(self, seconds: float) -> int:
        """The frame that is shown at a time; the first before it all, the last after."""
        found = int(np.searchsorted(self.times, seconds, side="right")) - 1
        return min(max(found, 0), self.count - 1)

    def fitting(self, longest: int) -> Size:
        """The size of a small version whose longer side is at most so many pixels."""
        scale = min(1.0, longest / max(self.size))
        return Size(max(1, round(self.size.width * scale)), max(1, round(self.size.height * scale)))


class Footage(Protocol):
    """A clip that can be looked into. Frames are decoded when asked for and never all kept."""

    @property
    def clip(self) -> Clip: ...

    def frame(self, number: int) -> Frame:
        """One frame in full size, exactly the one with this number."""
        ...

    def small(
        self, size: Size, *, start: int = 0, stop: int | None = None, block: int = 32
    ) -> Iterator[Frames]:
        """Frames start..stop at a small size, RGB, in blocks of (n, h, w, 3) as they decode."""
        ...

    def samples(self, start: float, stop: float) -> Samples:
        """The sound between two times; silence where there is none."""
        ...


class Take(Protocol):
    """Frames to be written, each made when it is asked for; a list of arrays is one too."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Frame: ...


@dataclass(frozen=True, slots=True, eq=False)
class Beneath:
    """The frames of a clip that lie under a film of another length or rate, one for each of it."""

    footage: Footage
    numbers: Sequence[int]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, number: int, /) -> Frame:
        return self.footage.frame(self.numbers[number])


def in_time(clip: Clip, rate: Fraction, count: int) -> list[int]:
    """Which frame of a clip, played over and over, is seen in the middle of each of a film's."""
    middles = (float((number + Fraction(1, 2)) / rate) for number in range(count))
    return [clip.at(middle % clip.seconds) for middle in middles]


def evenly(count: int, rate: Fraction | int) -> NDArray[np.float64]:
    """The times of so many frames at one rate."""
    return np.arange(count + 1) / float(rate)


def check_number(clip: Clip, number: int) -> None:
    """Raise ValueError unless the clip has a frame with this number."""
    if not 0 <= number < clip.count:
        raise ValueError(f"there is no frame {number}: the clip has frames 0 to {clip.count - 1}")


def check_take(take: Sequence[Frame] | Take) -> tuple[Size, bool]:
    """The size of the frames and whether they have alpha, told by the first one."""
    if len(take) == 0:
        raise ValueError("the clip has no frames")
    first = take[0]
    check_frame(first, first)
    return Size.of(first), first.shape[2] == 4


def check_frame(frame: Frame, first: Frame) -> None:
    """Raise ValueError unless this is a frame such as the first one."""
    if frame.ndim != 3 or frame.shape[2] not in (3, 4) or frame.dtype != np.uint8:
        raise ValueError(f"a frame is (H, W, 3 or 4) uint8, not {frame.shape} {frame.dtype}")
    if frame.shape != first.shape:
        raise ValueError(f"every frame must be {first.shape}: one of them is {frame.shape}")
