"""Small operations on a document, some of which wait for the test at a gate."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from editor.engine.image import Rect
from editor.engine.step import Pause, Step
from editor.model.commands import command_for
from editor.model.document import Document
from editor.operations.base import MaskPatch, Operation, Patch, Paused, Remedy, Scene
from editor.operations.new_picture import NewPicture, Turn

GATES: dict[int, tuple[threading.Event, threading.Event]] = {}


@dataclass(frozen=True)
class Paint(Operation):
    """Paints the hole white in two steps; waits for the test between them if it has a gate."""

    label: ClassVar[str] = "Paint"
    gate: int = 0

    def steps(self, scene: Scene, device: object) -> Iterator[Step[Patch]]:
        assert scene.hole is not None
        if not scene.hole.any():
            raise ValueError("the mask is empty: paint over what should go")
        rect = Rect.around(scene.hole)
        pixels = scene.image[rect.slices].copy()
        pixels[scene.hole[rect.slices] > 0] = 128
        yield Step(0.5, Patch(rect, pixels))
        if self.gate:
            inside, go_on = GATES[self.gate]
            inside.set()
            assert go_on.wait(10)
        pixels = pixels.copy()
        pixels[scene.hole[rect.slices] > 0] = 255
        yield Step(1.0, Patch(rect, pixels))


@dataclass(frozen=True)
class Patient(Paint):
    """Leaves off when it is told to, and goes on with another gate."""

    @property
    def pauses(self) -> bool:
        return True

    def steps(self, scene: Scene, device: object) -> Iterator[Step[Patch | Paused]]:
        try:
            yield from super().steps(scene, device)
        except Pause:
            yield Step(0.5, Paused(Patient(), Patient(), 0.5, lasts=True))


@dataclass(frozen=True)
class Whole(Operation):
    """Chooses the whole picture."""

    label: ClassVar[str] = "All"
    quick: ClassVar[bool] = True

    def steps(self, scene: Scene, device: object) -> Iterator[Step[MaskPatch]]:
        cover = np.full(scene.image.shape[:2], 255, np.uint8)
        yield Step(1.0, MaskPatch(Rect.whole(cover), cover))


@dataclass(frozen=True)
class Stroke(Paint):
    """One of many, that waits until the one before it is done."""

    waits: ClassVar[bool] = True


@dataclass(frozen=True)
class Halve(Paint):
    """Leaves every other column out."""

    label: ClassVar[str] = "Halve"

    def steps(self, scene: Scene, device: object) -> Iterator[Step[NewPicture]]:
        yield Step(0.5)
        if self.gate:
            inside, go_on = GATES[self.gate]
            inside.set()
            assert go_on.wait(10)
        yield Step(1.0, NewPicture(scene.image[:, ::2]))


@dataclass(frozen=True)
class Shift(Paint):
    """Leaves five columns out."""

    label: ClassVar[str] = "Shift"

    def steps(self, scene: Scene, device: object) -> Iterator[Step[NewPicture]]:
        turn = Turn(Rect(5, 0, 25, 20))
        yield Step(1.0, NewPicture(turn.of(scene.image), turn=turn))


@dataclass(frozen=True)
class Complain(Paint):
    """Turns it upside down, says so, and knows what to do about it; remembered as a Paint."""

    @property
    def remembered(self) -> Paint:
        return Paint()

    def steps(self, scene: Scene, device: object) -> Iterator[Step[NewPicture]]:
        remedy = Remedy("Halve it", Halve())
        turned = scene.image[::-1]
        yield Step(1.0, NewPicture(turned, notices=("It is upside down.",), remedy=remedy))


def gated(kind: type[Paint] = Paint) -> tuple[Paint, threading.Event, threading.Event]:
    number = len(GATES) + 1
    GATES[number] = threading.Event(), threading.Event()
    return kind(gate=number), *GATES[number]


def reshaped(document: Document) -> None:
    """The document becomes a smaller picture."""
    made = NewPicture(np.full((10, 15, 3), 9, np.uint8))
    document.history.push(command_for(document, Paint(), made, document.scene()))
