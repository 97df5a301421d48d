"""Cutting and turning a picture: quick, and without touching a pixel's value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.image import Rect
from editor.engine.step import Step
from editor.operations.base import Operation, Scene
from editor.operations.new_picture import NewPicture, Turn, check_still


@dataclass(frozen=True)
class Crop(Operation):
    """To the rectangle around what is painted; that mask has done its work and is empty then."""

    label: ClassVar[str] = "Crop"
    quick: ClassVar[bool] = True

    plane: str = "mask"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        check_still(scene)
        painted = scene.painted(self.plane)
        if painted is None:
            raise ValueError("nothing is painted: paint over what is to stay")
        turn = Turn(Rect.around(painted))
        yield Step(1.0, NewPicture(turn.of(scene.image), turn=turn, spent=self.plane))


@dataclass(frozen=True)
class Rotate(Operation):
    """By so many quarters to the left."""

    quick: ClassVar[bool] = True

    quarters: int = 1

    @property
    def label(self) -> str:  # type: ignore[override]
        return {1: "Rotate left", 2: "Rotate by 180°", 3: "Rotate right"}[self.quarters]

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        yield Step(1.0, _turned(scene, self.quarters, mirrored=False))


@dataclass(frozen=True)
class Flip(Operation):
    """Left and right change places, or above and below."""

    quick: ClassVar[bool] = True

    upside_down: bool = False

    @property
    def label(self) -> str:  # type: ignore[override]
        return "Flip vertically" if self.upside_down else "Flip horizontally"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[NewPicture]]:
        yield Step(1.0, _turned(scene, 2 * self.upside_down, mirrored=True))


def _turned(scene: Scene, quarters: int, *, mirrored: bool) -> NewPicture:
    check_still(scene)
    turn = Turn(Rect.whole(scene.image), quarters, mirrored)
    return NewPicture(turn.of(scene.image), turn=turn)
