"""What goes along with a sample: the guide of a texture, more samples, and maps of the sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from editor.engine.image import Picture
from editor.operations.base import params
from editor.operations.texture import Texture
from editor.ui.panels.fields import explanation
from editor.ui.panels.spots import Spot, SpotRow
from editor.ui.theme import GRID
from editor.ui.widgets import ElidedLabel, LabeledSlider, Section


@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """A picture that was opened."""

    name: str  # of its file
    pixels: Picture
    small: QImage


Pictures = Sequence[Along | None]  # of a row; spots beyond them are not shown


class AlongPanel(Section):
    """Signals: guided(object), the guidance in percent."""

    guided = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("More pictures", parent=parent)
        makers = {"guide": self._guide, "sample": self._sample, "map": self._map}
        self.groups = {kind: Rows(made) for kind, made in makers.items()}
        one = next(one for one in params(Texture) if one.name == "guidance")
        self.guidance = LabeledSlider(self.tr(one.caption), 0, 100, one.default, one.step, one.unit)
        self.guidance.setToolTip(self.tr(explanation(one)))
        self.guidance.committed.connect(self.guided)
        self.exact = QLabel(self.tr("The exact method follows no guide."))
        self.exact.setObjectName("muted")
        others = self.groups["sample"], self.groups["map"]
        for part in (self.exact, self.groups["guide"], self.guidance, *others):
            self.add(part)

    def show_guidance(self, percent: int, *, exact: bool, guided: bool) -> None:
        """How closely a guide is followed, where there is one and the method can."""
        self.guidance.set_value(percent)
        self.exact.setVisible(exact)
        self.groups["guide"].setVisible(not exact)
        self.guidance.setVisible(guided and not exact)

    def _guide(self, number: int) -> _Row:
        texture = self.tr("Open a map that the texture follows, or drop it here")
        sample = self.tr("Open the same map of the sample, or drop it here")
        spots = (
            Spot("T", self.tr("Guide of the texture"), texture),
            Spot("S", self.tr("Guide of the sample"), sample),
        )
        empty = self.tr("Guide"), self.tr("What the texture follows")
        return _Row(number, self.tr("Guide"), spots, empty)

    def _sample(self, number: int) -> _Row:
        name = self.tr("Sample {}").format(number + 2)
        guide = self.tr("Guide of sample {}").format(number + 2)
        spots = (
            Spot("+", name, self.tr("Open one more sample, or drop it here")),
            Spot("S", guide, self.tr("Open the map of this sample, or drop it here")),
        )
        empty = self.tr("One more sample"), self.tr("Is copied from as well")
        return _Row(number, name, spots, empty)

    def _map(self, number: int) -> _Row:
        name = self.tr("Map {}").format(number + 1)
        told = self.tr("Open a map of the sample, such as its normals, or drop it here")
        empty = self.tr("Map of the sample"), self.tr("Laid alike, exported beside it")
        return _Row(number, name, (Spot("+", name, told),), empty)


class Rows(QWidget):
    """Rows of one kind. Signals: those of its rows."""

    opened = Signal(int, int)
    dropped = Signal(int, int, object)
    removed = Signal(int)

    def __init__(self, made: Callable[[int], _Row]) -> None:
        super().__init__()
        self._made = made
        self.rows: list[_Row] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(GRID)

    def show_rows(self, shown: Sequence[Pictures]) -> None:
        while len(self.rows) > len(shown):
            row = self.rows.pop()
            self._box.removeWidget(row)
            row.deleteLater()
        for number in range(len(self.rows), len(shown)):
            row = self._made(number)
            row.opened.connect(self.opened)
            row.dropped.connect(self.dropped)
            row.removed.connect(self.removed)
            self.rows.append(row)
            self._box.addWidget(row)
        for row, pictures in zip(self.rows, shown, strict=True):
            row.show_row(pictures)


class _Row(SpotRow):
    """Two lines beside the spots: what it is, and what is there or could be."""

    def __init__(
        self, number: int, name: str, spots: Sequence[Spot], empty: tuple[str, str]
    ) -> None:
        super().__init__(number, name, spots)
        self._name, self._empty = name, empty
        self.caption = QLabel()
        self.words = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.words.setObjectName("muted")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(self.caption)
        lines.addWidget(self.words)
        lines.addStretch(1)
        self.row.addLayout(lines, 1)
        self.remove = self.add_remove(self.tr("Remove {}").format(name))

    def show_row(self, pictures: Pictures) -> None:
        self.show_pictures([None if one is None else one.small for one in pictures])
        names = [one.name for one in pictures if one is not None]
        self.remove.setVisible(bool(names))
        caption, words = (self._name, ", ".join(names)) if names else self._empty
        self.caption.setText(caption)
        self.words.setText(words)
