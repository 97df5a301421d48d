"""The κ strip: the same analogy with more and more coherence, to choose from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.image import Picture, Size
from editor.engine.step import Step
from editor.operations.analogy import Analogous, Analogy, Example
from editor.operations.base import Operation, Scene, param

_SMALL = 1 << 31  # values of all A times pixels of B: less than half a second of the exact method


@dataclass(frozen=True, slots=True, eq=False)
class Kappas:
    """A value: what came of each κ, as far as it is there."""

    results: tuple[tuple[Analogy, Analogous], ...]
    finished: int  # so many of them; what follows is an estimate
    small: bool  # of pictures that were made smaller


@dataclass(frozen=True)
class CompareKappas(Operation):
    """κ means something to the exact method alone, so that is used, whatever else is chosen."""

    label: ClassVar[str] = "Compare κ"
    edits: ClassVar[bool] = False

    analogy: Analogy = field(default_factory=Analogy)
    kappas: tuple[float, ...] = (0.0, 1.0, 5.0, 15.0)
    small: bool = param(
        True,
        "Small",
        help="Makes the pictures small first, so that all four are there in a moment or two.",
    )

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Kappas]]:
        analogy, image = dataclasses.replace(self.analogy, method="exact", kept=None), scene.image
        scale = analogy.scale_for(image, _SMALL) if self.small else 1.0
        if scale < 1:
            analogy, image = _at(analogy, image, scale)
            yield Step(0.0)
        made: tuple[tuple[Analogy, Analogous], ...] = ()
        for number, kappa in enumerate(self.kappas):
            operation = dataclasses.replace(analogy, kappa=kappa)
            for step in operation.steps(Scene(image), device):
                done = (number + step.done) / len(self.kappas)
                if step.value is None:
                    yield Step(done)
                    continue
                results = (*made, (operation, step.value))
                finished = number + (step.done >= 1)
                yield Step(done, Kappas(results, finished, scale < 1))
            made = results


def _at(analogy: Analogy, image: Picture, scale: float) -> tuple[Analogy, Picture]:
    """All pictures smaller by so much."""
    from editor.engine.scale import scaled
    from editor.engine.step import last

    def smaller(picture: Picture) -> Picture:
        width, height = (max(8, round(scale * side)) for side in Size.of(picture))
        return last(scaled(picture, Size(width, height)))

    examples = (Example(tuple(map(smaller, one.A)), smaller(one.Ap)) for one in analogy.examples)
    beside = tuple(map(smaller, analogy.beside))
    small = dataclasses.replace(analogy, examples=tuple(examples), beside=beside)
    return small, smaller(image)
