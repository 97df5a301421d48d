"""One row of an options panel: caption, slim slider, number."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from editor.ui.theme import GRID
from editor.ui.widgets.number_field import NumberField
from editor.ui.widgets.row import CAPTION_WIDTH, Caption
from editor.ui.widgets.scale import Number, Scale
from editor.ui.widgets.slider import Slider


class LabeledSlider(QWidget):
    """A number between two others. An int default makes whole numbers, a float one decimals.

    ``caption_width=0`` sets the caption as wide as its text, for tool bars. ``zero`` is the word
    for 0, where that is no amount.
    """

    changed = Signal(object)
    committed = Signal(object)

    def __init__(
        self,
        caption: str,
        low: Number,
        high: Number,
        default: Number,
        step: Number = 1,
        unit: str = "",
        *,
        logarithmic: bool = False,
        caption_width: int = CAPTION_WIDTH,
        zero: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        scale = Scale(low, high, step, unit, logarithmic, isinstance(default, int), zero)
        self.default = default
        self.caption = Caption(caption, caption_width)
        self.slider = Slider(scale, default)
        self.field = NumberField(scale, default)
        self.slider.setAccessibleName(caption)
        self.field.setAccessibleName(caption)
        if not caption_width:  # in a tool bar there is no right edge to line up with
            self.field.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.slider.setToolTip(
            self.tr("Double-click for {0}").replace("{0}", scale.text(scale.snapped(default)))
        )
        self.caption.setBuddy(self.slider)
        self.setFocusProxy(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.caption)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.slider.changed.connect(self._slid)
        self.slider.committed.connect(self.committed)
        self.slider.reset_wanted.connect(self.reset)
        self.caption.double_clicked.connect(self.reset)
        self.field.changed.connect(self._typed)
        self.field.committed.connect(self.committed)

    def value(self) -> Number:
        return self.slider.number()

    def set_value(self, value: Number) -> None:
        self.slider.set_number(value)
        self.field.set_value(value)

    def reset(self) -> None:
        """Back to the default, as if the person had moved it there."""
        before = self.value()
        self.set_value(self.default)
        if self.value() != before:
            self.changed.emit(self.value())
            self.committed.emit(self.value())

    def _slid(self, value: Number) -> None:
        self.field.set_value(value)
        self.changed.emit(value)

    def _typed(self, value: Number) -> None:
        self.slider.set_number(value)
        self.changed.emit(value)
