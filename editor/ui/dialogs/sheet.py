"""What every small window has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from editor.ui.theme import GRID

if TYPE_CHECKING:
    from editor.ui.window import Window


class Sheet(QDialog):
    """One of a kind per window: asked for again, it comes to the front."""

    title = ""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window_ = window
        self.setWindowTitle(self.tr(self.title))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.column.setSpacing(2 * GRID)

    @classmethod
    def open_for(cls, window: Window) -> Self:
        there = window.findChild(cls)
        sheet = cls(window) if there is None else there
        sheet.show()
        sheet.raise_()
        sheet.activateWindow()
        return sheet
