"""The row under something that is gone through: play and pause, a step back or on, any moment, and
how fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.tool_bar import rule
from editor.ui.widgets import IconButton, Segmented, Slider
from editor.ui.widgets.scale import Scale

_PARTS = 1000  # of the whole, on the slider


@dataclass(frozen=True, slots=True)
class Words:
    """What the row says of what is gone through."""

    back: str
    on: str
    further: str  # which keys go further than a step
    slider: str  # its name
    help: str  # what going to any moment shows
    paces: str  # the name of the choice
    unit: str  # behind it


class Transport(QWidget):
    """Signals: play_wanted(); step_wanted(int); moment_wanted(int); pace_changed(object), one of
    the paces.
    """

    play_wanted = Signal()
    step_wanted = Signal(int)
    moment_wanted = Signal(int)
    pace_changed = Signal(object)

    def __init__(
        self,
        words: Words,
        paces: Sequence[tuple[object, str, str]],
        pace: object,
        parent: QWidget | None = None,
    ) -> None:
        """``paces`` are (value, caption, the same in words)."""
        super().__init__(parent)
        self.setObjectName("toolBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(46)
        self._last, self.moment = 0, 0
        self.play = IconButton("play", self.tr("Play"), "Space")
        self._back = IconButton("step-back", words.back, "←")
        self._forward = IconButton("step-forward", words.on, "→")
        for button, key in ((self._back, "←"), (self._forward, "→")):
            button.setToolTip(f"{button.text()}  ({key}; {words.further})")
        self._slider = _Line()
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # or it would take the arrow keys
        self._slider.setAccessibleName(words.slider)
        self._slider.setToolTip(words.help)
        self._said = QLabel()
        self._said.setFont(ui_font(tabular=True))
        self._pace = Segmented(
            [(value, caption) for value, caption, _ in paces],
            pace,
            name=words.paces,
            words=[spoken for *_, spoken in paces],
        )
        unit = QLabel(words.unit)
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

    def show_at(self, moment: int, last: int, words: str) -> None:
        """This moment is seen, of those up to the last."""
        self._last, self.moment = last, moment
        self._slider.set_number(round(_PARTS * moment / max(1, last)))
        self._said.setText(words)

    def show_chapters(self, chapters: Sequence[float]) -> None:
        """Where something new begins, as parts of the whole."""
        self._slider.show_chapters(chapters)

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
        self.moment_wanted.emit(round(part * self._last / _PARTS))


class _Line(Slider):
    """With a notch where a chapter begins."""

    def __init__(self) -> None:
        super().__init__(Scale(0, _PARTS, 1), 0)
        self._chapters: tuple[float, ...] = ()

    def show_chapters(self, chapters: Sequence[float]) -> None:
        if tuple(chapters) != self._chapters:
            self._chapters = tuple(chapters)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        edge = 6.0  # of the track, where the handle's middle never comes
        room = self.width() - 2 * edge
        for part in self._chapters:
            notch = QRectF(edge + part * room - 0.5, self.height() / 2 + 5, 1, 5)
            painter.fillRect(notch, QColor(Theme.of(self).disabled))
        painter.end()
        super().paintEvent(event)


def grouped(number: int) -> str:
    """With thin spaces between the thousands."""
    return f"{number:,}".replace(",", "\u202f")
