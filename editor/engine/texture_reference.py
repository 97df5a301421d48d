"""The passes of the fast texture as they read on paper: no pyramid, no approximate search.

See ``texture`` for the papers. Every patch of the texture is compared with every one of the sample;
then each pixel becomes, of all the copies that the patches over it would make, the nearest to their
mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int32]  # (H, W, 2): y and x of the centre of the most similar patch
Colours = NDArray[np.uint8]  # (H, W, C)


def matches(room: Colours, sample: Colours, size: int) -> Positions:
    """The centre of the most similar patch of the sample, for each whole patch in the room."""
    r = size // 2
    positions = np.zeros((*room.shape[:2], 2), np.int32)
    patches = np.lib.stride_tricks.sliding_window_view(sample, (size, size), axis=(0, 1))
    for y in range(r, len(room) - r):
        for x in range(r, room.shape[1] - r):
            T = room[y - r : y + r + 1, x - r : x + r + 1].transpose(2, 0, 1)
            d = ((patches.astype(np.int64) - T) ** 2).sum(axis=(2, 3, 4))  # Σ (T − S)²
            positions[y, x] = np.add(np.unravel_index(d.argmin(), d.shape), r)
    return positions


def copies(positions: Positions, sample: Colours, size: int) -> NDArray[np.int32]:
    """Which pixel of the sample each one becomes, where the texture ends at its edges."""
    r = size // 2
    height, width = positions.shape[:2]
    source = np.zeros_like(positions)
    for y, x in np.ndindex(height, width):
        said = np.array(
            [
                positions[v, u] + (y - v, x - u)
                for v in range(max(y - r, r), min(y + r, height - 1 - r) + 1)
                for u in range(max(x - r, r), min(x + r, width - 1 - r) + 1)
            ]
        )
        colours = sample[said[:, 0], said[:, 1]].astype(np.int64)
        mean = (colours.sum(axis=0) + len(said) // 2) // len(said)
        source[y, x] = said[((colours - mean) ** 2).sum(axis=1).argmin()]
    return source
