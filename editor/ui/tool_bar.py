"""The row over the canvas: the mode's tools, the chosen tool's settings, add or subtract.

Every tool is there once, whichever modes have it, and keeps its settings from one to the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QStackedWidget, QWidget

from editor.operations.base import Declared
from editor.tools.base import Tool
from editor.ui.panels.fields import Fields
from editor.ui.theme import GRID
from editor.ui.widgets import IconButton, Segmented

_RULE_BEFORE = ("line", "heal")  # guides; and what acts when the stroke ends


class ToolBar(QWidget):
    """Signals: chosen(Tool); tuned(Tool) — its settings; subtract_chosen(bool)."""

    chosen = Signal(object)
    tuned = Signal(object)
    subtract_chosen = Signal(bool)

    def __init__(self, tools: Sequence[Tool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(46)
        self._tools = list(tools)
        self._tool = self._tools[0]
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(GRID)
        self._offered = self._tools
        self._group = QButtonGroup(self)
        self._rules: dict[str, QFrame] = {}
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID // 2)
        for index, tool in enumerate(self._tools):
            if tool.name in _RULE_BEFORE:
                self._rules[tool.name] = rule()
                buttons.addWidget(self._rules[tool.name])
            button = IconButton(tool.icon, self.tr(tool.caption), tool.key, checkable=True)
            self._group.addButton(button, index)
            buttons.addWidget(button)
        row.addLayout(buttons)
        row.addWidget(rule())
        self._settings = QStackedWidget()
        self._fields: list[Fields] = []
        for tool in self._tools:
            fields = Fields(tool.Settings, bar=True)
            fields.changed.connect(self._tuned)
            self._fields.append(fields)
            self._settings.addWidget(held_left(fields))
        row.addWidget(self._settings, 1)
        self._rule_of_sign = rule()
        row.addWidget(self._rule_of_sign)
        self._sign = Segmented(
            [(False, "+"), (True, "−")],
            name=self.tr("Add to the mask or take away from it"),
            words=[self.tr("Add to the mask  (X)"), self.tr("Take away from the mask  (X)")],
        )
        self._sign.changed.connect(self._sign_chosen)
        row.addWidget(self._sign)
        self._group.idClicked.connect(self._clicked)

    @property
    def tool(self) -> Tool:
        return self._tool

    @property
    def tools(self) -> Sequence[Tool]:
        """Of all modes."""
        return self._tools

    @property
    def offered(self) -> Sequence[Tool]:
        """Those of the mode."""
        return self._offered

    def offer(self, kinds: Collection[type[Tool]], taken: Collection[str] = ()) -> None:
        """Only these tools are there to be taken; the one in hand stays, if it is one of them.

        Keys that are ``taken`` mean something else in the mode.
        """
        self._offered = [tool for tool in self._tools if type(tool) in kinds]
        # What goes goes first: all of them at once would make the window wider.
        for tool in sorted(self._tools, key=lambda one: one in self._offered):
            button = self._group.button(self._tools.index(tool))
            assert isinstance(button, IconButton)
            button.setVisible(tool in self._offered)
            button.set_key("" if tool.key in taken else tool.key)
            if tool.name in self._rules:
                self._rules[tool.name].setVisible(tool in self._offered)
        if self._offered:
            self.choose(self._tool if self._tool in self._offered else self._offered[0])

    def choose(self, tool: Tool) -> None:
        index = self._tools.index(tool)
        self._tool = tool
        self._group.button(index).setChecked(True)
        self._settings.setCurrentIndex(index)
        self._fields[index].set_value(tool.settings)
        for part in (self._sign, self._rule_of_sign):
            part.setVisible(tool.takes_away and tool.paint.colour is None)
        self.chosen.emit(tool)

    def show_settings(self) -> None:
        """The chosen tool's settings were changed by a key."""
        self._fields[self._tools.index(self._tool)].set_value(self._tool.settings)

    def show_subtract(self, subtract: bool) -> None:
        self._sign.set_value(subtract)

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self.choose(self._tools[index])

    @Slot(object)
    def _tuned(self, settings: Declared) -> None:
        self._tool.settings = settings
        self.tuned.emit(self._tool)

    @Slot(object)
    def _sign_chosen(self, subtract: bool) -> None:
        self.subtract_chosen.emit(subtract)


def rule() -> QFrame:
    """A thin upright line between groups."""
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedSize(1, 18)
    return line


def held_left(widget: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder
