"""Bricks, tiles and mortar: weathered clay, and blocks with worn edges."""

from __future__ import annotations

import numpy as np
from shapes import Shape, sheet
from studio import Surface


def clay_surface(name: str, *colours: str, lichen: float):
    """Fired clay: each piece of its own colour, weathered, with lichen."""
    s = Surface(name)
    where = s.place(frame="World")
    each = s.node("ShaderNodeObjectInfo").outputs["Random"]
    stops = [(i / (len(colours) - 1), c) for i, c in enumerate(colours)]
    colour = s.ramp(s.sum(each, s.sum(s.noise(2.2, 5, 0.6, where), 0.4), "MULTIPLY"), *stops)
    stain = s.between(s.noise(14, 8, 0.7, where), 0.42, 0.75)
    colour = s.mix(s.sum(stain, 0.75, "MULTIPLY"), colour, "#3d2f28")
    patches = s.between(s.noise(21, 7, 0.75, where), 0.60, 0.66)
    patches = s.sum(patches, s.between(s.noise(1.7, 4, 0.6, where), 0.45, 0.6), "MULTIPLY")
    colour = s.mix(s.sum(patches, lichen, "MULTIPLY"), colour, "#a39d83")
    rough = s.noise(160, 6, 0.7, where)
    normal = s.bump(rough, 0.004, s.bump(s.noise(24, 5, 0.6, where), 0.012))
    return s.done(s.principled(Base_Color=colour, Roughness=0.85, Normal=normal))


def mortar_surface(dark: str, light: str):
    s = Surface("mortar")
    where = s.place(frame="World")
    sand = s.noise(120, 6, 0.7, where)
    colour = s.ramp(sand, (0.3, dark), (0.7, light))
    colour = s.mix(s.between(s.noise(3, 5, 0.6, where), 0.45, 0.7), colour, dark)
    normal = s.bump(s.sum(sand, s.noise(22, 5, 0.6, where)), 0.006)
    return s.done(s.principled(Base_Color=colour, Roughness=0.95, Normal=normal))


def block(rng: np.random.Generator, x: float, y: float, z: float) -> Shape:
    """A brick: rounded and chipped at its edges, never quite straight."""
    size, edge, n = np.array([x, y, z]) / 2, min(x, y, z) * 0.07, 12
    points, faces, start = [], [], 0
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    # closer together towards the edges, where the rounding is
    u, v = np.sign(u) * np.abs(u) ** 0.5, np.sign(v) * np.abs(v) ** 0.5
    for axis in range(3):
        for side in (-1.0, 1.0):
            face = np.stack([u, v, np.full_like(u, side)], 2)
            corners, quads = sheet(np.roll(face, axis, 2)[:, :: int(side)])
            points.append(corners * size)
            faces.append(quads + start)
            start += len(corners)
    whole = np.concatenate(points)
    core = np.clip(whole, edge - size, size - edge)
    out = whole - core
    out *= edge / np.maximum(np.linalg.norm(out, axis=1), 1e-9)[:, None]
    wave = rng.normal(0, 40, (5, 3))
    phase = rng.uniform(0, 7, 5)
    worn = np.sin(whole @ wave.T + phase).mean(1)[:, None]
    return core + out * (1 + 0.5 * worn) + 0.0012 * worn, np.concatenate(faces)
