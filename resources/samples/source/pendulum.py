"""The pendulum of an old clock: it loses a little at each swing.

The set lies on its back: what is up in the picture is +x, what is left is +y.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import bpy
import numpy as np
from darkroom import Picture, grain, soft
from film import RATE, developed, keep_clip
from numba import njit
from shapes import Array, box, mesh, put, rounded, tube, turned
from still_life import wood_surface
from studio import Surface, Vector, camera, empty_set, light, on_film

SECONDS = 8
COUNT = SECONDS * RATE
PIVOT = (0.33, 0.0, 0.05)
LENGTH = 0.43  # from the pivot to the middle of the bob, metres
SWING, LOSS = 13.5, 55.0  # degrees to each side at first; seconds until a third of that is left
PERIOD = math.tau * math.sqrt(LENGTH / 9.81)
LAMP = Vector((0.75, 0.85, 0.95))
EXPOSURE = 0.4  # stops
OPEN = 0.5  # of a frame the shutter is
PARTS = 14  # moments that a frame is made of


def brass_surface(name: str, turned_: float):
    """Polished brass, with the fine rings that the lathe has left, and some tarnish."""
    s = Surface(name)
    far = s.node("ShaderNodeVectorMath", {0: s.stretched(s.place(), 1, 1, 0)}, operation="LENGTH")
    rings = s.noise(1.0, 3, 0.7, s.node("ShaderNodeCombineXYZ", {
        0: s.sum(far.outputs["Value"], 900.0, "MULTIPLY"), 1: 0.0, 2: 0.0}).outputs[0])  # fmt: skip
    dull = s.noise(16, 7, 0.7)
    colour = s.ramp(dull, (0.35, "#a8772e"), (0.6, "#d3a553"), (0.75, "#dcb468"))
    colour = s.mix(s.sum(s.between(dull, 0.56, 0.7), 0.35, "MULTIPLY"), colour, "#6e4a22")
    rough = s.sum(s.sum(dull, 0.22, "MULTIPLY"), 0.14)
    normal = s.bump(rings, turned_, s.bump(s.noise(9, 3, 0.5), 0.001))
    return s.done(s.principled(Base_Color=colour, Metallic=1.0, Roughness=rough, Normal=normal))


def case() -> None:
    """The back of the case, its sides, and the two weights that hang in it."""
    wood = wood_surface()
    put(mesh("back", *box(1.4, 1.2, 0.02), wood, smooth=False), (0, 0, -0.01))
    for side in (1, -1):
        put(mesh("side", *box(1.4, 0.05, 0.11), wood, smooth=False), (0, side * 0.292, 0.05))
        put(mesh("bead", *box(1.4, 0.012, 0.018), wood, smooth=False), (0, side * 0.262, 0.008))
    brass, s = brass_surface("weights", 0.00003), Surface("cord")
    twist = s.node("ShaderNodeTexWave", {"Vector": s.place(), "Scale": 90.0}, bands_direction="X")
    gut = s.ramp(twist.outputs["Fac"], (0.2, "#57452c"), (0.8, "#a48a5e"))
    cord = s.done(s.principled(Base_Color=gut, Roughness=0.8))
    weight = [(0.0, 0.0), (0.0255, 0.0), (0.027, 0.002), (0.027, 0.005), (0.0255, 0.007),
              (0.0255, 0.15), (0.027, 0.152), (0.027, 0.156), (0.024, 0.159), (0.006, 0.162),
              (0.004, 0.176), (0.0, 0.176)]  # fmt: skip
    shape = mesh("weight", *turned(weight, 72), brass, smooth=False)
    for side, low in ((1, -0.13), (-1, -0.02)):
        at = (low, side * 0.195, 0.055)
        put(shape, at, (0, math.pi / 2, 0))
        line = np.array([[low + 0.17, at[1], at[2]], [0.3, at[1], at[2]], [0.5, at[1], at[2]]])
        put(mesh("cord", *tube(line, np.full(3, 0.0016), 10), cord))


def pendulum() -> list[bpy.types.Object]:
    """Rod, bob and the nut that regulates it, hanging straight."""
    brass = brass_surface("bob", 0.00006)
    s = Surface("steel")
    blued = s.ramp(s.noise(30, 5, 0.7), (0.4, "#4a4d55"), (0.7, "#7d8088"))
    steel = s.done(s.principled(Base_Color=blued, Metallic=1.0, Roughness=0.3))
    x, y, z = PIVOT
    lens = [(0.0, -0.011), (0.03, -0.009), (0.052, -0.002), (0.056, 0.0), (0.054, 0.003),
            (0.050, 0.0045), (0.047, 0.0042), (0.03, 0.0095), (0.012, 0.0115),
            (0.0, 0.0118)]  # fmt: skip
    things = [put(mesh("bob", *turned(rounded(lens, 90), 160), brass), (x - LENGTH, y, z))]
    ends = np.array([[x + 0.1, y, z], [x - LENGTH * 0.5, y, z], [x - LENGTH - 0.085, y, z]])
    things.append(put(mesh("rod", *tube(ends, np.full(3, 0.0034), 24), steel)))
    nut = [(0.0, -0.006), (0.009, -0.006), (0.0105, -0.004), (0.0105, 0.004), (0.009, 0.006),
           (0.0, 0.006)]  # fmt: skip
    shape = mesh("nut", *turned(nut, 40), brass, smooth=False)
    things.append(put(shape, (x - LENGTH - 0.068, y, z), (0, math.pi / 2, 0)))
    return things


def lamps() -> None:
    for name, at, size, power, colour in (
        ("window", LAMP, (0.42, 0.7), 17.0, (1.0, 0.92, 0.8)),
        ("room", Vector((-0.5, -1.0, 1.3)), (0.9, 0.9), 6.0, (0.75, 0.85, 1.0)),
    ):
        lamp = bpy.data.lights.new(name, "AREA")
        lamp.shape, lamp.size, lamp.size_y, lamp.energy = "RECTANGLE", *size, power
        lamp.color = colour
        put(lamp, at).rotation_euler = (-at).to_track_quat("-Z", "Y").to_euler()


@njit(cache=True)
def swung(values: Array, height: int, width: int, pivot: Array, angles: Array) -> Array:
    """A picture of twice the size turned about a point of the frame, the mean of all angles."""
    out = np.zeros((height, width, 4), np.float32)
    for angle in angles:
        c, s = math.cos(angle), math.sin(angle)
        for i in range(height):
            for j in range(width):
                dx, dy = j + 0.5 - pivot[0], i + 0.5 - pivot[1]
                x = 2 * (pivot[0] + c * dx + s * dy) - 0.5
                y = 2 * (pivot[1] - s * dx + c * dy) - 0.5
                if 0 <= x < 2 * width - 1 and 0 <= y < 2 * height - 1:
                    left, top = int(x), int(y)
                    u, v = x - left, y - top
                    for k in range(4):
                        upper = values[top, left, k] * (1 - u) + values[top, left + 1, k] * u
                        lower = (
                            values[top + 1, left, k] * (1 - u) + values[top + 1, left + 1, k] * u
                        )
                        out[i, j, k] += (upper * (1 - v) + lower * v) / len(angles)
    return out


def angle(second: Array) -> Array:
    """How far it is out, in radians: to the right above 0."""
    return np.radians(SWING) * np.exp(-second / LOSS) * np.sin(math.tau * second / PERIOD + 0.6)


def takes(width: int, samples: int, numbers: Iterable[int]) -> Iterator[Picture]:
    height = width * 3 // 4
    empty_set()
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("room")
    scene.world.use_nodes = True
    room = scene.world.node_tree.nodes["Background"].inputs
    room["Color"].default_value, room["Strength"].default_value = (0.9, 0.95, 1, 1), 0.07
    case()
    lamps()
    camera((0.0, 0, 1.22), (0.0, 0, 0), 76, roll=-90)
    behind = light(width, height, 4 * samples)
    for thing in scene.objects:
        thing.hide_render = thing.type == "MESH"
    for thing in pendulum():
        thing.hide_render = False
    hanging = light(2 * width, 2 * height, 2 * samples, through=True)
    pivot = on_film(np.array([PIVOT]), width, height)[0]
    fall = np.array(PIVOT) - np.array(LAMP) * PIVOT[2] / LAMP.z
    down = on_film(np.array([fall * (1, 1, 0), np.array(PIVOT)]), width, height)
    shift = tuple(np.rint(down[0] - down[1])[::-1].astype(int))
    for number in numbers:
        moments = (number + OPEN * (np.arange(PARTS) + 0.5) / PARTS) / RATE
        seen = swung(hanging, height, width, pivot, -angle(moments))
        cover = soft(np.roll(seen[..., 3], shift, (0, 1)), width * 0.012)
        shaded = behind * (1 - 0.62 * cover[..., None])
        fallen = shaded * (1 - seen[..., 3:]) + seen[..., :3]
        yield grain(developed(fallen, EXPOSURE), 0.006, seed=number)


def make(folder: Path, width: int, samples: int) -> None:
    frames = takes(width, samples, range(COUNT))
    says = "The pendulum of an old clock"
    keep_clip(frames, folder / "clips" / "pendulum.mp4", says, "pendulum.py")
