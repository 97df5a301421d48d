"""A clip on its way to a Markov chain.

A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000, §3 and §4.1: frames are
compared (3), their motion is preserved (3.1), the future counts (3.2), costs become probabilities
(eq. 2), few of them are kept (3.3), and the clip plays at random (4.1).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import islice

import numpy as np

from editor.engine import video_texture
from editor.engine.chain_record import ChainRecord
from editor.engine.clip import Footage, Frames
from editor.engine.clip_part import part_of
from editor.engine.frame_distances import distances
from editor.engine.image import frozen
from editor.engine.step import Step, last, unseen
from editor.engine.video_play import player
from editor.engine.video_texture import Settings, texture

MOST = 240  # frames: more are a matrix nobody can read, and all of them are kept
SIDE = 400  # px, the longer side of a frame that is kept
SHOWN = 600  # frames that are played in the end

_BLOCK = 8  # frames decoded between two places to stop


def record_chain(
    footage: Footage, settings: Settings, *, seed: int = 0, threads: int = 1
) -> Iterator[Step[ChainRecord]]:
    """The record of a clip, or of its first ``MOST`` frames; with more frames while it is read."""
    if footage.clip.count < 2:
        raise ValueError("the clip has one frame only: a chain needs at least two")
    footage = part_of(footage, 0, min(footage.clip.count, MOST) - 1)
    count = footage.clip.count
    frames = yield from _read(footage)
    blocks = (frames[low : low + _BLOCK] for low in range(0, count, _BLOCK))
    compared = yield from unseen(0.6, 0.8, distances(blocks, count, threads=threads))
    found = yield from unseen(0.8, 0.98, texture(compared.D, settings, threads=threads))
    walk = np.fromiter(islice(player(found, seed).play(), SHOWN), np.int64)
    yield Step(1.0, ChainRecord(count, frames, compared, found, frozen(walk)))


def _read(footage: Footage) -> Generator[Step[ChainRecord], None, Frames]:
    count, size = footage.clip.count, footage.clip.fitting(SIDE)
    frames = np.empty((count, size.height, size.width, 3), np.uint8)
    done = 0
    for block in footage.small(size, block=_BLOCK):
        frames[done : done + len(block)] = block
        done += len(block)
        yield Step(0.6 * done / count, ChainRecord(count, frozen(frames[:done])))
    return frozen(frames)


def warm_up() -> None:
    video_texture.warm_up()
    last(distances([np.zeros((6, 4, 4, 3), np.uint8)], 6))
