"""A red ball on a sunlit lawn: every blade is there, so that mending it is real work."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from darkroom import blank, grain, grown, keep_mask, keep_picture, lens
from plants import (
    clover,
    clover_surface,
    daisy,
    foliage,
    grass_surface,
    heart_surface,
    leaf_light,
    petal_surface,
    turf,
)
from shapes import Array, ball, hull, mesh, put, sheet
from studio import Surface, Vector, camera, empty_set, expose, on_film, sky

BALL, RADIUS = Vector((0.06, 0.0, 0.082)), 0.075


def soil_surface():
    s = Surface("soil")
    where = s.place(frame="World")
    crumbs = s.noise(90, 8, 0.7, where)
    colour = s.ramp(crumbs, (0.3, "#1d150d"), (0.5, "#3a2c1c"), (0.65, "#55422c"), (0.8, "#7a6848"))
    moss = s.between(s.noise(6, 6, 0.6, where), 0.45, 0.6)
    colour = s.mix(moss, colour, s.ramp(crumbs, (0.3, "#26330f"), (0.8, "#5a6b24")))
    return s.done(s.principled(Base_Color=colour, Roughness=0.95, Normal=s.bump(crumbs, 0.01)))


def ball_surface():
    s = Surface("ball")
    cloudy = s.noise(14, 5, 0.6)
    colour = s.ramp(cloudy, (0.3, "#8f0408"), (0.7, "#b40a10"))
    scratch = s.noise(9, 10, 0.75, s.stretched(s.place(), 1, 6, 14))
    worn = s.sum(s.between(scratch, 0.62, 0.72), s.between(s.noise(5, 3), 0.45, 0.6), "MULTIPLY")
    colour = s.mix(s.sum(worn, 0.2, "MULTIPLY"), colour, "#d98a80")
    below = s.node("ShaderNodeSeparateXYZ", {0: s.place(frame="World")}).outputs["Z"]
    mud = s.sum(
        s.between(below, 0.075, 0.01), s.between(s.noise(40, 8, 0.7), 0.42, 0.68), "MULTIPLY"
    )
    colour = s.mix(s.sum(mud, 0.75, "MULTIPLY"), colour, "#4a3a24")
    z = s.node("ShaderNodeSeparateXYZ", {0: s.place()}).outputs["Z"]
    seam = s.ramp(
        s.node("ShaderNodeMath", {0: z}, operation="ABSOLUTE").outputs[0],
        (0.0, 1.0),
        (0.0011, 0.75),
        (0.0022, 0.0),
    )
    pebbles = s.cells(260)["Distance"]
    normal = s.bump(seam, 0.0008, s.bump(pebbles, 0.0006, s.bump(cloudy, 0.002)))
    rough = s.sum(s.sum(s.noise(20, 6, 0.7), 0.35, "MULTIPLY"), s.sum(worn, 0.3, "MULTIPLY"))
    rough = s.sum(s.sum(rough, 0.16), s.sum(mud, 0.4, "MULTIPLY"))
    return s.done(
        s.principled(
            Base_Color=colour,
            Roughness=rough,
            Normal=normal,
            Subsurface_Weight=0.05,
            Subsurface_Radius=(0.01, 0.002, 0.002),
        )
    )


def undulation(x: Array, y: Array) -> Array:
    """The lie of the ground; level where the ball is."""
    z = 0.012 * np.sin(1.9 * x + 0.6) * np.cos(1.3 * y) + 0.006 * np.sin(4.1 * x - 2.7 * y)
    return z * (1 - np.exp(-(x * x + y * y) / 0.08))


def hedge(rng: np.random.Generator) -> None:
    """Shrubs in flower at the end of the garden, far out of focus."""
    s = Surface("hedge")
    greens = (0, "#3c5a28"), (0.5, "#5f8436"), (0.86, "#9aae50"), (0.93, "#bdbd6a")
    colour = s.ramp(s.own("own")["Fac"], *greens, (0.95, "#fff0ee"))
    low, high = (-6, 9.5, 0.1), (6, 11, 1.7)
    middles, radii = rng.uniform(low, high, (160, 3)), rng.uniform(0.3, 0.6, 160)
    foliage(rng, middles, radii, 120_000, 0.045, s.done(leaf_light(s, colour, 0.35, 0.35)))
    deep = Surface("deep in the hedge")
    inside = np.array([(-9, 11.2, 0), (9, 11.2, 0), (9, 11.2, 1.7), (-9, 11.2, 1.7)])
    dark = deep.done(deep.principled(Base_Color="#4a5c2e", Roughness=1.0))
    put(mesh("inside", inside, np.array([[0, 1, 2, 3]]), dark))


def build(rng: np.random.Generator) -> Vector:
    """Everything on the lawn; returns the direction towards the sun."""
    sun = sky(elevation=20, bearing=89, strength=0.22, dust=2.2, disc_strength=0.9)
    far, wide = 10.5, 4.0
    y, x = np.meshgrid(np.linspace(-1.6, far, 160), np.linspace(-wide, wide, 160), indexing="ij")
    ground = sheet(np.stack([x, y, undulation(x, y)], 2))
    put(mesh("ground", *ground, soil_surface()))

    grass = grass_surface()
    pieces = [turf(rng, grass) for _ in range(8)]
    for row in np.arange(-1.3, far - 0.6, 0.2):
        reach = 0.45 + 0.3 * (row + 2.1)
        for column in np.arange(-reach, reach, 0.2):
            px, py = np.array([column, row]) + rng.uniform(-0.07, 0.07, 2)
            put(
                pieces[rng.integers(8)],
                (px, py, float(undulation(np.array(px), np.array(py)))),
                (rng.normal(0, 0.04), rng.normal(0, 0.04), rng.uniform(0, math.tau)),
                (1, 1, rng.uniform(0.8, 1.2)),
            )
    leaves = clover_surface()
    cushions = [clover(rng, leaves) for _ in range(4)]
    for _ in range(26):
        px, py = rng.uniform(-0.7, 0.7), rng.uniform(-0.9, 2.5)
        put(
            cushions[rng.integers(4)],
            (px, py, float(undulation(np.array(px), np.array(py)))),
            (0, 0, rng.uniform(0, 6)),
        )

    surfaces = petal_surface(), heart_surface(), leaves
    places = [
        (-0.27, -0.22),
        (-0.2, -0.3),
        (-0.33, 0.1),
        (0.31, 0.22),
        (0.36, 0.3),
        (-0.12, 0.55),
        (-0.4, 0.62),
        (0.3, -0.42),
        (0.2, 1.1),
        (0.26, 1.16),
    ]
    places += [tuple(p) for p in np.stack([rng.uniform(-1, 1, 26), rng.uniform(0.9, 5, 26)], 1)]
    for place in places:
        daisy(rng, place, float(undulation(np.array(place[0]), np.array(place[1]))), surfaces)

    put(mesh("ball", *ball(RADIUS, RADIUS, 96), ball_surface()), tuple(BALL), (0.5, 0.35, 0.4))
    hedge(rng)
    return sun


def shadowed(sun: Vector) -> list[Array]:
    """The ball, and its shadow on the tips of the grass, as clouds of points."""
    rng = np.random.default_rng(3)
    ray = rng.standard_normal((1500, 3))
    ball = np.array(BALL) + RADIUS * 1.02 * ray / np.linalg.norm(ray, axis=1)[:, None]
    falls = []
    for tips in (0.008, 0.045):
        above = ball[ball[:, 2] > tips]
        falls.append(above - (above[:, 2:] - tips) / sun.z * np.array(sun))
    return [ball, np.concatenate(falls)]


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 2 / 3)
    empty_set()
    sun = build(np.random.default_rng(20))
    camera((-0.25, -1.95, 0.36), (-0.1, 0.0, 0.155), 70, focus=(0.04, -0.06, 0.06), f_number=8)
    picture = expose(width, height, samples, exposure=0.15)
    picture = grain(lens(picture, vignette=0.16), 0.02, seed=1)
    keep_picture(picture, folder / "lawn.jpg", "A red ball on a lawn with daisies", "lawn.py")
    mask, pencil = blank(picture)
    for cloud in shadowed(sun):
        pencil.polygon(hull(on_film(cloud, width, height)), fill=255)
    keep_mask(grown(mask, max(2, width // 200)), folder / "lawn_mask.png")
