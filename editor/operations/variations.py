"""Variations: the same fill from other seeds, to choose from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.step import Step
from editor.operations.base import Choices, Operation, Patch, Scene, params
from editor.operations.fill import Fill


@dataclass(frozen=True)
class Variations(Operation):
    label: ClassVar[str] = "Variations"

    fill: Fill = field(default_factory=Fill)
    count: int = 4

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Choices]]:
        results: list[tuple[Operation, Patch]] = []
        for number, operation in enumerate(self._varied()):
            value: Patch | None = None
            for step in operation.steps(scene, device):
                value = step.value or value
                yield Step((number + min(step.done, 0.99)) / self.count)
            if value is not None:
                results.append((operation, value))
            yield Step((number + 1) / self.count, Choices(tuple(results)))

    def _varied(self) -> list[Fill]:
        """With the seeds that follow."""
        last = next(one.high for one in params(Fill) if one.name == "seed") or 0
        seeds = ((self.fill.seed + 1 + i) % (int(last) + 1) for i in range(self.count))
        return [dataclasses.replace(self.fill, seed=seed) for seed in seeds]
