"""The photographer's studio in Blender: an empty set, surfaces, the sky and the camera."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector
from numpy.typing import NDArray
from shapes import put

Socket = bpy.types.NodeSocket


def empty_set() -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def linear(code: str) -> tuple[float, float, float, float]:
    """A colour written as on the screen ("#7a8b3c"), in the light's own scale."""
    shown = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shown)
    return r, g, b, 1.0


class Surface:
    """A material under construction: its nodes, made one call each."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def node(self, kind: str, into: dict[Any, Any] | None = None, **settings: Any) -> Any:
        node = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        for key, value in (into or {}).items():
            if isinstance(value, Socket):
                self.tree.links.new(value, node.inputs[key])
            else:
                node.inputs[key].default_value = value
        return node

    def place(self, scale: float = 1, frame: str = "Object") -> Socket:
        """Where on the thing we are, in its own frame ("Object") or the world's ("World")."""
        if frame == "World":
            where = self.node("ShaderNodeNewGeometry").outputs["Position"]
        else:
            where = self.node("ShaderNodeTexCoord").outputs[frame]
        if scale == 1:
            return where
        return self.node(
            "ShaderNodeVectorMath", {0: where, "Scale": scale}, operation="SCALE"
        ).outputs[0]

    def stretched(self, where: Socket, x: float, y: float, z: float) -> Socket:
        return self.node(
            "ShaderNodeVectorMath", {0: where, 1: (x, y, z)}, operation="MULTIPLY"
        ).outputs[0]

    def noise(
        self, scale: float, detail: float = 4, rough: float = 0.55, where: Socket | None = None
    ) -> Socket:
        return self.node(
            "ShaderNodeTexNoise",
            {
                "Vector": where or self.place(),
                "Scale": scale,
                "Detail": detail,
                "Roughness": rough,
            },
        ).outputs["Fac"]

    def cells(self, scale: float, where: Socket | None = None, feature: str = "F1") -> Any:
        return self.node(
            "ShaderNodeTexVoronoi",
            {"Vector": where or self.place(), "Scale": scale},
            feature=feature,
        ).outputs

    def ramp(self, value: Socket, *stops: tuple[float, str | float]) -> Socket:
        """A colour for each value, from (position, "#rrggbb" or grey) pairs."""
        node = self.node("ShaderNodeValToRGB", {"Fac": value})
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position = position
            grey = not isinstance(colour, str)
            element.color = (colour, colour, colour, 1) if grey else linear(colour)
        return node.outputs["Color"]

    def mix(self, amount: Any, a: Any, b: Any, blend: str = "MIX") -> Socket:
        """Colours a and b (sockets or "#rrggbb"), mixed."""
        colours = [linear(c) if isinstance(c, str) else c for c in (a, b)]
        node = self.node("ShaderNodeMix", data_type="RGBA", blend_type=blend)
        for index, value in ((0, amount), (6, colours[0]), (7, colours[1])):
            if isinstance(value, Socket):
                self.tree.links.new(value, node.inputs[index])
            else:
                node.inputs[index].default_value = value
        return node.outputs[2]

    def sum(self, a: Any, b: Any, operation: str = "ADD") -> Socket:
        return self.node("ShaderNodeMath", {0: a, 1: b}, operation=operation).outputs[0]

    def between(self, value: Socket, low: float, high: float) -> Socket:
        """0 up to low, 1 from high on, a ramp between them; the other way round if high < low."""
        return self.node("ShaderNodeMapRange", {"Value": value, 1: low, 2: high}).outputs["Result"]

    def own(self, name: str) -> Any:
        """The numbers that came with the mesh under this name."""
        return self.node("ShaderNodeAttribute", attribute_name=name).outputs

    def bump(self, height: Socket, distance: float, under: Socket | None = None) -> Socket:
        into: dict[Any, Any] = {"Height": height, "Strength": 1.0, "Distance": distance}
        if under is not None:
            into["Normal"] = under
        return self.node("ShaderNodeBump", into).outputs["Normal"]

    def principled(self, **into: Any) -> Socket:
        named = {key.replace("_", " "): value for key, value in into.items()}
        named = {k: linear(v) if isinstance(v, str) else v for k, v in named.items()}
        return self.node("ShaderNodeBsdfPrincipled", named).outputs[0]

    def done(self, shader: Socket, displacement: Socket | None = None) -> bpy.types.Material:
        into = {"Surface": shader}
        if displacement is not None:
            into["Displacement"] = displacement
        self.node("ShaderNodeOutputMaterial", into)
        return self.material


