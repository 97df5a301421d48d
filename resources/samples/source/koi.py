"""A koi seen from above, before a blue sheet: it swims in all directions, and turns both ways."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import bpy
import numpy as np
from darkroom import Picture, grain, soft
from film import RATE, developed, keep_clip, wander
from PIL import Image
from raster import draw, reduced, sampled
from shapes import Array, Faces, box, mesh, put, sheet, tube
from studio import Surface, Vector, camera, empty_set, light

SECONDS = 24
COUNT = SECONDS * RATE
WIDE, HIGH = 4.0, 3.0  # of the frame, in lengths of the fish
PATH = 35303  # of the wandering paths tried, the one with all headings in both turns
HARMONICS = np.arange(1, 8)
ALONG = np.array([0.0, 0.012, 0.04, 0.08, 0.14, 0.22, 0.32, 0.45, 0.58, 0.7, 0.8, 0.86])
HALF_WIDTH = np.array([0.012, 0.032, 0.049, 0.064, 0.079, 0.092, 0.097, 0.09, 0.068, 0.041, 0.022,
                       0.012])  # fmt: skip
HALF_HEIGHT = np.array([0.008, 0.024, 0.04, 0.057, 0.077, 0.097, 0.109, 0.105, 0.085, 0.058, 0.042,
                        0.036])  # fmt: skip
RINGS, SIDES = 96, 40
MIDDLE = 0.36  # of the fish, which keeps to the path
ROOT = 0.235, 0.066  # of the pectoral fins
X, Y = (-0.04, 1.16), (-0.30, 0.30)  # what the picture of the straight fish shows
FINE_SCALE = 320  # its pixels to the length of the fish
FINE = 3  # frames are drawn so much larger, then reduced
BEARING = math.radians(142)  # of the light in the clip
EXPOSURE = 0.0  # stops


class Swim(NamedTuple):
    """What the fish does, for each frame and some before and after."""

    far: Array  # along the path
    beat: Array  # of the tail, in turns
    speed: Array


def path() -> tuple[Array, Array, Array]:
    """A closed path, as points, headings and the way gone, at even steps of its parameter."""
    rng = np.random.default_rng(PATH)
    k = HARMONICS[:, None]
    size = rng.normal(0, 1, (2, len(k))) * np.exp(-(((k[:, 0] - 3.6) / 1.5) ** 2)) / k[:, 0] ** 0.5
    phase = rng.uniform(0, math.tau, (2, len(k)))
    tau = np.linspace(0, math.tau, 4001)
    angle = k[None] * tau + phase[..., None]
    points = (size[..., None] * np.cos(angle)).sum(1)
    low, high = points.min(1), points.max(1)
    fit = np.array([WIDE - 0.7, HIGH - 0.6]) / (high - low)
    points = (points - (low + high)[:, None] / 2) * fit[:, None]
    ahead = (-size[..., None] * k[None] * np.sin(angle)).sum(1) * fit[:, None]
    heading = np.unwrap(np.arctan2(ahead[1], ahead[0]))
    gone = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=1)))])
    return points.T, heading, gone


def swim(heading: Array, gone: Array) -> Swim:
    """Slower where the path bends, in spurts, and once around it in all."""
    bend = np.abs(np.gradient(heading, gone))
    bend = np.convolve(np.pad(bend, 120, mode="wrap"), np.hanning(241) / 120, "valid")
    t = np.arange(COUNT) / RATE
    spurts = 1 + 0.22 * wander(41, t, 0.9)
    far, speed = np.zeros(COUNT + 1), 1.0
    for _ in range(12):  # until it is back where it began
        for i in range(COUNT):
            slow = 1 / (1 + 0.16 * np.interp(far[i] % gone[-1], gone, bend))
            far[i + 1] = far[i] + speed * spurts[i] * slow / RATE
        speed *= gone[-1] / far[-1]
    speeds = np.diff(far) * RATE
    return Swim(far[:-1], np.cumsum(0.75 + 0.95 * speeds) / RATE, speeds)


def spine(points: Array, heading: Array, gone: Array, far: float, beat: float, speed: float):
    """The bent middle line from the snout to behind the tail: s, points and directions."""
    s = np.linspace(0, 1.12, 113)
    way = far + (MIDDLE - s) * 0.95
    rounds = np.floor(way / gone[-1])
    turn = heading[-1] - heading[0]
    follow = np.interp(way - rounds * gone[-1], gone, heading) + rounds * turn
    follow = np.convolve(np.pad(follow, 12, mode="edge"), np.hanning(27)[1:-1] / 13, "valid")
    force = 0.7 + 0.5 * min(speed, 1.4)
    wave = force * (0.07 + 0.62 * np.clip(s - 0.15, 0, 1) ** 1.6)
    angle = follow + wave * np.sin(math.tau * (beat - 0.95 * s))
    step = np.stack([np.cos(angle), np.sin(angle)], 1) * (s[1] - s[0])
    line = -np.cumsum(step, 0)
    at = np.array([np.interp(far % gone[-1], gone, points[:, i]) for i in (0, 1)])
    middle = round(MIDDLE / (s[1] - s[0]))
    sway = line[max(0, middle - 18) : middle + 18].mean(0)  # the head yaws, the body does not
    return s, line - sway + at, angle


def body() -> tuple[Array, Faces]:
    """The fish laid out straight: x from the snout back, y to its left, z up."""
    s = ALONG[-1] * np.linspace(0, 1, RINGS) ** 1.25
    wide, high = smooth(s, HALF_WIDTH), smooth(s, HALF_HEIGHT)
    a = np.linspace(0, math.tau, SIDES, endpoint=False)
    across, up = np.cos(a), np.sin(a)
    y = wide[:, None] * np.sign(across) * np.abs(across) ** 0.85
    z = high[:, None] * np.sign(up) * np.abs(up) ** 0.92 - 0.015
    return sheet(np.stack([np.repeat(s[:, None], SIDES, 1), y, z], 2), closed=True)


def smooth(s: Array, values: Array) -> Array:
    """Through the values given at ALONG, with soft corners."""
    fine = np.linspace(0, ALONG[-1], 400)
    curve = np.interp(fine, ALONG, values)
    for _ in range(3):
        curve[1:-1] = (curve[:-2] + curve[1:-1] + curve[2:]) / 3
    return np.interp(s, fine, curve)


def fan(root: Array, length: float, towards: float, spread: float, side: int, dip: float):
    """A fin: rays from its root, the middle ones longest; "ray" counts them."""
    r, q = np.meshgrid(np.linspace(0, 1, 14), np.linspace(-1, 1, 25), indexing="ij")
    angle = towards + spread * q
    reach = length * (1 - 0.32 * np.abs(q - 0.25) ** 1.6) * r
    base = 0.022 * q
    x = root[0] + base + reach * np.cos(angle)
    y = side * (root[1] + reach * np.sin(angle))
    z = root[2] - dip * reach + 0.008 * np.sin(9 * q) * r
    return np.stack([x, y, z], 2), r, q


def parts() -> tuple[Array, Faces, dict[str, Array], dict[str, slice]]:
    """All of the fish, straight, and where in it each fin is."""
    lists: list[tuple[str, Array, Faces, Array, Array]] = []
    points, faces = body()
    lists.append(("body", points, faces, np.zeros(len(points)), np.zeros(len(points))))
    for side in (1, -1):
        name = "left" if side == 1 else "right"
        for kind, root, length, towards, spread, dip in (
            ("pectoral", (0.235, 0.066, -0.035), 0.19, 0.86, 0.42, 0.18),
            ("pelvic", (0.52, 0.05, -0.06), 0.115, 0.52, 0.36, 0.25),
        ):
            grid, r, q = fan(np.array(root), length, towards, spread, side, dip)
            net = sheet(grid)
            lists.append((f"{name} {kind}", *net, r.ravel(), q.ravel()))
    r, q = np.meshgrid(np.linspace(0, 1, 22), np.linspace(-1, 1, 33), indexing="ij")
    end = 0.98 + 0.13 * np.abs(q) ** 1.5
    x = 0.79 + (end - 0.79) * r
    y = q * (0.014 + 0.088 * r**1.25)
    z = 0.045 * q * r + 0.012 * np.cos(5 * q) * r
    lists.append(("tail", *sheet(np.stack([x, y, z], 2)), r.ravel(), q.ravel()))
    r, q = np.meshgrid(np.linspace(0, 1, 8), np.linspace(0, 1, 40), indexing="ij")
    x = 0.37 + 0.31 * q + 0.05 * r
    z = smooth(x, HALF_HEIGHT) - 0.02 + 0.075 * r * (1 - 0.75 * q) * np.clip(7 * q, 0.3, 1)
    lists.append(("dorsal", *sheet(np.stack([x, 0.022 * r, z], 2)), r.ravel(), 8 * q.ravel()))
    for side in (1, -1):
        t = np.linspace(0, 1, 8)[:, None]
        barbel = np.array([0.02, side * 0.03, -0.02]) + t * np.array([0.006, side * 0.03, -0.02])
        points, faces = tube(barbel, 0.0035 * (1.2 - t[:, 0]), 8)
        lists.append(("barbel", points, faces, np.zeros(len(points)), np.zeros(len(points))))
    starts = np.cumsum([0] + [len(points) for _, points, *_ in lists])
    places = {one[0]: slice(starts[i], starts[i + 1]) for i, one in enumerate(lists)}
    points = np.concatenate([one[1] for one in lists])
    fin = np.concatenate(
        [np.full(len(one[1]), float(one[0] not in ("body", "barbel"))) for one in lists]
    )
    numbers = {"x": points[:, 0], "y": points[:, 1], "z": points[:, 2], "fin": fin}
    numbers["out"] = np.concatenate([one[3] for one in lists])
    numbers["ray"] = np.concatenate([one[4] for one in lists])
    faces = np.concatenate([one[2] + start for one, start in zip(lists, starts, strict=False)])
    return points, faces, numbers, places


def skin():
    """White, with the red of a kohaku and a little black; scales, and fins with rays."""
    s = Surface("koi")
    x, y, z = (s.own(name)["Fac"] for name in "xyz")
    where = s.node("ShaderNodeCombineXYZ", {0: x, 1: y, 2: z}).outputs[0]
    fin, out, ray = (s.own(name)["Fac"] for name in ("fin", "out", "ray"))
    placed = s.node("ShaderNodeVectorMath", {0: where, 1: (2.45, 0.7, 0.3)}).outputs[0]
    marks = s.noise(5.2, 2.5, 0.5, placed)
    edge = s.noise(60, 3, 0.6, where)
    marks = s.sum(marks, s.sum(edge, 0.05, "MULTIPLY"))
    red = s.between(marks, 0.545, 0.565)
    red = s.sum(red, s.between(x, 0.83, 0.78), "MULTIPLY")
    ink = s.between(s.noise(11, 2, 0.5, s.stretched(placed, 1, 1, 0.5)), 0.655, 0.67)
    white = s.mix(s.between(s.noise(9, 4, 0.6, where), 0.4, 0.7), "#f4efe6", "#e2d6c4")
    flame = s.mix(s.between(s.noise(14, 4, 0.6, where), 0.35, 0.7), "#d2410f", "#b32507")
    colour = s.mix(red, white, flame)
    colour = s.mix(s.sum(ink, s.between(x, 0.1, 0.2), "MULTIPLY"), colour, "#1d1a1c")
    nape = s.sum(s.between(x, 0.2, 0.235), s.sum(1.0, fin, "SUBTRACT"), "MULTIPLY")
    scales = s.cells(1.0, s.stretched(where, 42, 48, 48))["Distance"]
    rims = s.sum(s.between(scales, 0.35, 0.75), nape, "MULTIPLY")
    colour = s.mix(s.sum(rims, 0.3, "MULTIPLY"), colour, "#8a6f58")
    aside = s.node("ShaderNodeMath", {0: y}, operation="ABSOLUTE").outputs[0]
    eye = s.node(
        "ShaderNodeVectorMath",
        {0: s.node("ShaderNodeCombineXYZ", {0: x, 1: aside, 2: z}).outputs[0],
         1: (0.088, 0.058, 0.014)},
        operation="DISTANCE",
    ).outputs["Value"]  # fmt: skip
    colour = s.mix(s.between(eye, 0.0185, 0.0155), colour, "#c9a24a")
    colour = s.mix(s.between(eye, 0.0135, 0.0115), colour, "#050505")
    nostril = s.node(
        "ShaderNodeVectorMath",
        {0: s.node("ShaderNodeCombineXYZ", {0: x, 1: aside, 2: 0.0}).outputs[0],
         1: (0.042, 0.022, 0.0)},
        operation="DISTANCE",
    ).outputs["Value"]  # fmt: skip
    colour = s.mix(s.between(nostril, 0.007, 0.004), colour, "#5f3a2e")
    height = s.sum(s.sum(1.0, scales, "SUBTRACT"), nape, "MULTIPLY")
    normal = s.bump(height, 0.004)
    flesh = s.principled(Base_Color=colour, Roughness=0.3, Normal=normal, Coat_Weight=0.25,
                         Coat_Roughness=0.15)  # fmt: skip
    lines = s.node("ShaderNodeMath", {0: s.sum(ray, 34.0, "MULTIPLY")}, operation="SINE").outputs[0]
    lines = s.between(lines, -0.6, 0.9)
    tint = s.mix(s.between(out, 0.0, 0.6), colour, "#efe6da")
    tint = s.mix(s.sum(lines, 0.35, "MULTIPLY"), tint, "#b9a48f")
    thin = s.principled(Base_Color=tint, Roughness=0.4, Normal=s.bump(lines, 0.002))
    lit = s.node("ShaderNodeBsdfTranslucent", {"Color": tint}).outputs[0]
    web = s.node("ShaderNodeMixShader", {0: 0.3, 1: thin, 2: lit}).outputs[0]
    clear = s.node("ShaderNodeBsdfTransparent").outputs[0]
    gap = s.sum(s.between(out, 0.1, 1.0), s.sum(0.55, s.sum(lines, 0.2, "MULTIPLY"), "SUBTRACT"),
                "MULTIPLY")  # fmt: skip
    web = s.node("ShaderNodeMixShader", {0: gap, 1: web, 2: clear}).outputs[0]
    return s.done(s.node("ShaderNodeMixShader", {0: fin, 1: flesh, 2: web}).outputs[0])


class Koi:
    """The fish, laid out straight in one picture for each light, and bent in each frame."""

    def __init__(self, samples: int) -> None:
        self.body, self.fins = stills(samples)
        self.path = path()
        self.swim = swim(*self.path[1:])

    def pose(self, number: int, net: Array, paddling: bool) -> tuple[Array, Array]:
        """Where the points of a net over the straight fish are, (…, 2), and which way it heads."""
        far, beat, speed = (float(one[number]) for one in self.swim)
        s, line, angle = spine(*self.path, far, beat, speed)
        x, y = net[..., 0].copy(), net[..., 1].copy()
        if paddling:
            turning = (angle[20] - angle[60]) * 1.2
            for side in (1, -1):
                paddle = 0.16 * wander(7 + side, number / RATE, 1.5) + 0.25 * side * turning
                row = 0.12 * math.sin(math.tau * beat * 0.5 + side)
                swing = side * float(np.clip(paddle + row, -0.45, 0.4))
                fin = side * y > 0
                dx, dy = x[fin] - ROOT[0], y[fin] - side * ROOT[1]
                x[fin] = ROOT[0] + dx * math.cos(swing) - dy * math.sin(swing)
                y[fin] = side * ROOT[1] + dx * math.sin(swing) + dy * math.cos(swing)
        lag = 0.25 * math.cos(math.tau * (beat - 0.95))
        y += lag * np.clip(x - 0.86, 0, 1) ** 1.5
        along = np.interp(x, s, angle)
        left = np.stack([-np.sin(along), np.cos(along)], -1)
        on = np.stack([np.interp(x, s, line[:, i]) for i in (0, 1)], -1)
        return on + left * y[..., None], along

    def shown(self, number: int, width: int, height: int) -> tuple[Array, tuple[slice, slice]]:
        """The fish in its box, premultiplied light and cover, and where the box is."""
        x, y = np.meshgrid(np.linspace(*X, 90), np.linspace(*Y, 40))
        net = np.stack([x, y], 2)
        texture = np.stack([(X[1] - x) * FINE_SCALE - 0.5, (Y[1] - y) * FINE_SCALE - 0.5], 2)
        scale = np.array([width / WIDE, height / HIGH]) * FINE
        parts = [(still, *self.pose(number, net, still is self.fins))
                 for still in (self.fins, self.body)]  # fmt: skip
        on = [(at * (1, -1) + np.array([WIDE, HIGH]) / 2) * scale for _, at, _ in parts]
        low = np.min([one.min((0, 1)) for one in on], 0) // FINE * FINE
        high = np.max([one.max((0, 1)) for one in on], 0) // FINE * FINE + FINE
        low, high = np.maximum(low, 0).astype(int), np.minimum(high, (width * FINE, height * FINE))
        size = tuple((high - low).astype(int)[::-1])
        box_ = np.zeros((*size, 4))
        for (still, _, heading), at in zip(parts, on, strict=True):
            values = np.concatenate([texture, facing(heading)], 2)
            flat = np.concatenate([at - low, np.zeros((*at.shape[:2], 1))], 2)
            film, depth = np.zeros((*size, values.shape[2])), np.full(size, np.inf)
            draw(film, depth, flat, values)
            there = np.isfinite(depth)
            film = film[there]
            seen = sampled(still, film[:, 0], film[:, 1])
            colour = sum(film[:, 2 + k, None] * seen[:, 3 * k : 3 * k + 3] for k in range(5))
            cover = seen[:, 15:]
            box_[there] = box_[there] * (1 - cover) + np.concatenate([colour, cover], 1)
        left, top = low // FINE
        small = reduced(box_, FINE)
        return small, (slice(top, top + small.shape[0]), slice(left, left + small.shape[1]))


def facing(heading: Array) -> Array:
    """How much of each light a fish gets that heads so: the room's, and from its four sides."""
    off = BEARING - heading
    return np.stack(
        [np.ones_like(off)]
        + [np.clip(np.cos(off - k * math.pi / 2), 0, None) ** 2 for k in range(4)],
        2,
    )


