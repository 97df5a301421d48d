"""The second window, for the other screen: the board and large captions, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.ui.lecture.page import Page
from editor.ui.lecture.sized_words import SizedWords
from editor.ui.theme import ui_font
from editor.ui.widgets import ElidedLabel

_SIZE = 1280, 720  # where there is no other screen


class Projector(SizedWords, QWidget):
    """Signals: closed(). Keys that mean something to the first window mean the same here."""

    closed = Signal()

    def __init__(self, meaning: Callable[[QKeyEvent], Callable[[], object] | None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("projector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # it goes with the first window
        self.setWindowTitle(self.tr("Projector — Patina"))
        self._meaning = meaning
        self.page: Page | None = None
        self._title, self._about = QLabel(), ElidedLabel()
        self._said, self._remark = QLabel(), ElidedLabel()
        self._about.setObjectName("muted")
        self._title.setObjectName("heading")
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._about)
        foot.addWidget(self._remark, 1)
        foot.addWidget(self._said)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        self._column.addLayout(foot)
        self.resize(*_SIZE)

    # ── what it follows ──

    def show_page(self, page: Page) -> None:
        """From now on a board of its own of this page."""
        if self.page is not None:
            self._column.removeWidget(self.page)
            self.page.deleteLater()
        self.page = type(page)()
        self._column.insertWidget(1, self.page, 1)
        self._title.setText(self.tr(page.text.title))
        self.follow(page)

    def follow(self, page: Page) -> None:
        """The record of the page has more moments, or it is another one."""
        if self.page is not None:
            self.page.settings = page.settings
            self.page.follow(page.record)
            self.go_to(page)

    def go_to(self, page: Page) -> None:
        """The page shows another moment."""
        if self.page is not None:
            if self.page.count:
                self.page.go_to(page.moment)
            self._about.setText(page.about)
            self._said.setText(page.said())
            self._remark.setText(self.tr(page.remark))

    def look(self, page: Page, what: object) -> None:
        """Something else is pointed at on the page, or it is shown in another way."""
        if self.page is not None:
            self.page.settings = page.settings
            self._remark.setText(self.tr(page.remark))
            self.page.look(what)

    # ── where it stands ──

    def show_beside(self, window: QWidget) -> None:
        """On the other screen, all of it; where there is none, as a window."""
        other = other_screen(QGuiApplication.screens(), window.screen())
        if other is None:
            self.show()
        else:
            self.setGeometry(other)
            self.showFullScreen()

    # Qt

    @Slot()
    def _set_words(self) -> None:
        """As large as the window is."""
        words = min(self.width() / 48, self.height() / 27)
        edge = round(words)
        self._column.setContentsMargins(edge, edge // 2, edge, edge // 2)
        sizes = {self._title: 1.25, self._about: 0.9, self._remark: 1.0, self._said: 1.0}
        for label, size in sizes.items():
            label.setFont(ui_font(round(size * words), tabular=True))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F11:
            self._change_full_screen()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif (meaning := self._meaning(event)) is not None:
            meaning()

    def _change_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _leave(self) -> None:
        """Full screen first, and then the window."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def other_screen(screens: Sequence[QScreen], own: QScreen) -> QRect | None:
    """Where the first screen lies that the window is not on."""
    return next((screen.geometry() for screen in screens if screen is not own), None)
