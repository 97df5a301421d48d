"""Labels of texture-by-numbers: which there are, and another one in the place of one that lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from editor.engine.device import Device
from editor.engine.image import Picture, Rect, coloured
from editor.engine.step import Step
from editor.operations.base import Operation, Patch, Scene

if TYPE_CHECKING:
    from editor.engine.labels import Colour
    from editor.engine.labels import Label as Label

_MOST = 4  # that are listed as missing


class Missing(NamedTuple):
    label: Label  # of B, and A has none like it
    nearest: Label  # of those that A has


@dataclass(frozen=True, slots=True)
class Palette:
    """A value: what B can be painted with."""

    labels: tuple[Label, ...] = ()  # of A, the largest first
    missing: tuple[Missing, ...] = ()
    soft: bool = False  # A's labels run into each other over several pixels


@dataclass(frozen=True)
class FindLabels(Operation):
    """What labels A has, and what labels the picture has that A lacks."""

    label: ClassVar[str] = "Labels"
    quick: ClassVar[bool] = True
    edits: ClassVar[bool] = False

    A: Picture | None = field(default=None, compare=False, repr=False)

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Palette]]:
        from editor.engine.labels import labels, missing_labels, nearest_label, soft_edges

        if self.A is None:
            raise ValueError("there is no A yet: its colours are the labels")
        known = labels(self.A)
        yield Step(0.4)
        soft = soft_edges(self.A)
        yield Step(0.7)
        missing = missing_labels([self.A], scene.image) if known else ()
        pairs = (Missing(one, nearest_label(one.colour, known)) for one in missing[:_MOST])
        yield Step(1.0, Palette(known, tuple(pairs), soft))


@dataclass(frozen=True)
class Relabel(Operation):
    """All that is nearer to one colour than to a known label becomes another colour."""

    label: ClassVar[str] = "Replace label"
    quick: ClassVar[bool] = True

    colour: Colour = (0, 0, 0)
    becomes: Colour = (0, 0, 0)
    known: tuple[Colour, ...] = ()

    def steps(self, scene: Scene, device: Device) -> Iterator[Step[Patch]]:
        from editor.engine.labels import alike

        mask = alike(scene.image, self.colour, self.known)
        yield Step(0.5)
        rect = Rect.around(mask)
        if rect.empty:
            raise ValueError("nothing in B has this label any more")
        part = scene.image[rect.slices]
        yield Step(1.0, Patch(rect, coloured(part, self.becomes, mask[rect.slices])))
