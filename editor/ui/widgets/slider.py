"""A slim track with a round handle."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from editor.ui.theme import Theme
from editor.ui.widgets.focus import Ringed
from editor.ui.widgets.scale import Number, Scale

_RADIUS = 6.0  # of the handle
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_PageUp: 10,
}
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)


class Slider(Ringed, QSlider):
    """The value stands in ``number()``; QSlider's own integer only tells screen readers of it.

    Drag, click, arrow keys (with Shift ten steps), Home, End; the wheel only with the focus.
    A double click or Delete asks for the default.
    """

    changed = Signal(object)
    committed = Signal(object)
    reset_wanted = Signal()

    def __init__(self, scale: Scale, value: Number, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale = scale
        self._number = scale.snapped(value)
        self._pressed_at: Number | None = None
        self.set_scale(scale)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scale(self, scale: Scale) -> None:
        """Another range."""
        self._scale = scale
        self._number = scale.snapped(self._number)
        # Screen readers get whole numbers of steps' decimals: 0.05 becomes 5.
        self._ticks = 10**scale.decimals
        self.setRange(round(scale.low * self._ticks), round(scale.high * self._ticks))
        self._tell()

    def number(self) -> Number:
        return self._number

    def set_number(self, value: Number) -> None:
        self._number = self._scale.snapped(value)
        self._tell()

    def _tell(self) -> None:
        self.setValue(round(self._number * self._ticks))
        self.update()

    def _move(self, value: Number) -> None:
        if value != self._number:
            self.set_number(value)
            self.changed.emit(value)

    def _move_at_once(self, value: Number) -> None:
        if value != self._number:
            self._move(value)
            self.committed.emit(self._number)

    def _value_at(self, x: float) -> Number:
        return self._scale.at((x - _RADIUS) / max(1.0, self.width() - 2 * _RADIUS))

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(124, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(56, 24)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # The arrow keys belong to the slider while it has the focus, not to the window.
            key = cast(QKeyEvent, event).key()
            if key in _KEYS or key in _ENDS or key == Qt.Key.Key_Delete:
                event.accept()
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self._number
            self._move(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None:
            self._move(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        before, self._pressed_at = self._pressed_at, None
        self.update()
        if before is not None and before != self._number:
            self.committed.emit(self._number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()  # so that the panel scrolls
            return
        steps = 1 if event.angleDelta().y() > 0 else -1
        self._move_at_once(self._scale.stepped(self._number, steps))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            tenfold = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            steps = _KEYS[key] * (10 if tenfold else 1)
            self._move_at_once(self._scale.stepped(self._number, steps))
        elif key in _ENDS:
            end = self._scale.low if key == Qt.Key.Key_Home else self._scale.high
            self._move_at_once(self._scale.snapped(end))
        elif key == Qt.Key.Key_Delete:
            self.reset_wanted.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        x = _RADIUS + self._scale.fraction(self._number) * (self.width() - 2 * _RADIUS)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(QRectF(0, middle - 1.5, self.width(), 3), 1.5, 1.5)
        if self.isEnabled():
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(0, middle - 1.5, x, 3), 1.5, 1.5)
        self._draw_handle(painter, QPointF(x, middle), theme)

    def _draw_handle(self, painter: QPainter, centre: QPointF, theme: Theme) -> None:
        if not self.isEnabled():
            painter.setBrush(QColor(theme.disabled))
            painter.drawEllipse(centre, _RADIUS - 1, _RADIUS - 1)
            return
        active = self._pressed_at is not None or self.underMouse()
        if active and not self._ring:
            halo = QColor(theme.accent)
            halo.setAlpha(70)
            painter.setBrush(halo)
            painter.drawEllipse(centre, _RADIUS + 3, _RADIUS + 3)
        if self._ring:
            painter.setBrush(QColor(theme.panel))
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawEllipse(centre, _RADIUS + 2.25, _RADIUS + 2.25)
        # A white handle on a light panel needs an edge.
        light = QColor(theme.handle).lightness() > 250
        painter.setPen(QPen(QColor(theme.disabled), 1) if light else Qt.PenStyle.NoPen)
        radius = _RADIUS - 0.5 if light else _RADIUS
        painter.setBrush(QColor(theme.handle))
        painter.drawEllipse(centre, radius, radius)
