"""A jug, fruit and a cloth by a window, taken as an old photograph would have been."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
from darkroom import aged, faded, grain, keep_mask, keep_picture, lens
from shapes import Outline, ball, box, mesh, put, rounded, sheet, tube, turned
from studio import Surface, Vector, camera, empty_set, expose


def fruit_surface(name: str, ground: str, blush: str, freckles: float):
    s = Surface(name)
    streaks = s.noise(26, 6, 0.6, s.stretched(s.place(), 1, 1, 0.25))
    cheek = s.sum(s.noise(9, 2, 0.5), s.sum(streaks, 0.5, "MULTIPLY"))
    colour = s.mix(s.between(cheek, 0.66, 0.92), ground, blush)
    spots = s.cells(420)["Distance"]
    colour = s.mix(s.sum(s.between(spots, 0.22, 0.12), freckles, "MULTIPLY"), colour, "#d8c79a")
    bruise = s.between(s.noise(17, 4, 0.6), 0.64, 0.72)
    colour = s.mix(s.sum(bruise, 0.5, "MULTIPLY"), colour, "#4d3418")
    rough = s.sum(s.sum(s.noise(40, 6, 0.7), 0.3, "MULTIPLY"), 0.22)
    return s.done(
        s.principled(
            Base_Color=colour,
            Roughness=rough,
            Normal=s.bump(s.noise(70, 5, 0.6), 0.0012),
            Subsurface_Weight=0.12,
            Subsurface_Radius=(0.006, 0.004, 0.002),
            Subsurface_Scale=1.0,
        )
    )


def fruit(rng: np.random.Generator, outline: Outline, material) -> bpy.types.Mesh:
    """Turned on a lathe, then grown a little crooked."""
    points, faces = turned(rounded(outline), 72)
    a, z = np.arctan2(points[:, 1], points[:, 0]), points[:, 2]
    swell = 1 + sum(
        rng.normal(0, 0.014) * np.cos(k * a + rng.uniform(0, 7) + 14 * z) for k in (1, 2, 3, 5)
    )
    points[:, :2] *= swell[:, None]
    points[:, :2] += rng.normal(0, 0.9, 2) * (z**2)[:, None]
    return mesh("fruit", points, faces, material)


def wood_surface():
    s = Surface("table")
    where = s.place(frame="World")
    plank = s.stretched(where, 1.2, 14, 1)
    warped = s.node("ShaderNodeVectorMath", {0: plank, 1: s.noise(2, 3, 0.5, where)}).outputs[0]
    rings = s.noise(3.2, 9, 0.62, warped)
    fibres = s.noise(30, 6, 0.7, s.stretched(where, 1, 26, 1))
    colour = s.ramp(rings, (0.3, "#33200f"), (0.5, "#5a3b20"), (0.7, "#7b5731"))
    colour = s.mix(s.sum(fibres, 0.5, "MULTIPLY"), colour, "#2a1a0d")
    y = s.node("ShaderNodeSeparateXYZ", {0: where}).outputs["Y"]
    joint = s.node("ShaderNodeMath", {0: s.sum(y, 0.09), 1: 0.17}, operation="PINGPONG").outputs[0]
    gap = s.between(joint, 0.0032, 0.0014)
    colour = s.mix(gap, colour, "#0c0805")
    rough = s.sum(s.sum(s.noise(9, 7, 0.7, where), 0.45, "MULTIPLY"), 0.2)
    normal = s.bump(s.sum(fibres, s.sum(gap, -3.0, "MULTIPLY")), 0.0016)
    return s.done(s.principled(Base_Color=colour, Roughness=rough, Normal=normal))


def wall_surface():
    s = Surface("wall")
    trowel = s.noise(3, 8, 0.65)
    colour = s.ramp(s.noise(1.6, 6, 0.6), (0.35, "#4a4238"), (0.65, "#75695a"))
    colour = s.mix(s.between(trowel, 0.55, 0.75), colour, "#3c352d")
    return s.done(s.principled(Base_Color=colour, Roughness=0.9, Normal=s.bump(trowel, 0.02)))


def jug() -> None:
    """Salt-glazed stoneware: a lathe's body, a pulled lip, a handle."""
    s = Surface("stoneware")
    speckle = s.between(s.noise(220, 3, 0.6), 0.58, 0.68)
    runs = s.noise(11, 6, 0.6, s.stretched(s.place(), 1, 1, 0.3))
    height = s.node("ShaderNodeSeparateXYZ", {0: s.place()}).outputs["Z"]
    dipped = s.between(s.sum(height, s.sum(runs, 0.03, "MULTIPLY")), 0.150, 0.156)
    clay = s.ramp(runs, (0.35, "#8d7a5e"), (0.65, "#b9a684"))
    glaze = s.ramp(runs, (0.35, "#241810"), (0.65, "#4a3120"))
    colour = s.mix(dipped, clay, glaze)
    colour = s.mix(s.sum(speckle, 0.35, "MULTIPLY"), colour, "#2c2118")
    rough = s.sum(s.sum(s.noise(30, 5, 0.7), 0.22, "MULTIPLY"), 0.12)
    wheel = s.noise(5, 3, 0.5, s.stretched(s.place(), 0.3, 0.3, 40))
    normal = s.bump(wheel, 0.0005, s.bump(s.noise(140, 4, 0.6), 0.0006))
    fired = s.done(s.principled(Base_Color=colour, Roughness=rough, Normal=normal))
    body = [(0, 0.004), (0.055, 0.0), (0.063, 0.008), (0.088, 0.06), (0.098, 0.11)]
    body += [(0.086, 0.165), (0.056, 0.215), (0.047, 0.245), (0.052, 0.275), (0.059, 0.288)]
    body += [(0.056, 0.291), (0.047, 0.275), (0.041, 0.245), (0.05, 0.21)]
    points, faces = turned(rounded(body, 120), 128)
    a = np.arctan2(points[:, 1], points[:, 0])
    lip = np.exp(-(a**2) / 0.12) * np.clip((points[:, 2] - 0.25) / 0.04, 0, 1) ** 2
    points[:, 0] += 0.026 * lip
    points[:, 2] += 0.006 * lip
    at, turn = (-0.13, 0.13, 0.0), (0, 0, -0.55)
    put(mesh("jug", points, faces, fired), at, turn)
    t = np.linspace(0, 1, 40)
    bend = np.array(
        rounded([(0.046, 0.262), (0.085, 0.285), (0.128, 0.245), (0.125, 0.18), (0.088, 0.128)], 40)
    )
    path = np.stack([-bend[:, 0], 0 * t, bend[:, 1]], 1)
    put(mesh("handle", *tube(path, 0.0085 + 0.004 * np.abs(2 * t - 1) ** 3), fired), at, turn)


