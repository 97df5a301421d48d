"""The κ strip: four results side by side, one of which is taken by a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.engine.image import Size, to_working
from editor.operations.analogy import Analogous
from editor.ui.pictures import as_bytes, to_image
from editor.ui.theme import CORNER, GRID, Theme, ui_font
from editor.ui.widgets import IconButton, Segmented
from editor.ui.widgets.focus import came_by_key, draw_ring

_TITLE = 32  # logical pixels over each picture
_ROOM = 12  # and around it
_BELOW = 64  # where the action bar floats


class KappaStrip(QWidget):
    """Signals: chosen(number); closed(); size_wanted(small)."""

    chosen = Signal(int)
    closed = Signal()
    size_wanted = Signal(object)

    def __init__(self, kappas: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Compare κ"))
        words = QLabel(self.tr("Small copies single pixels, large whole pieces: click one to take"))
        words.setObjectName("muted")
        self._size = Segmented(
            [(True, self.tr("Small")), (False, self.tr("Full size"))],
            name=self.tr("Size of the pictures that are compared"),
            words=[
                self.tr("Of small pictures, in a moment: what is taken is made large then"),
                self.tr("Of the pictures as they are, which may take long"),
            ],
        )
        self._size.changed.connect(self.size_wanted)
        close = IconButton("close", self.tr("Back to the four pictures"), "Esc", size=26)
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(_ROOM, GRID // 2, GRID, GRID // 2)
        head.setSpacing(GRID)
        head.addWidget(words, 1)
        head.addWidget(self._size)
        head.addWidget(close)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, _BELOW)
        self._grid.setSpacing(1)
        self._group = QButtonGroup(self)
        self._results = [Result(kappa) for kappa in kappas]
        for number, one in enumerate(self._results):
            self._group.addButton(one, number)
        self._group.idClicked.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._grid, 1)

    def begin(self, size: Size, small: bool) -> None:
        """Nothing is there yet; pictures of this shape will be."""
        self._size.set_value(small)
        columns = _columns(size, Size(self.width(), self.height()), len(self._results))
        for number, one in enumerate(self._results):
            one.show_made(None)
            one.setEnabled(False)
            self._grid.addWidget(one, number // columns, number % columns)

    def show_results(self, results: Sequence[Analogous], finished: int) -> None:
        """Those that there are; so many of them can be taken."""
        for number, (one, made) in enumerate(zip(self._results, results, strict=False)):
            one.show_made(made)
            one.setEnabled(number < finished)

    @property
    def at(self) -> int | None:
        """The number of the result that the keyboard is at."""
        return next((number for number, one in enumerate(self._results) if one.hasFocus()), None)


class Result(QAbstractButton):
    """One result with its κ; grey until it is there."""

    def __init__(self, kappa: float) -> None:
        super().__init__()
        self._words = f"κ = {kappa:g}"
        self._made: Analogous | None = None
        self._image = QImage()
        self._ring = False
        self.setAccessibleName(self.tr("Take {}").format(self._words))
        self.setToolTip(self.tr("Take B′ with {}").format(self._words))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_made(self, made: Analogous | None) -> None:
        if made is not self._made:
            self._made = made
            self._image = QImage() if made is None else to_image(as_bytes(to_working(made.pixels)))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 120)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = came_by_key(event)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        over = self.isEnabled() and (self.underMouse() or self._ring)
        painter.fillRect(self.rect(), QColor(theme.panel if over else theme.canvas))
        painter.setFont(ui_font(tabular=True))
        painter.setPen(QColor(theme.text if self.isEnabled() else theme.muted))
        painter.drawText(
            QRectF(_ROOM, 0, self.width() - 2 * _ROOM, _TITLE),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            self._words,
        )
        room = QRectF(self.rect()).adjusted(_ROOM, _TITLE, -_ROOM, -_ROOM)
        if not self._image.isNull():
            size = self._image.size().scaled(
                room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.drawImage(place, self._image)
        if self._ring:
            draw_ring(painter, QRectF(self.rect()), theme.accent, CORNER)


def _columns(picture: Size, room: Size, count: int) -> int:
    """In how many columns so many pictures are largest."""

    def scale(columns: int) -> float:
        rows = -(-count // columns)
        wide = room.width / columns - 2 * _ROOM
        high = (room.height - _BELOW) / rows - _TITLE - _ROOM
        return min(wide / picture.width, high / picture.height)

    return max((columns for columns in range(1, count + 1) if count % columns == 0), key=scale)
