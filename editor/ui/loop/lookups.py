"""Frames that are looked up beside the window: thumbnails, and the two sides of a jump."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from editor.engine.clip import Footage, Frame
from editor.engine.image import Size
from editor.ui.loop.errands import Errands
from editor.ui.loop.pictures import fitted, image_of

_THUMBNAIL = Size(256, 96)


class Lookups(QObject):
    """Signals: thumbnail(frame, QImage); pair(first, second, Frame, Frame). To be closed."""

    thumbnail = Signal(int, object)
    pair = Signal(int, int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._footage: Footage | None = None
        self._thumbnails: dict[int, QImage] = {}
        self._errands = Errands(self)
        self._errands.done.connect(self._brought)

    def open(self, footage: Footage | None) -> None:
        """From now on frames of this clip; what is asked for another is not wanted any more."""
        self._errands.forget()
        self._footage = footage
        self._thumbnails.clear()

    def close(self) -> None:
        self._errands.close()

    @property
    def idle(self) -> bool:
        return self._errands.idle

    @Slot(object)
    def want_thumbnails(self, frames: Sequence[int]) -> None:
        for frame in frames:
            if frame in self._thumbnails:
                self.thumbnail.emit(frame, self._thumbnails[frame])
            elif self._footage is not None:
                self._errands.ask(("thumbnail", frame), partial(_small, self._footage, frame))

    @Slot(int, int)
    def want_pair(self, first: int, second: int) -> None:
        if self._footage is not None:
            self._errands.ask("pair", partial(_pair, self._footage, first, second), urgent=True)

    @Slot(object, object)
    def _brought(self, key: Any, brought: Any) -> None:
        footage, *found = brought
        if footage is not self._footage:
            return
        if key == "pair":
            self.pair.emit(*found)
        else:
            self._thumbnails[key[1]] = found[0]
            self.thumbnail.emit(key[1], found[0])


def _small(footage: Footage, frame: int) -> tuple[Footage, QImage]:
    return footage, image_of(fitted(footage.frame(frame), _THUMBNAIL))


def _pair(footage: Footage, first: int, second: int) -> tuple[Footage, int, int, Frame, Frame]:
    return footage, first, second, footage.frame(first), footage.frame(second)
