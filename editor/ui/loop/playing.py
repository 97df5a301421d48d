"""Playing: a clock that takes the next picture when it is due.

Every frame lasts as long as the file says, divided by the speed. What is due is counted from the
beginning, so that the timer's whole milliseconds do not add up; a picture that comes late is shown
when it comes, none is left out, and the clock goes on from there.
"""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from editor.engine.clip import Clip
from editor.ui.loop.pictures import Sight
from editor.ui.loop.plan import Blend, Cloth, InOrder, Jump, Means, Place, Plan, Planned, Way
from editor.ui.loop.renderer import Made, Renderer

if TYPE_CHECKING:
    from editor.files.clips.player import Player

_DEPTH = 6  # pictures that are made before they are due: a fifth of a second
_BEHIND = 0.1  # seconds after which a late clock starts anew
SLOWEST, FASTEST = 0.1, 8.0


class Playing(QObject):
    """Signals: shown(Made), playing_changed(bool), speed_changed(float), failed(str). To be closed.

    ``late`` counts the pictures that were not ready when they were due.
    """

    shown = Signal(object)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)
    failed = Signal(str)

    def __init__(self, clip: Clip, player: Player, means: Means) -> None:
        super().__init__()
        self.clip = clip
        self.late = 0
        self.made: Made | None = None  # the picture on the screen
        self.way: Way = InOrder(0, clip.count - 1)
        self._plan = Plan(means.mixes, clip.count)
        self._asked: deque[Planned] = deque()  # of the renderer, and not yet shown
        self._renderer = Renderer(player, clip.size, means)
        self._durations = clip.durations.tolist()
        self._speed = 1.0
        self._running = False
        self._at_once = False  # show the next picture when it is ready, whatever the clock says
        self._due = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._renderer.ready.connect(self._ready)
        self._renderer.failed.connect(self.failed)

    def close(self) -> None:
        self._timer.stop()
        self._running = self._at_once = False  # a picture may just be announced
        self._renderer.close()

    # ── what is known ──

    @property
    def running(self) -> bool:
        return self._running

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def place(self) -> Place:
        """Of the picture on the screen."""
        return Place(0) if self.made is None else self.made.planned.place

    @property
    def frame(self) -> int:
        return self.place.frame

    # ── what can be asked ──

    def look_through(self, sight: Sight) -> None:
        """Another part of the frame, or another size; what stands still is made anew."""
        self._renderer.look_through(sight)
        self._show_again()

    def weave(self, cloth: Cloth | None) -> None:
        """What regions play beside the way, from the next picture on; None: there are none."""
        self._renderer.cloth = cloth
        self._plan.weave(() if cloth is None else cloth.strands)
        self._asked = deque(self._plan.woven(one) for one in self._asked)
        self._make_again()

    def _show_again(self) -> None:
        if not self._running and not self._at_once:
            self._make_again()

    def _make_again(self) -> None:
        """All pictures that were asked for, and the one that stands on the screen."""
        self._renderer.forget()
        if not self._running and not self._at_once and self.made is not None:
            self._asked.appendleft(self._plan.woven(self.made.planned))
            self._at_once = True
        for planned in self._asked:
            self._renderer.ask(planned, self._plan.coming())

    def set_blend(self, blend: Blend) -> None:
        """How two frames become one, from the next picture on."""
        self._renderer.blend = blend

    def set_fades(self, fade: int, fades: dict[Jump, int]) -> None:
        self._plan.fade, self._plan.fades = fade, dict(fades)
        self.change(self.way)

    def go(self, way: Way, place: Place) -> None:
        """Another way from this place on, at once, playing or not."""
        self.way = way
        self._renderer.forget()
        self._asked.clear()
        self._plan.start(way, place)
        self._at_once = True
        self._fill()

    def change(self, way: Way) -> None:
        """Another way from where it is; while it plays nothing is seen of the change."""
        self.way = way
        if self.made is None or not self._running:
            self.go(way, self.place)
        else:
            self._plan.change(way)

    def step(self) -> None:
        """The next picture of the way, where it does not play."""
        if not self._running and not self._show_next():
            self._at_once = True

    def play(self, on: bool = True) -> None:
        if on == self._running:
            return
        self._running = on
        if on:
            self._start_clock()
        else:
            self._timer.stop()
        self.playing_changed.emit(on)

    def set_speed(self, speed: float) -> None:
        speed = min(max(speed, SLOWEST), FASTEST)
        if speed != self._speed:
            self._speed = speed
            self.speed_changed.emit(speed)

    # ── the clock ──

    def _lasts(self) -> float:
        return float(self._durations[self.frame]) / self._speed

    def _start_clock(self) -> None:
        self._due = perf_counter() + self._lasts()
        self._wait()

    def _wait(self) -> None:
        self._timer.start(max(0, round(1000 * (self._due - perf_counter()))))

    def _fill(self) -> None:
        while len(self._asked) < _DEPTH and (planned := self._plan.next()) is not None:
            self._asked.append(planned)
            self._renderer.ask(planned, self._plan.coming())

    def _show_next(self) -> bool:
        made = self._renderer.take()
        if made is None:
            return False
        self._asked.popleft()
        self.made = made
        self._fill()
        self.shown.emit(made)
        return True

    @Slot()
    def _ready(self) -> None:
        if self._at_once and self._show_next():
            self._at_once = False
            if self._running:
                self._start_clock()

    @Slot()
    def _tick(self) -> None:
        if not self._show_next():
            # It is shown as soon as it is there, and the clock goes on from then.
            self.late += not self._at_once
            self._at_once = True
            return
        self._due += self._lasts()
        if perf_counter() - self._due > _BEHIND:
            self._due = perf_counter()
        self._wait()
