"""What can be done to the mask as a whole, and choosing by colour."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from editor.engine.device import Device
from editor.engine.image import Cover, Point, Rect
from editor.engine.step import Step
from editor.operations.base import MaskPatch, Operation, Scene, param


@dataclass(frozen=True)
class MaskOperation(Operation):
    """Changes one of the masks; over in a moment."""

    quick: ClassVar[bool] = True

    plane: str = "mask"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        yield Step(1.0, MaskPatch(*self.changed(scene, scene.cover(self.plane)), self.plane))

    @abstractmethod
    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        """A place, and the cover there."""


@dataclass(frozen=True)
class GrowMask(MaskOperation):
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

    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        from editor.engine.mask import grown

        return grown(cover, self.px)


@dataclass(frozen=True)
class FeatherMask(MaskOperation):
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

    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        from editor.engine.mask import feathered

        return feathered(cover, self.radius)


@dataclass(frozen=True)
class InvertMask(MaskOperation):
    label: ClassVar[str] = "Invert mask"

    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        from editor.engine.mask import inverted

        return inverted(cover)


@dataclass(frozen=True)
class ClearMask(MaskOperation):
    label: ClassVar[str] = "Clear mask"

    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        from editor.engine.mask import cleared

        return cleared(cover)


@dataclass(frozen=True)
class MaskFromTransparency(MaskOperation):
    """In the place of the mask there was."""

    label: ClassVar[str] = "Mask from transparency"

    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        from editor.engine.mask import combined, from_transparency

        return combined(cover, from_transparency(scene.image), "replace")


@dataclass(frozen=True)
class TightenMask(Operation):
    """What was drawn around a thing becomes the thing."""

    label: ClassVar[str] = "Tighten mask"
    quick: ClassVar[bool] = True

    plane: str = "mask"

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[MaskPatch]]:
        from editor.engine.tighten import tightened

        for step in tightened(scene.image, scene.cover(self.plane)):
            value = None if step.value is None else MaskPatch(*step.value, self.plane)
            yield Step(step.done, value)


@dataclass(frozen=True)
class SelectSimilar(MaskOperation):
    """The magic wand, at a point of the picture; of the labels it paints one number."""

    label: ClassVar[str] = "Magic wand"
    x: float = 0.0
    y: float = 0.0
    number: int = 0
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

    def changed(self, scene: Scene, cover: Cover) -> tuple[Rect, Cover]:
        from editor.engine.mask import combined, similar

        at = Point(self.x, self.y)
        chosen = similar(scene.image, at, self.tolerance, self.contiguous)
        if self.number == 0:
            return combined(cover, chosen, self.mode)
        rect, like = chosen
        labels = cover[rect.slices].copy()
        labels[like > 127] = 0 if self.mode == "subtract" else self.number
        return rect, labels
