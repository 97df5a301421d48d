"""A clip on its way to a Markov chain, kept step by step so that each can be looked at.

A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000, §3 and §4.1: frames are
compared (3), their motion is preserved (3.1), the future counts (3.2), costs become probabilities
(eq. 2), few of them are kept (3.3), and the clip plays at random (4.1).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from editor.engine import video_texture
from editor.engine.clip import Footage, Frames
from editor.engine.clip_part import part_of
from editor.engine.frame_distances import Distances, distances
from editor.engine.image import frozen
from editor.engine.step import Step, last, unseen
from editor.engine.video_play import player
from editor.engine.video_texture import Settings, Texture, texture

MOST = 240  # frames: more are a matrix nobody can read, and all of them are kept
SIDE = 400  # px, the longer side of a frame that is kept
SHOWN = 600  # frames that are played in the end
SLICES = 80  # moments of each matrix, at most: it fills row by row
MATRICES = ("distance", "dynamics", "future", "probability", "pruned")
STAGES = ("clip", *MATRICES, "play")

_BLOCK = 8  # frames decoded between two places to stop


@dataclass(frozen=True, slots=True, eq=False)
class ChainRecord:
    """The frames read so far; the rest when all of them are there.

    Its moments are those of ``STAGES``, one after the other: each frame of the clip, each slice of
    every matrix, each frame that is played.
    """

    total: int  # frames of the clip
    rate: float  # frames a second
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


def record_chain(
    footage: Footage, settings: Settings, *, seed: int = 0, threads: int = 1
) -> Iterator[Step[ChainRecord]]:
    """The record of a clip, or of its first ``MOST`` frames; with more frames while it is read."""
    if footage.clip.count < 2:
        raise ValueError("the clip has one frame only: a chain needs at least two")
    footage = part_of(footage, 0, min(footage.clip.count, MOST) - 1)
    clip = footage.clip
    rate, count = clip.count / clip.seconds, clip.count
    frames = yield from _read(footage, rate)
    blocks = (frames[low : low + _BLOCK] for low in range(0, count, _BLOCK))
    compared = yield from unseen(0.6, 0.8, distances(blocks, count, threads=threads))
    found = yield from unseen(0.8, 0.98, texture(compared.D, settings, threads=threads))
    walk = np.fromiter(islice(player(found, seed).play(), SHOWN), np.int64)
    yield Step(1.0, ChainRecord(count, rate, frames, compared, found, frozen(walk)))


def _read(footage: Footage, rate: float) -> Generator[Step[ChainRecord], None, Frames]:
    count, size = footage.clip.count, footage.clip.fitting(SIDE)
    frames = np.empty((count, size.height, size.width, 3), np.uint8)
    done = 0
    for block in footage.small(size, block=_BLOCK):
        frames[done : done + len(block)] = block
        done += len(block)
        yield Step(0.6 * done / count, ChainRecord(count, rate, frozen(frames[:done])))
    return frozen(frames)


def kept(texture: Texture) -> NDArray[np.float64]:
    """P after pruning (3.3), (N, N): each row of a frame that goes on sums to 1."""
    arcs = texture.arcs
    P = np.zeros((texture.count, texture.count))
    sources = np.repeat(np.arange(texture.count), np.diff(arcs.first))
    P[sources, arcs.targets] = arcs.chances
    return P


def warm_up() -> None:
    video_texture.warm_up()
    last(distances([np.zeros((6, 4, 4, 3), np.uint8)], 6))
