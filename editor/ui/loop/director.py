"""The director: what plays, and how. The clip as it is, a loop, a jump at once, or endlessly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from editor.engine.clip import Clip
from editor.ui.loop.plan import (
    Blend,
    Cloth,
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

if TYPE_CHECKING:
    from editor.files.clips.player import Player

FADE = 6  # frames, until someone says another number
_LEAD = 12  # frames that are shown before a jump, so that the eye knows where it comes from


class Director(QObject):
    """Signals: shown(Made), running(bool), speed_changed(float), failed(str); settled() — what
    plays may be something else now. To be closed.

    ``range``, from in to out point, and ``wanted``, to which endless play is steered, are frames of
    the clip.
    """

    shown = Signal(object)
    running = Signal(bool)
    speed_changed = Signal(float)
    failed = Signal(str)
    settled = Signal()

    def __init__(self, means: Means, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._means = means
        self._blend = means.blend
        self._fade = FADE
        self._fades: dict[Jump, int] = {}
        self.playing: Playing | None = None
        self.forget()

    def forget(self) -> None:
        """Nothing is known of the clip."""
        self._loop: tuple[int, ...] = ()  # the frames of the loop that plays, or played last
        self._play: Any = None
        self._first = 0  # frame at which what is known of the clip begins
        self._steering: Any = None
        self._fades = {}
        self.range = self.wanted = (0, 0)

    def open(self, clip: Clip, player: Player) -> None:
        """Stand at the first frame of a clip."""
        self.range = self.wanted = (0, clip.count - 1)
        playing = self.playing = Playing(clip, player, self._means)
        playing.set_fades(self._fade, self._fades)
        playing.set_blend(self._blend)
        playing.shown.connect(self.shown)
        playing.playing_changed.connect(self.running)
        playing.speed_changed.connect(self.speed_changed)
        playing.failed.connect(self.failed)

    def close(self) -> None:
        if self.playing is not None:
            self.playing.close()
            self.playing.deleteLater()
            self.playing = None

    # ── what is known ──

    @property
    def manner(self) -> str:
        """What plays: clip, loop or endless."""
        way = None if self.playing is None else self.playing.way
        if isinstance(way, OneLoop):
            return "loop"
        if isinstance(way, Taking):
            way = way.then
        return "endless" if isinstance(way, Endless | Steered) else "clip"

    @property
    def knows_jumps(self) -> bool:
        """Whether there is anything besides the clip as it is."""
        return self._play is not None

    @property
    def steers(self) -> bool:
        return self.manner == "endless" and self._steering is not None

    def fade_of(self, jump: Jump) -> int:
        return self._fades.get(jump, self._fade)

    def know(self, play: Any, first: int) -> None:
        """Endless play of the engine's, which numbers frames from the in point."""
        self._play, self._first = play, first
        self.settled.emit()
        self._go_on("endless")

    def know_steering(self, steering: Any) -> None:
        self._steering = steering
        self._go_on("endless")
        self.settled.emit()

    def set_fade(self, fade: int, fades: dict[Jump, int]) -> None:
        self._fade, self._fades = fade, fades
        if self.playing is not None:
            self.playing.set_fades(fade, fades)

    def set_blend(self, blend: Blend) -> None:
        self._blend = blend
        if self.playing is not None:
            self.playing.set_blend(blend)

    def weave(self, cloth: Cloth | None) -> None:
        if self.playing is not None:
            self.playing.weave(cloth)

    def set_range(self, first: int, last: int) -> None:
        self.range = (first, last)
        self._go_on("clip")

    def set_wanted(self, wanted: tuple[int, int]) -> None:
        self.wanted = wanted
        self._go_on("endless")

    def _go_on(self, manner: str) -> None:
        """With what has become known, if that is what plays; nothing is seen of the change."""
        if self.manner == manner and self.playing is not None:
            self.playing.change(self._way(manner))

    def _way(self, manner: str) -> Way:
        if manner == "endless" and self._steering is not None:
            return Steered(self._steering, self.wanted, self._first)
        if manner == "endless" and self._play is not None:
            return Endless(self._play, self._first)
        if manner == "loop" and self._loop:
            return OneLoop(self._loop)
        return InOrder(*self.range)

    # ── what is wanted ──

    def begin(self) -> None:
        """Stand at the first frame."""
        if self.playing is not None:
            self.playing.go(self._way("clip"), Place(0))

    def play_manner(self, manner: str) -> None:
        """The clip as it is, or endlessly, from where it is."""
        if self.playing is not None:
            self.playing.change(self._way(manner))
            self._play_on()

    def play_loop(self, frames: tuple[int, ...]) -> None:
        """One loop for ever, from where it is if that is in the loop."""
        if self.playing is not None:
            self._loop = frames
            way = OneLoop(frames)
            self.playing.go(way, way.place(self.playing.frame))
            self._play_on()

    def play_jump(self, jump: Jump) -> None:
        """A jump at once, with its blend: a jump back again and again, one ahead and then on."""
        if self.playing is None:
            return
        source, target = jump
        lead = max(_LEAD, self.fade_of(jump))
        if target <= source:
            self._loop = tuple(range(target, source + 1))
            loop = OneLoop(self._loop)
            self.playing.go(loop, loop.place(source, before_end=lead))
        else:
            taking = Taking(jump, self._way("endless" if self.manner == "endless" else "clip"))
            self.playing.go(taking, taking.begin(lead))
        self._play_on()

    def _play_on(self) -> None:
        assert self.playing is not None
        self.settled.emit()
        self.playing.play()

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        if self.playing is not None:
            self.playing.play(not self.playing.running)

    @Slot()
    def pause(self) -> None:
        if self.playing is not None:
            self.playing.play(False)

    @Slot(int)
    def step(self, frames: int) -> None:
        """Stand still, so many frames on or back; one on is the next picture of what plays."""
        if self.playing is None:
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
        if self.playing is None:
            return
        frame = min(max(frame, 0), self.playing.clip.count - 1)
        way = self.playing.way
        if isinstance(way, OneLoop) and frame in way.frames:
            self.playing.go(way, way.place(frame))
        else:
            manner = "endless" if self.manner == "endless" else "clip"
            self.playing.go(self._way(manner), Place(frame))
            self.settled.emit()

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
            self.playing.go(InOrder(*self.range, forwards=False), self.playing.place)
        elif backwards:
            self.playing.go(self._way("clip"), self.playing.place)
        self._play_on()

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        if self.playing is not None:
            self.playing.set_speed(speed)
