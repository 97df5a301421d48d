"""The same texture grown with several windows, side by side, to take one of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QWidget

from editor.engine.image import Size
from editor.ui.texture.pane import Pane
from editor.ui.theme import GRID

_COLUMNS = 2


class Strip(QWidget):
    """Signals: taken(int), the number of the window that was clicked."""

    taken = Signal(int)

    def __init__(self, windows: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.windows = tuple(windows)
        self.panes: list[Pane] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        for number, window in enumerate(windows):
            pane = Pane(self.tr("Window {}").format(window), foot=2 * GRID)
            pane.setToolTip(self.tr("Take the texture of this window  ({})").format(number + 1))
            pane.pressed.connect(self._pressed)
            pane.pointed.connect(self._pointed)
            self.panes.append(pane)
            grid.addWidget(pane, *divmod(number, _COLUMNS))

    def show_image(self, number: int, image: QImage | None, size: Size, hint: str = "") -> None:
        self.panes[number].show_image(image, size, hint)

    @Slot()
    def _pressed(self) -> None:
        pane = self.sender()
        assert isinstance(pane, Pane)
        self.taken.emit(self.panes.index(pane))

    @Slot(int, int)
    def _pointed(self, x: int, _y: int) -> None:
        pane = self.sender()
        assert isinstance(pane, Pane)
        pane.lit = x >= 0
        pane.update()
