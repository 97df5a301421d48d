"""How well one picture sums up another: the bidirectional similarity of two pictures, one number.

D. Simakov, Y. Caspi, E. Shechtman, M. Irani: Summarizing Visual Data Using Bidirectional
Similarity, CVPR 2008, eq. 1: what is in the source should be in the target (completeness) and what
is in the target should be from the source (coherence). Each patch looks for the most similar one of
the other picture, by PatchMatch, at three sizes of the pictures (§2: patches of several scales).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple, TypeVar, cast

import numpy as np

from editor.engine.image import Picture, check_picture
from editor.engine.patchmatch import nearest
from editor.engine.retarget_level import SIZE, pyramid
from editor.engine.step import Step

T = TypeVar("T")

_SCALES = 3
_SWEEPS = 6


class Distance(NamedTuple):
    """Mean squared differences of colours, in grey levels of 256."""

    coherence: float  # of the patches of the target
    completeness: float  # of the patches of the source

    @property
    def total(self) -> float:
        return self.coherence + self.completeness


def bidirectional(
    source: Picture, target: Picture, *, seed: int = 0, threads: int = 1
) -> Iterator[Step[Distance]]:
    """The distance of a target from its source; 0 if every patch of each is in the other."""
    for picture in (source, target):
        check_picture(picture)
        if min(picture.shape[:2]) < SIZE:
            raise ValueError(
                f"the picture is {picture.shape[1]} × {picture.shape[0]}: "
                f"patches of {SIZE} × {SIZE} pixels are compared"
            )
    smallest = min(*source.shape[:2], *target.shape[:2])
    scales = min(_SCALES, max(1, int(np.log2(smallest / SIZE))))
    sources = yield from _paused(pyramid(source, scales - 1))
    targets = yield from _paused(pyramid(target, scales - 1))
    sums = np.zeros(2)
    for number in range(2 * scales):
        scale, back = divmod(number, 2)
        pair = (targets[scale].pixels, sources[scale].pixels)
        for step in nearest(
            *pair[:: -1 if back else 1], sweeps=_SWEEPS, seed=seed, threads=threads
        ):
            yield Step((number + step.done) / (2 * scales))
        assert step.value is not None
        r = SIZE // 2
        squares = step.value.distances[r:-r, r:-r]
        sums[back] += squares.mean(dtype=np.float64) / (3 * SIZE * SIZE * scales)
    yield Step(1.0, Distance(float(sums[0]), float(sums[1])))


def _paused(levels: Generator[None, None, T]) -> Generator[Step[Distance], None, T]:
    while True:
        try:
            next(levels)
        except StopIteration as end:
            return cast(T, end.value)
        yield Step(0.0)
