"""A fountain before a hedge: one still, and over it every drop of its water."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from darkroom import Picture, grain, soft
from film import RATE, developed, keep_clip, wander
from numba import njit
from plants import foliage, leaf_light
from raster import sampled
from shapes import Array, mesh, put, rounded, turned
from studio import Surface, camera, empty_set, light, projection, rays, sky

SECONDS = 7
COUNT = SECONDS * RATE
EYE = (0.35, -4.9, 1.95)
INSIDE, LEVEL, BRIM = 1.12, 0.27, 0.36  # of the basin: radius, height of water and of the rim
GRAVITY = 9.81
DROPS = 15_000  # a second
EXPOSURE, BRIGHT = 0.25, 2.0  # stops; of drops in the sun
OPEN = 0.45  # of a frame the shutter is
SUNLIT = np.array([1.0, 0.97, 0.90])
DEEP = np.array([0.010, 0.018, 0.014])


class Drops(NamedTuple):
    """When each left its nozzle, from where, how fast, how large, and how much light it sends."""

    left: Array
    at: Array  # (n, 3)
    speed: Array  # (n, 3)
    size: Array
    glint: Array


def spray(rng: np.random.Generator) -> Drops:
    """A jet in the middle and a ring of arcs about it, which surge and sway a little."""
    n = int(DROPS * (SECONDS + 3))
    left = np.sort(rng.uniform(-2.5, SECONDS + 0.5, n))
    surge = 1 + 0.010 * wander(21, left, 2.2) + 0.010 * wander(22, left, 7.0)
    sway = np.stack([0.022 * wander(23, left, 1.1), 0.022 * wander(24, left, 1.1)], 1)
    at = np.tile((0.0, 0.0, LEVEL), (n, 1)) + rng.normal(0, 0.008, (n, 3)) * (1, 1, 0)
    loose = np.abs(rng.normal(0, 1, n))
    speed = np.empty((n, 3))
    speed[:, :2] = sway + rng.normal(0, 1, (n, 2)) * (0.05 + 0.15 * loose[:, None])
    speed[:, 2] = 4.55 * surge * (1 - 0.035 * loose)
    ring = rng.uniform(0, 1, n) < 0.42
    count = int(ring.sum())
    round_ = math.tau * rng.integers(0, 14, count) / 14 + 0.1
    out = np.stack([np.cos(round_), np.sin(round_)], 1)
    at[ring, :2] = 0.16 * out + rng.normal(0, 0.004, (count, 2))
    breath = 1 + 0.015 * wander(25, left[ring], 1.6) + rng.normal(0, 0.018, count)
    speed[ring, :2] = 0.86 * breath[:, None] * out + rng.normal(0, 0.035, (count, 2))
    speed[ring, 2] = 2.85 * breath + rng.normal(0, 0.05, count)
    size = 0.0019 * rng.lognormal(0, 0.42, n)
    return Drops(left, at, speed, size, 0.55 + 0.5 * rng.pareto(2.6, n).clip(0, 5))


def splashes(drops: Drops, rng: np.random.Generator) -> Drops:
    """What jumps up where drops fall in."""
    flight = 2 * drops.speed[:, 2] / GRAVITY
    chosen = rng.uniform(0, 1, len(flight)) < 0.75
    flight, n = flight[chosen], int(chosen.sum())
    at = drops.at[chosen] + drops.speed[chosen] * (1, 1, 0) * flight[:, None]
    speed = rng.normal(0, 0.3, (n, 3))
    speed[:, 2] = rng.gamma(2.4, 0.32, n)
    size = 0.0013 * rng.lognormal(0, 0.4, n)
    return Drops(drops.left[chosen] + flight, at, speed, size, drops.glint[chosen])


@njit(cache=True)
def _dot(film: Array, x: float, y: float, amount: float) -> None:
    left, top = math.floor(x), math.floor(y)
    if 0 <= left < film.shape[1] - 1 and 0 <= top < film.shape[0] - 1:
        u, v = x - left, y - top
        film[top, left] += amount * (1 - u) * (1 - v)
        film[top, left + 1] += amount * u * (1 - v)
        film[top + 1, left] += amount * (1 - u) * v
        film[top + 1, left + 1] += amount * u * v


@njit(cache=True)
def fly(
    air: Array, mirror: Array, foam: Array, drops: Drops, second: float, opened: float, lens: Array
) -> None:
    """Draw the streak of each drop that is in the air, its reflection, and the foam it has left.

    lens (3, 4) takes a point of the world to the film.
    """
    steps = 8
    for i in range(len(drops.left)):
        flight = 2 * drops.speed[i, 2] / GRAVITY
        age = second - drops.left[i]
        if age < -opened or age > flight + 0.8:
            continue
        weight = drops.glint[i] / steps
        for part in range(steps):
            u = age + opened * part / steps
            x = drops.at[i, 0] + drops.speed[i, 0] * min(u, flight)
            y = drops.at[i, 1] + drops.speed[i, 1] * min(u, flight)
            if u < 0:
                continue
            up = drops.speed[i, 2] * u - GRAVITY * u * u / 2
            for side in (1, -1) if u < flight else (0, 0):
                z = LEVEL + side * up
                w = lens[2, 0] * x + lens[2, 1] * y + lens[2, 2] * z + lens[2, 3]
                px = (lens[0, 0] * x + lens[0, 1] * y + lens[0, 2] * z + lens[0, 3]) / w
                py = (lens[1, 0] * x + lens[1, 1] * y + lens[1, 2] * z + lens[1, 3]) / w
                scale = lens[0, 0] / w  # pixels a metre
                area = math.pi * (drops.size[i] * scale) ** 2
                if side == 1:
                    _dot(air, px - 0.5, py - 0.5, area * weight)
                elif side == -1:
                    _dot(mirror, px - 0.5, py - 0.5, area * weight)
                else:
                    fade = math.exp(-(u - flight) / 0.22)
                    wide = 2.2 + 6 * (u - flight)
                    _dot(foam, px - 0.5 + wide * (drops.glint[i] * 7 % 2 - 1), py - 0.5,
                         0.5 * area * weight * fade)  # fmt: skip
                    break


class Pool:
    """The water in the basin: which pixels it fills, and how its waves bend what it mirrors."""

    def __init__(self, width: int, height: int, rng: np.random.Generator) -> None:
        self.sight = rays(width, height)
        eye = np.array(EYE)
        down = np.minimum(self.sight[..., 2], -1e-4)
        far = [(level - eye[2]) / down for level in (LEVEL, BRIM)]
        hits = [eye + self.sight * one[..., None] for one in far]
        away = [np.hypot(hit[..., 0], hit[..., 1]) for hit in hits]
        metre = width / 3.5  # pixels
        inside = [np.clip((INSIDE - one) * metre * 0.6 + 0.5, 0, 1) for one in away]
        self.cover = np.where(self.sight[..., 2] < 0, inside[0] * inside[1], 0)
        self.there = self.cover > 0  # what follows is of these pixels only
        self.x, self.y = (hits[0][self.there, k] for k in (0, 1))
        self.away = away[0][self.there]
        n = 46
        heading = rng.uniform(0, math.tau, n)
        wave = rng.uniform(0.045, 0.34, n)
        k = math.tau / wave
        self.kx, self.ky = k * np.cos(heading), k * np.sin(heading)
        self.pace = np.sqrt(GRAVITY * k + 7.4e-5 * k**3)
        self.phase = rng.uniform(0, math.tau, n)
        self.steep = 0.022 * (wave / 0.15) ** 0.3 * rng.uniform(0.5, 1.2, n)

    def slopes(self, second: float) -> tuple[Array, Array]:
        rough = 0.55 + 1.5 * np.exp(-((self.away / 0.62) ** 2))
        sx, sy = np.zeros_like(self.x), np.zeros_like(self.x)
        for i in range(len(self.kx)):
            turn = self.kx[i] * self.x + self.ky[i] * self.y - self.pace[i] * second + self.phase[i]
            lean = self.steep[i] * np.cos(turn)
            k = math.hypot(self.kx[i], self.ky[i])
            sx += lean * self.kx[i] / k
            sy += lean * self.ky[i] / k
        for length, steep in ((0.085, 0.10), (0.14, 0.12)):  # rings that the jet sends out
            k = math.tau / length
            pace = math.sqrt(GRAVITY * k + 7.4e-5 * k**3)
            swell = steep * (1 + 0.5 * float(wander(31, second, 1.5)))
            ring = swell * np.cos(k * self.away - pace * second) * np.exp(-self.away / 0.55)
            sx += ring * self.x / np.maximum(self.away, 0.02)
            sy += ring * self.y / np.maximum(self.away, 0.02)
        return sx * rough, sy * rough

    def bent(self, sx: Array, sy: Array) -> tuple[Array, Array]:
        """Which pixels of the still water's mirror are seen in waves of these slopes."""
        width = self.cover.shape[1]
        y, x = np.nonzero(self.there)
        across, along = x + sx * width / 8, y - sy * width / 5
        for _ in range(3):  # what would be mirrored from outside is mirrored from nearer
            out = sampled(self.cover[..., None], across, along)[:, 0] < 0.9
            across = np.where(out, (across + x) / 2, across)
            along = np.where(out, (along + y) / 2, along)
        return across, along


