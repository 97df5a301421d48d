"""Messages that float at the top of the canvas and never stop anybody."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.ui.icons import draw_icon
from editor.ui.theme import CORNER, GRID, Theme
from editor.ui.widgets.icon_button import IconButton
from editor.ui.widgets.pill_button import PillButton

KINDS = ("info", "warning", "error")
_STAY = 6000  # ms that an info message is shown
_SHADOW = 8  # px around the body
_LINE = 400  # px: longer sentences wrap


class Notice(QWidget):
    """An icon, one sentence, buttons if any, and a cross. Info goes after 6 s unless hovered."""

    chosen = Signal(object)  # the caption of the button
    closed = Signal()

    def __init__(
        self,
        text: str,
        kind: str = "info",
        buttons: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if kind not in KINDS:
            raise ValueError(f'there is no message kind "{kind}": choose {", ".join(KINDS)}')
        self.text = text
        self.kind = kind
        self.buttons = tuple(buttons)
        self.setAccessibleName(text)
        self._leave = QTimer(self, singleShot=True, interval=_STAY)
        self._leave.timeout.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SHADOW + 40, _SHADOW + 6, _SHADOW + 6, _SHADOW + 6)
        row.setSpacing(GRID)
        row.addWidget(_sentence(text), 1)
        for caption in buttons:
            button = PillButton(caption, height=28)
            button.clicked.connect(self._clicked)
            row.addWidget(button)
        self.cross = IconButton("close", self.tr("Close"), size=26)
        self.cross.clicked.connect(self.dismiss)
        row.addWidget(self.cross)
        if kind == "info":
            self._leave.start()

    def leaving(self) -> bool:
        """Whether its time is running."""
        return self._leave.isActive()

    def renew(self) -> None:
        """The same thing was said again."""
        if self.kind == "info":
            self._leave.start()

    def dismiss(self) -> None:
        self._leave.stop()
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, PillButton):
            self.chosen.emit(button.text())

    # Qt

    def enterEvent(self, event: QEnterEvent) -> None:
        self._leave.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.renew()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        draw_shadow(painter, body, theme, _SHADOW)
        painter.setPen(QColor(theme.edge))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        colours = {"info": theme.accent, "warning": theme.warning, "error": theme.danger}
        place = QRectF(body.left() + 12, body.center().y() - 10, 20, 20)
        draw_icon(painter, self.kind, place, colours[self.kind])


def draw_shadow(
    painter: QPainter, body: QRectF, theme: Theme, reach: int, corner: float = CORNER
) -> None:
    """A soft shadow around a rounded body: a few outlines, each fainter and further out."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dark = QColor(theme.shadow)
    for distance in range(1, reach):
        ring = QColor(dark)
        ring.setAlphaF(dark.alphaF() * 0.5 * (1 - distance / reach) ** 2)
        painter.setPen(ring)
        out = distance - 0.5
        outer = body.adjusted(-out, -out + 1, out, out + 1)
        painter.drawRoundedRect(outer, corner + out, corner + out)


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.ensurePolished()
    height = label.sizeHint().height()
    if label.sizeHint().width() > _LINE:
        label.setWordWrap(True)
        label.setFixedWidth(_LINE)
        height = label.heightForWidth(_LINE)
    label.setFixedHeight(max(28, height))
    return label


class Notices(QWidget):
    """The stack of messages at the top middle of its parent, the newest lowest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self.hide()
        parent.installEventFilter(self)

    def tell(self, text: str, kind: str = "info", buttons: Sequence[str] = ()) -> Notice:
        """Show a message; one that is already there is not shown twice."""
        for shown in self.shown():
            if (shown.text, shown.kind, shown.buttons) == (text, kind, tuple(buttons)):
                shown.renew()
                return shown
            if shown.text == text and shown.buttons != tuple(buttons):
                shown.dismiss()  # the same question, with other answers
        notice = Notice(text, kind, buttons)
        notice.closed.connect(self._settle)
        self._stack.addWidget(notice, 0, Qt.AlignmentFlag.AlignHCenter)
        notice.show()
        self._settle()
        QAccessible.updateAccessibility(QAccessibleEvent(notice, QAccessible.Event.Alert))
        return notice

    def shown(self) -> list[Notice]:
        found = self.findChildren(Notice, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [one for one in found if not one.isHidden()]

    def clear(self) -> None:
        for notice in self.shown():
            notice.dismiss()

    def _settle(self) -> None:
        """Fit the stack and stand at the top middle."""
        self.setVisible(bool(self.shown()))
        if not self.isHidden():
            self._stack.activate()
            self.resize(self._stack.sizeHint())
            self.move((self._over.width() - self.width()) // 2, GRID)
            self.raise_()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)
