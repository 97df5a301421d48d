"""A texture that grows, with how every pixel of it was chosen: to be gone through at will.

A. Efros, T. Leung: Texture Synthesis by Non-parametric Sampling, ICCV 1999. A ``Growth`` can say
how any of its pixels was chosen, but has to search for it anew; here that is done once for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.efros_leung import Growth, Rule, synthesise
from editor.engine.efros_leung_reference import gaussian_weights
from editor.engine.efros_leung_samples import Sample
from editor.engine.image import Mask, Picture, Size
from editor.engine.kernels.efros_leung_ranking import measure
from editor.engine.moment import Moment
from editor.engine.step import Step

KEPT = 48  # places for a pixel, the nearest ones and the chosen one
RANKED = 400  # places whose distances are kept, the nearest ones


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How one pixel was chosen."""

    moment: Moment  # with the nearest places as its matches, whether they are that or not
    matches: int  # how many match: the first ones
    places: int  # that were looked at
    ranks: NDArray[np.float64]  # (n,) what the nearest places are off by, levels, ascending
    limit: float  # up to which a place matches, levels


@dataclass(slots=True, eq=False)
class GrowthRecord:
    """It grows, and what is there of it stays as it is: any thread may look at it."""

    window: int
    epsilon: float
    sample: Picture
    start: Picture  # with the seed in its middle
    seed: Mask
    places: NDArray[np.int32]  # (total, 2): y, x of the pixels as they grew
    pixels: Picture  # (total, 3) what they became
    sources: NDArray[np.int32]  # (total, 2): y, x in the sample they were copied from
    count: int = 0  # pixels that have grown
    looks: list[Look] = field(default_factory=list)  # how they were chosen, if that is recorded

    @property
    def total(self) -> int:
        return len(self.places)

    @property
    def size(self) -> Size:
        return Size.of(self.start)

    def picture_at(self, moment: int) -> Picture:
        """What it looked like when so many pixels had grown."""
        picture = self.start.copy()
        picture[tuple(self.places[:moment].T)] = self.pixels[:moment]
        return picture

    def known_at(self, moment: int) -> Mask:
        known = self.seed.copy()
        known[tuple(self.places[:moment].T)] = True
        return known


def recorded(
    sample: Picture, size: Size, windows: Sequence[int], *, seed: int = 0, looks: bool = True
) -> Iterator[Step[tuple[GrowthRecord, ...]]]:
    """Grow a texture of this size with each of the windows, all at the same time.

    The sample is (H, W, 3) uint8. Windows that do not fit into it are left out.
    """
    fitting = [one for one in windows if one <= min(Size.of(sample))] or list(windows[:1])
    growths = [synthesise([Sample(sample)], size, Rule(one, seed=seed)) for one in fitting]
    records = tuple(_begun(growth, sample) for growth in growths)
    steps = [growth.steps() for growth in growths]
    while any(record.count < record.total for record in records):
        for growth, record, going in zip(growths, records, steps, strict=True):
            if growth.count < growth.total:
                next(going)
            grown = _Grown.of(growth)
            for moment in range(record.count, growth.count):
                if looks:
                    record.looks.append(_look(growth, moment))
                grown.note(record, moment)
                if looks:
                    yield Step(_done(records), records)
        yield Step(_done(records), records)


def _begun(growth: Growth, sample: Picture) -> GrowthRecord:
    return GrowthRecord(
        growth.rule.window,
        growth.rule.epsilon,
        sample,
        growth.picture.copy(),
        growth.known.copy(),
        np.zeros((growth.total, 2), np.int32),
        np.zeros((growth.total, 3), np.uint8),
        np.zeros((growth.total, 2), np.int32),
    )


def _done(records: Sequence[GrowthRecord]) -> float:
    return sum(one.count for one in records) / sum(one.total for one in records)


class _Grown(NamedTuple):
    """What has grown until now, pixel by pixel."""

    places: NDArray[np.int32]
    pixels: Picture
    sources: NDArray[np.int32]

    @classmethod
    def of(cls, growth: Growth) -> _Grown:
        ys, xs = growth.order
        places = np.stack([ys, xs], axis=1).astype(np.int32)
        return cls(places, growth.picture[ys, xs], growth.source[ys, xs, 1:])

    def note(self, record: GrowthRecord, moment: int) -> None:
        """The pixel of this moment; the count goes up last, for who reads it beside us."""
        record.places[moment] = self.places[moment]
        record.pixels[moment] = self.pixels[moment]
        record.sources[moment] = self.sources[moment]
        record.count = moment + 1


def _look(growth: Growth, number: int) -> Look:
    moment = growth.moment(number)
    off, places = ranking(moment)
    limit = float(off[0] * np.sqrt(1 + growth.rule.epsilon))
    chosen = moment.matches[moment.chosen, 1:]
    near = places[:KEPT].copy()
    at = np.flatnonzero((near == chosen).all(axis=1))
    if not len(at):  # one of very many candidates, and not among the first
        at, near[-1] = np.array([len(near) - 1]), chosen
    sample = np.zeros((len(near), 1), np.int32)
    kept = replace(
        moment,
        matches=np.concatenate([sample, near], axis=1),
        distances=np.square(off[: len(near)] / 255),
        chosen=int(at[0]),
    )
    return Look(kept, len(moment.matches), len(off), off[:RANKED].copy(), limit)


def ranking(moment: Moment) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Every place of the sample, the best first: what it is off by, and its row and column.

    In levels, as a weighted mean of what is known in the window.
    """
    sample, side = moment.samples[0], moment.side
    weights = gaussian_weights(side) * moment.known
    d = np.empty((sample.shape[0] - side + 1, sample.shape[1] - side + 1), np.int64)
    measure(sample, moment.window, weights, d)
    order = np.argsort(d, axis=None, kind="stable")
    most = int(weights.sum()) * sample.shape[2]
    places = np.stack(np.unravel_index(order, d.shape), axis=1).astype(np.int32) + side // 2
    return np.sqrt(d.ravel()[order] / most), places
