"""Going through a record: by itself at a pace, step by step, or to any moment."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

_TICK = 33  # ms: thirty pictures a second


class Player(QObject):
    """Signals: moved(int), to this moment; played(bool)."""

    moved = Signal(int)
    played = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pace = 10.0  # moments a second
        self.growing = False  # more moments will come
        self._count = 0
        self._at = 0.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def moment(self) -> int:
        return int(self._at)

    @property
    def last(self) -> int:
        return max(0, self._count - 1)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def follow(self, count: int, *, growing: bool) -> None:
        """So many moments are there."""
        self._count, self.growing = count, growing
        if self.moment > self.last:
            self.go_to(self.last)

    def go_to(self, moment: int) -> None:
        self._at = float(min(max(moment, 0), self.last))
        self.moved.emit(self.moment)

    def step(self, by: int) -> None:
        self.pause()
        self.go_to(self.moment + by)

    def play(self) -> None:
        """On from this moment; from the first where the last is seen already."""
        if not self.playing:
            if self.moment == self.last and not self.growing:
                self.go_to(0)
            self._clock.start()
            self._timer.start()
            self.played.emit(True)

    def pause(self) -> None:
        if self.playing:
            self._timer.stop()
            self.played.emit(False)

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    @Slot()
    def _tick(self) -> None:
        self.advance(self._clock.restart() / 1000)

    def advance(self, seconds: float) -> None:
        """What is due after so long. Where nothing is recorded yet, it is waited for."""
        before = self.moment
        self._at = min(self._at + seconds * self.pace, float(self.last))
        if self.moment != before:
            self.moved.emit(self.moment)
        if self.moment == self.last and not self.growing:
            self.pause()
