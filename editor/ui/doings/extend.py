"""Extend mode: edges are dragged outwards or typed, and Enter fills what has come on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QTimer, Slot

from editor.engine.image import Rect
from editor.model.document import Document
from editor.operations import Extend, Operation
from editor.tools.extend import SIDES, ExtendTool, sides_of
from editor.ui.canvas.view import View
from editor.ui.doings.mode import ModeDoings

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.window import Window

_ROOM = 0.7  # of its fitted size is the picture seen, so that there is somewhere to drag to
_NOTHING: dict[str, Any] = dict.fromkeys(SIDES, 0)


class ExtendDoings(ModeDoings):
    """The frame on the canvas and the amounts in the options always say the same."""

    def __init__(self, window: Window, mode: Mode) -> None:
        super().__init__(window, mode)
        self._shown: Document | None = None
        self._view: View | None = None  # with room around the picture
        window.canvas.reframed.connect(self._reframed)

    def show(self, document: Document | None) -> None:
        canvas, before = self._window.canvas, self._shown
        self._shown = document
        if document is not None:
            self._offer(_NOTHING)
            if before is None and canvas.isVisible():
                self._make_room()
            elif before is None:  # it comes in the gallery's place
                QTimer.singleShot(0, self, self._make_room)
        elif before is not None and canvas.view == self._view:
            canvas.fit()

    @Slot()
    def _make_room(self) -> None:
        canvas = self._window.canvas
        if self._shown is not None and canvas.isVisible() and canvas.view.fitted:
            canvas.zoom_by(_ROOM)
            self._view = canvas.view

    def operation(self) -> Extend:
        return cast(Extend, super().operation())

    def go(self) -> None:
        """Enter, with no edge moved."""
        self._tell(self.tr("Drag an edge of the picture outwards, or say how far it should go."))

    def completed(self, operation: Operation) -> Operation:
        """The tool says how far, the options how."""
        if not isinstance(operation, Extend):
            return operation
        return replace(self.operation(), **{name: getattr(operation, name) for name in SIDES})

    @Slot(object)
    def tuned(self, operation: Operation) -> None:
        """An amount was typed."""
        tool = self._window.tool_bar.tool
        if self._shown is None or not isinstance(tool, ExtendTool):
            return
        values = operation.to_dict()
        sides = {name: values[name] for name in SIDES}
        if any(sides.values()):
            self._window.canvas.show_draft(tool.put_sides(self._shown, **sides))
        else:
            self._window.canvas.cancel_gesture()

    @Slot(object)
    def _reframed(self, frame: Rect | None) -> None:
        """An edge is somewhere else, or let go."""
        if self._shown is not None:
            self._offer(_NOTHING if frame is None else sides_of(frame, self._shown))

    def _offer(self, sides: dict[str, Any]) -> None:
        operation = replace(self.operation(), **sides)
        if operation != self.operation():
            self._window.options_of(self._mode.name).set_operation(operation)
