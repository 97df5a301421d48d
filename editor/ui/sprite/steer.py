"""The third step: a stage on which the creature follows the pointer, and its controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.engine.sprite import Sprite
from editor.tools.base import Tool
from editor.tools.goal import PathTool, PlaceTool
from editor.ui.loop.errands import Errands
from editor.ui.sprite.actor import FASTEST, MOST, SLOWEST, Actor, Recording
from editor.ui.sprite.colours import ColourButton
from editor.ui.sprite.floor import Floor
from editor.ui.sprite.ground import PLAIN, Backdrop, Ground
from editor.ui.sprite.kiosk import Kiosk
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
    """Signals: background_wanted("none" | "colour" | "own" | "file"), colour_wanted("#rrggbb"),
    file_wanted(), background_dropped(Path), recording_changed(), tool_changed().
    """

    background_wanted = Signal(object)
    colour_wanted = Signal(object)
    file_wanted = Signal()
    background_dropped = Signal(object)
    recording_changed = Signal()
    tool_changed = Signal()

    def __init__(self, errands: Errands, drawn: Callable[..., Any]) -> None:
        super().__init__()
        self.actor = Actor(self)
        self.ground = Ground(errands, self)
        self.pitch = Floor(self.actor, self.ground, drawn)
        self.kiosk: Kiosk | None = None
        self.recording: Recording | None = None
        self._drawn = drawn
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
        self.ground.changed.connect(self._ground_changed)

    def _make_bar(self) -> None:
        self.trails = IconSwitch("line", self.tr("Draw the way it went  (T)"), True)
        self.trails.changed.connect(self.pitch.show_trails)
        self.costs = IconSwitch(
            "costs", self.tr("Say beside the pointer what the last frame cost  (C)")
        )
        self.costs.changed.connect(self._show_costs)
        self._tools: tuple[Tool | None, ...] = (None, PathTool(), PlaceTool())
        self.tools = QButtonGroup(self)
        for number, (icon, words) in enumerate(
            (
                ("pointer", self.tr("Lead it with the pointer  (V)")),
                ("path", self.tr("Draw a path for it: drag, or click its corners  (D)")),
                ("target", self.tr("Send it to a place, where it rests  (G)")),
            )
        ):
            self.tools.addButton(IconButton(icon, words, checkable=True), number)
        self.tools.button(0).setChecked(True)
        self.tools.idClicked.connect(self.choose_tool)
        self._make_background()
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for button in self.tools.buttons():
            row.addWidget(button)
        row.addWidget(rule())
        row.addWidget(self.trails)
        row.addWidget(self.costs)
        row.addStretch(1)
        row.addWidget(self.colour)
        row.addWidget(self.background)
        row.addWidget(self.file)

    def _make_background(self) -> None:
        self.background = Segmented(
            [
                ("none", self.tr("None")),
                ("colour", self.tr("Colour")),
                ("own", self.tr("Its own")),
                ("file", self.tr("File")),
            ],
            name=self.tr("What is behind the creature"),
            words=[
                self.tr("Nothing behind it: films are transparent where the format can be"),
                self.tr("One colour behind it"),
                self.tr("The backdrop of its own clip, without it"),
                self.tr("The picture or the clip that was opened last"),
            ],
        )
        self.background.changed.connect(self.background_wanted)
        self.colour = ColourButton(PLAIN, self.tr("Which colour is behind it"))
        self.colour.changed.connect(self.colour_wanted)
        self.file = IconButton("folder", self.tr("Put a picture or a clip behind it, or drop one"))
        self.file.clicked.connect(self.file_wanted)

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
        self.full = IconButton(
            "full-screen", self.tr("Kiosk: only the stage, on the whole screen; Esc leaves"), "F"
        )
        self.full.clicked.connect(self.toggle_kiosk)
        self.foot = QWidget()
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(GRID)
        row.addWidget(self.play)
        row.addWidget(rule())
        row.addWidget(self.speed, 1)
        row.addSpacing(GRID)
        row.addWidget(self.copies, 1)
        row.addSpacing(GRID)
        row.addWidget(self._told)
        row.addStretch(1)
        row.addWidget(self.full)

    # ── what is shown ──

    def show_control(self, sprite: Sprite | None, control: Any) -> None:
        """What is steered and how; None stops it."""
        if sprite is not self.actor.sprite:
            self.show_recording(None)
        self.actor.show_control(sprite, control)

    def show_backdrop(self, backdrop: Backdrop | None, kind: str, kinds: Sequence[str]) -> None:
        """The stage, what is behind the creature, and what else could be."""
        self.background.offer(kinds)
        self.background.set_value(kind)
        self.colour.setVisible(kind == "colour")
        self.ground.show_backdrop(backdrop)
        if backdrop is not None:
            self.actor.set_stage(backdrop.size)
            self.pitch.follow_time()

    @Slot()
    def _ground_changed(self) -> None:
        self.actor.beneath = self.ground.number

    @Slot(int)
    def choose_tool(self, number: int) -> None:
        """0 leads it with the pointer, 1 draws a path, 2 sends it to a place."""
        self.tools.button(number).setChecked(True)
        self.pitch.set_tool(self.tool)
        self.tool_changed.emit()

    @property
    def tool(self) -> Tool | None:
        """The one in hand; None: the pointer leads."""
        return self._tools[self.tools.checkedId()]

    def leave(self) -> bool:
        """Esc: a recording ends, or a gesture; then the pointer leads again."""
        if self.actor.recording:
            self.actor.record(False)
            return True
        drawing = self.tools.checkedId() > 0
        if not self.pitch.cancel() and drawing:
            self.choose_tool(0)
        return drawing

    @Slot(bool)
    def _show_costs(self, on: bool) -> None:
        self.actor.priced, self.actor.price = on, None
        self.pitch.update()

    @Slot()
    def toggle_kiosk(self) -> None:
        """Nothing but the stage on the whole screen; the same again leaves."""
        kiosk, self.kiosk = self.kiosk, None
        if kiosk is not None:
            kiosk.hide()
            kiosk.deleteLater()
            self.actor.target = None
            self.pitch.setUpdatesEnabled(True)
            self.pitch.setFocus()
            return
        if self.actor.control is None:
            return
        kiosk = self.kiosk = Kiosk(self, self.actor, self.ground, self._drawn)
        kiosk.left.connect(self.toggle_kiosk)
        kiosk.keyed.connect(self._kiosk_keyed)
        self.pitch.setUpdatesEnabled(False)  # nobody sees it: the kiosk has all the time
        kiosk.showFullScreen()
        self.actor.play()

    @Slot(object)
    def _kiosk_keyed(self, event: QKeyEvent) -> None:
        if event.type() == QEvent.Type.KeyPress:
            self.keyPressEvent(event)
        else:
            self.keyReleaseEvent(event)

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
        if self.kiosk is not None:
            self.toggle_kiosk()
        self.let_go()
        self.actor.record(False)
        self.actor.play(False)
