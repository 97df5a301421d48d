"""Rectangle, ellipse, lasso and polygon: gestures and what they cover."""

import math

import numpy as np
import pytest

from editor.engine.image import Rect
from editor.tools.base import Pointer
from editor.tools.shapes import Ellipse, Lasso, Polygon, Rectangle


def clicked(tool, document, *places, **how):
    """A click at each place; the results."""
    results = []
    for place in places:
        tool.press(Pointer(*place, **how), document)
        results.append(tool.release(Pointer(*place, **how)))
    return results


def test_a_rectangle_covers_exactly_its_pixels(document, done, where):
    assert where(done(Rectangle(), document, (2, 3), (5, 7))) == (2, 3, 3, 4)
    assert document.history.now.label == "Rectangle"


@pytest.mark.parametrize("end", [(80, 60), (20, 60), (80, 10), (20, 10)])
def test_a_rectangle_goes_in_every_direction(document, done, where, end):
    x, y = sorted((50, end[0])), sorted((30, end[1]))
    expected = Rect(x[0], y[0], x[1] - x[0], y[1] - y[0])
    assert where(done(Rectangle(), document, (50, 30), end)) == expected


def test_a_rectangle_keeps_to_whole_pixels(document, done, where):
    assert where(done(Rectangle(), document, (2.4, 3.4), (8.6, 9.6))) == (2, 3, 7, 7)


@pytest.mark.parametrize(
    ("end", "square"),
    [((35, 60), (0, 10, 50, 50)), ((80, 40), (50, 10, 30, 30)), ((-80, 40), (0, 10, 50, 70))],
)
def test_shift_makes_a_square_from_the_corner(document, done, where, end, square):
    """The last one is larger than the picture."""
    assert where(done(Rectangle(), document, (50, 10), (40, 20), end, shift=True)) == square


def test_a_square_between_pixels_is_square(document, done, where):
    rect = where(done(Rectangle(), document, (2.4, 3.6), (12.7, 5), shift=True))
    assert rect.width == rect.height == 10


def test_a_shape_is_cut_at_the_border(document, done, where):
    assert where(done(Rectangle(), document, (-30, -30), (10, 1000))) == (0, 0, 10, 80)


@pytest.mark.parametrize("tool", [Rectangle, Ellipse, Lasso])
def test_a_click_alone_is_nothing(document, gesture, tool):
    assert gesture(tool(), document, (20, 20)) is None
    assert gesture(tool(), document, (20, 20), (60, 20)) is None


@pytest.mark.parametrize("tool", [Rectangle, Ellipse, Lasso])
def test_a_shape_beside_the_picture_is_nothing(document, gesture, tool):
    assert gesture(tool(), document, (-50, -50), (-20, -50), (-20, -10)) is None


@pytest.mark.parametrize("tool", [Rectangle, Ellipse, Lasso])
def test_subtract_takes_the_shape_away(painted, done, tool):
    mask = done(tool(), painted, (20, 20), (60, 20), (60, 60), subtract=True)
    assert mask[35, 50] == 0
    assert mask[10, 10] == 255
    assert painted.history.now.label == f"Erase {tool.caption.lower()}"


@pytest.mark.parametrize("tool", [Rectangle, Ellipse, Lasso])
def test_a_shape_adds_to_what_is_there_and_is_undone(document, done, tool):
    first = done(Rectangle(), document, (0, 0), (10, 10))
    both = done(tool(), document, (20, 20), (60, 20), (60, 60))
    assert (both >= first).all()
    assert both[35, 50] == 255
    document.history.undo()
    assert (document.mask == first).all()


@pytest.mark.parametrize("tool", [Rectangle, Ellipse, Lasso])
def test_what_is_covered_already_is_no_step(painted, gesture, tool):
    assert gesture(tool(), painted, (20, 20), (60, 20), (60, 60)) is None


@pytest.mark.parametrize("tool", [Rectangle, Ellipse, Lasso, Polygon])
def test_escape_forgets_a_shape(document, tool):
    tool = tool()
    tool.press(Pointer(10, 10), document)
    tool.drag(Pointer(40, 10))
    assert tool.active
    tool.cancel()
    assert not tool.active
    assert tool.release(Pointer(40, 60)) is None
    assert tool.finish() is None


def test_a_rectangle_is_outlined_while_it_is_drawn(document):
    tool = Rectangle()
    tool.press(Pointer(10, 10), document)
    draft = tool.drag(Pointer(30, 25))
    assert draft.closed
    assert draft.patch is None
    assert set(draft.outline) == {(10, 10), (30, 10), (30, 25), (10, 25)}


def test_an_ellipse_has_its_area(document, done):
    mask = done(Ellipse(), document, (10, 10), (90, 50))
    assert mask.sum() / 255 == pytest.approx(math.pi * 40 * 20, rel=0.002)
    assert Rect.around(mask) == (10, 10, 80, 40)


