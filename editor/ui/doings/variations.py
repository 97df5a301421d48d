"""Several results of one fill: shown on the canvas one after the other, and one of them taken."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QImage

from editor.engine.image import to_working
from editor.model.commands import Swap
from editor.model.document import Document
from editor.news import Choose
from editor.operations import Fill, Variations
from editor.operations.base import Patch
from editor.ui.doings.base import Doings
from editor.ui.pictures import as_bytes, to_image

_SIDE = 98  # pixels of a small picture, for screens of twice the density
_ROOM = 0.3  # of its size around what was filled


class VariationDoings(Doings):
    """The last result of the fill that was repeated is number 0, if there was one."""

    _choose: Choose | None = None
    _at = -1  # which is on the canvas; -1: none, the picture as it is

    def do_variations(self) -> None:
        """Four more results: of the fill that was just done, or of what is painted."""
        if self._session.solving:
            return
        document, instead = self._document, self._last_fill(self._document)
        if instead is None and not document.masked:
            self._tell(self.tr(self._window.mode.needs_mask))
            return
        fill = self._window.options.operation() if instead is None else instead.operation
        if isinstance(fill, Fill):
            self.forget()
            other = self._window.copied_from
            self._session.do(Variations(fill=fill), other=other, instead=instead)

    @property
    def choosing(self) -> bool:
        return self._choose is not None

    def step(self, by: int) -> None:
        """An arrow key: the next or the previous one on the canvas."""
        if self._choose is not None:
            first = -1 if self._choose.instead is None else 0
            count = len(self._choose.choices.results) + (self._choose.instead is not None)
            self.look(max(first, min(self._at + by, count - 1)))

    def take(self) -> bool:
        """Enter: False if there is nothing to be taken."""
        if self._choose is None or self._at < 0:
            return False
        choose, number = self._choose, self._at - (self._choose.instead is not None)
        self.forget()
        if number >= 0:
            self._session.results.take(choose, number)
        return True

    def forget(self) -> bool:
        """Esc, or the picture has changed: False if there was nothing to forget."""
        if self._choose is None:
            return False
        self._choose, self._at = None, -1
        self._window.show_go()
        self._window.canvas.show_preview(None)
        self._window.canvas.arrows_choose = False
        self._window.variations_panel.show_results([])
        return True

    @Slot(object)
    def show(self, choose: Choose) -> None:
        """Results have come, maybe not all of them yet."""
        if choose.document is not self._session.current:
            return
        self._choose = choose
        patches = [patch for _, patch in choose.choices.results]
        if choose.instead is not None:
            there = choose.instead.rect
            patches.insert(0, Patch(there, choose.document.image[there.slices]))
        self._window.variations_panel.show_results(
            [small_picture(choose.document, patch) for patch in patches]
        )
        self._window.canvas.arrows_choose = True
        self._window.show_go()
        if self._at < 0:
            self.look(min(1, len(patches) - 1) if choose.instead is not None else 0)

    @Slot(int)
    def look(self, number: int) -> None:
        """Lay one of them over the picture."""
        if self._choose is None:
            return
        self._at = number
        index = number - (self._choose.instead is not None)
        results = self._choose.choices.results
        self._window.canvas.show_preview(results[index][1] if 0 <= index < len(results) else None)
        self._window.canvas.hatched = False
        self._window.variations_panel.choose(number)
        self._window.canvas.setFocus()

    @Slot(int)
    def take_it(self, number: int) -> None:
        self.look(number)
        self.take()

    @staticmethod
    def _last_fill(document: Document) -> Swap | None:
        command = document.history.now.command
        if isinstance(command, Swap) and type(command.operation) is Fill:
            return command
        return None


def small_picture(document: Document, patch: Patch) -> QImage:
    """What was filled and some of its surroundings, every n-th pixel."""
    rect = patch.rect
    room = round(_ROOM * max(rect.width, rect.height))
    around = rect.grown(room).within(document.rect)
    step = max(1, min(around.width, around.height) // _SIDE)
    pixels = document.plane("image").crop(around)
    pixels[rect.moved(-around.x, -around.y).slices] = patch.pixels
    return to_image(as_bytes(to_working(np.ascontiguousarray(pixels[::step, ::step]))))
