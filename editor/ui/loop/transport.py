"""The row over the picture: play and step, where it is, what plays, how fast."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.engine.clip import Clip
from editor.ui.theme import GRID, ui_font
from editor.ui.tool_bar import rule
from editor.ui.widgets import IconButton, Segmented


class Transport(QWidget):
    """Signals: play_wanted(), step_wanted(int), manner_changed(str), range_wanted(str),
    full_wanted().
    """

    play_wanted = Signal()
    step_wanted = Signal(int)
    manner_changed = Signal(str)
    range_wanted = Signal(str)
    full_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(46)
        self.play = IconButton("play", self.tr("Play"), "Space")
        self.back = IconButton("step-back", self.tr("One frame back"), "←")
        self.forward = IconButton("step-forward", self.tr("One frame on"), "→")
        self.mark_in = IconButton("mark-in", self.tr("Begin here"), "I")
        self.mark_out = IconButton("mark-out", self.tr("End here"), "O")
        self.full = IconButton("full-screen", self.tr("Full screen"), "F")
        self._time = QLabel()
        self._time.setFont(ui_font(tabular=True))
        self._frame = QLabel()
        self._frame.setObjectName("muted")
        self._frame.setFont(ui_font(tabular=True))
        self._speed = QLabel()
        self._speed.setFont(ui_font(tabular=True))
        self.manner = Segmented(
            [
                ("clip", self.tr("Clip")),
                ("loop", self.tr("Loop")),
                ("endless", self.tr("Endless")),
            ],
            name=self.tr("What plays"),
        )
        self.play.clicked.connect(self.play_wanted)
        self.back.clicked.connect(self._back)
        self.forward.clicked.connect(self._forward)
        self.mark_in.clicked.connect(self._begin)
        self.mark_out.clicked.connect(self._end)
        self.manner.changed.connect(self._manner)
        self.full.clicked.connect(self.full_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(GRID)
        for button in (self.play, self.back, self.forward):
            row.addWidget(button)
        row.addWidget(rule())
        row.addWidget(self._time)
        row.addWidget(self._frame)
        row.addStretch(1)
        row.addWidget(self._speed)
        row.addWidget(rule())
        row.addWidget(self.mark_in)
        row.addWidget(self.mark_out)
        row.addWidget(rule())
        row.addWidget(self.manner)
        row.addWidget(self.full)
        self.show_clip(None)

    def show_clip(self, clip: Clip | None) -> None:
        for widget in (self.play, self.back, self.forward, self.mark_in, self.mark_out, self.full):
            widget.setEnabled(clip is not None)
        self._clip = clip
        self.show_manner("clip", choice=False)
        self.show_speed(1.0)
        self.show_frame(0)

    def show_manner(self, manner: str, *, choice: bool) -> None:
        """What plays, and whether there is anything besides the clip as it is."""
        self.manner.setEnabled(choice)
        self.manner.set_value(manner)

    def show_playing(self, playing: bool) -> None:
        if playing:
            self.play.set_icon("pause", self.tr("Pause"))
        else:
            self.play.set_icon("play", self.tr("Play"))

    def show_frame(self, frame: int) -> None:
        if self._clip is None:
            self._time.setText("00:00.000")
            self._frame.setText("")
            return
        self._time.setText(clock(float(self._clip.times[frame] - self._clip.times[0])))
        words = self.tr("frame {0} of {1}").replace("{0}", str(frame))
        self._frame.setText(words.replace("{1}", str(self._clip.count)))

    def show_speed(self, speed: float) -> None:
        self._speed.setText(f"{speed:.2g}×")
        self._speed.setToolTip(self.tr("J plays backwards, K pauses, L plays, again faster"))

    def _back(self) -> None:
        self.step_wanted.emit(-1)

    def _forward(self) -> None:
        self.step_wanted.emit(1)

    def _begin(self) -> None:
        self.range_wanted.emit("in")

    def _end(self) -> None:
        self.range_wanted.emit("out")

    def _manner(self, manner: str) -> None:
        self.manner_changed.emit(manner)


def clock(seconds: float) -> str:
    """Minutes, seconds and thousandths; hours where there are any."""
    whole, thousandths = divmod(round(1000 * seconds), 1000)
    minutes, seconds_ = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02}:{seconds_:02}.{thousandths:03}"
    return f"{hours}:{text}" if hours else text
