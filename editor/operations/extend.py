"""Extend: a picture goes on past its edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Rect, Size
from editor.engine.step import Step
from editor.operations.base import Operation, Scene, param
from editor.operations.grow import METHODS, SEED, WINDOW, marked, searched_on
from editor.operations.grown import grown, whole
from editor.operations.new_picture import NewPicture


@dataclass(frozen=True, slots=True, eq=False)
class _Sides(NewPicture):
    """Only what lies beside the old picture is made yet: above and below nothing is."""

    made: Rect = field(kw_only=True)


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
    straight: bool = param(
        True,
        "Straight lines",
        help="Whether straight edges that run out of the picture at a slant go on as they are.",
        more="On for buildings, streets, rails and wires.",
        less="Off where something comes out drawn long that should have ended.",
        only=("method", "fast"),
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
        if isinstance(value, _Sides):  # it was stopped and kept
            pixels = value.pixels[value.made.slices].copy()
            return NewPicture(pixels, corner=(self.left, 0), notices=value.notices)
        return whole(value)

    def _fast(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        """First what comes on at the sides is filled, then what does above and below of it all."""
        from editor.engine.cv import cv2
        from editor.engine.guides import Guides
        from editor.engine.straight_out import leaving
        from editor.operations.fill import patches

        sides = self.top, self.bottom, self.left, self.right
        pixels = cv2.copyMakeBorder(scene.image, *sides, cv2.BORDER_REPLICATE)
        place = Rect(self.left, self.top, *Size.of(scene.image))
        sources = None
        if scene.sampling is not None and scene.sampling.any():
            sources = np.zeros(pixels.shape[:2], bool)
            sources[place.slices] = scene.sampling != 0
        wide = Rect(0, place.y, pixels.shape[1], place.height)
        parts: list[tuple[Rect, Rect, str]] = []
        if wide != place:
            parts.append((wide, place, "x"))
        if wide != Rect.whole(pixels):
            parts.append((Rect.whole(pixels), wide, "y"))
        for number, (part, known, outwards) in enumerate(parts):
            hole = np.ones(pixels.shape[:2], bool)
            hole[known.slices] = False
            near = None if sources is None else sources[part.slices]
            before = pixels
            how: dict[str, Any] = {"sources": near, "outwards": outwards, "seed": self.seed}
            if self.straight and near is None:
                lines = leaving(before[part.slices], known.moved(-part.x, -part.y))
                how["guides"] = Guides(tuple(lines))
            for step in patches(before[part.slices], hole[part.slices], device, **how):
                value = None
                if step.value is not None:
                    pixels = before.copy()
                    pixels[step.value.rect.moved(part.x, part.y).slices] = step.value.pixels
                    corner, notices = (self.left, self.top), step.value.notices
                    value = NewPicture(pixels, corner=corner, notices=notices)
                    if number + 1 < len(parts):
                        value = _Sides(pixels, corner=corner, notices=notices, made=part)
                yield Step((number + step.done) / len(parts), value)
