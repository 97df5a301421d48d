"""Filters that were saved: one is given its name here, and all of them are renamed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from editor.engine.step import Step
from editor.files.paths import filters_folder
from editor.operations.filter import Pair
from editor.ui.dialogs.sheet import Sheet
from editor.ui.pictures import to_image
from editor.ui.theme import CORNER, GRID, Theme
from editor.ui.widgets import IconButton, PillButton

if TYPE_CHECKING:
    from editor.ui.window import Window

_SMALL, _LARGE = 44, 96  # px of the small pictures


class SaveFilterSheet(Sheet):
    title = "Save as filter"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setFixedWidth(440)
        self._values: dict[str, Any] = {}
        self._pairs: tuple[Pair, ...] = ()
        self._asked_about = ""  # a name that is taken, and may be replaced
        self._picture = SmallPicture(_LARGE, self.tr("Before on the left, after on the right"))
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the filter"))
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.setToolTip(
            self.tr("What it is called in the Filter menu and on the command line")
        )
        self.name.textChanged.connect(self._refresh)
        self.name.returnPressed.connect(self._save)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(self.name)
        column.addWidget(self._words, 1)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self._picture)
        row.addLayout(column, 1)
        self.column.addLayout(row)
        self.save = PillButton(self.tr("Save"), kind="primary", height=34)
        self.save.clicked.connect(self._save)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save)
        self.column.addLayout(foot)
        self._refresh()

    def show_filter(self, values: dict[str, Any], pairs: tuple[Pair, ...]) -> None:
        self._values, self._pairs = values, pairs
        self.name.setFocus()
        self.name.selectAll()

        def steps() -> Iterator[Step[Any]]:
            from editor.files.filters import thumbnail

            yield Step(1.0, thumbnail(pairs[0]))

        self.window_.session.at_desk("Thumbnail", steps, self._picture.show_pixels, quiet=True)

    @Slot()
    def _refresh(self, *_: object) -> None:
        """Say whether it can be called so."""
        from editor.files.filters import check_name

        self._asked_about = ""
        self.save.set_text(self.tr("Save"))
        name = self.name.text().strip()
        try:
            check_name(name)
        except ValueError as problem:
            self._say(f"{problem}." if name else "", warning=True)
            self.save.setEnabled(False)
        else:
            self._say(self.tr("It will be in the Filter menu, for any picture."))
            self.save.setEnabled(True)

    def _say(self, words: str, *, warning: bool = False) -> None:
        self._words.setObjectName("warning" if warning else "muted")
        self._words.setText(f"{words[:1].upper()}{words[1:]}")
        self._words.style().unpolish(self._words)  # or it would keep the colour it has
        self._words.style().polish(self._words)

    @Slot()
    def _save(self) -> None:
        """Save; a filter that is there is replaced only on the second press."""
        name = self.name.text().strip()
        if not self.save.isEnabled():
            return
        if name in self.window_.filters.names() and self._asked_about != name:
            self._asked_about = name
            words = self.tr("There is a filter of this name. Press again to replace it.")
            self._say(words, warning=True)
            self.save.set_text(self.tr("Replace it"))
            return
        replace = self._asked_about == name
        self.window_.filters.save(name, self._values, self._pairs, replace=replace)
        self.close()
        self.window_.activateWindow()


class FiltersSheet(Sheet):
    title = "Filters"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.resize(440, 420)
        self._empty = QLabel(
            self.tr(
                "There are no filters yet. Show a picture before and after in Analogy mode,"
                " then choose Save analogy as filter."
            )
        )
        self._empty.setObjectName("muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.rows: list[FilterRow] = []
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, GRID, 0)
        self._list.setSpacing(GRID)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self.column.addWidget(area)
        window.filters.changed.connect(self.show_filters)
        self.show_filters()

    @Slot()
    def show_filters(self) -> None:
        """One row each, as they are now."""
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = [FilterRow(name) for name in self.window_.filters.names()]
        for number, row in enumerate(self.rows):
            row.renamed.connect(self.window_.filters.rename)
            row.deleted.connect(self.window_.filters.delete)
            self._list.insertWidget(number, row)
            self._look(row)
        self._empty.setVisible(not self.rows)

    def _look(self, row: FilterRow) -> None:
        """Fetch its small picture."""

        def steps() -> Iterator[Step[Any]]:
            from editor.files.filters import read_thumbnail

            yield Step(1.0, read_thumbnail(filters_folder(), row.name))

        def settle(pixels: NDArray[np.uint8]) -> None:
            if row in self.rows:
                row.picture.show_pixels(pixels)

        self.window_.session.at_desk(f"Look at {row.name}", steps, settle, quiet=True)


class FilterRow(QWidget):
    """Signals: renamed(name, new name); deleted(name)."""

    renamed = Signal(str, str)
    deleted = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.picture = SmallPicture(_SMALL, self.tr("Before on the left, after on the right"))
        self.field = QLineEdit(name)
        self.field.setAccessibleName(self.tr("Name of {}").format(name))
        self.field.setToolTip(self.tr("Type another name and press Enter"))
        self.field.editingFinished.connect(self._edited)
        self.delete = IconButton("close", self.tr("Delete {}").format(name), size=28)
        self.delete.clicked.connect(self._delete)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID + 4)
        row.addWidget(self.picture)
        row.addWidget(self.field, 1)
        row.addWidget(self.delete)

    @Slot()
    def _edited(self) -> None:
        new = self.field.text().strip()
        if new and new != self.name:
            self.renamed.emit(self.name, new)
        self.field.setText(self.name)  # until it is called so

    @Slot()
    def _delete(self) -> None:
        self.deleted.emit(self.name)


class SmallPicture(QWidget):
    """A picture in a square with soft corners; calm ground until it is there."""

    def __init__(self, side: int, tip: str) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setFixedSize(side, side)
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def show_pixels(self, pixels: NDArray[np.uint8]) -> None:
        self._image = to_image(pixels)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        face = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(face, CORNER, CORNER)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), QColor(Theme.of(self).raised))
        if self._image is not None:
            how = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            size = self._image.size().scaled(self.size(), how)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(face.center())
            painter.drawImage(place, self._image)

    def sizeHint(self) -> QSize:
        return self.size()
