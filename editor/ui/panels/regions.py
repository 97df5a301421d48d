"""The regions of a clip: each with an eye, its colour, whether it loops or is still, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.engine.regions import Play
from editor.ui.canvas import LABEL_COLOURS
from editor.ui.theme import GRID, ui_font
from editor.ui.widgets import (
    Chip,
    ElidedLabel,
    IconButton,
    NumberField,
    PillButton,
    Scale,
    Section,
    Segmented,
)

_LONGEST = 2000  # frames that can be chosen here


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said of a region: what it does, and in words what comes of it."""

    play: Play
    words: str = ""
    leads: bool = False  # its loop is the one that the others are beside


class RegionsPanel(Section):
    """Signals: paint_wanted(number) — 0: not any more; arranged(Play, str) — and what was done;
    removed(number); rest_still_wanted().
    """

    paint_wanted = Signal(int)
    arranged = Signal(object, str)
    removed = Signal(int)
    rest_still_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Regions", parent=parent)
        self._rows: dict[int, _Row] = {}
        self._painted = 0
        self._chips = [
            Chip(
                colour,
                self.tr("Paint region {}").format(number),
                self.tr("Paint region {} over the clip; again to stop").format(number),
            )
            for number, colour in enumerate(LABEL_COLOURS, 1)
        ]
        row = QHBoxLayout()
        row.setSpacing(GRID)
        self._caption = QLabel(self.tr("Paint"))
        row.addWidget(self._caption)
        row.addStretch(1)
        for number, chip in enumerate(self._chips, 1):
            chip.setProperty("number", number)
            chip.clicked.connect(self._chip_clicked)
            row.addWidget(chip)
        self.body.addLayout(row)
        self._empty = QLabel(
            self.tr(
                "Choose a colour and paint what should move on its own, or stand still."
                " For a picture in which one thing moves: paint it, then let the rest be still."
            )
        )
        self._empty.setObjectName("muted")
        self._empty.setWordWrap(True)
        self.add(self._empty)
        self._still = PillButton(self.tr("The rest is still"), height=32)
        self._still.setToolTip(
            self.tr("Stops all that is not painted, and finds the best loop of what is")
        )
        self._still.clicked.connect(self.rest_still_wanted)
        self.add(self._still)
        self._problem = QLabel()
        self._problem.setObjectName("warning")
        self._problem.setWordWrap(True)
        self.add(self._problem)
        self.show_regions((), "")

    def show_regions(self, regions: Sequence[Told], length: str, problem: str = "") -> None:
        """The regions there are, the rest last; how long the whole takes, or why it cannot be."""
        numbers = [told.play.number for told in regions]
        for number in [one for one in self._rows if one not in numbers]:
            row = self._rows.pop(number)
            self.body.removeWidget(row)
            row.deleteLater()
        for place, told in enumerate(regions):
            number = told.play.number
            if number not in self._rows:
                row = self._rows[number] = _Row(number)
                row.changed.connect(self.arranged)
                row.removed.connect(self.removed)
            self.body.insertWidget(1 + place, self._rows[number])
            self._rows[number].show_told(told)
        rest = next((told.play for told in regions if told.play.number == 0), None)
        self._empty.setVisible(not regions)
        self._still.setVisible(rest is not None and not rest.still)
        self.set_note(length)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def show_painted(self, number: int) -> None:
        """Which region the tools paint now; 0: none."""
        self._painted = number
        for chip in self._chips:
            chip.setChecked(chip.property("number") == number)

    @Slot()
    def _chip_clicked(self) -> None:
        number = int(self.sender().property("number"))
        self.show_painted(self._painted)  # until it is so
        self.paint_wanted.emit(0 if number == self._painted else number)


