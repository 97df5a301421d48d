"""Inner loop of the grain: a tile of noise, made as strong as the brightness of a place asks."""

from __future__ import annotations

from numba import njit


@njit(nogil=True, cache=True)
def lay(start, stop, ys, xs, colours, tile, strength, grain):
    """grain[i] = the tile at this place × the strength between two steps of brightness."""
    steps = len(strength)
    for i in range(start, stop):
        brightness = (colours[i, 0] + colours[i, 1] + colours[i, 2]) / 3
        at = min(max(brightness * steps - 0.5, 0.0), steps - 1.0)
        low = int(at)
        high, part = min(low + 1, steps - 1), at - low
        y, x = ys[i] % tile.shape[0], xs[i] % tile.shape[1]
        for c in range(3):
            here = (1 - part) * strength[low, c] + part * strength[high, c]
            grain[i, c] = tile[y, x, c] * here
