"""Boats along an old quay on a quiet evening."""

from __future__ import annotations

import math
from pathlib import Path

import clouds
import numpy as np
from boats import boat, painted, wood
from darkroom import blank, grain, grown, keep_mask, keep_picture, lens
from plants import foliage, leaf_light
from shapes import Part, box, hull, joined, mesh, put, sheet, tube, turned
from studio import Surface, before_the_sky, camera, empty_set, expose, on_film, rays, sky

EYE = (0.0, -33.0, 3.6)
TOP = 2.1  # of the quay, above the water; its face is at y = 0
BOATS = (  # where, which way the bow points, length, hull, band below it, cabin, mast
    (-16.6, -1.7, 1, 4.8, "#1d4f6e", "#8a2a20", False, 5.6),
    (-10.2, -1.5, -1, 3.4, "#b9b3a2", "#3f5a3c", False, 0.0),
    (2.4, -2.1, 1, 6.8, "#7c1f18", "#20262c", True, 5.2),
    (15.0, -1.7, -1, 5.0, "#d8d2c0", "#1f3d5a", False, 6.4),
)


def stone_surface():
    """Granite blocks in courses, green and black up to where the tide comes."""
    s = Surface("stone")
    where = s.place(frame="World")
    split = s.node("ShaderNodeSeparateXYZ", {0: where}).outputs
    flat = s.node("ShaderNodeCombineXYZ", {0: split["X"], 1: split["Z"]}).outputs[0]
    wander = s.node("ShaderNodeVectorMath", {0: s.noise(0.9, 3, 0.5, where), 1: (0.05, 0.05, 0)},
                    operation="MULTIPLY_ADD").outputs[0]  # fmt: skip
    bent = s.node("ShaderNodeVectorMath", {0: flat, 1: wander}).outputs[0]
    blocks = s.node("ShaderNodeTexBrick", {
        "Vector": bent, "Scale": 1.0, "Mortar Size": 0.011, "Mortar Smooth": 0.35, "Bias": 0.0,
        "Brick Width": 0.86, "Row Height": 0.35, "Color1": (0, 0, 0, 1), "Color2": (1, 1, 1, 1),
        "Mortar": (0.5, 0.5, 0.5, 1)}, offset=0.43)  # fmt: skip
    each = blocks.outputs["Color"]
    joint = blocks.outputs["Fac"]
    colour = s.ramp(each, (0.0, "#6f685d"), (0.4, "#8c8475"), (0.7, "#a0937c"), (1.0, "#7b7a76"))
    rough = s.noise(7, 9, 0.72, where)
    colour = s.mix(s.sum(s.between(rough, 0.45, 0.7), 0.5, "MULTIPLY"), colour, "#4e483f")
    crystals = s.between(s.noise(90, 3, 0.7, where), 0.6, 0.7)
    colour = s.mix(s.sum(crystals, 0.35, "MULTIPLY"), colour, "#bdb4a2")
    colour = s.mix(joint, colour, "#3b352d")
    runs = s.noise(2.2, 6, 0.6, s.stretched(where, 3, 1, 0.35))
    height = s.sum(split["Z"], s.sum(runs, -0.9, "MULTIPLY"))
    weed = s.between(height, 0.45, 0.1)
    colour = s.mix(s.sum(weed, 0.85, "MULTIPLY"), colour, "#2c3019")
    colour = s.mix(s.between(height, 0.02, -0.25), colour, "#15130f")
    normal = s.bump(s.sum(rough, s.sum(joint, -1.3, "MULTIPLY")), 0.035)
    wet = s.sum(0.9, s.sum(weed, 0.45, "MULTIPLY"), "SUBTRACT")
    return s.done(s.principled(Base_Color=colour, Roughness=wet, Normal=normal))


def water_surface():
    s = Surface("water")
    where = s.place(frame="World")
    fine = s.noise(2.6, 5, 0.55, s.stretched(where, 0.55, 1, 1))
    swell = s.noise(0.45, 3, 0.5, s.stretched(where, 0.5, 1, 1))
    calm = s.between(s.noise(0.06, 3, 0.5, s.stretched(where, 0.35, 1, 1)), 0.35, 0.6)
    ripples = s.sum(fine, s.sum(s.sum(calm, 0.75, "MULTIPLY"), 0.25), "MULTIPLY")
    normal = s.bump(ripples, 0.05, s.bump(swell, 0.16))
    return s.done(s.principled(Base_Color="#0d2420", Roughness=0.03, IOR=1.33, Normal=normal))


