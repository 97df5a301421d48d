"""What is behind the creature: nothing, a colour, a picture, or a clip that plays on and on."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from editor.engine.clip import Footage, Frame
from editor.engine.image import Rect, Size
from editor.ui.loop.errands import Errands
from editor.ui.loop.pictures import image_of, scaled
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

    The frames of a clip are read and made smaller beside the window; what is not ready when it is
    due is left out. ``number`` is that of the frame on the stage.
    """

    changed = Signal()

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self.backdrop: Backdrop | None = None
        self.number = 0
        self._image: QImage | None = None  # of the picture, or of the frame
        self._fitting: QPixmap | None = None  # the image as large as it is drawn
        self._asked = -1
        errands.done.connect(self._brought)

    def show_backdrop(self, backdrop: Backdrop | None) -> None:
        self.backdrop, self.number, self._asked = backdrop, 0, -1
        self._image = self._fitting = None
        if backdrop is not None and backdrop.picture is not None:
            self._image = image_of(backdrop.picture[..., :3])
        self.changed.emit()

    def look(self, seconds: float, size: QSize) -> None:
        """Have the frame of a clip at a time, as large as it will be drawn."""
        film = None if self.backdrop is None else self.backdrop.film
        if film is None:
            return
        number = film.clip.at(seconds % film.clip.seconds)
        if number != self._asked or (self._image is not None and self._image.size() != size):
            self._asked = number
            work = partial(_frame, film, number, Size(size.width(), size.height()))
            self._errands.ask("ground", work, urgent=True)

    @Slot(object, object)
    def _brought(self, key: object, brought: Any) -> None:
        film = None if self.backdrop is None else self.backdrop.film
        if key == "ground" and brought[0] is film:
            _, self.number, self._image = brought
            self._fitting = None
            self.changed.emit()

    # ── drawing ──

    def draw(self, painter: QPainter, place: QRectF, ratio: float, theme: Theme) -> None:
        """Where there is nothing, checks say so."""
        backdrop = self.backdrop
        if backdrop is None:
            return
        if self._image is not None:
            painter.drawPixmap(place.topLeft(), self._fitted(device_size(place, ratio), ratio))
        elif backdrop.colour:
            painter.fillRect(place, QColor(backdrop.colour))
        elif backdrop.film is None:
            _draw_checks(painter, place, theme)

    def _fitted(self, size: QSize, ratio: float) -> QPixmap:
        assert self._image is not None
        if self._fitting is None or self._fitting.size() != size:
            image = self._image
            if image.size() != size:
                smooth = Qt.TransformationMode.SmoothTransformation
                image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._fitting = QPixmap.fromImage(image)
            self._fitting.setDevicePixelRatio(ratio)
        return self._fitting


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


def _frame(film: Footage, number: int, size: Size) -> tuple[Footage, int, QImage]:
    frame = film.frame(number)[..., :3]
    return film, number, image_of(scaled(frame, Rect.whole(frame), size))
