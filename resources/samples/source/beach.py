"""Footprints across a beach towards the water, early in the morning."""

from __future__ import annotations

import math
from pathlib import Path

import clouds
import numpy as np
from darkroom import blank, grain, grown, keep_mask, keep_picture, lens
from shapes import Array, hull, mesh, put, sheet
from studio import (
    Surface,
    before_the_sky,
    camera,
    empty_set,
    expose,
    on_film,
    rays,
    sky,
)

SHORE = 8.6  # metres from the camera to the water
PADS = (  # of a left foot: along, across, half-length, half-width, depth; metres
    (0.036, 0.000, 0.036, 0.029, 0.020),
    (0.100, 0.012, 0.060, 0.022, 0.010),
    (0.172, 0.004, 0.036, 0.041, 0.019),
    (0.232, -0.026, 0.017, 0.014, 0.017),
    (0.232, -0.001, 0.012, 0.009, 0.014),
    (0.224, 0.016, 0.011, 0.008, 0.013),
    (0.213, 0.030, 0.010, 0.008, 0.012),
    (0.199, 0.042, 0.009, 0.007, 0.010),
)


def steps(rng: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """Where each foot came down: x, y, heading, and which foot (-1 left, 1 right)."""
    x, y, heading, found = -0.40, 1.98, 0.10, []
    for i in range(11):
        side = 1 if i % 2 else -1
        aside = side * (0.085 + rng.normal(0, 0.012))
        out = heading + side * rng.normal(0.12, 0.05)
        found.append((x + aside * math.cos(heading), y - aside * math.sin(heading), out, side))
        x, y = x + 0.66 * math.sin(heading), y + 0.66 * math.cos(heading)
        heading += 0.035 + rng.normal(0, 0.02)
    return found


def pressed(x: Array, y: Array, rng: np.random.Generator) -> Array:
    """How far the feet have pressed the sand down, and pushed it up around them."""
    z = np.zeros_like(x)
    for at_x, at_y, heading, side in steps(rng):
        near = np.nonzero((np.abs(x - at_x) < 0.45) & (np.abs(y - at_y) < 0.45))
        dx, dy = x[near] - at_x, y[near] - at_y
        along = dx * math.sin(heading) + dy * math.cos(heading) + 0.12
        across = side * (dx * math.cos(heading) - dy * math.sin(heading))
        crumble = 0.0035 * np.sin(61 * dx + 3 * at_y) + 0.003 * np.sin(83 * dy + 5 * at_x)
        hole, rim = np.zeros_like(dx), np.zeros_like(dx)
        for u, v, length, width, depth in PADS:
            far = np.hypot((along - u) / length, (across - v) / width)
            edge = (far - 1) * min(length, width) + crumble  # metres outside the pad
            hole = np.maximum(hole, depth * np.clip(0.5 - edge / 0.012, 0, 1) ** 0.7)
            rim = np.maximum(rim, 0.007 * np.exp(-(((edge - 0.014) / 0.012) ** 2)))
        z[near] += np.where(hole > 0.002, 0, rim) - hole
    return z


def waves(x: Array, y: Array, rng: np.random.Generator) -> Array:
    """The sand's own relief: ripples of the wind, and what yesterday's feet have left."""
    z = 0.012 * np.sin(0.9 * x + 0.5 * y) * np.sin(0.5 * y + 1)
    for _ in range(26):
        angle, wave = rng.normal(0.35, 0.28), rng.uniform(0.07, 0.30)
        far = x * math.sin(angle) + y * math.cos(angle)
        z += 0.0011 * (wave / 0.15) * np.sin(math.tau * far / wave + rng.uniform(0, 7))
    return z


def sand_height(x: Array, y: Array) -> Array:
    fall = -0.030 * (y - SHORE) + 0.05 * np.sin(0.35 * x + 0.4) * np.clip((y - 4) / 5, 0, 1)
    dry = np.clip((SHORE - 1.0 - y) / 3, 0, 1)  # the water has smoothed the rest
    return fall + waves(x, y, np.random.default_rng(2)) * (0.12 + 0.88 * dry)


def sand_surface():
    s = Surface("sand")
    where = s.place(frame="World")
    y = s.node("ShaderNodeSeparateXYZ", {0: where}).outputs["Y"]
    edge = s.sum(y, s.sum(s.noise(0.7, 4, 0.6, where), 1.6, "MULTIPLY"))
    wet = s.between(edge, SHORE - 2.6, SHORE - 0.1)
    film = s.between(s.noise(0.9, 5, 0.6, s.stretched(where, 0.35, 1.4, 1)), 0.42, 0.6)
    film = s.sum(film, s.between(wet, 0.45, 0.9), "MULTIPLY")
    grains = s.noise(900, 3, 0.8, where)
    patches = s.noise(5, 7, 0.65, where)
    colour = s.ramp(grains, (0.3, "#8f7351"), (0.5, "#c3a67c"), (0.68, "#e2cba3"))
    colour = s.mix(s.sum(s.between(patches, 0.4, 0.7), 0.3, "MULTIPLY"), colour, "#9c7d58")
    specks = s.between(s.cells(70, where)["Distance"], 0.10, 0.06)
    shells = s.sum(specks, s.between(s.noise(9, 3, 0.6, where), 0.55, 0.65), "MULTIPLY")
    colour = s.mix(s.sum(shells, 0.6, "MULTIPLY"), colour, "#efe4d2")
    colour = s.mix(s.sum(wet, 0.72, "MULTIPLY"), colour, "#5f4a35")
    colour = s.mix(s.sum(film, 0.4, "MULTIPLY"), colour, "#463626")
    rough = s.sum(0.95, s.sum(wet, 0.55, "MULTIPLY"), "SUBTRACT")
    rough = s.sum(rough, s.sum(film, 0.28, "MULTIPLY"), "SUBTRACT")
    lumps = s.sum(s.noise(130, 5, 0.7, where), s.sum(grains, 0.5, "MULTIPLY"))
    flat = s.sum(1.0, s.sum(wet, 0.9, "MULTIPLY"), "SUBTRACT")
    normal = s.bump(s.sum(lumps, flat, "MULTIPLY"), 0.012)
    return s.done(s.principled(Base_Color=colour, Roughness=rough, Normal=normal))


def sea_surface():
    s = Surface("sea")
    where = s.place(frame="World")
    fine = s.noise(3.5, 7, 0.62, s.stretched(where, 0.45, 1, 1))
    swell = s.noise(0.5, 4, 0.5, s.stretched(where, 0.3, 1, 1))
    normal = s.bump(fine, 0.09, s.bump(swell, 0.4))
    depth = s.own("depth")["Fac"]
    lace = s.sum(
        s.noise(3, 8, 0.72, where), s.sum(s.cells(2.2, where)["Distance"], 0.5, "MULTIPLY")
    )
    foam = s.between(s.sum(lace, s.sum(depth, 3.4, "MULTIPLY"), "SUBTRACT"), 0.38, 0.52)
    deep = s.mix(s.between(depth, 0.0, 0.7), "#6e7a5c", "#123f49")
    water = s.principled(Base_Color=deep, Roughness=0.07, IOR=1.33, Normal=normal)
    white = s.principled(Base_Color="#f2f2ee", Roughness=0.8)
    return s.done(s.node("ShaderNodeMixShader", {0: foam, 1: water, 2: white}).outputs[0])


def fan(near: float, far: float, rows: int, columns: int) -> tuple[Array, Array]:
    """Points as dense as the camera needs them: closer together where they are near."""
    y = np.geomspace(near, far, rows)[:, None]
    return np.linspace(-0.72, 0.72, columns) * (y + 0.6), np.repeat(y, columns, 1)


def build() -> None:
    x, y = fan(0.8, 16, 1000, 900)
    z = sand_height(x, y) + pressed(x, y, np.random.default_rng(5))
    put(mesh("sand", *sheet(np.stack([x, y, z], 2)), sand_surface()))
    x, y = fan(6.0, 4000, 700, 300)
    bay = SHORE + 0.5 * np.sin(0.5 * x + 1) + 0.18 * np.sin(1.7 * x)
    far = np.clip(y - bay, 0, None)
    breaker = 0.10 * np.exp(-(((far - 4.5 - 0.5 * np.sin(0.3 * x)) / 0.55) ** 2))
    breaker += 0.16 * np.exp(-(((far - 11 - 0.9 * np.sin(0.2 * x + 2)) / 0.9) ** 2))
    z = breaker * np.clip(0.5 + np.sin(0.21 * x + 1), 0.1, 1.2) - 0.01
    z += 0.03 * np.sin(0.8 * y + 0.3 * x) * np.clip((far - 3) / 20, 0, 1)
    depth = np.clip(0.030 * (y - bay) + 0.01, -0.05, 3) - 1.1 * breaker
    water = sheet(np.stack([x, y, z], 2))
    put(mesh("sea", *water, sea_surface(), depth=depth.ravel()))


def footprints() -> list[Array]:
    """The ground around each print, rim and all."""
    around = np.linspace(0, math.tau, 24)
    u, v = 0.115 + 0.165 * np.cos(around) - 0.12, 0.088 * np.sin(around)
    found = []
    for at_x, at_y, heading, side in steps(np.random.default_rng(5)):
        x = at_x + u * math.sin(heading) + side * v * math.cos(heading)
        y = at_y + u * math.cos(heading) - side * v * math.sin(heading)
        found.append(np.stack([x, y, sand_height(x, y)], 1))
    return found


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 2 / 3)
    empty_set()
    sun = sky(elevation=19, bearing=72, strength=0.24, dust=0.6, disc_strength=0.6)
    build()
    camera((0.15, 0.0, 1.5), (0.3, 5.0, 0.55), 35, focus=(0, 3.2, 0.2), f_number=11)
    white = np.array([30.0, 25.5, 20.0])
    around = np.array([0.26, 0.36, 0.52]), np.array([0.30, 0.26, 0.22])
    toward = np.array(sun, dtype=float)
    before_the_sky(
        clouds.march(rays(width, height), toward, white, *around, *clouds.noises(), 0.12)
    )
    picture = expose(width, height, samples, exposure=0.12, look="AgX - Punchy")
    picture = grain(lens(picture, vignette=0.14), 0.013, seed=6)
    keep_picture(picture, folder / "beach.jpg", "Footprints on a beach", "beach.py")
    mask, pencil = blank(picture)
    for around_print in footprints():
        pencil.polygon(hull(on_film(around_print, width, height)), fill=255)
    keep_mask(grown(mask, max(1, width // 400)), folder / "beach_mask.png")
