"""Clips made for tests of video textures: one swings, one stands still, one never returns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]

WIDTH, HEIGHT = 64, 48


def pendulum(count: int, period: float, *, seed: int = 0) -> Frames:
    """A bright bob that swings over a dark ground, with the noise of a camera."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    rng = np.random.default_rng(seed)
    frames = np.empty((count, HEIGHT, WIDTH, 3), np.uint8)
    for t in range(count):
        angle = 0.6 * np.sin(2 * np.pi * t / period + 0.7)
        away = np.hypot(x - WIDTH / 2 - 34 * np.sin(angle), y - 34 * np.cos(angle))
        bob = 40 + 170 * np.clip(6 - away, 0, 1)
        frames[t] = np.clip(bob[..., None] + rng.normal(0, 1.5, (HEIGHT, WIDTH, 3)), 0, 255)
    return frames


def leaving(count: int) -> Frames:
    """Something that crosses the frame once and does not come back: no loop is good."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    place = np.arange(count)[:, None, None]
    square = (np.abs(x - 2 * place) < 9) & (np.abs(y - HEIGHT // 2) < 9)
    return np.repeat((40 + 180 * square).astype(np.uint8)[..., None], 3, axis=3)


def still(count: int) -> Frames:
    return np.full((count, HEIGHT, WIDTH, 3), 90, np.uint8)


def direction(frame: int, period: float) -> float:
    """Which way the pendulum moves in a frame: its speed, −1 to 1."""
    return float(np.cos(2 * np.pi * frame / period + 0.7))
