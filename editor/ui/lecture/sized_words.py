"""Words that are as large as there is room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    _Mixed = QWidget
else:
    _Mixed = object  # Qt allows one base of its own


class SizedWords(_Mixed):
    """Goes before the base of a widget that sizes its words in ``_set_words``."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_words()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme takes its words from all that had larger ones."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._set_words)

    @Slot()
    def _set_words(self) -> None:
        """Give each its font."""
