"""Grow: a hole closes pixel after pixel, each copied from where the surroundings are alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Cover, Mask, Rect, in_depth_of
from editor.engine.origins import Origins
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene, param

if TYPE_CHECKING:
    from editor.engine.efros_leung import Grown, Growth

METHODS = (("fast", "Fast"), ("exact", "Exact"))  # of those that grow more than a hole
WINDOW: dict[str, Any] = {
    "step": 2,
    "unit": "px",
    "help": "How far around a pixel is looked, when one is searched in the sample that fits.",
    "more": "Raise it to the size of the largest thing that comes again: a brick, a letter.",
    "less": "Lower it when whole pieces of the sample are copied; this is quicker as well.",
}
SEED: dict[str, Any] = {
    "help": "The same number gives the same result, pixel for pixel.",
    "more": "Any other number gives another, often equally good one.",
}


@dataclass(frozen=True)
class Grow(Operation):
    label: ClassVar[str] = "Grow"

    window: int = param(11, "Window", 3, 63, **WINDOW)
    seed: int = param(0, "Seed", 0, 999_999, **SEED)

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import efros_leung

        efros_leung.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        from editor.engine.efros_leung import Rule, grow
        from editor.engine.efros_leung_samples import Sample

        if scene.hole is None:
            raise ValueError("the mask is empty: paint over what should go")
        how: dict[str, Any] = {"allowed": marked(scene.sampling)}
        if scene.other is not None:
            other = in_depth_of(scene.image, scene.other)
            how = {"samples": [Sample(other, marked(scene.sampling))]}
        growth = grow(
            scene.image, scene.hole, Rule(self.window, seed=self.seed), **how, **searched_on(device)
        )
        for step in growth.steps():
            value = None if step.value is None else _patch(scene, step.value)
            yield Step(step.done, value)

    def completed(self, value: Patch) -> Patch:
        return traced(value)


@dataclass(frozen=True, slots=True)
class _GrowingPatch(Patch):
    """What has grown in a hole until now, with the old pixels where nothing has yet."""

    growth: Growth = field(kw_only=True)
    other: bool = field(kw_only=True)  # whether it grows from another picture


def traced(value: Patch) -> Patch:
    """Where it was stopped and kept, what has grown says where it was copied from.

    Not at every pixel on the way: a list of all pixels takes as long as growing some of them.
    """
    if not isinstance(value, _GrowingPatch):
        return value
    return replace(value, origins=_origins(value.growth, value.rect, other=value.other))


def _patch(scene: Scene, grown: Grown) -> Patch:
    growth, rect, other = grown.growth, grown.rect, scene.other is not None
    if growth.count < growth.total:
        pixels = scene.image[rect.slices].copy()
        pixels[grown.known] = grown.picture[grown.known]
        return _GrowingPatch(rect, pixels, growth=growth, other=other)
    return Patch(rect, grown.picture, _origins(growth, rect, other=other))


def _origins(growth: Growth, rect: Rect, *, other: bool) -> Origins:
    source = growth.source
    ys, xs = np.nonzero(source[..., 0] >= 0)
    places = (ys + rect.y).astype(np.int32), (xs + rect.x).astype(np.int32)
    return Origins(*places, np.ascontiguousarray(source[ys, xs, 1:]), other)


def marked(mask: Mask | Cover | None) -> Mask | None:
    """Every pixel that is touched at all; None where there is none."""
    return None if mask is None or not mask.any() else mask != 0


def searched_on(device: Device) -> dict[str, Any]:
    """What does the exact search."""
    cuda = device.kind == "cuda"
    return {"threads": device.threads, "torch_device": "cuda" if cuda else None}
