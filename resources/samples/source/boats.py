"""Small boats of wood: clinker hulls, a wheelhouse, masts and stays."""

from __future__ import annotations

import math

import bpy
import numpy as np
from shapes import Array, box, mesh, put, sheet, tube, turned
from studio import Surface


def painted(name: str, colour: str, worn: float = 0.5, rough: float = 0.4):
    """Paint on wood: faded, stained by rust, scratched down to the grey below."""
    s = Surface(name)
    stains = s.noise(2.2, 8, 0.7, s.stretched(s.place(), 0.5, 1, 2))
    faded = s.mix(s.sum(s.between(stains, 0.4, 0.75), 0.4, "MULTIPLY"), colour, "#b8ad98")
    drips = s.noise(9, 5, 0.65, s.stretched(s.place(), 2, 1, 0.12))
    faded = s.mix(s.sum(s.between(drips, 0.55, 0.75), worn, "MULTIPLY"), faded, "#4a3a2c")
    scratched = s.between(s.noise(30, 7, 0.8, s.stretched(s.place(), 0.4, 1, 2)), 0.64, 0.70)
    faded = s.mix(s.sum(scratched, worn, "MULTIPLY"), faded, "#8d8474")
    normal = s.bump(s.noise(40, 5, 0.6, s.stretched(s.place(), 0.2, 1, 1)), 0.004)
    return s.done(s.principled(Base_Color=faded, Roughness=rough, Normal=normal))


def wood(name: str, dark: str, light: str):
    s = Surface(name)
    fibre = s.noise(6, 8, 0.7, s.stretched(s.place(), 0.5, 6, 6))
    colour = s.ramp(fibre, (0.3, dark), (0.7, light))
    return s.done(s.principled(Base_Color=colour, Roughness=0.75, Normal=s.bump(fibre, 0.004)))


def section(t: Array, length: float) -> tuple[Array, Array, Array]:
    """Half breadth, height of the gunwale and of the keel, from stern (0) to bow (1)."""
    beam = 0.36 * length**0.72
    breadth = beam * np.clip(1 - np.clip((t - 0.42) / 0.58, 0, 1) ** 2.3, 0, 1)
    breadth *= 0.74 + 0.26 * np.clip(t / 0.35, 0, 1) ** 0.7
    sheer = 0.16 * length**0.7 * (1 + 0.9 * np.clip(t - 0.35, 0, 1) ** 2 + 0.35 * (0.35 - t) ** 2)
    keel = -0.22 + 0.9 * sheer * np.clip((t - 0.8) / 0.2, 0, 1) ** 2
    return breadth, sheer, keel


def planked(length: float) -> Array:
    """A clinker hull as points (along, around, 3): each plank laps the one below."""
    planks, each = 8, 4
    t = np.linspace(0, 1, 90)[:, None]
    breadth, sheer, keel = section(t, length)
    v = (
        np.repeat(np.arange(planks) / planks, each)
        + np.tile(np.linspace(0, 1, each), planks) / planks
    )
    lap = np.tile(np.linspace(0.0, 0.022, each)[::-1], planks)
    half = breadth * np.sin(v * math.pi / 2) ** 0.62 + lap * np.clip(breadth / 0.2, 0, 1)
    up = keel + (sheer - keel) * v**1.45
    x = (t - 0.5) * length + 0.10 * length * np.clip(t - 0.75, 0, 1) * v * 1.2 + 0 * v
    side = np.stack([x, half, up], 2)
    return np.concatenate([side[:, ::-1] * (1, -1, 1), side[:, 1:]], 1)


