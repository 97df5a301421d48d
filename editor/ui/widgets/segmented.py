"""Two or three words of which one holds, as in Add | Subtract."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from editor.ui.theme import CORNER, Theme
from editor.ui.widgets.focus import Ringed, draw_ring


class Segmented(QWidget):
    """Choices are (value, caption) pairs. Tab reaches the group, the arrow keys move within it."""

    changed = Signal(object)
    committed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[object, str]],
        default: object = None,
        name: str = "",
        words: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Where the captions are mere signs, ``words`` say what they mean."""
        super().__init__(parent)
        self.default = choices[0][0] if default is None else default
        self.setAccessibleName(name)
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, (_, caption) in enumerate(choices):
            segment = _Segment(caption, words[index] if words else "")
            self._group.addButton(segment, index)
            row.addWidget(segment)
        self.setFixedHeight(28)
        self.set_value(self.default)
        self._shown = self.value()
        self._group.idToggled.connect(self._toggled)

    def value(self) -> object:
        return self._values[self._group.checkedId()]

    def set_value(self, value: object) -> None:
        if value not in self._values:
            known = ", ".join(str(one) for one in self._values)
            raise ValueError(f"there is no choice {value!r}: choose {known}")
        self._shown = value  # set first: what is not new is not told
        self._group.button(self._values.index(value)).setChecked(True)

    def offer(self, values: Collection[object]) -> None:
        """Only these are there to be chosen."""
        for index, value in enumerate(self._values):
            self._group.button(index).setVisible(value in values)

    def reset(self) -> None:
        self._group.button(self._values.index(self.default)).setChecked(True)

    def _toggled(self, index: int, on: bool) -> None:
        if on and self._values[index] != self._shown:
            self._shown = self._values[index]
            self.changed.emit(self._shown)
            self.committed.emit(self._shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.line))
        painter.setBrush(QColor(theme.pressed))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)


class _Segment(Ringed, QAbstractButton):
    def __init__(self, caption: str, words: str) -> None:
        super().__init__()
        self.setText(caption)
        self.setAccessibleName(words or caption)
        self.setToolTip(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 20, 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self._ring = True

    def focusInEvent(self, event: QFocusEvent) -> None:
        # An arrow key hands the focus on with "other" as its reason.
        super().focusInEvent(event)
        self._ring |= event.reason() == Qt.FocusReason.OtherFocusReason

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover if theme.name == "dark" else theme.raised))
            painter.drawRoundedRect(body, CORNER - 2, CORNER - 2)
        strong = self.isChecked() or self.underMouse()
        colour = theme.text if strong else theme.muted
        painter.setPen(QColor(colour if self.isEnabled() else theme.disabled))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._ring:
            draw_ring(painter, body, theme.accent, CORNER - 2)
