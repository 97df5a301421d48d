"""A spot of colour that opens a small choice of colours, and takes any other as #rrggbb."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRegularExpression, Qt, Signal, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMenu, QWidget, QWidgetAction

from editor.ui.theme import GRID, ui_font
from editor.ui.widgets import Chip

COLOURS = (
    "#ffffff", "#e7e7e5", "#9aa0a6", "#4a4e54", "#1b1c1e", "#000000",
    "#f2e6cf", "#e3b778", "#c9774a", "#8f3f34", "#5b2f3a", "#2e2440",
    "#cfe3ee", "#7fb0d2", "#3f6fa8", "#cfe6d0", "#6fa877", "#2f6b4f",
)  # fmt: skip
_COLUMNS = 6


class ColourButton(Chip):
    """Signals: changed("#rrggbb")."""

    changed = Signal(object)

    def __init__(self, colour: str, name: str) -> None:
        super().__init__(colour, name)
        self.setCheckable(False)
        self.clicked.connect(self._open)

    def set_value(self, colour: str) -> None:
        self._colour = colour
        self.update()

    def value(self) -> str:
        return self._colour

    @Slot()
    def _open(self) -> None:
        menu = self.menu()
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), self.height())))

    def menu(self) -> QMenu:
        """The colours to choose from."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = QWidget()
        grid = QGridLayout(room)
        grid.setContentsMargins(GRID, GRID, GRID, GRID)
        grid.setSpacing(2)
        for number, colour in enumerate(COLOURS):
            chip = Chip(colour, colour)
            chip.setChecked(colour == self._colour)
            chip.clicked.connect(partial(self._chosen, colour, menu))
            grid.addWidget(chip, *divmod(number, _COLUMNS))
        field = QLineEdit(self._colour)
        field.setFont(ui_font(tabular=True))
        field.setAccessibleName(self.tr("Any other colour, as #rrggbb"))
        field.setToolTip(field.accessibleName())
        field.setValidator(QRegularExpressionValidator(QRegularExpression("#[0-9a-fA-F]{6}")))
        field.returnPressed.connect(partial(self._typed, field, menu))
        grid.addWidget(field, len(COLOURS) // _COLUMNS, 0, 1, _COLUMNS)
        action = QWidgetAction(menu)
        action.setDefaultWidget(room)
        menu.addAction(action)
        return menu

    def _typed(self, field: QLineEdit, menu: QMenu) -> None:
        self._chosen(field.text().lower(), menu)

    def _chosen(self, colour: str, menu: QMenu, _: bool = False) -> None:
        menu.close()
        self.set_value(colour)
        self.changed.emit(colour)