def stone_surface():
    s = Surface("stone")
    where = s.place(frame="World")
    grains, patch = s.noise(70, 6, 0.7, where), s.noise(4, 7, 0.65, where)
    colour = s.ramp(patch, (0.32, "#6e6a5d"), (0.5, "#9a9483"), (0.68, "#b8b19d"))
    colour = s.mix(s.sum(s.between(grains, 0.45, 0.7), 0.4, "MULTIPLY"), colour, "#57534a")
    moss = s.between(s.noise(7, 7, 0.7, where), 0.55, 0.66)
    colour = s.mix(s.sum(moss, 0.65, "MULTIPLY"), colour, "#4f5630")
    z = s.node("ShaderNodeSeparateXYZ", {0: where}).outputs["Z"]
    colour = s.mix(s.sum(s.between(z, 0.33, 0.28), 0.7, "MULTIPLY"), colour, "#2a2c22")
    normal = s.bump(grains, 0.008, s.bump(patch, 0.04))
    return s.done(s.principled(Base_Color=colour, Roughness=0.8, Normal=normal))


def build(rng: np.random.Generator) -> None:
    s = Surface("gravel")
    where = s.place(frame="World")
    stones = s.cells(55, where)
    colour = s.ramp(stones["Color"], (0.1, "#7d7361"), (0.5, "#a99d86"), (0.9, "#c9bfa8"))
    gravel = s.done(s.principled(Base_Color=colour, Roughness=0.95,
                                 Normal=s.bump(stones["Distance"], -0.03)))  # fmt: skip
    ground = np.array([(-30, -30, 0), (30, -30, 0), (30, 30, 0), (-30, 30, 0)], dtype=float)
    put(mesh("ground", ground, np.array([[0, 1, 2, 3]]), gravel))
    inner = [(INSIDE + 0.26, 0.0), (INSIDE + 0.24, 0.05), (INSIDE + 0.16, 0.09),
             (INSIDE + 0.14, 0.22), (INSIDE + 0.19, 0.27), (INSIDE + 0.21, BRIM - 0.03),
             (INSIDE + 0.19, BRIM), (INSIDE + 0.02, BRIM), (INSIDE, BRIM - 0.02), (INSIDE, 0.1),
             (INSIDE, 0.05), (0.0, 0.05)]  # fmt: skip
    put(mesh("basin", *turned(rounded(inner, 140), 192), stone_surface()))
    s = Surface("still water")
    water = s.done(s.principled(Base_Color="#000000", Metallic=1.0, Roughness=0.0))
    s.tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (1, 1, 1, 1)
    around = np.linspace(0, math.tau, 193)[:-1]
    edge = np.stack([INSIDE * np.cos(around), INSIDE * np.sin(around), 0 * around + LEVEL], 1)
    put(mesh("water", edge, np.arange(192)[None], water))
    s = Surface("thicket")
    inside = s.done(s.principled(Base_Color="#0a0f06", Roughness=1.0))
    wall = np.array([(-5, 2.75, 0), (5, 2.75, 0), (5, 2.75, 2.3), (-5, 2.75, 2.3)])
    put(mesh("thicket", wall, np.array([[0, 1, 2, 3]]), inside))
    s = Surface("hedge")
    green = s.ramp(s.own("own")["Fac"], (0, "#1d2c12"), (0.6, "#31461c"), (1, "#56682f"))
    leaves = s.done(leaf_light(s, green, 0.42, 0.25))
    clipped = rng.uniform((-4.2, 2.3, 0.1), (4.2, 3.1, 2.35), (900, 3))
    foliage(rng, clipped, rng.uniform(0.12, 0.26, 900), 130_000, 0.036, leaves)
    trees = rng.normal(0, 1, (260, 3)) * (0.9, 0.9, 0.8)
    trees += np.array([(-3.2, 9, 4.2), (0.4, 11, 4.8), (3.4, 9.5, 4.0)])[rng.integers(0, 3, 260)]
    foliage(rng, trees, rng.uniform(0.4, 0.8, 260), 50_000, 0.10, leaves)


