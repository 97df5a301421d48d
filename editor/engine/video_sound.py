"""Sound of a video texture: the clip's own sound in the order of its frames, faded at the jumps.

§6.1 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000. Every frame
keeps exactly the samples that belong to it, so that sound and picture never drift apart; around a
jump what would have come fades into what leads there. Two unlike sounds fade with equal power and
two alike ones with equal level; what is between is decided by how much they correlate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]  # (samples, channels)
Samples = Callable[[int, int], Sound]  # from, to

FADE = 0.04  # seconds


def arranged_sound(
    frames: Sequence[int],
    begins: Sequence[int],
    samples: Samples,
    *,
    rate: int,
    loops: bool,
    fade: float = FADE,
) -> Iterator[Sound]:
    """The sound of these frames, piece by piece; together they have exactly the frames' samples.

    ``begins[k]`` is the sample where frame k begins, and one more where the last one ends. A loop
    fades across its end into its beginning.
    """
    if len(frames) == 0:
        return
    runs = _runs(frames, begins)
    jumps = [*pairwise(runs), *([(runs[-1], runs[0])] if loops else [])]
    halves = [_half(out, into, round(fade * rate / 2), begins[-1]) for out, into in jumps]
    seam = None
    if loops:
        seam, half = _faded(samples, runs[-1][1], runs[0][0], halves[-1]), halves[-1]
        yield seam[half:]
    for k, (start, stop) in enumerate(runs):
        after = halves[k] if k < len(halves) else 0
        before = (halves[k - 1] if k else halves[-1]) if k or loops else 0
        yield samples(start + before, stop - after)
        if k + 1 < len(runs):
            yield _faded(samples, stop, runs[k + 1][0], after)
    if seam is not None:
        yield seam[: halves[-1]]


def _runs(frames: Sequence[int], begins: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches that are played in order, as samples."""
    runs = []
    first = 0
    for k in range(1, len(frames) + 1):
        if k == len(frames) or frames[k] != frames[k - 1] + 1:
            runs.append((begins[frames[first]], begins[frames[k - 1] + 1]))
            first = k
    return runs


def _half(out: tuple[int, int], into: tuple[int, int], wanted: int, end: int) -> int:
    """Half the length of a fade: within both stretches and within the clip."""
    room = min((out[1] - out[0]) // 2, (into[1] - into[0]) // 2, end - out[1], into[0])
    return max(0, min(wanted, room))


def _faded(samples: Samples, stop: int, start: int, half: int) -> Sound:
    """From the sound around ``stop`` to the sound around ``start``."""
    out, into = samples(stop - half, stop + half), samples(start - half, start + half)
    w = ((np.arange(2 * half, dtype=np.float32) + 0.5) / max(1, 2 * half))[:, None]
    power = np.sqrt(float((out**2).sum()) * float((into**2).sum()))
    ρ = np.clip(float((out * into).sum()) / power, 0, 1) if power else 1.0
    level = np.sqrt((1 - w) ** 2 + w**2 + 2 * ρ * w * (1 - w))
    mixed: Sound = (((1 - w) * out + w * into) / level).astype(np.float32)
    return mixed
