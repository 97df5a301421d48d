"""What grows pixel by pixel: made in the engine, held on the way, gone on with when wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot

from editor.engine.moment import Growing
from editor.model.commands import Reshape, Swap
from editor.model.document import Document
from editor.model.history import State
from editor.operations import GoOn, Texture
from editor.operations.grown import GrownPicture
from editor.operations.growth import BACK
from editor.session import Shown, Told
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
    plays: bool = False  # and it plays on from there by itself …
    again: int | None = None  # … or grows once more from this moment


class Growths(Doings):
    """Of every document at most one is held.

    Signals: begun(Asked), it is being made from now on; held(Document), it is held now.
    """

    begun = Signal(object)
    held = Signal(object)

    def __init__(self, window: Window, watch: Watch) -> None:
        super().__init__(window)
        self._watch = watch
        self._asked: Asked | None = None  # what the engine is at
        self._seen: Growing | None = None  # of that, if it grows pixel by pixel
        self._pause: _Pause | None = None
        self._warned = False  # that garbage grows
        self._holds: dict[Document, Held] = {}
        window.session.closed.connect(self.forget)

    def of(self, document: Document | None) -> Held | None:
        """What is held of a document."""
        return None if document is None else self._holds.get(document)

    def growing(self, document: Document | None) -> bool:
        """Whether the engine is at it."""
        return self._asked is not None and self._asked.document is document

    def begin(
        self, operation: Texture, instead: Reshape | None, document: Document | None = None
    ) -> bool:
        """Make this texture of a document (the current one); False while something else is made."""
        document = document or self._document
        if self._session.do(operation, document, instead=instead) is None:
            return False
        self._holds.pop(document, None)
        self._attend(Asked(document, document.history.now, operation, instead))
        return True

    def _attend(self, asked: Asked) -> None:
        self._asked, self._seen, self._pause, self._warned = asked, None, None, False
        self.begun.emit(asked)

    def pause(self, at: int | None = None, *, plays: bool = False) -> None:
        """Hold what is being made."""
        if self._asked is not None:
            self._pause = _Pause(at, plays)
            if self._seen is not None:
                self._session.stop()

    def grows(self, shown: Shown) -> None:
        """An estimate has come, or there is none any more."""
        if self._asked is None and isinstance(shown.value, GrownPicture):
            self._adopt(shown.document)
        asked = self._asked
        if asked is None or shown.document is not asked.document:
            return
        if isinstance(shown.value, GrownPicture):
            self._seen = shown.value.growth
            if self._pause is not None:
                self._session.stop()
            else:
                self._warn(asked, shown.value)
        elif shown.value is None:
            pause, growth = self._pause, self._seen
            self._asked = self._pause = self._seen = None
            if pause is not None and growth is not None:
                self._ended(asked, growth, pause)

    def _ended(self, asked: Asked, growth: Growing, pause: _Pause) -> None:
        """It has stopped as it was told to."""
        if pause.again is not None:
            back = partial(self._back, asked, growth, pause.again)
            QTimer.singleShot(0, self, back)  # when the engine is free
            return
        at = growth.count if pause.at is None else pause.at
        self._holds[asked.document] = Held(asked, growth, at)
        self.held.emit(asked.document)
        if pause.plays and growth is self._watch.growth:  # if it is in front
            self._watch.play()

    def _warn(self, asked: Asked, value: GrownPicture) -> None:
        """Say once that garbage grows, and offer to go back."""
        if value.health is not None and value.health.garbage_grew and not self._warned:
            self._warned = True
            back = partial(self._go_back, asked, value.growth, value.health.last_good)
            self._session.told.emit(Told("warning", value.health.verdict, answers={BACK: back}))

    def _go_back(self, asked: Asked, growth: Growing, moment: int) -> None:
        """Grow once more from this moment, wherever the growth is by now."""
        if self._asked is asked:
            self._pause = _Pause(again=moment)
            self._session.stop()
        else:
            self._watch.when_still(partial(self._back, asked, growth, moment))

    def _back(self, asked: Asked, growth: Growing, moment: int) -> None:
        document, instead = asked.document, asked.instead
        last = document.history.now.command
        if isinstance(last, Reshape) and last.growth is growth:
            instead = last  # it has come to its end
        elif document not in self._session.documents or document.history.now is not asked.state:
            self._tell(self.tr("The picture has become another one: nothing was changed."))
            return
        self.begin(GoOn.of(asked.operation, growth).from_moment(moment), instead, document)

    def _adopt(self, document: Document) -> None:
        """What somebody else began, as a message over the canvas may."""
        operation, instead = self._session.solved or (None, None)
        if isinstance(operation, Texture) and not isinstance(instead, Swap):
            self._attend(Asked(document, document.history.now, operation, instead))

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
        held = self._holds.pop(document, None)
        if held is not None and held.growth is self._watch.growth:
            self._watch.follow(None)
