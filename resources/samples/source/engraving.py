"""A photograph engraved in copper: lines that swell in the dark and taper out in the light.

The burin has three ways to go. The first lines carry the light tones alone; where they have become
as wide as they may be, the second cross them, and in the deepest shadows the third. Together they
cover as much of the paper as the picture is dark there: seen from afar, it is the photograph.

All of them go through the points of one lattice of whole pixels. So a piece that is copied to
another place of the same tone goes on where its new neighbours end: an analogy can learn it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

Tone = NDArray[np.float64]

FINER = 4  # parts of a pixel that are inked or not
WAYS = (4, -1), (3, 4), (-1, 5)  # x, y from one point of the lattice to the next on a line …
CELL = 19  # pixels for each of its points: each two of the ways span so many
WIDEST = (0.46, 0.40, 1.0)  # of the paper between two lines are they at most
FINEST = 0.07  # what would be thinner is left out: the line has ended
DARKEST = 0.88
PAPER, INK = np.array([246, 241, 228]), np.array([27, 37, 56])


def engraved(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    tone = finer(darkness(picture))
    y, x = (np.mgrid[: height * FINER, : width * FINER] + 0.5) / FINER
    bare = np.ones_like(tone)  # what no line covers, seen from afar
    inked = np.zeros(tone.shape, bool)
    for way, widest in zip(WAYS, WIDEST, strict=True):
        share = np.clip(1 - (1 - tone) / bare, 0, widest)
        share[share < FINEST] = 0
        inked |= burin(x, y, way, share)
        bare *= 1 - share
    ink = inked.reshape(height, FINER, width, FINER).mean(axis=(1, 3))[..., None]
    return Image.fromarray(np.rint(PAPER * (1 - ink) + INK * ink).astype(np.uint8))


def burin(x: Tone, y: Tone, way: tuple[int, int], share: Tone) -> NDArray[np.bool_]:
    """Parallel lines that cover this share of the paper around them."""
    across = (way[0] * y - way[1] * x) / CELL
    away: Tone = np.abs(across - np.floor(across) - 0.5)
    return away < share / 2


def darkness(picture: Image.Image) -> Tone:
    """0 for bare paper to DARKEST; evened out, and darker along the dark side of edges."""
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=(1, 1))
    even = Image.blend(grey, ImageOps.equalize(grey), 0.5)
    light, around = (
        np.asarray(even.filter(ImageFilter.GaussianBlur(r)), dtype=float) / 255 for r in (0.6, 3)
    )
    crisp = np.clip(light + np.minimum(1.2 * (light - around), 0.1), 0, 1)
    dark: Tone = DARKEST * (1 - crisp)
    return dark


def finer(tone: Tone) -> Tone:
    height, width = tone.shape
    image = Image.fromarray(tone.astype(np.float32))
    size = width * FINER, height * FINER
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), dtype=float)