def test_shift_makes_a_circle(document, done):
    mask = done(Ellipse(), document, (10, 10), (30, 60), shift=True)
    assert Rect.around(mask) == (10, 10, 50, 50)
    part = mask[10:60, 10:60]
    assert np.abs(part.astype(int) - part.T).max() <= 1


def test_a_great_circle_is_round(document, done):
    """Its sides are too short to be seen."""
    mask = done(Ellipse(), document, (-4000, 20), (4120, 8140))
    edge = [int(np.argmax(mask[:, x] > 127)) for x in range(0, 120, 10)]
    exact = [4080 - math.sqrt(4060**2 - (x + 0.5 - 60) ** 2) for x in range(0, 120, 10)]
    assert np.abs(np.array(edge) - exact).max() <= 1


def test_a_lasso_closes_when_let_go(document, done):
    mask = done(Lasso(), document, (20, 20), (60, 20), (60, 60))
    assert mask[25, 55] == 255
    assert mask[55, 25] == 0
    assert mask.sum() / 255 == pytest.approx(800, abs=1)


def test_a_lasso_shows_its_line_open(document):
    tool = Lasso()
    tool.press(Pointer(20, 20), document)
    tool.drag(Pointer(60, 20))
    draft = tool.drag(Pointer(60, 60))
    assert draft.outline == ((20, 20), (60, 20), (60, 60))
    assert not draft.closed


def test_enter_closes_a_polygon(document):
    tool = Polygon()
    assert clicked(tool, document, (20, 20), (60, 20), (60, 60), (20, 60)) == [None] * 4
    assert tool.active
    document.history.push(tool.finish())
    assert not tool.active
    assert (document.mask[20:60, 20:60] == 255).all()
    assert document.mask.sum() == 255 * 1600


def test_a_click_near_the_first_corner_closes_a_polygon(document):
    tool = Polygon()
    *before, last = clicked(tool, document, (20, 20), (60, 20), (60, 60), (24, 25), scale=1.0)
    assert before == [None] * 3
    document.history.push(last)
    assert not tool.active
    assert document.mask.sum() / 255 == pytest.approx(800, abs=1)


@pytest.mark.parametrize(("scale", "closes"), [(1.0, True), (4.0, False), (0.1, True)])
def test_near_is_felt_on_the_screen(document, scale, closes):
    tool = Polygon()
    result = clicked(tool, document, (20, 20), (60, 20), (60, 60), (25, 20), scale=scale)[-1]
    assert (result is not None) == closes


def test_two_corners_near_each_other_do_not_close_a_polygon(document):
    tool = Polygon()
    clicked(tool, document, (20, 20), (22, 20), (21, 23))
    assert tool.active


def test_the_rubber_band_follows_and_says_when_it_will_close(document):
    tool = Polygon()
    assert tool.hover(Pointer(5, 5)) is None
    clicked(tool, document, (20, 20), (60, 20), (60, 60))
    draft = tool.hover(Pointer(30, 70))
    assert draft.outline == ((20, 20), (60, 20), (60, 60), (30, 70))
    assert not draft.closed
    draft = tool.hover(Pointer(21, 21))
    assert draft.outline == ((20, 20), (60, 20), (60, 60))
    assert draft.closed


def test_backspace_takes_corners_back_one_by_one(document):
    tool = Polygon()
    clicked(tool, document, (20, 20), (60, 20), (60, 60))
    assert tool.back().outline == ((20, 20), (60, 20))
    assert tool.back().outline == ((20, 20),)
    assert tool.back() is None
    assert not tool.active


def test_shift_snaps_a_side_to_45(document):
    tool = Polygon()
    clicked(tool, document, (20, 20))
    clicked(tool, document, (60, 23), shift=True)
    draft = tool.hover(Pointer(61, 50, shift=True))
    assert draft.outline[1] == pytest.approx((60, 20))
    assert draft.outline[2] == pytest.approx((60, 50))


def test_a_corner_goes_along_while_the_button_is_down(document):
    tool = Polygon()
    clicked(tool, document, (20, 20))
    tool.press(Pointer(50, 50), document)
    draft = tool.drag(Pointer(60, 25))
    assert draft.outline == ((20, 20), (60, 25))
    assert tool.release(Pointer(60, 25)) is None
    assert tool.active


def test_a_polygon_of_two_corners_is_nothing(document):
    tool = Polygon()
    clicked(tool, document, (20, 20), (60, 20))
    assert tool.finish() is None
    assert not tool.active


def test_a_polygon_begun_with_subtract_takes_away(painted):
    tool = Polygon()
    clicked(tool, painted, (20, 20), subtract=True)
    clicked(tool, painted, (60, 20), (60, 60), subtract=False)
    painted.history.push(tool.finish())
    assert painted.mask[30, 55] == 0
    assert painted.history.now.label == "Erase polygon"
