"""Fill: what is under the mask goes, and its surroundings grow over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene, param


@dataclass(frozen=True)
class Fill(Operation):
    label: ClassVar[str] = "Fill"

    method: str = param(
        "smooth",
        "Method",
        choices=(("smooth", "Smooth"),),
        help="How the hole is filled. Smooth draws the colours of its border across it.",
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
    )
    seed: int = param(
        0,
        "Seed",
        0,
        999_999,
        help="The same number gives the same grain, pixel for pixel.",
        more="Any other number gives another, equally good grain.",
    )

    @classmethod
    def warm_up(cls) -> None:
        from editor.engine.smooth import warm_up

        warm_up()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        from editor.engine.smooth import mend

        if scene.hole is None:
            raise ValueError("the mask is empty: paint over what should go")
        for step in mend(
            scene.image,
            scene.hole,
            grain=self.grain / 100,
            seed=self.seed,
            threads=device.threads,
        ):
            yield Step(step.done, None if step.value is None else Patch(*step.value))
