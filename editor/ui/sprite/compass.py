"""Ways a creature can go: a colour for each, the same in the rose and along the track, and a name.

Angles are radians, to the right first, then down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from PySide6.QtGui import QColor

from editor.ui.theme import Theme

COLOURS = 32  # of a whole turn
_LIGHTNESS = {"dark": 0.76, "light": 0.60}  # of OKLab: no way is brighter than another
_CHROMA = 0.125
_FIRST_HUE = 175.0  # degrees: to the right is verdigris

# From OKLab to the cone responses, and from those to linear sRGB (B. Ottosson, 2020).
_CONES = np.array(
    [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728],
     [1, -0.0894841775, -1.2914855480]]
)  # fmt: skip
_LIGHT = np.array(
    [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965],
     [-0.0041960863, -0.7034186147, 1.7076147010]]
)  # fmt: skip


@cache
def way_colours(theme: Theme) -> tuple[QColor, ...]:
    """A turn of hues, all equally light and equally strong."""
    hues = math.radians(_FIRST_HUE) + np.arange(COLOURS) * (2 * np.pi / COLOURS)
    strong = _CHROMA * np.stack([np.cos(hues), np.sin(hues)])
    lab = np.vstack([np.full(COLOURS, _LIGHTNESS[theme.name]), strong])
    light = np.clip(_LIGHT @ (_CONES @ lab) ** 3, 0, 1)
    levels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return tuple(QColor.fromRgbF(*rgb) for rgb in levels.T.tolist())


def colour_number(angle: float) -> int:
    """Which of the colours a way has."""
    return round(angle / (2 * math.pi) * COLOURS) % COLOURS


def missing(counts: Sequence[float], tr: Callable[[str], str]) -> list[str]:
    """The names of the ways that nobody has filmed; ``counts`` are frames for each of 16 ways."""
    names = {
        0: tr("right"), 4: tr("down"), 8: tr("left"), 12: tr("up"),
        2: tr("down right"), 6: tr("down left"), 10: tr("up left"), 14: tr("up right"),
    }  # fmt: skip
    gaps = {way for way, count in enumerate(counts) if count <= 0}
    # A way between two names that is missing alone has the name of the nearest side.
    alone = {way for way in gaps if way % 2 and not {way - 1, (way + 1) % 16} & gaps}
    named = {way for way in gaps if way % 2 == 0} | {4 * round(way / 4) % 16 for way in alone}
    # A corner goes without saying beside one of its sides.
    sides = {way for way in named if way % 4 == 0}
    corners = {way for way in named - sides if not {(way - 2) % 16, (way + 2) % 16} & sides}
    return [name for way, name in names.items() if way in sides | corners]


def mirrored(counts: Sequence[float]) -> list[float]:
    """The frames that go each way, those of the mirror image counted too."""
    count = len(counts)
    return [one + counts[(count // 2 - way) % count] for way, one in enumerate(counts)]
