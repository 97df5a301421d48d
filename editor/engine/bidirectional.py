"""How well one picture sums up another: the bidirectional similarity of two pictures, one number.

D. Simakov, Y. Caspi, E. Shechtman, M. Irani: Summarizing Visual Data Using Bidirectional
Similarity, CVPR 2008, eq. 1: what is in the source should be in the target (completeness) and what
is in the target should be from the source (coherence). Each patch looks for the most similar one of
the other picture, by PatchMatch; small patches see detail, large ones whether things are whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from editor.engine.image import Picture, Size, check_picture
from editor.engine.patchmatch import nearest
from editor.engine.retarget_level import colours_of
from editor.engine.step import Step

_SIZES = (7, 15)  # of a patch; the mean of both counts
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
        if min(picture.shape[:2]) < _SIZES[-1]:
            raise ValueError(
                f"the picture is {Size.of(picture)}: "
                f"patches of {_SIZES[-1]} × {_SIZES[-1]} pixels are compared"
            )
    pair = colours_of(target), colours_of(source)
    sums = [0.0, 0.0]
    for number in range(2 * len(_SIZES)):
        which, back = divmod(number, 2)
        size, r = _SIZES[which], _SIZES[which] // 2
        one, other = pair[:: -1 if back else 1]
        distances = None
        for step in nearest(
            *(one, other), size=size, sweeps=_SWEEPS, thorough=True, seed=seed, threads=threads
        ):
            distances = step.value.distances if step.value is not None else distances
            yield Step((number + step.done) / (2 * len(_SIZES)))
        assert distances is not None
        mean = distances[r:-r, r:-r].mean(dtype=np.float64)
        sums[back] += float(mean) / (3 * size * size * len(_SIZES))
    yield Step(1.0, Distance(*sums))
