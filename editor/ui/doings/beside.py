"""The guides of Analogy mode: pictures that lie on A and on B, two by two, with weights."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from editor.engine.image import Picture
from editor.opening import reading
from editor.operations import Analogy
from editor.operations.analogy import Example
from editor.ui.doings.base import Doings
from editor.ui.panels.beside import Beside
from editor.ui.pictures import small_image

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from editor.opening import Opened
    from editor.ui.window import Window

_MOST = 8


@dataclasses.dataclass(slots=True)
class _Guide:
    pictures: list[Picture | None]
    small: list[QImage | None]
    weight: float = 1.0


class BesideDoings(Doings):
    """Signals: changed() — they say something else than before."""

    changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._guides: list[_Guide] = []
        self._own = 1.0  # the weight of A and B themselves
        self._panel = window.beside_panel
        self._panel.added.connect(self.add)
        self._panel.opened.connect(self._choose)
        self._panel.dropped.connect(self.put)
        self._panel.weighed.connect(self.weigh)
        self._panel.removed.connect(self.remove)

    def why_not(self, pairs: int) -> str:
        """What is wrong with them; nothing, mostly."""
        if self._guides and pairs > 1:
            return self.tr("Guides lie on one A: take the other pairs away, or the guides.")
        for number, guide in enumerate(self._guides, start=1):
            for letter, picture in zip("AB", guide.pictures, strict=True):
                if picture is None:
                    words = self.tr("Guide {0} has no picture for {1} yet: open it, or drop it.")
                    return words.replace("{0}", str(number)).replace("{1}", letter)
        return ""

    def into(self, operation: Analogy) -> Analogy:
        """With those that are whole."""
        whole = [
            (A, B, one.weight)
            for one in self._guides
            for A, B in [one.pictures]
            if A is not None and B is not None
        ]
        if not whole or len(operation.examples) != 1:
            return operation
        example = operation.examples[0]
        on_A, on_B, weights = zip(*whole, strict=True)
        return dataclasses.replace(
            operation,
            examples=(Example((*example.A, *on_A), example.Ap),),
            beside=on_B,
            weights=(self._own, *weights),
        )

    @Slot()
    def add(self) -> None:
        if len(self._guides) < _MOST:
            self._guides.append(_Guide([None, None], [None, None]))
            self._show()

    @Slot(int)
    def remove(self, number: int) -> None:
        del self._guides[number]
        self._show()

    @Slot(int, float)
    def weigh(self, number: int, weight: float) -> None:
        if number < 0:
            self._own = weight
        else:
            self._guides[number].weight = weight
        self._show()

    @Slot(int, int)
    def _choose(self, number: int, side: int) -> None:
        title = self.tr("Open a picture that lies on {}").format("AB"[side])
        chosen = self._asked_picture(title)
        if chosen is not None:
            self.put(number, side, chosen)

    @Slot(int, int, object)
    def put(self, number: int, side: int, path: Path) -> None:
        """Open a picture as one of the two of a guide."""
        settle = partial(self._hold, self._guides[number], side)
        self._session.at_desk(f"Open {path.name}", lambda: reading(path), settle)

    def _hold(self, guide: _Guide, side: int, opened: Opened) -> None:
        guide.pictures[side] = opened.pixels
        guide.small[side] = small_image(opened.pixels)
        self._show()

    def _show(self) -> None:
        shown = [Beside((one.small[0], one.small[1]), one.weight) for one in self._guides]
        self._panel.show_guides(shown, self._own)
        self.changed.emit()
