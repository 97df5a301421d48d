"""The κ strip: four results side by side, one of which is taken by a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
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
from editor.ui.widgets.focus import draw_ring

_HEAD = 36
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
        head = QWidget()
        head.setObjectName("toolBar")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setFixedHeight(_HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(_ROOM, 0, GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(words, 1)
        row.addWidget(self._size)
        row.addWidget(close)
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
        column.addWidget(head)
        column.addLayout(self._grid, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def begin(self, size: Size, small: bool, kappa: float) -> None:
        """Nothing is there yet; pictures of this shape will be. The κ that holds now is framed."""
        self._size.set_value(small)
        min(self._results, key=lambda one: abs(one.kappa - kappa)).setChecked(True)
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
    def at(self) -> int:
        """The number of the result that is framed, which the arrow keys change."""
        return self._group.checkedId()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            number = min(max(self.at + step, 0), len(self._results) - 1)
            self._results[number].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        painter.fillRect(0, 0, self.width(), self.height() - _BELOW + 1, QColor(theme.line))


class Result(QAbstractButton):
    """One result with its κ; grey until it is there."""

    def __init__(self, kappa: float) -> None:
        super().__init__()
        self.kappa = kappa
        self._words = f"κ = {kappa:g}"
        self._made: Analogous | None = None
        self._image = QImage()
        self.setCheckable(True)
        self.setAccessibleName(self.tr("Take {}").format(self._words))
        self.setToolTip(self.tr("Take B′ with {}").format(self._words))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        over = self.isEnabled() and self.underMouse()
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
        if self.isChecked():
            draw_ring(painter, QRectF(self.rect()).adjusted(3, 3, -3, -3), theme.accent, CORNER)


def _columns(picture: Size, room: Size, count: int) -> int:
    """In how many columns so many pictures are largest."""

    def scale(columns: int) -> float:
        rows = -(-count // columns)
        wide = room.width / columns - 2 * _ROOM
        high = (room.height - _HEAD - _BELOW) / rows - _TITLE - _ROOM
        return min(wide / picture.width, high / picture.height)

    return max((columns for columns in range(1, count + 1) if count % columns == 0), key=scale)