def sky(
    elevation: float,
    bearing: float,
    strength: float = 0.3,
    haze: float = 1,
    dust: float = 1,
    disc: float = 0.545,
    disc_strength: float = 1,
) -> Vector:
    """The sun (degrees above the horizon, degrees clockwise from +Y) and the sky that it makes.
    Returns the direction towards the sun.
    """
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    tree = world.node_tree
    node = tree.nodes.new("ShaderNodeTexSky")
    node.sky_type = "NISHITA"
    node.sun_elevation, node.sun_rotation = math.radians(elevation), math.radians(bearing)
    node.air_density, node.dust_density = haze, dust
    node.sun_size, node.sun_intensity = math.radians(disc), disc_strength
    background = tree.nodes["Background"]
    tree.links.new(node.outputs[0], background.inputs["Color"])
    background.inputs["Strength"].default_value = strength
    bpy.context.scene.world = world
    up, round_ = math.radians(elevation), math.radians(bearing)
    return Vector((math.sin(round_) * math.cos(up), math.cos(round_) * math.cos(up), math.sin(up)))


def before_the_sky(values: NDArray[np.float32]) -> None:
    """Hang a premultiplied picture of the frame's size, (height, width, 4), before the sky.
    Only the camera sees it; the light on the set stays that of the open sky.
    """
    height, width, _ = values.shape
    image = bpy.data.images.new("backdrop", width, height, alpha=True, float_buffer=True)
    image.colorspace_settings.name, image.alpha_mode = "Non-Color", "CHANNEL_PACKED"
    image.pixels.foreach_set(values[::-1].ravel())
    tree = bpy.context.scene.world.node_tree
    background, output = tree.nodes["Background"], tree.nodes["World Output"]
    where = tree.nodes.new("ShaderNodeTexCoord").outputs["Window"]
    picture = tree.nodes.new("ShaderNodeTexImage")
    picture.image, picture.extension = image, "EXTEND"
    seen = tree.nodes.new("ShaderNodeLightPath").outputs["Is Camera Ray"]
    hidden = tree.nodes.new("ShaderNodeMath")
    hidden.operation = "MULTIPLY"
    none, glow = tree.nodes.new("ShaderNodeBackground"), tree.nodes.new("ShaderNodeBackground")
    none.inputs["Strength"].default_value = 0
    rest, total = tree.nodes.new("ShaderNodeMixShader"), tree.nodes.new("ShaderNodeAddShader")
    for end, start in (
        (picture.inputs["Vector"], where),
        (hidden.inputs[0], picture.outputs["Alpha"]),
        (hidden.inputs[1], seen),
        (rest.inputs[0], hidden.outputs[0]),
        (rest.inputs[1], background.outputs[0]),
        (rest.inputs[2], none.outputs[0]),
        (glow.inputs["Color"], picture.outputs["Color"]),
        (glow.inputs["Strength"], seen),
        (total.inputs[0], rest.outputs[0]),
        (total.inputs[1], glow.outputs[0]),
        (output.inputs["Surface"], total.outputs[0]),
    ):
        tree.links.new(start, end)