def stills(samples: int) -> tuple[Array, Array]:
    """The straight fish, its snout to the right, without its pectoral fins, and these fins: the
    light in the room and from ahead, left, behind and right, premultiplied, and the cover.
    """
    width, height = (round((one[1] - one[0]) * FINE_SCALE) for one in (X, Y))
    points, faces, numbers, places = parts()
    points = points * (-1, 1, 1) + (0, 0, 0.34)
    far = 11.0
    middle = (-(X[0] + X[1]) / 2, 0.0)
    camera((*middle, far), (*middle, 0), 36 * (far - 0.34) / (X[1] - X[0]))
    paddles = np.zeros(len(points), bool)
    for side in ("left", "right"):
        paddles[places[f"{side} pectoral"]] = True
    room = bpy.context.scene.world.node_tree.nodes["Background"].inputs["Strength"]
    material, made = skin(), []
    for chosen in (~paddles, paddles):
        kept = faces[chosen[faces].all(1)]
        thing = put(mesh("koi", points, kept, material, **numbers))
        seen = [light(width, height, samples, 3, through=True)]
        strength, room.default_value = room.default_value, 0.0
        for k in range(4):
            lamp = window(k * math.pi / 2)
            seen.append(light(width, height, samples, 3, through=True))
            bpy.data.objects.remove(lamp)
        room.default_value = strength
        bpy.data.objects.remove(thing)
        made.append(np.concatenate([one[..., :3] for one in seen] + [seen[0][..., 3:]], 2))
    return made[0], made[1]


