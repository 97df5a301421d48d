"""Brushes that act when the stroke ends: heal, and not this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from editor.engine.image import Rect
from editor.model.copies import fill_again
from editor.model.document import Document
from editor.operations.base import Declared, MaskPatch, param
from editor.operations.heal import Heal
from editor.tools.base import Draft, Pointer, Result
from editor.tools.brush import Brush
from editor.tools.masking import MASK
from editor.tools.stroke import Stroke


@dataclass(frozen=True)
class TipSettings(Declared):
    size: int = param(
        40,
        "Size",
        1,
        500,
        unit="px",
        help="The diameter of the brush, in pixels of the picture.",
        more="Raise it until it just covers what is wrong.",
        less="Lower it for dust and hairs.",
    )
    pressure_size: bool = param(
        True, "Pen size", help="Pressing a pen harder makes the brush larger.", icon="pen-size"
    )


class _Acting(Brush):
    """A brush whose stroke is shown as a mask while it lasts, and is done when it ends."""

    Settings: ClassVar[type[Declared]] = TipSettings

    def press(self, at: Pointer, document: Document) -> Draft:
        self.paint = MASK
        return super().press(at._replace(subtract=False), document)

    @staticmethod
    def _covered(stroke: Stroke) -> MaskPatch | None:
        cover = stroke.cover(stroke.rect)
        around = Rect.around(cover)
        if around.empty:
            return None
        return MaskPatch(around.moved(stroke.rect.x, stroke.rect.y), cover[around.slices])


class HealBrush(_Acting):
    name: ClassVar[str] = "heal"
    caption: ClassVar[str] = "Heal"
    icon: ClassVar[str] = "heal"
    key: ClassVar[str] = "J"
    hint: ClassVar[str] = "Click dust, or follow a wire: it is gone when you let go."

    def _done(self, document: Document, stroke: Stroke) -> Result:
        covered = self._covered(stroke)
        return None if covered is None else Heal(stroke=covered)


class NotThis(_Acting):
    name: ClassVar[str] = "not-this"
    caption: ClassVar[str] = "Not this"
    icon: ClassVar[str] = "not-this"
    key: ClassVar[str] = "N"
    hint: ClassVar[str] = "Paint over a detail that a fill got wrong: it is copied from elsewhere."

    def _done(self, document: Document, stroke: Stroke) -> Result:
        covered = self._covered(stroke)
        return None if covered is None else fill_again(document, covered)
