"""On or off: a caption with a small switch at its right end; the whole row can be clicked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QSizePolicy, QStyle, QWidget

from editor.ui.theme import Theme
from editor.ui.widgets.focus import Ringed, draw_ring

_WIDTH, _HEIGHT = 30, 17
_MOTION = 120  # ms


class Switch(Ringed, QCheckBox):
    """A QCheckBox to the keyboard and to screen readers; a switch to the eye."""

    changed = Signal(object)
    committed = Signal(object)

    def __init__(
        self, caption: str = "", default: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(caption, parent)
        self.default = default
        self.setAccessibleName(caption)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slide = QVariantAnimation(self, duration=_MOTION)
        self._slide.valueChanged.connect(self.update)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if caption else QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Fixed,
        )
        self.set_value(default)
        self.clicked.connect(self._clicked)

    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(value)
        self._slide.stop()
        self.update()

    def reset(self) -> None:
        if self.value() != self.default:
            self.click()

    def _clicked(self, on: bool) -> None:
        # A style that wants no motion says so; offscreen and some desktops do.
        wanted = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        if wanted > 0:
            self._slide.setStartValue(0.0 if on else 1.0)
            self._slide.setEndValue(1.0 if on else 0.0)
            self._slide.start()
        self.changed.emit(on)
        self.committed.emit(on)

    # Qt

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(_WIDTH + (text + 16 if text else 0), 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return QAbstractButton.hitButton(self, position)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.text():
            painter.setPen(QColor(theme.text if self.isEnabled() else theme.disabled))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), left, self.text())
        body = QRectF(self.width() - _WIDTH, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._body_colour(theme)))
        painter.drawRoundedRect(body, _HEIGHT / 2, _HEIGHT / 2)
        place = 1.0 if self.isChecked() else 0.0
        if self._slide.state() == QVariantAnimation.State.Running:
            place = float(self._slide.currentValue())
        radius = _HEIGHT / 2 - 2
        x = body.left() + _HEIGHT / 2 + place * (_WIDTH - _HEIGHT)
        painter.setBrush(QColor(theme.handle if self.isEnabled() else theme.panel))
        painter.drawEllipse(QPointF(x, body.center().y()), radius, radius)
        if self._ring:
            draw_ring(painter, body.adjusted(-3, -3, 0, 3), theme.accent, _HEIGHT / 2 + 2)

    def _body_colour(self, theme: Theme) -> str:
        if not self.isEnabled():
            return theme.line
        if self.isChecked():
            return theme.accent_hover if self.underMouse() else theme.accent
        return theme.disabled if self.underMouse() else theme.track
