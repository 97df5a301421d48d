"""A word for a colour."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

_HUES = (  # in degrees, up to which a colour is called so
    (12, "Red"),
    (40, "Orange"),
    (66, "Yellow"),
    (95, "Lime"),
    (158, "Green"),
    (190, "Turquoise"),
    (212, "Sky blue"),
    (255, "Blue"),
    (285, "Violet"),
    (325, "Magenta"),
    (345, "Pink"),
    (360, "Red"),
)
_GREYS = ((0.1, "Black"), (0.35, "Dark grey"), (0.65, "Grey"), (0.93, "Light grey"), (1, "White"))
_COLOURLESS = 0.14  # of its saturation
_DARK, _PALE = 0.62, 0.45  # of its value, and of its saturation


def colour_name(colour: tuple[int, int, int]) -> str:
    """Of a colour given as red, green and blue, 0..255."""
    named = QColor(*colour)
    hue, saturation, value = named.hsvHueF(), named.hsvSaturationF(), named.valueF()
    if value <= _GREYS[0][0] or saturation < _COLOURLESS:
        return _tr(next(name for most, name in _GREYS if value <= most))
    name = next(name for most, name in _HUES if 360 * hue <= most)
    if name == "Orange" and value < _DARK:
        return _tr("Brown")
    if value < _DARK:
        return _tr("Dark {}").format(_tr(name).lower())
    if saturation < _PALE:
        return _tr("Pale {}").format(_tr(name).lower())
    return _tr(name)


def _tr(words: str) -> str:
    return QCoreApplication.translate("Colours", words)
