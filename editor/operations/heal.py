"""What a stroke mends by itself: the heal brush, and a second try where a fill went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Cover, Rect
from editor.engine.step import Step
from editor.operations.base import MaskPatch, Operation, Patch, Scene, param
from editor.operations.fill import Fill, patches

_NEAR = 3.0  # times its size: how far around a stroke is looked at
_LEAST = 96  # pixels, at least so far
_PATCH = 4  # pixels: what is nearer to a forbidden pixel would bring it along


@dataclass(frozen=True)
class Heal(Operation):
    """Fills what one stroke covers, in a picture cut out around it: that is what makes it quick."""

    label: ClassVar[str] = "Heal"
    waits: ClassVar[bool] = True

    stroke: MaskPatch | None = None
    seed: int = param(0, "Seed", 0, 999_999, help="The same number gives the same result.")

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        if self.stroke is None:
            raise ValueError("there is no stroke to heal: paint over a small thing")
        image = scene.image
        rect = self.stroke.rect
        margin = max(_LEAST, round(_NEAR * min(rect.width, rect.height)))
        window = rect.grown(margin).within(Rect.whole(image))
        hole = laid(self.stroke, window)
        for step in patches(image[window.slices], hole, device, seed=self.seed):
            value = step.value
            if value is not None:
                origins = None if value.origins is None else value.origins.moved(window.x, window.y)
                place = value.rect.moved(window.x, window.y)
                value = replace(value, rect=place, origins=origins)
            yield Step(step.done, value)


@dataclass(frozen=True)
class FillAgain(Fill):
    """Not this: one part is solved once more, and what was wrong there is not copied again."""

    label: ClassVar[str] = "Fill again"
    waits: ClassVar[bool] = True

    stroke: MaskPatch | None = None  # what is wrong, of what a fill has made
    closed: MaskPatch | None = None  # where that came from, this time and those before

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        from editor.engine.mask import grown

        if self.stroke is None or self.closed is None:
            raise ValueError("nothing was filled here: paint over a detail that Fill has made")
        everything = Rect.whole(scene.image)
        hole = laid(self.stroke, everything)
        closed = laid(MaskPatch(*grown(laid(self.closed, everything), _PATCH)), everything)
        how = self.how(scene, hole)
        yield from patches(scene.image, hole, device, closed=closed > 0, **how)


def laid(patch: MaskPatch, place: Rect) -> Cover:
    """A cover as large as a place of the picture, blank but for the patch."""
    cover = np.zeros((place.height, place.width), np.uint8)
    inside = patch.rect.within(place)
    part = inside.moved(-patch.rect.x, -patch.rect.y)
    cover[inside.moved(-place.x, -place.y).slices] = patch.cover[part.slices]
    return cover
