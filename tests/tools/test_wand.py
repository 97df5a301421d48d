"""The magic wand asks for what looks like the clicked place."""

import pytest

from editor.operations.masks import SelectSimilar
from editor.tools.base import Pointer
from editor.tools.wand import Wand, WandSettings


def test_a_click_is_an_operation_with_the_tool_s_settings(document, gesture):
    wand = Wand()
    wand.settings = WandSettings(tolerance=40, contiguous=False)
    assert gesture(wand, document, (30.7, 20.2)) == SelectSimilar(
        x=30.7, y=20.2, tolerance=40, contiguous=False, mode="add"
    )


def test_with_subtract_it_takes_away(document, gesture):
    assert gesture(Wand(), document, (30, 20), subtract=True).mode == "subtract"


def test_the_place_of_the_press_counts(document, gesture):
    operation = gesture(Wand(), document, (30, 20), (90, 70))
    assert (operation.x, operation.y) == (30, 20)


@pytest.mark.parametrize("place", [(-0.1, 5), (120, 5), (5, 80), (5, -3)])
def test_beside_the_picture_there_is_nothing_to_look_like(document, gesture, place):
    assert gesture(Wand(), document, place) is None


def test_escape_forgets_the_click(document):
    wand = Wand()
    wand.press(Pointer(30, 20), document)
    wand.cancel()
    assert wand.release(Pointer(30, 20)) is None


def test_settings_have_the_operation_s_range():
    with pytest.raises(ValueError, match="Tolerance is 256: it goes from 0 to 255"):
        WandSettings(tolerance=256)
    assert WandSettings.from_dict({"tolerance": 7, "contiguous": False}).to_dict() == {
        "tolerance": 7,
        "contiguous": False,
    }
