"""The panel at the right: the options of the mode, its sections, and the history below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from editor.operations.base import Operation
from editor.ui.modes import MODES, Mode
from editor.ui.panels.options import Options

_WIDTH = 308


class Panel(QScrollArea):
    """Signal: tuned(Operation) — an option of a mode was changed."""

    tuned = Signal(object)

    def __init__(
        self,
        sections: dict[str, QWidget],
        foot: QWidget,
        remembered: Callable[[type[Operation]], Operation],
    ) -> None:
        """``sections`` by the name that modes call them; ``foot`` is always there.

        Options begin as they are ``remembered``.
        """
        super().__init__()
        self._remembered = remembered
        self._sections = sections
        self._options: dict[str, Options] = {}
        inside = QWidget()
        inside.setObjectName("panelInside")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for section in sections.values():
            self._column.addWidget(section)
        self._column.addWidget(foot, 1)
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(_WIDTH)
        self.setWidget(inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the keys, and scrolls it

    def choose(self, mode: Mode) -> None:
        """Show what belongs to it."""
        shown = self.options_of(mode.name)
        for options in self._options.values():
            options.setVisible(options is shown)
        for name, section in self._sections.items():
            section.setVisible(name in mode.sections)

    def options_of(self, name: str) -> Options:
        """Those of a mode, made when somebody first asks for them: the window is there sooner."""
        if name not in self._options:
            mode = next(mode for mode in MODES if mode.name == name)
            options = self._options[name] = Options(mode.operation)
            options.setVisible(False)
            options.set_operation(self._remembered(mode.operation))
            options.changed.connect(self.tuned)
            self._column.insertWidget(0, options)
        return self._options[name]

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Of each mode that was chosen until now, by its name."""
        return {name: options.operation() for name, options in self._options.items()}
