"""Cumulus over a landscape, marched ray by ray through a layer of procedural density.

Shape: Perlin noise puffed up by cellular noise (A. Schneider, "The Real-time Volumetric
Cloudscapes of Horizon Zero Dawn", 2015). Light: single scattering with the softened orders of
M. Wrenninge et al., "Oz: The Great and Volumetric" (2013).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Volume = NDArray[np.float32]

BASE, TOP = 1100.0, 3000.0  # of the cloud layer, metres
EXTINCTION = 0.045  # per metre, in the thick of a cloud
STEPS, REACH = 220, 32_000.0  # along a ray
HAZE = 16_000.0  # after so many metres a cloud has lost 63 % of its contrast


@njit(cache=True)
def _random(x: int, y: int, z: int, salt: int) -> float:
    h = (x * 374761393 + y * 668265263 + z * 2147483647 + salt * 974711) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 2246822519) & 0xFFFFFFFF
    return ((h ^ (h >> 15)) & 0xFFFFFF) / 0x1000000


@njit(parallel=True, cache=True)
def cellular(n: int, cells: int, salt: int) -> Volume:
    """1 at the heart of a cell, 0 between cells; an n-cube that tiles."""
    out = np.empty((n, n, n), np.float32)
    for i in prange(n):
        for j in range(n):
            for k in range(n):
                x, y, z = i * cells / n, j * cells / n, k * cells / n
                a, b, c = int(x), int(y), int(z)
                nearest = 9.0
                for u in range(a - 1, a + 2):
                    for v in range(b - 1, b + 2):
                        for w in range(c - 1, c + 2):
                            p, q, r = u % cells, v % cells, w % cells
                            dx = u + _random(p, q, r, salt) - x
                            dy = v + _random(p, q, r, salt + 1) - y
                            dz = w + _random(p, q, r, salt + 2) - z
                            nearest = min(nearest, dx * dx + dy * dy + dz * dz)
                out[i, j, k] = max(0.0, 1 - math.sqrt(nearest))
    return out


@njit(parallel=True, cache=True)
def smooth_noise(n: int, cells: int, salt: int) -> Volume:
    """Gradient noise, about -0.7..0.7; an n-cube that tiles."""
    out = np.empty((n, n, n), np.float32)
    for i in prange(n):
        for j in range(n):
            for k in range(n):
                x, y, z = i * cells / n, j * cells / n, k * cells / n
                a, b, c = int(x), int(y), int(z)
                total = 0.0
                for u in range(2):
                    for v in range(2):
                        for w in range(2):
                            dx, dy, dz = x - a - u, y - b - v, z - c - w
                            p, q, r = (a + u) % cells, (b + v) % cells, (c + w) % cells
                            slope = (
                                (_random(p, q, r, salt) - 0.5) * dx
                                + (_random(p, q, r, salt + 1) - 0.5) * dy
                                + (_random(p, q, r, salt + 2) - 0.5) * dz
                            )
                            total += 2 * slope * _fade(dx) * _fade(dy) * _fade(dz)
                out[i, j, k] = total
    return out


@njit(cache=True)
def _fade(t: float) -> float:
    t = 1 - abs(t)
    return t * t * t * (t * (t * 6 - 15) + 10)


def noises() -> tuple[Volume, Volume]:
    """The large shapes and the curls that eat into them, both 0..1."""
    smooth = sum(smooth_noise(128, 4 << i, 9 * i) * 0.5**i for i in range(5)) * 0.62 + 0.5
    puffs = sum(cellular(128, 5 << i, 50 + 9 * i) * w for i, w in enumerate((0.6, 0.27, 0.13)))
    shapes = puffs + np.clip(smooth, 0, 1) * (1 - puffs)
    curls = sum(cellular(64, 4 << i, 90 + 9 * i) * w for i, w in enumerate((0.55, 0.28, 0.17)))
    return _spread(shapes), _spread(curls)


def _spread(volume: NDArray[np.floating]) -> Volume:
    spread = 0.5 + (volume - volume.mean()) / (4.5 * volume.std())
    return np.clip(spread, 0, 1).astype(np.float32)


@njit(cache=True)
def _at(volume: Volume, x: float, y: float, z: float) -> float:
    n = volume.shape[0]
    a, b, c = math.floor(x), math.floor(y), math.floor(z)
    u, v, w = x - a, y - b, z - c
    a, b, c = a % n, b % n, c % n
    i, j, k = (a + 1) % n, (b + 1) % n, (c + 1) % n
    low = (volume[a, b, c] * (1 - u) + volume[i, b, c] * u) * (1 - v) + (
        volume[a, j, c] * (1 - u) + volume[i, j, c] * u
    ) * v
    high = (volume[a, b, k] * (1 - u) + volume[i, b, k] * u) * (1 - v) + (
        volume[a, j, k] * (1 - u) + volume[i, j, k] * u
    ) * v
    return low * (1 - w) + high * w


@njit(cache=True)
def _density(
    shapes: Volume, curls: Volume, x: float, y: float, z: float, cover: float, fine: bool
) -> float:
    h = (z - BASE) / (TOP - BASE)
    if h <= 0 or h >= 1:
        return 0.0
    weather = _at(shapes, x / 210 + 11.3, y / 210 + 47.1, 3.7)  # where there are clouds at all
    amount = cover + 0.9 * (weather - 0.5)
    if amount <= 0:
        return 0.0
    crown = min(1.0, 0.25 + 0.75 * amount)  # a small cloud stays low
    rise = min(1.0, h / 0.07) * min(1.0, max(0.0, (crown - h) / (0.75 * crown)))
    shape = _at(shapes, x / 42, y / 42, z / 42)
    d = shape * rise - (1 - min(0.85, amount))
    if d <= 0 or not fine:
        return max(0.0, d) * 2
    eaten = 0.33 * (1 - _at(curls, x / 9.5, y / 9.5, z / 9.5))
    eaten += 0.10 * (1 - _at(curls, y / 2.6, z / 2.6, x / 2.6))
    return min(1.0, max(0.0, d - eaten * (0.35 + 0.3 * h)) * 5)


@njit(cache=True)
def _phase(cosine: float, g: float) -> float:
    return (1 - g * g) / (4 * math.pi * (1 + g * g - 2 * g * cosine) ** 1.5)


@njit(cache=True)
def _shade(shapes: Volume, curls: Volume, at, sun, cover: float) -> float:
    """The optical depth between a point and the sun."""
    depth, far, step = 0.0, 0.0, 18.0
    for i in range(9):
        t = far + step * 0.5
        x, y, z = at[0] + sun[0] * t, at[1] + sun[1] * t, at[2] + sun[2] * t
        depth += _density(shapes, curls, x, y, z, cover, i < 5) * step
        far, step = far + step, step * 1.55
    return depth * EXTINCTION


@njit(parallel=True, cache=True)
def march(
    rays: NDArray[np.float64],  # (height, width, 3), unit length, z up
    sun: NDArray[np.float64],
    sunlight: NDArray[np.float64],
    skylight: NDArray[np.float64],
    groundlight: NDArray[np.float64],
    shapes: Volume,
    curls: Volume,
    cover: float,
) -> NDArray[np.float32]:
    """Light from the clouds and how much they hide, (height, width, 4), premultiplied."""
    height, width, _ = rays.shape
    out = np.zeros((height, width, 4), np.float32)
    for row in prange(height):
        at = np.empty(3)
        for column in range(width):
            ray = rays[row, column]
            if ray[2] < 0.004:
                continue
            start, end = BASE / ray[2], min(TOP / ray[2], REACH)
            if start >= end:
                continue
            cosine = ray[0] * sun[0] + ray[1] * sun[1] + ray[2] * sun[2]
            step = (end - start) / STEPS
            left, light, far = 1.0, np.zeros(3), 0.0
            t = start + step * _random(row, column, 0, 7)
            while t < end and left > 0.004:
                at[:] = ray * t
                d = _density(shapes, curls, at[0], at[1], at[2], cover, True)
                if d > 0:
                    depth = _shade(shapes, curls, at, sun, cover)
                    direct, weight, thin, g = 0.0, 1.0, 1.0, 0.75
                    for _ in range(5):
                        seen = 0.8 * _phase(cosine, g) + 0.2 * _phase(cosine, -0.3 * g)
                        direct += weight * seen * math.exp(-depth * thin)
                        weight, thin, g = weight * 0.62, thin * 0.4, g * 0.6
                    h = (at[2] - BASE) / (TOP - BASE)
                    opened = math.exp(-1.2 * d) * 0.6 + 0.4
                    stops = 1 - math.exp(-d * EXTINCTION * step)
                    for c in range(3):
                        around = skylight[c] * (0.35 + 0.65 * h) + groundlight[c] * (1 - h) * 0.6
                        glow = direct * sunlight[c] + around * opened
                        light[c] += left * stops * glow
                    far += left * stops * t
                    left *= 1 - stops
                t += step
            if left < 1:
                clear = math.exp(-far / (1 - left) / HAZE)
                for c in range(3):
                    out[row, column, c] = light[c] * clear
                out[row, column, 3] = (1 - left) * clear
    return out
