"""When each frame is written, in the whole ticks that a kind of file counts in.

Ticks are rounded from the time since the beginning, never from one frame to the next, so that the
errors do not add up: the whole clip is as long as it should be, to half a tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import evenly
from editor.files.clips.kinds import GIF, MP4, ClipKind

Pace = Fraction | int | Sequence[float] | NDArray[np.float64]  # frames a second; or seconds of each

_CENTISECOND, _MILLISECOND = Fraction(1, 100), Fraction(1, 1000)
_MPEG = Fraction(1, 90_000)
_SLOWEST, _FASTEST = Fraction(1, 3600), Fraction(1000)  # frames a second


@dataclass(frozen=True, slots=True, eq=False)
class Ticks:
    base: Fraction  # seconds of one tick
    frames: NDArray[np.int64]  # numbers of the frames that are written
    stamps: NDArray[np.int64]  # when each of them begins, and when the last one ends
    seconds: float  # as asked for, before the rounding
    left_out: int = 0  # frames that come too fast for the kind


def check_pace(count: int, pace: Pace) -> NDArray[np.float64]:
    """The times of so many frames. Raises ValueError where the pace is none."""
    if isinstance(pace, Fraction | int):
        if not _SLOWEST <= pace <= _FASTEST:
            raise ValueError(f"{pace} frames a second cannot be: it is from 1/3600 to 1000")
        return evenly(count, pace)
    lengths = np.asarray(pace, np.float64)
    if lengths.shape != (count,):
        raise ValueError(f"there are {count} frames and {len(lengths)} durations")
    if not ((lengths >= 1 / float(_FASTEST)) & (lengths <= 1 / float(_SLOWEST))).all():
        raise ValueError("every duration must be from a thousandth of a second to an hour")
    return np.concatenate([[0.0], np.cumsum(lengths)])


def ticks_of(count: int, pace: Pace, kind: ClipKind) -> Ticks:
    """The stamps of every frame; of fewer frames where the kind cannot show them so fast."""
    times = check_pace(count, pace)
    base = _base(pace, kind)
    stamps = np.rint(times / float(base)).astype(np.int64)
    least = max(1, ceil(Fraction(kind.shortest).limit_denominator(1000) / base))
    frames = np.arange(count)
    if np.diff(stamps).min() < least:
        # Frames at even distances: leaving out every one that comes too soon would stutter.
        slots = np.arange(0, max(int(stamps[-1]) - least // 2, 1), least)
        shown = np.searchsorted(stamps[:-1], slots, side="right") - 1
        frames, first = np.unique(shown, return_index=True)
        stamps = np.append(slots[first], max(int(stamps[-1]), int(slots[first][-1]) + least))
    return Ticks(base, frames, stamps, float(times[-1]), count - len(frames))


def _base(pace: Pace, kind: ClipKind) -> Fraction:
    if kind is GIF:
        return _CENTISECOND
    if isinstance(pace, Fraction | int):
        return 1 / Fraction(pace)
    return _MPEG if kind is MP4 else _MILLISECOND
