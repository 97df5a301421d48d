"""A picture after a change is laid upon the one before it: shifted, turned or scaled."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Picture, Size, frozen
from editor.engine.step import Step
from editor.operations.base import Operation, Scene
from editor.operations.new_picture import NewPicture

if TYPE_CHECKING:
    from editor.engine.align import Alignment


@dataclass(frozen=True, slots=True, eq=False)
class Lies:
    """How A′ lies on A, and whether it should be moved or scaled before anything is learnt."""

    found: Alignment | None  # what is to be done; None: nothing
    scaled: bool
    shift: tuple[int, int]  # of its middle, right and down, in pixels of A


@dataclass(frozen=True)
class MeasurePair(Operation):
    """Of a scene whose picture is A′. Pictures of other proportions are refused."""

    label: ClassVar[str] = "Compare A and A′"
    edits: ClassVar[bool] = False

    A: Picture = field(default_factory=lambda: np.zeros((1, 1), np.uint8), compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "A", frozen(self.A))

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Lies]]:
        from editor.engine.align import alignment, needed, shift

        A, Ap = self.A, scene.image
        found = None
        for step in alignment(A, Ap):
            found = step.value
            yield Step(min(step.done, 0.9))
        assert found is not None
        scaled = Size.of(A) != Size.of(Ap)
        yield Step(1.0, Lies(needed(found, A, Ap), scaled, shift(found, A, Ap)))


@dataclass(frozen=True)
class Align(Operation):
    """Of a scene whose picture is A′: moved to where it was found to lie on A."""

    label: ClassVar[str] = "Align to A"

    found: Alignment | None = field(default=None, compare=False)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        from editor.engine.align import laid_upon

        assert self.found is not None
        for step in laid_upon(scene.image, self.found):
            made = None if step.value is None else NewPicture(step.value, stretched=True)
            yield Step(step.done, made)


def aligned(A: Picture, Ap: Picture) -> Generator[None, None, Picture]:
    """A′ laid upon A, if that seems right; else as it is."""
    from editor.engine.align import alignment, laid_upon, needed

    found, laid = None, Ap
    for measured in alignment(A, Ap):
        found = measured.value
        yield
    assert found is not None
    moved = needed(found, A, Ap)
    for step in () if moved is None else laid_upon(Ap, moved):
        laid = laid if step.value is None else step.value
        yield
    return laid
