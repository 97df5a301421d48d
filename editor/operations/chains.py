"""Chains that Lecture mode watches: the weather from day to day, a clip from frame to frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import Footage
from editor.engine.device import Device
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param
from editor.operations.loop import Endless

if TYPE_CHECKING:
    from editor.engine.chain_record import ChainRecord
    from editor.engine.markov import Chain

Rows = tuple[tuple[float, ...], ...]

WEATHER: Rows = ((0.8, 0.2), (0.4, 0.6))
_DAYS = 1000


def with_chance(rows: Rows, i: int, j: int, chance: float) -> Rows:
    """Another chance from i to j, 0 to 1; the others of its row share what is left as before."""
    chance = round(min(max(chance, 0.0), 1.0), 4)
    others = [k for k in range(len(rows)) if k != j]
    shared = sum(rows[i][k] for k in others)
    row = [0.0] * len(rows)
    row[j] = chance
    for k in others:
        row[k] = (1 - chance) * (rows[i][k] / shared if shared > 0 else 1 / len(others))
    return (*rows[:i], tuple(row), *rows[i + 1 :])


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """A value: a walk through a chain, and what is to be expected of it."""

    chain: Chain
    states: NDArray[np.int64]  # (days + 1,) that of each day, the first one included
    shares: NDArray[np.float64]  # (days + 1, n) of each state until then
    expected: NDArray[np.float64]  # (days + 1, n) the chance of each state on that day
    limit: NDArray[np.float64]  # (n,) the shares in the long run
    entropy: float  # bits a day


@dataclass(frozen=True)
class WalkChain(Operation):
    """Day after day, the state of each drawn by the row of the one before."""

    label: ClassVar[str] = "Walk through a chain"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    days: int = param(
        365,
        "Days",
        1,
        _DAYS,
        unit="days",
        help="How many days are drawn.",
        more="Raise it to see the shares settle.",
        less="Lower it for a walk that is over soon.",
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number draws the same days.",
        more="Any other number draws others.",
    )
    names: tuple[str, ...] = ("sun", "rain")
    chances: Rows = WEATHER
    start: int = 0

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Walked]]:
        from editor.engine import markov

        chain = markov.Chain(self.names, np.array(self.chances, np.float64))
        P, start = chain.P, self.start
        if not 0 <= start < chain.count:
            raise ValueError(f"the start is state {start}: there are states 0 to {chain.count - 1}")
        yield Step(0.0)
        states = markov.walk(P, self.days, start=start, seed=self.seed)
        yield Step(0.5)
        limit = markov.stationary(P, start)
        shares = markov.shares_of(states, chain.count)
        expected = markov.after(P, start, self.days)
        bits = markov.entropy_rate(P, limit)
        yield Step(1.0, Walked(chain, states, shares, expected, limit, bits))


@dataclass(frozen=True)
class WatchClip(Operation):
    """A clip on its way to a chain: the clip of the scene, or one that is opened for it."""

    label: ClassVar[str] = "Watch a video texture"
    edits: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    play: Endless = field(default_factory=Endless)
    opened: Callable[[], AbstractContextManager[Footage]] | None = field(default=None, repr=False)

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import video_chain

        video_chain.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[ChainRecord]]:
        if self.opened is not None:
            with self.opened() as footage:
                yield from self._record(footage, device)
        elif scene.clip is None:
            raise ValueError("this is a picture: open a clip to see its chain")
        else:
            yield from self._record(scene.clip, device)

    def _record(self, footage: Footage, device: Device) -> Iterator[Step[ChainRecord]]:
        from editor.engine.video_chain import record_chain

        settings, seed = self.play.settings, self.play.seed
        return record_chain(footage, settings, seed=seed, threads=device.threads)
