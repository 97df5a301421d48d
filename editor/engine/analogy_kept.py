"""What stays of an analogy when only a part of B has become another picture.

A label is painted in B: what lies under the stroke, and as far around it as patches reach, is made
anew, and fits what is kept.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import Bytes, Problem, Settings, halved
from editor.engine.analogy_guides import Canvas, Palette
from editor.engine.cv import cv2
from editor.engine.image import Mask, Size


class Kept(NamedTuple):
    """A B′ that is there, and where it is to be made anew."""

    source: NDArray[np.int32]  # (H, W, 3): pair, y and x of the pixel of A′ that was copied
    changed: Mask  # (H, W): where B is another picture than the one that B′ was made of


class Rest(NamedTuple):
    """The same at one size of the pictures."""

    source: NDArray[np.int32]
    style: Bytes  # of B′
    changes: Bytes  # (H, W): 1 where a pixel of B′ may become another one

    def positions(self, sources: Canvas, r: int) -> NDArray[np.int32]:
        """For the centre of each patch in B′ the centre of the one it was copied from."""
        last = np.array(sources.sizes, np.int32) - 1 - r
        pair = self.source[..., 0]
        places = np.clip(self.source[..., 1:], r, last[pair])
        places[..., 0] += sources.tops.astype(np.int32)[pair]
        return places


def check_kept(kept: Kept, problem: Problem, settings: Settings) -> None:
    """Raise ValueError unless that B′ is one of these pictures, and can stay as it is."""
    if settings.method != "fast":
        raise ValueError(f"the {settings.method} method makes all of B′: only fast keeps some")
    B, styles = problem.levels[-1].B, problem.levels[-1].Ap
    if kept.source.shape[:2] != B.shape[:2] or kept.changed.shape != B.shape[:2]:
        raise ValueError(
            f"B is {Size.of(B)} and the B′ that is kept {Size.of(kept.source)}: they must be equal"
        )
    if kept.source[..., 0].max() >= len(styles):
        raise ValueError("the B′ that is kept was made of other pairs of A and A′")


def rests(
    kept: Kept, problem: Problem, colours: Palette, reach: int
) -> Generator[None, None, list[Rest]]:
    """What is kept at each size, coarse to fine; a pixel changes if B does within ``reach``."""
    finest = problem.levels[-1]
    pair, y, x = np.moveaxis(kept.source, 2, 0)
    style = np.empty((*pair.shape, finest.Ap[0].shape[2]), np.uint8)
    for number, Ap in enumerate(finest.Ap):
        mine = pair == number
        style[mine] = Ap[y[mine], x[mine]]
    yield
    side = 2 * reach + 1
    changes = cv2.dilate(kept.changed.view(np.uint8), np.ones((side, side), np.uint8))
    source = kept.source
    table = np.rint(np.arange(256) * colours.scale).astype(np.uint8)
    found = []
    for _ in problem.levels:
        found.append(Rest(source, cv2.LUT(style, table).reshape(style.shape), changes))
        yield
        style = np.asarray(halved(style), np.uint8)
        source = source[::2, ::2] // np.array((1, 2, 2), np.int32)
        changes = _any_of_four(changes)
    return found[::-1]


def _any_of_four(mask: Bytes) -> Bytes:
    height, width = mask.shape
    even = np.pad(mask, ((0, height % 2), (0, width % 2)))
    return np.asarray(even.reshape(-(-height // 2), 2, -(-width // 2), 2).max(axis=(1, 3)))
