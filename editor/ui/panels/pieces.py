"""The pieces that are moved about: each with an eye and its ways, the chosen one with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget

from editor.engine.moves import LARGEST, SMALLEST, Move
from editor.ui.theme import CORNER, Theme, ui_font
from editor.ui.widgets import IconButton, IconSwitch, LabeledSlider, Section
from editor.ui.widgets.focus import draw_ring


class PiecesPanel(Section):
    """Signals: changed(tuple of Move, str) — and what was done; chosen(int); tighten_wanted()."""

    changed = Signal(object, str)
    chosen = Signal(int)
    tighten_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Pieces", "Tighten", parent)
        self.link.setToolTip(self.tr("What was drawn around a thing becomes the thing  (Shift+T)"))
        self.triggered.connect(self.tighten_wanted)
        self._moves: tuple[Move, ...] = ()
        self._chosen: int | None = None
        self._rows: list[_PieceRow] = []
        self._hint = QLabel()
        self._hint.setObjectName("muted")
        self._hint.setWordWrap(True)
        self.add(self._hint)
        self._scale = LabeledSlider(
            self.tr("Size"), 100 * SMALLEST, 100 * LARGEST, 100.0, 1, "%", logarithmic=True
        )
        self._scale.setToolTip(self.tr("How large the piece becomes; a corner does the same"))
        self._turn = LabeledSlider(self.tr("Turn"), -180.0, 180.0, 0.0, 0.1, "°")
        self._turn.setToolTip(self.tr("How far it is turned, clockwise; so does its round handle"))
        for slider in (self._scale, self._turn):
            slider.committed.connect(self._tuned)
            self.add(slider)
        self.show_pieces((), None, False)

    def show_pieces(self, moves: Sequence[Move], chosen: int | None, painted: bool) -> None:
        """The document's pieces, which of them is chosen, and whether something is painted."""
        self._moves = tuple(moves)
        self._chosen = chosen if chosen is not None and chosen < len(moves) else None
        while len(self._rows) > len(moves):
            row = self._rows.pop()
            self.body.removeWidget(row)
            row.deleteLater()
        for number in range(len(self._rows), len(moves)):
            row = _PieceRow(number)
            row.changed.connect(self._row_changed)
            row.removed.connect(self._row_removed)
            row.chosen.connect(self.chosen)
            self._rows.append(row)
            self.body.insertWidget(number, row)
        for number, (row, move) in enumerate(zip(self._rows, moves, strict=True)):
            row.show_move(move, number == self._chosen)
        self.link.setVisible(painted)
        self._hint.setVisible(painted or not moves)
        self._hint.setText(
            self.tr("Drag what is painted to where it should be. Shift+T tightens it to the thing.")
            if painted
            else self.tr("Draw around a thing (L), then drag it to where it should be.")
        )
        for slider in (self._scale, self._turn):
            slider.setVisible(self._chosen is not None)
        if self._chosen is not None:
            self._scale.set_value(100 * moves[self._chosen].scale)
            self._turn.set_value(moves[self._chosen].turn)

    @Slot(object)
    def _tuned(self, value: object) -> None:
        if self._chosen is None or not isinstance(value, int | float):
            return
        move, scaled = self._moves[self._chosen], self.sender() is self._scale
        new = replace(move, scale=value / 100) if scaled else replace(move, turn=float(value))
        if new.as_json() != move.as_json():
            self._row_changed(self._chosen, new, "Scale piece" if scaled else "Turn piece")

    @Slot(int, object, str)
    def _row_changed(self, number: int, move: Move, label: str) -> None:
        moves = list(self._moves)
        moves[number] = move
        self.changed.emit(tuple(moves), label)

    @Slot(int)
    def _row_removed(self, number: int) -> None:
        self.changed.emit(self._moves[:number] + self._moves[number + 1 :], "Remove piece")


class _PieceRow(QWidget):
    """Signals: changed(number, Move, what was done); removed(number); chosen(number)."""

    changed = Signal(int, object, str)
    removed = Signal(int)
    chosen = Signal(int)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._move: Move | None = None
        name = self.tr("piece {}").format(number + 1)
        self._eye = IconButton("eye", self.tr("Move {}, or leave it").format(name), size=24)
        self._name = _Name(self.tr("Piece {}").format(number + 1))
        self._mirror = IconSwitch("mirror", self.tr("Mirror {}").format(name))
        self._keep = IconSwitch("copy", self.tr("Keep {} in its old place too").format(name))
        self._remove = IconButton("close", self.tr("Remove {}").format(name), size=24)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._eye)
        row.addWidget(self._name, 1)
        for button in (self._mirror, self._keep):
            button.setFixedSize(24, 24)
            row.addWidget(button)
        row.addWidget(self._remove)
        self._eye.clicked.connect(self._toggled)
        self._name.clicked.connect(self._picked)
        self._mirror.changed.connect(self._mirrored)
        self._keep.changed.connect(self._kept)
        self._remove.clicked.connect(self._gone)

    def show_move(self, move: Move, chosen: bool) -> None:
        self._move = move
        self._eye.set_icon("eye" if move.used else "eye-off")
        self._name.show_move(move, chosen)
        self._mirror.set_value(move.mirror)
        self._keep.set_value(move.keep)
        for button in (self._mirror, self._keep):
            button.setEnabled(move.used)

    @Slot()
    def _toggled(self) -> None:
        if self._move is not None:
            move = replace(self._move, used=not self._move.used)
            self.changed.emit(self._number, move, "Move piece" if move.used else "Leave piece")

    @Slot()
    def _picked(self) -> None:
        self.chosen.emit(self._number)

    @Slot(object)
    def _mirrored(self, mirror: bool) -> None:
        if self._move is not None:
            self.changed.emit(self._number, replace(self._move, mirror=mirror), "Mirror piece")

    @Slot(object)
    def _kept(self, keep: bool) -> None:
        if self._move is not None:
            move = replace(self._move, keep=keep)
            self.changed.emit(self._number, move, "Keep both" if keep else "Keep one")

    @Slot()
    def _gone(self) -> None:
        self.removed.emit(self._number)


class _Name(QAbstractButton):
    """Which piece it is and how far it goes; a click chooses it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._far = ""
        self._used = True
        self.setText(name)
        self.setToolTip(self.tr("Choose this piece: it gets handles on the canvas"))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(96, 24)

    def show_move(self, move: Move, chosen: bool) -> None:
        self._far = f"{move.by.x:+g}, {move.by.y:+g}".replace("-", "−")
        self._used = move.used
        self.setAccessibleName(f"{self.text()}: {self._far}")
        self.setChecked(chosen)
        self.update()

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised if self.isChecked() else theme.hover))
            painter.drawRoundedRect(body, CORNER, CORNER)
        inside = body.adjusted(8, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        colour = theme.accent if self.isChecked() else theme.text
        painter.setPen(QColor(colour if self._used else theme.disabled))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(ui_font(12, tabular=True))
        painter.setPen(QColor(theme.muted if self._used else theme.disabled))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, self._far)
        if self.hasFocus():
            draw_ring(painter, body, theme.accent, CORNER)
