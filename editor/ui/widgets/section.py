"""A part of a panel: a title, something at its right end, and a body."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.widgets.focus import Ringed


class Section(QFrame):
    """``action`` names the link at the right, as in "Reset"; ``set_note`` puts muted words there.

    Put widgets in with ``add``, or use ``body``, the layout itself.
    """

    triggered = Signal()

    def __init__(self, title: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.title = QLabel(title)
        self.title.setFont(ui_font(weight=QFont.Weight.DemiBold))
        self.note = _Note()
        self.link = LinkButton(action)
        self.link.clicked.connect(self.triggered)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.note)
        head.addWidget(self.link)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * GRID, 12, 2 * GRID, 2 * GRID)
        box.setSpacing(12)
        box.addLayout(head)
        box.addLayout(self.body)
        self.link.setVisible(bool(action))  # in its place by now: else it would be a window

    def add(self, widget: QWidget) -> None:
        self.body.addWidget(widget)

    def set_note(self, text: str) -> None:
        self.note.setText(text)


class _Note(QLabel):
    def __init__(self) -> None:
        super().__init__()
        self.setFont(ui_font(12, tabular=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(Theme.of(self).muted))
        painter.drawText(self.rect(), self.alignment(), self.text())


class LinkButton(Ringed, QAbstractButton):
    """Muted words that can be clicked."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setFont(ui_font(12))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 1, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse() or self._ring
        colour = theme.disabled if not self.isEnabled() else theme.accent if over else theme.muted
        painter.setPen(QColor(colour))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), right, self.text())
        if self._ring:
            under = QRectF(0, self.height() - 1.5, self.width(), 1.5)
            painter.fillRect(under, QColor(theme.accent))
