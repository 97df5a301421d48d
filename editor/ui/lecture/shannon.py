"""Shannon's text: a text that grows letter by letter, each read where the last ones stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from editor.model.document import Document
from editor.operations import Operation, WatchText
from editor.operations.text import BUNDLED
from editor.resources import resource
from editor.ui.lecture.page import Formula, Page, Text, Try
from editor.ui.lecture.shannon_board import Board, Gaze
from editor.ui.theme import Theme

if TYPE_CHECKING:
    from editor.engine.text_sample import Sample

_LONG = {"letters": 300, "words": 70}  # of one sample
_SHORT = {"letters": 48, "words": 10}  # of one of several in a row
_TEXTS = (".txt", ".text", ".md", ".tex", ".log", ".csv", ".html", ".rst", "")
_SERIES = tuple(range(7))


class Given(NamedTuple):
    """Where a text comes from: a file, or what was pasted."""

    title: str
    path: Path | None = None
    pasted: str = ""


NEWTON = Given("Newton, Opticks, 1730: the Queries", resource(*BUNDLED))


@dataclass(frozen=True, slots=True)
class Settings:
    orders: tuple[int, ...] = (3,)
    unit: str = "letters"
    plain: bool = False
    seed: int = 1
    given: Given = NEWTON


class ShannonPage(Page):
    name, caption = "shannon", "Shannon’s text"
    text = Text(
        "Shannon’s text",
        (
            "Open a book anywhere and read on until you meet the last letters you wrote. Write "
            "down the letter that follows them there. Open the book somewhere else, and go on.",
            "What comes out is not English, and looks like it: every n letters in a row stand in "
            "the book just so. The more of them, the more sense it makes, and the more of it is "
            "copied.",
            "Efros and Leung grow pictures in this way, and video textures play clips: look for "
            "the places that are like what is there, and copy what comes next.",
            "Fₙ says how many bits are left to guess when the last n − 1 letters are known. At "
            "large n it falls only because the book is short.",
        ),
        (
            Formula(
                "shannon-chance",
                "the chance of j after b: how often b j stands in the text, by how often b does",
            ),
            Formula(
                "shannon-entropy",
                "F n is minus the sum over b and j of p of b and j times log two of p of j after b",
            ),
        ),
        "C. E. Shannon: A Mathematical Theory of Communication. Bell System Technical Journal "
        "27, 1948, §3. Fₙ: C. E. Shannon: Prediction and Entropy of Printed English. Bell System "
        "Technical Journal 30, 1951.",
    )
    tries = (
        Try(
            "0 to 6 in a row",
            "Shannon’s series of approximations, in letters: one line after the other.",
            {"orders": _SERIES, "unit": "letters"},
            "Try this",
        ),
        Try(
            "Words, n = 2",
            "Words instead of letters: each is drawn by the one before it.",
            {"orders": (2,), "unit": "words"},
            "Try this",
        ),
        Try(
            "26 letters",
            "Capital letters and the space only, as Shannon had them.",
            group="Try this",
            act=lambda page: page.change(plain=not page.settings.plain),
        ),
        Try("Another seed", "Opens the book at other pages.", group="Try this", act=Page.reseed),
        *(
            Try(str(n), help, {"orders": (n,), "unit": "letters"}, "Letters, n =")
            for n, help in enumerate(
                (
                    "No book at all: every letter is as likely as any other.",
                    "Letters as frequent as in the book.",
                    "Each letter follows the one before it as it does in the book.",
                    "Each letter follows two as it does in the book.",
                    "Each letter follows three: most words are words.",
                    "Each letter follows four.",
                    "Each letter follows five: whole words are copied.",
                    "Each letter follows six.",
                )
            )
        ),
        *(
            Try(f"n = {n}", help, {"orders": (n,), "unit": "words"}, "Words")
            for n, help in enumerate(
                (
                    "Words as frequent as in the book.",
                    "Each word follows the one before it as it does in the book.",
                    "Each word follows two: whole clauses are copied.",
                ),
                start=1,
            )
        ),
        Try("Newton", "The Queries at the end of Newton’s Opticks.", {"given": NEWTON}, "Text"),
        Try(
            "Open…",
            "Reads any text from a file; it can be dropped on the board too.",
            group="Text",
            act=lambda page: page.ask_for_file(),
        ),
        Try(
            "Paste",
            "Reads the text that was copied elsewhere.",
            group="Text",
            act=lambda page: page.paste(),
        ),
    )
    first = Settings()
    pace = 10.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gaze: Gaze | None = None  # what the hand points at
        self._board = Board(self)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)

    def operation(self, document: Document | None) -> Operation:
        settings: Settings = self.settings
        lengths = _LONG if len(settings.orders) == 1 else _SHORT
        return WatchText(
            orders=settings.orders,
            unit=settings.unit,
            plain=settings.plain,
            length=lengths[settings.unit],
            seed=settings.seed,
            fetch=fetched(settings.given),
        )

    # ── the record ──

    @property
    def samples(self) -> tuple[Sample, ...]:
        return self.record or ()

    @property
    def count(self) -> int:
        return sum(len(one) for one in self.samples)

    @property
    def chapters(self) -> tuple[int, ...]:
        """Where the next order begins."""
        sizes = [len(one) for one in self.samples]
        return tuple(sum(sizes[:number]) for number in range(1, len(sizes)))

    def when(self, moment: int) -> tuple[int, int]:
        """Which sample grows at a moment, and how many symbols it had before."""
        number = sum(begin <= moment for begin in self.chapters)
        return number, moment - (0, *self.chapters)[number]

    def said(self) -> str:
        if not self.samples:
            return ""
        number, at = self.when(self.moment)
        words = {
            "letters": self.tr("n = {0}, letter {1} of {2}"),
            "words": self.tr("n = {0}, word {1} of {2}"),
        }[self.settings.unit]
        sample = self.samples[number]
        return words.format(sample.grams.order, at + 1, len(sample))

    @property
    def about(self) -> str:
        title: str = self.settings.given.title
        return title

    def follow(self, record: Any) -> None:
        if record is None:
            self._gaze = None
        super().follow(record)

    def go_to(self, moment: int) -> None:
        self._gaze = None
        super().go_to(moment)

    def look(self, what: Any) -> None:
        self._gaze = what
        self.update()

    # ── what is tried ──

    def holds(self, one: Try) -> bool:
        settings: Settings = self.settings
        if one.caption == "26 letters":
            return settings.plain
        if one.caption == "Open…":
            return settings.given.path is not None and settings.given != NEWTON
        if one.caption == "Paste":
            return bool(settings.given.pasted)
        return super().holds(one)

    def ask_for_file(self) -> None:
        endings = " ".join(f"*{one}" for one in _TEXTS if one)
        kinds = f"{self.tr('Texts')} ({endings});;{self.tr('All files')} (*)"
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Open a text"), "", kinds)
        if chosen:
            self.read_file(Path(chosen))

    def paste(self) -> None:
        self.read_pasted(QGuiApplication.clipboard().text())

    def read_file(self, path: Path) -> None:
        self.change(given=Given(path.name, path))

    def read_pasted(self, text: str) -> None:
        """A text that was copied or dropped; if there is none, the engine says so."""
        self.change(given=Given(self.tr("Pasted text"), None, text or " "))

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.samples:
            self.draw_ground(painter, self.tr("Open a text, paste one, or take Newton’s."))
            return
        self.draw_ground(painter)
        self._board.draw(painter, Theme.of(self), self._gaze or Gaze(*self.when(self.moment)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._see(self._board.at(event.position()) if self.samples else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._see(None)

    def _see(self, gaze: Gaze | None) -> None:
        if gaze != self._gaze:
            self.look(gaze)
            self.looked.emit(gaze)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        found = dropped(event)
        if isinstance(found, Path):
            self.read_file(found)
        elif found is not None:
            self.read_pasted(found)
        event.acceptProposedAction()


def dropped(event: QDropEvent) -> Path | str | None:
    """A text that is dropped, or its file; a picture is not for this page."""
    content = event.mimeData()
    if content.hasUrls():
        path = Path(content.urls()[0].toLocalFile())
        return path if path.suffix.lower() in _TEXTS else None
    return content.text() if content.hasText() else None


@cache
def fetched(given: Given) -> Callable[[], str]:
    """Reads the text where that does not hold the window."""
    if given.path is None:
        return partial(str, given.pasted)

    def fetch() -> str:
        from editor.files.texts import read_text

        assert given.path is not None
        return read_text(given.path)

    return fetch
