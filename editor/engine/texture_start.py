"""What a fast texture begins with: pieces of the sample side by side, each of which fits.

A. Efros, W. Freeman: Image Quilting for Texture Synthesis and Transfer, SIGGRAPH 2001. Without its
cuts, which would be seen: here the passes that follow close the seams.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

PIECE = 10  # pixels across …
_OVER = 3  # … of which so many lie over the pieces beside
_TRIED = 256  # places of the sample for each piece
_FITS = 1.5  # times as far as the best one is still good …
_NEAR = 1.0  # … and so many squared grey levels for each pixel


def lay(
    sample: NDArray[np.uint8],
    allowed: NDArray[np.uint8],
    wraps: tuple[bool, bool],
    seed: int,
    source: NDArray[np.int32],
) -> Generator[None, None, None]:
    """Write into a map (H, W, 2) which pixel of the sample each one is, piece by piece.

    ``wraps``: whether rows and columns go on at the opposite edge. Of all places that fit, that is
    taken which was used least.
    """
    corners, side = _corners(allowed)
    views = np.lib.stride_tricks.sliding_window_view(sample, (side, side), axis=(0, 1))
    rng = np.random.default_rng(seed)
    height, width = source.shape[:2]
    known = np.zeros((height, width), bool)
    uses = np.zeros(sample.shape[:2], np.int64)
    inside = np.indices((side, side)).transpose(1, 2, 0)
    for top in range(0, height, side - _OVER):
        for left in range(0, width, side - _OVER):
            ys, xs = _span(top, side, height, wraps[0]), _span(left, side, width, wraps[1])
            place = np.ix_(ys, xs)
            there, before = known[place], source[place]
            drawn = rng.integers(len(corners), size=min(len(corners), _TRIED))
            tried = corners[drawn]
            pieces = views[tried[:, 0], tried[:, 1]][:, :, : len(ys), : len(xs)]
            under = sample[before[..., 0], before[..., 1]].transpose(2, 0, 1)
            d = ((pieces.astype(np.int32) - under) ** 2 * there).sum(axis=(1, 2, 3))
            fits = tried[d <= _FITS * d.min() + _NEAR * there.sum()]
            middle = fits + side // 2
            y, x = fits[uses[middle[:, 0], middle[:, 1]].argmin()]
            uses[y : y + side, x : x + side] += 1
            new = inside[: len(ys), : len(xs)] + (y, x)
            source[place] = np.where(there[..., None], before, new)
            known[place] = True
            yield


def _corners(allowed: NDArray[np.uint8]) -> tuple[NDArray[np.int64], int]:
    """Where pieces of which all is allowed begin, and how wide they are."""
    for side in range(min(PIECE, *allowed.shape), _OVER, -1):
        views = np.lib.stride_tricks.sliding_window_view(allowed, (side, side))
        corners = np.argwhere(views.all(axis=(2, 3)))
        if len(corners):
            return corners, side
    raise ValueError("nothing of the sample may be copied")


def _span(first: int, count: int, whole: int, wraps: bool) -> NDArray[np.int64]:
    """So many rows or columns from the first one on, as far as there are any."""
    span = np.arange(first, first + min(count, whole))
    return span % whole if wraps else span[span < whole]
