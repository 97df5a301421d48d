"""Five hot-air balloons over farmland on a summer morning."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import bpy
import clouds
import numpy as np
from darkroom import blank, grain, grown, keep_mask, keep_picture, lens
from plants import foliage, leaf_light
from shapes import Array, Part, box, hull, joined, mesh, put, rounded, sheet, tube, turned
from studio import Surface, before_the_sky, camera, empty_set, expose, on_film, rays, sky

EYE = (0.0, 0.0, 42.0)
GORES, PANELS = 24, 15
OUTLINE = [(1.5, 0.0), (4.3, 4.6), (7.2, 9.2), (9.0, 13.9), (8.9, 17.6), (7.0, 20.9), (3.9, 22.9),
           (0.02, 23.5)]  # of the envelope: radius and height, metres  # fmt: skip
Pattern = Callable[[int, int], int]  # the colour of a panel: its gore, its row from the mouth
# fmt: off
FLEET: tuple[tuple[tuple[float, float, float], float, tuple[str, ...], Pattern], ...] = (
    ((-21.0, 128.0, 47.0), 1.0, ("#97100c", "#d99a18", "#e3d2ae"),
     lambda k, row: (2 if row in (4, 10) else (k // 2) % 2)),
    ((32.0, 190.0, 74.0), 1.0, ("#0b2f66", "#e0dac8", "#a81d16"),
     lambda k, row: 2 if row < 3 else ((k + row) // 2) % 2),
    ((98.0, 330.0, 52.0), 1.05, ("#0f5236", "#d2a81e", "#e0d7bd"),
     lambda k, row: (row // 2) % 3),
    ((-128.0, 400.0, 98.0), 1.0, ("#c4550c", "#5d1d62", "#e3cfa0"),
     lambda k, row: ((k % 6) // 2)),
    ((15.0, 610.0, 92.0), 1.0, ("#a8173f", "#e6dfcd", "#20244a"),
     lambda k, row: 2 if row > 12 else k % 2),
)  # where the mouth is, size, inks, pattern
# fmt: on


def cloth_surface(inks: tuple[str, ...]):
    s = Surface("nylon")
    colour = s.ramp(s.own("ink")["Fac"], *((i / 3, ink) for i, ink in enumerate(inks)))
    colour.node.color_ramp.interpolation = "CONSTANT"
    worn = s.noise(0.5, 6, 0.6)
    colour = s.mix(s.sum(s.between(worn, 0.4, 0.75), 0.18, "MULTIPLY"), colour, "#d8cdb8")
    seam = s.between(s.own("seam")["Fac"], 0.93, 1.0)
    colour = s.mix(s.sum(seam, 0.55, "MULTIPLY"), colour, "#2a221c")
    creases = s.noise(1.1, 6, 0.65, s.stretched(s.place(), 1, 1, 0.35))
    normal = s.bump(creases, 0.12)
    lit = s.principled(Base_Color=colour, Roughness=0.55, Normal=normal, Sheen_Weight=0.2)
    through = s.node("ShaderNodeBsdfTranslucent", {"Color": colour}).outputs[0]
    return s.done(s.node("ShaderNodeMixShader", {0: 0.22, 1: lit, 2: through}).outputs[0])


def envelope(inks: tuple[str, ...], pattern: Pattern) -> bpy.types.Mesh:
    """Panels sewn into gores; each bulges between its seams."""
    n = 6
    profile = np.array(rounded(OUTLINE, PANELS * (n - 1) + 1))
    u = np.linspace(0, 1, n)
    parts: list[Part] = []
    for k in range(GORES):
        angle = math.tau * (k + u) / GORES
        for row in range(PANELS):
            piece = profile[row * (n - 1) : row * (n - 1) + n]
            bulge = np.sin(math.pi * u)[None] * 0.055 + np.sin(math.pi * u)[:, None] * 0.012
            r = piece[:, :1] * (1 + bulge * np.clip(piece[:, :1] / 6, 0, 1))
            z = np.repeat(piece[:, 1:], n, 1)
            points, faces = sheet(np.stack([r * np.cos(angle), r * np.sin(angle), z], 2))
            seam = np.maximum(np.abs(2 * u - 1)[None], 0.985 * np.abs(2 * u - 1)[:, None])
            ink = (pattern(k, row) + 0.5) / 3
            parts.append((points, faces, {"ink": np.full(n * n, ink), "seam": seam.ravel()}))
    points, faces, numbers = joined(*parts)
    return mesh("envelope", points, faces, cloth_surface(inks), **numbers)


def plain(name: str, colour: str, rough: float = 0.8):
    s = Surface(name)
    return s.done(s.principled(Base_Color=colour, Roughness=rough))


def wicker():
    s = Surface("wicker")
    where = s.stretched(s.place(), 6, 6, 14)
    colour = s.ramp(s.noise(3, 5, 0.7, where), (0.35, "#4a2f16"), (0.65, "#a5763c"))
    return s.done(s.principled(Base_Color=colour, Roughness=0.7))


def balloon(
    rng: np.random.Generator, at, size: float, inks: tuple[str, ...], pattern: Pattern
) -> list[Array]:
    """One in the air; returns rings of points around it, from the basket up."""
    turn = (rng.normal(0, 0.02), rng.normal(0, 0.02), rng.uniform(0, math.tau))
    whole = put(envelope(inks, pattern), at, turn, size)
    skirt = mesh("skirt", *turned([(1.5, 0.0), (1.38, -0.5), (1.25, -1.3)], 48),
                 cloth_surface((inks[0],) * 3))  # fmt: skip
    brown, dark = wicker(), plain("rope", "#2a2622")
    things = [(skirt, (0, 0, 0))]
    things.append((mesh("basket", *box(1.55, 1.25, 1.1), brown, smooth=False), (0, 0, -5.3)))
    things.append((mesh("rail", *box(1.72, 1.42, 0.14), dark, smooth=False), (0, 0, -4.72)))
    things.append((mesh("burner", *box(0.8, 0.5, 0.35), plain("steel", "#5c5f63", 0.4),
                        smooth=False), (0, 0, -3.0)))  # fmt: skip
    person = [(0, 0), (0.24, 0.0), (0.27, 0.5), (0.1, 0.62), (0.12, 0.75), (0.11, 0.9), (0, 0.95)]
    for x, coat in ((-0.45, "#7a2320"), (0.1, "#22324a"), (0.5, "#8f8672")):
        things.append((mesh("person", *turned(person, 20), plain("coat", coat)), (x, 0.1, -4.75)))
    for i in range(8):
        a = math.tau * (i + 0.5) / 8
        corner = (0.75 * np.sign(math.cos(a)), 0.6 * np.sign(math.sin(a)), -4.75)
        path = np.linspace((1.3 * math.cos(a), 1.3 * math.sin(a), -0.2), corner, 6)
        rope = mesh("rope", *tube(path, np.full(6, 0.03), 6), dark)
        things.append((rope, (0, 0, 0)))
    for what, where in things:
        put(what, where).parent = whole
    around, _ = turned([(r * 1.06 + 0.05, h) for r, h in rounded(OUTLINE, 30)], 48)
    below, _ = box(1.9, 1.9, 1.4)
    bpy.context.view_layer.update()
    frame = np.array(whole.matrix_world)
    rings = [below - (0, 0, 5.3), *around.reshape(30, 48, 3)]
    return [ring @ frame[:3, :3].T + frame[:3, 3] for ring in rings]


def farmland(rng: np.random.Generator) -> tuple[bpy.types.Image, Array]:
    """Fields around random seeds, each with its crop and its rows; and places along the hedges."""
    n, side = 3072, 4200.0
    x, y = np.meshgrid(np.linspace(-side / 2, side / 2, n), np.linspace(0, side, n))
    away = 180 + 4300 * rng.uniform(0, 1, 520) ** 1.6  # smaller fields near by
    seeds = np.stack([rng.uniform(-1, 1, 520) * (0.55 * away + 120), away], 1)
    step = 8
    coarse_x, coarse_y = x[::step, ::step], y[::step, ::step]
    bent = 12 * np.sin(coarse_y / 90) + 9 * np.sin(coarse_x / 70 + 1)
    far = np.hypot(coarse_x[..., None] + bent[..., None] - seeds[:, 0],
                   1.6 * (coarse_y[..., None] - seeds[:, 1]))  # fmt: skip
    field = np.repeat(np.repeat(far.argmin(2), step, 0), step, 1)
    two = np.partition(far, 1, axis=2)
    edge = np.nonzero(two[..., 1] - two[..., 0] < 9)
    hedges = np.stack([coarse_x[edge], coarse_y[edge]], 1) + rng.normal(0, 3, (len(edge[0]), 2))
    crops = np.array([(92, 116, 52), (116, 130, 60), (196, 172, 102), (206, 186, 124),
                      (138, 118, 82), (74, 98, 46), (170, 160, 92), (108, 126, 70)])  # fmt: skip
    kind = rng.integers(0, len(crops), len(seeds))
    angle, wide = rng.uniform(0, math.pi, len(seeds)), rng.uniform(9, 22, len(seeds))
    across = x * np.cos(angle)[field] + y * np.sin(angle)[field]
    rows = 1 + 0.10 * np.sin(math.tau * across / wide[field])
    rows -= 0.16 * (np.abs((across / (2.5 * wide[field])) % 1 - 0.5) < 0.04)
    shade = rng.normal(1, 0.08, (len(seeds), 1))
    colours = ((crops[kind] / 255 * shade) ** 2.2)[field] * rows[..., None]
    image = bpy.data.images.new("fields", n, n, float_buffer=True)
    image.colorspace_settings.name = "Non-Color"
    image.pixels.foreach_set(
        np.pad(colours, ((0, 0), (0, 0), (0, 1)), constant_values=1).astype(np.float32).ravel()
    )
    image.pack()
    return image, hedges


def in_haze(s: Surface, shader):
    """The same, with the air between it and the camera."""
    far = s.node("ShaderNodeCameraData").outputs["View Distance"]
    clear = s.node("ShaderNodeMath", {0: math.e, 1: s.sum(far, -1 / 4200, "MULTIPLY")},
                   operation="POWER").outputs[0]  # fmt: skip
    air = s.node("ShaderNodeEmission", {"Color": (0.42, 0.53, 0.68, 1), "Strength": 1.05})
    into = {0: clear, 1: air.outputs[0], 2: shader}
    return s.done(s.node("ShaderNodeMixShader", into).outputs[0])


def country(rng: np.random.Generator) -> None:
    image, hedges = farmland(rng)
    s = Surface("fields")
    where = s.place(frame="World")
    uv = s.node("ShaderNodeMapping", {"Vector": where, "Scale": (1 / 4200, 1 / 4200, 1),
                                      "Location": (0.5, 0, 0)}).outputs[0]  # fmt: skip
    crop = s.node("ShaderNodeTexImage", {"Vector": uv}, interpolation="Cubic")
    crop.image, crop.extension = image, "MIRROR"
    patchy = s.noise(0.03, 9, 0.7, where)
    colour = s.mix(
        s.sum(s.between(patchy, 0.42, 0.75), 0.3, "MULTIPLY"), crop.outputs[0], "#5b5a33"
    )
    clods = s.noise(0.6, 6, 0.8, where)
    colour = s.mix(s.sum(s.between(clods, 0.62, 0.35), 0.35, "MULTIPLY"), colour, "#39401f")
    lit = s.principled(Base_Color=colour, Roughness=1.0, Normal=s.bump(clods, 0.4))
    x, y = np.meshgrid(np.linspace(-5200, 5200, 160), np.linspace(100, 9000, 200))
    put(mesh("fields", *sheet(np.stack([x, y, lie(x, y)], 2)), in_haze(s, lit)))
    s = Surface("leaves")
    own = s.own("own")["Fac"]
    each = s.node("ShaderNodeObjectInfo").outputs["Random"]
    greens = s.ramp(s.sum(s.sum(own, 0.5, "MULTIPLY"), s.sum(each, 0.5, "MULTIPLY")),
                    (0, "#2b3a1c"), (0.5, "#475a2b"), (1, "#7b8443"))  # fmt: skip
    leaves = in_haze(s, leaf_light(s, greens, 0.5, 0.3))
    trees = []
    for _ in range(7):
        middles = rng.normal(0, (0.55, 0.55, 0.36), (26, 3)).clip(-0.95, 0.95) - (0, 0, -0.95)
        tree = foliage(rng, middles, rng.uniform(0.2, 0.5, 26), 5200, 0.055, leaves)
        trees.append(tree.data)
        bpy.data.objects.remove(tree)
    seen = hedges[(np.abs(hedges[:, 0]) < 0.62 * hedges[:, 1] + 60) & (hedges[:, 1] > 220)]
    for px, py in seen:
        for _ in range(2 if py < 1500 else 1):
            dx, dy = rng.normal(0, 2.5, 2)
            grown_up = rng.uniform() < 0.16
            size = rng.uniform(3.5, 6.5) if grown_up else rng.uniform(1.0, 2.0)
            wide = size * (1.0 if grown_up else 1.7)
            z = float(lie(np.array(px + dx), np.array(py + dy))) - 0.25
            at = (px + dx, py + dy, z)
            put(trees[rng.integers(7)], at, (0, 0, rng.uniform(0, 6)), (wide, wide, size))
    for _ in range(26):  # woods
        px, py = rng.uniform(-1, 1), rng.uniform(500, 3600)
        px *= 0.6 * py
        for dx, dy in rng.normal(0, (46, 26), (70, 2)):
            size = rng.uniform(4, 7.5)
            z = float(lie(np.array(px + dx), np.array(py + dy))) - 0.5
            put(trees[rng.integers(7)], (px + dx, py + dy, z), (0, 0, rng.uniform(0, 6)), size)


def lie(x: Array, y: Array) -> Array:
    """The land rolls, and rises to hills at the horizon."""
    roll = 5 * np.sin(x / 260 + 0.8) * np.sin(y / 340) + 3 * np.sin(x / 120 + y / 210)
    hills = np.clip((y - 3200) / 3600, 0, 1) ** 1.3
    crest = 95 + 48 * np.sin(x / 900 + 1) + 26 * np.sin(x / 380 + 2) + 9 * np.sin(x / 150)
    return roll * np.clip((y - 150) / 500, 0, 1) + hills * crest


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 2 / 3)
    empty_set()
    sun = sky(elevation=27, bearing=-118, strength=0.22, dust=1.3, disc_strength=0.7)
    rng = np.random.default_rng(14)
    country(rng)
    fleet = [balloon(rng, *one) for one in FLEET]
    camera(EYE, (0, 100, 42 + 100 * math.tan(math.radians(9.5))), 34)
    white = np.array([40.0, 36.5, 32.0])
    around = np.array([0.27, 0.36, 0.52]), np.array([0.26, 0.24, 0.19])
    toward = np.array(sun, dtype=float)
    before_the_sky(
        clouds.march(rays(width, height), toward, white, *around, *clouds.noises(), 0.10)
    )
    picture = expose(width, height, samples, exposure=0.35, look="AgX - Punchy")
    picture = grain(lens(picture, vignette=0.1), 0.011, seed=8)
    keep_picture(picture, folder / "balloons.jpg", "Balloons over farmland", "balloons.py")
    mask, pencil = blank(picture)
    for ring, next_ring in itertools.pairwise(fleet[0]):
        around_both = np.concatenate([ring, next_ring])
        pencil.polygon(hull(on_film(around_both, width, height)), fill=255)
    keep_mask(grown(mask, max(2, width // 260)), folder / "balloons_mask.png")
