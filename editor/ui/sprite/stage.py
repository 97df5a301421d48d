"""The stage of Sprite mode: key, frames and steering, one after the other, on one page.

It is given what it shows and says what is wanted of it; it cuts and saves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from editor.session import Session
from editor.ui.loop.errands import Errands
from editor.ui.sprite.frames import FramesPage
from editor.ui.sprite.key import KeyPage
from editor.ui.sprite.steer import SteerPage
from editor.ui.theme import GRID
from editor.ui.tool_bar import rule
from editor.ui.widgets import PillButton, Segmented

STEPS = ("key", "frames", "steer")
_BAR, _FOOT = 46, 42  # px
_TOOLS = (Qt.Key.Key_V, Qt.Key.Key_D, Qt.Key.Key_G)
_KEYS = {
    "key": (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_I, Qt.Key.Key_C),
    "frames": (Qt.Key.Key_T,),
    "steer": (
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space,
        Qt.Key.Key_T, Qt.Key.Key_C, Qt.Key.Key_F, *_TOOLS,
    ),
}  # fmt: skip
_EVERYWHERE = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)


class SpriteStage(QWidget):
    """Signals: step_wanted("key" | "frames" | "steer"), export_wanted(kind), open_wanted().

    To be closed.
    """

    step_wanted = Signal(object)
    export_wanted = Signal(str)
    open_wanted = Signal()

    def __init__(self, session: Session, drawn: Callable[..., Any]) -> None:
        super().__init__()
        self._errands = Errands(self)
        self.key = KeyPage(session, self._errands)
        self.frames = FramesPage(self._errands)
        self.steer = SteerPage(self._errands, drawn)
        self.empty = Empty()
        self.empty.pressed.connect(self._empty_pressed)
        self._empty_does = ""
        self.steps = Segmented(
            [
                ("key", self.tr("1  Key")),
                ("frames", self.tr("2  Frames")),
                ("steer", self.tr("3  Steer")),
            ],
            name=self.tr("The three steps"),
            words=[
                self.tr("1: tell the creature from its backdrop"),
                self.tr("2: look through its frames and throw out bad ones"),
                self.tr("3: steer it with the mouse"),
            ],
        )
        self.steps.changed.connect(self.step_wanted)
        self.export = PillButton(self.tr("Export…"), height=30)
        self.export.setToolTip(self.tr("Save the sprite, films of it, its sheet, or a page"))
        self.export.clicked.connect(self._offer_exports)
        self._step = "key"
        self._lay_out()

    def _lay_out(self) -> None:
        self.bars, self.pages, self.feet = QStackedWidget(), QStackedWidget(), QStackedWidget()
        for page in (self.key, self.frames, self.steer):
            self.bars.addWidget(page.bar)
            self.pages.addWidget(page)
        for foot in (self.key.foot, self.steer.foot):
            self.feet.addWidget(foot)
        self.pages.addWidget(self.empty)
        bar = QWidget()
        for part, height in ((bar, _BAR), (self.feet, _FOOT)):
            part.setObjectName("toolBar")
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            part.setFixedHeight(height)
        row = QHBoxLayout(bar)
        row.setContentsMargins(GRID + 6, 0, GRID + 6, 0)
        row.setSpacing(GRID)
        row.addWidget(self.steps)
        row.addWidget(rule())
        row.addWidget(self.bars, 1)
        row.addWidget(rule())
        row.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self.feet)

    def end(self) -> None:
        """Close the thread."""
        self.steer.actor.play(False)
        self._errands.close()

    def forget(self) -> None:
        """What was asked for another clip is not wanted any more."""
        self._errands.forget()

    # ── the steps ──

    @property
    def step(self) -> str:
        return self._step

    def show_step(self, step: str, empty: tuple[str, str, str] | None = None) -> None:
        """One of the steps; or, where it has nothing to show, why, a button, and what it does."""
        self._step = step
        self.steps.set_value(step)
        page: QWidget = {"key": self.key, "frames": self.frames, "steer": self.steer}[step]
        self.bars.setCurrentIndex(STEPS.index(step))
        self.feet.setVisible(step != "frames" and empty is None)
        self.feet.setCurrentWidget(self.key.foot if step == "key" else self.steer.foot)
        self.bars.setEnabled(empty is None)
        if empty is not None:
            words, caption, self._empty_does = empty
            self.empty.show_words(words, caption)
            page = self.empty
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)

    @Slot()
    def _empty_pressed(self) -> None:
        if self._empty_does == "open":
            self.open_wanted.emit()
        else:
            self.step_wanted.emit(self._empty_does)

    # ── export ──

    def exports(self) -> dict[str, str]:
        """The kinds of file there are now, and what they are called."""
        there = {"sprite": self.tr("Sprite…")}
        if self.steer.recording is not None:
            there["recording"] = self.tr("Film of the recording…")
            there["path"] = self.tr("Film along the recorded path…")
        if self.steer.pitch.routed:
            there["drawn"] = self.tr("Film along the drawn path…")
        return there | {
            "circle": self.tr("Film along a circle…"),
            "square": self.tr("Film along a square…"),
            "sheet": self.tr("Sheet of all frames…"),
            "page": self.tr("Page that follows the pointer…"),
        }

    @Slot()
    def _offer_exports(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, caption in self.exports().items():
            menu.addAction(caption).setData(kind)
            if kind in ("sprite", "square"):
                menu.addSeparator()
        menu.triggered.connect(self._export_chosen)
        under = QPoint(self.export.width() - menu.sizeHint().width(), self.export.height() + 4)
        menu.popup(self.export.mapToGlobal(under))

    @Slot(object)
    def _export_chosen(self, action: Any) -> None:
        self.export_wanted.emit(action.data())

    # ── keys ──

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and Qt.Key(event.key()) in (*_KEYS[self._step], *_EVERYWHERE):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif key in _EVERYWHERE:
            self.step_wanted.emit(STEPS[_EVERYWHERE.index(key)])
        elif key not in _KEYS[self._step]:
            event.ignore()
        elif key == Qt.Key.Key_Space:
            self.steer.toggle()
        elif key == Qt.Key.Key_T:
            (self.frames if self._step == "frames" else self.steer).trails.click()
        elif key == Qt.Key.Key_I:
            self.key.eyedropper.click()
        elif key == Qt.Key.Key_C:
            (self.key.chooser if self._step == "key" else self.steer.costs).click()
        elif key in _TOOLS:
            self.steer.choose_tool(_TOOLS.index(key))
        elif key == Qt.Key.Key_F:
            self.steer.toggle_kiosk()
        elif self._step == "key":
            self.key.step(-1 if key == Qt.Key.Key_Left else 1)
        else:
            self.steer.keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._step == "steer":
            self.steer.keyReleaseEvent(event)
        else:
            event.ignore()


class Empty(QWidget):
    """A line that says what to do, and a button that does it. Signals: pressed()."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._button = PillButton("", kind="primary", height=36)
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setSpacing(2 * GRID)
        column.addStretch(1)
        column.addWidget(self._words)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setFocusProxy(self._button)

    def show_words(self, words: str, caption: str) -> None:
        self._words.setText(words)
        self._button.set_text(caption)
