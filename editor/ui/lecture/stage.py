"""The stage of Lecture mode: the pages above, the board in the middle, its text at the right, and
below it the row to play, step and scrub.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from editor.ui.lecture.page import Page, Try
from editor.ui.lecture.player import Player
from editor.ui.lecture.projector import Projector
from editor.ui.lecture.word_button import WordButton
from editor.ui.lecture.words import WordsPanel
from editor.ui.theme import GRID
from editor.ui.transport import Transport, Words, grouped
from editor.ui.widgets import ElidedLabel, PillButton
from editor.ui.widgets.focus import Ring

_PACES = 0.25, 0.5, 1, 2, 4
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class LectureStage(QWidget):
    """It is given what it shows and makes nothing itself.

    Signals: record_wanted() — another page is shown, or other settings of it; projected(bool);
    needed(str), as a page says it.
    """

    record_wanted = Signal()
    projected = Signal(bool)
    needed = Signal(str)

    def __init__(self, kinds: Sequence[type[Page]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = tuple(kinds)
        self._pages: dict[type[Page], tuple[Page, WordsPanel]] = {}
        self.projector: Projector | None = None
        self.player = Player(self)
        self._pace: Any = 1
        self._boards, self._texts = QStackedWidget(), QStackedWidget()
        self.transport = self._make_transport()
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._boards, 1)
        left.addWidget(self.transport)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        body.addWidget(self._texts)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar())
        whole.addLayout(body, 1)
        self.player.moved.connect(self._moved)
        self.player.played.connect(self.transport.show_playing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        Ring(self)
        self.setAccessibleName(self.tr("Lecture"))
        self._show(self._kinds[0])

    def _bar(self) -> QWidget:
        self._tabs: list[WordButton] = []
        bar = QWidget()
        bar.setObjectName("toolBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(46)
        row = QHBoxLayout(bar)
        row.setContentsMargins(GRID, 0, GRID + 6, 0)
        row.setSpacing(0)
        for number, kind in enumerate(self._kinds, start=1):
            key = f"  (Ctrl+{number})" if number <= 9 else ""
            tab = WordButton(self.tr(kind.caption), self.tr(kind.text.title) + key)
            tab.clicked.connect(self._tab_clicked)
            self._tabs.append(tab)
            row.addWidget(tab)
        row.addStretch(1)
        self._about = ElidedLabel()
        self._about.setObjectName("muted")
        row.addWidget(self._about)
        row.addSpacing(2 * GRID)
        self.project = PillButton(self.tr("Projector"), "F5", height=30)
        self.project.setToolTip(
            self.tr("Shows the board alone in a second window, for the other screen  (F5)")
        )
        self.project.clicked.connect(self.change_projector)
        row.addWidget(self.project)
        return bar

    def _make_transport(self) -> Transport:
        words = Words(
            back=self.tr("One moment back"),
            on=self.tr("One moment on"),
            further=self.tr("to the next part with Shift, ten with Ctrl"),
            slider=self.tr("Moment"),
            help=self.tr("Goes to any moment of what was recorded"),
            paces=self.tr("Pace"),
            unit=self.tr("pace"),
        )
        captions = ("¼", "½", "1", "2", "4")
        spoken = (
            self.tr("A quarter of the usual pace"),
            self.tr("Half the usual pace"),
            self.tr("The usual pace"),
            self.tr("Twice the usual pace"),
            self.tr("Four times the usual pace"),
        )
        transport = Transport(words, list(zip(_PACES, captions, spoken, strict=True)), 1)
        transport.play_wanted.connect(self.player.toggle)
        transport.step_wanted.connect(self.player.step)
        transport.moment_wanted.connect(self._scrub)
        transport.pace_changed.connect(self._set_pace)
        return transport

    # ── pages ──

    @property
    def page(self) -> Page:
        return self._pages[self._kind][0]

    def choose(self, name: str) -> None:
        """Show the page of this name."""
        self._turn_to(next(kind for kind in self._kinds if kind.name == name))

    @Slot()
    def _tab_clicked(self) -> None:
        tab = self.sender()
        assert isinstance(tab, WordButton)
        self._turn_to(self._kinds[self._tabs.index(tab)])

    def _turn_to(self, kind: type[Page]) -> None:
        if kind is not self._kind:
            self._show(kind)
            self.record_wanted.emit()

    def _turn(self, by: int) -> None:
        """The page after this one, or before; after the last comes the first."""
        at = self._kinds.index(self._kind) + by
        self._turn_to(self._kinds[at % len(self._kinds)])

    def _show(self, kind: type[Page]) -> None:
        self._kind = kind
        if kind not in self._pages:
            self._pages[kind] = self._made(kind())
        page, words = self._pages[kind]
        self._boards.setCurrentWidget(page)
        self._texts.setCurrentWidget(words)
        for tab, one in zip(self._tabs, self._kinds, strict=True):
            tab.setChecked(one is kind)
        self.player.pause()
        self._set_pace(self._pace)
        self.player.follow(page.count, growing=False)
        self.player.go_to(page.moment)
        words.follow()
        if self.projector is not None:
            self.projector.show_page(page)

    def _made(self, page: Page) -> tuple[Page, WordsPanel]:
        words = WordsPanel(page)
        page.changed.connect(self._changed)
        page.looked.connect(self._looked)
        page.needed.connect(self.needed)
        words.tried.connect(self._try)
        self._boards.addWidget(page)
        self._texts.addWidget(words)
        return page, words

    @Slot(object)
    def _try(self, one: Try) -> None:
        self.page.attempt(one)

    @Slot()
    def _changed(self) -> None:
        """Of the page that is shown; what another one wants is recorded when it is shown again."""
        if self.sender() is self.page:
            self._pages[self._kind][1].follow()
            self.record_wanted.emit()

    @Slot(object)
    def _looked(self, what: object) -> None:
        if self.sender() is self.page:
            self._pages[self._kind][1].follow()
            if self.projector is not None:
                self.projector.look(self.page, what)

    # ── the record ──

    def begin(self) -> None:
        """Another record comes: it is played from its first moment on."""
        self._pages[self._kind][1].follow()  # what it is of is known by now
        self.page.follow(None)
        self.page.moment = 0
        self.player.follow(0, growing=True)
        self._follow()
        self.player.play()

    def rest(self) -> None:
        """No more of it will come; perhaps there is nothing at all."""
        self.player.growing = False
        self.page.nothing = self.page.record is None
        self.page.update()

    def follow(self, record: Any, *, whole: bool) -> None:
        """So much is recorded."""
        page, first = self.page, self.page.record is None
        page.follow(record)
        self.player.follow(page.count, growing=not whole)
        self._follow()
        if first:
            self.player.go_to(page.moment)

    def _follow(self) -> None:
        page = self.page
        parts = [moment / max(1, page.count - 1) for moment in page.chapters]
        self.transport.show_chapters(parts if len(parts) < 100 else ())
        if self.projector is not None:
            self.projector.follow(page)
        self._tell()

    def go_to(self, moment: int) -> None:
        self.player.pause()
        self.player.go_to(moment)

    @Slot(int)
    def _moved(self, moment: int) -> None:
        if moment < self.page.count:
            self.page.go_to(moment)
        if self.projector is not None:
            self.projector.go_to(self.page)
        self._tell()

    def _tell(self) -> None:
        page = self.page
        words = page.said()
        if not words and page.count:
            words = f"{grouped(page.moment + 1)} / {grouped(page.count)}"
        self.transport.show_at(page.moment, self.player.last, words)
        self._about.setText(page.about)

    @Slot(int)
    def _scrub(self, moment: int) -> None:
        self.player.pause()
        self.player.go_to(moment)

    @Slot(object)
    def _set_pace(self, pace: Any) -> None:
        self._pace = pace
        self.player.pace = self._kind.pace * pace

    def _go_to_chapter(self, by: int) -> None:
        """The next beginning of something new, or the last one before."""
        now, stops = self.page.moment, [0, *self.page.chapters, self.player.last]
        beyond = [stop for stop in stops if (stop > now if by > 0 else stop < now)]
        if beyond:
            self.go_to(min(beyond) if by > 0 else max(beyond))

    # ── the projector ──

    @Slot()
    def change_projector(self) -> None:
        """Open the second window, or close it."""
        if self.projector is not None:
            self.projector.close()
            return
        self.projector = Projector(self.meaning)
        self.projector.closed.connect(self._projector_closed)
        self.projector.show_page(self.page)
        self.projector.show_beside(self.window())
        self.projected.emit(True)

    @Slot()
    def _projector_closed(self) -> None:
        if self.projector is not None:
            self.projector.deleteLater()
            self.projector = None
            self.projected.emit(False)

    def end(self) -> None:
        """The window closes."""
        self.player.pause()
        if self.projector is not None:
            self.projector.close()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._texts.setFixedWidth(min(max(round(0.27 * self.width()), 304), 520))

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.meaning(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = self.meaning(event)
        if meaning is None:
            super().keyPressEvent(event)
        else:
            meaning()

    def meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here; None: nothing, and others may have it."""
        return self.page.meaning(event) or self._own_meaning(event)

    def _own_meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, with_ = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        none, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
        control = Qt.KeyboardModifier.ControlModifier
        if key in _STEPS:
            by = _STEPS[key]
            moves = {
                none: partial(self.player.step, by),
                shift: partial(self._go_to_chapter, by),
                control: partial(self.player.step, 10 * by),
            }
            return moves.get(with_)
        number = key - Qt.Key.Key_1
        if with_ == control and 0 <= number < min(9, len(self._kinds)):
            return partial(self._turn_to, self._kinds[number])
        if with_ != none:
            return None
        if key in _LINES:
            return partial(self._pages[self._kind][1].scroll_by, _LINES[key])
        if key in _PAGES:
            return partial(self._turn, _PAGES[key])
        meanings: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self.player.toggle,
            Qt.Key.Key_Return: self.player.toggle,
            Qt.Key.Key_Enter: self.player.toggle,
            Qt.Key.Key_Home: partial(self.go_to, 0),
            Qt.Key.Key_End: partial(self.go_to, self.player.last),
            Qt.Key.Key_F5: self.change_projector,
        }
        return meanings.get(key)