def takes(width: int, samples: int, numbers: Iterable[int]) -> Iterator[Picture]:
    height = width * 3 // 4
    rng = np.random.default_rng(6)
    empty_set()
    sky(elevation=47, bearing=-38, strength=0.10, dust=1.0)
    camera(EYE, (0.0, 0.0, 0.80), 48)
    build(rng)
    still = light(width, height, 4 * samples)
    pool = Pool(width, height, rng)
    drops = spray(rng)
    more = splashes(drops, rng)
    matrix = projection(width, height)
    fresnel = 0.03 + 0.97 * (1 + pool.sight[pool.there, 2]) ** 5
    for number in numbers:
        second = number / RATE
        air, mirror, foam = (np.zeros((height, width)) for _ in range(3))
        for one in (drops, more):
            fly(air, mirror, foam, one, second, OPEN / RATE, matrix)
        fallen = _seen(still, soft(mirror, 1) + mirror, 0.9)
        sx, sy = pool.slopes(second)
        across, along = pool.bent(sx, sy)
        steep = np.clip(fresnel * (1 + 4.5 * sy) + 0.12, 0.02, 1)[:, None]
        water = sampled(fallen, across, along) * steep + DEEP * (1 - steep)
        white = 1 - np.exp(-1.1 * (foam + soft(foam, 2))[pool.there])[:, None]
        water = water * (1 - white) + 0.9 * white * SUNLIT
        picture = still.copy()
        picture[pool.there] += (water - still[pool.there]) * pool.cover[pool.there, None]
        mist = 0.22 * soft(air, width / 90) + 0.12 * soft(air, width / 30)
        yield grain(developed(_seen(picture, air + mist, BRIGHT), EXPOSURE), 0.007, seed=number)


def _seen(behind: Array, drops: Array, bright: float) -> Array:
    """A picture through drops, which send sunlight on."""
    cover = 1 - np.exp(-drops)[..., None]
    return behind * (1 - cover) + bright * cover * SUNLIT


def make(folder: Path, width: int, samples: int) -> None:
    frames = takes(width, samples, range(COUNT))
    keep_clip(frames, folder / "clips" / "fountain.mp4", "A fountain before a hedge", "fountain.py")
