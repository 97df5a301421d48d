"""The third step: a stage on which the creature follows the pointer, and its controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.engine.clip import Frame
from editor.engine.image import Size
from editor.engine.sprite import Sprite
from editor.ui.loop.pictures import image_of
from editor.ui.sprite.actor import FASTEST, MOST, SLOWEST, Actor, Recording
from editor.ui.sprite.pitch import Pitch
from editor.ui.theme import GRID, ui_font
from editor.ui.tool_bar import rule
from editor.ui.widgets import IconButton, IconSwitch, LabeledSlider, Segmented

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class SteerPage(QWidget):
    """Signals: background_wanted("none" | "own" | "picture"), background_dropped(Path),
    recording_changed().
    """

    background_wanted = Signal(object)
    background_dropped = Signal(object)
    recording_changed = Signal()

    def __init__(self, drawn: Callable[..., Any]) -> None:
        super().__init__()
        self.actor = Actor(self)
        self.pitch = Pitch(self.actor, drawn)
        self.recording: Recording | None = None
        self._down: set[Qt.Key] = set()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pitch)
        self.setFocusProxy(self.pitch)
        self.pitch.dropped.connect(self.background_dropped)
        self.pitch.unfocused.connect(self.let_go)
        self._make_bar()
        self._make_foot()
        self.actor.running_changed.connect(self._show_running)
        self.actor.recorded.connect(self._recorded)

    def _make_bar(self) -> None:
        self.background = Segmented(
            [
                ("none", self.tr("Plain")),
                ("own", self.tr("Its own")),
                ("picture", self.tr("Picture…")),
            ],
            name=self.tr("What is behind the creature"),
        )
        self.background.setToolTip(self.tr("What is behind the creature; drop a picture on it too"))
        self.background.changed.connect(self.background_wanted)
        self.trails = IconSwitch("line", self.tr("Draw the way it went  (T)"), True)
        self.trails.changed.connect(self.pitch.show_trails)
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.trails)
        row.addStretch(1)
        row.addWidget(self.background)

    def _make_foot(self) -> None:
        self.play = IconButton("play", self.tr("Play"), "Space")
        self.play.clicked.connect(self.toggle)
        self.speed = LabeledSlider(
            self.tr("Speed"), SLOWEST, FASTEST, 1.0, 0.05, "×", logarithmic=True, caption_width=0
        )
        self.speed.changed.connect(self.actor.set_speed)
        self.copies = LabeledSlider(self.tr("Creatures"), 1, MOST, 1, caption_width=0)
        self.copies.changed.connect(self.actor.set_copies)
        self._told = QLabel()
        self._told.setObjectName("muted")
        self._told.setFont(ui_font(tabular=True))
        self.foot = QWidget()
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(GRID + 6, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self.play)
        row.addWidget(rule())
        row.addWidget(self.speed, 1)
        row.addSpacing(GRID)
        row.addWidget(self.copies, 1)
        row.addSpacing(GRID)
        row.addWidget(self._told)
        row.addStretch(1)

    # ── what is shown ──

    def show_control(self, sprite: Sprite | None, control: Any) -> None:
        """What is steered and how; None stops it."""
        if sprite is not self.actor.sprite:
            self.show_recording(None)
        self.actor.show_control(sprite, control)

    def show_stage(self, size: Size | None, background: Frame | None, kind: str) -> None:
        """The size of the stage, and what is behind the creature."""
        image: QImage | None = None if background is None else image_of(background[..., :3])
        self.background.set_value(kind)
        self.pitch.show_stage(size, image)
        if size is not None:
            self.actor.set_stage(size)

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        self.actor.play(not self.actor.running)

    @Slot(bool)
    def _show_running(self, running: bool) -> None:
        icon, words = ("pause", self.tr("Pause")) if running else ("play", self.tr("Play"))
        self.play.set_icon(icon, words)

    def show_recording(self, recording: Recording | None) -> None:
        """What was recorded last."""
        self.recording = recording
        self._tell()

    @Slot(object)
    def _recorded(self, recording: Recording | None) -> None:
        self.show_recording(recording)
        self.recording_changed.emit()

    def _tell(self) -> None:
        words = ""
        if self.recording is not None:
            words = self.tr("{0} s recorded")
            words = words.replace("{0}", f"{self.recording.seconds:.1f}")
        self._told.setText(words)

    # ── keys ──

    def push(self, key: Qt.Key, down: bool) -> bool:
        """An arrow key goes down or up; False if it is none."""
        if key not in _ARROWS:
            return False
        (self._down.add if down else self._down.discard)(key)
        self._pushed()
        return True

    def _pushed(self) -> None:
        pairs = [_ARROWS[key] for key in self._down]
        self.actor.pushed = sum(x for x, _ in pairs), sum(y for _, y in pairs)
        if self._down:
            self.actor.play()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or not self.push(Qt.Key(event.key()), True):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or not self.push(Qt.Key(event.key()), False):
            event.ignore()

    @Slot()
    def let_go(self) -> None:
        """No key is down any more."""
        self._down.clear()
        self._pushed()

    def hideEvent(self, event: QEvent) -> None:
        self.let_go()
        self.actor.record(False)
        self.actor.play(False)