def quay(rng: np.random.Generator) -> None:
    stone = stone_surface()
    x = np.array([-60.0, 60.0])
    face = np.stack(
        [np.stack([x, 0 * x, 0 * x - 2], 1), np.stack([x, 0 * x, 0 * x + TOP - 0.2], 1)]
    )
    put(mesh("face", *sheet(face), stone))
    coping = wood("coping", "#6f6a60", "#a39b8b")
    for i in range(-36, 37):
        at = (1.3 * i + rng.normal(0, 0.01), 0.35 + rng.normal(0, 0.008), TOP - 0.1)
        put(mesh("coping", *box(1.285, 0.8, 0.22), coping, smooth=False), at,
            (0, rng.normal(0, 0.004), rng.normal(0, 0.004)))  # fmt: skip
    s = Surface("cobbles")
    where = s.place(frame="World")
    worn = s.noise(2, 8, 0.7, where)
    colour = s.ramp(worn, (0.35, "#6a645a"), (0.65, "#8f877a"))
    ground = s.done(s.principled(Base_Color=colour, Roughness=0.9, Normal=s.bump(worn, 0.02)))
    square = np.array(
        [(-90, 0.7, TOP - 0.02), (90, 0.7, TOP - 0.02), (90, 60, TOP), (-90, 60, TOP)]
    )
    put(mesh("ground", square, np.array([[0, 1, 2, 3]]), ground))
    iron = painted("iron", "#1d1c1b", 0.4, 0.5)
    post = [
        (0, 0),
        (0.17, 0),
        (0.12, 0.06),
        (0.1, 0.3),
        (0.17, 0.36),
        (0.18, 0.43),
        (0.1, 0.48),
        (0, 0.49),
    ]
    for px in np.arange(-27.5, 28, 5.0):
        put(mesh("bollard", *turned(post, 28), iron), (px + rng.normal(0, 0.05), 0.42, TOP))
    rungs: list[Part] = []
    for px in (-4.4, 8.6):
        for side in (-0.2, 0.2):
            bar = np.linspace((px + side, -0.07, -0.5), (px + side, -0.07, TOP + 0.02), 4)
            rungs.append((*tube(bar, np.full(4, 0.022), 8), {}))
        for z in np.arange(-0.2, TOP, 0.28):
            bar = np.linspace((px - 0.2, -0.07, z), (px + 0.2, -0.0701, z), 4)
            rungs.append((*tube(bar, np.full(4, 0.018), 8), {}))
    points, faces, _ = joined(*rungs)
    put(mesh("ladder", points, faces, iron))


def parapet(rng: np.random.Generator) -> None:
    """Behind the quay: a rendered wall, and the trees of a garden over it."""
    s = Surface("render")
    where = s.place(frame="World")
    height = s.node("ShaderNodeSeparateXYZ", {0: where}).outputs["Z"]
    flakes = s.noise(0.9, 9, 0.7, where)
    colour = s.ramp(s.noise(0.35, 6, 0.6, where), (0.35, "#a08862"), (0.65, "#c0a97e"))
    colour = s.mix(s.between(flakes, 0.57, 0.63), colour, "#8e7a60")
    damp = s.between(s.sum(height, s.sum(flakes, -1.6, "MULTIPLY")), TOP + 0.1, TOP - 0.6)
    colour = s.mix(s.sum(damp, 0.7, "MULTIPLY"), colour, "#5b5340")
    wall = s.done(s.principled(Base_Color=colour, Roughness=0.95, Normal=s.bump(flakes, 0.03)))
    put(mesh("wall", *box(160, 0.4, 2.3), wall, smooth=False), (0, 7.5, TOP + 1.15))
    cap = wood("tiles", "#7c4a33", "#a8694a")
    put(mesh("cap", *box(160, 0.62, 0.12), cap, smooth=False), (0, 7.45, TOP + 2.34))
    s = Surface("leaves")
    own = s.own("own")["Fac"]
    greens = s.ramp(own, (0, "#26371b"), (0.5, "#44592a"), (1, "#7d8645"))
    leaves = s.done(leaf_light(s, greens, 0.45, 0.3))
    px = -46.0
    while px < 46:
        size = rng.uniform(1.7, 3.3)
        middles = rng.normal(0, 0.42, (46, 3)).clip(-0.75, 0.75) * (size, size, 0.62 * size)
        middles += (px, rng.uniform(10.5, 15), TOP + rng.uniform(1.6, 2.3))
        foliage(rng, middles, rng.uniform(0.3, 0.75, 46), 15_000, 0.085, leaves)
        px += size * rng.uniform(0.75, 1.25)


def moorings(rng: np.random.Generator) -> None:
    """Ropes from the boats up to the bollards."""
    hemp = wood("hemp", "#6d5a3c", "#a8926a")
    for px, _, way, length, *_ in BOATS:
        for end in (-0.46, 0.46):
            at = px + way * end * length
            ring = -27.5 + 5.0 * round((at + math.copysign(1.4, at - px) + 27.5) / 5.0)
            u = np.linspace(0, 1, 30)[:, None]
            rope = np.array([at, -1.5, 0.62]) * (1 - u) + np.array([ring, 0.25, TOP + 0.28]) * u
            rope[:, 2:] -= 0.55 * u * (1 - u)
            put(mesh("rope", *tube(rope, np.full(30, 0.02), 8), hemp))


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 9 / 16)
    empty_set()
    sun = sky(elevation=24, bearing=-142, strength=0.22, dust=1.6, disc_strength=0.7)
    rng = np.random.default_rng(9)
    quay(rng)
    parapet(rng)
    moorings(rng)
    outlines = [boat(rng, *one) for one in BOATS]
    x, y = np.meshgrid(np.linspace(-70, 70, 3), np.linspace(-40, 0, 3))
    put(mesh("water", *sheet(np.stack([x, y, 0 * x], 2)), water_surface()))
    camera(EYE, (0, 0, 2.3), 27.5)
    white = np.array([42.0, 36.0, 29.0])
    above = np.array([0.27, 0.34, 0.48]), np.array([0.26, 0.22, 0.19])
    toward = np.array(sun, dtype=float)
    before_the_sky(clouds.march(rays(width, height), toward, white, *above, *clouds.noises(), 0.2))
    picture = expose(width, height, samples, exposure=0.2, look="AgX - Punchy")
    picture = grain(lens(picture, vignette=0.1), 0.011, seed=9)
    keep_picture(picture, folder / "quay.jpg", "Boats along a quay", "quay.py")
    mask, pencil = blank(picture)
    for points in outlines:
        low = points[points[:, 2] < 1.6]
        mirrored = low * (1, 1, -0.9)  # the boat in the water is a part of it
        pencil.polygon(hull(on_film(points[::7], width, height)), fill=255)
        pencil.polygon(hull(on_film(mirrored[::7], width, height)), fill=255)
    keep_mask(grown(mask, max(2, width // 200)), folder / "quay_protect.png")
