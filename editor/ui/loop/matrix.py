"""The matrix of all jumps, to look into and to click: the only module that needs pyqtgraph.

Only what is in view is computed, no finer than the screen can show: a small part at once, a large
one beside the window, while the last picture stays in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from editor.ui.loop.cells import Cells
from editor.ui.loop.errands import Errands
from editor.ui.loop.plan import Jump
from editor.ui.loop.shading import colours
from editor.ui.theme import Theme
from editor.ui.widgets.focus import Ring

_AT_ONCE = 1_200_000  # cells: some 4 ms
_ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_CLICK = 4  # px: less than that is no drag


class View(NamedTuple):
    """The cells to be shown, and how many of them share a point, each way."""

    kind: str
    rows: tuple[int, int]
    columns: tuple[int, int]
    step: int


class Matrix(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """Signals: chosen((i, j)) — a cell was clicked; hovered((i, j) or None). To be closed.

    Rows are frames a jump starts from, columns where it leads. The wheel zooms, dragging pans, a
    double click shows all; the arrow keys move from cell to cell and Enter plays one.
    """

    chosen = Signal(object)
    hovered = Signal(object)
    _image: Any = None  # pyqtgraph changes its colours before there is one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: Cells | None = None
        self._kind = "distance"
        self._frame = 0
        self._fitted = True
        self._cell: Jump | None = None  # under the pointer, or where the arrow keys are
        self._kept: NDArray[np.float64] = np.zeros((0, 2))
        self._pressed: QPointF | None = None
        self._shown: View | None = None
        self._errands = Errands(self)
        self._errands.done.connect(self._take)
        self._box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self._box.setMouseEnabled(True, True)
        self._box.setDefaultPadding(0)
        self.setCentralItem(self._box)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._hair = pg.PlotCurveItem(connect="pairs")
        self._rings = pg.ScatterPlotItem(symbol="o", size=7, brush=None)
        self._mark = pg.ScatterPlotItem(symbol="s", size=9, brush=None)
        for item in (self._image, self._hair, self._rings, self._mark):
            self._box.addItem(item, ignoreBounds=True)
        self._box.sigRangeChanged.connect(self._range_changed)
        self._box.sigRangeChangedManually.connect(self._zoomed)
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._draw)
        self.setAccessibleName(self.tr("Matrix of jumps"))
        self.setAccessibleDescription(
            self.tr("Arrow keys move from jump to jump, Enter plays the one that is marked")
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        Ring(self)
        self.setMouseTracking(True)
        self._dress()

    def close(self) -> bool:
        return QWidget.close(self)  # pyqtgraph's own ends the process with the scene still in use

    def close_errands(self) -> None:
        self._errands.close()

    # ── what is shown ──

    def show_cells(self, cells: Cells | None) -> None:
        """The matrices of a clip, new or changed by a setting; the part in view stays."""
        before, self._cells = self._cells, cells
        self._shown = None
        self._errands.forget()
        self._image.setVisible(cells is not None)
        self.show_frame(self._frame)
        if cells is None:
            self._image.clear()
            return
        if before is None or before.count != cells.count:
            self._cell = None
            self._mark.clear()
            self.fit()
        self._draw()

    def show_kind(self, kind: str) -> None:
        self._kind = kind
        self._draw()

    def show_frame(self, frame: int) -> None:
        """The cross-hair: the row of the jumps from here, the column of those that lead here."""
        self._frame = frame
        count = 0 if self._cells is None else self._cells.count
        at = frame + 0.5
        self._hair.setData(np.array([0, count, at, at]), np.array([at, at, 0, count]))

    def show_kept(self, jumps: Sequence[Jump] | NDArray[np.integer]) -> None:
        """A ring around each of these."""
        self._kept = np.asarray(jumps, np.float64).reshape(-1, 2)
        self._rings.setData(self._kept[:, 1] + 0.5, self._kept[:, 0] + 0.5)

    def fit(self) -> None:
        """All of it, and again whenever the size changes."""
        self._fitted = True
        count = 1 if self._cells is None else self._cells.count
        self._box.setLimits(minXRange=min(8, count), maxXRange=4 * count)
        self._box.setRange(QRectF(0, 0, count, count), padding=0.01)

    @property
    def cell(self) -> Jump | None:
        return self._cell

    def view(self) -> View | None:
        """What is to be seen now."""
        if self._cells is None:
            return None
        count = self._cells.count
        (left, right), (top, bottom) = self._box.viewRange()
        columns = max(0, int(left)), min(count, int(right) + 1)
        rows = max(0, int(top)), min(count, int(bottom) + 1)
        if columns[0] >= columns[1] or rows[0] >= rows[1]:
            return None
        ratio = self.devicePixelRatioF()
        points = max(1.0, self.width() * ratio) / max(1e-9, right - left)  # for each cell
        step = max(1, int(1 / points)) if points < 1 else 1
        whole = [(low // step * step, high) for low, high in (rows, columns)]
        return View(self._kind, whole[0], whole[1], step)

    @Slot()
    def _range_changed(self, *_: object) -> None:
        self._soon.start()

    @Slot()
    def _zoomed(self, *_: object) -> None:
        self._fitted = False

    @Slot()
    def _draw(self) -> None:
        view = self.view()
        if view is None or view == self._shown or self._cells is None:
            return
        self._shown = view
        cells, rows, columns = self._cells, slice(*view.rows), slice(*view.columns)
        if (view.rows[1] - view.rows[0]) * (view.columns[1] - view.columns[0]) <= _AT_ONCE:
            self._errands.forget()
            self._put(view, cells.shades(view.kind, rows, columns, view.step))
        else:
            self._errands.ask("shades", _Shades(cells, view))

    @Slot(object, object)
    def _take(self, key: object, made: tuple[Cells, View, NDArray[np.uint8]]) -> None:
        cells, view, shades = made
        if cells is self._cells and view.kind == self._kind:
            self._put(view, shades)

    def _put(self, view: View, shades: NDArray[np.uint8]) -> None:
        self._image.setImage(shades, autoLevels=False, levels=(0, 255))
        height, width = shades.shape
        corner = view.columns[0], view.rows[0]
        self._image.setRect(QRectF(*corner, width * view.step, height * view.step))

    # ── the pointer and the keys ──

    def cell_at(self, place: QPointF) -> Jump | None:
        """The cell at a place of the widget."""
        if self._cells is None:
            return None
        at = self._box.mapSceneToView(self.mapToScene(place.toPoint()))
        i, j = int(np.floor(at.y())), int(np.floor(at.x()))
        inside = 0 <= i < self._cells.count and 0 <= j < self._cells.count
        return (i, j) if inside else None

    def _hover(self, cell: Jump | None) -> None:
        if cell == self._cell:
            return
        self._cell = cell
        if cell is None:
            self._mark.clear()
        else:
            self._mark.setData([cell[1] + 0.5], [cell[0] + 0.5])
        self.hovered.emit(cell)

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        super().mousePressEvent(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.cell_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()
        pressed, self._pressed = self._pressed, None
        if pressed is None or (event.position() - pressed).manhattanLength() > _CLICK:
            return
        cell = self.cell_at(event.position())
        if cell is not None:
            self._hover(cell)
            self.chosen.emit(cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if self._image is not None and self._fitted:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._cells is None:
            event.ignore()
        elif key in _ARROWS:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            i, j = self._cell or (self._frame, self._frame)
            most = self._cells.count - 1
            di, dj = _ARROWS[key]
            self._hover((min(max(i + far * di, 0), most), min(max(j + far * dj, 0), most)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell is not None:
            self.chosen.emit(self._cell)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        # Arrows and Enter are the matrix's while it has the focus, not the window's.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (*_ARROWS, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return bool(super().event(event))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._image is not None:
            self._dress()

    def _dress(self) -> None:
        theme = Theme.of(self)
        self.setBackground(QColor(theme.canvas))
        self._image.setLookupTable(colours(theme))
        hair = QColor(theme.accent)
        hair.setAlpha(190)
        self._hair.setPen(pg.mkPen(hair, width=1))
        self._rings.setPen(pg.mkPen(theme.accent, width=1.5))
        self._mark.setPen(pg.mkPen(theme.warning, width=1.5))


class _Shades:
    """An errand: the shades of a large part, band by band."""

    def __init__(self, cells: Cells, view: View) -> None:
        self._cells, self._view = cells, view

    def __call__(self) -> tuple[Cells, View, NDArray[np.uint8]]:
        view = self._view
        columns = slice(*view.columns)
        wide = view.columns[1] - view.columns[0]
        band = max(1, _AT_ONCE // wide // view.step) * view.step
        bands: list[Any] = []
        for top in range(*view.rows, band):
            rows = slice(top, min(top + band, view.rows[1]))
            bands.append(self._cells.shades(view.kind, rows, columns, view.step))
        return self._cells, view, np.concatenate(bands)
