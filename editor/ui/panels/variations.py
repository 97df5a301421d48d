"""The strip of results to choose from: small pictures, one of which is on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLabel, QWidget

from editor.ui.theme import CORNER, GRID, Theme
from editor.ui.widgets import Section

_SIDE = 49  # px of a small picture: five of them and their gaps are as wide as the panel


class VariationsPanel(Section):
    """Signals: wanted(); chosen(int) — to be looked at; taken(int) — a double click."""

    wanted = Signal()
    chosen = Signal(int)
    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Variations", "Show four", parent)
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(GRID - 2)
        self._row.addStretch(1)
        self.body.addLayout(self._row)
        self._hint = QLabel(self.tr("← → to compare, Enter to take one"))
        self._hint.setObjectName("muted")
        self.add(self._hint)
        self._hint.hide()
        self.triggered.connect(self.wanted)
        self._group.idClicked.connect(self.chosen)

    def show_results(self, pictures: list[QImage]) -> None:
        """More than before are added; fewer begin anew."""
        buttons = self._group.buttons()
        if len(pictures) < len(buttons):
            for button in buttons:
                self._group.removeButton(button)
                self._row.removeWidget(button)
                button.deleteLater()
            buttons = []
        for number in range(len(buttons), len(pictures)):
            button = _Small(pictures[number], self.tr("Variation {}").format(number + 1))
            button.double_clicked.connect(self._double_clicked)
            self._group.addButton(button, number)
            self._row.insertWidget(number, button)
        self._hint.setVisible(bool(pictures))

    def choose(self, number: int) -> None:
        button = self._group.button(number)
        if button is not None:
            button.setChecked(True)

    @Slot()
    def _double_clicked(self) -> None:
        self.taken.emit(self._group.id(self.sender()))  # type: ignore[arg-type]


class _Small(QAbstractButton):
    double_clicked = Signal()

    def __init__(self, picture: QImage, name: str) -> None:
        super().__init__()
        self._picture = picture
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCheckable(True)
        self.setFixedSize(_SIDE, _SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseDoubleClickEvent(self, event: object) -> None:
        self.double_clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        face = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        shape = QPainterPath()
        shape.addRoundedRect(face, CORNER, CORNER)
        painter.setClipPath(shape)
        size = self._picture.size().scaled(
            QSize(_SIDE, _SIDE), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(face.center())
        painter.drawImage(place, self._picture)
        painter.setClipping(False)
        chosen = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(QColor(theme.accent if chosen else theme.edge), 2 if chosen else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(face, CORNER, CORNER)