def grapes(rng: np.random.Generator, at: tuple[float, float]) -> None:
    """A bunch: berries dropped one by one into the lowest free place."""
    s = Surface("grapes")
    bloom = s.between(s.noise(55, 5, 0.6), 0.4, 0.66)
    colour = s.mix(s.sum(bloom, 0.55, "MULTIPLY"), "#1d0f1f", "#6b6a7c")
    rough = s.sum(s.sum(bloom, 0.4, "MULTIPLY"), 0.18)
    skin = s.done(s.principled(Base_Color=colour, Roughness=rough, Subsurface_Weight=0.1,
                               Subsurface_Radius=(0.004, 0.002, 0.003)))  # fmt: skip
    berry = [(0.0, -0.0118), (0.006, -0.0104), (0.0105, -0.004), (0.0108, 0.004), (0.006, 0.0104),
             (0.0, 0.0116)]  # fmt: skip
    shape = mesh("berry", *turned(rounded(berry, 20), 32), skin)
    placed: list[tuple[float, float, float]] = []
    while len(placed) < 58:
        along = rng.uniform(-1, 1)
        x = at[0] + along * 0.06 + rng.normal(0, 0.004)
        y = at[1] + rng.normal(0, 0.02) * (1.2 - 0.6 * along)
        z = 0.0108
        for other in placed:
            near = (x - other[0]) ** 2 + (y - other[1]) ** 2
            if near < 0.0205**2:
                z = max(z, other[2] + math.sqrt(0.0205**2 - near))
        if z < 0.05:
            placed.append((x, y, z))
            size = rng.uniform(0.9, 1.06)
            put(shape, (x, y, z), tuple(rng.uniform(0, 3, 3)), size)