class _Row(QWidget):
    """Signals: changed(Play, what was done); removed(number)."""

    changed = Signal(object, str)
    removed = Signal(int)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._play = Play(number)
        self._name = self.tr("Region {}").format(number) if number else self.tr("The rest")
        self._eye = IconButton("eye", self.tr("Use {}").format(self._name), size=24)
        spot = _Spot(LABEL_COLOURS[number - 1] if 0 < number <= len(LABEL_COLOURS) else "")
        self._does = Segmented(
            [(False, self.tr("Loops")), (True, self.tr("Still"))],
            name=self.tr("What {} does").format(self._name),
            words=[
                self.tr("It comes back to its beginning and goes on"),
                self.tr("It stands still, as in the frame that is shown now"),
            ],
        )
        self._remove = IconButton("close", self.tr("Remove {}").format(self._name), size=24)
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self._eye)
        first.addWidget(spot)
        first.addWidget(QLabel(self._name), 1)
        first.addWidget(self._does)
        first.addWidget(self._remove)
        self._phase = _Field(
            self.tr("How far {} is ahead of the others").format(self._name), self.tr("Ahead")
        )
        self._length = _Field(
            self.tr("Length of the loop of {}").format(self._name),
            self.tr("Length"),
            self.tr("Same"),
        )
        self._phase.field.setToolTip(self.tr("How many frames it is ahead of the others"))
        self._length.field.setToolTip(
            self.tr("How many frames its own loop has; 0 is the same as the others")
        )
        second = QHBoxLayout()
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(2 * GRID)
        second.addWidget(self._phase)
        second.addStretch(1)
        second.addWidget(self._length)
        self._words = ElidedLabel()
        self._words.setObjectName("muted")
        self._words.setFont(ui_font(12, tabular=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID // 2)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self._words)
        if not number:  # not before they have a parent: they would be windows for a moment
            self._eye.hide()
            self._remove.hide()
        self._eye.clicked.connect(self._toggle)
        self._does.changed.connect(self._do)
        self._phase.field.committed.connect(self._shift)
        self._length.field.committed.connect(self._lengthen)
        self._remove.clicked.connect(self._gone)

    def show_told(self, told: Told) -> None:
        play = self._play = told.play
        self._eye.set_icon("eye" if play.used else "eye-off")
        self._does.set_value(play.still)
        self._does.setEnabled(play.used)
        shifted = play.used and not play.still and not told.leads
        self._phase.setVisible(shifted)
        self._length.setVisible(shifted)
        self._phase.field.set_value(play.phase)
        self._length.field.set_value(play.length)
        self._words.setText(told.words)
        self._words.setVisible(bool(told.words))

    @Slot()
    def _toggle(self) -> None:
        used = not self._play.used
        play = replace(self._play, used=used)
        self.changed.emit(play, f"Use {play.name}" if used else f"Ignore {play.name}")

    @Slot(object)
    def _do(self, still: bool) -> None:
        play = replace(self._play, still=still)
        name = play.name[0].upper() + play.name[1:]
        self.changed.emit(play, f"{name} is still" if still else f"{name} loops")

    @Slot(object)
    def _shift(self, frames: int) -> None:
        self.changed.emit(replace(self._play, phase=frames), f"Shift {self._play.name}")

    @Slot(object)
    def _lengthen(self, frames: int) -> None:
        self.changed.emit(replace(self._play, length=frames), f"Length of {self._play.name}")

    @Slot()
    def _gone(self) -> None:
        self.removed.emit(self._play.number)


class _Field(QWidget):
    """A muted caption and a number of frames."""

    def __init__(self, name: str, caption: str, zero: str = "") -> None:
        super().__init__()
        self.field = NumberField(Scale(0, _LONGEST, unit="fr", zero=zero), 0, name)
        words = QLabel(caption)
        words.setObjectName("muted")
        words.setBuddy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(words)
        row.addWidget(self.field)


class _Spot(QLabel):
    """The colour of a region beside its name; the rest has none."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self.setFixedSize(12, 12)
        if colour:
            self.setStyleSheet(f"background: {colour}; border-radius: 6px")
        else:
            self.setVisible(False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
