"""Lines through the hole: found by themselves, and measured when it has been filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.guides import Line
from editor.engine.step import Step
from editor.operations.base import Operation, Scene


@dataclass(frozen=True)
class SuggestLines(Operation):
    """Straight edges that enter and leave the hole; nothing is changed."""

    label: ClassVar[str] = "Suggest lines"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[tuple[Line, ...]]]:
        from editor.engine.straight import suggested

        found = () if scene.hole is None else tuple(suggested(scene.image, scene.hole))
        yield Step(1.0, found)


@dataclass(frozen=True)
class MeasureLines(Operation):
    """How many pixels each line of the scene strays from its course; None where it is no edge."""

    label: ClassVar[str] = "Measure lines"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[tuple[float | None, ...]]]:
        from editor.engine.residuals import residuals

        if scene.hole is None:
            raise ValueError("the mask is empty: there is nothing to measure")
        yield Step(1.0, tuple(residuals(scene.image, scene.guides, scene.hole)))
