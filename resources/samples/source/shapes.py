"""Shapes, as arrays of points and faces, and the way they come to stand on the set."""

from __future__ import annotations

import math

import bpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Faces = NDArray[np.integer]
Shape = tuple[Array, Faces]  # (n, 3) points and, a row each, triangles or quads
Part = tuple[Array, Faces, dict[str, Array]]  # with numbers of each point
Outline = list[tuple[float, float]]  # radius and height, from foot to rim


def mesh(
    name: str,
    points: Array,
    faces: Faces,
    material: bpy.types.Material | None = None,
    smooth: bool = True,
    **numbers: Array,
) -> bpy.types.Mesh:
    """A mesh whose points may carry numbers that its material can ask for."""
    made = bpy.data.meshes.new(name)
    corners = faces.shape[1]
    made.vertices.add(len(points))
    made.vertices.foreach_set("co", points.astype(np.float32).ravel())
    made.loops.add(faces.size)
    made.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    made.polygons.add(len(faces))
    made.polygons.foreach_set("loop_start", np.arange(0, faces.size, corners, dtype=np.int32))
    made.polygons.foreach_set("use_smooth", np.full(len(faces), smooth))
    for key, values in numbers.items():
        attribute = made.attributes.new(key, "FLOAT", "POINT")
        attribute.data.foreach_set("value", values.astype(np.float32))
    made.update(calc_edges=True)
    if material is not None:
        made.materials.append(material)
    return made


def put(
    what: bpy.types.Mesh | bpy.types.Curve | bpy.types.Light | bpy.types.Camera,
    at: tuple[float, float, float] = (0, 0, 0),
    turn: tuple[float, float, float] = (0, 0, 0),
    size: float | tuple[float, float, float] = 1,
) -> bpy.types.Object:
    """Stand something on the set."""
    thing = bpy.data.objects.new(what.name, what)
    thing.location, thing.rotation_euler = at, turn
    thing.scale = (size, size, size) if isinstance(size, int | float) else size
    bpy.context.scene.collection.objects.link(thing)
    return thing


def sheet(points: Array, closed: bool = False) -> Shape:
    """A net of quads over points (rows, columns, 3); closed: its last column meets the first."""
    grid = np.arange(points[..., 0].size).reshape(points.shape[:2])
    if closed:
        grid = np.concatenate([grid, grid[:, :1]], 1)
    faces = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], -1)
    return points.reshape(-1, 3), faces.reshape(-1, 4)


def box(x: float, y: float, z: float) -> Shape:
    """A block around the origin; its upper four corners come last."""
    corner = np.array([(i, j, k) for k in (-1, 1) for j in (-1, 1) for i in (-1, 1)])
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    return corner * (x / 2, y / 2, z / 2), np.array(faces)


def turned(profile: Outline, sides: int = 64) -> Shape:
    """What a lathe makes of a profile."""
    outline = np.array(profile)
    a = np.linspace(0, math.tau, sides, endpoint=False)
    height = np.repeat(outline[:, 1:], sides, 1)
    across = np.stack([outline[:, :1] * np.cos(a), outline[:, :1] * np.sin(a), height], 2)
    return sheet(across, closed=True)


def ball(radius: float, height: float, sides: int, whole: bool = True) -> Shape:
    """A ball, flattened or not, or its upper half."""
    up = np.linspace(-math.pi / 2 if whole else 0, math.pi / 2, sides // 2)
    return turned(list(zip(radius * np.cos(up), height * np.sin(up), strict=True)), sides)


def rounded(points: Outline, rows: int = 48) -> Outline:
    """A smooth curve through the points of a profile (Catmull and Rom's)."""
    p = np.array([points[0], *points, points[-1]])
    t = np.linspace(0, len(points) - 1 - 1e-9, rows)
    i, u = t.astype(int), (t % 1)[:, None]
    a, b, c, d = (p[i + k] for k in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3
    )
    return [(max(0.0, float(r)), float(h)) for r, h in curve]


def tube(path: Array, radii: Array, sides: int = 16) -> Shape:
    """A bent round bar: a stem, a handle."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1)[:, None]
    side = np.cross(ahead, (0.0, 1.0, 0.02))
    side /= np.linalg.norm(side, axis=1)[:, None]
    over = np.cross(ahead, side)
    a = np.linspace(0, math.tau, sides, endpoint=False)[None, :, None]
    ring = side[:, None] * np.cos(a) + over[:, None] * np.sin(a)
    return sheet(path[:, None] + ring * radii[:, None, None], closed=True)


def joined(*parts: Part) -> Part:
    """Several as one."""
    starts = np.cumsum([0] + [len(p[0]) for p in parts[:-1]])
    return (
        np.concatenate([p[0] for p in parts]),
        np.concatenate([p[1] + start for p, start in zip(parts, starts, strict=True)]),
        {key: np.concatenate([p[2][key] for p in parts]) for key in parts[0][2]},
    )


def hull(points: Array) -> list[tuple[float, float]]:
    """The outline around points (Andrew's monotone chain)."""
    ordered = sorted(map(tuple, points.tolist()))

    def chain(row):
        kept: list[tuple[float, float]] = []
        for p in row:
            while len(kept) > 1 and (
                (kept[-1][0] - kept[-2][0]) * (p[1] - kept[-2][1])
                <= (kept[-1][1] - kept[-2][1]) * (p[0] - kept[-2][0])
            ):
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return chain(ordered) + chain(ordered[::-1])
