"""A clip made for tests of sprites: a dart runs in circles before a plain backdrop."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Point

WIDTH, HEIGHT = 96, 80
GREEN = (20, 200, 40)
AROUND = 40  # frames of a round


def place(number: int) -> tuple[Point, float]:
    """Where the middle of the dart is in a frame, and where it points."""
    turn = 2 * math.pi * number / AROUND
    middle = Point(WIDTH / 2 + 24 * math.sin(turn), HEIGHT / 2 - 24 * math.cos(turn))
    return middle, turn


def dart(number: int, below: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The frame with the dart in it, its edges soft by a pixel."""
    (x, y), angle = place(number)
    v, u = np.indices((HEIGHT, WIDTH)) - np.array((y, x)).reshape(2, 1, 1)
    along, across = u * np.cos(angle) + v * np.sin(angle), v * np.cos(angle) - u * np.sin(angle)
    half = (9 - along) / 3
    alpha = np.clip(np.minimum(half - np.abs(across), 9 - np.abs(along)) + 0.5, 0, 1)[..., None]
    colours = np.stack([200 + 0 * along, 90 + 4 * along, 60 + 0 * along], axis=2)
    frame: NDArray[np.uint8] = np.rint(below + alpha * (colours - below)).astype(np.uint8)
    return frame


def running(
    count: int = 2 * AROUND, below: tuple[int, int, int] | NDArray[np.uint8] = GREEN
) -> NDArray[np.uint8]:
    """So many frames of it on a colour or before a picture."""
    ground = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    ground[:] = below
    return np.stack([dart(number, ground) for number in range(count)])


def staying(count: int = 60) -> NDArray[np.uint8]:
    """So many frames of it before the floor, in which it goes to and fro in one place."""
    there = running(7, floor())
    return there[np.abs(np.arange(count) % 12 - 6)]


def floor() -> NDArray[np.uint8]:
    """A grey floor of many shades."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    shade = 90 + 60 * x / WIDTH + 40 * ((x // 12 + y // 12) % 2)
    return np.repeat(shade.astype(np.uint8)[..., None], 3, axis=2)
