"""The stage: the sprite's cel of a state drawn where it stands, on a picture or on nothing.

Within one movement of the footage the corners of the cels are whole pixels apart, as they were in
the clip; so a cel is laid on whole pixels, and neither blurs nor trembles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from editor.engine.clip import Frame, Take
from editor.engine.cv import cv2
from editor.engine.image import Rect
from editor.engine.sprite import Cutout, Sprite
from editor.engine.sprite_poses import Poses
from editor.engine.steer import State

_SAME = 0.01  # of the size: what is so little larger is drawn as it is


class Placed(NamedTuple):
    """A cut-out and the pixel of the stage on which its left upper one comes to lie."""

    pixels: Cutout
    x: int
    y: int


def placed(sprite: Sprite, poses: Poses, state: State) -> Placed:
    """What is to be drawn of a state: mirrored and scaled as the pose and the place ask for."""
    cel = sprite.cels[int(poses.cel[state.pose])]
    pixels = cel.pixels
    x, y = cel.centroid.x - cel.place.x + 0.5, cel.centroid.y - cel.place.y + 0.5
    if poses.mirrored[state.pose]:
        pixels, x = pixels[:, ::-1], cel.place.width - x
    scale = float(poses.perspective.scale(state.y) / poses.scale[state.pose])
    if abs(scale - 1) > _SAME:
        pixels = scaled(pixels, scale)
        x, y = x * scale, y * scale
    # A hair is added so that the same fraction is not rounded up once and down the next time.
    return Placed(
        np.ascontiguousarray(pixels),
        math.floor(state.x - x + 0.5 + 1e-6),
        math.floor(state.y - y + 0.5 + 1e-6),
    )


def draw(stage: Frame, cel: Placed) -> None:
    """Lay a cel over what is on the stage; a stage with alpha may be empty there."""
    height, width = cel.pixels.shape[:2]
    place = Rect(cel.x, cel.y, width, height)
    seen = place.within(Rect.whole(stage))
    if seen.empty:
        return
    pixels = cel.pixels[seen.moved(-cel.x, -cel.y).slices].astype(np.float32)
    below = stage[seen.slices].astype(np.float32)
    alpha = pixels[..., 3:] / 255
    if stage.shape[2] == 3:
        mixed = below + alpha * (pixels[..., :3] - below)
    else:
        under = below[..., 3:] / 255 * (1 - alpha)
        total = alpha + under
        colour = (alpha * pixels[..., :3] + under * below[..., :3]) / np.maximum(total, 1e-6)
        mixed = np.concatenate([colour, total * 255], axis=2)
    stage[seen.slices] = np.rint(mixed).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A film of a sprite, or of several: each frame is drawn when it is asked for."""

    sprite: Sprite
    poses: Poses
    states: Sequence[Sequence[State]]  # of each frame, those that are further back first
    background: Take | Sequence[Frame]  # it begins again at its end

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, number: int, /) -> Frame:
        stage = np.array(self.background[number % len(self.background)])
        for state in self.states[number]:
            draw(stage, placed(self.sprite, self.poses, state))
        return stage


def scaled(pixels: Cutout, scale: float) -> Cutout:
    """A cut-out so many times as large."""
    light = pixels.astype(np.float32)
    light[..., :3] *= light[..., 3:] / 255
    width, height = (max(1, round(side * scale)) for side in pixels.shape[1::-1])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(light, (width, height), interpolation=how).reshape(height, width, 4)
    small[..., :3] *= 255 / np.maximum(small[..., 3:], 1e-3)
    changed: Cutout = np.rint(np.clip(small, 0, 255)).astype(np.uint8)
    return changed
