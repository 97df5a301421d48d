"""The best loops, ranked: what each looks like, how long it is, how good and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from editor.engine.clip import Clip
from editor.ui.loop.drawing import covering
from editor.ui.theme import CORNER, GRID, Theme, ui_font
from editor.ui.widgets import PillButton
from editor.ui.widgets.focus import Ring

THUMBNAIL = QSize(64, 36)
_ROW = 46
_ROLE = Qt.ItemDataRole.UserRole


class LoopList(QWidget):
    """Signals: loop_chosen(loop) — to be played —, export_wanted(loop), endless_wanted(),
    thumbnails_wanted(tuple of frames).

    A loop is the engine's: frames, quality, reason and the rest.
    """

    loop_chosen = Signal(object)
    export_wanted = Signal(object)
    endless_wanted = Signal()
    thumbnails_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loops: Sequence[Any] = ()
        self._images: dict[int, QImage] = {}
        self.list = _List()
        self.list.setItemDelegate(_Row(self._images, self.list))
        self.list.setAccessibleName(self.tr("Best loops"))
        self.list.currentRowChanged.connect(self._moved)
        self.list.itemClicked.connect(self._clicked)
        self.list.played.connect(self._play)
        self._why = QLabel()
        self._why.setObjectName("muted")
        self._why.setWordWrap(True)
        self._why.setFont(ui_font(12))
        self._why.setContentsMargins(GRID, 0, GRID, 0)
        self._export = PillButton(self.tr("Export loop…"), kind="primary", height=34)
        self._export.setToolTip(self.tr("Save the loop that is marked as a file that really loops"))
        self._export.clicked.connect(self._export_clicked)
        self._endless = PillButton(self.tr("Play endless"), height=34)
        self._endless.setToolTip(
            self.tr("Play for ever without repeating, choosing jumps by chance")
        )
        self._endless.clicked.connect(self.endless_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self._export, 1)
        buttons.addWidget(self._endless)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.list, 1)
        column.addWidget(self._why)
        column.addLayout(buttons)
        self.show_loops((), None)

    def show_loops(self, loops: Sequence[Any], clip: Clip | None) -> None:
        """The loops of a clip, best first. The one that was marked stays so if it is there."""
        marked = self.loop
        self._loops = loops
        self.list.blockSignals(True)
        self.list.clear()
        for loop in loops:
            item = QListWidgetItem()
            seconds = 0.0 if clip is None else float(sum(clip.durations[list(loop.frames)]))
            item.setData(_ROLE, (loop, seconds))
            words = self.tr("{0} frames, {1} seconds, {2}. {3}")
            for place, word in enumerate(
                (loop.length, f"{seconds:.1f}", self.quality_name(loop.quality), loop.reason)
            ):
                words = words.replace(f"{{{place}}}", str(word))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setToolTip(words)
            self.list.addItem(item)
        same = [at for at, one in enumerate(loops) if marked and one.frames == marked.frames]
        self.list.setCurrentRow(same[0] if same else -1 if not loops else 0)
        self.list.blockSignals(False)
        self._tell()
        wanted = tuple(dict.fromkeys(loop.frames[0] for loop in loops))
        missing = tuple(one for one in wanted if one not in self._images)
        if missing:
            self.thumbnails_wanted.emit(missing)

    def show_thumbnail(self, frame: int, image: QImage) -> None:
        self._images[frame] = image
        self.list.viewport().update()

    def forget_thumbnails(self) -> None:
        self._images.clear()

    def mark(self, loop: Any) -> None:
        """Show which one plays; None: none of them."""
        frames = None if loop is None else loop.frames
        row = next((at for at, one in enumerate(self._loops) if one.frames == frames), -1)
        self.list.blockSignals(True)
        if row >= 0:
            self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.list.setProperty("playing", row)
        self.list.viewport().update()
        self._tell()

    @property
    def loop(self) -> Any:
        """The one that is marked, or None."""
        row = self.list.currentRow() if self._loops else -1
        return self._loops[row] if 0 <= row < len(self._loops) else None

    def quality_name(self, quality: str) -> str:
        names = {
            "perfect": self.tr("Seamless"),
            "good": self.tr("Good"),
            "fair": self.tr("Fair"),
            "poor": self.tr("Poor"),
        }
        return names[quality]

    def _tell(self) -> None:
        loop = self.loop
        self._export.setEnabled(loop is not None)
        self._endless.setEnabled(bool(self._loops))
        waiting = self.tr("Analyse the clip and its best loops stand here: click one to play it.")
        self._why.setText(waiting if loop is None else loop.reason)

    @Slot(int)
    def _moved(self, row: int) -> None:
        self._tell()

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self._play()

    @Slot()
    def _play(self) -> None:
        if self.loop is not None:
            self.loop_chosen.emit(self.loop)

    @Slot()
    def _export_clicked(self) -> None:
        self.export_wanted.emit(self.loop)


class _List(QListWidget):
    """Signals: played() — Enter was pressed on a row."""

    played = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(_ROW)
        Ring(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.played.emit()
        elif event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
        ):
            super().keyPressEvent(event)
        else:
            event.ignore()  # letters are keys of the stage, not a search


class _Row(QStyledItemDelegate):
    def __init__(self, images: dict[int, QImage], over: QListWidget) -> None:
        super().__init__(over)
        self._images = images
        self._over = over

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = Theme.of(self._over)
        loop, seconds = index.data(_ROLE)
        state: QStyle.StateFlag = option.state
        body = QRectF(option.rect).adjusted(0, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised if selected else theme.hover))
            painter.drawRoundedRect(body, CORNER, CORNER)
        playing = self._over.property("playing") == index.row()
        if playing:
            painter.fillRect(
                QRectF(body.x(), body.y() + 8, 2, body.height() - 16), QColor(theme.accent)
            )
        self._draw_thumbnail(painter, theme, body, loop.frames[0])
        x = body.x() + GRID + THUMBNAIL.width() + 12
        place = QRectF(x, body.y(), 84, body.height())
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(ui_font(tabular=True))
        painter.setPen(QColor(theme.accent if playing else theme.text))
        painter.drawText(place, left, self.tr("{0} frames").replace("{0}", str(loop.length)))
        painter.setPen(QColor(theme.muted))
        place.moveLeft(x + 84)
        painter.drawText(place, left, self.tr("{0} s").replace("{0}", f"{seconds:.1f}"))
        names = self._over.parent()
        assert isinstance(names, LoopList)
        draw_badge(painter, theme, body, names.quality_name(loop.quality), loop.quality)
        painter.restore()

    def _draw_thumbnail(self, painter: QPainter, theme: Theme, body: QRectF, frame: int) -> None:
        top = body.y() + (body.height() - THUMBNAIL.height()) / 2
        place = QRectF(body.x() + GRID, top, THUMBNAIL.width(), THUMBNAIL.height())
        image = self._images.get(frame)
        if image is None:
            painter.fillRect(place, QColor(theme.pressed))
        else:
            painter.drawImage(place, image, covering(image, place))


def draw_badge(painter: QPainter, theme: Theme, body: QRectF, words: str, quality: str) -> None:
    """How good a loop is: a word in a pill at the right end of a row."""
    colour = {"perfect": theme.accent, "poor": theme.warning}.get(quality, theme.text)
    ground = QColor(colour)
    ground.setAlpha(36)
    painter.setFont(ui_font(12, QFont.Weight.Medium))
    wide = painter.fontMetrics().horizontalAdvance(words) + 16
    pill = QRectF(body.right() - wide - GRID, body.center().y() - 10, wide, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(pill, 10, 10)
    painter.setPen(QColor(theme.muted if quality == "fair" else colour))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
