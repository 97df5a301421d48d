"""From the stamps of a file to seconds, and the frame rate they mean."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import evenly

PLAIN_RATE = Fraction(25)  # frames a second, where a file does not say

_INSTEAD = Fraction(1, 10)  # seconds; since the first browsers, of an animation without delays
_DRIFT = 4e-4  # many files repeat one rounded duration; 30 and 29.97 a second are 1e-3 apart
_SLOWEST, _FASTEST = Fraction(1, 1000), Fraction(1000)  # frames a second that are believed


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    times: NDArray[np.float64]  # (count + 1,) seconds from the first frame
    rate: Fraction
    steady: bool
    origin: float = 0.0  # the time of the first frame as the file counts
    notices: tuple[str, ...] = ()


def timing_of(
    stamps: NDArray[np.int64], base: Fraction, last: int, told: Fraction | None
) -> Timing:
    """The times of frames with rising stamps; ``last`` is how many stamps the last one lasts.

    The rate is the one ``told`` or a usual one, if every stamp agrees with it.
    """
    count = len(stamps)
    if last <= 0:
        last = int(np.median(np.diff(stamps))) if count > 1 else 0
    if last <= 0 and base > 0:
        likely = told if told and _SLOWEST <= told <= _FASTEST else PLAIN_RATE
        last = max(1, round(1 / likely / base))
    ends = np.append(stamps.astype(np.float64), float(stamps[-1]) + last)
    times = (ends - ends[0]) * float(base)
    seconds = float(times[-1])
    if not (np.diff(times) > 0).all() or not _SLOWEST <= count / max(seconds, 1e-9) <= _FASTEST:
        notice = f"The file does not say how fast it plays: {PLAIN_RATE} frames a second are taken."
        return Timing(evenly(count, PLAIN_RATE), PLAIN_RATE, True, 0.0, (notice,))
    average = Fraction(count / seconds).limit_denominator(1001)
    usual = Fraction(1 / float(np.median(np.diff(times)))).limit_denominator(1001)
    for rate in (told, *_round(average), average, *_round(usual), usual):
        if rate and _SLOWEST <= rate <= _FASTEST and _agrees(times, rate, float(base)):
            return Timing(times, rate, True, float(stamps[0] * base))
    return Timing(times, average, False, float(stamps[0] * base))


def as_shown(
    stamps: NDArray[np.int64], base: Fraction, last: int, shortest: float
) -> tuple[NDArray[np.int64], int]:
    """The stamps and the last length as players have it: what is too short lasts 0.1 s."""
    lengths = np.append(np.diff(stamps), last)
    lengths[lengths * float(base) < shortest - 1e-9] = max(1, round(_INSTEAD / base))
    ends = stamps[0] + np.cumsum(lengths)
    return np.append(stamps[0], ends[:-1]), int(lengths[-1])


def _round(rate: Fraction) -> tuple[Fraction, Fraction]:
    """The rates of cameras and screens nearest to one that was measured: 30 and 29.97, say."""
    return Fraction(round(rate)), Fraction(round(rate * 1001 / 1000) * 1000, 1001)


def _agrees(times: NDArray[np.float64], rate: Fraction, base: float) -> bool:
    """Whether the times are those of the rate, as the file rounds them."""
    rounding, drift = 1.01 * base, _DRIFT * float(times[-1])
    late = np.abs(times - evenly(len(times) - 1, rate))[:-1].max()
    uneven = np.abs(np.diff(times)[:-1] - float(1 / rate)).max(initial=0.0)
    return bool(late <= rounding + drift and uneven <= rounding + _DRIFT / rate)
