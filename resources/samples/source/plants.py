"""Grass, clover, daisies and hedges: their meshes and the light that their leaves let through."""

from __future__ import annotations

import math

import bpy
import numpy as np
from shapes import Array, Part, ball, joined, mesh, put, tube
from studio import Surface


def ribbons(
    rng: np.random.Generator,
    at: Array,  # (n, 2)
    length: Array,
    width: Array,
    lean: Array,  # radians from upright, at the root
    bend: Array,  # radians more at the tip
    cut: Array,  # 1: ends bluntly, as mown; 0: runs out to a point
    rows: int = 6,
    heading: Array | None = None,
    lift: float = 0,
) -> Part:
    """Narrow folded strips that rise from the ground: blades, stems of straw, petals."""
    n = len(at)
    heading = rng.uniform(0, math.tau, n) if heading is None else heading
    twist = rng.normal(0, 0.5, n)
    s = np.linspace(0, 1, rows)  # along the blade
    angle = lean[:, None] + bend[:, None] * s**1.6  # (n, rows)
    step = length[:, None] / (rows - 1)
    out = np.cumsum(np.sin(angle) * step, 1) - np.sin(angle) * step
    up = np.cumsum(np.cos(angle) * step, 1) - np.cos(angle) * step
    spine = np.stack(
        [
            at[:, :1] + out * np.cos(heading)[:, None],
            at[:, 1:] + out * np.sin(heading)[:, None],
            up + lift,
        ],
        2,
    )  # (n, rows, 3)
    turn = heading[:, None] + math.pi / 2 + twist[:, None] * s
    side = np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], 2)
    front = np.stack(
        [
            -np.cos(angle) * np.cos(heading)[:, None],
            -np.cos(angle) * np.sin(heading)[:, None],
            np.sin(angle),
        ],
        2,
    )
    pointed = np.minimum(1, 1.5 * (1 - s) ** 0.7)
    blunt = np.minimum(1, 0.8 + 0.3 * s)
    half = width[:, None] / 2 * (cut[:, None] * blunt + (1 - cut[:, None]) * pointed)
    half = (half * (0.7 + 0.3 * np.minimum(1, 4 * s)))[..., None]
    points = np.stack([spine - side * half, spine - front * half * 0.45, spine + side * half], 2)
    corner = np.arange(n * rows * 3).reshape(n, rows, 3)
    quads = [
        np.stack(
            [corner[:, :-1, i], corner[:, :-1, i + 1], corner[:, 1:, i + 1], corner[:, 1:, i]], -1
        )
        for i in (0, 1)
    ]
    each = np.repeat(rng.uniform(0, 1, n), rows * 3)
    numbers = {
        "along": np.tile(np.repeat(s, 3), n),
        "across": np.tile([-1.0, 0, 1], n * rows),
        "own": each,
        "cut": np.repeat(cut, rows * 3),
    }
    return points.reshape(-1, 3), np.concatenate([q.reshape(-1, 4) for q in quads]), numbers


def with_number(part, name: str, value: float):
    part[2][name] = np.full(len(part[0]), value)
    return part


def disc(rng: np.random.Generator, n: int, radius: float) -> Array:
    r, a = radius * np.sqrt(rng.uniform(0, 1, n)), rng.uniform(0, math.tau, n)
    return np.stack([r * np.cos(a), r * np.sin(a)], 1)


def leaf_light(surface: Surface, colour, roughness: float, through: float, normal=None):
    """Light that a leaf reflects, and the yellower light that comes through it."""
    glow = surface.mix(1.0, colour, "#e4f59a", "MULTIPLY")
    glow = surface.node(
        "ShaderNodeHueSaturation", {"Color": glow, "Saturation": 1.15, "Value": 1.3}
    )
    into = {"Base_Color": colour, "Roughness": roughness, "Specular_IOR_Level": 0.45}
    if normal is not None:
        into["Normal"] = normal
    reflected = surface.principled(**into)
    passed = surface.node("ShaderNodeBsdfTranslucent", {"Color": glow.outputs[0]}).outputs[0]
    return surface.node("ShaderNodeMixShader", {0: through, 1: reflected, 2: passed}).outputs[0]


