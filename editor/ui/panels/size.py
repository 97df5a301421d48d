"""The size that a picture is to have: numbers in pixels and percent, and well-known proportions."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from editor.engine.image import Size
from editor.ui.theme import GRID
from editor.ui.widgets import PillButton, Section, Switch
from editor.ui.widgets.number_field import NumberField
from editor.ui.widgets.row import Caption
from editor.ui.widgets.scale import Scale

_MOST = 800_000  # pixels
_PERCENT = Scale(10, 800, 0.1, "%", whole=False)
ASPECTS = ((1, 1), (4, 5), (3, 2), (16, 9), (9, 16))


class SizePanel(Section):
    """Signals: wanted(Size)."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Size", "Reset", parent)
        self._whole = Size(1, 1)
        self._size = Size(1, 1)
        self._pixels: list[NumberField] = []
        self._percents: list[NumberField] = []
        self.body.addLayout(self._numbers())
        self._linked = Switch(self.tr("Keep proportions"), False)
        self._linked.setToolTip(self.tr("A new width brings the height along, and the reverse"))
        self.add(self._linked)
        self.body.addLayout(self._proportions())
        self.triggered.connect(self._reset)
        self.show_size(self._whole, self._size)

    def _numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(4)
        for row, name in enumerate((self.tr("Width"), self.tr("Height"))):
            in_pixels, in_percent = (self.tr("{} in " + one) for one in ("pixels", "percent"))
            pixels = NumberField(Scale(1, _MOST, 1, "px"), 1, in_pixels.format(name))
            percents = NumberField(_PERCENT, 100, in_percent.format(name))
            pixels.setToolTip(self.tr("From a tenth of what it is to eight times as much"))
            percents.setToolTip(self.tr("Of what it is, from 10 to 800"))
            pixels.committed.connect(self._pixels_typed)
            percents.committed.connect(self._percents_typed)
            grid.addWidget(Caption(name), row, 0)
            for column, (field, fields) in enumerate(
                ((pixels, self._pixels), (percents, self._percents)), 2
            ):
                field.setProperty("row", row)
                fields.append(field)
                grid.addWidget(field, row, column)
        grid.setColumnStretch(1, 1)
        return grid

    def _proportions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        self.aspects: list[PillButton] = []
        for across, down in ASPECTS:
            button = PillButton(f"{across}:{down}", height=28)
            button.setToolTip(
                self.tr("As large as goes into the picture at {}:{}").format(across, down)
            )
            button.setProperty("aspect", (across, down))
            button.clicked.connect(self._aspect_chosen)
            self.aspects.append(button)
            row.addWidget(button)
        return row

    def show_size(self, whole: Size, size: Size) -> None:
        """What the picture is, and what it is to become."""
        self._whole, self._size = whole, size
        for side, old, pixels, percents in zip(
            size, whole, self._pixels, self._percents, strict=True
        ):
            pixels.set_value(side)
            percents.set_value(100 * side / old)
        self.link.setEnabled(size != whole)

    @Slot(object)
    def _pixels_typed(self, side: object) -> None:
        assert isinstance(side, int | float)
        self._want(self.sender().property("row"), round(side))

    @Slot(object)
    def _percents_typed(self, percent: object) -> None:
        assert isinstance(percent, int | float)
        row = self.sender().property("row")
        self._want(row, round(self._whole[row] * percent / 100))

    def _want(self, row: int, side: int) -> None:
        """One side is typed; the other one stays, or goes along."""
        other = self._size[1 - row]
        if self._linked.value():
            other = max(1, round(side * self._whole[1 - row] / self._whole[row]))
        self.wanted.emit(Size(side, other) if row == 0 else Size(other, side))

    @Slot()
    def _aspect_chosen(self) -> None:
        across, down = self.sender().property("aspect")
        self.wanted.emit(within(self._whole, across, down))

    @Slot()
    def _reset(self) -> None:
        self.wanted.emit(self._whole)


def within(whole: Size, across: int, down: int) -> Size:
    """The largest size of these proportions that goes into a picture."""
    if whole.width * down > whole.height * across:
        return Size(max(1, round(whole.height * across / down)), whole.height)
    return Size(whole.width, max(1, round(whole.width * down / across)))