def boat(rng: np.random.Generator, x, y, way, length, hull_ink, band_ink, cabin, mast) -> Array:
    """One boat afloat; returns points all around it."""
    frame = bpy.data.objects.new("boat", None)
    bpy.context.scene.collection.objects.link(frame)
    frame.location = (x, y, 0.02)
    yaw = (0 if way > 0 else math.pi) + rng.normal(0, 0.04)
    frame.rotation_euler = (rng.normal(0, 0.02), rng.normal(0, 0.008), yaw)
    around: list[Array] = []

    def add(shape, material, at=(0.0, 0.0, 0.0), turn=(0.0, 0.0, 0.0), smooth=False) -> None:
        points, faces = shape
        thing = put(mesh("part", points, faces, material, smooth=smooth), at, turn)
        thing.parent = frame
        bpy.context.view_layer.update()
        matrix = np.array(thing.matrix_world)
        around.append(points @ matrix[:3, :3].T + matrix[:3, 3])

    outside, inside = painted("hull", hull_ink), wood("inside", "#4c3a28", "#8a7150")
    shell = planked(length)
    add(sheet(shell), outside, smooth=True)
    add(sheet(shell[:, ::-1] * (0.985, 0.95, 1) + (0, 0, 0.02)), inside, smooth=True)
    ends = shell[0]
    add(sheet(np.stack([ends, ends * (1, 0, 1)])), outside)
    t = np.linspace(0, 1, 90)
    breadth, sheer, _ = section(t, length)
    bow = 0.10 * length * np.clip(t - 0.75, 0, 1) * 1.2
    for side in (-1, 1):
        rail = np.stack([(t - 0.5) * length + bow, side * (breadth + 0.015), sheer + 0.01], 1)
        add(tube(rail, np.full(90, 0.035), 8), wood("rail", "#5a3f22", "#a07c4c"), smooth=True)
        rubbing = rail - (0, 0, 0.16)
        rubbing[:, 1] = side * (breadth * 0.985 + 0.02)
        add(tube(rubbing, np.full(90, 0.028), 8), painted("band", band_ink), smooth=True)
    floor = np.stack([np.stack([(t - 0.5) * length, s * 0.8 * breadth, 0 * t + 0.05], 1)
                      for s in (-1, 1)])  # fmt: skip
    add(sheet(floor), inside)
    timber = wood("thwart", "#6a5136", "#b3925f")
    for at in (0.22, 0.45, 0.66) if not cabin else (0.08, 0.2):
        i = int(at * 89)
        add(
            box(0.22, 2 * breadth[i] * 0.96, 0.04), timber, ((at - 0.5) * length, 0, sheer[i] * 0.7)
        )
    if cabin:
        cabin_on(add, length, float(sheer[50]))
    if mast:
        at = 0.12 * length if not cabin else -0.02 * length
        pole = np.linspace((at, 0, 0.1), (at - 0.12, 0, mast), 20)
        add(tube(pole, np.linspace(0.055, 0.03, 20), 12), timber, smooth=True)
        boom = np.linspace((at - 0.1, 0, 1.35), (at - 0.42 * length, 0, 1.5), 12)
        sail = boom - (0, 0, -0.09)
        if not cabin:
            add(tube(boom, np.full(12, 0.035), 10), timber, smooth=True)
            lumps = 0.10 + 0.02 * np.sin(np.arange(12) * 2.1)
            lumps[[0, -1]] = 0.03
            canvas = painted("sail", "#8c3a25" if way > 0 else "#d9cdb2", 0.2, 0.9)
            add(tube(sail, lumps, 14), canvas, smooth=True)
        steel = painted("stay", "#3a3a3a", 0.1)
        ends = [(0.5 * length + 0.05, 0, sheer[-1]), (-0.49 * length, 0, sheer[0])]
        ends += [(at - 0.3, side * breadth[45], sheer[45]) for side in (-1, 1)]
        for end in ends:
            stay = np.linspace((at - 0.11, 0, mast - 0.15), end, 8)
            add(tube(stay, np.full(8, 0.011), 5), steel)
    return np.concatenate(around)


def cabin_on(add, length: float, deck: float) -> None:
    """A wheelhouse with windows, and a deck before it."""
    white, roof = painted("house", "#d9d3c3"), painted("roof", "#3c5a63")
    at = -0.10 * length
    add(box(1.7, 1.25, 1.35), white, (at, 0, deck + 0.5))
    add(box(1.95, 1.5, 0.07), roof, (at, 0, deck + 1.21))
    s = Surface("glass")
    glass = s.done(s.principled(Base_Color="#0c1214", Roughness=0.05))
    frame = wood("frame", "#4f351c", "#8d6838")
    for x in (-0.52, 0.02, 0.56):
        for side in (-1, 1):
            add(box(0.44, 0.02, 0.44), frame, (at + x, side * 0.628, deck + 0.82))
            add(box(0.37, 0.02, 0.37), glass, (at + x, side * 0.635, deck + 0.82))
    t = np.linspace(0.52, 1, 40)
    breadth, sheer, _ = section(t, length)
    x = (t - 0.5) * length + 0.12 * length * np.clip(t - 0.75, 0, 1)
    planks = np.stack([np.stack([x, s * breadth * 0.97, sheer - 0.06], 1) for s in (-1, 1)])
    add(sheet(planks), wood("deck", "#6d5b42", "#a8946f"))
    add(box(0.7, 0.6, 0.3), wood("hatch", "#5d452b", "#96774a"), (0.16 * length, 0, deck + 0.12))
    for i, colour in enumerate(("#c9551b", "#2f6f8a", "#d8c23a")):
        add(turned([(0, -0.16), (0.13, -0.1), (0.16, 0.0), (0.13, 0.1), (0, 0.16)], 20),
            painted("buoy", colour, 0.3), (-0.36 * length + 0.3 * i, 0.35, deck - 0.02),
            smooth=True)  # fmt: skip
