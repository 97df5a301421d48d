"""What is seen when nothing is open: a place to drop a picture, recent files, samples by what they
are for, and, after a session that ended badly, what can be brought back.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from editor.engine.step import Step
from editor.files.problems import FileProblem
from editor.files.samples import Sample, samples
from editor.session import Session
from editor.ui.cards import PictureCard
from editor.ui.flow import FlowLayout
from editor.ui.pictures import to_image
from editor.ui.theme import GRID

if TYPE_CHECKING:
    from editor.files.recovery import Found
    from editor.ui.modes import Mode

_SAMPLE_WIDTH = 252
_RECENT_SHOWN = 8
_LONGEST = 512  # pixels of a small picture


class Group(NamedTuple):
    """Samples of modes that belong together, under one heading."""

    title: str
    sentence: str
    tasks: tuple[str, ...]


GROUPS = (
    Group("Fill", "Paint over a thing, and it is gone.", ("fill",)),
    Group(
        "Retarget and reshuffle",
        "Another shape, or things in other places.",
        ("retarget", "reshuffle"),
    ),
    Group("Texture", "A small piece grows as large as you like.", ("texture", "extend")),
    Group("Analogy", "A becomes A′; do the same to B.", ("analogy",)),
    Group("Restore", "Noise, blocks and scratches go, the picture stays.", ("restore",)),
    Group("Loop", "A short clip plays for ever.", ("loop",)),
    Group("Sprite", "Cut a creature out of a clip, and steer it.", ("sprite",)),
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
        self._recent = self._shelf(self.tr("Recent"))
        self._shelves = {
            one: self._shelf(self.tr(one.title), self.tr(one.sentence)) for one in GROUPS
        }
        self.samples: dict[str, PictureCard] = {}  # by their ids
        self._unseen: list[tuple[PictureCard, Path]] = []  # those without their picture
        self._looking = False
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards have the keys, and scroll it
        for sample in samples():
            self._add_sample(sample)

    def _add_sample(self, sample: Sample) -> None:
        card = PictureCard(sample.title, sample.sentence, _SAMPLE_WIDTH, lines=2)
        card.clicked.connect(Emit(card, self.sample_wanted, sample).now)
        group = next(one for one in GROUPS if sample.task in one.tasks)
        self._shelves[group].add(card)
        self.samples[sample.id] = card
        self._unseen.append((card, sample.shown))

    @Slot(object)
    def show_mode(self, mode: Mode) -> None:
        """The samples that are for it come to the top."""
        group = next((one for one in GROUPS if mode.name in one.tasks), None)
        if group is not None:
            self.verticalScrollBar().setValue(self._shelves[group].y())

    def showEvent(self, event: QShowEvent) -> None:
        """The files are looked at once the window has been painted: it comes first."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._look_at_next)

    @Slot()
    def _look_at_next(self) -> None:
        """One by one: whoever clicks a card meanwhile does not wait for the pictures of all."""
        if self._unseen and self.isVisible() and not self._looking:
            self._looking = True
            card, path = self._unseen.pop(0)
            show = partial(self._show_picture, card)
            self._session.at_desk(
                f"Look at {path.name}",
                partial(_small, path),
                show,
                failed=lambda _: show(None),
                quiet=True,
            )

    def _show_picture(self, card: PictureCard, pixels: NDArray[np.uint8] | None) -> None:
        if pixels is not None and isValid(card):
            card.show_picture(to_image(pixels))
        self._looking = False
        self._look_at_next()

    def show_recent(self, paths: list[Path]) -> None:
        others = [one for one in self._unseen if one[0] not in self._recent.cards]
        self._recent.clear()
        own = []
        for path in paths[:_RECENT_SHOWN]:
            where = str(path.parent)
            card = self._add(self._recent, path.name, where, self.path_wanted, path, 180)
            own.append((card, path))
        self._unseen = own + others
        QTimer.singleShot(0, self, self._look_at_next)

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

    def _shelf(self, title: str, sentence: str = "") -> Shelf:
        shelf = Shelf(title, sentence)
        self._column.addWidget(shelf)
        return shelf

    def _add(
        self, shelf: Shelf, title: str, line: str, signal: Any, what: object, width: int = 248
    ) -> PictureCard:
        card = PictureCard(title, line, width)
        card.clicked.connect(Emit(card, signal, what).now)
        shelf.add(card)
        return card


def _small(path: Path) -> Iterator[Step[NDArray[np.uint8] | None]]:
    """What a file looks like; nothing if it cannot be read."""
    from editor.files.clips.preview import preview

    try:
        yield Step(1.0, preview(path, _LONGEST))
    except FileProblem:
        yield Step(1.0)


class Shelf(QWidget):
    """A heading and cards below it; nothing at all while it is empty."""

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID + 4)
        heading, words = QLabel(title), QLabel(sentence)
        heading.setObjectName("heading")
        words.setObjectName("muted")
        head = QHBoxLayout()
        head.setSpacing(GRID + 4)
        head.addWidget(heading)
        head.addWidget(words, 1)
        column.addLayout(head)
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
