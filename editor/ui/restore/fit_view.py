"""The fit of a network over its iterations: curves above, checkpoints as a film below, and one
line through both that is dragged to any of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.curve import Checkpoint, Curve
from editor.ui.loop.drawing import covering
from editor.ui.pictures import to_image
from editor.ui.restore.lines import Points, lines
from editor.ui.theme import CORNER, GRID, Theme, ui_font
from editor.ui.widgets.focus import Ringed, draw_ring

_LEGEND = 18  # px
_PLOT = 92
_GAP = 5  # between the plot and the film, where a dot stands for each checkpoint
_FILM = 40
_HANDLE = 5.0  # px, its radius
_THUMBNAIL = 96  # px of the longer side, for screens of twice the density
_NARROWEST = 30.0  # px of a picture on the film


class FitView(Ringed, QWidget):
    """Signals: wanted(int) — the checkpoint of this iteration is to be seen; taken() — a double
    click, or Enter.
    """

    wanted = Signal(int)
    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: Curve | None = None
        self._running = False
        self._chosen = 0  # iteration whose picture is on the canvas
        self._under: int | None = None  # iteration under the pointer
        self._images: dict[Checkpoint, QImage] = {}
        self._ground: QPixmap | None = None  # all but the line
        self.setAccessibleName(self.tr("Checkpoints"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(_LEGEND + _PLOT + _GAP + _FILM + 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # ── what is shown ──

    def show_curve(self, curve: Curve | None, *, running: bool) -> None:
        """While it runs the newest picture is on the canvas, and none can be chosen."""
        self._curve, self._running = curve, running
        kept = () if curve is None else curve.checkpoints
        if kept:
            self._images = {one: self._images.get(one) or thumbnail(one) for one in kept}
        self.choose(0 if curve is None else curve.taken)
        self._ground = None
        grab = Qt.CursorShape.SizeHorCursor if kept and not running else Qt.CursorShape.ArrowCursor
        self.setCursor(grab)

    def choose(self, iteration: int) -> None:
        self._chosen = iteration
        self.setAccessibleDescription(self.tr("Iteration {}").format(iteration))
        self.update()

    @property
    def chosen(self) -> int:
        return self._chosen

    # ── where things lie ──

    @property
    def _width(self) -> float:
        return max(1.0, float(self.width()))

    @property
    def _end(self) -> int:
        """The last iteration there is room for."""
        if self._curve is None:
            return 1
        return max(1, self._curve.ends[-1] if self._running else self._curve.done)

    @property
    def _film(self) -> QRectF:
        return QRectF(0, _LEGEND + _PLOT + _GAP, self._width, _FILM)

    def _x(self, iteration: float) -> float:
        return self._width * iteration / self._end

    def _iteration(self, x: float) -> float:
        return x / self._width * self._end

    # ── drawing ──

    def sizeHint(self) -> QSize:
        return QSize(276, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._ground = None

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._ground = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._ground is None or self._ground.devicePixelRatio() != ratio:
            self._ground = QPixmap(self.size() * ratio)
            self._ground.setDevicePixelRatio(ratio)
            self._ground.fill(Qt.GlobalColor.transparent)
            self._draw(QPainter(self._ground), theme)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_line(painter, theme)
        self._draw_numbers(painter, theme)
        if self._ring:
            draw_ring(painter, QRectF(self.rect()), theme.accent, CORNER)

    def _draw(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(ui_font(11, tabular=True))
        plot = QRectF(0, _LEGEND, self._width, _PLOT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.pressed))
        painter.drawRoundedRect(plot, 3, 3)
        self._draw_legend(painter, theme)
        if self._curve is not None:
            self._draw_stages(painter, theme, self._curve, plot)
            self._draw_curves(painter, theme, self._curve, plot)
            self._draw_stop(painter, theme, self._curve)
        self._draw_film(painter, theme)
        painter.end()

    def _draw_legend(self, painter: QPainter, theme: Theme) -> None:
        words = ((self.tr("Error"), theme.muted), (self.tr("Unrest"), theme.accent))
        x = 0.0
        for text, colour in words:
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawLine(QPointF(x, 8), QPointF(x + 10, 8))
            painter.setPen(QColor(theme.muted))
            place = QRectF(x + 15, 0, 90, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            x += 15 + painter.fontMetrics().horizontalAdvance(text) + 2 * GRID

    def _draw_stages(self, painter: QPainter, theme: Theme, curve: Curve, plot: QRectF) -> None:
        """A thin upright line where a larger size begins."""
        for end in curve.ends[:-1]:
            if end < self._end:
                x = round(self._x(end))
                painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), QColor(theme.edge))

    def _draw_curves(self, painter: QPainter, theme: Theme, curve: Curve, plot: QRectF) -> None:
        drawn = lines(curve, self._end, 2 * round(self._width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pieces, colour in ((drawn.losses, theme.muted), (drawn.variances, theme.accent)):
            painter.setPen(QPen(QColor(colour), 1.5))
            for points in pieces:
                painter.drawPolyline(_polygon(points, plot))

    def _draw_stop(self, painter: QPainter, theme: Theme, curve: Curve) -> None:
        """Where it is best to stop, as far as can be told, and what that means."""
        if not curve.valley:
            return
        x = self._x(curve.valley)
        pen = QPen(QColor(theme.accent), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, _LEGEND), QPointF(x, _LEGEND + _PLOT))
        words = self.tr("best at {}").format(curve.valley)
        wide = painter.fontMetrics().horizontalAdvance(words) + 2
        left = min(max(x - wide / 2, 4), self._width - wide - 4)
        painter.setPen(QColor(theme.accent))
        place = QRectF(left, _LEGEND + 2, wide, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_film(self, painter: QPainter, theme: Theme) -> None:
        film = self._film
        shape = QPainterPath()
        shape.addRoundedRect(film, 3, 3)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(film, QColor(theme.pressed))
        curve = self._curve
        if curve is not None and curve.checkpoints:
            image = next(iter(self._images.values()))
            each = min(max(_FILM * image.width() / image.height(), _NARROWEST), 80.0)
            count = max(1, round(film.width() / each))
            each = film.width() / count
            for at in range(count):
                middle = self._iteration(film.left() + (at + 0.5) * each)
                nearest = curve.nearest(middle)
                if nearest is None or self._iteration(film.left() + at * each) > curve.done:
                    break
                picture = self._images[nearest]
                place = QRectF(film.left() + at * each, film.top(), each - 1, film.height())
                painter.drawImage(place, picture, covering(picture, place))
        painter.restore()
        if curve is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.disabled))
            for one in curve.checkpoints:
                dot = QPointF(self._x(one.iteration), film.top() - _GAP / 2)
                painter.drawEllipse(dot, 1.25, 1.25)

    def _draw_line(self, painter: QPainter, theme: Theme) -> None:
        """Through the plot and the film, with a handle, where the picture on the canvas is from."""
        if self._curve is None or not self._chosen:
            return
        film = self._film
        x = min(max(self._x(self._chosen), 1), self._width - 1)
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(x, _LEGEND), QPointF(x, film.bottom()))
        if self._running:
            return
        painter.setPen(QPen(QColor(theme.panel), 1))
        painter.setBrush(QColor(theme.text))
        middle = min(max(x, _HANDLE + 0.5), self._width - _HANDLE - 0.5)
        painter.drawEllipse(QPointF(middle, film.top() - _GAP / 2), _HANDLE, _HANDLE)

    def _draw_numbers(self, painter: QPainter, theme: Theme) -> None:
        """Those under the pointer, in the corner that is free."""
        if self._curve is None or self._under is None:
            return
        at = min(max(self._under, 1), self._curve.done)
        words = self.tr("{0:,}: {1:.3g}").format(at, self._curve.losses[at - 1])
        painter.setFont(ui_font(11, tabular=True))
        painter.setPen(QColor(theme.text))
        place = QRectF(0, 0, self._width, 16)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place, right, words)

    # ── the hand ──

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position().x())
        known = self._curve is not None and self._curve.done > 0
        self._under = round(self._iteration(event.position().x())) if known else None
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.taken.emit()

    def _drag(self, x: float) -> None:
        self._want(self._curve.nearest(self._iteration(x)) if self._curve is not None else None)

    def _want(self, one: Checkpoint | None) -> None:
        if one is not None and not self._running and one.iteration != self._chosen:
            self.choose(one.iteration)
            self.wanted.emit(one.iteration)

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in (*_KEYS, *_ENTER):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, curve = Qt.Key(event.key()), self._curve
        if key in _ENTER:
            self.taken.emit()
        elif key in _KEYS and curve is not None and curve.checkpoints:
            kept = curve.checkpoints
            at = min(range(len(kept)), key=lambda i: abs(kept[i].iteration - self._chosen))
            self._want(kept[min(max(at + _KEYS[key], 0), len(kept) - 1)])
        else:
            event.ignore()


_FAR = 10_000
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -_FAR,
    Qt.Key.Key_End: _FAR,
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def thumbnail(one: Checkpoint) -> QImage:
    """Every n-th pixel of a checkpoint."""
    step = max(1, max(one.pixels.shape[:2]) // _THUMBNAIL)
    pixels: NDArray[Any] = one.pixels[::step, ::step]
    if pixels.dtype != np.uint8:
        pixels = np.rint(pixels.astype(np.float32) * 255).astype(np.uint8)
    return to_image(np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels)


def _polygon(points: Points, plot: QRectF) -> QPolygonF:
    placed = points * (plot.width(), plot.height()) + (plot.left(), plot.top())
    return QPolygonF([QPointF(x, y) for x, y in placed.tolist()])
