"""The fast texture as it reads on paper: no pyramid, no approximate search.

See ``texture`` for the papers. It begins with pieces of the sample that fit. Then every
patch of the texture is compared with every one of the sample, and each pixel becomes, of all the
copies that the patches over it would make, the nearest to their mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels.texture import STYLE
from editor.engine.kernels.texture_start import EQUAL, PULL

Positions = NDArray[np.int32]  # (H, W, 2): y and x of the centre of the most similar patch
Colours = NDArray[np.uint8]  # (H, W, C)


def laid(
    places: Positions, tried: Positions, side: int, price: float, sample: Colours, room: Colours
) -> Positions:
    """Lay a piece at each place; which pixel of the sample each of the room is then, or -1.

    ``room`` (H, W, C) is written to, all but the guides in its last channels.
    """
    source = np.full((*room.shape[:2], 2), -1, np.int32)
    uses = np.zeros(sample.shape[:2], np.int64)
    inside = np.indices((side, side)).transpose(1, 2, 0)
    for place, candidates in zip(places, tried, strict=True):
        ys, xs = ((place[axis] + np.arange(side)) % room.shape[axis] for axis in (0, 1))
        under, there = room[np.ix_(ys, xs)], source[np.ix_(ys, xs)][..., :1] >= 0
        counts = np.where(np.arange(room.shape[2]) < STYLE, there, PULL**2)
        pieces = np.stack([sample[y : y + side, x : x + side] for y, x in candidates])
        d = ((pieces.astype(np.int64) - under) ** 2 * counts).sum(axis=(1, 2, 3))
        used = np.array([uses[y : y + side, x : x + side].mean() for y, x in candidates])
        dear = 1 + price * np.maximum(0, used / max(1, uses.sum() / uses.size) - 1)
        y, x = candidates[((d + EQUAL * there.sum() + 1) * dear).argmin()]
        for i, j in np.argwhere(~there[..., 0]):
            uses[y + i, x + j] += 1
            source[ys[i], xs[j]] = inside[i, j] + (y, x)
            room[ys[i], xs[j], :STYLE] = sample[y + i, x + j, :STYLE]
    return source


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
