"""The mask as a whole: by how much to change it, and what can be done to it in one click."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from editor.ui.actions import Actions, key_text
from editor.ui.theme import GRID
from editor.ui.widgets import IconButton, LabeledSlider, Section

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


class MaskPanel(Section):
    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Mask", parent=parent)
        self._amount = LabeledSlider(self.tr("Amount"), 1, 200, 4, unit="px", logarithmic=True)
        self._amount.setToolTip(self.tr("By how much to grow, shrink or feather"))
        self.add(self._amount)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        for name, icon in _BUTTONS:
            row.addWidget(ActionButton(actions[name], icon))
        row.addStretch(1)
        self.body.addLayout(row)

    @property
    def amount(self) -> int:
        return int(self._amount.value())


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
