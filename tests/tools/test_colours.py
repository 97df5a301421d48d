"""Tools that paint a colour on the picture itself: what becomes of it, and what is shown before."""

import numpy as np
import pytest

from editor.model.document import Document
from editor.operations.base import Patch
from editor.tools.base import Pointer
from editor.tools.brush import Brush, BrushSettings
from editor.tools.masking import Paint
from editor.tools.shapes import Rectangle

RED = (200, 30, 10)


@pytest.fixture
def brush():
    brush = Brush()
    brush.settings = BrushSettings(size=12, hardness=0)
    brush.paint = Paint("image", colour=RED)
    return brush


def test_no_colour_comes_in_between(brush, document, gesture):
    document.history.push(gesture(brush, document, (40, 30), (60, 30)))
    colours = np.unique(document.image.reshape(-1, 3), axis=0)
    assert {tuple(one) for one in colours} == {(0, 0, 0), RED}
    assert tuple(document.image[30, 50]) == RED
    assert document.history.now.label == "Paint label"
    assert not document.masked
    document.history.undo()
    assert not document.image.any()


def test_where_labels_have_soft_edges_the_brush_has_too(brush, document, gesture):
    brush.paint = brush.paint._replace(soft=True)
    document.history.push(gesture(brush, document, (40, 30), (60, 30)))
    across = document.image[22:39, 50, 0].astype(int)
    assert 190 <= across.max() <= 200
    assert len(np.unique(across)) > 5


def test_nothing_is_taken_away_from_a_picture(brush, document, gesture):
    document.history.push(gesture(brush, document, (40, 30), subtract=True))
    assert tuple(document.image[30, 40]) == RED


def test_what_is_that_colour_already_makes_no_step(brush, gesture):
    document = Document(np.full((50, 60, 3), RED, np.uint8))
    assert gesture(brush, document, (20, 20), (30, 30)) is None


def test_a_stroke_is_shown_as_it_will_be(brush, document):
    draft = brush.press(Pointer(40, 30), document)
    assert isinstance(draft.patch, Patch)
    shown = draft.patch.on(document.image)
    assert tuple(shown[30, 40]) == RED
    assert not document.image.any()


@pytest.mark.parametrize("shape", [(50, 60), (50, 60, 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_pictures_of_any_kind(shape, dtype, gesture):
    document = Document(np.zeros(shape, dtype))
    rectangle = Rectangle()
    rectangle.paint = Paint("image", colour=RED)
    document.history.push(gesture(rectangle, document, (10, 10), (30, 20)))
    full = 1 if dtype == np.float32 else np.iinfo(dtype).max
    inside = document.image[10:20, 10:30] / full * 255
    expected = 30 if len(shape) == 2 else (*RED, 255)
    assert np.abs(inside - expected).max() < 1
    assert not document.image[20:].any()
