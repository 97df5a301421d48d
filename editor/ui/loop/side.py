"""The side of the stage: the matrix, and under it the best loops or the jump that is inspected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from editor.ui.loop.cells import Cells
from editor.ui.loop.inspector import Inspector
from editor.ui.loop.loop_list import LoopList
from editor.ui.loop.plan import Jump
from editor.ui.theme import GRID, ui_font
from editor.ui.widgets import ElidedLabel, Segmented

if TYPE_CHECKING:
    from editor.ui.loop.matrix import Matrix

_TALL = 600  # px: from here on the matrix stands over the rest
_NARROWEST, _LOWEST = 330, 300  # px
_ANY = 1 << 20
_WORDS = 72  # px over and under the matrix


class MatrixPage(QWidget):
    """Which matrix, the matrix, and what is under the pointer.

    Signals: chosen(jump), hovered(jump or None). The matrix itself is made when it is first shown.
    """

    chosen = Signal(object)
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix: Matrix | None = None
        self._cells: Cells | None = None
        self._kept: Sequence[Jump] = ()
        self._frame = 0
        self.kind = Segmented(
            [
                ("distance", self.tr("Distance")),
                ("dynamics", self.tr("Dynamics")),
                ("future", self.tr("Future")),
                ("probability", self.tr("Chance")),
            ],
            name=self.tr("Which matrix"),
        )
        tips = {
            "distance": self.tr("D: how much two frames differ"),
            "dynamics": self.tr("D′: how much what moves differs, over some frames"),
            "future": self.tr("D″: what the jump costs with all that follows it"),
            "probability": self.tr("P: how likely the jump is taken"),
        }
        for button, tip in zip(self.kind.findChildren(QWidget), tips.values(), strict=True):
            button.setToolTip(tip)
        self.kind.changed.connect(self._kind_chosen)
        self._told = ElidedLabel()
        self._told.setObjectName("muted")
        self._told.setFont(ui_font(12, tabular=True))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._column.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._told)
        self.show_told("")

    def show_cells(self, cells: Cells | None) -> None:
        self._cells = cells
        self.kind.setEnabled(cells is not None and len(cells.kinds) > 1)
        if cells is not None and str(self.kind.value()) not in cells.kinds:
            self.kind.set_value("distance")
        if self.matrix is not None:
            self.matrix.show_kind(str(self.kind.value()))
            self.matrix.show_cells(cells)
        self.show_told("")

    def show_kept(self, jumps: Sequence[Jump]) -> None:
        self._kept = jumps
        if self.matrix is not None:
            cells = self._cells
            self.matrix.show_kept([cells.cell(one) for one in jumps] if cells is not None else [])

    def show_frame(self, frame: int) -> None:
        self._frame = frame
        if self.matrix is not None and self.isVisible():
            self.matrix.show_frame(frame - (0 if self._cells is None else self._cells.first))

    @Slot(object)
    def _cell_chosen(self, cell: Jump) -> None:
        if self._cells is not None:
            self.chosen.emit(self._cells.jump(cell))

    @Slot(object)
    def _cell_hovered(self, cell: Jump | None) -> None:
        cells = self._cells
        self.hovered.emit(None if cell is None or cells is None else cells.jump(cell))

    def show_told(self, words: str) -> None:
        """What is to be said of the cell under the pointer; nothing says what can be done."""
        if not words:
            words = (
                self.tr("Click a cell to play that jump.")
                if self._cells is not None
                else self.tr("Analyse the clip to see which frames are alike.")
            )
        self._told.setText(words)

    def close_matrix(self) -> None:
        if self.matrix is not None:
            self.matrix.close_errands()

    @Slot(object)
    def _kind_chosen(self, kind: str) -> None:
        if self.matrix is not None:
            self.matrix.show_kind(kind)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.matrix is None:
            from editor.ui.loop.matrix import Matrix

            self.matrix = Matrix()
            self.matrix.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self.matrix.setMinimumSize(160, 120)
            self.matrix.chosen.connect(self._cell_chosen)
            self.matrix.hovered.connect(self._cell_hovered)
            self._column.insertWidget(1, self.matrix, 1)
            self.show_cells(self._cells)
            self.show_kept(self._kept)
        self.show_frame(self._frame)


class Side(QWidget):
    """Matrix over loops or jump where there is room, else one of the three at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelInside")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.matrix_page = MatrixPage()
        self.loops = LoopList()
        self.inspector = Inspector()
        self._pages: dict[str, QWidget] = {
            "matrix": self.matrix_page,
            "loops": self.loops,
            "jump": self.inspector,
        }
        below = [("loops", self.tr("Best loops")), ("jump", self.tr("Jump"))]
        name = self.tr("What stands beside the picture")
        self._two = Segmented(below, name=name)
        self._three = Segmented([("matrix", self.tr("Matrix")), *below], name=name)
        self._two.changed.connect(self._turn)
        self._three.changed.connect(self._turn)
        self._stack = QStackedWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GRID, 12, 2 * GRID, 2 * GRID)
        self._column.setSpacing(12)
        for switch in (self._two, self._three):
            self._column.addWidget(switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._stack, 2)
        self._stack.addWidget(self.loops)
        self._stack.addWidget(self.inspector)
        self.setMinimumSize(_NARROWEST, _LOWEST)
        self._tall: bool | None = None
        self._arrange(tall=True)

    def turn_to(self, page: str) -> None:
        """Show loops or jump; the matrix stays if it stands over them."""
        if page != "matrix" or not self._tall:
            self._three.set_value(page)
            if page != "matrix":
                self._two.set_value(page)
            self._turn(page)

    @property
    def page(self) -> str:
        shown = self._stack.currentWidget()
        return next(name for name, one in self._pages.items() if one is shown)

    @Slot(object)
    def _turn(self, page: str) -> None:
        self._stack.setCurrentWidget(self._pages[page])

    def _arrange(self, tall: bool) -> None:
        if tall == self._tall:
            return
        self._tall = tall
        if tall:
            self._stack.removeWidget(self.matrix_page)
            self._column.insertWidget(0, self.matrix_page, 3)
            self.matrix_page.show()
        else:
            self._column.removeWidget(self.matrix_page)
            self._stack.insertWidget(0, self.matrix_page)
            self._three.set_value("matrix")
            self._turn("matrix")
        self._two.setVisible(tall)
        self._three.setVisible(not tall)
        if tall:
            self.turn_to(str(self._two.value()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.height() >= _TALL)
        # The matrix is square: more height than width would be empty.
        self.matrix_page.setMaximumHeight(self.width() + _WORDS if self._tall else _ANY)
