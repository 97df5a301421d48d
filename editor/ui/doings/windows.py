"""The same texture with several windows: all of them grow side by side, and one is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from editor.engine.image import Size
from editor.model.commands import Reshape
from editor.model.document import Document, Finding
from editor.news import FoundSoFar, Working
from editor.operations import CompareWindows, GoOn, Texture
from editor.operations.growth import Strands
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.ui.texture.stage import TextureStage
    from editor.ui.window import Window


class WindowDoings(Doings):
    """Signals: taken(GoOn, Reshape or None), the texture to go on with and what it replaces."""

    taken = Signal(object, object)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._asked: CompareWindows | None = None
        self._compared: Document | None = None
        self._instead: Reshape | None = None
        self._strands = Strands()
        self._then: Callable[[], None] | None = None  # when the engine is free
        window.session.results.found_so_far.connect(self._grow)
        window.session.working.connect(self._working)

    @property
    def comparing(self) -> bool:
        return self._asked is not None

    def begin(self, stage: TextureStage, texture: Texture, instead: Reshape | None) -> None:
        """Let the texture grow with each of the windows on the stage."""
        windows = stage.strip.windows
        asked = CompareWindows(replace(texture, method="exact", tile="none", guides=()), windows)
        if self._session.do(asked, instead=instead) is None:
            return
        self._stage, self._asked, self._instead = stage, asked, instead
        self._compared, self._strands = self._document, Strands()
        self._document.found.connect(self._found)
        size = Size(texture.width, texture.height)
        for number in range(len(windows)):
            stage.strip.show_image(number, None, size, self.tr("It grows here."))
        stage.show_strip(True)

    def leave(self) -> None:
        """Take none."""
        if self._asked is None or self._compared is None:
            return
        if self._session.solving:
            self._session.withdraw(self._asked)
        self._compared.found.disconnect(self._found)
        self._compared.forget(CompareWindows)
        self._asked, self._compared, self._strands = None, None, Strands()
        self._stage.show_strip(False)

    def take(self, number: int) -> None:
        """Go on with the one of this number, as soon as the others have stopped."""
        asked, instead = self._asked, self._instead
        if asked is None:
            return
        window = asked.windows[number]
        growth = next((one.growth for one in self._strands if one.window == window), None)
        if growth is None:
            return
        texture = replace(asked.texture, window=window)
        self._then = lambda: self.taken.emit(GoOn.of(texture, growth), instead)
        self.leave()
        if not self._session.solving:
            self._working(None)

    @Slot(object)
    def _working(self, working: Working | None) -> None:
        then = self._then
        if working is None and then is not None:
            self._then = None
            then()

    @Slot(object)
    def _grow(self, found: FoundSoFar) -> None:
        if found.operation is self._asked and isinstance(found.value, Strands):
            self._show(found.value)

    @Slot(object)
    def _found(self, finding: Finding) -> None:
        if finding.operation is self._asked and isinstance(finding.value, Strands):
            self._show(finding.value)

    def _show(self, strands: Strands) -> None:
        assert self._asked is not None
        self._strands = strands
        there = {one.window: one for one in strands}
        for number, window in enumerate(self._asked.windows):
            strand = there.get(window)
            if strand is not None:
                self._stage.show_strand(number, strand.pixels, strand.known)
            else:
                words = self.tr("The sample is smaller than this window.")
                self._stage.strip.show_image(number, None, Size.of(strands[0].pixels), words)
