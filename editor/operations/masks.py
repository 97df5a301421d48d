"""What can be done to the mask as a whole, and choosing by colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from editor.engine.device import Device
from editor.engine.image import Cover, Point, Rect
from editor.engine.step import Step
from editor.operations.base import MaskPatch, Operation, Scene, param


@dataclass(frozen=True)
class GrowMask(Operation):
    quick: ClassVar[bool] = True

    px: int = param(
        4,
        "Grow by",
        -200,
        200,
        unit="px",
        help="Makes the mask wider by this many pixels all around; a negative number shrinks it.",
        more="Raise it when the rim of the thing still shows after a fill.",
        less="Lower it when the mask takes away too much of the surroundings.",
    )

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"{'Shrink' if self.px < 0 else 'Grow'} mask by {abs(self.px)} px"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.mask import grown

        yield _only(grown(_cover(scene), self.px))


@dataclass(frozen=True)
class FeatherMask(Operation):
    quick: ClassVar[bool] = True

    radius: float = param(
        4.0,
        "Radius",
        0.5,
        200,
        step=0.5,
        unit="px",
        help="Lets the edge of the mask run out softly over about this far to each side.",
        more="Raise it when the border of the filled place shows.",
        less="Lower it when the rim of the thing shines through.",
    )

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"Feather mask by {self.radius:g} px"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.mask import feathered

        yield _only(feathered(_cover(scene), self.radius))


@dataclass(frozen=True)
class InvertMask(Operation):
    label: ClassVar[str] = "Invert mask"
    quick: ClassVar[bool] = True

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.mask import inverted

        yield _only(inverted(_cover(scene)))


@dataclass(frozen=True)
class ClearMask(Operation):
    label: ClassVar[str] = "Clear mask"
    quick: ClassVar[bool] = True

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.mask import cleared

        yield _only(cleared(_cover(scene)))


@dataclass(frozen=True)
class MaskFromTransparency(Operation):
    """In the place of the mask there was."""

    label: ClassVar[str] = "Mask from transparency"
    quick: ClassVar[bool] = True

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.mask import combined, from_transparency

        yield _only(combined(_cover(scene), from_transparency(scene.image), "replace"))


@dataclass(frozen=True)
class SelectSimilar(Operation):
    """The magic wand, at a point of the picture."""

    label: ClassVar[str] = "Magic wand"
    quick: ClassVar[bool] = True

    x: float = 0.0
    y: float = 0.0
    tolerance: int = param(
        24,
        "Tolerance",
        0,
        255,
        help="How far a colour may be from the one that was clicked and still be chosen.",
        more="Raise it when parts of the thing stay out.",
        less="Lower it when its surroundings come in.",
    )
    contiguous: bool = param(
        True,
        "Only what hangs together",
        help="Chooses the one patch of colour that was clicked, not its like elsewhere.",
    )
    mode: str = param(
        "add",
        "Way",
        choices=(("add", "Add"), ("subtract", "Subtract"), ("replace", "Replace")),
        help="What happens to the mask that is there already.",
    )

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.mask import combined, similar

        at = Point(self.x, self.y)
        chosen = similar(scene.image, at, self.tolerance, self.contiguous)
        yield _only(combined(_cover(scene), chosen, self.mode))


def _only(masked: tuple[Rect, Cover]) -> Step[MaskPatch]:
    return Step(1.0, MaskPatch(*masked))


def _cover(scene: Scene) -> Cover:
    """The scene's hole as a cover; nothing chosen if it has none."""
    if scene.hole is None:
        return np.zeros(scene.image.shape[:2], np.uint8)
    cover: Cover = scene.hole.view(np.uint8)
    return cover * np.uint8(255) if scene.hole.dtype == np.bool_ else cover
