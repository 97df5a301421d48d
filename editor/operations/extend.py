"""Extend: a picture goes on past its edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Mask, Picture, Rect, Size
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param
from editor.operations.grow import METHODS, SEED, WINDOW, marked, searched_on
from editor.operations.grown import grown, whole
from editor.operations.new_picture import NewPicture


@dataclass(frozen=True)
class Extend(Operation):
    label: ClassVar[str] = "Extend"

    left: int = param(0, "Left", 0, 4096, unit="px", help="Pixels that come on at the left.")
    right: int = param(0, "Right", 0, 4096, unit="px", help="Pixels that come on at the right.")
    top: int = param(0, "Top", 0, 4096, unit="px", help="Pixels that come on above.")
    bottom: int = param(0, "Bottom", 0, 4096, unit="px", help="Pixels that come on below.")
    method: str = param(
        "fast",
        "Method",
        choices=METHODS,
        help="Whether patches are laid from coarse to fine, or one pixel is grown after the other.",
        more="Fast for photographs and wide borders.",
        less="Exact for small textures.",
    )
    window: int = param(11, "Window", 3, 63, only=("method", "exact"), **WINDOW)
    seed: int = param(0, "Seed", 0, 999_999, **SEED)

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import efros_leung, fill

        fill.warm_up()
        efros_leung.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        from editor.engine.efros_leung import Rule, extend

        sides = {name: getattr(self, name) for name in ("left", "right", "top", "bottom")}
        if not any(sides.values()):
            raise ValueError("nothing to extend: left, right, top and bottom are all 0")
        if self.method == "exact":
            rule, allowed = Rule(self.window, seed=self.seed), marked(scene.sampling)
            growth = extend(scene.image, rule, **sides, allowed=allowed, **searched_on(device))
            yield from grown(growth, corner=(self.left, self.top))
        else:
            yield from self._fast(scene, device)

    def completed(self, value: NewPicture) -> NewPicture:
        return whole(value)

    def _fast(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        """The picture in the middle of a larger one, whose border is a hole to be filled."""
        from editor.operations.fill import patches

        larger, hole = self._room(scene.image)
        inside = Rect(self.left, self.top, *Size.of(scene.image)).slices
        sources = None
        if scene.sampling is not None and scene.sampling.any():
            sources = np.zeros(hole.shape, bool)
            sources[inside] = scene.sampling != 0
        for step in patches(larger, hole, device, sources=sources, seed=self.seed):
            value = None
            if step.value is not None:
                pixels = step.value.on(larger)
                corner = self.left, self.top
                value = NewPicture(pixels, corner=corner, notices=step.value.notices)
            yield Step(step.done, value)

    def _room(self, image: Picture) -> tuple[Picture, Mask]:
        """The picture with nothing around it yet, and where that is."""
        size = Size.of(image)
        height, width = self.top + size.height + self.bottom, self.left + size.width + self.right
        larger = np.zeros((height, width, *image.shape[2:]), image.dtype)
        hole = np.ones((height, width), bool)
        inside = Rect(self.left, self.top, *size).slices
        larger[inside], hole[inside] = image, False
        return larger, hole
