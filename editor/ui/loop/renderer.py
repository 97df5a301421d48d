"""The thread that makes the pictures to be shown: reads, scales, blends, a few ahead of the clock.

Both frames of a cross-fade are scaled to the screen before they are mixed, and so is what each
region shows before it is laid over the others: that is the same picture for a fraction of the work,
whatever the clip's size.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from editor.engine.clip import Frame
from editor.engine.image import Picture, Rect, Size
from editor.files.problems import FileProblem
from editor.ui.loop.pictures import Sight, image_of, place_of, placed, scaled, visible
from editor.ui.loop.plan import Cloth, Means, Mix, Planned

if TYPE_CHECKING:
    from editor.files.clips.player import Player

_LOOK = 0.002  # seconds between two looks for a frame that is being decoded


class Made(NamedTuple):
    """A picture that is ready: ``part`` of the frame, as it lies in the window."""

    planned: Planned
    image: QImage
    part: Rect
    sight: Sight


class _Covers(NamedTuple):
    cloth: Cloth
    part: Rect
    size: Size
    covers: Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Wanted:
    planned: Planned
    coming: Sequence[int]
    turn: int


class Renderer(QObject):
    """Signals: ready() — a picture can be taken; failed(str). To be closed."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, player: Player, size: Size, means: Means) -> None:
        super().__init__()
        self._player = player
        self._size = size
        self._means = means
        self.blend = means.blend
        self.cloth: Cloth | None = None
        self._covers: _Covers | None = None
        self._sight: Sight | None = None
        self._wanted: deque[_Wanted] = deque()
        self._made: deque[Made] = deque()
        self._turn = 0
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="patina-renderer", daemon=True)
        self._thread.start()

    def look_through(self, sight: Sight) -> None:
        """What is on the screen from the next picture on."""
        with self._changed:
            self._sight = sight
            self._changed.notify()

    def ask(self, planned: Planned, coming: Sequence[int]) -> None:
        with self._changed:
            self._wanted.append(_Wanted(planned, coming, self._turn))
            self._changed.notify()

    def take(self) -> Made | None:
        """The next picture, if it is ready."""
        with self._changed:
            return self._made.popleft() if self._made else None

    def forget(self) -> None:
        """What was asked for is not wanted any more."""
        with self._changed:
            self._turn += 1
            self._wanted.clear()
            self._made.clear()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._turn += 1
            self._changed.notify()
        self._thread.join()

    # ── the thread ──

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            try:
                made = self._made_of(wanted)
            except (FileProblem, ValueError) as problem:
                made = None
                if not self._closed:
                    self.failed.emit(str(problem))
            with self._changed:
                kept = made is not None and wanted.turn == self._turn
                if made is not None and kept:
                    self._made.append(made)
            if kept:
                self.ready.emit()

    def _next(self) -> _Wanted | None:
        with self._changed:
            while not self._closed:
                if self._wanted and self._sight is not None:
                    return self._wanted.popleft()
                self._changed.wait()
            return None

    def _made_of(self, wanted: _Wanted) -> Made | None:
        sight, mix = self._sight, wanted.planned.mix
        assert sight is not None
        part = visible(sight, self._size)
        if part.empty:
            return Made(wanted.planned, QImage(), part, sight)
        place = place_of(part, sight.view)
        size = Size(place.width, place.height)
        shown: dict[Mix, Picture] = {}
        planned = wanted.planned
        for mix in planned.mixes or (planned.mix,):
            if mix in shown:
                continue
            made = self._mixed(mix, part, size, wanted)
            if made is None:
                return None
            shown[mix] = made
        cloth = self.cloth
        if not planned.mixes or cloth is None or len(cloth.strands) != len(planned.mixes):
            picture = next(iter(shown.values()))
        else:
            below, *others = (shown[mix] for mix in planned.mixes)
            covers = self._covers_of(cloth, part, size, sight.view.scale)
            picture = self._means.laid(below, list(zip(others, covers, strict=True)))
        return Made(planned, image_of(picture), part, sight)

    def _mixed(self, mix: Mix, part: Rect, size: Size, wanted: _Wanted) -> Picture | None:
        """One mix at the size of the screen; None where it is not wanted any more."""
        first = self._frame(mix.first, wanted)
        if first is None:
            return None
        picture: Picture = scaled(first, part, size)
        if mix.weight > 0 and mix.first != mix.second:
            second = self._frame(mix.second, wanted)
            if second is None:
                return None
            picture = self.blend(picture, scaled(second, part, size), mix.weight)
        return picture

    def _covers_of(self, cloth: Cloth, part: Rect, size: Size, scale: float) -> Sequence[Any]:
        """Where the regions are seen on the screen; made anew only when something has changed."""
        known = self._covers
        if known is None or known[:3] != (cloth, part, size):
            labels = placed(cloth.labels, part, size)
            masks = [labels == strand.number for strand in cloth.strands[1:]]
            covers = self._means.soft_covers(masks, self._means.feather * scale)
            known = self._covers = _Covers(cloth, part, size, covers)
        return known.covers

    def _frame(self, number: int, wanted: _Wanted) -> Frame | None:
        """The frame when it is decoded; None where it is not wanted any more."""
        coming = [one for one in wanted.coming if one != number]
        while (frame := self._player.look(number, coming)) is None:
            if self._player.problem is not None:
                raise self._player.problem
            with self._changed:
                if wanted.turn != self._turn or self._closed:
                    return None
                self._changed.wait(_LOOK)
        return frame
