"""What lies beside A and B and says what belongs where: pictures two by two, each with a weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget

from editor.ui.panels.spots import SPOT, Spot, SpotRow
from editor.ui.widgets import Section
from editor.ui.widgets.scale import Scale
from editor.ui.widgets.slider import Slider


@dataclass(frozen=True, slots=True)
class Beside:
    """One row: the small pictures of A's guide and of B's, if they are there, and the weight."""

    pictures: tuple[QImage | None, QImage | None]
    weight: float


class BesidePanel(Section):
    """Signals: added(); opened(row, side), dropped(row, side, Path) — side 0 is A's and 1 is B's;
    weighed(row, weight) — row −1 is A and B themselves; removed(row).
    """

    added = Signal()
    opened = Signal(int, int)
    dropped = Signal(int, int, object)
    weighed = Signal(int, float)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Guides", "Add", parent)
        self.link.setToolTip(self.tr("One more picture that lies on A, and one that lies on B"))
        self._words = QLabel(
            self.tr("A guide is one more picture of A and of B that says what belongs where.")
        )
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        self.add(self._words)
        self.rows: list[_Row] = []
        self._own = _Row(-1, self.tr("A and B themselves"))
        self._own.weighed.connect(self.weighed)
        self.add(self._own)
        self.triggered.connect(self.added)
        self.show_guides((), 1.0)

    def show_guides(self, guides: Sequence[Beside], own: float) -> None:
        """These, and the weight of A and B themselves beside them."""
        while len(self.rows) > len(guides):
            row = self.rows.pop()
            self.body.removeWidget(row)
            row.deleteLater()
        for number in range(len(self.rows), len(guides)):
            row = _Row(number, self.tr("Guide {}").format(number + 1))
            row.opened.connect(self.opened)
            row.dropped.connect(self.dropped)
            row.weighed.connect(self.weighed)
            row.removed.connect(self.removed)
            self.rows.append(row)
            self.add(row)
        for row, guide in zip(self.rows, guides, strict=True):
            row.show_guide(guide)
        self._own.slider.set_number(round(100 * own))
        self._words.setVisible(not guides)
        self._own.setVisible(bool(guides))


class _Row(SpotRow):
    weighed = Signal(int, float)

    def __init__(self, number: int, name: str) -> None:
        letters = "AB" if number >= 0 else ""
        super().__init__(number, name, [self._spot(letter, name) for letter in letters])
        self.slider = Slider(Scale(0, 100, 5, "%", False, whole=True), 100)
        self.slider.setAccessibleName(self.tr("Weight of {}").format(name))
        self.slider.setToolTip(self.tr("How much it counts beside the others"))
        self.slider.committed.connect(self._weigh)
        if number < 0:
            own = QLabel(self.tr("A and B"))
            own.setFixedWidth(2 * SPOT + 6)
            self.row.addWidget(own)
        self.row.addWidget(self.slider, 1)
        if number >= 0:
            self.add_remove(self.tr("Remove {}").format(name))
        else:
            self.row.addSpacing(30)

    def _spot(self, letter: str, name: str) -> Spot:
        called = self.tr("{0} of {1}").replace("{0}", name).replace("{1}", letter)
        told = self.tr("Open the picture that lies on {}, or drop it here").format(letter)
        return Spot(letter, called, told)

    def show_guide(self, guide: Beside) -> None:
        self.show_pictures(guide.pictures)
        self.slider.set_number(round(100 * guide.weight))

    @Slot(object)
    def _weigh(self, percent: object) -> None:
        assert isinstance(percent, int | float)
        self.weighed.emit(self._number, percent / 100)
