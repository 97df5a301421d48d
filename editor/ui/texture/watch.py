"""Going through a growth: any moment of it, pixel by pixel, back and on, by itself or by hand.

What is to be seen is found beside the window, one moment after the other; of many moves of the hand
the last one counts. A growth that is held grows while it is gone through; one that is part of a
document is only looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from editor.engine.image import Mask, Picture, Size
from editor.engine.moment import Growing, Moment
from editor.engine.step import Step
from editor.operations.field import Traced
from editor.session import Session

FULL = 0  # the pace that is no pace: as fast as it goes
_TICK = 50  # ms
_REPLAYED_IN = 60  # ticks, all that has grown


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A growth at one moment; ``next`` is the pixel whose turn it is then."""

    growth: Growing
    moment: int
    picture: Picture
    known: Mask
    next: Moment | None
    traced: Traced | None  # where each pixel came from, if that is wanted


class _Wanted(NamedTuple):
    """What is to be seen of a growth."""

    growth: Growing
    moment: int
    looks: bool  # at how the next pixel is chosen …
    traces: bool  # … and where each has come from


class Watch(QObject):
    """Signals: seen(Seen); played(bool); arrived() — played on to where nothing has grown yet,
    and the rest is to grow as fast as it goes.
    """

    seen = Signal(object)
    played = Signal(bool)
    arrived = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._growth: Growing | None = None
        self._grows = False
        self._asked: _Wanted | None = None  # what is being found
        self._then: Callable[[], None] | None = None
        self.moment = 0  # that is wanted
        self.traces = False  # whether it is to be said where each pixel came from
        self.pace = FULL  # pixels a second
        self._due = 0.0  # pixels that are to come, less than one
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self._tick)

    def follow(self, growth: Growing | None, moment: int = 0, *, grows: bool = False) -> None:
        """From now on this growth; it may grow while nobody else is at it."""
        self._growth = None
        self.pause()
        self._growth, self._grows, self.moment = growth, grows, moment

    @property
    def growth(self) -> Growing | None:
        return self._growth

    @property
    def end(self) -> int:
        """The last moment there is, or could be."""
        if self._growth is None:
            return 0
        return self._growth.total if self._grows else self._growth.count

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def go_to(self, moment: int) -> None:
        if self._growth is not None:
            self.moment = min(max(moment, 0), self.end)
            self._find()

    def step(self, by: int) -> None:
        """So many pixels on, or back."""
        self.pause()
        self.go_to(self.moment + by)

    def play(self) -> None:
        """On from this moment; from the beginning where all of it is to be seen already."""
        if self._growth is None or self.playing:
            return
        if self.moment == self.end and not self._grows:
            self.go_to(0)
        self._due = 0.0
        self._timer.start()
        self.played.emit(True)

    def pause(self) -> None:
        if self.playing:
            self._timer.stop()
            self.played.emit(False)
            self.go_to(self.moment)  # with all that is seen of it

    def when_still(self, then: Callable[[], None]) -> None:
        """Do this as soon as nothing of the growth is looked at, so that it may go on elsewhere."""
        self.pause()
        if self._asked is None:
            then()
        else:
            self._then = then

    @Slot()
    def _tick(self) -> None:
        growth = self._growth
        if growth is None or self._asked is not None:
            return
        there = growth.count if self.pace == FULL else self.end
        self._due += growth.count / _REPLAYED_IN if self.pace == FULL else self.pace * _TICK / 1000
        pixels, self._due = int(self._due), self._due % 1
        if self.moment + pixels < there:
            if pixels:
                self.go_to(self.moment + pixels)
            return
        self.go_to(there)
        self.pause()
        if self._grows:
            self.arrived.emit()

    @property
    def _wanted(self) -> _Wanted | None:
        if self._growth is None:
            return None
        looks = not self.playing or self.pace != FULL
        return _Wanted(self._growth, self.moment, looks, self.traces)

    def _find(self) -> None:
        wanted, grows = self._wanted, self._grows
        if wanted is None or self._asked is not None:
            return
        self._asked = wanted
        growth, moment, looks, traces = wanted

        def steps() -> Iterator[Step[Seen]]:
            if grows and growth.count <= moment:
                yield from (Step(one.done) for one in growth.steps(min(moment + 1, growth.total)))
            following = growth.moment(moment) if looks and moment < growth.count else None
            pictures = growth.picture_at(moment), growth.known_at(moment)
            traced = None
            if traces:
                sample = Size.of(growth.samples[0])
                traced = Traced.of(growth.source_at(moment)[..., 1:], sample)
            yield Step(1.0, Seen(growth, moment, *pictures, following, traced))

        self._session.at_desk("Moment", steps, self._found, quiet=True)

    def _found(self, seen: Seen) -> None:
        asked, self._asked = self._asked, None
        if seen.growth is self._growth:
            self.seen.emit(seen)
        then, self._then = self._then, None
        if then is not None:
            then()
        elif asked != self._wanted:
            self._find()
