"""A filter that was saved: an analogy whose result takes the picture's place at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from editor.engine.device import Device
from editor.engine.image import Picture
from editor.engine.step import Step
from editor.operations.analogy import Analogous, Analogy, example
from editor.operations.base import Operation, Scene, param

_SEEDS = 1_000_000

Pair = tuple[Picture, Picture]  # before and after


@dataclass(frozen=True)
class ApplyFilter(Operation):
    label: ClassVar[str] = "Filter"

    seed: int = param(
        0,
        "Seed",
        0,
        _SEEDS - 1,
        help="0 is the filter as it was saved; any other number gives another result.",
    )
    name: str = ""
    analogy: Analogy = field(default=Analogy(), compare=False, repr=False)

    @classmethod
    def warm_up(cls) -> None:
        Analogy.warm_up()

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, **super().to_dict()}

    @property
    def title(self) -> str:
        return f"{self.label} “{self.name}”"

    @classmethod
    def of(cls, name: str, values: Mapping[str, Any], pairs: Sequence[Pair]) -> ApplyFilter:
        """From what a filter file holds; of its values those that are unknown fall back."""
        analogy = Analogy.from_dict(dict(values))
        examples = tuple(example(*pair) for pair in pairs)
        return cls(name=name, analogy=dataclasses.replace(analogy, examples=examples))

    @property
    def remembered(self) -> ApplyFilter:
        """The pictures lie in the filter's own file."""
        return dataclasses.replace(self, analogy=Analogy())

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Analogous]]:
        if scene.clip is not None:
            raise ValueError("this is a frame of a clip: export the picture and open that")
        seed = (self.analogy.seed + self.seed) % _SEEDS
        yield from dataclasses.replace(self.analogy, seed=seed).steps(scene, device)


def filter_pairs(analogy: Analogy) -> tuple[Pair, ...]:
    """What a filter keeps of an analogy beside its values. Raises ValueError if it makes none."""
    if not analogy.examples:
        raise ValueError(
            "there is no A and A′ yet: open a picture before and after a change in Analogy mode"
        )
    if analogy.beside:
        raise ValueError("guides lie on one B, and a filter is for any: take them away first")
    for one in analogy.examples:
        if one.A[0].shape[:2] != one.Ap.shape[:2]:
            raise ValueError("A and A′ are of different sizes: they must lie pixel on pixel")
    return tuple((one.A[0], one.Ap) for one in analogy.examples)
