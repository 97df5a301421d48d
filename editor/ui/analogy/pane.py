"""One of the four pictures: what it is, the picture, or what to do where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from editor.model.document import Document
from editor.ui.canvas import Canvas
from editor.ui.theme import GRID, Theme, ui_font
from editor.ui.widgets import ElidedLabel, IconButton, PillButton

_KIND = "application/x-patina-pane"  # what is dragged from pane to pane: a name
_MARGIN = 12  # logical pixels around a picture that is fitted
_HEIGHT = 36  # of the title
_NARROWEST = 140  # so that three pairs stand beside each other
_WORDY = 200  # a title as wide has room to say what the picture is


class Pane(QFrame):
    """Signals: open_wanted(name); clear_wanted(name); dropped(name, Path); swapped(name, name) —
    the title of the second was dropped on the first.

    ``words`` say what the picture is; ``ask`` what to do while it is not there. One that can be
    taken ``away`` as a whole says so on its cross, which is always there then.
    """

    open_wanted = Signal(str)
    clear_wanted = Signal(str)
    dropped = Signal(str, object)
    swapped = Signal(str, str)

    def __init__(
        self,
        name: str,
        words: str,
        ask: str,
        button: str = "",
        *,
        below: int = 0,
        away: str = "",
    ) -> None:
        super().__init__()
        self.name = name
        self.setObjectName("pane")
        self.setAcceptDrops(True)
        self.setMinimumWidth(_NARROWEST)
        self.setAccessibleName(f"{name}: {words}")
        self._over = False
        self.canvas = Canvas(margin=_MARGIN, below=below)
        self.canvas.setAccessibleName(self.tr("Picture {}").format(name))
        self.canvas.setMinimumSize(120, 90)
        self._title = Title(self, name, words)
        self.tools = self._title.tools
        self._buttons: list[IconButton] = []  # while there is a picture
        self.undo = IconButton("undo", self.tr("Put {} back as it was").format(name), size=26)
        self.undo.clicked.connect(self._put_back)
        self.tools.addWidget(self.undo)
        if button:
            self._add_tool("open", self.tr("Open {}…").format(name), self._want_open)
        if button and name != "B":  # that is closed as documents are
            words = away or self.tr("Take {} away").format(name)
            self._add_tool("close", words, self._want_clear)
        if away:
            self._buttons.pop()
        self._empty = QWidget()
        self._ask = QLabel(ask)
        self._ask.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._ask.setWordWrap(True)
        self._ask.setObjectName("muted")
        column = QVBoxLayout(self._empty)
        column.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID + below)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._ask)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(GRID)
        self.buttons.addStretch(1)
        if button:
            self.add_button(button).clicked.connect(self._want_open)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        column.addStretch(1)
        self._body = QStackedWidget()
        self._body.addWidget(self._empty)
        self._body.addWidget(self.canvas)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._title)
        whole.addWidget(self._body, 1)
        self.show_document(None)

    def _add_tool(self, icon: str, words: str, pressed: Callable[[], None]) -> None:
        button = IconButton(icon, words, size=26)
        button.clicked.connect(pressed)
        self._buttons.append(button)
        self.tools.addWidget(button)

    def add_button(self, words: str) -> PillButton:
        """One more to press while there is no picture."""
        button = PillButton(words, height=30)
        self.buttons.insertWidget(max(1, self.buttons.count() - 1), button)
        return button

    @property
    def ask(self) -> str:
        """What is said while there is no picture."""
        return self._ask.text()

    def set_ask(self, words: str) -> None:
        self._ask.setText(words)

    @property
    def document(self) -> Document | None:
        return self.canvas.document

    def show_document(self, document: Document | None) -> None:
        """This picture, or none."""
        if self.document is not None:
            self.document.renamed.disconnect(self.show_size)
        if document is not None:
            document.renamed.connect(self.show_size)
        self.canvas.set_document(document)
        self.canvas.show_mark(None)
        there = document is not None
        self._body.setCurrentWidget(self.canvas if there else self._empty)
        for one in self._buttons:
            one.setVisible(there)
        self.show_size()

    @Slot()
    def show_size(self) -> None:
        document = self.document
        words = "" if document is None else f"{document.title}  {document.size}"
        self._title.note.setText(words)
        changed = document is not None and document.history.at > 0
        self.undo.setVisible(changed and self.name[0] == "A")  # B is undone as documents are

    @Slot()
    def _put_back(self) -> None:
        if self.document is not None:
            self.document.history.undo()

    def _want_open(self) -> None:
        self.open_wanted.emit(self.name)

    def _want_clear(self) -> None:
        self.clear_wanted.emit(self.name)

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._takes(event.mimeData()):
            self._show_over(True)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_over(False)
        data = event.mimeData()
        event.acceptProposedAction()
        if data.hasFormat(_KIND):
            self.swapped.emit(self.name, bytes(data.data(_KIND).data()).decode())
            return
        self.dropped.emit(self.name, paths(data)[0])

    def _takes(self, data: QMimeData) -> bool:
        if data.hasFormat(_KIND):
            return bytes(data.data(_KIND).data()).decode() != self.name
        return bool(paths(data)) and self.name != "B′"

    def _show_over(self, over: bool) -> None:
        self._over = over
        self.update()
        self._title.over = over
        self._title.update()

    def carried(self) -> QMimeData:
        """What is dragged along when the title is."""
        data = QMimeData()
        data.setData(_KIND, self.name.encode())
        return data


class Title(QWidget):
    """The letter, what it stands for, and buttons; dragged to another one, they change places."""

    def __init__(self, pane: Pane, name: str, words: str) -> None:
        super().__init__(pane)
        self._pane = pane
        self._pressed: QPoint | None = None
        self.over = False
        self.setFixedHeight(_HEIGHT)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(self.tr("Drag it onto another one, and the two pictures change places"))
        letter = QLabel(name)
        letter.setFont(ui_font(14, QFont.Weight.DemiBold))
        self._meaning = QLabel(words)
        self._meaning.setObjectName("muted")
        self.note = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.note.setObjectName("muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(letter)
        row.addWidget(self._meaning)
        row.addSpacing(GRID)
        row.addWidget(self.note, 1)
        row.addLayout(self.tools)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._meaning.setVisible(self.width() >= _WORDY)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pane.document is not None:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        way = event.position().toPoint() - self._pressed
        if way.manhattanLength() < QApplication.startDragDistance():
            return
        drag = QDrag(self)
        drag.setMimeData(self._pane.carried())
        drag.setPixmap(self.grab())
        drag.setHotSpot(self._pressed)
        self._pressed = None
        drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.selection if self.over else theme.panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.line))


def paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
