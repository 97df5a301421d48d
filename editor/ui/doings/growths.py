"""What grows pixel by pixel: made in the engine, held on the way, gone on with when wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from editor.engine.moment import Growing
from editor.model.commands import Reshape, Swap
from editor.model.document import Document
from editor.model.history import State
from editor.operations import GoOn, Texture
from editor.operations.texture import GrownPicture
from editor.session import Shown
from editor.ui.doings.base import Doings
from editor.ui.texture.watch import Watch

if TYPE_CHECKING:
    from editor.ui.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A texture that is being made: of what, how, and in the place of which step."""

    document: Document
    state: State  # of the document
    operation: Texture
    instead: Reshape | None


@dataclass(slots=True, eq=False)
class Held:
    """What is not made any further for the time being."""

    asked: Asked
    growth: Growing
    moment: int  # that is looked at


@dataclass(frozen=True, slots=True)
class _Pause:
    """How a growth is to be held as soon as something of it is there."""

    at: int | None = None  # at this moment; None: as far as it is then
    plays: bool = False  # and it plays on from there by itself


class Growths(Doings):
    """Of every document at most one is held. Signals: held(Document), it is held from now on."""

    held = Signal(object)

    def __init__(self, window: Window, watch: Watch) -> None:
        super().__init__(window)
        self._watch = watch
        self._asked: Asked | None = None  # what the engine is at
        self._seen: Growing | None = None  # of that, if it grows pixel by pixel
        self._pause: _Pause | None = None
        self._holds: dict[Document, Held] = {}
        window.session.closed.connect(self.forget)

    def of(self, document: Document | None) -> Held | None:
        """What is held of a document."""
        return None if document is None else self._holds.get(document)

    def growing(self, document: Document | None) -> bool:
        """Whether the engine is at it."""
        return self._asked is not None and self._asked.document is document

    def begin(self, operation: Texture, instead: Reshape | None) -> bool:
        """Make this texture of the current document; False while something else is made."""
        document = self._document
        if self._session.do(operation, document, instead=instead) is None:
            return False
        self._holds.pop(document, None)
        self._asked = Asked(document, document.history.now, operation, instead)
        self._seen = self._pause = None
        return True

    def pause(self, at: int | None = None, *, plays: bool = False) -> None:
        """Hold what is being made."""
        if self._asked is not None:
            self._pause = _Pause(at, plays)
            if self._seen is not None:
                self._session.stop()

    def grows(self, shown: Shown) -> None:
        """An estimate has come, or there is none any more."""
        if self._asked is None and isinstance(shown.value, GrownPicture):
            self._asked = self._adopted(shown.document)
        asked = self._asked
        if asked is None or shown.document is not asked.document:
            return
        if isinstance(shown.value, GrownPicture):
            self._seen = shown.value.growth
            if self._pause is not None:
                self._session.stop()
        elif shown.value is None:
            pause, growth = self._pause, self._seen
            self._asked = self._pause = self._seen = None
            if pause is not None and growth is not None:
                at = growth.count if pause.at is None else pause.at
                self._holds[asked.document] = Held(asked, growth, at)
                self.held.emit(asked.document)
                if pause.plays:
                    self._watch.play()

    def _adopted(self, document: Document) -> Asked | None:
        """What somebody else began, as a message over the canvas may."""
        operation, instead = self._session.solved or (None, None)
        if not isinstance(operation, Texture) or isinstance(instead, Swap):
            return None
        return Asked(document, document.history.now, operation, instead)

    @Slot()
    def go_on(self, *, so_far: bool = False) -> None:
        """Grow the rest of what is held, or take it as it is and have the rest laid."""
        self._watch.when_still(lambda: self._go_on(so_far))

    def _go_on(self, so_far: bool) -> None:
        held = self.of(self._session.current)
        if held is not None:
            on = GoOn.of(held.asked.operation, held.growth)
            self.begin(replace(on, so_far=so_far), held.asked.instead)

    @Slot(object)
    def forget(self, document: Document) -> None:
        """Let go what is held of a document."""
        if self._holds.pop(document, None) is not None:
            self._watch.follow(None)
