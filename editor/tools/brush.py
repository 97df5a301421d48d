"""The brush: paint over what should go, or take away from what is painted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, cast

from editor.engine.image import Point
from editor.model.commands import paint_mask
from editor.model.document import Document
from editor.operations.base import Declared, param
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.stroke import Dab, Stroke

_LEAST = 0.25  # of the size or strength, at the lightest pressure


@dataclass(frozen=True)
class BrushSettings(Declared):
    size: int = param(
        64,
        "Size",
        1,
        2000,
        unit="px",
        help="The diameter of the brush, in pixels of the picture.",
        more="Raise it for large things.",
        less="Lower it for wires and edges.",
    )
    hardness: int = param(
        80,
        "Hardness",
        0,
        100,
        unit="%",
        help="How much of the brush is full before its edge begins to fade.",
        more="Raise it where the thing has a sharp outline.",
        less="Lower it to let a fill run softly into its surroundings.",
    )
    pressure_size: bool = param(
        True, "Pen size", help="Pressing a pen harder makes the brush larger."
    )
    pressure_strength: bool = param(
        False, "Pen strength", help="Pressing a pen harder makes the mask fuller."
    )


class Brush(Tool):
    name: ClassVar[str] = "brush"
    caption: ClassVar[str] = "Brush"
    icon: ClassVar[str] = "brush"
    key: ClassVar[str] = "B"
    hint: ClassVar[str] = (
        "Paint over what should go. Shift-click for straight strokes, [ ] for size."
    )
    Settings: ClassVar[type[Declared]] = BrushSettings

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._stroke: Stroke | None = None
        self._start = Point(0, 0)
        self._end: tuple[Document, Dab] | None = None  # of the last stroke
        self._subtract = False

    @property
    def active(self) -> bool:
        return self._stroke is not None

    @property
    def diameter(self) -> float:
        return float(cast(BrushSettings, self.settings).size)

    def press(self, at: Pointer, document: Document) -> Draft:
        settings = cast(BrushSettings, self.settings)
        self._document, self._subtract = document, at.subtract
        self._stroke = Stroke(document, settings.hardness / 100, subtract=at.subtract)
        self._start = Point(at.x, at.y)
        touched = self._stroke.rect
        if at.shift and self._end is not None and self._end[0] is document:
            touched = self._stroke.to(self._end[1])
        touched = touched.joined(self._stroke.to(self._dab(at)))
        return Draft(self._stroke.patch(touched))

    def drag(self, at: Pointer) -> Draft | None:
        if self._stroke is None:
            return None
        if at.shift:
            x, y = snapped(self._start, Point(at.x, at.y))
            at = at._replace(x=x, y=y)
        return Draft(self._stroke.patch(self._stroke.to(self._dab(at))))

    def release(self, at: Pointer) -> Result:
        stroke, document = self._stroke, self._document
        if stroke is None or document is None:
            return None
        self._end = (document, stroke.last) if stroke.last else None
        self._stroke = None
        patch = stroke.patch(stroke.rect)
        if stroke.rect.empty or (document.plane("mask").crop(stroke.rect) == patch.cover).all():
            return None
        return paint_mask(document, "Erase" if self._subtract else "Brush", patch)

    def cancel(self) -> None:
        self._stroke = None

    def _dab(self, at: Pointer) -> Dab:
        settings = cast(BrushSettings, self.settings)
        felt = _LEAST + (1 - _LEAST) * at.pressure
        size = settings.size * (felt if settings.pressure_size else 1)
        return Dab(at.x, at.y, max(size / 2, 0.5), felt if settings.pressure_strength else 1.0)


def snapped(start: Point, to: Point) -> Point:
    """The place nearest to this one in a direction that is a multiple of 45°."""
    angle = round(math.atan2(to.y - start.y, to.x - start.x) / (math.pi / 4)) * (math.pi / 4)
    ux, uy = math.cos(angle), math.sin(angle)
    along = (to.x - start.x) * ux + (to.y - start.y) * uy
    return Point(start.x + along * ux, start.y + along * uy)
