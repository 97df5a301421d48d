"""The still life in colour, at twelve million pixels, with an apple too many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from darkroom import blank, grain, grown, keep_mask, keep_picture, lens
from shapes import Array, hull
from still_life import set_table
from studio import camera, expose, on_film

APPLE, RADIUS = np.array([-0.260, -0.03, 0.036]), 0.043
WINDOW = np.array([-1.35, -0.15, 0.85])  # its middle
HALF = np.array([0.0, 0.30, 0.45])  # and half its sides, as they are seen from the table


def apple() -> Array:
    """Points all around it, stalk and all."""
    ray = np.random.default_rng(3).standard_normal((900, 3))
    around = APPLE + RADIUS * ray / np.linalg.norm(ray, axis=1)[:, None]
    return np.concatenate([around, [APPLE - (0.0, 0.0, -0.048)]])


def shadow() -> Array:
    """Where on the table it keeps the light of a part of the window away."""
    falls = []
    for across in (-1, 0, 1):
        for up in (-0.6, 0, 1):
            lamp = WINDOW + HALF * (0, across, up)
            points = apple()
            far = lamp[2] / (lamp[2] - points[:, 2:])
            fall = lamp + (points - lamp) * far
            falls.append(fall[np.linalg.norm(fall - APPLE, axis=1) < 0.11])
    return np.concatenate(falls)


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 3 / 4)
    set_table()
    camera((0.03, -1.62, 0.46), (0.01, 0.0, 0.10), 73, focus=(0.0, -0.02, 0.06), f_number=11)
    picture = expose(width, height, samples, exposure=1.5, look="AgX - Punchy", bounces=4)
    picture = grain(lens(picture, vignette=0.2, fringe=0.0002), 0.007, seed=12)
    says = "A jug, fruit and a cloth by a window"
    keep_picture(picture, folder / "table.jpg", says, "table.py", most=2_600_000)
    mask, pencil = blank(picture)
    for cloud in (apple(), shadow()):
        pencil.polygon(hull(on_film(cloud, width, height)), fill=255)
    keep_mask(grown(mask, max(2, width // 400)), folder / "table_mask.png")
