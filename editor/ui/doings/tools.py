"""What the person has in hand: a tool, what it paints, and whether it adds or takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut

from editor.tools.base import Tool
from editor.tools.masking import MASK, Paint
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.ui.window import Window


class ToolDoings(Doings):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.paint = MASK
        self._bar = window.tool_bar
        self._bar.chosen.connect(self._taken)
        self._bar.tuned.connect(self._tuned)
        self._bar.subtract_chosen.connect(self.set_subtract)
        window.mask_panel.paint_chosen.connect(self.set_paint)
        for letter in dict.fromkeys(tool.key for tool in self._bar.tools):
            key = QShortcut(QKeySequence(letter), window)
            key.setProperty("letter", letter)
            key.activated.connect(self._key_pressed)

    def choose(self, name: str) -> None:
        self._bar.choose(next(tool for tool in self._bar.tools if tool.name == name))

    def show_hint(self) -> None:
        """What the tool in hand does."""
        doing = self._window.doing
        there = self._session.current is not None and doing.paints
        self._window.status.show_hint(self.tr(doing.hint) if there else "")

    @Slot(bool)
    def set_subtract(self, subtract: bool) -> None:
        self._window.canvas.subtract = self._window.doing.surface.subtract = subtract
        self._bar.show_subtract(subtract)

    @Slot(object)
    def set_paint(self, paint: Paint) -> None:
        """From now on the tools paint this: the mask, the source area or a region."""
        self.paint = paint
        for tool in self._bar.tools:
            tool.paint = paint
        self._window.canvas.painted = paint.plane
        self._window.mask_panel.show_paint(paint)
        self._window.enable()

    @Slot(object)
    def _taken(self, tool: Tool) -> None:
        doing = self._window.doing
        doing.take(tool)
        self.show_hint()
        doing.surface.setFocus()

    @Slot(object)
    def _tuned(self, tool: Tool) -> None:
        self._window.settings.set(f"tools.{tool.name}", tool.settings.to_dict())
        self._window.doing.surface.update()

    @Slot()
    def _key_pressed(self) -> None:
        letter = self.sender().property("letter")
        for tool in self._bar.offered:
            if tool.key == letter and letter not in self._window.mode.taken:
                self._bar.choose(tool)
                self._window.doing.begin()
