"""Courses of bricks, lines of text, rows of a weave: at which sizes a tile of them closes.

Nothing is stretched, so a tile that holds seventeen courses and a half has a half one at its seam.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.engine.efros_leung_samples import features
from editor.engine.image import Picture

_LEAST = 6  # pixels of a course
_SOFT = 3  # pixels over which tones are evened out, for courses of 21 pixels and a half
_ALIKE = 0.6  # correlation of a course with the next one, from which on they are courses
_COURSES = 2.5  # there are at least so many of them
_MOST = 512  # pixels across, of which the middle is looked at
_OFF = 0.15  # of a course: less than that is taken up on the way


def closing_sizes(sample: Picture, length: int, axis: int) -> tuple[int, int] | None:
    """The next smaller and larger length at which a tile closes; None if it does, or always would.

    ``axis`` 0 is the height, 1 the width.
    """
    p = period(sample, axis)
    if p is None or abs(length / p - round(length / p)) < _OFF:
        return None
    count = int(length / p)
    return round(count * p), round((count + 1) * p)


def period(sample: Picture, axis: int) -> float | None:
    """After how many pixels the rows (axis 0) or columns (1) of a picture come again, if ever."""
    top, left = (max(0, length - _MOST) // 2 for length in sample.shape[:2])
    middle = sample[top : top + _MOST, left : left + _MOST]
    tones = features(middle).mean(axis=(1 - axis, 2))
    tones = np.convolve(tones - tones.mean(), np.ones(_SOFT) / _SOFT, "valid")
    if len(tones) < 4 * _LEAST or not tones.any():
        return None
    r = _correlation(tones)
    peaks = [d for d in range(_LEAST, len(r) - 1) if r[d - 1] < r[d] >= r[d + 1]]
    best = max((r[d] for d in peaks), default=0.0)
    first = next((d for d in peaks if r[d] > 0.8 * best), len(tones))
    if best < _ALIKE or len(tones) < _COURSES * first:
        return None
    many = [d for d in peaks if abs(d / first - round(d / first)) < _OFF and r[d] > 0.5 * best]
    return float(many[-1] / round(many[-1] / first))  # of many courses the mean is most exact


def _correlation(tones: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the tones with themselves, so many pixels further on, up to half of their length."""
    found = np.ones(len(tones) // 2 + 1)
    for d in range(1, len(found)):
        a, b = tones[:-d], tones[d:]
        found[d] = (a * b).sum() / max(1e-9, float(np.sqrt((a * a).sum() * (b * b).sum())))
    return found
