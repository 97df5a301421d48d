"""How far an edge strays from its line: what is seen across a line, inside a hole and outside.

The colours along the normals of the line are read between the pixels; where they change as they do
outside, on average, there the edge is, to a quarter of a pixel.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.guides import Guides, Line
from editor.engine.image import Cover, Mask, Picture, Rect, to_working

FAINT = 5.0  # levels a pixel: less is no edge
_AROUND = 8.0  # pixels beside a line in which its residual is measured
_STRAY = 4.0  # the largest residual that is measured

Floats = NDArray[np.float32]


def residuals(after: Picture, guides: Guides, hole: Mask | Cover) -> list[float | None]:
    """How many pixels each line's edge strays inside the hole, on average, in the filled picture.

    Compared with how it lies on the line outside. None where the line does not cross the hole or
    is no edge.
    """
    return [_residual(after, line, hole) for line in guides.lines]


def _residual(after: Picture, line: Line, hole: Mask | Cover) -> float | None:
    a, b = (np.array(end[::-1]) - 0.5 for end in (line.a, line.b))
    way = (b - a) / line.length
    along = np.arange(0, line.length, 1.0)
    at = a + along[:, None] * way
    ys, xs = (np.clip(np.rint(at[:, k]).astype(int), 0, hole.shape[k] - 1) for k in (0, 1))
    inside = hole[ys, xs] != 0
    if not inside.any() or inside.all():
        return None
    box = box_of(at, _AROUND + 3).within(Rect.whole(hole))
    offsets = np.arange(-_AROUND, _AROUND + 0.25, 0.25)
    profiles = profiles_at(levels(after[box.slices]), at - (box.y, box.x), way, offsets)
    slopes = np.gradient(profiles, 0.25, axis=1)
    usual = slopes[~inside].mean(axis=0)  # (offsets, 3)
    if np.abs(usual).max() < FAINT / 2:
        return None
    slopes = cv2.blur(slopes.reshape(len(along), -1), (1, 3)).reshape(slopes.shape)[inside]
    most = round(_STRAY / 0.25)
    core = usual[most:-most]
    scores = np.stack(
        [
            (slopes[:, shift : shift + len(core)] * core).sum(axis=(1, 2))
            for shift in range(2 * most + 1)
        ],
        axis=1,
    )
    found = np.abs(scores.argmax(axis=1) - most) * 0.25
    return float(found.mean())


def levels(image: Picture) -> Floats:
    """(H, W, 3), 0..255 as displayed."""
    if image.dtype == np.uint8 and image.ndim == 3:
        return np.ascontiguousarray(image[..., :3], np.float32)
    seen = np.clip(to_working(image), 0, 1) * np.float32(255)
    return np.nan_to_num(seen, copy=False) if image.dtype == np.float32 else seen


def profiles_at(
    pixels: Floats, at: NDArray[Any], way: NDArray[Any], offsets: NDArray[Any]
) -> NDArray[Any]:
    """(n, offsets, 3): colours along the normal of a way at each place."""
    if len(at) == 0:
        return np.empty((0, len(offsets), 3), np.float32)
    normal = np.stack([-way[..., 1], way[..., 0]], axis=-1)
    places = at[:, None] + offsets[:, None] * np.broadcast_to(normal, at.shape)[:, None]
    rows = []
    for part in np.array_split(places.astype(np.float32), 1 + len(places) // 8000):
        rows.append(
            cv2.remap(
                pixels,
                part[..., 1],
                part[..., 0],
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
        )
    return np.concatenate(rows)


def box_of(at: NDArray[Any], by: float) -> Rect:
    low, high = np.floor(at.min(axis=0) - by).astype(int), np.ceil(at.max(axis=0) + by).astype(int)
    return Rect(int(low[1]), int(low[0]), int(high[1] - low[1]), int(high[0] - low[0]))
