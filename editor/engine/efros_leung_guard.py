"""Whether a texture grows well: garbage, copying and repetition seen in numbers and said in words.

The paper names both ways of going wrong: the growth slips into a wrong part of the sample and grows
garbage, where nothing matches any more, or it gets locked onto one place and copies it verbatim.
Both show in what a ``Growth`` records anyway. *Error* is compared with the sample's own: how well
half-known windows of the sample match elsewhere in it. *Copied* is the share of pixels that go on
where an earlier neighbour was copied from. *Variety* is the share of pixels copied from a place
that no other of the last pixels was copied from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.efros_leung import Growth

SPAN = 256  # pixels over which the numbers are averaged
WORSE = 3.0  # times the sample's own error: garbage
COPIED = 0.97  # more than this share: copying
VARIETY = 0.04  # less than this share: repetition
_STEP = 32  # pixels from one number to the next


@dataclass(frozen=True, slots=True)
class Health:
    """How a growth has been doing: numbers over time, and the verdict on how it does now."""

    moments: NDArray[np.int64]  # after so many pixels …
    error: NDArray[np.float64]  # … the mean error of the last SPAN: 0 equal .. 1
    copied: NDArray[np.float64]  # … and the shares of them: 0..1
    variety: NDArray[np.float64]
    own_error: float  # the sample's own
    state: str  # "well", "garbage", "repeating" or "copying"
    verdict: str  # the same as a sentence, with what to do
    last_good: int  # the moment to restart from: before the trouble, or now if there is none


def health(growth: Growth) -> Health:
    """Look at what has grown so far."""
    errors, own = growth.errors.astype(np.float64), growth.own_error()
    moments = np.arange(min(SPAN, growth.count), growth.count + 1, _STEP)
    if len(moments) == 0 or moments[-1] < growth.count:
        moments = np.append(moments, growth.count)
    error = _running_mean(errors, moments)
    copied = _running_mean(growth.coherent.astype(np.float64), moments)
    variety = _running_mean(_fresh(growth.sources), moments)
    early = moments < SPAN  # too little to judge by
    troubles = {
        "garbage": (error > WORSE * own) & ~early,
        "repeating": (variety < VARIETY) & ~early,
        "copying": (copied > COPIED) & ~early,
    }
    for state, trouble in troubles.items():
        if trouble[-1]:
            since = _since(trouble)
            last_good = max(0, int(moments[since]) - SPAN)
            words = _WORDS[state].format(
                since=last_good,
                times=error[-1] / max(own, 1e-9),
                copied=copied[-1],
                places=max(1, round(variety[-1] * SPAN)),
            )
            break
    else:
        state, words, last_good = "well", _WORDS["well"], growth.count
    return Health(moments, error, copied, variety, own, state, words, last_good)


_WORDS = {
    "well": "It grows well: the matches are as good as the sample's own.",
    "garbage": (
        "It has grown garbage since pixel {since}: matches are {times:.1f} times worse than in "
        "the sample itself. Restart from there, or choose another window."
    ),
    "repeating": (
        "It has repeated itself since pixel {since}: the last pixels come from {places} places "
        "only. Restart from there, or choose a larger window."
    ),
    "copying": (
        "It has copied the sample since pixel {since}: {copied:.0%} of the last pixels go on where "
        "their neighbour was copied from. Choose a smaller window or a larger sample."
    ),
}


def _running_mean(numbers: NDArray[np.float64], moments: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean of the last SPAN numbers before each moment; 0 of none."""
    sums = np.concatenate([[0.0], np.cumsum(numbers)])
    first = np.maximum(moments - SPAN, 0)
    return np.asarray((sums[moments] - sums[first]) / np.maximum(moments - first, 1))


def _fresh(sources: NDArray[np.int32]) -> NDArray[np.float64]:
    """1 where the same pixel of the sample was not copied during the SPAN before."""
    order = np.argsort(sources, kind="stable")
    again = np.flatnonzero(np.diff(sources[order]) == 0)
    fresh = np.ones(len(sources))
    fresh[order[again + 1]] = order[again + 1] - order[again] > SPAN
    return fresh


def _since(trouble: NDArray[np.bool_]) -> int:
    """Where the trouble began that lasts to the end; short better moments do not end it."""
    calm = SPAN // _STEP
    since = len(trouble) - 1
    while since > 0 and trouble[max(0, since - calm) : since].any():
        since -= 1
    return since
