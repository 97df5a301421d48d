"""The brush: paint over what should go, or take away from what is painted."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import ClassVar

from editor.engine.image import Point
from editor.model.document import Document
from editor.operations.base import Declared, param
from editor.tools.base import Draft, Pointer, Result, Tool
from editor.tools.masking import command, painted
from editor.tools.outline import snapped
from editor.tools.stroke import Stroke
from editor.tools.sweep import Dab

_HARD = {"hardness": 100}
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
        True, "Pen size", help="Pressing a pen harder makes the brush larger.", icon="pen-size"
    )
    pressure_strength: bool = param(
        False,
        "Pen strength",
        help="Pressing a pen harder makes the mask fuller.",
        icon="pen-strength",
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
        self._stroke: Stroke | None = None
        self._document: Document | None = None
        self._subtract = False
        self._pressure = 1.0
        self._end: tuple[weakref.ref[Document], Point] | None = None  # of the last stroke

    @property
    def active(self) -> bool:
        return self._stroke is not None

    @property
    def _tip(self) -> BrushSettings:
        """The settings; brushes that have fewer of them have a hard tip."""
        return BrushSettings.from_dict({**_HARD, **self.settings.to_dict()})

    @property
    def diameter(self) -> float:
        return float(self._tip.size)

    def press(self, at: Pointer, document: Document) -> Draft:
        self._document, self._subtract = document, at.subtract
        hardness = self._tip.hardness / 100
        dab = self._dab(at)
        start = self._last_end(document) if at.shift else None
        if start is None:
            self._stroke = Stroke(document.size, hardness, dab)
        else:
            self._stroke = Stroke(document.size, hardness, dab._replace(x=start.x, y=start.y))
            self._stroke.ruled(dab)
            self._stroke.settle()
        return self._draft(self._stroke, document)

    def drag(self, at: Pointer) -> Draft | None:
        if self._stroke is None or self._document is None:
            return None
        self._go_on(self._stroke, at)
        return self._draft(self._stroke, self._document)

    def release(self, at: Pointer) -> Result:
        stroke, document = self._stroke, self._document
        self.cancel()
        if stroke is None or document is None:
            return None
        self._go_on(stroke, at._replace(pressure=self._pressure))  # a lifted pen presses no more
        stroke.settle()
        self._end = weakref.ref(document), Point(stroke.end.x, stroke.end.y)
        return self._done(document, stroke)

    def _done(self, document: Document, stroke: Stroke) -> Result:
        """What becomes of a stroke."""
        label = "Erase" if self._subtract else "Brush"
        drawn = stroke.cover(stroke.rect)
        return command(document, self.paint, label, stroke.rect, drawn, self._subtract)

    def cancel(self) -> None:
        self._stroke = self._document = None

    def _last_end(self, document: Document) -> Point | None:
        """Where the last stroke on this document ended."""
        if self._end is None or self._end[0]() is not document:
            return None
        return self._end[1]

    def _go_on(self, stroke: Stroke, at: Pointer) -> None:
        if at.shift:
            start = stroke.ruler
            x, y = snapped(Point(start.x, start.y), Point(at.x, at.y))
            stroke.ruled(self._dab(at)._replace(x=x, y=y))
        else:
            stroke.through(self._dab(at))

    def _draft(self, stroke: Stroke, document: Document) -> Draft:
        rect = stroke.changed()
        if rect.empty:
            return Draft()
        return Draft(painted(document, self.paint, rect, stroke.cover(rect), self._subtract))

    def _dab(self, at: Pointer) -> Dab:
        settings = self._tip
        self._pressure = at.pressure
        pressure = 1.0 if at.shift else at.pressure  # nobody presses a ruler evenly
        felt = _LEAST + (1 - _LEAST) * pressure
        size = settings.size * (felt if settings.pressure_size else 1)
        return Dab(at.x, at.y, max(size / 2, 0.5), felt if settings.pressure_strength else 1.0)
