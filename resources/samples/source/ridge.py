"""The same roof from nearer, with the cable of the house hanging down before its ridge."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from darkroom import keep_mask, keep_picture
from shapes import Array
from studio import camera, empty_set
from wires import EYE, build, shoot

ENDS = np.array([(-7.5, 13.0, 10.2), (4.6, 4.6, 5.35)])
SAG, RADIUS = 0.32, 0.015


def cable() -> Array:
    t = np.linspace(-0.1, 1.1, 240)[:, None]
    points = ENDS[0] * (1 - t) + ENDS[1] * t
    points[:, 2:] -= SAG * 4 * t * (1 - t)
    return points


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 2 / 3)
    empty_set()
    camera(EYE, (1.6, 10, EYE[2] + 10 * math.tan(math.radians(5))), 44)
    sun = build(np.random.default_rng(4))
    picture, mask = shoot([(cable(), RADIUS)], sun, width, height, samples)
    keep_picture(picture, folder / "ridge.jpg", "A cable before the ridge of a roof", "ridge.py")
    keep_mask(mask, folder / "ridge_mask.png")
