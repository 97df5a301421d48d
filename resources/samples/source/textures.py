"""Five textures to grow from: bricks, pebbles, basketwork, bark and a typewritten page."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path

import bpy
import numpy as np
import wall
from darkroom import Picture, grain, keep_picture, soft
from PIL import Image, ImageDraw, ImageFont
from shapes import Array, Part, ball, joined, mesh, put, sheet
from studio import Surface, camera, empty_set, expose, sky

SIDE = 256
PAGE = (
    "Call me Ishmael. Some years ago - never mind how long precisely - having little or no money"
    " in my purse, and nothing particular to interest me on shore, I thought I would sail about a"
    " little and see the watery part of the world. It is a way I have of driving off the spleen,"
    " and regulating the circulation. Whenever I find myself growing grim about the mouth;"
    " whenever it is a damp, drizzly November in my soul; whenever I find myself involuntarily"
    " pausing before coffin warehouses, and bringing up the rear of every funeral I meet; and"
    " especially whenever my hypos get such an upper hand of me, that it requires a strong moral"
    " principle to prevent me from deliberately stepping into the street, then, I account it high"
    " time to get to sea as soon as I can."
)  # Herman Melville, "Moby-Dick", 1851


def make(folder: Path, width: int, samples: int) -> None:
    """Write all of them into folder/textures; they have one size, whatever is asked for."""
    out = folder / "textures"
    out.mkdir(parents=True, exist_ok=True)
    for name, shoot, says in (
        ("bricks", bricks, "A wall of yellow bricks"),
        ("pebbles", pebbles, "Pebbles on a shore"),
        ("weave", weave, "Basketwork"),
        ("bark", bark, "The bark of an oak"),
        ("page", page, "A typewritten page"),
    ):
        keep_picture(shoot(2 * samples), out / f"{name}.jpg", says, "textures.py")


def from_above(side: float, samples: int, exposure: float, look: str = "AgX - Punchy") -> Picture:
    """A square of the ground, seen through a long lens straight from above."""
    camera((0, 0, 60 * side), (0, 1e-6, 0), 60 * 36)
    return grain(expose(SIDE, SIDE, samples, exposure, look), 0.010, seed=3)


def bricks(samples: int) -> Picture:
    empty_set()
    sky(elevation=42, bearing=-140, strength=0.2, dust=1.2, disc=1.0, disc_strength=0.5)
    stock = "#5f4a30", "#8c7046", "#a98d5c", "#bda673", "#94643f"
    wall.bricks(np.random.default_rng(31), stock)
    camera((0.05, -36, 1.5), (0.05, 0, 1.5), 60 * 18)
    return grain(expose(SIDE, SIDE, samples, 0.55, "AgX - Punchy"), 0.012, seed=3)


def pebbles(samples: int) -> Picture:
    """Rounded stones, the large ones first, each lying on those that were there before."""
    empty_set()
    rng = np.random.default_rng(7)
    sky(elevation=38, bearing=-50, strength=0.3, dust=1.0, disc=1.5, disc_strength=0.45)
    s = Surface("stone")
    each = s.node("ShaderNodeObjectInfo").outputs["Random"]
    kinds = "#4a4d50", "#6f6a62", "#8f8a80", "#a58f78", "#7d6552", "#b9b3a6", "#5b6468", "#9c7a66"
    kind = s.ramp(each, *((i / (len(kinds) - 1), c) for i, c in enumerate(kinds)))
    veins = s.between(s.noise(3, 8, 0.7, s.stretched(s.place(), 1, 3, 1)), 0.46, 0.7)
    colour = s.mix(s.sum(veins, 0.45, "MULTIPLY"), kind, "#d0c8ba")
    colour = s.mix(s.sum(s.between(s.noise(16, 6, 0.75), 0.5, 0.75), 0.4, "MULTIPLY"), colour,
                   "#3a3733")  # fmt: skip
    normal = s.bump(s.noise(9, 8, 0.7), 0.03)
    stone = s.done(s.principled(Base_Color=colour, Roughness=0.62, Normal=normal))
    shapes = [mesh("pebble", *pebble(rng), stone) for _ in range(14)]
    placed = np.empty((0, 4))  # x, y, z of the middle, and radius
    for radius in np.sort(rng.lognormal(-4.15, 0.34, 6000))[::-1]:
        x, y = rng.uniform(-0.3, 0.3, 2)
        near = np.hypot(placed[:, 0] - x, placed[:, 1] - y)
        reach = 0.92 * (placed[:, 3] + radius)
        touching = near < reach
        z = 0.5 * radius
        if touching.any():
            lift = np.sqrt(1 - (near[touching] / reach[touching]) ** 2)
            z = (placed[touching, 2] + 0.6 * (placed[touching, 3] + radius) * lift).max()
        if z > 0.042:
            continue
        placed = np.vstack([placed, (x, y, z, radius)])
        lean = (rng.normal(0, 0.25), rng.normal(0, 0.25), rng.uniform(0, math.tau))
        put(shapes[rng.integers(14)], (x, y, z), lean, radius)
    ground(Surface("sand"), "#4e4336", "#8b7a62")
    return from_above(0.46, samples, exposure=0.5)


def pebble(rng: np.random.Generator) -> tuple[Array, Array]:
    points, faces = ball(1, 1, 40)
    points *= (rng.uniform(0.95, 1.25), rng.uniform(0.72, 1.0), rng.uniform(0.5, 0.72))
    for _ in range(6):
        way = rng.normal(0, 1.1, 3)
        points *= 1 + 0.045 * np.sin(points @ way + rng.uniform(0, 7))[:, None]
    return points, faces


def ground(s: Surface, dark: str, light: str) -> None:
    where = s.place(frame="World")
    grains = s.noise(420, 5, 0.8, where)
    colour = s.ramp(grains, (0.35, dark), (0.65, light))
    surface = s.done(s.principled(Base_Color=colour, Roughness=0.95, Normal=s.bump(grains, 0.004)))
    square = np.array([(-2, -2, 0), (2, -2, 0), (2, 2, 0), (-2, 2, 0)])
    put(mesh("ground", square, np.array([[0, 1, 2, 3]]), surface))


def weave(samples: int) -> Picture:
    """Split cane, over one and under one, in pairs across."""
    empty_set()
    rng = np.random.default_rng(11)
    sky(elevation=46, bearing=-35, strength=0.28, dust=1.0, disc=2.0, disc_strength=0.45)
    s = Surface("cane")
    along, own = s.own("along")["Fac"], s.own("own")["Fac"]
    across = s.own("across")["Fac"]
    where = s.node("ShaderNodeCombineXYZ", {0: s.sum(along, 6.0, "MULTIPLY"),
                                            1: s.sum(across, 260.0, "MULTIPLY"),
                                            2: s.sum(own, 40.0, "MULTIPLY")})  # fmt: skip
    fibre = s.noise(1, 6, 0.65, where.outputs[0])
    tint = s.ramp(own, (0, "#7a5226"), (0.4, "#a5763c"), (0.75, "#c2975a"), (1, "#8d602f"))
    colour = s.mix(s.between(fibre, 0.45, 0.72), tint, "#dcbf88")
    colour = s.mix(s.sum(s.between(fibre, 0.46, 0.3), 0.7, "MULTIPLY"), colour, "#4a2d12")
    blotch = s.between(s.noise(30, 5, 0.65, s.place(frame="World")), 0.55, 0.72)
    colour = s.mix(s.sum(blotch, 0.35, "MULTIPLY"), colour, "#6a4218")
    normal = s.bump(fibre, 0.0005)
    cane = s.done(s.principled(Base_Color=colour, Roughness=0.42, Normal=normal))
    pitch, reach = 0.030, 16
    strips = []
    for i in range(-reach, reach + 1):
        phase = math.pi * (i % 2)
        strips.append(strip(rng, i * pitch, 0.0126, pitch, phase, upright=True))
        for half in (-0.25, 0.25):
            strips.append(strip(rng, (i + half) * pitch, 0.0066, pitch, phase + math.pi, False))
    points, faces, numbers = joined(*strips)
    put(mesh("basket", points, faces, cane, **numbers))
    ground(Surface("dark"), "#100b07", "#1d140c")
    bpy.data.objects["ground"].location.z = -0.012
    return from_above(0.33, samples, exposure=-0.1)


def strip(
    rng: np.random.Generator, at: float, half: float, pitch: float, phase: float, upright: bool
) -> Part:
    """One cane that rises and dips as it passes the others."""
    t = np.linspace(-0.5, 0.5, 900)
    swing = 0.0042 * np.tanh(1.6 * np.cos(math.pi * t / pitch + phase))
    drift = at + 0.0007 * np.sin(t * rng.uniform(9, 30) + rng.uniform(0, 7))
    wide = half * (1 + 0.06 * np.sin(t * rng.uniform(20, 60) + rng.uniform(0, 7)))
    u = np.linspace(-1, 1, 11)
    profile = 0.0022 * np.sqrt(np.maximum(0, 1 - u**2 * 0.98)) - 0.0006 * (np.abs(u) > 0.99)
    side = drift[:, None] + wide[:, None] * u
    up = swing[:, None] + profile
    far = np.repeat(t[:, None], 11, 1)
    points, faces = sheet(np.stack((side, far, up) if upright else (far, side, up), 2))
    n = len(points)
    start = rng.uniform(0, 50)
    numbers = {
        "along": far.ravel() + start,
        "across": np.tile(u * half, 900),
        "own": np.full(n, rng.uniform()),
    }
    return points, faces, numbers


def bark(samples: int) -> Picture:
    """Plates with furrows between them, longer than wide; moss on the weather side."""
    empty_set()
    rng = np.random.default_rng(5)
    sky(elevation=40, bearing=-75, strength=0.32, dust=1.5, disc=3.0, disc_strength=0.5)
    n, side = 620, 0.64
    x, y = np.meshgrid(np.linspace(-side / 2, side / 2, n), np.linspace(-side / 2, side / 2, n))

    def rough(scale: float, stretch: float) -> Array:
        plane = soft(rng.standard_normal((n, n)), n * scale / side)
        plane = soft(plane.T, 1).T if stretch == 1 else _smeared(plane, n * scale * stretch / side)
        return (plane - plane.mean()) / plane.std()

    bent_x = x + 0.010 * rough(0.02, 2.0) + 0.004 * rough(0.006, 2)
    bent_y = y + 0.025 * rough(0.02, 2.0)
    seeds = rng.uniform(-0.4, 0.4, (210, 2))
    far = np.sqrt(
        ((bent_x[..., None] - seeds[:, 0]) / 0.26) ** 2 + (bent_y[..., None] - seeds[:, 1]) ** 2
    )
    far.partition(1, axis=2)
    gap = (far[..., 1] - far[..., 0]) / 0.075
    plate = np.clip(gap, 0, 1) ** 0.55
    grooves = np.abs(rough(0.0022, 9))
    flakes = rough(0.004, 3)
    height = 0.030 * plate - 0.0030 * np.exp(-grooves * 3) * plate
    height += 0.0022 * flakes * plate + 0.0008 * rough(0.0015, 2) + 0.0035 * rough(0.03, 2)
    s = Surface("bark")
    where = s.place(frame="World")
    deep = s.own("plate")["Fac"]
    grain_ = s.noise(120, 8, 0.7, s.stretched(where, 1, 0.25, 1))
    colour = s.ramp(grain_, (0.3, "#33271d"), (0.5, "#5f4d3c"), (0.7, "#85725a"))
    colour = s.mix(s.between(deep, 0.75, 0.2), colour, "#1c130d")
    grey = s.between(s.noise(16, 7, 0.7, where), 0.5, 0.62)
    colour = s.mix(s.sum(s.sum(grey, deep, "MULTIPLY"), 0.6, "MULTIPLY"), colour, "#a3a091")
    moss = s.sum(s.between(s.noise(9, 8, 0.72, where), 0.54, 0.66), deep, "MULTIPLY")
    colour = s.mix(s.sum(moss, 0.7, "MULTIPLY"), colour, "#5d6a2c")
    normal = s.bump(s.noise(420, 6, 0.75, where), 0.003)
    surface = s.done(s.principled(Base_Color=colour, Roughness=0.9, Normal=normal))
    put(mesh("bark", *sheet(np.stack([x, y, height], 2)), surface, plate=plate.ravel()))
    return from_above(0.46, samples, exposure=0.75)


def _smeared(plane: Array, length: float) -> Array:
    """The plane, averaged over so many pixels up and down."""
    box = max(1, round(length / 2))
    padded = np.cumsum(np.pad(plane, ((box + 1, box), (0, 0)), mode="wrap"), axis=0)
    return padded[2 * box + 1 :] - padded[: -2 * box - 1]


def page(samples: int) -> Picture:
    """Typewritten on laid paper: no letter sits or prints quite like the one before."""
    rng = np.random.default_rng(3)
    scale, size = 4, 15
    fonts = Path(bpy.utils.system_resource("DATAFILES")) / "fonts"
    font = ImageFont.truetype(str(fonts / "DejaVuSansMono.woff2"), size * scale)
    ink = Image.new("L", (SIDE * scale, SIDE * scale))
    pencil = ImageDraw.Draw(ink)
    step = font.getlength("m")
    for row, line in enumerate(textwrap.wrap(PAGE, 40)):
        for column, letter in enumerate(line):
            at = np.array([(column - 2.4) * step, (row * 1.32 - 0.9) * size * scale])
            at += rng.normal(0, 0.012 * size * scale, 2)
            pencil.text(tuple(at), letter, font=font, fill=int(rng.normal(215, 18)))
    small = np.asarray(ink.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32) / 255
    ribbon = 0.88 + 0.14 * np.clip(soft(rng.standard_normal((SIDE, SIDE)), 1) * 2.2, -1, 0.6)
    bled = np.clip(1.15 * (0.75 * small + 0.25 * soft(small, 1)) * ribbon, 0, 1)[..., None]
    fibre = soft(rng.standard_normal((SIDE, SIDE)), 1)[..., None] * 0.035
    clouded = soft(rng.standard_normal((SIDE, SIDE)), 14)[..., None]
    paper = np.array([0.905, 0.865, 0.775]) + fibre + 0.010 * clouded / clouded.std()
    black = np.array([0.13, 0.12, 0.14])
    return grain((paper * (1 - bled) + black * bled).astype(np.float32), 0.008, seed=3)