def linen_surface():
    s = Surface("linen")
    where = s.place(frame="UV")
    warp, weft = (
        s.node("ShaderNodeTexWave", {"Vector": where, "Scale": scale}, bands_direction=along)
        for scale, along in ((170.0, "X"), (130.0, "Y"))
    )
    uneven = s.noise(60, 5, 0.7, s.stretched(where, 1, 12, 1))
    colour = s.ramp(uneven, (0.3, "#c9c0ae"), (0.7, "#e6dfd0"))
    weave = s.sum(s.sum(warp.outputs["Fac"], weft.outputs["Fac"], "MAXIMUM"), uneven)
    normal = s.bump(weave, 0.00022)
    lit = s.principled(Base_Color=colour, Roughness=0.9, Normal=normal, Sheen_Weight=0.15)
    through = s.node("ShaderNodeBsdfTranslucent", {"Color": colour}).outputs[0]
    return s.done(s.node("ShaderNodeMixShader", {0: 0.12, 1: lit, 2: through}).outputs[0])


def cloth() -> None:
    """Linen, let fall over things that are then taken away, so that it keeps their folds."""
    columns, rows = 96, 72
    x, y = np.meshgrid(np.linspace(-0.30, 0.30, columns), np.linspace(-0.26, 0.2, rows))
    z = 0.13 + 0.012 * np.sin(31 * x + 9 * y) + 0.01 * np.sin(23 * y - 14 * x)
    turn = 0.32
    points = np.stack(
        [x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn), z], 2
    )
    points[..., 0] = points[..., 0] * 0.86 + 0.13
    points[..., 1] -= 0.2
    corners, quads = sheet(points)
    fabric = mesh("cloth", corners, quads, linen_surface())
    uv = np.stack([x, y], 2).reshape(-1, 2)[quads.ravel()]
    fabric.uv_layers.new(name="UVMap").data.foreach_set("uv", uv.astype(np.float32).ravel())
    thing = put(fabric)
    block = mesh("table", *box(2.4, 0.9, 0.06), smooth=False)
    props = [put(block, (0, 0.07, -0.03))]
    lump = mesh("prop", *ball(1, 1, 24))
    for px, py, r in (
        (0.02, -0.2, 0.016),
        (0.2, -0.27, 0.02),
        (0.3, -0.1, 0.014),
        (0.1, -0.12, 0.012),
    ):
        props.append(put(lump, (px, py, 0.01), size=(r * 3, r, r)))
    for prop in props:
        prop.modifiers.new("hard", "COLLISION")
        prop.collision.thickness_outer, prop.collision.cloth_friction = 0.003, 18
    fall = thing.modifiers.new("fall", "CLOTH")
    fall.settings.quality, fall.settings.mass = 6, 0.1
    fall.settings.tension_stiffness = fall.settings.compression_stiffness = 12
    fall.settings.bending_stiffness, fall.settings.air_damping = 0.6, 2
    fall.collision_settings.distance_min = 0.002
    fall.collision_settings.use_self_collision = True
    fall.collision_settings.self_distance_min = 0.002
    settle(thing, frames=69)
    for prop in props:
        bpy.data.objects.remove(prop)
    thing.modifiers.new("thick", "SOLIDIFY").thickness = 0.0012
    thing.modifiers.new("finer", "SUBSURF").render_levels = 2


def settle(thing: bpy.types.Object, frames: int) -> None:
    """Let its modifiers act for so many frames, and keep the shape they have given it."""
    for frame in range(1, frames + 1):
        bpy.context.scene.frame_set(frame)
    shape = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    settled = np.empty(len(shape.vertices) * 3, np.float32)
    shape.vertices.foreach_get("co", settled)
    thing.modifiers.clear()
    thing.data.vertices.foreach_set("co", settled)
    thing.data.update()