def camera(
    at: tuple[float, float, float],
    towards: tuple[float, float, float],
    lens: float,
    focus: tuple[float, float, float] | None = None,
    f_number: float = 8,
    roll: float = 0,
) -> bpy.types.Object:
    """A full-frame camera (36 mm wide) with a seven-bladed iris."""
    data = bpy.data.cameras.new("camera")
    data.lens, data.sensor_width, data.clip_start, data.clip_end = lens, 36, 0.01, 5000
    thing = put(data, at)
    aim = (Vector(towards) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    aim.rotate_axis("Z", math.radians(roll))
    thing.rotation_euler = aim
    if focus is not None:
        data.dof.use_dof = True
        data.dof.focus_distance = (Vector(focus) - Vector(at)).length
        data.dof.aperture_fstop, data.dof.aperture_blades = f_number, 7
    bpy.context.scene.camera = thing
    bpy.context.view_layer.update()
    return thing


def rays(width: int, height: int) -> NDArray[np.float64]:
    """The direction of sight through each pixel, (height, width, 3)."""
    thing = bpy.context.scene.camera
    x, y = np.meshgrid(np.arange(width) + 0.5 - width / 2, height / 2 - np.arange(height) - 0.5)
    far = np.full_like(x, -thing.data.lens / thing.data.sensor_width * width)
    seen = np.stack([x, y, far], 2) @ np.array(thing.matrix_world.to_3x3()).T
    return seen / np.linalg.norm(seen, axis=2, keepdims=True)


def on_film(points: NDArray[np.floating], width: int, height: int) -> NDArray[np.floating]:
    """Where points of the world fall on the picture, in pixels, (n, 2) x first."""
    scene = bpy.context.scene
    seen = [world_to_camera_view(scene, scene.camera, Vector(p)) for p in points.tolist()]
    return np.array([(p.x * width, (1 - p.y) * height) for p in seen])


def projection(width: int, height: int) -> NDArray[np.float64]:
    """The camera, as a matrix (3, 4) from points of the world to pixels."""
    thing = bpy.context.scene.camera
    into = np.array(thing.matrix_world.inverted())
    f = thing.data.lens / thing.data.sensor_width * width
    inner = np.array([[f, 0, -width / 2], [0, -f, -height / 2], [0, 0, -1]])
    return inner @ into[:3]


def expose(
    width: int,
    height: int,
    samples: int,
    exposure: float,
    look: str = "AgX - Medium High Contrast",
    bounces: int = 8,
    clear: int = 8,
    seed: int = 1,
) -> NDArray[np.float32]:
    """The rendered picture as displayed, float32 (height, width, 3)."""
    _load(width, height, samples, exposure, look, bounces, clear, seed)
    return _developed(width, height)[..., :3].copy()


def light(
    width: int, height: int, samples: int, bounces: int = 6, through: bool = False
) -> NDArray[np.float32]:
    """The light that falls on the film, (height, width, 3), to be mixed before it is developed;
    through: with the cover of what stands before the sky, (height, width, 4), premultiplied.
    """
    _load(width, height, samples, 0.0, "None", bounces, 8, seed=1)
    render = bpy.context.scene.render
    picture = render.image_settings
    picture.file_format, picture.color_depth, picture.color_mode = "OPEN_EXR", "32", "RGBA"
    render.film_transparent = through
    values = _developed(width, height)
    return values if through else values[..., :3].copy()


def _load(
    width: int,
    height: int,
    samples: int,
    exposure: float,
    look: str,
    bounces: int,
    clear: int,
    seed: int,
) -> None:
    """Set the camera's dials."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.seed, cycles.samples = "CPU", seed, samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.015
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.transparent_max_bounces = bounces, clear
    cycles.sample_clamp_indirect = 6
    cycles.caustics_reflective = cycles.caustics_refractive = False
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.threads_mode, render.threads = "FIXED", 2
    render.use_persistent_data = render.film_transparent = False
    scene.view_settings.view_transform, scene.view_settings.look = "AgX", look
    scene.view_settings.exposure = exposure
    picture = render.image_settings
    picture.file_format, picture.color_mode, picture.color_depth = "PNG", "RGB", "16"


def _developed(width: int, height: int) -> NDArray[np.float32]:
    render = bpy.context.scene.render
    with tempfile.TemporaryDirectory() as folder:
        render.filepath = str(Path(folder) / "negative")
        bpy.ops.render.render(write_still=True)
        negative = bpy.data.images.load(str(next(Path(folder).iterdir())))
        negative.colorspace_settings.name = "Non-Color"
        values = np.empty(width * height * 4, np.float32)
        negative.pixels.foreach_get(values)
        bpy.data.images.remove(negative)
    return np.ascontiguousarray(values.reshape(height, width, 4)[::-1])
