"""Every frame of the creature as a thumbnail; a click throws one out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from editor.engine.image import Size
from editor.engine.sprite import Cel
from editor.ui.loop.errands import Errands
from editor.ui.loop.pictures import image_at
from editor.ui.theme import CORNER, GRID, Theme, ui_font

_CELL = QSize(104, 96)
_PICTURE = Size(184, 144)  # pixels of a thumbnail: sharp on a screen of 2×
_GROUND = "#8a8d91"  # behind a thumbnail: dark and light creatures are seen on it
_MOST = 4000  # thumbnails that are kept
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space)


class Strip(QListView):
    """Signals: toggled(frozenset of frame numbers), pointed_at(frame number).

    Delete and Space throw out with the keyboard.
    """

    toggled = Signal(object)
    pointed_at = Signal(int)

    def __init__(self, errands: Errands) -> None:
        super().__init__()
        self._errands = errands
        self._cels = _Cels()
        self._images: dict[int, QImage] = {}
        self._last: int | None = None  # the row that was clicked, where Shift begins
        self._number: int | None = None  # of the frame that is looked at
        self._turn = object()
        errands.done.connect(self._brought)
        self.setModel(self._cels)
        self.entered.connect(self._pointed)
        self.setItemDelegate(_Cell(self))
        self.setObjectName("frames")
        self.setAccessibleName(self.tr("Frames of the creature"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setGridSize(_CELL)
        self.setViewportMargins(GRID, GRID, 0, 0)

    def show_cels(self, cels: Sequence[Cel]) -> None:
        self._turn = object()
        self._images.clear()
        self._last = None
        self._cels.show_cels(cels)

    def show_rejected(self, rejected: frozenset[int]) -> None:
        self._cels.rejected = rejected
        self.viewport().update()

    def show_number(self, number: int) -> None:
        """This frame is looked at."""
        if number != self._number:
            self._number = number
            self.viewport().update()

    @Slot(int)
    def go_to(self, number: int) -> None:
        """Have the keyboard at this frame, where it can be seen."""
        row = next((row for row, one in enumerate(self._cels.cels) if one.number == number), None)
        if row is not None:
            self.setCurrentIndex(self._cels.index(row, 0))
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)
            self.setFocus()

    @Slot(object)
    def _pointed(self, index: QModelIndex) -> None:
        self.pointed_at.emit(self.cel(index.row()).number)

    def is_looked_at(self, cel: Cel) -> bool:
        return cel.number == self._number

    def cel(self, row: int) -> Cel:
        return self._cels.cels[row]

    def is_out(self, cel: Cel) -> bool:
        return cel.number in self._cels.rejected

    def image(self, row: int) -> QImage | None:
        """The thumbnail; None where it is not there yet."""
        image = self._images.get(row)
        if image is None:
            self._errands.ask(("cel", row), partial(_thumbnail, self._turn, self.cel(row)))
        return image

    @Slot(object, object)
    def _brought(self, key: Any, brought: Any) -> None:
        if isinstance(key, tuple) and key[0] == "cel" and brought[0] is self._turn:
            if len(self._images) >= _MOST:
                self._images.clear()
            self._images[key[1]] = brought[1]
            self.viewport().update()

    def _toggle(self, first: int, last: int) -> None:
        rows = range(min(first, last), max(first, last) + 1)
        self.toggled.emit(frozenset(self.cel(row).number for row in rows))

    # Qt

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.pointed_at.emit(self.cel(current.row()).number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        row = index.row()
        more = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._last is not None
        # What is between was not clicked; the one where Shift begins was.
        first = (
            row if not more or self._last is None else self._last + (1 if row > self._last else -1)
        )
        self._toggle(first, row)
        self._last = row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _DELETE and self.currentIndex().isValid():
            row = self.currentIndex().row()
            self._toggle(row, row)
        elif event.key() in (
            Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
            Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
        ):  # fmt: skip
            super().keyPressEvent(event)
        else:
            event.ignore()  # letters are keys of the window, not a search


class _Cels(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.cels: Sequence[Cel] = ()
        self.rejected: frozenset[int] = frozenset()

    def show_cels(self, cels: Sequence[Cel]) -> None:
        self.beginResetModel()
        self.cels = cels
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self.cels)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        cel = self.cels[index.row()]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            out = self.tr("thrown out: click to take it back")
            stays = self.tr("click to throw it out")
            words = self.tr("Frame {0}, {1}").replace("{0}", str(cel.number))
            return words.replace("{1}", out if cel.number in self.rejected else stays)
        return None


class _Cell(QStyledItemDelegate):
    def __init__(self, strip: Strip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return _CELL

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = Theme.of(self._strip)
        cel = self._strip.cel(index.row())
        out, image = self._strip.is_out(cel), self._strip.image(index.row())
        state: QStyle.StateFlag = option.state
        body = QRectF(option.rect).adjusted(3, 3, -3, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.hover if over else theme.raised))
        painter.drawRoundedRect(body, CORNER, CORNER)
        room = body.adjusted(4, 4, -4, -18)
        painter.setBrush(QColor(_GROUND))
        painter.setOpacity(0.25 if out else 1.0)
        painter.drawRoundedRect(room, CORNER - 2, CORNER - 2)
        if image is not None:
            room = room.adjusted(3, 3, -3, -3)
            scale = min(room.width() / image.width(), room.height() / image.height())
            place = QRectF(0, 0, image.width() * scale, image.height() * scale)
            place.moveCenter(room.center())
            painter.drawImage(place, image)
        painter.setOpacity(1.0)
        if out:
            painter.setPen(QPen(QColor(theme.warning), 1.5))
            cross = QRectF(0, 0, 20, 20)
            cross.moveCenter(room.center())
            painter.drawLine(cross.topLeft(), cross.bottomRight())
            painter.drawLine(cross.topRight(), cross.bottomLeft())
        if self._strip.is_looked_at(cel):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.muted), 1))
            painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        focused = state & QStyle.StateFlag.State_HasFocus
        if focused and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(body, CORNER, CORNER)
        painter.setFont(ui_font(11, tabular=True))
        painter.setPen(QColor(theme.disabled if out else theme.muted))
        foot = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(body.adjusted(0, 0, 0, -3), foot, str(cel.number))
        painter.restore()


def _thumbnail(turn: object, cel: Cel) -> tuple[object, QImage]:
    height, width = cel.pixels.shape[:2]
    scale = min(1.0, _PICTURE.width / width, _PICTURE.height / height)
    size = Size(max(1, round(width * scale)), max(1, round(height * scale)))
    return turn, image_at(cel.pixels, size)