def window(bearing: float) -> bpy.types.Object:
    """A large soft lamp, from the side of the bearing."""
    lamp = bpy.data.lights.new("lamp", "AREA")
    lamp.shape, lamp.size, lamp.energy = "DISK", 5.0, 560
    at = Vector((5.0 * math.cos(bearing), 5.0 * math.sin(bearing), 6.5))
    thing = put(lamp, at)
    thing.rotation_euler = (-at).to_track_quat("-Z", "Y").to_euler()
    return thing


def stage() -> None:
    """The sheet, which lights the fish from below, and the room."""
    empty_set()
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("room")
    scene.world.use_nodes = True
    room = scene.world.node_tree.nodes["Background"].inputs
    room["Color"].default_value, room["Strength"].default_value = (0.85, 0.91, 1, 1), 0.5
    s = Surface("sheet")
    blue = s.mix(s.noise(2.5, 5, 0.6, s.place(frame="World")), "#1747b4", "#1b4dbd")
    paper = s.done(s.principled(Base_Color=blue, Roughness=1.0, Specular_IOR_Level=0.0))
    put(mesh("sheet", *box(12, 12, 0.1), paper, smooth=False), (0, 0, -0.25))


def plain(width: int, height: int) -> Array:
    """The empty sheet: it is so even that a small picture of it will do."""
    lamp = window(BEARING)
    far = 11.0
    camera((0, 0, far), (0, 0, 0), 36 * (far + 0.2) / WIDE)
    seen = light(width // 8, height // 8, 64, 3)
    bpy.data.objects.remove(lamp)
    planes = [Image.fromarray(soft(seen[..., c], 3), "F") for c in range(3)]
    size, how = (width, height), Image.Resampling.BICUBIC
    return np.stack([np.asarray(plane.resize(size, how)) for plane in planes], 2)


def takes(width: int, samples: int, numbers: Iterable[int]) -> Iterator[Picture]:
    """The fish over the sheet, with a soft shadow."""
    height = round(width * HIGH / WIDE / 2) * 2
    stage()
    behind = plain(width, height)
    bpy.data.objects["sheet"].visible_camera = False  # its light stays on the fish
    koi = Koi(samples)
    for number in numbers:
        fish, where = koi.shown(number, width, height)
        cover = np.zeros((height, width), np.float32)
        cover[where] = fish[..., 3]
        shade = soft(np.roll(cover, (width // 28, width // 28), (0, 1)), width / 36)
        picture = behind * (1 - 0.3 * shade[..., None])
        picture[where] = picture[where] * (1 - fish[..., 3:]) + fish[..., :3]
        yield grain(developed(picture, EXPOSURE), 0.006, seed=number)


def make(folder: Path, width: int, samples: int) -> None:
    says = "A koi swims in all directions before a blue sheet"
    frames = takes(width, samples, range(COUNT))
    keep_clip(frames, folder / "clips" / "koi.mp4", says, "koi.py")
