"""A picture on calm ground, with a line that says what it is; once, or as a tile beside itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Rect, Size
from editor.ui.theme import GRID, Theme, ui_font

_MARGIN = 3 * GRID
_CAPTION = 5 * GRID  # of height, above the picture
_FOOT = 9 * GRID  # of height below it, where the action floats
_LARGEST = 2.0  # times its size is a small picture shown
_TILES = 3  # across and down


class Pane(QWidget):
    """Without a picture it shows the outline of one, and a hint in it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._image: QImage | None = None
        self._scaled: QPixmap | None = None  # the same as large as it is shown
        self._size = Size(1, 1)  # of the picture; the image may have fewer pixels
        self._tiled = False
        self.marks: tuple[Rect, ...] = ()
        self.chosen: Rect | None = None
        self._scale = 1.0
        self._hint = ""
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)

    def show_image(self, image: QImage | None, size: Size, hint: str = "") -> None:
        """A picture of this size; None: it is still to come, and the hint says how."""
        self._image, self._size, self._hint = image, size, hint
        self._scaled = None
        self.setAccessibleDescription(hint or str(size))
        self.update()

    def mark(self, places: Sequence[Rect], chosen: Rect | None) -> None:
        """Frame these places of the picture, and one of them more clearly."""
        self.marks, self.chosen = tuple(places), chosen
        self.update()

    def set_tiled(self, tiled: bool) -> None:
        self._tiled = tiled
        self.update()

    def set_scale(self, scale: float) -> None:
        self._scale = scale
        self.update()

    @property
    def fitting(self) -> float:
        """The largest scale at which all of it is to be seen."""
        times = _TILES if self._tiled and self._image is not None else 1
        room = self._room()
        across = room.width() / (times * self._size.width)
        down = room.height() / (times * self._size.height)
        return min(across, down, _LARGEST)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _CAPTION, -_MARGIN, -_FOOT)

    def _place(self) -> QRectF:
        times = _TILES if self._tiled and self._image is not None else 1
        one = QSizeF(*self._size) * self._scale
        place = QRectF(QPointF(), QSizeF(one.toSize()) * times)
        place.moveCenter(self._room().center())
        return QRectF(place.toAlignedRect())

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
            self._draw_image(painter, self._image, place)
            self._draw_marks(painter, theme, place)
        painter.setFont(ui_font(tabular=True))
        painter.setPen(QColor(theme.muted))
        line = QRectF(_MARGIN, 0, self.width() - 2 * _MARGIN, _CAPTION)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, align, f"{self._name}   {self._size} px")

    def _draw_image(self, painter: QPainter, image: QImage, place: QRectF) -> None:
        times = _TILES if self._tiled else 1
        size = QSize(round(place.width() / times), round(place.height() / times))
        painter.setClipRect(place)
        painter.drawTiledPixmap(place, self._pixmap(image, size))
        painter.setClipping(False)

    def _draw_marks(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        def framed(rect: Rect) -> QRectF:
            corner = place.topLeft() + QPointF(rect.x, rect.y) * self._scale
            return QRectF(corner, QSizeF(rect.width, rect.height) * self._scale)

        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 1))
        for rect in self.marks:
            painter.drawRect(framed(rect))
        if self.chosen is not None:
            painter.setPen(QPen(QColor(theme.warning), 2))
            painter.drawRect(framed(self.chosen))

    def _pixmap(self, image: QImage, size: QSize) -> QPixmap:
        """The image at this size on the screen; it is scaled once, and well."""
        ratio = self.devicePixelRatioF()
        if self._scaled is None or self._scaled.deviceIndependentSize().toSize() != size:
            there = (QSizeF(size) * ratio).toSize()
            how = Qt.TransformationMode.SmoothTransformation
            aspect = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = QPixmap.fromImage(image.scaled(there, aspect, how))
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _draw_outline(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        painter.setPen(QPen(QColor(theme.edge), 1, Qt.PenStyle.DashLine))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QColor(theme.muted))
        painter.setFont(ui_font())
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(GRID, GRID, -GRID, -GRID), words, self._hint)
