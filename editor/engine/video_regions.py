"""Regions: parts of a clip that play on their own, each with its loop and phase, or stand still.

§6.3 of A. Schödl, R. Szeliski, D. Salesin, I. Essa: Video Textures, SIGGRAPH 2000 (motion
factorisation): what moves independently is analysed and looped independently, so that two swings
need not come back at the same moment. A region of one frame is frozen: a still picture with one
moving part is a cinemagraph. ``frame_distances.distances`` compares the pixels of a mask alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine.cv import cv2
from editor.engine.image import Mask, Picture, Rect
from editor.engine.video_blend import Blend, FrameSource, Mix, rendered

FEATHER = 8.0  # pixels over which a region's edge fades
_FAINTEST = np.float32(1 / 512)  # of a cover: less is not seen


@dataclass(frozen=True, slots=True)
class Region:
    """Where, and what plays there; the mixes are those of one turn (``loop_mixes``)."""

    mask: Mask  # (H, W), True = this region
    plan: Sequence[Mix]
    phase: int = 0  # pictures by which it is ahead of the others

    def at(self, t: int) -> Mix:
        return self.plan[(t + self.phase) % len(self.plan)]


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
        self._below, self._blend = below, blend
        covers = soft_covers([region.mask for region in regions], feather)
        layers = zip(regions, covers, strict=True)
        self._layers = [(region, cover) for region, cover in layers if not cover.rect.empty]

    def needed(self, t: int) -> list[int]:
        """The frames of the clip that picture ``t`` is made of."""
        mixes = [self._below.at(t), *(region.at(t) for region, _ in self._layers)]
        return list(dict.fromkeys(number for mix in mixes for number in mix.frames))

    def picture(self, t: int, frame: FrameSource) -> Picture:
        shown: dict[Mix, Picture] = {}
        below = _picture(self._below.at(t), frame, self._blend, shown)
        layers = []
        for region, cover in self._layers:
            over = _picture(region.at(t), frame, self._blend, shown)
            if over.shape[:2] != region.mask.shape:
                raise ValueError(f"a region is {region.mask.shape} and a frame is {over.shape[:2]}")
            layers.append((over, cover))
        return laid(below, layers)


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


@dataclass(frozen=True, slots=True, eq=False)
class SoftCover:
    """Where a region is seen, and how much of it over those before it: 0..1."""

    rect: Rect
    weight: NDArray[np.float32]  # of the rectangle


def soft_covers(masks: Sequence[Mask], feather: float) -> list[SoftCover]:
    """The masks with soft edges, half of each inside; a later mask lies over those before it.

    Each region c_k fades as its mask does, and the rest is 1 − Σ c_k: laid one over the other,
    w_k = c_k / (c_0 + … + c_k), they add up to 1, so that where two regions meet nothing of what is
    below them shines through.
    """
    if not masks:
        return []
    hidden = np.zeros_like(masks[0])
    shares: list[NDArray[np.float32]] = []
    for mask in reversed(masks):
        shares.insert(0, _softened(mask & ~hidden, feather))
        hidden |= mask
    total = np.maximum(1 - np.sum(shares, axis=0, dtype=np.float32), np.float32(0))
    covers = []
    for share in shares:
        total += share
        rect = Rect.around(share)
        weight = share[rect.slices] / np.maximum(total[rect.slices], _FAINTEST)
        covers.append(SoftCover(rect, np.minimum(weight, np.float32(1))))
    return covers


def laid(below: Picture, layers: Sequence[tuple[Picture, SoftCover]]) -> Picture:
    """Pictures laid over one another, each as far as its cover says; ``below`` stays as it is."""
    result = below
    for over, cover in layers:
        if over is result:
            continue
        if result is below:
            result = below.copy()
        place, part = result[cover.rect.slices], over[cover.rect.slices]
        place[:] = _mixed(part, place, cover.weight)
    return result


def _softened(mask: Mask, feather: float) -> NDArray[np.float32]:
    soft = mask.astype(np.float32)
    if feather > 0:
        soft = cv2.GaussianBlur(soft, (0, 0), feather / 2, borderType=cv2.BORDER_REPLICATE)
        soft[soft < _FAINTEST] = 0
    return soft


def _mixed(over: Picture, place: Picture, weight: NDArray[np.float32]) -> Picture:
    over, place = np.ascontiguousarray(over), np.ascontiguousarray(place)
    if place.dtype != np.uint16:
        mixed: Picture = cv2.blendLinear(over, place, weight, 1 - weight)
        return mixed
    each = weight if place.ndim == 2 else weight[..., None]
    between = place + each * (over.astype(np.float32) - place)
    deep: Picture = np.rint(between).astype(np.uint16)  # which blendLinear does not take
    return deep
