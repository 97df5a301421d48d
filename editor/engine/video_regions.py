"""Regions: parts of a clip that play on their own, each with its loop and phase, or stand still.

§6.3 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000 (motion
factorisation): what moves independently is analysed and looped independently, so that two swings
need not come back at the same moment. A region of one frame is frozen: a still picture with one
moving part is a cinemagraph. ``frame_distances.distances`` compares the pixels of a mask alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Mask, Picture, Rect
from editor.engine.video_blend import Blend, FrameSource, Mix, rendered

FEATHER = 8.0  # pixels over which a region's edge fades


@dataclass(frozen=True, slots=True)
class Region:
    """Where, and what plays there; the mixes are those of one turn (``loop_mixes``)."""

    mask: Mask  # (H, W), True = this region
    plan: Sequence[Mix]
    phase: int = 0  # pictures by which it is ahead of the others

    def at(self, t: int) -> Mix:
        return self.plan[(t + self.phase) % len(self.plan)]


def frozen_region(mask: Mask, frame: int) -> Region:
    """A part that shows one frame and stands still."""
    return Region(mask, (Mix(frame, frame),))


def common_turn(regions: Sequence[Region]) -> int:
    """After how many pictures everything comes back at once."""
    return math.lcm(*(len(region.plan) for region in regions)) if regions else 1


class Composition:
    """Pictures of regions, later ones over earlier ones, over ``below`` everywhere.

    The mask of ``below`` does not matter. No more than two frames of each region are in memory.
    """

    def __init__(
        self,
        below: Region,
        regions: Sequence[Region],
        *,
        feather: float = FEATHER,
        blend: Blend | None = None,
    ) -> None:
        for region in [below, *regions]:
            if not region.plan:
                raise ValueError("a region has no frames: give it a loop or freeze it")
        layers = [(region, *_cover(region.mask, feather)) for region in regions]
        self._below, self._blend = below, blend
        self._layers = [layer for layer in layers if not layer[1].empty]

    def needed(self, t: int) -> list[int]:
        """The frames of the clip that picture ``t`` is made of."""
        mixes = [self._below.at(t), *(region.at(t) for region, _, _ in self._layers)]
        return list(dict.fromkeys(number for mix in mixes for number in mix.frames))

    def picture(self, t: int, frame: FrameSource) -> Picture:
        shown: dict[Mix, Picture] = {}
        picture = _picture(self._below.at(t), frame, self._blend, shown)
        for region, rect, cover in self._layers:
            over = _picture(region.at(t), frame, self._blend, shown)
            if over.shape[:2] != region.mask.shape:
                raise ValueError(f"a region is {region.mask.shape} and a frame is {over.shape[:2]}")
            if over is not picture:
                picture = _laid(picture, over, rect, cover)
        return picture


def composed(
    below: Region,
    regions: Sequence[Region],
    frame: FrameSource,
    count: int,
    *,
    feather: float = FEATHER,
    blend: Blend | None = None,
) -> Iterator[Picture]:
    """``count`` pictures of a composition, one at a time."""
    composition = Composition(below, regions, feather=feather, blend=blend)
    for t in range(count):
        yield composition.picture(t, frame)


def _picture(
    mix: Mix, frame: FrameSource, blend: Blend | None, shown: dict[Mix, Picture]
) -> Picture:
    if mix not in shown:
        shown[mix] = next(rendered([mix], frame, blend))
    return shown[mix]


def _cover(mask: Mask, feather: float) -> tuple[Rect, NDArray[np.float32]]:
    """The mask with a soft edge, half of it inside: 0..1 in the rectangle where it is not 0."""
    soft = mask.astype(np.float32)
    if feather > 0:
        soft = cv2.GaussianBlur(soft, (0, 0), feather / 2, borderType=cv2.BORDER_REPLICATE)
        soft[soft < 1 / 512] = 0
    rect = Rect.around(soft)
    return rect, soft[rect.slices]


def _laid(below: Picture, over: Picture, rect: Rect, cover: NDArray[np.float32]) -> Picture:
    """A copy of the picture with the other one over it."""
    result = below.copy()
    place = result[rect.slices]
    weight = cover if place.ndim == 2 else cover[..., None]
    mixed = place + weight * (over[rect.slices].astype(np.float32) - place)
    place[:] = mixed if place.dtype == np.float32 else np.rint(mixed)
    return result
