"""The history: every state with its name and a small picture; a click goes there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from editor.engine.image import to_working
from editor.model.document import Document
from editor.ui.pictures import as_bytes, to_image
from editor.ui.status import bytes_text
from editor.ui.theme import CORNER, GRID, Theme
from editor.ui.widgets import Section
from editor.ui.widgets.focus import Ring

_ROW = 34
_THUMBNAIL = QSize(36, 24)
_OVERLAY = np.array([217, 140, 74], np.float32) / 255

Index = QModelIndex | QPersistentModelIndex


class _States(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._document: Document | None = None

    def show_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.history.changed.disconnect(self.refresh)
        self._document = document
        if document is not None:
            document.history.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        self.beginResetModel()
        if self._document is not None:
            now = self._document.history.now
            if now.thumbnail is None:
                now.thumbnail = thumbnail(self._document)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self._document is None else len(self._document.history.states)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._document is None:
            return None
        history = self._document.history
        state = history.states[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return state.label
        if role == Qt.ItemDataRole.DecorationRole:
            return state.thumbnail
        if role == Qt.ItemDataRole.UserRole:
            return index.row() <= history.at
        return None


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = Theme.of(option.widget)
        face = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised if chosen else theme.hover))
            painter.drawRoundedRect(face, CORNER, CORNER)
        done = bool(index.data(Qt.ItemDataRole.UserRole))
        painter.setOpacity(1.0 if done else 0.45)
        small = index.data(Qt.ItemDataRole.DecorationRole)
        place = QRect(
            face.left() + 6,
            face.center().y() - _THUMBNAIL.height() // 2 + 1,
            _THUMBNAIL.width(),
            _THUMBNAIL.height(),
        )
        if isinstance(small, QImage):
            fitted = small.size().scaled(_THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio)
            inner = QRect(0, 0, fitted.width(), fitted.height())
            inner.moveCenter(place.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(inner, small)
        words = face.adjusted(6 + _THUMBNAIL.width() + GRID + 2, 0, -GRID, 0)
        painter.setPen(QColor(theme.text if chosen else theme.muted if not done else theme.text))
        text = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class HistoryList(QListView):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("History"))
        Ring(self)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._document: Document | None = None
        self._states = _States(self)
        self._row = _Row(self)
        self.setModel(self._states)
        self.setItemDelegate(self._row)
        self._states.modelReset.connect(self._show_now)
        self.clicked.connect(self._go_to)
        self.activated.connect(self._go_to)

    def show_document(self, document: Document | None) -> None:
        self._document = document
        self._states.show_document(document)

    @Slot()
    def _show_now(self) -> None:
        if self._document is not None:
            now = self._states.index(self._document.history.at)
            self.setCurrentIndex(now)
            self.scrollTo(now)

    @Slot(QModelIndex)
    def _go_to(self, index: QModelIndex) -> None:
        if self._document is not None:
            self._document.history.go_to(index.row())


class HistoryPanel(Section):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("History", parent=parent)
        self._document: Document | None = None
        self.list = HistoryList()
        self.list.setMinimumHeight(4 * _ROW)
        self.add(self.list)

    def show_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.history.changed.disconnect(self._show_size)
        self._document = document
        self.list.show_document(document)
        if document is not None:
            document.history.changed.connect(self._show_size)
        self._show_size()

    @Slot()
    def _show_size(self) -> None:
        if self._document is None:
            self.set_note("")
            return
        history = self._document.history
        used, budget = bytes_text(history.nbytes), bytes_text(history.budget)
        self.set_note(self.tr("{} of {}").format(used, budget))


def thumbnail(document: Document) -> QImage:
    """The document at about twice the row's height, every n-th pixel, the hole tinted."""
    step = max(1, min(document.size) // (2 * _THUMBNAIL.height()))
    small = to_working(np.ascontiguousarray(document.image[::step, ::step]))
    hole = document.mask[::step, ::step, None].astype(np.float32) * (0.7 / 255)
    mixed = small * (1 - hole) + _OVERLAY * hole
    return to_image(as_bytes(mixed))
