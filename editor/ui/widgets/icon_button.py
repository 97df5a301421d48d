"""A small square button that shows an icon."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from editor.ui.icons import check_icon, draw_icon
from editor.ui.theme import CORNER, Theme
from editor.ui.widgets.focus import Ringed, draw_ring


class IconButton(Ringed, QToolButton):
    """A square with an icon. Its tooltip is "Name  (Key)".

    A click does not take the focus from the canvas; Tab still reaches it.
    """

    def __init__(
        self,
        icon: str,
        name: str,
        key: str = "",
        *,
        checkable: bool = False,
        size: int = 30,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        check_icon(icon)  # an unknown one is told here, not in a paint event
        self._icon = icon
        self._name = name
        self.setCheckable(checkable)
        self.setFixedSize(size, size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(name)
        self.setAccessibleName(name)
        self.set_key(key)

    def icon_name(self) -> str:
        return self._icon

    def set_icon(self, icon: str, name: str = "") -> None:
        """Show another icon, and another name with it: play becomes pause."""
        check_icon(icon)
        self._icon = icon
        self._name = name or self._name
        self.setText(self._name)
        self.setAccessibleName(self._name)
        self.set_key(self._key)
        self.update()

    def set_key(self, key: str) -> None:
        self._key = key
        self.setToolTip(f"{self._name}  ({key})" if key else self._name)

    # Qt

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_body(painter, theme)
        draw_icon(painter, self._icon, QRectF(self.rect()).center(), self._colour(theme))
        if self._ring:
            draw_ring(painter, QRectF(self.rect()), theme.accent, CORNER)

    def _draw_body(self, painter: QPainter, theme: Theme) -> None:
        if self.isDown():
            fill = theme.pressed
        elif self.isEnabled() and self.underMouse():
            fill = theme.hover
        elif self.isChecked():
            fill = theme.raised if theme.name == "dark" else theme.pressed
        else:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(self.rect()), CORNER, CORNER)

    def _colour(self, theme: Theme) -> str:
        if not self.isEnabled():
            return theme.disabled
        return theme.text if self.isChecked() or self.underMouse() else theme.muted


class IconSwitch(IconButton):
    """On or off, where there is room for an icon only."""

    changed = Signal(object)
    committed = Signal(object)

    def __init__(
        self, icon: str, name: str, default: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(icon, name, checkable=True, parent=parent)
        self.setChecked(default)
        self.clicked.connect(self._clicked)

    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(value)

    def _clicked(self, on: bool) -> None:
        self.changed.emit(on)
        self.committed.emit(on)
