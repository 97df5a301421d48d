"""The guides of a fill: each line with an eye, a colour, a weight, and how far the fill strayed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget

from editor.engine.guides import LINE_COLOURS
from editor.model.document import Drawn
from editor.ui.theme import Theme, ui_font
from editor.ui.widgets import IconButton, Section
from editor.ui.widgets.focus import draw_ring
from editor.ui.widgets.scale import Scale
from editor.ui.widgets.slider import Slider


class GuidesPanel(Section):
    """Signals: changed(tuple of Drawn, str) — and what was done; accept_wanted()."""

    changed = Signal(object, str)
    accept_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Guides", "Accept", parent)
        self._lines: tuple[Drawn, ...] = ()
        self._rows: list[_LineRow] = []
        self._empty = QLabel()
        self._pieces = QLabel()
        for words in (self._empty, self._pieces):
            words.setObjectName("muted")
            words.setWordWrap(True)
            self.add(words)
        self._pieces.hide()
        self.link.hide()
        self.triggered.connect(self.accept_wanted)

    def show_lines(self, lines: Sequence[Drawn], suggested: int) -> None:
        """The document's lines, and how many more are suggested."""
        self._lines = tuple(lines)
        while len(self._rows) > len(lines):
            row = self._rows.pop()
            self.body.removeWidget(row)
            row.deleteLater()
        for number in range(len(self._rows), len(lines)):
            row = _LineRow(number)
            row.changed.connect(self._row_changed)
            row.removed.connect(self._row_removed)
            self._rows.append(row)
            self.body.insertWidget(self.body.count() - 1, row)
        for row, drawn in zip(self._rows, lines, strict=True):
            row.show_line(drawn)
        self._empty.setVisible(not lines)
        self.link.setVisible(suggested > 0)
        self.link.setText(
            self.tr("Accept %n suggested line(s)", "", suggested)
            .replace("(s)", "" if suggested == 1 else "s")
            .replace("%n", str(suggested))
        )
        self.link.updateGeometry()

    def teach(self, words: str) -> None:
        """What is said while there is no line."""
        self._empty.setText(words)

    def show_pieces(self, residuals: Sequence[float]) -> None:
        """How many pixels protected parts and regions are off where they should be."""
        self._pieces.setVisible(bool(residuals))
        if residuals:
            off = self.tr("What stays whole is {:.1f} px off.")
            self._pieces.setText(off.format(max(residuals)))

    def show_residuals(self, residuals: Sequence[float | None]) -> None:
        """How many pixels each line is off, if it is known."""
        for row, residual in zip(self._rows, residuals, strict=False):
            row.show_residual(residual)

    @Slot(int, object, str)
    def _row_changed(self, number: int, drawn: Drawn, label: str) -> None:
        lines = list(self._lines)
        lines[number] = drawn
        self.changed.emit(tuple(lines), label)

    @Slot(int)
    def _row_removed(self, number: int) -> None:
        self.changed.emit(self._lines[:number] + self._lines[number + 1 :], "Remove line")


class _LineRow(QWidget):
    """Signals: changed(number, Drawn, what was done); removed(number)."""

    changed = Signal(int, object, str)
    removed = Signal(int)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._drawn: Drawn | None = None
        name = self.tr("line {}").format(number + 1)
        self._eye = IconButton("eye", self.tr("Keep to {}").format(name), size=24)
        self._chip = _Chip(self.tr("Colour of {}").format(name))
        scale = Scale(0, 100, 5, "%", False, whole=True)
        self._weight = Slider(scale, 100)
        self._weight.setAccessibleName(self.tr("Weight of {}").format(name))
        self._weight.setToolTip(self.tr("How strictly the fill keeps to this line"))
        self._residual = QLabel()
        self._residual.setFont(ui_font(12, tabular=True))
        self._residual.setObjectName("muted")
        self._residual.setFixedWidth(72)
        self._residual.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._remove = IconButton("close", self.tr("Remove {}").format(name), size=24)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._eye)
        row.addWidget(self._chip)
        row.addWidget(self._weight, 1)
        row.addWidget(self._residual)
        row.addWidget(self._remove)
        self._eye.clicked.connect(self._toggle)
        self._chip.clicked.connect(self._recolour)
        self._weight.committed.connect(self._weigh)
        self._remove.clicked.connect(self._gone)

    def show_line(self, drawn: Drawn) -> None:
        if self._drawn is None or drawn.line != self._drawn.line:
            self._residual.clear()
        self._drawn = drawn
        self._eye.set_icon("eye" if drawn.used else "eye-off")
        self._chip.set_colour(drawn.line.colour)
        self._weight.set_number(round(100 * drawn.line.weight))
        self._weight.setEnabled(drawn.used)

    def show_residual(self, residual: float | None) -> None:
        text = ""
        if residual is not None:
            gone = math.isnan(residual)
            text = self.tr("cut away") if gone else self.tr("{:.1f} px off").format(residual)
        self._residual.setText(text)

    @Slot()
    def _toggle(self) -> None:
        if self._drawn is not None:
            drawn = replace(self._drawn, used=not self._drawn.used)
            self.changed.emit(self._number, drawn, "Use line" if drawn.used else "Ignore line")

    @Slot()
    def _recolour(self) -> None:
        if self._drawn is not None:
            colour = self._drawn.line.colour
            at = LINE_COLOURS.index(colour) if colour in LINE_COLOURS else -1
            line = replace(self._drawn.line, colour=LINE_COLOURS[(at + 1) % len(LINE_COLOURS)])
            self.changed.emit(self._number, replace(self._drawn, line=line), "Colour line")

    @Slot(object)
    def _weigh(self, percent: object) -> None:
        if self._drawn is not None and isinstance(percent, int | float):
            line = replace(self._drawn.line, weight=percent / 100)
            if line != self._drawn.line:
                self.changed.emit(self._number, replace(self._drawn, line=line), "Weigh line")

    @Slot()
    def _gone(self) -> None:
        self.removed.emit(self._number)


class _Chip(QAbstractButton):
    """The colour of a line; a click gives it the next one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._colour = LINE_COLOURS[0]
        self.setAccessibleName(name)
        self.setToolTip(self.tr("Lines of one colour copy from each other"))
        self.setFixedSize(20, 20)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_colour(self, colour: str) -> None:
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        body = QRectF(self.rect())
        painter.drawEllipse(body.adjusted(4, 4, -4, -4))
        if self.hasFocus():
            draw_ring(painter, body, Theme.of(self).accent, 10)
