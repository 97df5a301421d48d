"""Fill: what is under the mask goes, and its surroundings grow over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.image import Cover, Mask, Picture, Rect
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene, param

Filled = tuple[Rect, Picture]


@dataclass(frozen=True)
class Fill(Operation):
    label: ClassVar[str] = "Fill"

    method: str = param(
        "patches",
        "Method",
        choices=(("patches", "Patches"), ("smooth", "Smooth")),
        help="What covers the hole: pieces of the picture around it, or the colours of its border.",
        more="Patches for things: a person, a sign, a stain on a wall.",
        less="Smooth for scratches, dust, hairs and skies.",
    )
    grain: int = param(
        100,
        "Grain",
        0,
        200,
        step=5,
        unit="%",
        help="Gives the mended place the noise of its surroundings.",
        more="Raise it when the place looks smoother than the picture around it.",
        less="Lower it when the picture is clean: a drawing, a screenshot, a clear sky.",
        only=("method", "smooth"),
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same result, pixel for pixel.",
        more="Any other number gives another, often equally good one.",
    )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine import fill, smooth

        fill.warm_up()
        smooth.warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        if scene.hole is None:
            raise ValueError("the mask is empty: paint over what should go")
        solve = self._smooth if self.method == "smooth" else self._patches
        for step in solve(scene.image, scene.hole, device.threads):
            yield Step(step.done, None if step.value is None else Patch(*step.value))

    def _patches(self, image: Picture, hole: Mask | Cover, threads: int) -> Iterator[Step[Filled]]:
        from editor.engine.fill import fill

        return fill(image, hole, seed=self.seed, threads=threads)

    def _smooth(self, image: Picture, hole: Mask | Cover, threads: int) -> Iterator[Step[Filled]]:
        from editor.engine.smooth import mend

        return mend(image, hole, grain=self.grain / 100, seed=self.seed, threads=threads)
