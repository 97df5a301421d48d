"""What lies beside A and B and says what belongs where: pictures two by two, each with a weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget

from editor.ui.theme import CORNER, Theme, ui_font
from editor.ui.widgets import IconButton, Section
from editor.ui.widgets.focus import draw_ring
from editor.ui.widgets.scale import Scale
from editor.ui.widgets.slider import Slider

_SIDE = 40  # px of a small picture


@dataclass(frozen=True, slots=True)
class Beside:
    """One row: the small pictures of A's guide and of B's, if they are there, and the weight."""

    pictures: tuple[QImage | None, QImage | None]
    weight: float


class BesidePanel(Section):
    """Signals: added(); opened(row, side), dropped(row, side, Path) — side 0 is A's and 1 is B's;
    weighed(row, weight) — row −1 is A and B themselves; removed(row).
    """

    added = Signal()
    opened = Signal(int, int)
    dropped = Signal(int, int, object)
    weighed = Signal(int, float)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Guides", "Add", parent)
        self.link.setToolTip(self.tr("One more picture that lies on A, and one that lies on B"))
        self._words = QLabel(
            self.tr("A guide is one more picture of A and of B that says what belongs where.")
        )
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        self.add(self._words)
        self.rows: list[_Row] = []
        self._own = _Row(-1, self.tr("A and B themselves"))
        self._own.weighed.connect(self.weighed)
        self.add(self._own)
        self.triggered.connect(self.added)
        self.show_guides((), 1.0)

    def show_guides(self, guides: Sequence[Beside], own: float) -> None:
        """These, and the weight of A and B themselves beside them."""
        while len(self.rows) > len(guides):
            row = self.rows.pop()
            self.body.removeWidget(row)
            row.deleteLater()
        for number in range(len(self.rows), len(guides)):
            row = _Row(number, self.tr("Guide {}").format(number + 1))
            row.opened.connect(self.opened)
            row.dropped.connect(self.dropped)
            row.weighed.connect(self.weighed)
            row.removed.connect(self.removed)
            self.rows.append(row)
            self.add(row)
        for row, guide in zip(self.rows, guides, strict=True):
            row.show_guide(guide)
        self._own.slider.set_number(round(100 * own))
        self._words.setVisible(not guides)
        self._own.setVisible(bool(guides))


class _Row(QWidget):
    opened = Signal(int, int)
    dropped = Signal(int, int, object)
    weighed = Signal(int, float)
    removed = Signal(int)

    def __init__(self, number: int, name: str) -> None:
        super().__init__()
        self._number = number
        self.setAccessibleName(name)
        self.spots = [Spot(letter, name) for letter in ("A", "B")] if number >= 0 else []
        self.slider = Slider(Scale(0, 100, 5, "%", False, whole=True), 100)
        self.slider.setAccessibleName(self.tr("Weight of {}").format(name))
        self.slider.setToolTip(self.tr("How much it counts beside the others"))
        self.slider.committed.connect(self._weigh)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for side, spot in enumerate(self.spots):
            spot.setProperty("side", side)
            spot.clicked.connect(self._open)
            spot.fell.connect(self._drop)
            row.addWidget(spot)
        if number < 0:
            own = QLabel(self.tr("A and B"))
            own.setFixedWidth(2 * _SIDE + 6)
            row.addWidget(own)
        row.addWidget(self.slider, 1)
        if number >= 0:
            remove = IconButton("close", self.tr("Remove {}").format(name), size=24)
            remove.clicked.connect(self._remove)
            row.addWidget(remove)
        else:
            row.addSpacing(30)

    def show_guide(self, guide: Beside) -> None:
        for spot, picture in zip(self.spots, guide.pictures, strict=True):
            spot.show_picture(picture)
        self.slider.set_number(round(100 * guide.weight))

    @Slot()
    def _open(self) -> None:
        self.opened.emit(self._number, self.sender().property("side"))

    @Slot(object)
    def _drop(self, path: Path) -> None:
        self.dropped.emit(self._number, self.sender().property("side"), path)

    @Slot(object)
    def _weigh(self, percent: object) -> None:
        assert isinstance(percent, int | float)
        self.weighed.emit(self._number, percent / 100)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self._number)


class Spot(QAbstractButton):
    """A place for a picture: pressed to open one, or one is dropped on it. Signals: fell(Path)."""

    fell = Signal(object)

    def __init__(self, letter: str, name: str) -> None:
        super().__init__()
        self._letter = letter
        self._picture: QImage | None = None
        self._over = False
        self.setFixedSize(_SIDE, _SIDE)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("{0} of {1}").replace("{0}", name).replace("{1}", letter))
        self.setToolTip(self.tr("Open the picture that lies on {}, or drop it here").format(letter))
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
