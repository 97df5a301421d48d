"""Places for pictures that are opened or dropped, side by side in the rows of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from editor.ui.theme import CORNER, Theme, ui_font
from editor.ui.widgets import IconButton
from editor.ui.widgets.focus import draw_ring

SPOT = 40  # px of a small picture


class SpotRow(QWidget):
    """Spots, and what is said of their pictures; ``add_remove`` ends it with a cross.

    Signals: opened(row, side), dropped(row, side, Path) — somebody wants a picture there;
    removed(row).
    """

    opened = Signal(int, int)
    dropped = Signal(int, int, object)
    removed = Signal(int)

    def __init__(self, number: int, name: str, spots: Sequence[Spot] = ()) -> None:
        super().__init__()
        self._number = number
        self.setAccessibleName(name)
        self.spots = spots
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        for side, spot in enumerate(spots):
            spot.setProperty("side", side)
            spot.clicked.connect(self._open)
            spot.fell.connect(self._drop)
            self.row.addWidget(spot)

    def add_remove(self, told: str) -> IconButton:
        remove = IconButton("close", told, size=24)
        remove.clicked.connect(self._remove)
        self.row.addWidget(remove)
        return remove

    def show_pictures(self, pictures: Sequence[QImage | None]) -> None:
        """Spots for which there is nothing, not even None, are hidden."""
        for spot in self.spots[len(pictures) :]:
            spot.hide()
        for spot, picture in zip(self.spots, pictures, strict=False):
            spot.show()
            spot.show_picture(picture)

    @Slot()
    def _open(self) -> None:
        self.opened.emit(self._number, self.sender().property("side"))

    @Slot(object)
    def _drop(self, path: Path) -> None:
        self.dropped.emit(self._number, self.sender().property("side"), path)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self._number)


class Spot(QAbstractButton):
    """A place for a picture: pressed to open one, or one is dropped on it. Signals: fell(Path)."""

    fell = Signal(object)

    def __init__(self, letter: str, name: str, told: str) -> None:
        super().__init__()
        self._letter = letter
        self._picture: QImage | None = None
        self._over = False
        self.setFixedSize(SPOT, SPOT)
        self.setAcceptDrops(True)
        self.setAccessibleName(name)
        self.setToolTip(told)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_picture(self, picture: QImage | None) -> None:
        self._picture = picture
        self.update()

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self._show_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_over(False)
        event.acceptProposedAction()
        local = [url for url in event.mimeData().urls() if url.isLocalFile()]
        self.fell.emit(Path(local[0].toLocalFile()))

    def _show_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        face = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        shape = QPainterPath()
        shape.addRoundedRect(face, CORNER, CORNER)
        if self._picture is not None:
            painter.setClipPath(shape)
            expanding = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            size = self._picture.size().scaled(self.size(), expanding)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(face.center())
            painter.drawImage(place, self._picture)
            painter.setClipping(False)
        else:
            painter.setFont(ui_font())
            painter.setPen(QColor(theme.muted))
            painter.drawText(face, Qt.AlignmentFlag.AlignCenter, self._letter)
        lit = self._over or self.underMouse()
        line = Qt.PenStyle.SolidLine if self._picture is not None else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(theme.accent if lit else theme.edge), 1, line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(face, CORNER, CORNER)
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()), theme.accent, CORNER)