def grass_surface():
    s = Surface("grass")
    along, across = s.own("along")["Fac"], s.own("across")["Fac"]
    own, dead, cut = s.own("own")["Fac"], s.own("dead")["Fac"], s.own("cut")["Fac"]
    patchy = s.noise(1.1, 3, 0.5, s.place(frame="World"))
    hue = s.sum(s.sum(own, 0.55, "MULTIPLY"), s.between(patchy, 0.32, 0.68))
    hue = s.sum(hue, 0.645, "MULTIPLY")
    green = s.ramp(
        hue,
        (0.0, "#264a1d"),
        (0.3, "#386426"),
        (0.6, "#4d782e"),
        (0.85, "#6b8a3a"),
        (1.0, "#8f964a"),
    )
    veins = s.node("ShaderNodeMath", {0: s.sum(across, 14.0, "MULTIPLY")}, operation="SINE")
    green = s.mix(s.between(along, 0.35, 0.0), green, "#8c9656")  # paler at the root
    browned = s.sum(
        s.between(along, 0.90, 1.0), s.sum(cut, s.between(own, 0.25, 0.9), "MULTIPLY"), "MULTIPLY"
    )
    green = s.mix(browned, green, "#a99a66")  # where the mower went
    straw = s.ramp(own, (0, "#6b5636"), (0.4, "#9a8152"), (0.8, "#b9a372"), (1, "#cdbb8d"))
    colour = s.mix(dead, green, straw)
    normal = s.bump(veins.outputs[0], 0.0002)
    rough = s.sum(s.sum(own, 0.2, "MULTIPLY"), 0.34)
    return s.done(leaf_light(s, colour, rough, 0.38, normal))


def clover_surface():
    s = Surface("clover")
    own, along = s.own("own")["Fac"], s.own("along")["Fac"]
    green = s.ramp(own, (0, "#2c4f1f"), (0.6, "#3f6d2a"), (1, "#5b8438"))
    arc = s.ramp(along, (0.42, 0.0), (0.52, 0.55), (0.6, 0.0))
    colour = s.mix(arc, green, "#a8bd92")
    return s.done(leaf_light(s, colour, 0.5, 0.3))


def petal_surface():
    s = Surface("petal")
    colour = s.ramp(s.own("along")["Fac"], (0, "#dfe3c4"), (0.3, "#fdfdfd"))
    return s.done(leaf_light(s, colour, 0.6, 0.12))


def heart_surface():
    s = Surface("heart of the daisy")
    florets = s.cells(1600)
    colour = s.ramp(florets["Distance"], (0, "#ffd42a"), (0.5, "#e9a90c"), (1, "#8a5a05"))
    bump = s.bump(s.sum(1.0, florets["Distance"], "SUBTRACT"), 0.0006)
    return s.done(s.principled(Base_Color=colour, Roughness=0.7, Normal=bump))


def turf(rng: np.random.Generator, material, radius: float = 0.2):
    """A round piece of lawn: mown blades, young ones, straw on the ground."""
    n = int(math.pi * radius**2 * 17000)

    def some(share: float) -> int:
        return int(n * share)

    def living(count: int, low: float, high: float, mown: float):
        length = rng.uniform(low, high, count)
        return ribbons(
            rng,
            disc(rng, count, radius),
            length,
            rng.normal(0.0029, 0.0007, count).clip(0.0013, 0.005),
            np.abs(rng.normal(0.28, 0.22, count)),
            np.abs(rng.normal(0.55, 0.5, count)),
            (rng.uniform(0, 1, count) < mown).astype(float),
        )

    parts = [
        with_number(living(some(0.62), 0.022, 0.042, 0.6), "dead", 0),
        with_number(living(some(0.16), 0.038, 0.058, 0.35), "dead", 0),
        with_number(living(some(0.05), 0.02, 0.04, 0.8), "dead", 0.85),
    ]
    straw = some(0.25)
    parts.append(
        with_number(
            ribbons(
                rng,
                disc(rng, straw, radius),
                rng.uniform(0.015, 0.05, straw),
                rng.uniform(0.0008, 0.0024, straw),
                rng.uniform(1.1, 1.6, straw),
                rng.normal(0, 0.3, straw),
                np.ones(straw),
                lift=0.004,
            ),
            "dead",
            1,
        )
    )
    points, faces, numbers = joined(*parts)
    return mesh("turf", points, faces, material, **numbers)


