"""The track: where the creature went in its clip, drawn over the frame that is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen

from editor.engine.clip import Footage, Frame
from editor.engine.image import Point, Rect, Size
from editor.engine.sprite import Cel
from editor.ui.canvas.view import View
from editor.ui.loop.errands import Errands
from editor.ui.loop.pictures import Sight, image_of, place_of, scaled, visible
from editor.ui.loop.screen import Screen
from editor.ui.sprite.compass import COLOURS, colour_number, way_colours
from editor.ui.theme import Theme

GROUND = 0x8C  # the level behind a creature whose clip is not here: dark and light ones are seen
_NEAR = 20.0  # px between the pointer and a place of the track that is meant
_WIDTH = 2.0


class _Seen(NamedTuple):
    """A picture for the screen."""

    image: QImage
    part: Rect  # of the frame
    sight: Sight


class _Way(NamedTuple):
    """The whole track, of which the screen shows a part."""

    points: NDArray[np.float64]  # centroids
    cels: Sequence[Cel]
    headings: Sequence[float]
    colours: Sequence[QColor]  # those of the compass, and one for what stands
    ratio: float


class _Drawn(NamedTuple):
    """A way as it was drawn."""

    way: _Way
    view: View
    image: QImage


class TrackView(Screen):
    """A frame of the clip, or the creature alone where there is none, and its track over it.

    The track has the colours of the rose. It is cut where the creature was not seen, or was thrown
    out. Signals: pointed_at(frame number), chosen(frame number).
    """

    pointed_at = Signal(int)
    chosen = Signal(int)
    below = 0  # the action bar floats over the frames

    def __init__(self, errands: Errands) -> None:
        super().__init__()
        self._errands = errands
        self._footage: Footage | None = None
        self._cels: Sequence[Cel] = ()
        self._by_number: dict[int, Cel] = {}
        self._points: NDArray[np.float64] = np.zeros((0, 2))
        self._headings: Sequence[float] = ()
        self._number: int | None = None
        self._track = True
        self._way: _Way | None = None
        self._drawn: _Drawn | None = None
        self._seen: _Seen | None = None
        self._turn = object()
        self.setAccessibleName(self.tr("Track of the creature in its clip"))
        self.sight_changed.connect(self._ask)
        self.sight_changed.connect(self._ask_way)
        errands.done.connect(self._brought)

    # ── what is shown ──

    def show_footage(self, footage: Footage | None) -> None:
        self._footage, self._seen, self._turn = footage, None, object()

    def show_cels(self, cels: Sequence[Cel], size: Size | None) -> None:
        """Those that are kept, in a clip of this size."""
        if size != self._size:
            self.show_clip(size)
        self._cels, self._headings = cels, ()
        self._by_number = {cel.number: cel for cel in cels}
        self._points = np.array([cel.centroid for cel in cels]).reshape(-1, 2)
        if self._number is None and cels:
            self._number = cels[len(cels) // 2].number
        self._ask()
        self._show_way()

    def show_headings(self, headings: Sequence[float]) -> None:
        """Which way each of them goes."""
        if len(headings) == len(self._cels):
            self._headings = headings
            self._show_way()

    def show_number(self, number: int) -> None:
        """Look at this frame."""
        if number != self._number:
            self._number = number
            self._ask()
            self.update()

    @property
    def number(self) -> int | None:
        """Of the frame that is looked at."""
        return self._number

    def show_track(self, on: bool) -> None:
        self._track = on
        self.update()

    @Slot()
    def _ask(self, _: object = None) -> None:
        """Have the frame drawn as it is wanted now."""
        if self._size is None or self._number is None or not self.isVisible():
            return
        if self._footage is not None:
            number = min(self._number, self._footage.clip.count - 1)
            read = partial(self._footage.frame, number)
        else:
            read = partial(_alone, self._by_number.get(self._number), self._size)
        work = partial(_picture, self._turn, read, self._size, self.sight)
        self._errands.ask("track", work, urgent=True)

    def _show_way(self) -> None:
        """The track is another one, or has other colours."""
        theme = Theme.of(self)
        colours = (*way_colours(theme), QColor(theme.muted))
        ratio = self.devicePixelRatioF()
        self._way = _Way(self._points, self._cels, self._headings, colours, ratio)
        self._ask_way()

    @Slot()
    def _ask_way(self, _: object = None) -> None:
        """Have the track drawn for the screen: it may have thousands of pieces."""
        if self._way is not None and self.isVisible():
            self._errands.ask("way", partial(_drawn, self._way, self.sight), urgent=True)

    @Slot(object, object)
    def _brought(self, key: object, brought: Any) -> None:
        if key == "track" and brought[0] is self._turn:
            self._seen = brought[1]
            self.update()
        elif key == "way" and brought.way is self._way:
            self._drawn = brought
            self.update()

    # ── drawing ──

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self._seen is not None and not self._seen.image.isNull():
            painter.save()
            self._draw(painter, self._seen)  # type: ignore[arg-type]
            painter.restore()
        if self._track and len(self._cels):
            if self._drawn is not None:
                painter.save()
                self._draw_way(painter, self._drawn)
                painter.restore()
            self._draw_place(painter, Theme.of(self))

    def _draw_way(self, painter: QPainter, drawn: _Drawn) -> None:
        """Where it lies now: until it is drawn anew it goes along with the frame."""
        ratio, grown = self.devicePixelRatioF(), self._view.scale / drawn.view.scale
        (left, top), (x, y) = self._view.corner, drawn.view.corner
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(x * grown - left, y * grown - top)
        painter.scale(grown, grown)
        painter.drawImage(0, 0, drawn.image)

    def _draw_place(self, painter: QPainter, theme: Theme) -> None:
        """A ring where the creature is in the frame that is looked at."""
        cel = None if self._number is None else self._by_number.get(self._number)
        if cel is None:
            return
        at = self._place(cel.centroid)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in (("#a0000000", 4.5), ("#ffffff", 2.0)):
            painter.setPen(QPen(QColor(colour), wide))
            painter.drawEllipse(at, 7, 7)

    def _place(self, point: Sequence[float]) -> QPointF:
        """Where the middle of a pixel of the clip is on the screen."""
        at = self._view.to_screen(Point(point[0] + 0.5, point[1] + 0.5))
        ratio = self.devicePixelRatioF()
        return QPointF(at.x / ratio, at.y / ratio)

    # ── Qt ──

    def _nearest(self, at: QPointF) -> int | None:
        """The number of the frame whose place is meant; None where none is near."""
        if not (self._track and len(self._cels)):
            return None
        device = self.device_point(at)
        place = self._view.to_image(device.x, device.y)
        away = np.hypot(*(self._points + 0.5 - (place.x, place.y)).T)
        best = int(np.argmin(away))
        near = away[best] * self._view.scale <= _NEAR * self.devicePixelRatioF()
        return self._cels[best].number if near else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        number = self._nearest(event.position())
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(arrow if number is None else hand)
        if number is not None and self._dragged is None:
            self.pointed_at.emit(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._nearest(event.position())
        if number is not None and self._dragged is not None and not self._moved:
            self.chosen.emit(number)
        super().mouseReleaseEvent(event)

    def showEvent(self, event: object) -> None:
        self._ask()
        self._ask_way()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._way is not None:
            self._show_way()


def pieces_of(cels: Sequence[Cel], headings: Sequence[float]) -> list[list[int]]:
    """For each colour of the compass, and last for none, the cels from which a piece of the track
    goes to the next one: only where that goes on with the movement.
    """
    pieces: list[list[int]] = [[] for _ in range(COLOURS + 1)]
    for at in range(len(cels) - 1):
        one, other = cels[at], cels[at + 1]
        if (other.track, other.number) != (one.track, one.number + 1):
            continue
        heading = headings[at + 1] if headings else math.nan
        pieces[COLOURS if math.isnan(heading) else colour_number(heading)].append(at)
    return pieces


def _drawn(way: _Way, sight: Sight) -> _Drawn:
    """The part of a track that is on the screen, on nothing."""
    view, (width, height) = sight
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    pieces = pieces_of(way.cels, way.headings)
    places = [QPointF(x, y) for x, y in ((way.points + 0.5) * view.scale - view.corner).tolist()]
    lines = [[QLineF(places[at], places[at + 1]) for at in piece] for piece in pieces]
    dark, wide = QColor(0, 0, 0, 110), _WIDTH * way.ratio
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for some in lines:
            painter.setPen(QPen(dark, wide + 2 * way.ratio, c=Qt.PenCapStyle.RoundCap))
            painter.drawLines(some)
        for colour, some in zip(way.colours, lines, strict=True):
            painter.setPen(QPen(colour, wide, c=Qt.PenCapStyle.RoundCap))
            painter.drawLines(some)
    return _Drawn(way, view, image)


def _picture(turn: object, read: Any, size: Size, sight: Sight) -> tuple[object, _Seen]:
    frame: Frame = read()
    part = visible(sight, size)
    if part.empty:
        return turn, _Seen(QImage(), part, sight)
    place = place_of(part, sight.view)
    small = scaled(frame[..., :3], part, Size(place.width, place.height))
    return turn, _Seen(image_of(small), part, sight)


def _alone(cel: Cel | None, size: Size) -> Frame:
    """The creature on grey, where it was in the clip."""
    frame = np.full((size.height, size.width, 3), GROUND, np.uint8)
    if cel is not None:
        below = frame[cel.place.slices].astype(np.uint16)
        alpha = cel.pixels[..., 3:].astype(np.uint16)
        mixed = (cel.pixels[..., :3] * alpha + below * (255 - alpha)) // 255
        frame[cel.place.slices] = mixed.astype(np.uint8)
    return frame
