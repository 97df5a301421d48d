"""The stage of Loop mode: the clip playing, its matrix, its loops and its timeline, in one place.

It is given what it shows and says what is wanted of it; it analyses and saves nothing. What plays
and how is decided here, because it must never wait: ways through the clip are pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from editor.engine.clip import Footage, Frame
from editor.engine.image import Size
from editor.ui.loop.arcs import arcs_of, qualities
from editor.ui.loop.cells import Cells
from editor.ui.loop.errands import Errands
from editor.ui.loop.pictures import Sight, fitted, image_of
from editor.ui.loop.plan import (
    Blend,
    Endless,
    InOrder,
    Jump,
    Means,
    OneLoop,
    Place,
    Steered,
    Taking,
    Way,
)
from editor.ui.loop.playing import Playing
from editor.ui.loop.renderer import Made
from editor.ui.loop.screen import FullScreen, Screen
from editor.ui.loop.side import Side
from editor.ui.loop.steer import Steer
from editor.ui.loop.timeline import Timeline
from editor.ui.loop.transport import Transport

if TYPE_CHECKING:
    from editor.files.clips.player import Player

FADE = 6  # frames, until someone says another number
_LEAD = 12  # frames that are shown before a jump, so that the eye knows where it comes from
_RINGS = 60  # of the best jumps, in the matrix
_THUMBNAIL = Size(256, 96)
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
        self.playing: Playing | None = None
        self._cells: Cells | None = None
        self._texture: Any = None
        self._loop: tuple[int, ...] = ()  # the frames of the loop that plays, or played last
        self._play: Any = None
        self._steering: Any = None
        self._fade = FADE
        self._fades: dict[Jump, int] = {}
        self._blend = means.blend
        self._thumbnails: dict[int, QImage] = {}
        self._full: FullScreen | None = None
        self._errands = Errands(self)
        self._lay_out()
        self._connect()
        self.show_clip(None, None)

    def _lay_out(self) -> None:
        self.transport = Transport()
        self.screen_ = Screen()  # not QWidget.screen, the monitor
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
        self._errands.done.connect(self._brought)
        transport, timeline, side = self.transport, self.timeline, self.side
        transport.play_wanted.connect(self.toggle)
        transport.step_wanted.connect(self.step)
        transport.manner_changed.connect(self.play_manner)
        transport.range_wanted.connect(self._mark)
        transport.full_wanted.connect(self.toggle_full)
        self.screen_.sight_changed.connect(self._sight_changed)
        self.screen_.pointed.connect(self.steer.point)
        self.screen_.clicked.connect(self.screen_.setFocus)
        timeline.frame_wanted.connect(self.go_to)
        timeline.jump_wanted.connect(self.play_jump)
        timeline.hovered.connect(self._tell)
        timeline.range_changed.connect(self._ranged)
        timeline.thumbnails_wanted.connect(self._want_thumbnails)
        side.matrix_page.chosen.connect(self.play_jump)
        side.matrix_page.hovered.connect(self._tell)
        side.loops.loop_chosen.connect(self.play_loop)
        side.loops.export_wanted.connect(self.export_wanted)
        side.loops.endless_wanted.connect(self._play_endless)
        side.loops.thumbnails_wanted.connect(self._want_thumbnails)
        side.inspector.frames_wanted.connect(self._want_pair)
        side.inspector.fade_changed.connect(self._fade_changed)
        side.inspector.verdict_changed.connect(self._verdict_changed)
        self.steer.wanted_changed.connect(self._steered)
        self.steer.speed_changed.connect(self._sped)

    def end(self) -> None:
        """Close the threads; the player and the footage are whose they were."""
        self._close_clip()
        self._errands.close()
        self.side.matrix_page.close_matrix()

    # ── what is shown ──

    def show_clip(self, footage: Footage | None, player: Player | None) -> None:
        """Another clip, standing at its first frame; None: no clip."""
        self._close_clip()
        self._footage = footage
        self._cells = self._texture = self._play = self._steering = None
        self._loop, self._fades = (), {}
        self._thumbnails.clear()
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
            playing = self.playing = Playing(clip, player, self._means)
            playing.set_fades(self._fade, self._fades)
            playing.set_blend(self._blend)
            playing.shown.connect(self._shown)
            playing.playing_changed.connect(self.transport.show_playing)
            playing.speed_changed.connect(self._show_speed)
            playing.failed.connect(self.failed)
            self.steer.set_count(clip.count)
            self.steer.show_speed(1.0)
        self.screen_.show_clip(None if clip is None else clip.size)
        if self.playing is not None:
            self.playing.go(self._way("clip"), Place(0))

    def _close_clip(self) -> None:
        self._errands.forget()
        if self._full is not None:
            self.toggle_full()
        if self.playing is not None:
            self.playing.close()
            self.playing.deleteLater()
            self.playing = None

    def show_analysis(self, distances: Any, texture: Any, loops: Sequence[Any], play: Any) -> None:
        """What the engine found; with other settings again and again, while it goes on playing."""
        if self._footage is None:
            return
        self._texture, self._play = texture, play
        cells = self._cells = Cells(distances, texture)
        self.side.matrix_page.show_cells(cells)
        if texture is not None:
            arcs = arcs_of(texture)
            good = qualities(arcs, cells, self._means.judged)
            self.timeline.show_arcs(arcs, good, texture.settings.forced)
            self.side.matrix_page.show_kept([arcs.jump(at) for at in range(min(len(arcs), _RINGS))])
        self.side.loops.show_loops(loops, self._footage.clip)
        self._inspect(self.side.inspector.jump)
        self._settle()
        if self._manner == "endless" and self.playing is not None:
            self.playing.change(self._way("endless"))

    def show_steering(self, steering: Any) -> None:
        """Players towards ranges of frames, for endless play that is steered."""
        self._steering = steering
        if self._manner == "endless":
            self.play_manner("endless")

    def set_fade(self, fade: int, fades: dict[Jump, int] | None = None) -> None:
        """How many frames a jump's blend has, and those of single jumps."""
        self._fade = fade
        self._fades = dict(fades or {})
        if self.playing is not None:
            self.playing.set_fades(fade, self._fades)
        self._inspect(self.side.inspector.jump)

    def set_blend(self, blend: Blend) -> None:
        """How the two sides of a jump are mixed while it plays."""
        self._blend = blend
        if self.playing is not None:
            self.playing.set_blend(blend)

    def show_range(self, first: int, last: int) -> None:
        """In and out points, as they are known elsewhere."""
        self.timeline.show_range(first, last)
        if self._manner == "clip" and self.playing is not None:
            self.playing.change(self._way("clip"))

    # ── what plays ──

    @property
    def _manner(self) -> str:
        way = None if self.playing is None else self.playing.way
        if isinstance(way, OneLoop):
            return "loop"
        if isinstance(way, Taking):
            way = way.then
        return "endless" if isinstance(way, Endless | Steered) else "clip"

    def _way(self, manner: str) -> Way:
        if manner == "endless" and self._steering is not None:
            return Steered(self._steering, self.steer.span.value())
        if manner == "endless" and self._play is not None:
            return Endless(self._play)
        if manner == "loop" and self._loop:
            return OneLoop(self._loop)
        return InOrder(*self.timeline.range)

    @Slot(str)
    def play_manner(self, manner: str) -> None:
        """The clip as it is, the loop that is marked, or endlessly."""
        if self.playing is None:
            return
        if manner == "loop":
            loop = self.side.loops.loop
            if loop is not None:
                self.play_loop(loop)
            self._settle()
            return
        self.side.loops.mark(None)
        self.playing.change(self._way(manner))
        self._settle()
        self.playing.play()

    @Slot()
    def _play_endless(self) -> None:
        self.play_manner("endless")

    @Slot(object)
    def play_loop(self, loop: Any) -> None:
        """One loop for ever, from where it is if that is in the loop."""
        if self.playing is None:
            return
        self._loop = tuple(loop.frames)
        self.side.loops.mark(loop)
        way = OneLoop(self._loop)
        self.playing.go(way, way.place(self.playing.frame))
        self._settle()
        self.playing.play()
        if len(loop.jumps) == 1:
            self._inspect((loop.jumps[0].source, loop.jumps[0].target))
        self.loop_chosen.emit(loop)

    @Slot(object)
    def play_jump(self, jump: Jump) -> None:
        """A jump at once, with its blend: a jump back again and again, one ahead and then on."""
        if self.playing is None:
            return
        source, target = jump
        lead = max(_LEAD, self._fades.get(jump, self._fade))
        self.side.loops.mark(None)
        if target <= source:
            self._loop = tuple(range(target, source + 1))
            loop = OneLoop(self._loop)
            self.playing.go(loop, loop.place(source, before_end=lead))
        else:
            then = self._way("endless" if self._manner == "endless" else "clip")
            taking = Taking(jump, then)
            self.playing.go(taking, taking.begin(lead))
        self._settle()
        self.playing.play()
        self._inspect(jump)
        self.side.turn_to("jump")
        self.jump_wanted.emit(jump)

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        if self.playing is not None:
            self.playing.play(not self.playing.running)

    @Slot(int)
    def step(self, frames: int) -> None:
        """Stand still, so many frames on or back; one on is the next picture of what plays."""
        if self.playing is None or self._footage is None:
            return
        self.playing.play(False)
        if frames == 1:
            self.playing.step()
            return
        way, place = self.playing.way, self.playing.place
        if isinstance(way, OneLoop):
            step = (place.step + frames) % len(way.frames)
            self.playing.go(way, Place(way.frames[step], step))
        else:
            self.go_to(place.frame + frames)

    @Slot(int)
    def go_to(self, frame: int) -> None:
        """Show one frame of the clip, at once."""
        if self.playing is None or self._footage is None:
            return
        frame = min(max(frame, 0), self._footage.clip.count - 1)
        way = self.playing.way
        if isinstance(way, OneLoop) and frame in way.frames:
            self.playing.go(way, way.place(frame))
        else:
            manner = "endless" if self._manner == "endless" else "clip"
            self.playing.go(self._way(manner), Place(frame))
            self._settle()

    def shuttle(self, way: int) -> None:
        """J and L: back or on, each time faster; against the way it goes, first at its pace."""
        if self.playing is None:
            return
        backwards = isinstance(self.playing.way, InOrder) and not self.playing.way.forwards
        if self.playing.running and backwards == (way < 0):
            self.playing.set_speed(self.playing.speed * 2)
            return
        self.playing.set_speed(1.0)
        if way < 0:
            self.playing.go(InOrder(*self.timeline.range, forwards=False), self.playing.place)
        elif backwards:
            self.playing.go(self._way("clip"), self.playing.place)
        self._settle()
        self.playing.play()

    def _settle(self) -> None:
        """Show which manner it is."""
        manner = self._manner
        self.transport.show_manner(manner, choice=self._play is not None)
        self.steer.setVisible(manner == "endless" and self._steering is not None)

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

    @Slot(object)
    def _tell(self, jump: Jump | None) -> None:
        """Say what is under the pointer, in the timeline or in the matrix."""
        words = "" if jump is None else self._words(jump)
        self.timeline.show_told(words)
        self.side.matrix_page.show_told(words)

    def _words(self, jump: Jump) -> str:
        if self._cells is None:
            return ""
        cost = self._cells.cost(jump)
        words = self.tr("{0} → {1}   cost {2}").replace("{0}", str(jump[0]))
        words = words.replace("{1}", str(jump[1])).replace("{2}", f"{cost:.1f}")
        if self._cells.neighbours > 0:
            times = self.tr("{0}× a frame's step")
            words += "   " + times.replace("{0}", f"{cost / self._cells.neighbours:.1f}")
        if self._texture is not None:
            chance = 100 * self._cells.chance(jump)
            words += f"   {chance:.0f} %" if chance >= 1 or chance == 0 else "   < 1 %"
        return words

    def _inspect(self, jump: Jump | None) -> None:
        self.timeline.show_chosen(jump)
        if jump is None or self._cells is None:
            self.side.inspector.show_jump(None)
            return
        _, _, reason = self._means.judged(self._cells.cost(jump), self._cells.neighbours)
        verdict = "free"
        if self._texture is not None:
            settings = self._texture.settings
            verdict = (
                "forbidden" if jump in settings.forbidden
                else "forced" if jump in settings.forced else "free"
            )  # fmt: skip
        self.side.inspector.show_jump(
            jump, self._cells.count, reason,
            fade=self._fades.get(jump, self._fade), verdict=verdict,
        )  # fmt: skip

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
        if self._manner == "clip" and self.playing is not None:
            self.playing.change(self._way("clip"))
        self.range_changed.emit(first, last)

    @Slot(object, int)
    def _fade_changed(self, jump: Jump, fade: int) -> None:
        self._fades[jump] = fade
        if self.playing is not None:
            self.playing.set_fades(self._fade, self._fades)
        self.fade_changed.emit(jump, fade)

    @Slot(object, str)
    def _verdict_changed(self, jump: Jump, verdict: str) -> None:
        settings = None if self._texture is None else self._texture.settings
        for name, signal in (("forbidden", self.forbidden), ("forced", self.forced)):
            was = settings is not None and jump in getattr(settings, name)
            if was != (verdict == name):
                signal.emit(jump, verdict == name)

    @Slot(object)
    def _steered(self, wanted: tuple[int, int]) -> None:
        if self._manner == "endless" and self.playing is not None:
            self.playing.change(self._way("endless"))
        self.wanted_changed.emit(wanted)

    @Slot(float)
    def _sped(self, speed: float) -> None:
        if self.playing is not None:
            self.playing.set_speed(speed)

    # ── pictures that are looked up beside the window ──

    @Slot(object)
    def _want_thumbnails(self, frames: Sequence[int]) -> None:
        for frame in frames:
            if frame in self._thumbnails:
                self._show_thumbnail(frame)
            elif self._footage is not None:
                self._errands.ask(("thumbnail", frame), partial(thumbnail, self._footage, frame))

    @Slot(int, int)
    def _want_pair(self, first: int, second: int) -> None:
        if self._footage is not None:
            self._errands.ask("pair", partial(pair, self._footage, first, second), urgent=True)

    @Slot(object, object)
    def _brought(self, key: Any, brought: Any) -> None:
        footage, *found = brought
        if footage is not self._footage:
            return
        if key == "pair":
            self.side.inspector.show_frames(*found)
        else:
            self._thumbnails[key[1]] = found[0]
            self._show_thumbnail(key[1])

    def _show_thumbnail(self, frame: int) -> None:
        for part in (self.timeline, self.side.loops):
            part.show_thumbnail(frame, self._thumbnails[frame])

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
        full.clicked.connect(self.toggle)
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
            self.toggle()
        elif key in (Qt.Key.Key_J, Qt.Key.Key_L):
            self.shuttle(-1 if key == Qt.Key.Key_J else 1)
        elif key == Qt.Key.Key_K:
            if self.playing is not None:
                self.playing.play(False)
        elif key in (Qt.Key.Key_I, Qt.Key.Key_O):
            self._mark("in" if key == Qt.Key.Key_I else "out")
        elif key == Qt.Key.Key_F:
            self.toggle_full()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(-far if key == Qt.Key.Key_Left else far)
        else:
            self.go_to(self.timeline.range[0 if key == Qt.Key.Key_Home else 1])


def thumbnail(footage: Footage, frame: int) -> tuple[Footage, QImage]:
    return footage, image_of(fitted(footage.frame(frame), _THUMBNAIL))


def pair(footage: Footage, first: int, second: int) -> tuple[Footage, int, int, Frame, Frame]:
    return footage, first, second, footage.frame(first), footage.frame(second)
