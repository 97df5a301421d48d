"""The masks: which one is painted, by how much to change it, and what can be done in one click."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from editor.model.document import Document
from editor.tools.masking import MASK, Paint
from editor.ui.actions import Actions, key_text
from editor.ui.canvas import LABEL_COLOURS
from editor.ui.theme import GRID
from editor.ui.widgets import Chip, ChoiceBox, IconButton, LabeledSlider, Row, Section, Segmented

_BUTTONS = (
    ("grow_mask", "grow"),
    ("shrink_mask", "shrink"),
    ("feather_mask", "feather"),
    ("invert_mask", "invert"),
    ("clear_mask", "clear"),
    ("mask_from_transparency", "from-transparency"),
    ("import_mask", "import"),
    ("export_mask", "export-mask"),
)
_PLANES = (  # of MASKS: what each is called, and what it is for
    ("mask", "Mask", "what should go."),
    ("sampling", "Source area", "where pieces may come from."),
    ("protect", "Protect", "what keeps its shape."),
    ("remove", "Remove", "what goes when the picture becomes another."),
    ("labels", "Regions", "what is filled only from its own colour, or stays whole."),
)
LABELS = tuple(Paint("labels", number) for number in range(1, len(LABEL_COLOURS) + 1))


class MaskPanel(Section):
    """Signals: paint_chosen(Paint); other_chosen(Document or None)."""

    paint_chosen = Signal(object)
    other_chosen = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Paint", parent=parent)
        self._label = LABELS[0]
        self._planes = Segmented(
            [(plane, self.tr(caption)) for plane, caption, _ in _PLANES],
            name=self.tr("What the tools paint"),
        )
        self._planes.changed.connect(self._plane_chosen)
        self.add(self._planes)
        self._chips = _Chips()
        self._chips.chosen.connect(self._label_chosen)
        self.add(self._chips)
        self._others = ChoiceBox([(None, self.tr("This picture"))])
        self._others.changed.connect(self.other_chosen)
        self._from = Row(self.tr("Copy from"), self._others)
        self.add(self._from)
        self._amount = LabeledSlider(self.tr("Amount"), 1, 200, 4, unit="px", logarithmic=True)
        self._amount.setToolTip(self.tr("By how much to grow, shrink or feather"))
        self.add(self._amount)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        for name, icon in _BUTTONS:
            row.addWidget(ActionButton(actions[name], icon))
        row.addStretch(1)
        self.body.addLayout(row)
        self.show_paint(MASK)

    @property
    def amount(self) -> int:
        return int(self._amount.value())

    def paint(self, plane: str) -> Paint:
        """What is painted when this mask is chosen: of the regions, the one painted last."""
        return self._label if plane == "labels" else Paint(plane)

    def offer(self, planes: Collection[str]) -> None:
        """What can be painted in this mode."""
        self._planes.offer(planes)
        self._planes.setVisible(len(planes) > 1)
        told = [f"{caption}: {words}" for plane, caption, words in _PLANES if plane in planes]
        self._planes.setToolTip(" ".join(self.tr(one) for one in told))

    def show_paint(self, paint: Paint) -> None:
        self._planes.set_value(paint.plane)
        if paint.label:
            self._label = paint
            self._chips.choose(paint.label - 1)
        self._chips.setVisible(paint.plane == "labels")
        self._from.setVisible(paint.plane == "sampling" and self._others.count() > 1)
        self._amount.setVisible(paint.plane != "labels")

    def show_others(self, others: Sequence[Document], chosen: Document | None) -> None:
        """The other documents, which may be copied from."""
        self._others.clear()
        for value, caption in ((None, self.tr("This picture")), *((o, o.title) for o in others)):
            self._others.addItem(caption, value)
        self._others.set_value(chosen if chosen in others else None)
        self._from.setVisible(self._planes.value() == "sampling" and bool(others))

    @Slot(object)
    def _plane_chosen(self, plane: str) -> None:
        self.paint_chosen.emit(self.paint(plane))

    @Slot(int)
    def _label_chosen(self, index: int) -> None:
        self.paint_chosen.emit(LABELS[index])


class _Chips(QWidget):
    """The colours of the regions, of which one is painted."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for index, colour in enumerate(LABEL_COLOURS):
            chip = Chip(colour, self.tr("Region {}").format(index + 1))
            self._group.addButton(chip, index)
            row.addWidget(chip)
        row.addStretch(1)
        self._group.idClicked.connect(self.chosen)

    def choose(self, index: int) -> None:
        self._group.button(index).setChecked(True)


class ActionButton(IconButton):
    """An icon that is pressed for an action, and grey when it is."""

    def __init__(self, action: QAction, icon: str) -> None:
        super().__init__(icon, action.text().removesuffix("…"), key_text(action))
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
