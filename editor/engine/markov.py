"""Markov chains: what comes next depends on what is there now, and on nothing before.

A. A. Markov counted vowels and consonants this way (1913). C. E. Shannon: A Mathematical Theory of
Communication, Bell System Technical Journal 27, 1948, §4 to §7, gives such sources their graph and
their entropy; A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000, play
clips by one. The weather and the texts of Lecture mode are walks of this kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import frozen
from editor.engine.kernels.random import bits

Numbers = NDArray[np.float64]

_SLACK = 1e-9  # how far a row's sum may be from 1
_SQUARINGS = 64  # of the lazy chain: 2⁶⁴ steps


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """States by name, and P: the chance of the state of a column after the state of a row."""

    names: tuple[str, ...]
    P: Numbers  # (n, n), each row sums to 1

    def __post_init__(self) -> None:
        P = np.asarray(self.P, np.float64)
        if P.shape != (len(self.names), len(self.names)) or not self.names:
            raise ValueError(
                f"the matrix is {' × '.join(map(str, P.shape))}: "
                f"{len(self.names)} states need as many rows and columns"
            )
        for name, row in zip(self.names, P, strict=True):
            if not (np.isfinite(row).all() and (row >= 0).all()):
                raise ValueError(f"a chance after {name} is below 0 or no number")
            if abs(row.sum() - 1) > _SLACK:
                raise ValueError(f"the chances after {name} sum to {row.sum():.6g}: it must be 1")
        object.__setattr__(self, "P", frozen(P.copy()))

    @property
    def count(self) -> int:
        return len(self.names)


def from_counts(names: Sequence[str], counts: Sequence[Sequence[float]] | NDArray[Any]) -> Chain:
    """The chain in which each state is followed as often as it was counted."""
    counted = np.asarray(counts, np.float64)
    totals = counted.sum(axis=1, keepdims=True)
    if (totals <= 0).any():
        raise ValueError(f"nothing was counted after {names[int((totals <= 0).argmax())]}")
    return Chain(tuple(names), counted / totals)


def counted(states: Sequence[int] | NDArray[Any], count: int) -> NDArray[np.int64]:
    """How often each of so many states followed each other one, row by row where it began."""
    walk = np.asarray(states, np.int64)
    pairs = np.bincount(walk[:-1] * count + walk[1:], minlength=count * count)
    return pairs.reshape(count, count)


def stationary(P: Numbers, start: int = 0) -> Numbers:
    """The share of each state in the long run, of a walk that starts there.

    π P = π. Where the chain falls into parts that are never left, it depends on the start. The
    lazy chain (I + P)/2 has the same shares and never beats in time; squared again and again, its
    rows become them.
    """
    walked = (np.eye(len(P)) + P) / 2
    for _ in range(_SQUARINGS):
        walked = walked @ walked
        walked /= walked.sum(axis=1, keepdims=True)  # what rounding took
    shares: Numbers = walked[start]
    return shares


def entropy_rate(P: Numbers, shares: Numbers) -> float:
    """H = −Σᵢ πᵢ Σⱼ pᵢⱼ log₂ pᵢⱼ, bits a step: how much of a surprise the next state is (§7)."""
    logs = np.log2(P, out=np.zeros_like(P), where=P > 0)
    return max(0.0, float(-(shares[:, None] * P * logs).sum()))


def after(P: Numbers, start: int, days: int) -> Numbers:
    """What is to be expected on each day from 0 to ``days``: the row of Pᵏ, (days + 1, n)."""
    expected = np.zeros((days + 1, len(P)))
    expected[0, start] = 1
    for day in range(days):
        expected[day + 1] = expected[day] @ P
    return expected


def walk(P: Numbers, steps: int, *, start: int = 0, seed: int = 0) -> NDArray[np.int64]:
    """The states of a walk, the start and so many after it; a random number belongs to each."""
    reach = np.cumsum(P, axis=1)
    states = np.empty(steps + 1, np.int64)
    states[0] = start
    for step in range(steps):
        i = states[step]
        found = int(np.searchsorted(reach[i], chance(seed, step), side="right"))
        states[step + 1] = min(found, int(np.flatnonzero(P[i])[-1]))  # the sum may be a hair below
    return states


def chance(seed: int, counter: int) -> float:
    """A number from 0 to 1, 1 left out."""
    return (int(bits(seed, counter)) >> 11) / (1 << 53)


def shares_of(states: NDArray[np.int64], count: int) -> Numbers:
    """Of each state its share of the walk until each of its steps, (len(states), count)."""
    seen = np.cumsum(states[:, None] == np.arange(count), axis=0)
    shares: Numbers = seen / np.arange(1, len(states) + 1)[:, None]
    return shares
