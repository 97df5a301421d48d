"""What a mode does with a document: what it shows, and what Enter and Esc mean in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from editor.model.commands import Reshape, Swap
from editor.model.document import Document
from editor.operations.base import Operation, Paused
from editor.ui.action_bar import ActionBar
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.files.samples import Sample
    from editor.tools.base import Tool
    from editor.ui.canvas import Canvas
    from editor.ui.loop.painted import PaintedScreen
    from editor.ui.modes import Mode
    from editor.ui.window import Window


class ModeDoings(Doings):
    """As it is for a mode that paints a mask on the canvas and presses Enter; others differ."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window)
        self._mode = mode

    @property
    def action_bar(self) -> ActionBar | None:
        """That over its own stage, once there is one; None if it works on the canvas."""
        return None

    @property
    def paused(self) -> Paused | None:
        """What is paused of the document in front, in this mode; None while it is solved."""
        document = self._session.current
        if document is None or self._session.solves(document):
            return None
        return document.paused(self._mode.operation)

    @property
    def label(self) -> str:
        """What Enter does now, in a word."""
        return self._mode.operation.label if self.paused is None else "Go on"

    @property
    def starts_empty(self) -> bool:
        """Whether there is something to do in it before a document is open."""
        return False

    def stage(self) -> QWidget:
        """What stands in the middle of the window."""
        return self._window.canvas

    @property
    def surface(self) -> Canvas | PaintedScreen:
        """What the tools paint on, and zooming from the menu zooms."""
        return self._window.canvas

    @property
    def paints(self) -> bool:
        """Whether a tool is in hand."""
        return bool(self._mode.tools)

    @property
    def has_options(self) -> bool:
        """Whether the panel at the right is shown: the options of the operation, the history."""
        return True

    @property
    def hint(self) -> str:
        """One line for the tool in hand, or for what is paused."""
        if self.paused is not None:
            return "Space or Enter goes on, Keep takes what there is, Esc forgets it."
        return self._window.tool_bar.tool.hint

    @property
    def settled(self) -> bool:
        """Whether everything is drawn as it should be."""
        return True

    def focus(self) -> None:
        """The keys are for what is in the middle."""
        self.surface.setFocus()

    def take(self, tool: Tool) -> None:
        """This tool was chosen."""
        self._window.canvas.set_tool(tool)

    def begin(self) -> None:
        """A tool was chosen by its key: somebody wants to paint."""

    def show(self, document: Document | None) -> None:
        """This document is in front, in this mode; None: none is, or another mode is chosen."""

    def go(self) -> None:
        """Enter, when nothing nearer to the hand takes it."""
        if self.paused is not None:
            self.resume()
        elif self._mode.needs_mask and not self._document.masked:
            self._tell(self.tr(self._mode.needs_mask))
        else:
            self.do(self.operation())

    def open_sample(self, sample: Sample) -> None:
        """One that is for this mode."""
        self._filing.open_sample(sample)

    def make_ready(self, settings: Mapping[str, Any]) -> None:
        """A sample is open that wants these options: now Enter does what it is for."""
        operation = self._mode.operation.from_dict(dict(settings))
        self._window.options_of(self._mode.name).set_operation(operation)
        self.tuned(operation)

    def restore(self, operation: Operation) -> None:
        """A project is open that was made with these options."""
        self._window.options_of(self._mode.name).set_operation(operation)

    def completed(self, operation: Operation) -> Operation:
        """What a gesture asks for, with what only the options say."""
        return operation

    def leave(self) -> bool:
        """Esc, when no gesture and no solve takes it; False if there is nothing to leave."""
        paused = self.paused
        if paused is None:
            return False
        self._document.forget(type(paused.on))
        return True

    def keep(self) -> None:
        """Keep is pressed, and nothing is being solved: what is paused is taken as it is."""
        if (paused := self.paused) is not None:
            self.do(paused.so_far, paused.instead)

    def resume(self) -> None:
        """Space is tapped, and nothing is being solved: what is paused goes on."""
        if (paused := self.paused) is not None:
            self.do(paused.on, paused.instead)

    def do(self, operation: Operation, instead: Swap | Reshape | None = None) -> None:
        """With the other pictures that it needs."""
        self.start(operation, other=self._window.copied_from, instead=instead)

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        """An option of its operation was changed."""

    def end(self) -> None:
        """The window closes."""

    def operation(self) -> Operation:
        """As the options are set."""
        return self._window.options_of(self._mode.name).operation()
