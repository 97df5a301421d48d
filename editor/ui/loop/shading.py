"""The colour map of the matrix: even steps of lightness from the theme's ground to its accent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.ui.theme import DARK, Theme

# Lightness rises (falls, on a light ground) by the same amount from one to the next: CIELAB's L
# goes 8, 26, 44, 62, 80, 98 on a dark ground and 98, 81, 64, 48, 31, 14 on a light one.
_DARK = ("#17161c", "#3b3960", "#55678f", "#5f9ba0", "#97cdb4", "#f6fbf2")
_LIGHT = ("#fbfaf8", "#bdcbd2", "#7fa1b4", "#3e7c8a", "#1f4f63", "#241f47")


def colours(theme: Theme) -> NDArray[np.uint8]:
    """(256, 3) RGB: the colour of each shade."""
    stops = np.array([_rgb(one) for one in (_DARK if theme is DARK else _LIGHT)], np.float64)
    at = np.linspace(0, 255, len(stops))
    rows = [np.interp(np.arange(256), at, stops[:, channel]) for channel in range(3)]
    return np.rint(np.stack(rows, axis=1)).astype(np.uint8)


def _rgb(name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(name[1:]))
