"""A candle in a draught, before fruit and a jug: one set, lit from where the flame is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from darkroom import Picture, grain, soft
from film import RATE, developed, keep_clip, wander
from PIL import Image
from raster import reduced
from shapes import Array, box, mesh, put, rounded, tube, turned
from still_life import fruit, fruit_surface, jug, wall_surface, wood_surface
from studio import Surface, Vector, camera, empty_set, light, on_film

SECONDS = 7
COUNT = SECONDS * RATE
WICK = Vector((0.0, -0.06, 0.142))  # its tip
TALL, WIDE = 0.050, 0.0098  # of the flame: height and half-width, metres
LIFT, ASIDE = 0.020, 0.014  # where the lamps are: above the wick, and to each side of that
FINE = 3  # the flame is drawn so much larger, then reduced
SHUTTER = (-0.2, 0.0, 0.2)  # of a frame
GLARE = (0.012, 0.10), (0.05, 0.09), (0.16, 0.05)  # how far, of the width, and how much


def wax_surface():
    """Wax, and how much it glows by the flame."""
    s = Surface("wax")
    colour = s.ramp(s.noise(26, 4, 0.6), (0.3, "#e9dcc0"), (0.7, "#f3ead6"))
    height = s.node("ShaderNodeSeparateXYZ", {0: s.place()}).outputs["Z"]
    near = s.sum(s.between(height, 0.062, WICK.z - 0.006), 2.2, "POWER")  # to the flame
    glow = s.node("ShaderNodeValue").outputs[0]
    glow.default_value = 0.0
    inside = s.ramp(near, (0.0, "#8a2f0a"), (0.5, "#d9772a"), (1.0, "#ffc777"))
    return s.done(
        s.principled(
            Base_Color=colour,
            Roughness=0.38,
            Normal=s.bump(s.noise(60, 4, 0.6), 0.0006),
            Emission_Color=inside,
            Emission_Strength=s.sum(near, glow, "MULTIPLY"),
        )
    ), glow


def pewter_surface():
    s = Surface("pewter")
    dull = s.noise(35, 6, 0.7)
    colour = s.ramp(dull, (0.35, "#5d5a55"), (0.65, "#8b877f"))
    rough = s.sum(s.sum(dull, 0.35, "MULTIPLY"), 0.16)
    normal = s.bump(s.noise(18, 4, 0.6), 0.0012)
    return s.done(s.principled(Base_Color=colour, Metallic=1.0, Roughness=rough, Normal=normal))


def candlestick(rng: np.random.Generator) -> Any:
    """A saucer with a socket and a ring, a candle that has run, and its wick. Returns the glow of
    its wax.
    """
    at = (WICK.x, WICK.y, 0.0)
    pewter, (wax, glow) = pewter_surface(), wax_surface()
    dish = [(0, 0.002), (0.045, 0.0), (0.052, 0.004), (0.064, 0.014), (0.067, 0.016),
            (0.065, 0.018), (0.055, 0.010), (0.03, 0.007), (0.017, 0.008), (0.0145, 0.02),
            (0.0155, 0.032), (0.019, 0.034), (0.019, 0.036), (0.013, 0.036), (0.012, 0.02),
            (0.0, 0.018)]  # fmt: skip
    put(mesh("dish", *turned(rounded(dish, 150), 128), pewter), at)
    a = np.linspace(0.5, math.tau - 0.5, 48)
    ring = np.stack([0.084 - 0.02 * np.cos(a), 0.001 * a, 0.013 + 0.02 * np.sin(a)], 1)
    put(mesh("ring", *tube(ring, np.full(48, 0.0032)), pewter), at, (0, 0, 0.25))
    rim = WICK.z - 0.009
    body = [(0.0, 0.02), (0.0118, 0.02), (0.0118, 0.06), (0.0115, rim - 0.01), (0.0117, rim),
            (0.0112, rim + 0.0012), (0.0098, rim + 0.0002), (0.007, rim - 0.003),
            (0.0, rim - 0.0035)]  # fmt: skip
    points, faces = turned(rounded(body, 160), 96)
    around, z = np.arctan2(points[:, 1], points[:, 0]), points[:, 2]
    for _ in range(7):  # where it has run
        where, end = rng.uniform(-math.pi, math.pi), rng.uniform(0.05, 0.11)
        off = np.abs((around - where + math.pi) % math.tau - math.pi) * 0.0118
        drop = np.exp(-((off / 0.0019) ** 2)) * (0.7 + 0.9 * np.exp(-(((z - end) / 0.005) ** 2)))
        drop *= np.clip((z - end) / 0.003 + 1, 0, 1) * np.clip((rim + 0.001 - z) / 0.004, 0, 1)
        points[:, :2] *= (1 + 0.17 * drop)[:, None]
    put(mesh("candle", points, faces, wax), at)
    s = Surface("wick")
    char = s.done(s.principled(Base_Color="#0b0806", Roughness=1.0))
    t = np.linspace(0, 1, 14)
    bow = np.stack([0.0016 * t**2, 0 * t, rim - 0.005 + (WICK.z - rim + 0.005) * t], 1)
    put(mesh("wick", *tube(bow, np.full(14, 0.0009)), char), at)
    return glow


def book(at: tuple[float, float, float], turn: float, size: tuple[float, float, float]) -> None:
    """A bound one, lying: boards of worn leather around a block of leaves."""
    s = Surface("leather")
    worn = s.noise(30, 8, 0.7)
    colour = s.ramp(worn, (0.35, "#3a1512"), (0.6, "#5d241b"), (0.75, "#7c4a35"))
    grained = s.bump(s.cells(380)["Distance"], 0.0006)
    leather = s.done(s.principled(Base_Color=colour, Roughness=0.5, Normal=grained))
    s = Surface("leaves of paper")
    z = s.node("ShaderNodeSeparateXYZ", {0: s.place()}).outputs["Z"]
    lines = s.noise(1.0, 4, 0.8, s.stretched(s.place(), 6, 6, 1500))
    colour = s.ramp(s.sum(lines, s.sum(z, 0.2, "MULTIPLY")), (0.3, "#8d7a58"), (0.7, "#d9c9a4"))
    paper = s.done(s.principled(Base_Color=colour, Roughness=0.9, Normal=s.bump(lines, 0.001)))
    wide, deep, thick = size
    frame = bpy.data.objects.new("book", None)
    bpy.context.scene.collection.objects.link(frame)
    frame.location, frame.rotation_euler = at, (0, 0, turn)
    for shape, where, material in (
        (box(wide, deep, thick - 0.006), (0, 0, thick / 2), paper),
        (box(wide + 0.006, deep + 0.008, 0.003), (0.002, 0, 0.0015), leather),
        (box(wide + 0.006, deep + 0.008, 0.003), (0.002, 0, thick - 0.0015), leather),
        (box(0.003, deep + 0.008, thick), (-wide / 2, 0, thick / 2), leather),
    ):
        put(mesh("book", *shape, material, smooth=False), where).parent = frame


def build() -> Any:
    """The set. Returns what makes the wax glow."""
    rng = np.random.default_rng(8)
    put(mesh("table", *box(2.4, 1.2, 0.06), wood_surface(), smooth=False), (0, 0.1, -0.03))
    put(mesh("wall", *box(6, 0.1, 4), wall_surface(), smooth=False), (0, 0.42, 0.6))
    glow = candlestick(rng)
    jug()
    for name in ("jug", "handle"):
        thing = bpy.data.objects[name]
        thing.location, thing.scale = (-0.155, 0.10, 0.0), (0.66, 0.66, 0.66)
    book((0.145, 0.07, 0.0), 0.35, (0.13, 0.19, 0.034))
    apple = [(0, 0.012), (0.008, 0.005), (0.018, 0.0), (0.034, 0.014), (0.0395, 0.038)]
    apple += [(0.034, 0.06), (0.02, 0.07), (0.009, 0.066), (0.003, 0.056), (0.0, 0.054)]
    red = fruit_surface("apple", "#a8903f", "#7d1f18", 0.5)
    put(fruit(rng, apple, red), (0.135, 0.055, 0.034), (0.12, -0.1, 0.3), 0.86)
    put(fruit(rng, apple, red), (-0.085, -0.005, 0.0), (-0.2, 0.22, 2.0), 0.82)
    return glow


def layers(wax: Any, width: int, height: int, samples: int) -> dict[str, Array]:
    """The set by each light alone: an evening window, and a flame in each of four places."""
    scene = bpy.context.scene
    room = scene.world.node_tree.nodes["Background"].inputs["Strength"]
    made = {"room": light(width, height, samples)}
    room.default_value, wax.default_value = 0.0, 0.55
    glow = bpy.data.lights.new("flame", "POINT")
    glow.color, glow.energy, glow.shadow_soft_size = (1.0, 0.58, 0.24), 1.0, 0.011
    lamp = put(glow)
    middle = WICK + Vector((0, 0, LIFT))
    for name, off in (
        ("middle", (0, 0, 0)),
        ("left", (-ASIDE, 0, 0)),
        ("right", (ASIDE, 0, 0)),
        ("above", (0, 0, ASIDE)),
    ):
        lamp.location = middle + Vector(off)
        made[name] = light(width, height, samples)
    return made


class Flame:
    """Where it burns at a time: how tall, and how its middle bends."""

    def __init__(self, second: float) -> None:
        self.second = second
        gust = float(wander(11, second, 1.3))
        self.bend = 0.30 * gust * min(1.0, 0.35 + abs(gust) / 1.6) + 0.05
        lively = 0.085 * float(wander(12, second, 2.4)) + 0.05 * float(wander(13, second, 6.5))
        self.height = TALL * (1 + lively - 0.22 * min(1.0, abs(self.bend)))
        self.power = 1 + 0.7 * lively + 0.03 * float(wander(14, second, 9.0))

    def aside(self, up: Array) -> Array:
        """How far the middle is from above the wick, in heights of the flame; waves rise in it."""
        rise = self.second - 0.16 * up  # seconds ago, at the wick
        wave = 0.085 * wander(15, rise, 3.2) + 0.035 * wander(16, rise, 8.0)
        return self.bend * up**1.7 + wave * up**1.3

    def shine(self, x: Array, z: Array) -> Array:
        """Its light towards us, RGB; x and z in metres from the wick."""
        up = z / self.height + 0.10
        inside = np.clip(up, 0, 1)
        half = WIDE * 1.86 * inside**0.55 * (1 - inside) ** 0.72 * (1.04 - 0.1 * self.bend**2)
        off = (x - self.height * self.aside(inside)) / np.maximum(half, 1e-6)
        deep = np.sqrt(np.clip(1 - off**2, 0, 1)) * (half / WIDE) ** 0.5
        deep = np.where((up <= 0) | (up >= 1), 0, deep)
        dark = np.exp(-(((up - 0.16) / 0.15) ** 2)) * np.exp(-((off / 0.62) ** 2))
        body = deep**1.35 * np.clip((up - 0.05) / 0.36, 0, 1) ** 1.4 * (1 - 0.75 * dark)
        body *= 1 - 0.45 * np.clip((up - 0.72) / 0.28, 0, 1)
        rim = deep**0.6 * np.exp(-(((up - 0.07) / 0.085) ** 2)) * (0.35 + 0.65 * np.abs(off))
        hot = np.clip(body, 0, 1)[..., None]
        warm = np.array([1.0, 0.36, 0.06]) * (1 - hot) + np.array([1.0, 0.70, 0.30]) * hot
        return 9.0 * body[..., None] * warm + rim[..., None] * np.array([0.05, 0.12, 0.55])


def takes(width: int, samples: int, numbers: Iterable[int]) -> Iterator[Picture]:
    height = width * 3 // 4
    empty_set()
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("evening")
    scene.world.use_nodes = True
    room = scene.world.node_tree.nodes["Background"].inputs
    room["Color"].default_value, room["Strength"].default_value = (0.35, 0.5, 1, 1), 0.03
    wax = build()
    camera((0.06, -1.15, 0.27), (0.0, 0.0, 0.107), 88, focus=(0.0, -0.07, 0.12), f_number=5.6)
    lit = layers(wax, width, height, 2 * samples)
    foot = on_film(np.array([WICK, WICK + Vector((0.1, 0, 0))]), width, height)
    scale = np.linalg.norm(foot[1] - foot[0]) / 0.1  # pixels a metre
    left, top = (int(edge) for edge in foot[0] - scale * np.array([0.036, 0.066]))
    right, bottom = (int(edge) for edge in foot[0] + scale * np.array([0.036, 0.010]))
    y, x = (np.mgrid[top * FINE : bottom * FINE, left * FINE : right * FINE] + 0.5) / FINE
    x, z = (x - foot[0, 0]) / scale, (foot[0, 1] - y) / scale
    for number in numbers:
        seen, fallen = np.zeros((height, width, 3)), np.zeros((height, width, 3))
        for part in SHUTTER:
            flame = Flame((number + part) / RATE)
            seen[top:bottom, left:right] += reduced(flame.shine(x, z), FINE) / len(SHUTTER)
            fallen += _fallen(lit, flame) / len(SHUTTER)
        picture = developed(lit["room"] + 2.0 * fallen + seen + glare(seen))
        yield grain(picture, 0.005, seed=number)


def glare(seen: Array) -> Array:
    """What strays in the lens and in the eye, from a picture four times smaller."""
    height, width = (side // 4 * 4 for side in seen.shape[:2])
    small, size = reduced(seen[:height, :width], 4), seen.shape[1::-1]
    planes = [
        sum(soft(small[..., c], reach * width / 4) * share for reach, share in GLARE)
        for c in range(3)
    ]
    how = Image.Resampling.BICUBIC
    return np.stack([Image.fromarray(plane, "F").resize(size, how) for plane in planes], 2)


def _fallen(lit: dict[str, Array], flame: Flame) -> Array:
    """The light of a flame that is somewhere between the lamps."""
    aside = float(flame.aside(np.array(0.5))) * flame.height / ASIDE
    above = (0.42 * flame.height - LIFT) / ASIDE
    fallen = lit["middle"] + above * (lit["above"] - lit["middle"])
    fallen = fallen + np.clip(aside, 0, None) * (lit["right"] - lit["middle"])
    fallen = fallen + np.clip(-aside, 0, None) * (lit["left"] - lit["middle"])
    return np.clip(fallen, 0, None) * flame.power


def make(folder: Path, width: int, samples: int) -> None:
    frames = takes(width, samples, range(COUNT))
    keep_clip(frames, folder / "clips" / "candle.mp4", "A candle in a draught", "candle.py")
