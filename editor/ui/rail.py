"""The left rail: one button per mode, the chosen one marked in the accent colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from editor.ui.icons import draw_icon
from editor.ui.modes import Mode
from editor.ui.theme import CORNER, GRID, Theme, ui_font


class ModeButton(QAbstractButton):
    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self.mode = mode
        self.setText(self.tr(mode.caption))
        self.setAccessibleName(self.tr(mode.caption))
        self.setToolTip(self.tr(mode.help))
        self.setCheckable(True)
        self.setFont(ui_font(11))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(theme.raised if self.isChecked() else theme.hover))
            painter.drawRoundedRect(face, CORNER, CORNER)
        if self.isChecked():
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(0, GRID, 2, self.height() - 2 * GRID), 1, 1)
        colour = theme.accent if self.isChecked() else theme.muted
        draw_icon(painter, self.mode.icon, QPointF(self.width() / 2, 21), colour)
        painter.setPen(QColor(theme.text if self.isChecked() else theme.muted))
        words = QRectF(0, 34, self.width(), 16)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus() and not self.isDown():
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(face, CORNER, CORNER)


class Rail(QWidget):
    """Signals: chosen(Mode)."""

    chosen = Signal(object)

    def __init__(self, modes: Sequence[Mode], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Modes"))
        self.setFixedWidth(72)
        self.modes = tuple(modes)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(4)
        self._group = QButtonGroup(self)
        for mode in modes:
            button = ModeButton(mode)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)
        self._group.buttonClicked.connect(self._clicked)

    def choose(self, mode: Mode) -> None:
        for button in self._group.buttons():
            if isinstance(button, ModeButton) and button.mode is mode:
                button.setChecked(True)

    def _clicked(self, button: ModeButton) -> None:
        self.chosen.emit(button.mode)
