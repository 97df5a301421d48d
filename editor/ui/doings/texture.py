"""Texture mode: the sample stands beside what grows from it, and Enter makes another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot

from editor.engine.image import Mask, Picture, Rect, Size
from editor.engine.step import Step
from editor.model.commands import Reshape
from editor.model.document import Document
from editor.operations import Operation, Texture
from editor.operations.new_picture import NewPicture
from editor.operations.texture import GrownPicture
from editor.session import Shown
from editor.ui.action_bar import ActionBar
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.texture.stage import TextureStage
    from editor.ui.window import Window

_MATCHES = 60  # of a pixel, the best ones, that are framed


class TextureDoings(ModeDoings):
    """The stage is made when it is first looked at."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._stage: TextureStage | None = None
        self._action_bar: ActionBar | None = None
        self._shown: Document | None = None
        self._looking = False
        window.session.shown.connect(self._grows)

    @property
    def action_bar(self) -> ActionBar | None:
        return self._action_bar

    def stage(self) -> TextureStage:
        if self._stage is None:
            from editor.ui.texture.stage import TextureStage

            self._stage = TextureStage()
            self._action_bar = ActionBar(self._stage.output)
            self._window.follow_bar(self._action_bar)
            self._stage.scrub.wanted.connect(self._look)
            self._window.show_go()
        return self._stage

    def show(self, document: Document | None) -> None:
        if document is self._shown:
            return
        if self._shown is not None:
            self._shown.history.changed.disconnect(self._show)
        self._shown = document
        if document is not None:
            self.stage().follow(document.image, document.meta.icc)
            document.history.changed.connect(self._show)
            self._show()

    def go(self) -> None:
        """Another texture of the same sample takes the place of the last one."""
        self.stage().show_growth(None)
        self._session.do(self.operation(), instead=self._last())

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        if self._shown is not None and self._last() is None:
            self.stage().show_none(_size(operation))

    def _last(self) -> Reshape | None:
        """The last step, if it made a texture."""
        command = None if self._shown is None else self._shown.history.now.command
        if isinstance(command, Reshape) and isinstance(command.operation, Texture):
            return command
        return None

    @Slot()
    def _show(self) -> None:
        """The document as it is: a sample, or the texture that a sample became."""
        if self._shown is None:
            return
        last = self._last()
        growth = None if last is None else last.growth
        self.stage().show_growth(None if growth is None else growth.count)
        if last is None:
            self.stage().show_sample(self._shown.image)
            self.stage().show_none(_size(self.operation()))
        else:
            self.stage().show_output(self._shown.image)
            self._unpack(last)

    def _unpack(self, last: Reshape) -> None:
        """Show the sample that a texture was made of; large ones take a while to unpack."""
        document = self._shown

        def steps() -> Iterator[Step[Picture]]:
            yield Step(1.0, last.before)

        def settle(sample: Picture) -> None:
            if document is self._shown and last is self._last():
                self.stage().show_sample(sample)

        self._session.at_desk("Sample", steps, settle, quiet=True)

    @Slot(object)
    def _grows(self, shown: Shown) -> None:
        """An estimate has come, or there is none any more."""
        if shown.document is not self._shown or self._shown is None:
            return
        if isinstance(shown.value, NewPicture):
            known = shown.value.known if isinstance(shown.value, GrownPicture) else None
            self.stage().show_output(shown.value.pixels, known)
        elif shown.value is None:
            self._show()

    @Slot(int)
    def _look(self, moment: int) -> None:
        """Go back to a moment of the growth; of many moves of the hand the last one counts."""
        last = self._last()
        growth = None if last is None else last.growth
        if growth is None or self._looking:
            return
        self._looking = True

        def steps() -> Iterator[Step[Any]]:
            chosen = growth.moment(moment) if moment < growth.count else None
            yield Step(1.0, (growth.picture_at(moment), growth.known_at(moment), chosen))

        def settle(found: Any) -> None:
            self._looking = False
            if last is self._last() and not self._session.solving:
                self._show_moment(growth.rule.window, *found)
                if self.stage().scrub.moment != moment:
                    self._look(self.stage().scrub.moment)

        self._session.at_desk("Moment", steps, settle, quiet=True)

    def _show_moment(self, side: int, picture: Picture, known: Mask, moment: Any) -> None:
        if moment is None:
            self.stage().show_moment(picture, known, None, (), 0)
            return
        near = moment.distances.argsort(kind="stable")[:_MATCHES]
        if moment.chosen not in near:
            near[-1] = moment.chosen
        matches = [_window(x, y, side) for _, y, x in moment.matches[near].tolist()]
        chosen = near.tolist().index(moment.chosen)
        window = _window(int(moment.at.x), int(moment.at.y), side)
        self.stage().show_moment(picture, known, window, matches, chosen)


def _window(x: int, y: int, side: int) -> Rect:
    return Rect(x - side // 2, y - side // 2, side, side)


def _size(operation: Operation) -> Size:
    values = operation.to_dict()
    return Size(values["width"], values["height"])
