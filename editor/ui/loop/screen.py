"""The screen: shows the picture that is playing, as large as it goes or zoomed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.image import Size
from editor.ui.canvas.view import View
from editor.ui.canvas.viewport import Viewport
from editor.ui.loop.pictures import Sight, place_of
from editor.ui.loop.renderer import Made
from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.widgets.focus import Ring

_MARGIN = 3 * GRID
_STEP = 1.0015  # of the scale, for each eighth of a degree of the wheel


class Screen(Viewport):
    """Signals: sight_changed(Sight), pointed(x, y) — 0..1 of the screen —, clicked().

    Space around the frame has the canvas's colour. The wheel zooms at the pointer, dragging pans,
    a double click fits. ``full`` has no margin, and black around the frame.
    """

    sight_changed = Signal(object)
    pointed = Signal(float, float)
    clicked = Signal()
    margin, below = _MARGIN, 5 * GRID

    def __init__(self, parent: QWidget | None = None, *, full: bool = False) -> None:
        super().__init__(parent)
        self._full = full
        self._size: Size | None = None  # of the clip's frames
        self._made: Made | None = None
        self._view = View()
        self._dragged: QPointF | None = None
        self._moved = False
        self._hint = ""
        self.setAccessibleName(self.tr("Clip"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        Ring(self)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    def show_clip(self, size: Size | None) -> None:
        """Frames of this size will come; None: there is no clip."""
        self._size, self._made = size, None
        self._view = self._fitting()
        self._tell()

    def show_made(self, made: Made) -> None:
        self._made = made
        self.update()

    def set_hint(self, hint: str) -> None:
        """What to do where there is no clip."""
        self._hint = hint
        self.update()

    @property
    def sight(self) -> Sight:
        return Sight(self._view, self.device_size)

    @property
    def view(self) -> View:
        return self._view

    @property
    def picture_size(self) -> Size | None:
        return self._size

    @property
    def device_size(self) -> Size:
        ratio = self.devicePixelRatioF()
        return Size(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def _set_view(self, view: View) -> None:
        assert self._size is not None
        if view != self._view:
            self._view = view if view.fitted else view.clamped(self._size, self.device_size)
            self._tell()

    def _tell(self) -> None:
        self.update()
        if self._size is not None:
            self.sight_changed.emit(self.sight)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._view.fitted:
            self._view = self._fitting()
        self._tell()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(_STEP ** event.angleDelta().y(), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.pointed.emit(at.x() / max(1, self.width()), at.y() / max(1, self.height()))
        if self._dragged is None:
            return
        way = at - self._dragged
        if self._moved or way.manhattanLength() > 4:
            self._moved = True
            self._dragged = at
            self.pan_by(way.x(), way.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and not self._moved:
            self.clicked.emit()
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = Theme.of(self)
        painter.fillRect(self.rect(), QColor("#000000" if self._full else theme.canvas))
        if self._size is None:
            painter.setFont(ui_font())
            painter.setPen(QColor(theme.muted))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0), words, self._hint)
        elif self._made is not None and not self._made.image.isNull():
            self._draw(painter, self._made)

    def _draw(self, painter: QPainter, made: Made) -> None:
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        place = place_of(made.part, self._view)
        if made.sight.view == self._view:
            painter.drawImage(place.x, place.y, made.image)
        else:  # until the picture for this view is there
            painter.drawImage(QRectF(*place), made.image)


class FullScreen(Screen):
    """The same over the whole monitor. Signals: left() — F or Esc —, keyed(QKeyEvent) — others."""

    left = Signal()
    keyed = Signal(object)
    margin = below = 0

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, full=True)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            self.keyed.emit(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.left.emit()
