"""Steering endless play: the frames that are wanted and the speed, by two sliders or the mouse."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.widgets import IconSwitch, LabeledSlider
from editor.ui.widgets.focus import Ringed, draw_ring
from editor.ui.widgets.row import Caption

SLOW, FAST = 0.25, 4.0  # where the mouse is at the lower and at the upper edge
_RADIUS = 6.0


class Span(Ringed, QWidget):
    """Two handles on one track: the first and the last frame that are wanted.

    Signals: changed((first, last)). Left and Right move the span, with Shift its end.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 2
        self._span = (0, 1)
        self._held = ""
        self._from = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Frames that are wanted"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def value(self) -> tuple[int, int]:
        return self._span

    def set_value(self, span: tuple[int, int]) -> None:
        self._span = span
        self.update()

    def set_count(self, count: int) -> None:
        """Of how many frames; all of them are wanted."""
        self._count = max(2, count)
        self._span = (0, self._count - 1)
        self.update()

    def move_to(self, middle: float) -> None:
        """The same span around another middle, 0..1 of the clip."""
        wide = self._span[1] - self._span[0]
        first = round(middle * (self._count - 1) - wide / 2)
        first = min(max(first, 0), self._count - 1 - wide)
        self._set((first, first + wide))

    def _set(self, span: tuple[int, int]) -> None:
        if span != self._span:
            self._span = span
            self.update()
            self.changed.emit(span)

    def _x(self, frame: int) -> float:
        return _RADIUS + frame / (self._count - 1) * (self.width() - 2 * _RADIUS)

    def _frame(self, x: float) -> int:
        at = (x - _RADIUS) / max(1.0, self.width() - 2 * _RADIUS)
        return round(min(max(at, 0.0), 1.0) * (self._count - 1))

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(180, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        first, last = (self._x(one) for one in self._span)
        if first + 2 * _RADIUS < x < last - 2 * _RADIUS:
            self._held = "both"
        else:
            self._held = "first" if abs(x - first) < abs(x - last) else "last"
        self._from = self._frame(x) - self._span[0]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame = self._frame(event.position().x())
        first, last = self._span
        if self._held == "first":
            self._set((min(frame, last), last))
        elif self._held == "last":
            self._set((first, max(frame, first)))
        elif self._held == "both":
            wide = last - first
            first = min(max(frame - self._from, 0), self._count - 1 - wide)
            self._set((first, first + wide))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._held = ""
        self._set((0, self._count - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is None:
            event.ignore()
            return
        step = way * max(1, self._count // 50)
        first, last = self._span
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set((first, min(max(last + step, first), self._count - 1)))
        else:
            step = min(max(step, -first), self._count - 1 - last)
            self._set((first + step, last + step))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(QRectF(0, middle - 1.5, self.width(), 3), 1.5, 1.5)
        first, last = (self._x(one) for one in self._span)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(QRectF(first, middle - 1.5, last - first, 3), 1.5, 1.5)
        light = QColor(theme.handle).lightness() > 250
        painter.setPen(QColor(theme.disabled) if light else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.handle))
        for x in (first, last):
            painter.drawEllipse(QRectF(x - _RADIUS, middle - _RADIUS, 2 * _RADIUS, 2 * _RADIUS))
        if self._ring:
            draw_ring(painter, QRectF(self.rect()), theme.accent, 4)


class Steer(QWidget):
    """Signals: wanted_changed((first, last)), speed_changed(float)."""

    wanted_changed = Signal(object)
    speed_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("steer")
        self.span = Span()
        self.span.setToolTip(self.tr("The frames that play: drag an end, or all of it"))
        self.span.changed.connect(self.wanted_changed)
        self._frames = QLabel()
        self._frames.setObjectName("muted")
        self._frames.setFont(ui_font(tabular=True))
        self._frames.setMinimumWidth(64)
        self.span.changed.connect(self._tell)
        self.speed = LabeledSlider(
            self.tr("Speed"), 0.1, 8.0, 1.0, 0.05, "×", logarithmic=True, caption_width=0
        )
        self.speed.changed.connect(self._sped)
        self.mouse = IconSwitch("pointer", self.tr("Steer with the mouse over the picture"))
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 6, 2 * GRID, 6)
        row.setSpacing(GRID)
        row.addWidget(self.mouse)
        row.addWidget(Caption(self.tr("Range"), 0))
        row.addWidget(self.span, 2)
        row.addWidget(self._frames)
        row.addSpacing(GRID)
        row.addWidget(self.speed, 1)

    def set_count(self, count: int) -> None:
        self.span.set_count(count)
        self._tell()

    @Slot(object)
    def _tell(self, _: object = None) -> None:
        self._frames.setText("{} – {}".format(*self.span.value()))

    def show_speed(self, speed: float) -> None:
        self.speed.set_value(speed)

    @Slot(float, float)
    def point(self, x: float, y: float) -> None:
        """Where the mouse is over the picture: across the range, upwards the speed."""
        if not self.mouse.value():
            return
        self.span.move_to(min(max(x, 0.0), 1.0))
        speed = SLOW * (FAST / SLOW) ** (1 - min(max(y, 0.0), 1.0))
        self.show_speed(speed)
        self.speed_changed.emit(speed)

    @Slot(object)
    def _sped(self, speed: float) -> None:
        self.speed_changed.emit(float(speed))
