"""Overhead lines before a summer sky, above an old tiled roof."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import clouds
import numpy as np
from darkroom import Picture, blank, grain, grown, keep_mask, keep_picture, lens
from masonry import block, clay_surface, mortar_surface
from PIL import Image
from plants import foliage, leaf_light
from shapes import Array, box, mesh, put, sheet, turned
from studio import Surface, Vector, before_the_sky, camera, empty_set, expose, on_film, rays, sky

EYE = (0.0, 0.0, 6.5)
NEAR, FAR = Vector((7.0, 9.0, 7.4)), Vector((-3.0, 17.0, 7.4))  # the ends of the ridge
PITCH = math.radians(38)


def pantile(material) -> bpy.types.Mesh:
    """One S-shaped tile, 0.26 m wide and 0.40 m long, with the thickness of its lower edge."""
    u, v = np.meshgrid(np.linspace(0, 1, 17), np.array([0, 0.0, 0.02, 0.98, 1]), indexing="xy")
    z = 0.032 * np.sin(math.tau * (u * 0.98 - 0.22)) + 0.012 * np.sin(2 * math.tau * u)
    z[0] -= 0.026  # the lower edge, seen from below
    x, y = (u - 0.5) * 0.27, v * 0.40
    return mesh("pantile", *sheet(np.stack([x, y, z], 2)), material)


def roof(rng: np.random.Generator) -> None:
    along = FAR - NEAR
    heading = math.atan2(along.y, along.x) + math.pi  # a tile's right is the near end
    right, length = -along.normalized(), along.length
    down = Vector((right.y, -right.x, 0)) * math.cos(PITCH) + Vector((0, 0, -math.sin(PITCH)))
    clay = clay_surface("tiles", "#5b3426", "#8a4a31", "#a65c3b", "#b97a55", lichen=0.85)
    tile = pantile(clay)
    for row in range(17):
        for column in range(int(length / 0.235)):
            at = FAR + right * (0.235 * (column + 0.5)) + down * (0.32 * row + 0.30)
            at += Vector((0, 0, 0.02 + rng.normal(0, 0.003)))
            tilt = PITCH - 0.075 + rng.normal(0, 0.01)
            put(tile, at, (tilt, rng.normal(0, 0.012), heading + rng.normal(0, 0.012)))
    t = np.linspace(-0.1, math.pi + 0.1, 17)
    rings = np.array([(0.0, 0.125), (0.0, 0.14), (0.03, 0.14), (0.42, 0.122)])
    far, radius = np.repeat(rings[:, :1], 17, 1), rings[:, 1:]
    bow = np.stack([far, radius * np.cos(t), radius * np.sin(t) * 0.85], 2)
    cap = mesh("ridge", *sheet(bow), clay)
    for i in range(int(length / 0.37)):
        at = FAR + right * (0.37 * i - 0.05) + Vector((0, 0, rng.normal(0, 0.006)))
        put(cap, at, (rng.normal(0, 0.03), rng.normal(0, 0.02), heading + rng.normal(0, 0.02)))
    up = Vector((0, 0, 0.05))  # the mortar below the ridge
    under = np.array([NEAR + up, FAR + up, FAR + down * 6, NEAR + down * 6]) - (0, 0, 0.04)
    s = Surface("battens")
    dark = s.done(s.principled(Base_Color="#1b1512", Roughness=1.0))
    put(mesh("battens", under, np.array([[0, 1, 2, 3]]), dark))


def chimney(rng: np.random.Generator, at: Vector, heading: float) -> None:
    """A brick stack with two clay pots, in running bond, wider at its crown."""
    red = clay_surface("bricks", "#4c2a20", "#7c4030", "#93553d", "#a87858", lichen=0.5)
    mortar = mortar_surface("#6f675b", "#a19885")
    shapes = [mesh("brick", *block(rng, 0.213, 0.1, 0.064), red) for _ in range(6)]
    frame = bpy.data.objects.new("chimney", None)
    bpy.context.scene.collection.objects.link(frame)
    frame.location, frame.rotation_euler = at, (0, 0, heading)
    courses, high = 34, 0.075

    def lay(what, where, turn=(0.0, 0.0, 0.0), size=1.0) -> None:
        put(what, where, turn, size).parent = frame

    for course in range(courses):
        out = (0.0, 0.025, 0.05, 0.05, 0.02)[max(0, course - courses + 5)]
        across, deep = 0.9 + 2 * out, 0.56 + 2 * out
        z = course * high - 0.9
        shift = 0.1125 * (course % 2)
        for side in (-1, 1):
            for x in np.arange(-across / 2 + 0.1065 - shift, across / 2, 0.225):
                x = min(max(x, -across / 2 + 0.1065), across / 2 - 0.1065)
                wobble = rng.normal(0, 0.012, 3) * (0.6, 0.5, 1)
                lay(
                    shapes[rng.integers(6)],
                    (x, side * (deep / 2 - 0.05) + rng.normal(0, 0.002), z),
                    wobble,
                )
            for y in np.arange(-deep / 2 + 0.1065 + shift, deep / 2 - 0.09, 0.225):
                y = min(max(y, -deep / 2 + 0.1065), deep / 2 - 0.1065)
                turn = rng.normal(0, 0.012, 3) + np.array([0, 0, math.pi / 2])
                lay(
                    shapes[rng.integers(6)],
                    (side * (across / 2 - 0.05) + rng.normal(0, 0.002), y, z),
                    turn,
                )
    high *= courses
    lay(mesh("joints", *box(0.885, 0.545, high), mortar), (0, 0, high / 2 - 0.94))
    points, faces = box(0.98, 0.64, 0.12)
    points[4:, :2] *= 0.6
    lay(mesh("flaunching", points, faces, mortar, smooth=False), (0, 0, high - 0.89))
    pot = [(0.13, 0), (0.115, 0.3), (0.11, 0.42), (0.135, 0.44), (0.135, 0.48), (0.115, 0.5)]
    pot += [(0.09, 0.5), (0.085, 0.3), (0.08, 0.1)]
    buff = clay_surface("pots", "#8f5b3d", "#b07a52", "#c3946b", lichen=0.4)
    shape = mesh("pot", *turned(pot, 40), buff)
    lay(shape, (-0.22, 0, high - 0.86), (0.02, 0.01, 0.4), 1.05)
    lay(shape, (0.22, 0.01, high - 0.86), (-0.015, 0.02, 2.0), (1, 1, 0.86))


def country(rng: np.random.Generator) -> None:
    """Trees behind the house, and hills that the haze turns blue."""
    s = Surface("leaves")
    colour = s.ramp(s.own("own")["Fac"], (0, "#2f3f24"), (0.5, "#4f6136"), (1, "#828b52"))
    leaves = s.done(leaf_light(s, colour, 0.4, 0.42))
    for x, y, top, spread in (
        (-19.0, 31.0, 9.6, 2.6),
        (-14.0, 36.0, 8.9, 2.6),
        (-10.5, 33.0, 9.7, 2.2),
        (-24.0, 38.0, 10.2, 3.0),
        (-16.5, 29.0, 6.8, 2.3),
        (-12.0, 28.0, 6.4, 2.0),
    ):
        puffs = rng.normal(0, 0.6, (110, 3)).clip(-0.95, 0.95) * (spread, spread, 0.8 * spread)
        middles = puffs + np.array([x, y, top - spread])
        foliage(rng, middles, rng.uniform(0.3, 0.8, 110), 36_000, 0.10, leaves)
    s = Surface("fields")
    crop = s.ramp(s.noise(0.02, 5, 0.6, s.place(frame="World")), (0.4, "#5f6b34"), (0.6, "#a3955a"))
    plane = np.array([(-6e3, 10, 0), (6e3, 10, 0), (6e3, 6e3, 0), (-6e3, 6e3, 0)])
    dry = s.done(s.principled(Base_Color=crop, Roughness=1.0))
    put(mesh("fields", plane, np.array([[0, 1, 2, 3]]), dry))
    for far, height, haze, phase in ((2500, 62, 0.45, 0.0), (5200, 190, 0.72, 2.1)):
        s = Surface("hill")
        woods = s.ramp(
            s.noise(0.012, 9, 0.7, s.place(frame="World")), (0.4, "#26361c"), (0.6, "#5a6a3a")
        )
        lit = s.principled(Base_Color=woods, Roughness=1.0)
        air = s.node("ShaderNodeEmission", {"Color": (0.36, 0.47, 0.66, 1), "Strength": 0.9})
        both = s.node("ShaderNodeMixShader", {0: haze, 1: lit, 2: air.outputs[0]}).outputs[0]
        x = np.linspace(-far, far, 900)
        wave = sum(
            np.sin(x / far * k * 3.1 + phase * k) * 0.5**i for i, k in enumerate((1, 2.3, 5.1, 11))
        )
        crest = height * (0.62 + 0.3 * wave) + rng.normal(0, 1.5, 900)
        foot, top = (x, far + 0 * x, 0 * x - 40), (x, far * 1.3 + 0 * x, crest)
        slope = np.stack([np.stack(foot, 1), np.stack(top, 1)])
        put(mesh("hill", *sheet(slope), s.done(both)))


def lines() -> list[tuple[Array, float]]:
    """The wires: points along each, and its radius."""
    t = np.linspace(-0.15, 1.15, 240)[:, None]
    strung = []
    for lift, aside, sag, radius in (
        (0.0, 0.0, 0.55, 0.013),
        (-0.5, 0.0, 0.60, 0.013),
        (-1.0, 0.0, 0.53, 0.013),
        (-2.3, 0.2, 0.8, 0.021),
    ):
        ends = np.array([(-14.0, 20.0, 12.3), (8.0, 9.0, 13.2)])
        ends += np.array([0.45 * aside, 0.9 * aside, lift])
        points = ends[0] * (1 - t) + ends[1] * t
        points[:, 2:] -= sag * 4 * t * (1 - t)
        strung.append((points, radius))
    return strung


def hang(points: Array, radius: float, material) -> None:
    curve = bpy.data.curves.new("wire", "CURVE")
    curve.dimensions, curve.bevel_depth = "3D", radius
    spline = curve.splines.new("POLY")
    spline.points.add(len(points) - 1)
    spline.points.foreach_set("co", np.pad(points, ((0, 0), (0, 1)), constant_values=1).ravel())
    curve.materials.append(material)
    put(curve)


def build(rng: np.random.Generator) -> Vector:
    """The house in its country, without the wires; returns the direction towards the sun."""
    sun = sky(elevation=23, bearing=-76, strength=0.2, dust=0.5, disc_strength=0.38)
    roof(rng)
    heading = math.atan2((FAR - NEAR).y, (FAR - NEAR).x)
    chimney(rng, NEAR.lerp(FAR, 0.38) - Vector((0, 0, 0.1)), heading + math.pi)
    country(rng)
    return sun


def shoot(
    strung: list[tuple[Array, float]], sun: Vector, width: int, height: int, samples: int
) -> tuple[Picture, Image.Image]:
    """The wires before the house and the clouds, and the mask of them."""
    s = Surface("rubber")
    rubber = s.done(s.principled(Base_Color="#1c1c1e", Roughness=0.6))
    for points, radius in strung:
        hang(points, radius, rubber)
    before_the_sky(
        clouds.march(
            rays(width, height),
            np.array(sun, dtype=float),
            np.array([46.0, 41.5, 36.0]),
            np.array([0.25, 0.34, 0.52]),
            np.array([0.24, 0.21, 0.19]),
            *clouds.noises(),
            0.27,
        )
    )
    picture = expose(width, height, samples, exposure=0.5, look="AgX - Punchy")
    picture = grain(lens(picture, vignette=0.1), 0.012, seed=2)
    mask, pencil = blank(picture)
    across = bpy.context.scene.camera.data.lens / 36 * width
    for points, radius in strung:
        path = on_film(points, width, height)
        distance = np.linalg.norm(points - EYE, axis=1)
        for i in range(len(path) - 1):
            thick = 2 * radius * across / distance[i]
            pencil.line([*path[i], *path[i + 1]], fill=255, width=max(1, round(thick)))
    return picture, grown(mask, max(2, round(width / 400)))


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 2 / 3)
    empty_set()
    camera(EYE, (0, 10, EYE[2] + 10 * math.tan(math.radians(14))), 35)
    sun = build(np.random.default_rng(4))
    picture, mask = shoot(lines(), sun, width, height, samples)
    says = "Overhead lines across a summer sky, above a tiled roof"
    keep_picture(picture, folder / "wires.jpg", says, "wires.py")
    keep_mask(mask, folder / "wires_mask.png")
