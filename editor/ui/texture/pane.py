"""A picture on calm ground, with a line that says what it is; once, or as a tile beside itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Rect, Size
from editor.ui.theme import GRID, TEXT_SIZE, Theme, ui_font

_MARGIN = 3 * GRID
_CAPTION = 5 * GRID  # of height above the picture, for words of the usual size
FOOT = 9 * GRID  # of height below it, where the action floats
_LARGEST = 6.0  # times its size is a small picture shown
_PLAIN = 2  # times its size, and from then on a pixel is a square
_TILES = 3  # across and down
_NEAR = 10  # px within which the corner is meant
_HEAT = 150  # how much of the weights' colour covers a pixel that counts fully


class Pane(QWidget):
    """Without a picture it shows the outline of one, and a hint in it.

    Signals: pointed(x, y), the pixel under the pointer, −1 where there is none; sized(Size), the
    corner was dragged so far; pressed().
    """

    pointed = Signal(int, int)
    sized = Signal(object)
    pressed = Signal()

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        foot: int = FOOT,
        largest: float = _LARGEST,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._foot, self._largest = foot, largest
        self._words = TEXT_SIZE  # px
        self._image: QImage | None = None
        self._scaled: QPixmap | None = None  # the same as large as it is shown
        self._size = Size(1, 1)  # of the picture; the image may have fewer pixels
        self._tiled = False
        self.marks: tuple[Rect, ...] = ()
        self.chosen: Rect | None = None
        self._heat: QImage | None = None  # how much each pixel of the chosen place counts
        self._scale = 1.0
        self._hint = ""
        self.sizable = False
        self.wanted: Size | None = None  # what the corner was dragged to
        #: While the corner is dragged: where the pointer took hold of it, and where the other is.
        self._held: tuple[QPointF, QPointF] | None = None
        self.lit = False  # framed: it is pointed at, or it is the one
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setMouseTracking(True)

    def show_image(self, image: QImage | None, size: Size, hint: str = "") -> None:
        """A picture of this size; None: it is still to come, and the hint says how."""
        self._image, self._size, self._hint = image, size, hint
        self._scaled = None
        self.setAccessibleDescription(hint or str(size))
        self.update()

    def mark(
        self,
        places: Sequence[Rect],
        chosen: Rect | None,
        weights: NDArray[np.float64] | None = None,
    ) -> None:
        """Frame these places of the picture, and one of them more clearly, as much as it counts."""
        self.marks, self.chosen = tuple(places), chosen
        self._heat = None if weights is None else _glow(weights, Theme.of(self).accent)
        self.update()

    def set_words(self, size: int) -> None:
        """How large the line above the picture is written, px."""
        self._words = size
        self.update()

    def set_tiled(self, tiled: bool) -> None:
        self._tiled = tiled
        self.update()

    def set_scale(self, scale: float) -> None:
        self._scale = scale
        self.update()

    def set_wanted(self, size: Size | None) -> None:
        """Another size than it has is wanted; None: it is as it should be."""
        self.wanted = None if size == self._size else size
        self.update()

    @property
    def dragged(self) -> bool:
        """Whether its corner is in the hand."""
        return self._held is not None

    @property
    def fitting(self) -> float:
        """The largest scale at which all of it is to be seen; pixels that are squares are whole."""
        times = _TILES if self._is_tiled else 1
        width, height = self._size
        if self.wanted is not None and times == 1:
            width, height = max(width, self.wanted.width), max(height, self.wanted.height)
        room = self._room()
        scale = min(room.width() / (times * width), room.height() / (times * height), self._largest)
        return float(int(scale)) if scale >= _PLAIN else scale

    @property
    def _is_tiled(self) -> bool:
        return self._tiled and self._image is not None

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, self._caption, -_MARGIN, -self._foot)

    @property
    def _caption(self) -> float:
        """Of height, above the picture."""
        return _CAPTION * self._words / TEXT_SIZE

    def _place(self) -> QRectF:
        """Of the picture, or of all its tiles."""
        times = _TILES if self._is_tiled else 1
        one = QSizeF(*self._size) * self._scale
        place = QRectF(QPointF(), QSizeF(one.toSize()) * times)
        whole = QRectF(place)
        if self.wanted is not None and times == 1:
            whole = place.united(QRectF(QPointF(), QSizeF(*self.wanted) * self._scale))
        if self._held is None:
            whole.moveCenter(self._room().center())
        else:
            whole.moveTopLeft(self._held[1])
        return QRectF(QRectF(whole.topLeft(), place.size()).toAlignedRect())

    def _corner(self) -> QPointF:
        """The lower right one of what is wanted."""
        return self._place().topLeft() + QPointF(*(self.wanted or self._size)) * self._scale

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        place = self._place()
        if self._image is None:
            self._draw_outline(painter, theme, place)
        else:
            painter.setPen(QColor(theme.disabled))  # where not all of it is there yet
            painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
            self._draw_image(painter, self._image, place)
            self._draw_marks(painter, theme, place)
        if self.sizable and not self._is_tiled:
            self._draw_corner(painter, theme, place)
        if self.lit:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(place.adjusted(-3, -3, 3, 3))
        painter.setFont(ui_font(self._words, tabular=True))
        painter.setPen(QColor(theme.text if self.lit else theme.muted))
        line = QRectF(_MARGIN, 0, self.width() - 2 * _MARGIN, self._caption)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        size = f"{self._size} px"
        if self.wanted is not None:
            size = f"{size} → {self.wanted} px" if self._image is not None else f"{self.wanted} px"
        painter.drawText(line, align, f"{self._name}   {size}")

    def _draw_image(self, painter: QPainter, image: QImage, place: QRectF) -> None:
        times = _TILES if self._is_tiled else 1
        size = QSize(round(place.width() / times), round(place.height() / times))
        painter.setClipRect(place)
        painter.drawTiledPixmap(place, self._pixmap(image, size))
        painter.setClipping(False)

    def _draw_marks(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 1))
        for rect in self.marks:
            painter.drawRect(self._framed(rect, place))
        if self.chosen is None:
            return
        framed = self._framed(self.chosen, place)
        if self._heat is not None:
            painter.drawImage(framed, self._heat)
            pixel = max(3.0, self._scale)
            one = QRectF(0, 0, pixel, pixel)
            one.moveCenter(framed.center())
            painter.fillRect(one, QColor(theme.warning))
        painter.setPen(QPen(QColor(0, 0, 0, 90), 4))  # or it is lost on some pictures
        painter.drawRect(framed)
        painter.setPen(QPen(QColor(theme.warning), 2))
        painter.drawRect(framed)

    def _framed(self, rect: Rect, place: QRectF) -> QRectF:
        corner = place.topLeft() + QPointF(rect.x, rect.y) * self._scale
        return QRectF(corner, QSizeF(rect.width, rect.height) * self._scale)

    def _draw_corner(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        """What its edges would become, and two short lines where it is taken hold of."""
        corner = self._corner()
        if self.wanted is not None:
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(place.topLeft(), corner))
        painter.setPen(QPen(QColor(theme.accent if self.dragged else theme.muted), 2))
        grip = corner + QPointF(4, 4)
        painter.drawLine(grip, grip - QPointF(12, 0))
        painter.drawLine(grip, grip - QPointF(0, 12))

    def _pixmap(self, image: QImage, size: QSize) -> QPixmap:
        """The image at this size on the screen; it is scaled once, and well."""
        ratio = self.devicePixelRatioF()
        if self._scaled is None or self._scaled.deviceIndependentSize().toSize() != size:
            there = (QSizeF(size) * ratio).toSize()
            how = Qt.TransformationMode.SmoothTransformation
            if self._scale >= _PLAIN:
                how = Qt.TransformationMode.FastTransformation
            aspect = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = QPixmap.fromImage(image.scaled(there, aspect, how))
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _draw_outline(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        painter.setPen(QPen(QColor(theme.disabled), 1, Qt.PenStyle.DashLine))
        if self.wanted is None:
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            place = QRectF(place.topLeft(), self._corner())
        painter.setPen(QColor(theme.muted))
        painter.setFont(ui_font())
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(GRID, GRID, -GRID, -GRID), words, self._hint)

    # the pointer

    def _at_corner(self, at: QPointF) -> bool:
        off = at - self._corner()
        return self.sizable and not self._is_tiled and max(abs(off.x()), abs(off.y())) <= _NEAR

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif self._at_corner(event.position()):
            self._held = self._corner() - event.position(), self._place().topLeft()
        else:
            self.pressed.emit()
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._held is not None:
            size = (at + self._held[0] - self._held[1]) / self._scale
            self.sized.emit(Size(round(size.x()), round(size.y())))
            return
        if self._at_corner(at):
            self.setCursor(Qt.CursorShape.SizeFDiagCursor)
        else:
            self.unsetCursor()
        self._point(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._held = None
            self.sized.emit(self.wanted or self._size)
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1, -1)

    def _point(self, at: QPointF) -> None:
        place = self._place()
        if self._image is None or not place.contains(at):
            self.pointed.emit(-1, -1)
            return
        inside = (at - place.topLeft()) / self._scale
        self.pointed.emit(int(inside.x()) % self._size.width, int(inside.y()) % self._size.height)


def _glow(weights: NDArray[np.float64], colour: str) -> QImage:
    """A colour, as strong as each weight."""
    side, accent = len(weights), QColor(colour)
    cover = np.rint(_HEAT * weights).astype(np.uint16)
    pixels = np.empty((side, side, 4), np.uint8)
    parts = (accent.blue(), accent.green(), accent.red(), 255)
    for channel, part in enumerate(parts):
        pixels[..., channel] = cover * part // 255
    layout = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, side, side, 4 * side, layout).copy()
