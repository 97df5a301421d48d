"""The pictures on the board of PatchMatch: both that are compared, the field, and what is made."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from editor.engine.field_record import FieldRecord, Places
from editor.engine.field_record import wheel as wheel_of_colours
from editor.ui.pictures import to_image
from editor.ui.theme import Theme

_WHEEL = 257  # px


class FieldImages:
    """Each is made once: for a search, for a moment of it, or for what the field shows then."""

    def __init__(self) -> None:
        self._images: dict[str, QImage] = {}  # target, source, made and field
        self._of: Places | None = None  # what they show: fields of this search …
        self._drawn = (-1, "", "")  # … at this moment, in this way and theme

    def __getitem__(self, name: str) -> QImage:
        return self._images[name]

    def show(self, search: FieldRecord, moment: int, shows: str, theme: Theme) -> None:
        """The field as ``shows`` says: colours, arrows or finders."""
        drawn = moment, shows, theme.name
        another = self._of is not search.fields
        if another:
            self._images["target"] = _image(search.target)
            whole = search.source if search.hole is None else _veiled(search)
            self._images["source"] = _image(whole)
        if another or self._drawn[0] != moment:
            self._images["made"] = _image(search.reconstruction(moment))
        if another or self._drawn != drawn:
            self._images["field"] = _image(_field(search, moment, shows, theme))
        self._of, self._drawn = search.fields, drawn


def _field(search: FieldRecord, moment: int, shows: str, theme: Theme) -> NDArray[np.uint8]:
    """(H, W, 4); dark where arrows are drawn over it."""
    colours = search.colours(moment)
    if shows == "finders":
        colours[..., :3] = colours_of_finders(theme)[search.finders(moment)]
    elif shows == "arrows":
        colours[..., :3] //= 2
    return colours


@functools.cache
def wheel() -> QImage:
    """Which colour lies which way."""
    return _image(wheel_of_colours(_WHEEL))


def colours_of_finders(theme: Theme) -> NDArray[np.uint8]:
    """(3, 3) RGB: kept, spread, drawn."""
    names = theme.raised, theme.accent, theme.warning  # KEPT, SPREAD, DRAWN
    return np.array([(one.red(), one.green(), one.blue()) for one in map(QColor, names)], np.uint8)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """In the layout of the screen, which is drawn fastest."""
    return to_image(pixels).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _veiled(search: FieldRecord) -> NDArray[np.uint8]:
    """The picture with the hole darkened: nothing is copied from there."""
    assert search.hole is not None
    veiled = search.source.copy()
    veiled[search.hole] //= 4
    return veiled
