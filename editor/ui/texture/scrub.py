"""The way back through a growth: a slider over all its pixels, and one pixel back or on."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.ui.theme import GRID, ui_font
from editor.ui.widgets import IconButton, Slider
from editor.ui.widgets.scale import Scale

_PARTS = 1000  # of the growth, on the slider


class Scrub(QWidget):
    """Signals: wanted(int), so many pixels have grown then."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._moment = 0, 0
        self._back = IconButton("step-back", self.tr("One pixel back"), "←")
        self._forward = IconButton("step-forward", self.tr("One pixel on"), "→")
        self._slider = Slider(Scale(0, _PARTS, 1), _PARTS)
        self._slider.setAccessibleName(self.tr("Moment of the growth"))
        self._slider.setToolTip(self.tr("Goes back to any moment of the growth"))
        self._said = QLabel()
        self._said.setFont(ui_font(tabular=True))
        self._back.clicked.connect(self._go_back)
        self._forward.clicked.connect(self._go_on)
        self._slider.changed.connect(self._slid)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._back)
        row.addWidget(self._forward)
        row.addWidget(self._slider, 1)
        row.addWidget(self._said)

    def show_count(self, count: int) -> None:
        """So many pixels have grown, and all of them are to be seen."""
        self._count = count
        self._show(count)

    @property
    def moment(self) -> int:
        return self._moment

    def step(self, by: int) -> None:
        """So many pixels on, or back."""
        self._want(self._moment + by)

    def _want(self, moment: int) -> None:
        self._show(min(max(moment, 0), self._count))
        self.wanted.emit(self._moment)

    def _show(self, moment: int) -> None:
        self._moment = moment
        self._slider.set_number(round(_PARTS * moment / max(1, self._count)))
        words = self.tr("pixel {0} of {1}").replace("{0}", f"{moment:,}".replace(",", "\u202f"))
        self._said.setText(words.replace("{1}", f"{self._count:,}".replace(",", "\u202f")))

    @Slot()
    def _go_back(self) -> None:
        self.step(-1)

    @Slot()
    def _go_on(self) -> None:
        self.step(1)

    @Slot(object)
    def _slid(self, part: int) -> None:
        self._want(round(part * self._count / _PARTS))
