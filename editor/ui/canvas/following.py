"""How what changes comes onto the screen: at once, in a turn of its own, or when it is made."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QRegion

from editor.engine.image import Rect
from editor.model.document import Changed
from editor.operations.base import Patch
from editor.ui.canvas.screen import Screen
from editor.ui.canvas.shown import ShownDocument
from editor.ui.canvas.whole import StandIn


class Following(QObject):
    """Signal: spoiled(Rect) — this place of the screen (device pixels) is to be painted anew."""

    spoiled = Signal(object)

    def __init__(self, screen: Screen, parent: QObject) -> None:
        super().__init__(parent)
        self._screen = screen
        self._late: list[Changed] = []  # to be followed when the window has had its turn
        self._preview_leaves = False
        self._late_timer = QTimer(self, interval=0, singleShot=True)
        self._late_timer.timeout.connect(self._catch_up)
        self._levels_timer = QTimer(self, interval=15)
        self._levels_timer.timeout.connect(self._take_levels)
        self._finer_timer = QTimer(self, interval=0, singleShot=True)
        self._finer_timer.timeout.connect(self._draw_finer)

    @property
    def _shown(self) -> ShownDocument | None:
        return self._screen.shown

    def begin(self) -> None:
        """Another picture is on the screen, or none."""
        self._late.clear()
        self._preview_leaves = False
        if self._shown is not None:
            self._levels_timer.start()

    @property
    def settled(self) -> bool:
        """Whether everything is drawn as it should be."""
        busy = self._shown is not None and self._shown.busy
        return not (busy or self._screen.rough or self._late or self._preview_leaves)

    def settle(self) -> None:
        """Wait until it is."""
        if self._shown is not None:
            self._catch_up()
            self._shown.wait()
            self._take_levels()
            self._screen.draw(QRegion(0, 0, *self._screen.size), math.inf)
            self._screen.draw_finer(math.inf)

    # ── the document, and what is laid over it ──

    @Slot(object)
    def follow(self, changed: Changed) -> None:
        """A stroke is followed at once, by the hand's side; the picture in a turn of its own."""
        self._late.append(changed)
        if changed.plane == "image":
            self._late_timer.start()
        else:
            self._catch_up()

    @Slot()
    def _catch_up(self) -> None:
        late, self._late = self._late, []
        if self._shown is None:
            return
        for changed in late:
            for place in self._shown.follow(changed):
                self.spoil(place)
        if self._preview_leaves:
            self._preview_leaves = False
            self._lay(None)

    def show_preview(self, value: Patch | StandIn | None) -> None:
        """Nothing, or what cannot be laid over a picture, takes away what lies there."""
        self._preview_leaves = not isinstance(value, Patch | StandIn)
        if self._preview_leaves:
            self._late_timer.start()  # the result may come right behind it
        else:
            self._lay(value)

    def _lay(self, value: Patch | StandIn | None) -> None:
        assert self._shown is not None
        stood_in_for = self._shown.stood_in_for
        for place in self._shown.show_preview(value):
            self.spoil(place)
        if stood_in_for or self._shown.stood_in_for:
            self.spoiled.emit(Rect(0, 0, *self._screen.size))

    def show_before(self, value: Patch | StandIn | None) -> None:
        assert self._shown is not None
        self._shown.show_before(value)
        self._screen.forget_before()
        self._levels_timer.start()

    def spoil(self, place: Rect) -> None:
        """A place of the picture looks different now."""
        assert self._shown is not None
        if self._shown.busy and not self._levels_timer.isActive():
            self._levels_timer.start()
        self.spoiled.emit(self._screen.spoil(place))

    # ── what takes a while ──

    @Slot()
    def _take_levels(self) -> None:
        """Show what the threads have made since."""
        if self._shown is None:
            self._levels_timer.stop()
            return
        if not self._shown.busy:
            self._levels_timer.stop()
        for place in self._shown.take_done():
            self.spoil(place)

    def draw(self, region: QRegion) -> None:
        """Make a part of the screen right, or roughly for now."""
        self._screen.draw(region)
        if self._screen.rough:
            self._finer_timer.start()

    @Slot()
    def _draw_finer(self) -> None:
        """Draw properly what was drawn in a hurry, a frame's time of it."""
        if self._shown is None:
            return
        for place in self._screen.draw_finer(self._screen.frame_time):
            self.spoiled.emit(place)
        if self._screen.rough:
            self._finer_timer.start()
