"""A pill with a word and, if it has one, its key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from editor.ui.theme import Theme, ui_font
from editor.ui.widgets.focus import Ringed, draw_ring
from editor.ui.widgets.key_cap import HEIGHT, cap_width, draw_cap

KINDS = ("plain", "quiet", "primary", "danger")


class PillButton(Ringed, QAbstractButton):
    """Plain is raised, quiet has no body until hovered, primary is accent, danger is red."""

    def __init__(
        self,
        text: str,
        key: str = "",
        *,
        kind: str = "plain",
        height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if kind not in KINDS:
            raise ValueError(f'there is no button kind "{kind}": choose {", ".join(KINDS)}')
        self._kind = kind
        self._key = key
        self.setText(text)
        self.setAccessibleName(text)
        strong = kind in ("primary", "danger")
        self.setFont(ui_font(weight=QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def key(self) -> str:
        return self._key

    def set_text(self, text: str, key: str | None = None) -> None:
        """Another word, and another key if one is given."""
        self.setText(text)
        self.setAccessibleName(text)
        self._key = self._key if key is None else key
        self.updateGeometry()
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        cap = cap_width(self._key) + 8 if self._key else 0
        padding = 2 * min(16, self.height() // 2)
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + cap + padding, 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        body, text = self._colours(theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QRectF(self.rect())
        radius = shape.height() / 2
        if body is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(body))
            painter.drawRoundedRect(shape, radius, radius)
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        cap = cap_width(self._key) if self._key else 0
        x = (shape.width() - words - (cap + 8 if cap else 0)) / 2
        painter.setFont(self.font())
        painter.setPen(QColor(text))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(x, 0, words + 1, shape.height()), middle, self.text())
        if cap:
            place = QRectF(x + words + 8, (shape.height() - HEIGHT) / 2, cap, HEIGHT)
            faint = QColor(text)
            faint.setAlphaF(0.45)
            quiet = text if self._kind in ("primary", "danger") else theme.muted
            cap_text = quiet if self.isEnabled() else theme.disabled
            draw_cap(painter, place, self._key, cap_text, faint.name(QColor.NameFormat.HexArgb))
        if self._ring:
            on_body = self._kind in ("primary", "danger")
            inner = shape.adjusted(2, 2, -2, -2) if on_body else shape
            draw_ring(painter, inner, text if on_body else theme.accent, inner.height() / 2)

    def _colours(self, theme: Theme) -> tuple[str | None, str]:
        """The body's and the text's colour in the present state."""
        if not self.isEnabled():
            return (None if self._kind == "quiet" else theme.line), theme.disabled
        over, down = self.underMouse(), self.isDown()
        if self._kind == "primary":
            return (theme.accent_hover if over and not down else theme.accent), theme.accent_text
        if self._kind == "danger":
            return theme.danger, theme.danger_text
        rest, above = (None, theme.hover) if self._kind == "quiet" else (theme.hover, theme.edge)
        return (theme.pressed if down else above if over else rest), theme.text
