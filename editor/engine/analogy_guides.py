"""The guides and the style of an analogy as few bytes, and all sources as one picture.

``patchmatch`` compares up to eight bytes a pixel. Guides that are more than there is room for are
turned to their principal axes: the first few keep nearly all that their distances say.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_features import Bytes, Level, Problem
from editor.engine.cv import cv2
from editor.engine.kernels.patch import CHANNELS

_ROOM = CHANNELS[-1]
_WORTH = 1e-3  # of all the variance; an axis with less is left out
_BAND = 1 << 17  # pixels before there is a pause
_SAMPLES = 1 << 16  # pixels that say where the axes are


class Palette(NamedTuple):
    """How channels become bytes: guides @ axes − low, style · scale."""

    axes: NDArray[np.float32]  # (guide channels, bytes)
    low: NDArray[np.float32]
    scale: float  # what one step of the style becomes

    @property
    def style(self) -> int:
        """The first byte of the style."""
        return int(self.axes.shape[1])


class Canvas(NamedTuple):
    """The sources of a level below each other, with a barred row between."""

    pixels: Bytes  # (H, W, bytes)
    allowed: Bytes
    tops: NDArray[np.int64]  # the first row of each pair
    sizes: list[tuple[int, int]]  # (height, width) of each

    def places(self, positions: NDArray[np.int32]) -> NDArray[np.int32]:
        """(…, 2) on the canvas as (…, 3): pair, y and x."""
        pair = np.searchsorted(self.tops, positions[..., 0], side="right") - 1
        y = positions[..., 0] - self.tops[pair]
        return np.stack([pair, y, positions[..., 1]], axis=-1).astype(np.int32)


def palette(problem: Problem) -> Palette:
    """The axes on which the guides differ most, at the finest level."""
    finest = problem.levels[-1]
    weights = np.sqrt(np.array(problem.guide_weights))
    flat = [one.reshape(-1, len(weights)) for one in (*finest.A, finest.B)]
    step = 1 + sum(len(one) for one in flat) // _SAMPLES
    pixels = np.concatenate([one[::step] for one in flat]) * weights
    room = _ROOM - len(problem.style_weights)
    directions = np.eye(len(weights))
    if len(weights) > 1:
        variances, directions = np.linalg.eigh(np.cov(pixels.T))
        variances, directions = variances[::-1], directions[:, ::-1]
        count = int(np.count_nonzero(variances > _WORTH * variances.sum()))
        directions = directions[:, : min(max(count, 1), room)]
    axes = weights[:, None] * directions
    low = np.minimum(axes, 0).sum(axis=0) * 255  # nothing can lie below
    high = np.maximum(axes, 0).sum(axis=0) * 255
    seen = pixels @ directions  # what was not sampled may be cut a little
    low, high = np.maximum(low, seen.min(axis=0) - 8), np.minimum(high, seen.max(axis=0) + 8)
    own = float(np.sqrt(problem.style_weights[0]))
    largest = max(float((high - low).max()), 255 * own)
    factor = 255 / largest
    return Palette((axes * factor).astype(np.float32), (low * factor).astype(np.float32),
                   own * factor)  # fmt: skip


def guides(planes: Bytes, colours: Palette) -> Generator[None, None, Bytes]:
    """The bytes of the guides."""
    turned = np.empty((*planes.shape[:2], colours.style), np.uint8)
    band = max(1, _BAND // planes.shape[1])
    for top in range(0, len(planes), band):
        rows = planes[top : top + band].astype(np.float32) @ colours.axes - colours.low
        turned[top : top + band] = np.rint(np.clip(rows, 0, 255))
        yield
    return turned


def canvas(level: Level, colours: Palette) -> Generator[None, None, Canvas]:
    """All pairs of a level with guides and style."""
    width = max(A.shape[1] for A in level.A)
    heights = [A.shape[0] for A in level.A]
    tops = np.cumsum([0, *(height + 1 for height in heights[:-1])])
    shape = (int(tops[-1]) + heights[-1], width)
    pixels = np.zeros((*shape, colours.style + level.Ap[0].shape[2]), np.uint8)
    allowed = np.zeros(shape, np.uint8)
    style = np.rint(np.arange(256) * colours.scale).astype(np.uint8)
    for A, Ap, top in zip(level.A, level.Ap, tops, strict=True):
        place = np.s_[top : top + A.shape[0], : A.shape[1]]
        pixels[(*place, np.s_[: colours.style])] = yield from guides(A, colours)
        pixels[(*place, np.s_[colours.style :])] = cv2.LUT(Ap, style).reshape(Ap.shape)
        allowed[place] = 1
        yield
    return Canvas(pixels, allowed, tops, [A.shape[:2] for A in level.A])
