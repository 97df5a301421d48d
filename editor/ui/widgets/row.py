"""A caption on the left and a control on the right, lined up with the sliders of the panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.ui.theme import GRID

CAPTION_WIDTH = 112  # px: the longest caption of the panels, with air


class Caption(QLabel):
    """The words before a control; a double click on them asks for the default."""

    double_clicked = Signal()

    def __init__(self, text: str, width: int = CAPTION_WIDTH) -> None:
        super().__init__(text)
        if width:
            self.setFixedWidth(max(width, self.sizeHint().width()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


class Row(QWidget):
    """A control takes the rest of the width if ``stretch``, else stands at the right edge."""

    def __init__(
        self,
        caption: str,
        control: QWidget,
        *,
        stretch: bool = True,
        caption_width: int = CAPTION_WIDTH,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.caption = Caption(caption, caption_width)
        self.control = control
        self.caption.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(caption)
        self.setFocusProxy(control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.caption)
        if stretch:
            row.addWidget(control, 1)
        else:
            row.addStretch(1)
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignRight)
        reset = getattr(control, "reset", None)
        if callable(reset):
            self.caption.double_clicked.connect(reset)
