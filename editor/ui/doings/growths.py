"""What grows pixel by pixel: garbage is said, and grown once more from where it was good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Slot

from editor.engine.moment import Growing
from editor.model.commands import Reshape
from editor.model.document import Document
from editor.model.history import State
from editor.news import Shown, Told, Working
from editor.operations import GoOn, Texture
from editor.operations.grown import GrownPicture
from editor.operations.growth import BACK
from editor.ui.doings.base import Doings
from editor.ui.texture.watch import Watch

if TYPE_CHECKING:
    from editor.ui.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A texture that grows: of what, how, and in the place of which step."""

    document: Document
    state: State  # of the document
    operation: Texture
    instead: Reshape | None


class Growths(Doings):
    """Of all documents, whichever is in front."""

    def __init__(self, window: Window, watch: Watch) -> None:
        super().__init__(window)
        self._watch = watch
        self._growth: Growing | None = None  # that the engine is at
        self._warned: Growing | None = None  # it was said that garbage grows
        self._then: Callable[[], None] | None = None  # when the engine is free
        self._session.results.shown.connect(self._grows)
        self._session.working.connect(self._working)

    @Slot(object)
    def _working(self, working: Working | None) -> None:
        if working is None:
            self._growth = None
            then, self._then = self._then, None
            if then is not None:
                QTimer.singleShot(0, self, then)

    @Slot(object)
    def _grows(self, shown: Shown) -> None:
        """Say once that garbage grows, and offer to go back."""
        value, (operation, instead) = shown.value, self._session.solved or (None, None)
        if not isinstance(value, GrownPicture) or not isinstance(operation, Texture):
            return
        self._growth = value.growth
        garbage = value.health is not None and value.health.garbage_grew
        if value.health is not None and garbage and self._warned is not value.growth:
            self._warned = value.growth
            document = shown.document
            asked = _Asked(document, document.history.now, operation, cast("Reshape", instead))
            back = partial(self._go_back, asked, value.growth, value.health.last_good)
            self._session.told.emit(Told("warning", value.health.verdict, answers={BACK: back}))

    def _go_back(self, asked: _Asked, growth: Growing, moment: int) -> None:
        """Grow once more from this moment, wherever the growth is by now."""
        again = GoOn.of(asked.operation, growth).from_moment(moment)
        begin = partial(self._begin_again, asked, again)
        if growth is self._growth:
            self._then = begin
            self._session.stop()
        else:
            self._watch.when_still(begin)

    def _begin_again(self, asked: _Asked, again: GoOn) -> None:
        document, instead = asked.document, asked.instead
        last = document.history.now.command
        if isinstance(last, Reshape) and last.growth is again.growth:
            instead = last  # it has come to its end
        elif document not in self._session.documents or document.history.now is not asked.state:
            self._tell(self.tr("The picture has become another one: nothing was changed."))
            return
        self._session.do(again, document, instead=instead)
