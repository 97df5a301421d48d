"""A clip on its way to a Markov chain, kept step by step so that each can be looked at.

How it is made is ``video_chain``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.engine.clip import Frames

if TYPE_CHECKING:
    from editor.engine.frame_distances import Distances
    from editor.engine.video_texture import Texture

SLICES = 80  # moments of each matrix, at most: it fills row by row
MATRICES = ("distance", "dynamics", "future", "probability", "pruned")
STAGES = ("clip", *MATRICES, "play")


@dataclass(frozen=True, slots=True, eq=False)
class ChainRecord:
    """The frames read so far; the rest when all of them are there.

    Its moments are those of ``STAGES``, one after the other: each frame of the clip, each slice of
    every matrix, each frame that is played.
    """

    total: int  # frames of the clip
    frames: Frames  # (n, h, w, 3)
    distances: Distances | None = None
    texture: Texture | None = None
    walk: NDArray[np.int64] | None = None

    @property
    def slices(self) -> int:
        return min(self.total, SLICES)

    @property
    def begins(self) -> tuple[int, ...]:
        """The moment at which each of STAGES begins."""
        after = self.total
        return (0, *(after + number * self.slices for number in range(len(MATRICES) + 1)))

    @property
    def count(self) -> int:
        """How many moments there are so far."""
        return len(self.frames) if self.walk is None else self.begins[-1] + len(self.walk)

    def when(self, moment: int) -> tuple[str, int]:
        """The stage of a moment, and how many moments of it went before."""
        begins = self.begins
        stage = max(number for number, begin in enumerate(begins) if begin <= moment)
        return STAGES[stage], moment - begins[stage]

    def row(self, moment: int) -> int:
        """The frame that is looked at: what follows it is being found out, or it is shown."""
        stage, part = self.when(moment)
        if stage == "clip":
            return part
        if stage == "play":
            assert self.walk is not None
            return int(self.walk[part])
        low, high = self.rows(moment)
        return low if stage == "future" else high - 1

    def rows(self, moment: int) -> tuple[int, int]:
        """What is filled of the matrix: rows low..high. The future is swept backwards (3.2)."""
        stage, part = self.when(moment)
        filled = round((part + 1) * self.total / self.slices)
        return (self.total - filled, self.total) if stage == "future" else (0, filled)
