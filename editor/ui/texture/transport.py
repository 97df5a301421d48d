"""The row under a growth: play and pause, a pixel back or on, any moment, and how fast."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.ui.texture.watch import FULL
from editor.ui.theme import GRID, ui_font
from editor.ui.tool_bar import rule
from editor.ui.widgets import IconButton, Segmented, Slider
from editor.ui.widgets.scale import Scale

_PARTS = 1000  # of the growth, on the slider


class Transport(QWidget):
    """Signals: play_wanted(); step_wanted(int); moment_wanted(int), so many pixels have grown
    then; pace_changed(int), pixels a second.
    """

    play_wanted = Signal()
    step_wanted = Signal(int)
    moment_wanted = Signal(int)
    pace_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(46)
        self._count, self.moment = 0, 0
        self.play = IconButton("play", self.tr("Play"), "Space")
        self._back = IconButton("step-back", self.tr("One pixel back"), "←")
        self._forward = IconButton("step-forward", self.tr("One pixel on"), "→")
        for button, key in ((self._back, "←"), (self._forward, "→")):
            button.setToolTip(
                f"{button.text()}  ({key}; {self.tr('ten with Shift, a hundred with Ctrl')})"
            )
        self._slider = Slider(Scale(0, _PARTS, 1), _PARTS)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # or it would take the arrow keys
        self._slider.setAccessibleName(self.tr("Moment of the growth"))
        self._slider.setToolTip(
            self.tr("Goes back to any moment: the window, what matches it, and what was chosen")
        )
        self._said = QLabel()
        self._said.setFont(ui_font(tabular=True))
        self._pace = Segmented(
            [(1, "1"), (10, "10"), (100, "100"), (FULL, self.tr("Full"))],
            FULL,
            name=self.tr("Pixels a second"),
            words=[
                self.tr("One pixel a second"),
                self.tr("Ten pixels a second"),
                self.tr("A hundred pixels a second"),
                self.tr("As fast as it goes"),
            ],
        )
        unit = QLabel(self.tr("px/s"))
        unit.setObjectName("muted")
        self.play.clicked.connect(self.play_wanted)
        self._back.clicked.connect(self._go_back)
        self._forward.clicked.connect(self._go_on)
        self._slider.changed.connect(self._slid)
        self._pace.changed.connect(self.pace_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(GRID)
        for widget in (self.play, self._back, self._forward):
            row.addWidget(widget)
        row.addWidget(self._slider, 1)
        row.addWidget(self._said)
        row.addWidget(rule())
        row.addWidget(self._pace)
        row.addWidget(unit)

    def show_moment(self, moment: int, count: int, total: int) -> None:
        """So many pixels are seen of those that have grown, and of all there will be."""
        self._count, self.moment = count, moment
        self._slider.set_number(round(_PARTS * moment / max(1, count)))
        words = self.tr("pixel {0} of {1}").replace("{0}", grouped(moment))
        self._said.setText(words.replace("{1}", grouped(total)))

    def show_playing(self, playing: bool) -> None:
        words = self.tr("Pause") if playing else self.tr("Play")
        self.play.set_icon("pause" if playing else "play", words)

    def show_growing(self, growing: bool) -> None:
        """While it grows as fast as it goes, it can only be paused."""
        self.show_playing(growing)
        for widget in (self._back, self._forward, self._slider):
            widget.setEnabled(not growing)

    @Slot()
    def _go_back(self) -> None:
        self.step_wanted.emit(-1)

    @Slot()
    def _go_on(self) -> None:
        self.step_wanted.emit(1)

    @Slot(object)
    def _slid(self, part: int) -> None:
        self.moment_wanted.emit(round(part * self._count / _PARTS))


def grouped(number: int) -> str:
    """With thin spaces between the thousands."""
    return f"{number:,}".replace(",", "\u202f")
