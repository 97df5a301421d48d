"""Zoom and pan as a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Point, Rect, Size
from editor.ui.canvas.view import MAX_SCALE, MIN_SCALE, View

SCREEN = Size(1000, 700)
PICTURE = Size(6000, 4000)
scales = st.floats(MIN_SCALE, MAX_SCALE)
places = st.tuples(st.floats(0, 1000), st.floats(0, 700))
offsets = st.tuples(st.floats(-500, 5000), st.floats(-500, 5000))


@given(scales, offsets, places)
def test_there_and_back_is_the_same_place(scale, offset, place):
    view = View(scale, *offset)
    back = view.to_screen(view.to_image(*place))
    assert back == pytest.approx(place, abs=1e-6)


@given(scales, offsets, places, st.lists(scales, min_size=1, max_size=30))
def test_zooming_keeps_what_is_under_the_cursor_however_often(scale, offset, place, steps):
    view = View(scale, *offset)
    before = view.to_image(*place)
    for step in steps:
        view = view.zoomed(step, Point(*place))
    where = view.to_screen(before)
    # Half a pixel for each corner that lies on a whole pixel; the first one is enlarged.
    allowed = 0.5 + 0.5 * max(1.0, view.scale / scale) + 1e-6
    assert where == pytest.approx(place, abs=allowed)


def test_many_zooms_do_not_drift():
    view = View(0.37, 123.4, 56.7)
    there = view
    for _ in range(100):
        there = there.zoomed(there.scale * 1.26, Point(400, 300))
        there = there.zoomed(there.scale / 1.26, Point(400, 300))
    assert (there.x, there.y) == pytest.approx((view.x, view.y), abs=1e-6)


def test_zoom_has_two_ends():
    view = View(1.0)
    assert view.zoomed(1e9, Point(0, 0)).scale == MAX_SCALE
    assert view.zoomed(1e-9, Point(0, 0)).scale == MIN_SCALE
    assert view.zoomed(1e-9, Point(0, 0), lowest=0.01).scale == 0.01


@pytest.mark.parametrize("size", [Size(1, 1), Size(1, 20000), Size(6000, 4000), Size(30, 90)])
def test_fit_shows_the_whole_picture_in_the_middle(size):
    view = View.fit(size, SCREEN, margin=40)
    left, top = view.to_screen(Point(0, 0))
    right, bottom = view.to_screen(Point(*size))
    assert 39 <= left <= right <= 961
    assert 39 <= top <= bottom <= 661
    assert left + right == pytest.approx(1000, abs=1)
    assert top + bottom == pytest.approx(700, abs=1)
    assert view.fitted
    assert not view.world(size).empty


def test_fit_survives_a_canvas_smaller_than_its_margins():
    assert View.fit(PICTURE, Size(20, 10), margin=40).scale > 0


@given(scales, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_picture_never_leaves_the_screen(scale, x, y):
    view = View(scale, x, y).clamped(PICTURE, SCREEN)
    seen = view.world(PICTURE).within(view.window(SCREEN))
    assert seen.width >= 31
    assert seen.height >= 31


@given(scales, st.integers(0, 5999), st.integers(0, 3999))
def test_the_world_around_a_pixel_holds_its_corners(scale, x, y):
    around = View(scale).world_around(Rect(x, y, 1, 1))
    assert around.x <= x * scale
    assert (x + 1) * scale <= around.right
    assert around.y <= y * scale
    assert (y + 1) * scale <= around.bottom
