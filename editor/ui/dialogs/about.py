"""What this program is, which version, and under which licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel

import editor
from editor.resources import resource
from editor.ui.dialogs.sheet import Sheet
from editor.ui.theme import GRID

if TYPE_CHECKING:
    from editor.ui.window import Window


class About(Sheet):
    title = "About Patina"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setMinimumWidth(400)
        mark = QLabel()
        mark.setPixmap(
            QIcon(str(resource("patina.svg"))).pixmap(QSize(72, 72), self.devicePixelRatioF())
        )
        words = QLabel(
            self.tr(
                "<p><b>Patina {}</b></p><p>Edits photographs and videos with their own pixels.</p>"
                "<p>Free software under the GNU General Public License, version 3 or later.</p>"
            ).format(editor.__version__)
        )
        words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self.column.addLayout(row)
