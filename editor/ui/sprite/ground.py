"""What is behind the creature: nothing, a colour, a picture, or a clip that plays on and on."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QObject, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from editor.engine.clip import Footage, Frame
from editor.engine.image import Size
from editor.ui.loop.errands import Errands
from editor.ui.loop.pictures import image_at
from editor.ui.sprite.matted import CHECKS
from editor.ui.theme import Theme

PLAIN = "#e7e7e5"  # as in the page that is exported
_SQUARE = 8  # px of the checks that stand for nothing


class Backdrop(NamedTuple):
    """How large a stage is, and what is on it: at most one of the three."""

    size: Size
    colour: str = ""  # #rrggbb
    picture: Frame | None = None
    film: Footage | None = None


class Ground(QObject):
    """Draws a backdrop, in the window and on the whole screen. Signals: changed().

    Pictures, and the frames of a clip, are made as large as they are seen beside the window; a
    frame that is not ready when it is due is left out. ``number`` is that of the one on the stage.
    """

    changed = Signal()

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self.backdrop: Backdrop | None = None
        self.number = 0
        self._seen: QPixmap | None = None
        self._asked: tuple[int, QSize] | None = None
        errands.done.connect(self._brought)

    def show_backdrop(self, backdrop: Backdrop | None) -> None:
        self.backdrop, self.number, self._seen, self._asked = backdrop, 0, None, None
        self.changed.emit()

    @property
    def _source(self) -> Frame | Footage | None:
        backdrop = self.backdrop
        if backdrop is None:
            return None
        return backdrop.film if backdrop.picture is None else backdrop.picture

    def look(self, seconds: float, size: QSize) -> None:
        """Have what is seen at a time, as large as it will be drawn."""
        source = self._source
        if source is None:
            return
        clip = None if isinstance(source, np.ndarray) else source.clip
        asked = 0 if clip is None else clip.at(seconds % clip.seconds), size
        if asked != self._asked:
            self._asked = asked
            work = partial(_frame, source, *asked)
            self._errands.ask("ground", work, urgent=True)

    @Slot(object, object)
    def _brought(self, key: object, brought: Any) -> None:
        if key == "ground" and brought[0] is self._source:
            _, self.number, image = brought
            self._seen = QPixmap.fromImage(image)
            self.changed.emit()

    # ── drawing ──

    def draw(
        self, painter: QPainter, place: QRectF, ratio: float, theme: Theme, plain: str = ""
    ) -> None:
        """Where there is nothing, checks say so, or this colour is seen."""
        backdrop, seen = self.backdrop, self._seen
        if backdrop is None:
            return
        if self._source is None or (seen is not None and seen.hasAlphaChannel()):
            colour = backdrop.colour or plain
            if colour:
                painter.fillRect(place, QColor(colour))
            else:
                _draw_checks(painter, place, theme)
        if seen is not None and seen.size() == device_size(place, ratio):
            seen.setDevicePixelRatio(ratio)
            painter.drawPixmap(place.topLeft(), seen)
        elif seen is not None:  # until it is there in this size
            painter.drawPixmap(place, seen, QRectF(seen.rect()))


def device_size(place: QRectF, ratio: float) -> QSize:
    return QSize(max(1, round(place.width() * ratio)), max(1, round(place.height() * ratio)))


def _draw_checks(painter: QPainter, place: QRectF, theme: Theme) -> None:
    light, dark = (QColor(level, level, level) for level in CHECKS[theme.name])
    tile = QPixmap(2 * _SQUARE, 2 * _SQUARE)
    tile.fill(light)
    with QPainter(tile) as squares:
        squares.fillRect(_SQUARE, 0, _SQUARE, _SQUARE, dark)
        squares.fillRect(0, _SQUARE, _SQUARE, _SQUARE, dark)
    painter.drawTiledPixmap(place, tile)


def _frame(
    source: Frame | Footage, number: int, size: QSize
) -> tuple[Frame | Footage, int, QImage]:
    frame = source if isinstance(source, np.ndarray) else source.frame(number)
    return source, number, image_at(frame, Size(size.width(), size.height()))
