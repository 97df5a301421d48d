"""The extend tool: any edge or corner of the picture is dragged outwards, each side for itself."""

from __future__ import annotations

from typing import Any, ClassVar

from editor.engine.image import Rect
from editor.model.document import Document
from editor.operations.base import params
from editor.operations.extend import Extend
from editor.tools.base import Draft, Pointer, Result
from editor.tools.resize import ResizeTool

SIDES = "left", "right", "top", "bottom"


class ExtendTool(ResizeTool):
    """Gives an Extend by what was dragged, once Enter says that all sides are as they should be."""

    name: ClassVar[str] = "extend"
    caption: ClassVar[str] = "Extend"
    icon: ClassVar[str] = "extend"
    hint: ClassVar[str] = "Drag edges or corners outwards, each as far as it should go; then Enter."

    def drag(self, at: Pointer) -> Draft | None:
        if self._held is None or self._from is None or self._document is None:
            return None
        start, rect = self._from
        dx, dy = round(at.x - start.x), round(at.y - start.y)
        whole, held = self._document.rect, self._held
        return self.put_sides(
            self._document,
            left=-rect.x - (dx if held.x < 0 else 0),
            right=rect.right - whole.right + (dx if held.x > 0 else 0),
            top=-rect.y - (dy if held.y < 0 else 0),
            bottom=rect.bottom - whole.bottom + (dy if held.y > 0 else 0),
        )

    def release(self, at: Pointer) -> Result:
        self._held = None
        if self._document is not None and self._frame == self._document.rect:
            self.cancel()  # it was only touched
        return None

    def arrow(self, dx: int, dy: int, document: Document) -> Draft | None:
        """On the side it points to; back where that has none."""
        sides = self._sides(document)
        for forth, back, by in (("right", "left", dx), ("bottom", "top", dy)):
            side, other = (forth, back) if by > 0 else (back, forth)
            taken = min(sides[other], abs(by))
            sides[other] -= taken
            sides[side] += abs(by) - taken
        return self.put_sides(document, **sides)

    def put_sides(self, document: Document, **sides: int) -> Draft:
        """The picture with so much more on each side."""
        most = {one.name: int(one.high or 0) for one in params(Extend) if one.name in SIDES}
        left, right, top, bottom = (min(max(sides[name], 0), most[name]) for name in SIDES)
        width, height = document.size
        self._document = document
        self._frame = Rect(-left, -top, left + width + right, top + height + bottom)
        return Draft(frame=self._frame)

    def finish(self) -> Result:
        document, frame = self._document, self._frame
        self.cancel()
        if document is None or frame is None or frame == document.rect:
            return None
        return Extend(**sides_of(frame, document))

    def _sides(self, document: Document) -> dict[str, Any]:
        return sides_of(self._frame or document.rect, document)


def sides_of(frame: Rect, document: Document) -> dict[str, Any]:
    """How much more there is on each side."""
    whole = document.rect
    amounts = -frame.x, frame.right - whole.right, -frame.y, frame.bottom - whole.bottom
    return dict(zip(SIDES, amounts, strict=True))
