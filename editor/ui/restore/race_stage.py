"""Two networks side by side on the same picture: what each has made of it until now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.model.document import Document
from editor.operations.race import Lane, Raced
from editor.ui.canvas import Canvas, View
from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.widgets import ElidedLabel, PillButton

_MARGIN, _BELOW = 12, 56  # px around a fitted picture, and below it, where the action bar floats
_HEIGHT = 36  # of a title


class RaceStage(QWidget):
    """Signals: chosen(0 or 1) — by a click or an arrow key; taken(0 or 1)."""

    chosen = Signal(int)
    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("analogy")  # the same look: panes with a line between them
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Race"))
        self._following = False
        self.lanes = (_LanePane(False), _LanePane(True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for number, pane in enumerate(self.lanes):
            row.addWidget(pane, 1)
            pane.take.clicked.connect(partial(self.taken.emit, number))
            pane.canvas.viewed.connect(partial(self._follow, number))
            pane.canvas.arrow.connect(self._step)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.lanes[0].canvas)

    def show_document(self, document: Document | None) -> None:
        for pane in self.lanes:
            pane.canvas.set_document(document)

    def show_names(self, names: tuple[str, str]) -> None:
        for pane, name in zip(self.lanes, names, strict=True):
            pane.name.setText(name)
            pane.setAccessibleName(name)
            pane.show_lane(None, over=False)

    def show_raced(self, raced: Raced, chosen: int | None) -> None:
        """``chosen`` is the one that Enter takes; None while the race is on."""
        for number, (pane, lane) in enumerate(zip(self.lanes, raced.lanes, strict=True)):
            pane.show_lane(lane, over=chosen is not None)
            pane.show_chosen(number == chosen)

    def _step(self, by: int) -> None:
        self.chosen.emit(0 if by < 0 else 1)

    def _follow(self, number: int, view: View) -> None:
        """Both at the same scale and place."""
        if self._following:
            return
        self._following = True
        one, other = self.lanes[number].canvas, self.lanes[1 - number].canvas
        if view.fitted:
            other.fit()
        else:
            other.show_middle(view.scale, one.middle)
        self._following = False


class _LanePane(QWidget):
    """The name of a network, how far it is, and its picture; ``second`` is drawn in copper."""

    def __init__(self, second: bool) -> None:
        super().__init__()
        self._second, self._chosen = second, False
        self.setObjectName("pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = QLabel()
        self.name.setFont(ui_font(weight=QFont.Weight.DemiBold))
        self.note = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.note.setObjectName("muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.take = PillButton(self.tr("Take"), height=26)
        self.take.setToolTip(self.tr("Make this one the picture, in one step that can be undone"))
        self.canvas = Canvas(margin=_MARGIN, below=_BELOW)
        self.canvas.setMinimumSize(120, 90)
        self._title = QWidget()
        self._title.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self._title)
        row.setContentsMargins(12 + 2 * GRID, 0, GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self.name)
        row.addWidget(self.note, 1)
        row.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self.canvas, 1)

    def show_lane(self, lane: Lane | None, *, over: bool) -> None:
        self.take.setVisible(over)
        self.canvas.arrows_choose = over
        self.canvas.show_preview(None if lane is None else lane.made)
        words = ""
        if lane is not None and len(lane.course):
            seconds, error = lane.course[-1]
            words = self.tr("{0:,} iterations, {1:.0f} s, error {2:.2g}")
            words = words.format(len(lane.course), seconds, error)
        self.note.setText(words)

    def show_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its colour in the plot as a dot, and a line below the title of the one Enter takes."""
        theme = Theme.of(self)
        colour = QColor(theme.warning if self._second else theme.accent)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, self.width(), _HEIGHT, QColor(theme.panel))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(12, _HEIGHT // 2 - 4, 8, 8)
        if self._chosen:
            painter.fillRect(0, _HEIGHT - 2, self.width(), 2, colour)
        else:
            painter.fillRect(0, _HEIGHT - 1, self.width(), 1, QColor(theme.line))
