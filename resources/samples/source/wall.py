"""A poster on an old brick wall, in the last sun."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
from darkroom import blank, grain, grown, keep_mask, keep_picture, lens
from masonry import block, clay_surface, mortar_surface
from PIL import Image, ImageDraw
from shapes import Array, mesh, put, sheet
from studio import Surface, camera, empty_set, expose, on_film, sky

POSTER = (0.50, 0.70)  # metres
MIDDLE = (0.28, 1.52)  # of the poster, on the wall
COURSE, STRETCH = 0.075, 0.225  # from brick to brick, with the joint
RED = "#3c221b", "#6d3527", "#8d4a35", "#a2624a", "#b58467"


def bricks(rng: np.random.Generator, palette: tuple[str, ...] = RED) -> None:
    """A wall in running bond; its face is at y = 0."""
    clay = clay_surface("bricks", *palette, lichen=0.25)
    shapes = [mesh("brick", *block(rng, 0.214, 0.102, 0.0645), clay) for _ in range(12)]
    for course in range(42):
        for i in range(24):
            x = -2.7 + STRETCH * (i + 0.5 * (course % 2)) + rng.normal(0, 0.0015)
            z = COURSE * (course + 0.5) + rng.normal(0, 0.0008)
            turn = rng.normal(0, (0.006, 0.006, 0.008)) + np.array([0, 0, math.pi * (i % 2)])
            put(shapes[rng.integers(12)], (x, 0.051 + abs(rng.normal(0, 0.0018)), z), tuple(turn))
    x, z = np.meshgrid(np.linspace(-3, 3, 2), np.linspace(0, 3.3, 2))
    joints = sheet(np.stack([x, np.full_like(x, 0.009), z], 2))
    put(mesh("joints", *joints, mortar_surface("#9c917f", "#cfc5b0")))


def artwork() -> bpy.types.Image:
    """What is printed on the poster: a sun over hills, in four inks."""
    width, height = 720, 1000
    paper = Image.new("RGB", (2 * width, 2 * height), "#e9dcc0")
    pencil = ImageDraw.Draw(paper)
    pencil.rectangle((80, 80, 1360, 1920), fill="#1f4e5f")
    for i in range(9):
        y = 180 + 95 * i
        pencil.rectangle((80, y, 1360, y + 12 + 4 * i), fill="#2f6c7a")
    pencil.ellipse((390, 330, 1050, 990), fill="#e8a13a")
    x = np.linspace(80, 1360, 200)
    for level, swing, phase, ink in (
        (1010, 110, 0.4, "#c8553d"),
        (1240, 90, 2.2, "#8f3b36"),
        (1500, 70, 4.4, "#e9dcc0"),
        (1640, 50, 0.9, "#17323d"),
    ):
        y = level - swing * np.sin(x / 240 + phase) - 0.5 * swing * np.sin(x / 97 + 2 * phase)
        edge = list(zip(x.tolist(), y.tolist(), strict=True))
        pencil.polygon([*edge, (1360, 1920), (80, 1920)], fill=ink)
    values = np.asarray(paper.resize((width, height), Image.Resampling.LANCZOS), np.float32) / 255
    image = bpy.data.images.new("artwork", width, height)
    image.pixels.foreach_set(
        np.pad(values[::-1], ((0, 0), (0, 0), (0, 1)), constant_values=1).ravel()
    )
    return image


def paper_surface():
    """Cheap ink on cheap paper: sun-bleached, stained by the rain, rubbed at its folds."""
    s = Surface("poster")
    where = s.place(frame="UV")
    print_ = s.node("ShaderNodeTexImage", {"Vector": where}, interpolation="Cubic")
    print_.image = artwork()
    speck = s.noise(90, 8, 0.75, where)
    colour = s.mix(0.06, print_.outputs["Color"], "#d9cdb4")
    colour = s.mix(s.between(speck, 0.70, 0.78), colour, "#ddd3be")
    stain = s.noise(5, 7, 0.65, s.stretched(where, 3, 0.6, 1))
    colour = s.mix(s.sum(s.between(stain, 0.5, 0.8), 0.35, "MULTIPLY"), colour, "#6d5a40")
    normal = s.bump(s.noise(45, 6, 0.6, where), 0.0015)
    return s.done(s.principled(Base_Color=colour, Roughness=0.62, Normal=normal))


def poster(rng: np.random.Generator) -> Array:
    """Pasted flat, so that the joints show through; one corner has come off. Its outline."""
    u, v = np.meshgrid(np.linspace(0, 1, 220), np.linspace(0, 1, 300))
    x, z = (u - 0.5) * POSTER[0], (v - 0.5) * POSTER[1]
    lean = math.radians(-1.6)
    across = MIDDLE[0] + x * math.cos(lean) - z * math.sin(lean)
    up = MIDDLE[1] + x * math.sin(lean) + z * math.cos(lean)
    joint = np.abs((up / COURSE) % 1 - 0.5) * COURSE  # 0.0375 in the joint
    out = 0.004 - 0.0035 * np.clip((joint - 0.030) / 0.006, 0, 1)
    out += 0.0008 * np.sin(9 * x + 14 * z) * np.sin(23 * z - 5 * x)
    for _ in range(7):  # creases from the paste brush
        a, at = rng.uniform(0, math.pi), rng.uniform(-0.3, 0.3)
        far = np.abs(x * math.cos(a) + z * math.sin(a) - at)
        out += 0.0012 * np.exp(-far / 0.004)
    loose = np.clip(
        (u - 0.5) * POSTER[0] - (v - 0.5) * POSTER[1] - 0.5 * sum(POSTER) + 0.18, 0, None
    )
    out += 2.4 * loose**2
    across -= 1.5 * loose**2
    up += 1.8 * loose**2
    points = np.stack([across, -out, up], 2)
    corners, quads = sheet(points)
    made = mesh("poster", corners, quads, paper_surface())
    uv = np.stack([u, v], 2).reshape(-1, 2)[quads.ravel()]
    made.uv_layers.new(name="UVMap").data.foreach_set("uv", uv.astype(np.float32).ravel())
    put(made)
    return np.concatenate([points[0], points[:, -1], points[-1, ::-1], points[::-1, 0]])


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 2 / 3)
    empty_set()
    rng = np.random.default_rng(12)
    sun = sky(elevation=33, bearing=-112, strength=0.22, dust=1.4, disc=1.0, disc_strength=0.5)
    bricks(rng)
    outline = poster(rng)
    camera((0.02, -3.3, 1.47), (0.02, 0.0, 1.47), 50, focus=(0.28, 0, 1.5), f_number=8)
    picture = expose(width, height, samples, exposure=0.1, look="AgX - Punchy")
    picture = grain(lens(picture, vignette=0.14), 0.014, seed=4)
    keep_picture(picture, folder / "wall.jpg", "A poster on an old brick wall", "wall.py")
    mask, pencil = blank(picture)
    shadow = outline - outline[:, 1:2] / sun.y * np.array(sun)
    edge, fall = (on_film(points, width, height) for points in (outline, shadow))
    pencil.polygon([tuple(p) for p in edge], fill=255)
    for i in range(len(edge) - 1):
        pencil.polygon([tuple(p) for p in (edge[i], edge[i + 1], fall[i + 1], fall[i])], fill=255)
    keep_mask(grown(mask, max(2, width // 160)), folder / "wall_mask.png")
