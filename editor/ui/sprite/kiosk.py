"""The kiosk: nothing but the stage, on the whole screen, for whoever comes by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from editor.ui.sprite.actor import Actor
from editor.ui.sprite.ground import PLAIN, Ground
from editor.ui.sprite.pitch import Pitch
from editor.ui.theme import Theme

_HIDDEN_AFTER = 2000  # ms for which the pointer must not move until it is hidden
_ALONE_AFTER = 6000  # ms until the creature goes where it likes


class Kiosk(Pitch):
    """Signals: left() — Esc or F —, keyed(QKeyEvent) — others, down or up."""

    left = Signal()
    keyed = Signal(object)

    def __init__(
        self, over: QWidget, actor: Actor, ground: Ground, drawn: Callable[..., Any]
    ) -> None:
        super().__init__(actor, ground, drawn, over)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Patina: the stage"))
        self.setAccessibleName(self.tr("Stage on the whole screen; Esc leaves"))
        self._still = QTimer(self, singleShot=True, interval=_HIDDEN_AFTER)
        self._still.timeout.connect(self._hide_pointer)
        self._alone = QTimer(self, singleShot=True, interval=_ALONE_AFTER)
        self._alone.timeout.connect(self._let_go)
        self._hide_pointer()

    @Slot()
    def _hide_pointer(self) -> None:
        self.setCursor(Qt.CursorShape.BlankCursor)

    @Slot()
    def _let_go(self) -> None:
        self._actor.target = None

    # Qt

    def draw_around(self, painter: QPainter, theme: Theme) -> None:
        painter.fillRect(self.rect(), QColor(self._plain() or "#000000"))

    def draw_ground(self, painter: QPainter, place: QRectF, theme: Theme) -> None:
        if not self._plain():  # else it is there already: a colour goes to the edges of the screen
            self._ground.draw(painter, place, self.devicePixelRatioF(), theme, PLAIN)

    def _plain(self) -> str:
        """The colour of a stage that has one, or nothing, on it."""
        backdrop = self._ground.backdrop
        if backdrop is None or backdrop.picture is not None or backdrop.film is not None:
            return ""
        return backdrop.colour or PLAIN

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._actor.target = self.to_stage(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._still.start()
        self._alone.start()

    def leaveEvent(self, event: QEvent) -> None:
        self._let_go()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # no key means here what it means in the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            self.keyed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.keyed.emit(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._let_go()
        self.left.emit()