def clover(rng: np.random.Generator, material):
    """A cushion of three-part leaves."""
    t = np.linspace(0, math.tau, 13)[:-1]
    outline = np.stack([0.62 * np.sin(t) * (1 - 0.25 * np.cos(t)), 0.5 - 0.5 * np.cos(t)], 1)
    outline[6] *= 0.88  # the notch
    leaf = np.concatenate([[[0, 0.5]], outline])
    points, faces, along, own = [], [], [], []
    for x, y in disc(rng, 46, 0.075):
        high, size, turn = rng.uniform(0.018, 0.042), rng.uniform(0.007, 0.012), rng.uniform(0, 7)
        tilt, mine = rng.normal(0, 0.3, 2), rng.uniform(0, 1)
        for part in range(3):
            a = turn + part * math.tau / 3 + rng.normal(0, 0.1)
            flat = leaf * size
            local = np.stack([flat[:, 0], flat[:, 1], -0.35 * np.abs(flat[:, 0])], 1)
            cos, sin = math.cos(a), math.sin(a)
            turned = local @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
            turned[:, 2] += turned[:, :2] @ tilt
            start = 13 * len(points)
            points.append(turned + np.array([x, y, high]))
            faces += [(start, start + 1 + i, start + 1 + (i + 1) % 12) for i in range(12)]
            along.append(leaf[:, 1])
            own.append(np.full(13, mine))
    return mesh(
        "clover",
        np.concatenate(points),
        np.array(faces),
        material,
        along=np.concatenate(along),
        own=np.concatenate(own),
    )


def daisy(rng: np.random.Generator, at, ground: float, surfaces) -> None:
    petal, heart, stem_surface = surfaces
    n = rng.integers(34, 48)
    heading = np.linspace(0, math.tau, n, endpoint=False) + rng.normal(0, 0.06, n)
    openness = rng.uniform(1.1, 1.5)
    radius = 0.0032
    parts = ribbons(
        rng,
        0.7 * radius * np.stack([np.cos(heading), np.sin(heading)], 1),
        rng.normal(0.0085, 0.0006, n),
        rng.normal(0.0021, 0.0002, n),
        openness + rng.normal(0, 0.13, n),
        rng.normal(0.25, 0.15, n),
        np.full(n, 0.55),
        heading=heading,
    )
    high = rng.uniform(0.05, 0.075)
    tilt = rng.normal((0.45, 0.15), 0.22)  # they look at the light, and at us
    top = (at[0] + 0.3 * high * tilt[1], at[1] - 0.3 * high * tilt[0], ground + high)
    turn, size = (tilt[0], tilt[1], rng.uniform(0, 6)), rng.uniform(1.0, 1.35)
    put(mesh("petals", parts[0], parts[1], petal, **parts[2]), top, turn, size)
    points, faces = ball(radius, 0.0022, 20, whole=False)
    put(mesh("heart", points, faces, heart), top, turn, size)
    s = np.linspace(0, 1, 8)[:, None]
    spine = (1 - s) * np.array([*at, ground]) + s * np.array(top)
    spine[:, :2] += np.sin(s * math.pi) * rng.normal(0, 0.004, 2)
    points, faces = tube(spine, np.full(8, 0.0008), 6)
    own, along = np.full(48, rng.uniform(0.2, 0.7)), np.full(48, 0.5)
    put(mesh("stem", points, faces, stem_surface, own=own, along=along))


def foliage(
    rng: np.random.Generator, middles: Array, radii: Array, count: int, size: float, material
) -> bpy.types.Object:
    """Leaves, as small rhombs turned every way, in the outer half of many balls."""
    which = rng.integers(0, len(middles), count)
    ray = rng.standard_normal((count, 3))
    ray /= np.linalg.norm(ray, axis=1)[:, None]
    centre = middles[which] + ray * (rng.uniform(0.5, 0.95, count) * radii[which])[:, None]
    a, b = rng.standard_normal((2, count, 1, 3))
    a /= np.linalg.norm(a, axis=2, keepdims=True)
    b -= (a * b).sum(2, keepdims=True) * a
    b /= np.linalg.norm(b, axis=2, keepdims=True)
    length, width = size * rng.uniform(0.7, 1.35, (2, count, 1, 1))
    u = np.array([-1, 0, 1, 0])[None, :, None] * length
    v = np.array([0, -0.5, 0, 0.5])[None, :, None] * width
    points = (centre[:, None] + a * u + b * v).reshape(-1, 3)
    faces = np.arange(4 * count).reshape(count, 4)
    own = np.repeat(rng.uniform(0, 1, count), 4)
    return put(mesh("foliage", points, faces, material, own=own))
