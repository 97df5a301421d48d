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
    table = _table(sources, style)
    yield
    chosen = np.zeros((*own.shape[:2], 2), np.int32)
    height, width = own.shape[:2]
    yield from crew.passing(
        kernels.blit, 0, height, own, sources.pixels, sources.allowed, table, _SHIFT, style,
        _LEVELS, _MOST, np.uint64(seed), chosen,
        piece=max(1, _ROWS // width), weight=64 * width,
    )  # fmt: skip
    return chosen


def _table(sources: Canvas, style: int) -> NDArray[np.int32]:
    """A place for each colour of the first three guides; where A has none, that of the nearest."""
    from scipy.ndimage import distance_transform_edt

    side = 256 >> _SHIFT
    axes = min(style, 3)
    shape = (side,) * axes + (1,) * (3 - axes)
    ys, xs = np.nonzero(sources.allowed)
    cells = np.zeros((len(ys), 3), np.int64)
    cells[:, :axes] = sources.pixels[ys, xs, :axes] >> _SHIFT
    flat = np.ravel_multi_index(tuple(cells.T), shape)
    found = np.full(side**axes, -1)
    found[flat] = np.arange(len(flat))
    nearest = distance_transform_edt(
        found.reshape(shape) < 0, return_distances=False, return_indices=True
    )
    found = found.reshape(shape)[tuple(nearest)]
    return np.stack([ys[found], xs[found]], axis=-1).astype(np.int32)
