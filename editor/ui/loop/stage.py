"""The stage of Loop mode: the clip playing, its matrix, its loops and its timeline, in one place.

It is given what it shows and says what is wanted of it; it analyses and saves nothing. What plays
is the director's part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from editor.engine.clip import Footage
from editor.ui.loop.arcs import arcs_of, qualities
from editor.ui.loop.cells import Cells
from editor.ui.loop.director import FADE, Director
from editor.ui.loop.lookups import Lookups
from editor.ui.loop.painted import PaintedScreen
from editor.ui.loop.pictures import Sight
from editor.ui.loop.plan import Blend, Cloth, Jump, Means
from editor.ui.loop.playing import Playing
from editor.ui.loop.renderer import Made
from editor.ui.loop.screen import FullScreen
from editor.ui.loop.side import Side
from editor.ui.loop.steer import Steer
from editor.ui.loop.timeline import Timeline
from editor.ui.loop.transport import Transport

if TYPE_CHECKING:
    from editor.files.clips.player import Player

_RINGS = 60  # of the best jumps, in the matrix
_KEYS = {
    Qt.Key.Key_Space, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_I, Qt.Key.Key_O,
    Qt.Key.Key_F, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip


class LoopStage(QWidget):
    """Signals: jump_wanted(jump), loop_chosen(loop), export_wanted(loop), forbidden(jump, bool),
    forced(jump, bool), fade_changed(jump, frames), range_changed(first, last),
    wanted_changed((first, last)), frame_shown(int), scale_changed(float), failed(str).

    ``jump_wanted`` and ``loop_chosen`` tell what has begun to play. To be closed.
    """

    jump_wanted = Signal(object)
    loop_chosen = Signal(object)
    export_wanted = Signal(object)
    forbidden = Signal(object, bool)
    forced = Signal(object, bool)
    fade_changed = Signal(object, int)
    range_changed = Signal(int, int)
    wanted_changed = Signal(object)
    frame_shown = Signal(int)
    scale_changed = Signal(float)
    failed = Signal(str)

    def __init__(self, means: Means, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._means = means
        self._footage: Footage | None = None
        self._cells: Cells | None = None
        self._fade = FADE
        self._fades: dict[Jump, int] = {}
        self._full: FullScreen | None = None
        self.director = Director(means, self)
        self._lookups = Lookups(self)
        self._lay_out()
        self._connect()
        self.show_clip(None, None)

    def _lay_out(self) -> None:
        self.transport = Transport()
        self.screen_ = PaintedScreen()  # not QWidget.screen, the monitor
        self.screen_.set_hint(self.tr("Open a clip, or drop one here, to make it play for ever."))
        self.steer = Steer()
        self.timeline = Timeline()
        self.side = Side()
        picture = QWidget()
        column = QVBoxLayout(picture)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.screen_, 1)
        column.addWidget(self.steer)
        across = self._across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(picture)
        across.addWidget(self.side)
        down = self._down = QSplitter(Qt.Orientation.Vertical)
        down.addWidget(across)
        down.addWidget(self.timeline)
        for splitter, sizes in ((across, (1000, 348)), (down, (1000, 176))):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
            splitter.setStretchFactor(0, 1)
            splitter.setStretchFactor(1, 0)
            splitter.setSizes(sizes)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.transport)
        whole.addWidget(down, 1)
        self.setFocusProxy(self.screen_)

    def _connect(self) -> None:
        transport, timeline, side = self.transport, self.timeline, self.side
        director, lookups = self.director, self._lookups
        director.shown.connect(self._shown)
        director.running.connect(transport.show_playing)
        director.speed_changed.connect(self._show_speed)
        director.settled.connect(self._settle)
        director.failed.connect(self.failed)
        lookups.thumbnail.connect(self._show_thumbnail)
        lookups.pair.connect(side.inspector.show_frames)
        transport.play_wanted.connect(director.toggle)
        transport.step_wanted.connect(director.step)
        transport.manner_changed.connect(self.play_manner)
        transport.range_wanted.connect(self._mark)
        transport.full_wanted.connect(self.toggle_full)
        self.screen_.sight_changed.connect(self._sight_changed)
        self.screen_.pointed.connect(self.steer.point)
        self.screen_.clicked.connect(self.screen_.setFocus)
        timeline.frame_wanted.connect(director.go_to)
        timeline.jump_wanted.connect(self.play_jump)
        timeline.hovered.connect(self._tell)
        timeline.range_changed.connect(self._ranged)
        timeline.thumbnails_wanted.connect(lookups.want_thumbnails)
        side.matrix_page.chosen.connect(self.play_jump)
        side.matrix_page.hovered.connect(self._tell)
        side.loops.loop_chosen.connect(self.play_loop)
        side.loops.export_wanted.connect(self.export_wanted)
        side.loops.endless_wanted.connect(self._play_endless)
        side.loops.thumbnails_wanted.connect(lookups.want_thumbnails)
        side.inspector.frames_wanted.connect(lookups.want_pair)
        side.inspector.fade_changed.connect(self._fade_changed)
        side.inspector.verdict_changed.connect(self._verdict_changed)
        self.steer.wanted_changed.connect(self._steered)
        self.steer.speed_changed.connect(director.set_speed)

    def end(self) -> None:
        """Close the threads; the player and the footage are whose they were."""
        self._close_clip()
        self._lookups.close()
        self.side.matrix_page.close_matrix()

    @property
    def playing(self) -> Playing | None:
        return self.director.playing

    @property
    def settled(self) -> bool:
        """Whether the picture and all thumbnails are there."""
        return self._lookups.idle and (self.playing is None or self.playing.made is not None)

    # ── what is shown ──

    def show_clip(self, footage: Footage | None, player: Player | None) -> None:
        """Another clip, standing at its first frame; None: no clip."""
        self._close_clip()
        self._footage = footage
        self._lookups.open(footage)
        self._cells, self._fades = None, {}
        self.side.loops.forget_thumbnails()
        clip = None if footage is None else footage.clip
        self.transport.show_clip(clip)
        self.timeline.show_clip(clip)
        self.side.matrix_page.show_cells(None)
        self.side.matrix_page.show_kept(())
        self.side.loops.show_loops((), clip)
        self.side.inspector.show_jump(None)
        self.steer.hide()
        if clip is not None and player is not None:
            self.director.open(clip, player)
            self.steer.set_count(clip.count)
            self.steer.show_speed(1.0)
        self.screen_.show_clip(None if clip is None else clip.size)
        self.director.begin()

    def _close_clip(self) -> None:
        if self._full is not None:
            self.toggle_full()
        self.director.close()
        self.director.forget()

    def show_analysis(
        self, distances: Any, texture: Any, loops: Sequence[Any], play: Any, first: int = 0
    ) -> None:
        """What the engine found; with other settings again and again, while it goes on playing.

        Its frames are numbered from the in point, ``first``, at which it was told to begin.
        """
        if self._footage is None:
            return
        cells = self._cells = Cells(distances, texture, first)
        self.side.matrix_page.show_cells(cells)
        if texture is not None:
            arcs = arcs_of(texture)
            good = qualities(arcs, cells, self._means.judged)
            arcs = arcs.moved(first)
            forced = frozenset(cells.jump(one) for one in texture.settings.forced)
            self.timeline.show_arcs(arcs, good, forced)
            self.side.matrix_page.show_kept([arcs.jump(at) for at in range(min(len(arcs), _RINGS))])
        self.side.loops.show_loops([loop.moved(first) for loop in loops], self._footage.clip)
        self._inspect(self.side.inspector.jump)
        self.director.know(play, first)

    def show_steering(self, steering: Any) -> None:
        """Players towards ranges of frames, for endless play that is steered."""
        self.director.know_steering(steering)

    def set_fade(self, fade: int, fades: dict[Jump, int] | None = None) -> None:
        """How many frames a jump's blend has, and those of single jumps."""
        self._fade, self._fades = fade, dict(fades or {})
        self.director.set_fade(fade, self._fades)
        self._inspect(self.side.inspector.jump)

    def set_blend(self, blend: Blend) -> None:
        """How the two sides of a jump are mixed while it plays."""
        self.director.set_blend(blend)

    def show_cloth(self, cloth: Cloth | None) -> None:
        """What the regions play beside the loop, or beside endless play; None: there are none."""
        self.director.weave(cloth)

    def show_range(self, first: int, last: int) -> None:
        """In and out points, as they are known elsewhere."""
        self.timeline.show_range(first, last)
        self.director.set_range(first, last)

    # ── what plays ──

    @Slot(str)
    def play_manner(self, manner: str) -> None:
        """The clip as it is, the loop that is marked, or endlessly."""
        if manner != "loop":
            self.side.loops.mark(None)
            self.director.play_manner(manner)
        elif self.side.loops.loop is not None:
            self.play_loop(self.side.loops.loop)
        self._settle()

    @Slot()
    def _play_endless(self) -> None:
        self.play_manner("endless")

    @Slot(object)
    def play_loop(self, loop: Any) -> None:
        """One loop for ever, from where it is if that is in the loop."""
        if self.playing is None:
            return
        self.side.loops.mark(loop)
        self.director.play_loop(tuple(loop.frames))
        if len(loop.jumps) == 1:
            self._inspect((loop.jumps[0].source, loop.jumps[0].target))
        self.loop_chosen.emit(loop)

    @Slot(object)
    def play_jump(self, jump: Jump) -> None:
        """A jump at once, with its blend: a jump back again and again, one ahead and then on."""
        if self.playing is None:
            return
        self.side.loops.mark(None)
        self.director.play_jump(jump)
        self._inspect(jump)
        self.side.turn_to("jump")
        self.jump_wanted.emit(jump)

    @Slot()
    def _settle(self) -> None:
        """Show which manner it is."""
        self.transport.show_manner(self.director.manner, choice=self.director.knows_jumps)
        self.steer.setVisible(self.director.steers)

    # ── what is told ──

    @Slot(object)
    def _shown(self, made: Made) -> None:
        frame = made.planned.place.frame
        (self._full or self.screen_).show_made(made)
        self.transport.show_frame(frame)
        self.timeline.show_frame(frame)
        self.side.matrix_page.show_frame(frame)
        self.frame_shown.emit(frame)

    @Slot(object)
    def _sight_changed(self, sight: Sight) -> None:
        if self.playing is not None:
            self.playing.look_through(sight)
        self.scale_changed.emit(sight.view.scale)

    @Slot(float)
    def _show_speed(self, speed: float) -> None:
        self.transport.show_speed(speed)
        self.steer.show_speed(speed)

    @Slot(int, object)
    def _show_thumbnail(self, frame: int, image: QImage) -> None:
        for part in (self.timeline, self.side.loops):
            part.show_thumbnail(frame, image)

    @Slot(object)
    def _tell(self, jump: Jump | None) -> None:
        """Say what is under the pointer, in the timeline or in the matrix."""
        words = "" if jump is None else self._words(jump)
        self.timeline.show_told(words)
        self.side.matrix_page.show_told(words)

    def _words(self, jump: Jump) -> str:
        if self._cells is None or not self._cells.knows(jump):
            return ""
        cost = self._cells.cost(jump)
        words = self.tr("{0} → {1}   cost {2}").replace("{0}", str(jump[0]))
        words = words.replace("{1}", str(jump[1])).replace("{2}", f"{cost:.1f}")
        if self._cells.neighbours > 0:
            times = self.tr("{0}× a frame's step")
            words += "   " + times.replace("{0}", f"{cost / self._cells.neighbours:.1f}")
        if self._cells.judged:
            chance = 100 * self._cells.chance(jump)
            words += f"   {chance:.0f} %" if chance >= 1 or chance == 0 else "   < 1 %"
        return words

    def _inspect(self, jump: Jump | None) -> None:
        self.timeline.show_chosen(jump)
        cells = self._cells
        if jump is None or cells is None or not cells.knows(jump):
            self.side.inspector.show_jump(None)
            return
        _, _, reason = self._means.judged(cells.cost(jump), cells.neighbours)
        self.side.inspector.show_jump(
            jump,
            cells.first + cells.count,
            reason,
            fade=self.director.fade_of(jump),
            verdict=cells.verdict(jump),
        )

    # ── in and out, fades, verdicts, steering ──

    @Slot(str)
    def _mark(self, end: str) -> None:
        if self.playing is None:
            return
        frame, (first, last) = self.playing.frame, self.timeline.range
        first, last = (frame, max(frame, last)) if end == "in" else (min(frame, first), frame)
        self.timeline.show_range(first, last)
        self._ranged(first, last)

    @Slot(int, int)
    def _ranged(self, first: int, last: int) -> None:
        self.director.set_range(first, last)
        self.range_changed.emit(first, last)

    @Slot(object, int)
    def _fade_changed(self, jump: Jump, fade: int) -> None:
        self._fades[jump] = fade
        self.director.set_fade(self._fade, self._fades)
        self.fade_changed.emit(jump, fade)

    @Slot(object, str)
    def _verdict_changed(self, jump: Jump, verdict: str) -> None:
        was = "free" if self._cells is None else self._cells.verdict(jump)
        for name, signal in (("forbidden", self.forbidden), ("forced", self.forced)):
            if (was == name) != (verdict == name):
                signal.emit(jump, verdict == name)

    @Slot(object)
    def _steered(self, wanted: tuple[int, int]) -> None:
        self.director.set_wanted(wanted)
        self.wanted_changed.emit(wanted)

    # ── full screen and keys ──

    @Slot()
    def toggle_full(self) -> None:
        if self._footage is None or self.playing is None:
            return
        if self._full is not None:
            full, self._full = self._full, None
            full.hide()
            full.deleteLater()
            self.playing.look_through(self.screen_.sight)
            return
        full = self._full = FullScreen(self)
        full.sight_changed.connect(self._sight_changed)
        full.pointed.connect(self.steer.point)
        full.clicked.connect(self.director.toggle)
        full.left.connect(self.toggle_full)
        full.keyed.connect(self.keyPressEvent)
        full.show_clip(self._footage.clip.size)
        full.showFullScreen()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # In this mode L is "play", not the lasso of the window.
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and Qt.Key(event.key()) in _KEYS:
                event.accept()
                return True
        return super().event(event)

    @Slot(object)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier or key not in _KEYS:
            event.ignore()
        elif key == Qt.Key.Key_Space:
            self.director.toggle()
        elif key in (Qt.Key.Key_J, Qt.Key.Key_L):
            self.director.shuttle(-1 if key == Qt.Key.Key_J else 1)
        elif key == Qt.Key.Key_K:
            self.director.pause()
        elif key in (Qt.Key.Key_I, Qt.Key.Key_O):
            self._mark("in" if key == Qt.Key.Key_I else "out")
        elif key == Qt.Key.Key_F:
            self.toggle_full()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.director.step(-far if key == Qt.Key.Key_Left else far)
        else:
            self.director.go_to(self.timeline.range[0 if key == Qt.Key.Key_Home else 1])
