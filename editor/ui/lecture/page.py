"""What a page of Lecture mode is: a board that shows a record at any of its moments, and its text.

A page says what is to be recorded, an operation that edits nothing. Whatever that yields is the
record, and comes back through ``follow``: again and again while it grows, each time with more
moments, and a last time when it is whole. From then on the page only looks things up: ``go_to``
shows any moment at once, back or on. A page never starts a thread, a timer or a job.

The projector has a board of its own, made from the same class: it is given the same settings,
the same record and the same moment, and through ``look`` whatever the hand points at.

    class Growing(Page):
        name, caption = "growing", "Growing"
        text = Text("It grows", ("One pixel after the other.",), (), "A. Uthor, 1999")
        tries = (Try("Large windows", "…", {"window": 23}),)
        first = Settings(window=11)

        def operation(self, document):
            return RecordGrowth(window=self.settings.window)

        @property
        def count(self): return self.record.count if self.record else 0

        def paintEvent(self, event): …draw self.record at self.moment, words of self.em pixels…

and a line in ``pages.py``. Formulas are pictures, made by ``resources/lecture/source``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from editor.model.document import Document
from editor.operations.base import Operation
from editor.ui.lecture.drawing import draw_words
from editor.ui.theme import Theme, ui_font

_LEAST, _MOST = 12.0, 44.0  # px of the words on a board


@dataclass(frozen=True, slots=True)
class Formula:
    name: str  # of the picture in resources/lecture
    spoken: str  # the same in words, for those who do not see it


@dataclass(frozen=True, slots=True)
class Text:
    """What stands beside the board."""

    title: str
    sentences: tuple[str, ...]  # two to five, in plain words
    formulas: tuple[Formula, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class Try:
    """A button of "Try this": other settings, which are recorded and played at once."""

    caption: str
    help: str  # one sentence, for the tooltip
    changes: Mapping[str, Any] = field(default_factory=dict)  # fields of the page's settings
    group: str = ""  # a heading that several stand under
    act: Callable[[Any], None] | None = None  # what is done with the page instead


class Page(QWidget):
    """Signals: changed() — something else is to be recorded, and played from the start;
    looked(object) — what is pointed at or how it is shown, for the board of the projector;
    needed(str) — what has to be done before there is something to record: a mode, by its name, or
    "sample" and which one to open.
    """

    changed = Signal()
    looked = Signal(object)
    needed = Signal(str)

    name: ClassVar[str]  # for settings and tests
    caption: ClassVar[str]  # in the row of pages
    text: ClassVar[Text]
    tries: ClassVar[tuple[Try, ...]] = ()
    first: ClassVar[Any]  # the settings it begins with, a frozen dataclass of its own
    pace: ClassVar[float] = 10.0  # moments a second, played at the usual pace

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings: Any = self.first
        self.remark = ""  # one sentence on what was tried last
        self.record: Any = None
        self.nothing = False  # the record could not be made
        self.moment = 0
        self.setAccessibleName(self.tr(self.caption))
        self.setMinimumSize(320, 240)

    # ── what a page says ──

    def operation(self, document: Document | None) -> Operation | None:
        """What is to be recorded, of this document or of a picture of the page's own.

        None: of this there is nothing to record, and the board says what it needs.
        """
        raise NotImplementedError

    @property
    def wanted(self) -> object:
        """What of the settings a record depends on: with the same it is not recorded again."""
        return self.settings

    @property
    def count(self) -> int:
        """How many moments the record has so far."""
        raise NotImplementedError

    @property
    def chapters(self) -> tuple[int, ...]:
        """The moments where something new begins, such as a sweep: Shift and an arrow key."""
        return ()

    def said(self) -> str:
        """The moment in a few words, for the row below and the projector: Sweep 2, row 31."""
        return ""

    @property
    def about(self) -> str:
        """What it is shown on, in a few words: lawn.jpg, 200 × 150."""
        return ""

    # ── what it is told ──

    def follow(self, record: Any) -> None:
        """From now on this record, or more of it; None: it is not begun yet."""
        self.record, self.nothing = record, False
        self.update()

    def go_to(self, moment: int) -> None:
        """Show this moment, one of ``count``."""
        self.moment = moment
        self.update()

    def look(self, what: Any) -> None:
        """Show what another board of this page, which said ``looked``, points at."""

    def meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does on this board, before the stage is asked; None: nothing."""
        return None

    def attempt(self, one: Try) -> None:
        """One of ``tries`` is wanted."""
        self.remark = one.help
        if one.act is None:
            self.change(**one.changes)
        else:
            one.act(self)

    def change(self, **changes: Any) -> None:
        """Other settings, which are recorded and played."""
        self.settings = dataclasses.replace(self.settings, **changes)
        self.changed.emit()

    def reseed(self) -> None:
        self.change(seed=self.settings.seed + 1)

    def holds(self, one: Try) -> bool:
        """Whether the settings are those of this one."""
        return bool(one.changes) and all(
            getattr(self.settings, name) == value for name, value in one.changes.items()
        )

    # ── for drawing ──

    @property
    def em(self) -> float:
        """px of the words on a board of this size; a large board has large words."""
        return min(max(min(self.width() / 48, self.height() / 32), _LEAST), _MOST)

    def font_of(self, size: float = 1.0, *, strong: bool = False) -> QFont:
        """So many times as large as the words, with figures that do not dance."""
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        return ui_font(round(size * self.em), weight, tabular=True)

    @property
    def line(self) -> float:
        """px from one line of words to the next."""
        return 1.7 * self.em

    def draw_caption(self, painter: QPainter, place: QRectF, words: str) -> None:
        """One line above a place."""
        wide = max(place.width(), 6 * self.em)
        above = QRectF(place.left(), place.top() - self.line, wide, self.line)
        draw_words(painter, above, words, self.font_of(), Theme.of(self).muted)

    def draw_ground(self, painter: QPainter, words: str = "") -> None:
        """An empty board; with words in its middle, while there is nothing else to be seen."""
        if words and self.nothing:
            words = self.tr("Of this nothing could be recorded.")
        theme = Theme.of(self)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        painter.setPen(QColor(theme.muted))
        painter.setFont(self.font_of(1.3))
        centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        edge = round(2 * self.em)
        painter.drawText(self.rect().adjusted(edge, edge, -edge, -edge), centred, words)