def window() -> None:
    """Daylight from a tall window on the left; a dim room on the right."""
    for name, at, towards, size, power in (
        ("window", (-1.35, -0.15, 0.85), (0, 0, 0.08), (0.55, 0.9), 30),
        ("room", (1.8, -1.6, 1.2), (0, 0, 0.1), (1.5, 1.5), 1.4),
    ):
        light = bpy.data.lights.new(name, "AREA")
        light.shape, light.size, light.size_y, light.energy = "RECTANGLE", *size, power
        thing = put(light, at)
        aim = np.array(towards) - np.array(at)
        thing.rotation_euler = Vector(aim).to_track_quat("-Z", "Y").to_euler()


def build(rng: np.random.Generator) -> None:
    put(mesh("table", *box(2.4, 0.9, 0.06), wood_surface(), smooth=False), (0, 0.07, -0.03))
    put(mesh("wall", *box(6, 0.1, 4), wall_surface(), smooth=False), (0, 0.95, 0.6))
    cloth()
    jug()
    pear = [(0, 0.006), (0.012, 0.001), (0.03, 0.012), (0.0365, 0.034), (0.03, 0.058)]
    pear += [(0.018, 0.08), (0.0135, 0.094), (0.008, 0.102), (0.0, 0.1)]
    apple = [(0, 0.012), (0.008, 0.005), (0.018, 0.0), (0.034, 0.014), (0.0395, 0.038)]
    apple += [(0.034, 0.06), (0.02, 0.07), (0.009, 0.066), (0.003, 0.056), (0.0, 0.054)]
    yellow = fruit_surface("pear", "#a79a3c", "#8a6a2c", 0.35)
    red = fruit_surface("apple", "#a8903f", "#7d1f18", 0.5)
    s = Surface("stem")
    bark = s.done(s.principled(Base_Color="#35220f", Roughness=0.8))
    for outline, skin, at, turn, size, stalk in (
        (pear, yellow, (0.055, 0.10, 0.001), (0.05, 0.06, 1.0), 1.12, 0.1),
        (pear, yellow, (0.135, -0.015, 0.038), (1.50, 0.05, 0.95), 1.05, 0.1),
        (apple, red, (0.155, 0.12, 0.0), (0.12, -0.1, 0.3), 1.05, 0.055),
        (apple, red, (0.015, -0.045, 0.003), (-0.2, 0.22, 2.0), 0.96, 0.055),
        (apple, red, (-0.255, -0.03, 0.0), (0.15, 0.1, 4.0), 1.0, 0.055),
    ):
        thing = put(fruit(rng, outline, skin), at, turn, size)
        t = np.linspace(0, 1, 12)
        lean = rng.normal(0, 0.006, 2)
        path = np.stack([lean[0] * t**2, lean[1] * t**2 + 1e-4 * t, stalk - 0.004 + 0.022 * t], 1)
        put(mesh("stem", *tube(path, 0.0013 + 0.0009 * t**3), bark)).parent = thing
    grapes(rng, (0.29, -0.02))
    window()


def set_table() -> None:
    """The whole of it, and a dim room around."""
    empty_set()
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("room")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.01, 0.01, 0.012, 1)
    build(np.random.default_rng(8))


def make(folder: Path, width: int, samples: int) -> None:
    height = round(width * 0.77)
    set_table()
    camera((0.05, -1.62, 0.46), (0.02, 0.0, 0.10), 75, focus=(0.0, -0.02, 0.06), f_number=9)
    picture = expose(width, height, samples, exposure=1.25)
    picture = lens(picture, vignette=0.3)
    rng = np.random.default_rng(21)
    print_, mask = aged(faded(grain(picture, 0.024, seed=3)), rng)
    says = "An old print of a still life, scratched, dusty and creased"
    keep_picture(print_, folder / "print.jpg", says, "still_life.py")
    keep_mask(mask, folder / "print_mask.png")
