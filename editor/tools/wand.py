"""The magic wand: click a colour, and what looks like it is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

from editor.model.document import Document
from editor.operations.base import Declared, param
from editor.operations.masks import SelectSimilar
from editor.tools.base import Draft, Pointer, Result, Tool


@dataclass(frozen=True)
class WandSettings(Declared):
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
        "Connected",
        help="Chooses the one patch of colour that was clicked, not its like elsewhere.",
    )


class Wand(Tool):
    name: ClassVar[str] = "wand"
    caption: ClassVar[str] = "Magic wand"
    icon: ClassVar[str] = "wand"
    key: ClassVar[str] = "W"
    hint: ClassVar[str] = "Click a colour to choose what looks like it."
    Settings: ClassVar[type[Declared]] = WandSettings

    def __init__(self) -> None:
        super().__init__()
        self._pressed: Pointer | None = None
        self._document: Document | None = None

    def press(self, at: Pointer, document: Document) -> Draft | None:
        self._pressed, self._document = at, document
        return None

    def release(self, at: Pointer) -> Result:
        pressed, document = self._pressed, self._document
        self.cancel()
        if pressed is None or document is None:
            return None
        width, height = document.size
        if not (0 <= pressed.x < width and 0 <= pressed.y < height):
            return None
        settings = cast(WandSettings, self.settings)
        return SelectSimilar(
            x=pressed.x,
            y=pressed.y,
            tolerance=settings.tolerance,
            contiguous=settings.contiguous,
            mode="subtract" if pressed.subtract else "add",
            plane=self.paint.plane,
            number=self.paint.label,
        )

    def cancel(self) -> None:
        self._pressed = self._document = None
