"""The labels of texture-by-numbers: A's colours to paint B with, and those of B that A lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QWidget

from editor.ui.colour_names import colour_name
from editor.ui.flow import FlowLayout
from editor.ui.theme import GRID
from editor.ui.widgets import Chip, PillButton, Section

if TYPE_CHECKING:
    from editor.operations.labels import Label, Missing


class LabelsPanel(Section):
    """Signals: chosen(Label) — to paint with; nearest_wanted(Missing) — in the place of one."""

    chosen = Signal(object)
    nearest_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Labels", parent=parent)
        self._labels: tuple[Label, ...] = ()
        self._missing: tuple[Missing, ...] = ()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._clicked)
        self._chips = QWidget()
        FlowLayout(self._chips, spacing=GRID)
        self.add(self._chips)
        self._words = QLabel()
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        self.add(self._words)
        self._lacks = QLabel(self.tr("B has labels that A lacks:"))
        self._lacks.setObjectName("warning")
        self.add(self._lacks)
        self._rows: list[_MissingRow] = []
        self.show_palette((), ())

    def show_palette(self, labels: Sequence[Label], missing: Sequence[Missing]) -> None:
        """What A has, the largest first, and what B has that A lacks."""
        if tuple(labels) != self._labels:
            self._labels = tuple(labels)
            self._renew_chips()
        self._missing = tuple(missing)
        for row in self._rows:
            self.body.removeWidget(row)
            row.deleteLater()
        self._rows = [_MissingRow(one) for one in missing]
        for row in self._rows:
            row.wanted.connect(self.nearest_wanted)
            self.add(row)
        self._lacks.setVisible(bool(missing))
        self._chips.setVisible(bool(labels))
        self.set_note(self.tr("{} in A").format(len(labels)) if labels else "")
        if labels:
            words = self.tr("Choose one and paint it on B: B′ follows when you let go.")
        else:
            words = self.tr("The colours of A come here, to paint B with: open A, A′ and B.")
        self._words.setText(words)

    def show_chosen(self, label: Label | None) -> None:
        """Which one is painted."""
        for button in self._group.buttons():
            button.setChecked(self._labels[self._group.id(button)] == label)

    def _renew_chips(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.deleteLater()
        layout = self._chips.layout()
        assert layout is not None
        for number, one in enumerate(self._labels):
            name = colour_name(one.colour)
            tip = self.tr("{0}: {1:.0f} % of A").format(name, 100 * one.part)
            chip = Chip(one.name, self.tr("Paint {}").format(name.lower()), tip)
            self._group.addButton(chip, number)
            layout.addWidget(chip)

    @Slot(int)
    def _clicked(self, number: int) -> None:
        self.chosen.emit(self._labels[number])


class _MissingRow(QWidget):
    """Signals: wanted(Missing)."""

    wanted = Signal(object)

    def __init__(self, missing: Missing) -> None:
        super().__init__()
        self._missing = missing
        label, nearest = missing
        names = [colour_name(one.colour) for one in missing]
        share = self.tr("{0}: {1:.0f} % of B").format(names[0], 100 * label.part)
        small = [name.lower() for name in names]
        arrow = QLabel("→")
        arrow.setObjectName("muted")
        words = QLabel(f"{100 * label.part:.0f} %")
        words.setObjectName("muted")
        button = PillButton(self.tr("Use nearest"), height=26)
        button.setAccessibleName(self.tr("Use {1} for {0}").format(*small))
        button.setToolTip(self.tr("What is {0} in B becomes {1}").format(*small))
        button.clicked.connect(self._want)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(_Spot(label, share))
        row.addWidget(words)
        row.addStretch(1)
        row.addWidget(arrow)
        row.addWidget(_Spot(nearest, names[1]))
        row.addWidget(button)

    @Slot()
    def _want(self) -> None:
        self.wanted.emit(self._missing)


class _Spot(Chip):
    """A colour that is only to be seen."""

    def __init__(self, label: Label, tip: str) -> None:
        super().__init__(label.name, tip)
        self.setCheckable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
