"""A flag in an unsteady wind, before a summer sky."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import clouds
import numpy as np
from darkroom import Picture, grain
from film import RATE, developed, keep_clip, wander
from raster import draw, reduced, sampled
from shapes import Array, mesh, put, turned
from studio import Surface, before_the_sky, camera, empty_set, light, projection, rays, sky

SECONDS = 7
COUNT = SECONDS * RATE
LONG, TALL = 1.62, 1.08  # metres
HOIST = 8.0  # of its lower edge above the ground
COLUMNS, ROWS = 120, 64
RED, CREAM = (178, 34, 30), (242, 230, 204)
EYE = np.array([1.0, -5.6, HOIST - 1.9])
SUN, SKY = 3.9 * np.array([1.0, 0.94, 0.84]), 0.95 * np.array([0.75, 0.87, 1.0])
EXPOSURE = -0.8  # stops
FINE = 2  # frames are drawn so much larger, then reduced
MOMENTS = (0.0, 0.25)  # of each frame, which the shutter sees


def pattern() -> Picture:
    """A star of eight points between two stripes, as it was sewn."""
    high = 640
    y, x = np.mgrid[:high, : high * 3 // 2] / high
    x, y = x - 0.75, y - 0.5
    angle, far = np.arctan2(y, x), np.hypot(x, y)
    star = np.zeros_like(x)
    for points, turn, long, waist in ((4, 0.0, 0.30, 0.36), (4, math.pi / 4, 0.19, 0.44)):
        a = (angle - turn + math.pi / points) % (math.tau / points) - math.pi / points
        edge = long * waist / (waist * np.cos(a) + (1 - waist) * np.abs(np.sin(a)) * 1.6 + 1e-9)
        star = np.maximum(star, np.clip((edge - far) * high / 1.5 + 0.5, 0, 1))
    stripes = np.clip((0.022 - np.abs(np.abs(y) - 0.385)) * high / 1.5 + 0.5, 0, 1)
    light = np.maximum(star, stripes)[..., None]
    colour = np.array(RED) * (1 - light) + np.array(CREAM) * light
    seams = np.abs(np.stack([np.abs(y) - 0.485, np.abs(y) - 0.25, x - 0.735])).min(0) < 0.0016
    tape = x < -0.715  # the sleeve along the pole
    colour = np.where(tape[..., None], np.array((232, 226, 210)), colour)
    return (colour * np.where(seams, 0.82, 1)[..., None] / 255).astype(np.float32)


def shape(second: float) -> Array:
    """Where each point of the cloth is, (ROWS, COLUMNS, 3), its lower edge first.

    What runs along it are waves of its direction, so that its length stays what it is.
    """
    s, v = np.meshgrid(np.linspace(0, 1, COLUMNS), np.linspace(0, 1, ROWS))
    wind = 1 + 0.22 * float(wander(3, second, 0.8))
    beat = 1.15 * second + 0.16 * float(wander(5, second, 0.9))
    flutter = 2.35 * second + 0.35 * float(wander(6, second, 1.1))
    slant = 0.34 * (1 - v) + 0.10 * np.sin(2.2 * v + 1.1 * float(wander(8, second, 0.7)))
    swell = (0.42 + 0.58 * s) * np.minimum(1, 7 * s + 0.12)
    angle = 0.92 * wind * swell * np.sin(math.tau * (1.5 * s + slant - beat))
    force = 0.38 * wind * s * (0.75 + 0.3 * float(wander(9, second, 1.3)))
    angle += force * np.sin(math.tau * (2.7 * s - 0.45 * v - flutter) + 1.0)
    angle += 0.10 * float(wander(4, second, 0.5)) * s + 0.22
    fall = 0.16 + 0.12 * s * (2 - wind) + 0.10 * s * np.sin(math.tau * (0.9 * s - beat * 0.5) + v)
    fall += 0.10 * (1 - v) * s * (1 - s)
    step = LONG / (COLUMNS - 1)
    level = np.cos(fall) * step
    x = np.cumsum(np.cos(angle) * level, 1)
    y = np.cumsum(np.sin(angle) * level, 1)
    z = v * TALL - np.cumsum(np.sin(fall) * step, 1)
    x, y, z = (one - one[:, :1] for one in (x, y, z - v * TALL))
    return np.stack([x + 0.045, y, z + v * TALL + HOIST], 2)


def pole() -> None:
    s = Surface("paint")
    worn = s.noise(9, 6, 0.7, s.stretched(s.place(), 6, 6, 1))
    white = s.ramp(worn, (0.4, "#d9d7cf"), (0.7, "#aeaba0"))
    paint = s.done(s.principled(Base_Color=white, Roughness=0.35))
    outline = [(0.036, -3.0), (0.030, TALL + 0.16), (0.0, TALL + 0.16)]
    put(mesh("pole", *turned(outline, 48), paint), (0, 0, HOIST))
    s = Surface("gilt")
    gold = s.done(s.principled(Base_Color="#d9a93c", Metallic=1.0, Roughness=0.22))
    ball = [(0.0, 0.0), (0.03, 0.0), (0.03, 0.02)]
    ball += [(0.068 * math.cos(a), 0.08 + 0.068 * math.sin(a)) for a in np.linspace(-1.1, 1.57, 24)]
    put(mesh("finial", *turned(ball, 48), gold), (0, 0, HOIST + TALL + 0.15))


class Cloth:
    """Its colours, and the light that it sends to the camera."""

    def __init__(self, sun: Array, lens: Array, size: tuple[int, int]) -> None:
        shown = pattern().astype(float)
        rng = np.random.default_rng(2)
        threads = rng.normal(0, 1, shown.shape[:2])
        threads += np.roll(threads, 1, 1) + np.roll(threads, 2, 1)  # longer along the weft
        self.colour = np.where(shown < 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
        self.colour *= 1 + 0.05 * threads[..., None]
        self.sun, self.lens = sun, lens
        self.width, self.height = size[0] * FINE, size[1] * FINE
        u, v = np.meshgrid(np.linspace(0, 1, COLUMNS), np.linspace(0, 1, ROWS))
        high, wide = shown.shape[:2]
        self.texture = np.stack([u * wide - 0.5, (1 - v) * high - 0.5], 2)
        across = np.cross(sun, (0.0, 0.0, 1.0))
        across /= np.linalg.norm(across)
        self.from_sun = np.stack([across, np.cross(across, sun), -sun])

    def seen(self, second: float) -> Array:
        """Light and cover, premultiplied, (height, width, 4), not yet reduced."""
        points = shape(second)
        normal = np.cross(np.gradient(points, axis=1), np.gradient(points, axis=0))
        normal /= np.linalg.norm(normal, axis=2, keepdims=True)
        fields = np.concatenate([self.texture, normal, points], 2)
        at = points @ self.lens[:, :3].T + self.lens[:, 3]
        flat = np.concatenate([at[..., :2] / at[..., 2:] * FINE, at[..., 2:]], 2)
        film, depth = (
            np.zeros((self.height, self.width, 8)),
            np.full((self.height, self.width), np.inf),
        )
        draw(film, depth, flat, fields)
        there = np.isfinite(depth)
        out = np.zeros((self.height, self.width, 4))
        out[there, :3] = self._lit(film[there], points)
        out[there, 3] = 1
        return out

    def _lit(self, film: Array, points: Array) -> Array:
        """What light samples (n, 8) send: from the sun on this side or through, and the sky's."""
        colour = sampled(self.colour, film[:, 0], film[:, 1])
        normal = film[:, 2:5] / np.linalg.norm(film[:, 2:5], axis=1, keepdims=True)
        sight = film[:, 5:] - EYE
        normal *= -np.sign((normal * sight).sum(1, keepdims=True))
        slope = normal @ self.sun
        open_ = 1 - 0.8 * self._shadow(film[:, 5:], points)
        front = np.clip(slope, 0, None) * open_
        through = 0.62 * np.clip(-slope, 0, None) * open_
        above = 0.62 + 0.38 * normal[:, 2]
        light_ = colour * (front[:, None] * SUN + above[:, None] * SKY)
        return light_ + colour**1.25 * (through[:, None] * SUN + 0.25 * SKY)

    def _shadow(self, at: Array, points: Array) -> Array:
        """0 where the sun reaches a point, 1 where another part of the cloth is before it."""
        middle = points.reshape(-1, 3).mean(0)
        seen = (points - middle) @ self.from_sun.T
        grid = np.concatenate([seen[..., :2] * 150 + 200, seen[..., 2:]], 2)
        nearest = np.full((400, 400), np.inf)
        draw(np.zeros((400, 400, 1)), nearest, grid, seen[..., :1])
        here = (at - middle) @ self.from_sun.T
        x, y = here[:, 0] * 150 + 199.5, here[:, 1] * 150 + 199.5
        shadow = np.zeros(len(at))
        for dx, dy in ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)):
            column = np.clip(np.rint(x + dx).astype(int), 0, 399)
            row = np.clip(np.rint(y + dy).astype(int), 0, 399)
            shadow += np.clip((here[:, 2] - nearest[row, column] - 0.03) / 0.03, 0, 1) / 5
        return shadow


def takes(width: int, samples: int, numbers: Iterable[int]) -> Iterator[Picture]:
    height = width * 3 // 4
    empty_set()
    sun = np.array(sky(elevation=38, bearing=62, strength=0.2, dust=0.5, disc_strength=0.4))
    camera(tuple(EYE), (0.74, 0, HOIST + 0.40), 72)
    pole()
    white = np.array([46.0, 41.5, 36.0])
    around = np.array([0.25, 0.34, 0.52]), np.array([0.24, 0.21, 0.19])
    before_the_sky(clouds.march(rays(width, height), sun, white, *around, *clouds.noises(), 0.2))
    behind = light(width, height, 2 * samples)
    cloth = Cloth(sun, projection(width, height), (width, height))
    for number in numbers:
        both = [cloth.seen((number + part) / RATE) for part in MOMENTS]
        flag = reduced(sum(both) / len(both), FINE)
        picture = behind * (1 - flag[..., 3:]) + flag[..., :3]
        yield grain(developed(picture, EXPOSURE), 0.006, seed=number)


def make(folder: Path, width: int, samples: int) -> None:
    frames = takes(width, samples, range(COUNT))
    keep_clip(frames, folder / "clips" / "flag.mp4", "A flag in an unsteady wind", "flag.py")
