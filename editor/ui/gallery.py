"""What is seen when nothing is open: a place to drop a picture, samples, recent files, and, after
a session that ended badly, what can be brought back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from editor.engine.step import Step
from editor.resources import resource
from editor.session import Session
from editor.ui.cards import PictureCard
from editor.ui.flow import FlowLayout
from editor.ui.pictures import to_image
from editor.ui.theme import GRID

if TYPE_CHECKING:
    from editor.files.recovery import Found

_SAMPLE_WIDTH = 288
_RECENT_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of resources/samples/samples.json."""

    title: str
    sentence: str
    task: str  # the mode it is for
    picture: Path
    mask: Path | None
    settings: dict[str, Any]


def samples() -> tuple[Sample, ...]:
    folder = resource("samples")
    listed = json.loads((folder / "samples.json").read_text("utf-8"))
    return tuple(
        Sample(
            one["title"],
            one["sentence"],
            one["task"],
            folder / one["picture"],
            folder / one["mask"] if one.get("mask") else None,
            one.get("settings", {}),
        )
        for one in listed
    )


class Gallery(QScrollArea):
    """Signals: open_wanted(); path_wanted(Path); sample_wanted(Sample); recover_wanted(Found);
    forget_wanted(list of Found).
    """

    open_wanted = Signal()
    path_wanted = Signal(object)
    sample_wanted = Signal(object)
    recover_wanted = Signal(object)
    forget_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._session = session
        self.recoverable: list[Found] = []
        inside = QWidget()
        inside.setObjectName("galleryInside")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(6 * GRID, 5 * GRID, 6 * GRID, 5 * GRID)
        self._column.setSpacing(2 * GRID)
        self._column.addWidget(self._drop_here())
        self._recovery = self._shelf(self.tr("Brought back from last time"))
        self._samples = self._shelf(self.tr("Try it on a sample"))
        self._recent = self._shelf(self.tr("Recent"))
        self._unseen: list[tuple[PictureCard, Path]] = []  # samples without their picture
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards have the keys, and scroll it
        for sample in samples():
            card = PictureCard(sample.title, sample.sentence, _SAMPLE_WIDTH, lines=2)
            card.clicked.connect(Emit(card, self.sample_wanted, sample).now)
            self._samples.add(card)
            self._unseen.append((card, sample.picture))

    def showEvent(self, event: QShowEvent) -> None:
        """The samples are looked at once the window has been painted: it comes first."""
        super().showEvent(event)
        QTimer.singleShot(0, self._look_at_samples)

    def _look_at_samples(self) -> None:
        while self._unseen:
            self._look(*self._unseen.pop(0), self._samples)

    def show_recent(self, paths: list[Path]) -> None:
        self._recent.clear()
        for path in paths[:_RECENT_SHOWN]:
            where = str(path.parent)
            card = self._add(self._recent, path.name, where, self.path_wanted, path, 180)
            self._look(card, path, self._recent)

    def show_recovery(self, found: list[Found]) -> None:
        """What a session that ended badly has left, to be opened or forgotten."""
        self.recoverable = found
        self._recovery.clear()
        for one in found:
            changes = self.tr("1 change") if one.changes == 1 else self.tr("{} changes")
            when = one.time.astimezone().strftime("%d %b, %H:%M")
            line = f"{changes.format(one.changes)}, {when}"
            card = self._add(self._recovery, one.title, line, self.recover_wanted, one)
            card.show_picture(to_image(one.thumbnail))
        if found:
            forget = QPushButton(self.tr("Forget them"))
            forget.clicked.connect(Emit(forget, self.forget_wanted, found).now)
            self._recovery.add(forget)

    def _drop_here(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("dropHere")
        frame.setMinimumHeight(168)
        column = QVBoxLayout(frame)
        column.setSpacing(2 * GRID)
        words = QLabel(self.tr("Drop a picture or a clip here"))
        words.setObjectName("title")
        button = QPushButton(self.tr("Open…"))
        button.setObjectName("primary")
        button.setAccessibleName(button.text())
        button.clicked.connect(self.open_wanted)
        column.addStretch(1)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return frame

    def _shelf(self, title: str) -> Shelf:
        shelf = Shelf(title)
        self._column.addWidget(shelf)
        return shelf

    def _add(
        self, shelf: Shelf, title: str, line: str, signal: Any, what: object, width: int = 248
    ) -> PictureCard:
        card = PictureCard(title, line, width)
        card.clicked.connect(Emit(card, signal, what).now)
        shelf.add(card)
        return card

    def _look(self, card: PictureCard, path: Path, shelf: Shelf) -> None:
        """Fetch the small picture of a card."""

        def steps() -> Iterator[Step[Any]]:
            from editor.files.clips.preview import preview

            yield Step(1.0, preview(path, 512))

        def settle(pixels: NDArray[np.uint8]) -> None:
            if card in shelf.cards:
                card.show_picture(to_image(pixels))

        self._session.at_desk(f"Look at {path.name}", steps, settle, quiet=True)


class Shelf(QWidget):
    """A heading and cards below it; nothing at all while it is empty."""

    def __init__(self, title: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID + 4)
        heading = QLabel(title)
        heading.setObjectName("heading")
        column.addWidget(heading)
        holder = QWidget()
        self._flow = FlowLayout(holder)
        column.addWidget(holder)
        self.cards: list[PictureCard] = []
        self._others: list[QWidget] = []
        self.hide()

    def add(self, widget: QWidget) -> None:
        self._flow.addWidget(widget)
        if isinstance(widget, PictureCard):
            self.cards.append(widget)
        else:
            self._others.append(widget)
        self.show()

    def clear(self) -> None:
        for widget in (*self.cards, *self._others):
            self._flow.removeWidget(widget)
            widget.deleteLater()
        self.cards, self._others = [], []
        self.hide()


class Emit:
    """A click that says which card it was; it lives as long as the button."""

    def __init__(self, button: QWidget, signal: Any, what: object) -> None:
        self._signal, self._what = signal, what
        button.setProperty("says", self)

    @Slot()
    def now(self) -> None:
        self._signal.emit(self._what)
