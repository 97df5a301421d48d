"""A word for a colour."""

import pytest

from editor.ui.colour_names import colour_name


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((0, 0, 0), "Black"),
        ((20, 5, 5), "Black"),
        ((60, 60, 62), "Dark grey"),
        ((128, 128, 128), "Grey"),
        ((200, 200, 205), "Light grey"),
        ((255, 255, 255), "White"),
        ((255, 0, 0), "Red"),
        ((255, 0, 20), "Red"),
        ((115, 0, 0), "Dark red"),
        ((255, 130, 0), "Orange"),
        ((110, 60, 10), "Brown"),
        ((255, 255, 0), "Yellow"),
        ((188, 255, 2), "Lime"),
        ((0, 255, 0), "Green"),
        ((30, 120, 40), "Dark green"),
        ((180, 230, 180), "Pale green"),
        ((0, 255, 230), "Turquoise"),
        ((0, 140, 255), "Sky blue"),
        ((0, 0, 255), "Blue"),
        ((110, 0, 255), "Violet"),
        ((255, 0, 255), "Magenta"),
        ((255, 0, 100), "Pink"),
    ],
)
def test_colours_have_the_names_that_people_give_them(colour, name):
    assert colour_name(colour) == name
