"""The manual: a page for each mode, and one for everything else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from editor.resources import resource
from editor.ui.dialogs.page import Page
from editor.ui.dialogs.sheet import Sheet
from editor.ui.icons import icon
from editor.ui.theme import GRID, Theme
from editor.ui.widgets import IconButton

if TYPE_CHECKING:
    from editor.ui.modes import Mode
    from editor.ui.window import Window

_SIZE = 1000, 740
_SMALLEST = 640, 400
_LIST = 168  # px
_FIND = 220  # px
FIRST = "index"


def page_file(name: str) -> Path:
    """The page of a mode, or the first one."""
    return resource("help", f"{name}.md")


class Manual(Sheet):
    title = "Manual"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setWindowFlags(Qt.WindowType.Window)  # it can be as large as the screen
        self.setMinimumSize(*_SMALLEST)
        self.resize(QSize(*self._remembered()))
        self._shown = ""  # the name of the page
        self.page = Page(window.session)
        self.pages = QListWidget()
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self._make_bar())
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._make_list())
        row.addWidget(self.page, 1)
        self.column.addLayout(row, 1)
        self._connect()

    def show_mode(self, mode: Mode) -> None:
        """Turn to what is said of it."""
        self.turn_to(mode.name)
        self.page.setFocus()

    def turn_to(self, name: str) -> None:
        self.page.setSource(QUrl.fromLocalFile(str(page_file(name))))

    # ── what stands where ──

    def _make_bar(self) -> QWidget:
        self.back = IconButton("chevron-left", self.tr("Back"), "Alt+←")
        self.forward = IconButton("chevron-right", self.tr("Forward"), "Alt+→")
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Find in this page"))
        self.field.setPlaceholderText(self.tr("Find in this page"))
        self.field.setToolTip(self.tr("Find in this page  (Ctrl+F); Enter goes on, Shift back"))
        self.field.setFixedWidth(_FIND)
        self.count = QLabel()
        self.count.setObjectName("muted")
        self.up = IconButton("chevron-up", self.tr("Find the one before"), "Shift+Enter")
        self.down = IconButton("chevron-down", self.tr("Find the next"), "Enter")
        bar = QFrame()
        bar.setObjectName("toolBar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(GRID, GRID, GRID, GRID)
        row.setSpacing(GRID // 2)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addStretch(1)
        row.addWidget(self.count)
        row.addSpacing(GRID // 2)
        row.addWidget(self.field)
        row.addWidget(self.up)
        row.addWidget(self.down)
        return bar

    def _make_list(self) -> QListWidget:
        self.pages.setObjectName("pages")
        self.pages.setAccessibleName(self.tr("Pages of the manual"))
        self.pages.setFixedWidth(_LIST)
        self.pages.setFrameShape(QFrame.Shape.NoFrame)
        self.pages.setIconSize(QSize(20, 20))
        named = [(FIRST, self.tr("The window"), "manual")]
        named += [(mode.name, self.tr(mode.caption), mode.icon) for mode in self.window_.rail.modes]
        for name, caption, drawing in named:
            item = QListWidgetItem(caption)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setData(_DRAWING, drawing)
            self.pages.addItem(item)
        self._tint()
        return self.pages

    def _connect(self) -> None:
        self.page.sourceChanged.connect(self._turned)
        self.page.backwardAvailable.connect(self.back.setEnabled)
        self.page.forwardAvailable.connect(self.forward.setEnabled)
        for button, way in ((self.back, self.page.backward), (self.forward, self.page.forward)):
            button.setEnabled(False)
            button.clicked.connect(way)
        self.pages.currentItemChanged.connect(self._chosen)
        self.field.textChanged.connect(self._search)
        self.up.clicked.connect(self._find_last)
        self.down.clicked.connect(self._find_next)
        self._search("")
        for keys, answer in (
            (QKeySequence.StandardKey.Find, self._begin_find),
            (QKeySequence.StandardKey.Back, self.page.backward),
            (QKeySequence.StandardKey.Forward, self.page.forward),
            (QKeySequence.StandardKey.FindNext, self._find_next),
            (QKeySequence.StandardKey.FindPrevious, self._find_last),
        ):
            QShortcut(keys, self).activated.connect(answer)

    # ── what it does ──

    @Slot(QUrl)
    def _turned(self, source: QUrl) -> None:
        """Another page is shown, by whatever way: the list says which."""
        name = self._shown = Path(source.path()).stem
        for row in range(self.pages.count()):
            item = self.pages.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == name:
                self.pages.setCurrentItem(item)
                self.setWindowTitle(f"{item.text()} — {self.tr(self.title)}")
        self._search(self.field.text())

    @Slot(QListWidgetItem)
    def _chosen(self, item: QListWidgetItem) -> None:
        name = item.data(Qt.ItemDataRole.UserRole)
        if name != self._shown:
            self.turn_to(name)

    @Slot()
    def _begin_find(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot(str)
    def _search(self, words: str) -> None:
        self.page.find_all(words.strip())
        self._show_count()

    @Slot()
    def _find_next(self) -> None:
        self.page.find_next(1)
        self._show_count()

    @Slot()
    def _find_last(self) -> None:
        self.page.find_next(-1)
        self._show_count()

    def _show_count(self) -> None:
        at, count = self.page.found
        sought = bool(self.field.text().strip())
        words = self.tr("{} of {}").format(at, count) if count else self.tr("Not on this page")
        self.count.setText(words if sought else "")
        for button in (self.up, self.down):
            button.setEnabled(count > 0)

    # ── how it looks ──

    def _remembered(self) -> tuple[int, int]:
        size: dict[str, Any] = self.window_.settings.get("manual", {})
        width, height = size.get("width"), size.get("height")
        return (width, height) if isinstance(width, int) and isinstance(height, int) else _SIZE

    def _tint(self) -> None:
        theme = Theme.of(self)
        for row in range(self.pages.count()):
            item = self.pages.item(row)
            item.setIcon(icon(item.data(_DRAWING), theme.muted))

    # ── Qt ──

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the search first; Enter there goes on to the next place."""
        searching = self.field.hasFocus()
        if event.key() == Qt.Key.Key_Escape and searching:
            self.field.clear()
            self.page.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if searching:
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._find_last() if back else self._find_next()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "pages"):
            self._tint()

    def hideEvent(self, event: QHideEvent) -> None:
        if not self.isMaximized():
            size = {"width": self.width(), "height": self.height()}
            self.window_.settings.set("manual", size)
        super().hideEvent(event)


_DRAWING = Qt.ItemDataRole.UserRole + 1
