"""The preview of an analogy: pieces of A′, each copied as it is, while the full solve runs.

D. Sýkora et al.: StyleBlit: Fast Example-Based Stylization with Local Guidance, Computer Graphics
Forum 38(2), 2019. Seeds lie at random, one in each square of a grid. A seed looks up where in A the
guides are as they are at the seed in B, and the pixels around it copy what lies around that place,
as far as their own guides agree; the others try the seeds of a grid half as wide.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from editor.engine.analogy_guides import Canvas
from editor.engine.kernels import analogy_preview as kernels
from editor.engine.threads import Crew

_LEVELS = 6  # squares of 32 pixels and less
_MOST = 24  # the guides of a copied pixel may differ by
_SHIFT = 3  # guides are looked up in steps of 8
_ROWS = 1 << 16  # pixels before there is a pause


def blit(
    own: NDArray[np.uint8], sources: Canvas, style: int, seed: int, crew: Crew
) -> Generator[None, None, NDArray[np.int32]]:
    """The place on the canvas for each pixel with these guides: (H, W, 2)."""
    places, firsts, cells = yield from _sorted(sources, style)
    yield
    height, width = own.shape[:2]
    chosen = np.full((height, width, 2), -1, np.int32)
    for level in reversed(range(_LEVELS)):
        seeds = np.zeros((-(-height >> level), -(-width >> level), 4), np.int32)
        yield from crew.passing(
            kernels.sow, 0, len(seeds), own, sources.pixels, places, firsts, cells, _SHIFT, style,
            level, np.uint64(seed), chosen, seeds,
            piece=max(1, _ROWS // seeds.shape[1] // 4), weight=128 * seeds.shape[1],
        )  # fmt: skip
        yield from crew.passing(
            kernels.blit, 0, height, own, sources.pixels, sources.allowed, seeds, style, level,
            _MOST, chosen, piece=max(1, _ROWS // width), weight=16 * width,
        )  # fmt: skip
    return chosen


def _sorted(
    sources: Canvas, style: int
) -> Generator[None, None, tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]]:
    """The places of A by their first three guides: all, the first of each cell, and the cell.

    A cell that A does not have stands for the nearest one that it has.
    """
    from scipy.ndimage import distance_transform_edt

    side = 256 >> _SHIFT
    axes = min(style, 3)
    ys, xs = np.nonzero(sources.allowed)
    yield
    flat = np.zeros(len(ys), np.uint16)
    for axis in range(3):
        flat <<= 8 - _SHIFT
        if axis < axes:
            flat |= sources.pixels[..., axis][sources.allowed != 0] >> _SHIFT
        yield
    order = np.argsort(flat, kind="stable")
    yield
    counts = np.bincount(flat, minlength=side**3)
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    yield
    nearest = distance_transform_edt(
        counts.reshape(side, side, side) == 0, return_distances=False, return_indices=True
    )
    cells = np.ravel_multi_index(tuple(nearest), (side, side, side)).astype(np.int64)
    yield
    places = np.stack([ys, xs], axis=1).astype(np.int32)[order]
    return places, firsts, cells
