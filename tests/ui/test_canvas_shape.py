"""The canvas when its document becomes another picture, or another one stands in its place."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.engine.image import Point, Rect, Size
from editor.model.commands import Swap, before, command_for
from editor.model.document import Document
from editor.operations.base import MaskPatch
from editor.operations.new_picture import NewPicture
from editor.operations.retarget import Retarget
from editor.tools.base import Draft
from editor.ui.canvas import Canvas, StandIn
from tests.ui.test_canvas import Dab, noise, opened, picture_part, seen


@pytest.fixture
def canvas(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(420, 320)
    canvas.show()
    qtbot.waitExposed(canvas)
    yield canvas
    canvas.set_document(None)


def become(document, pixels):
    command = command_for(document, Retarget(), NewPicture(pixels), document.scene())
    document.history.push(command)


def screen_of(pixels, **more):
    """How a canvas of the same size shows this picture."""
    fresh = Canvas()
    fresh.resize(420, 320)
    fresh.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    fresh.show()
    document = opened(fresh, pixels, **more)
    image = seen(fresh)
    fresh.set_document(None)
    del document
    return image


@pytest.mark.parametrize("size", [(200, 150), (120, 300), (300, 420), (7, 5)])
def test_a_fitted_picture_is_fitted_again(canvas, size):
    document = opened(canvas, noise())
    pixels = noise(*size, seed=2)
    become(document, pixels)
    assert canvas.view.fitted
    assert (seen(canvas) == screen_of(pixels)).all()
    document.history.undo()
    assert (seen(canvas) == screen_of(noise())).all()


def test_at_another_zoom_the_middle_stays_in_the_middle(canvas):
    document = opened(canvas, noise(), 1.0)
    middle = canvas.image_point(canvas.rect().center().toPointF())
    become(document, noise(100, 200, seed=2))
    assert canvas.scale == 1
    now = canvas.image_point(canvas.rect().center().toPointF())
    assert now == Point(middle.x - 50, middle.y - 50)
    document.history.undo()
    assert canvas.image_point(canvas.rect().center().toPointF()) == middle


def test_what_is_anchored_stays_where_it_is(canvas):
    document = opened(canvas, noise(), 0.5)
    corner = canvas.place_of(0, 0)
    canvas.anchor = Point(0, 0)
    become(document, noise(100, 200, seed=2))
    assert canvas.place_of(0, 0) == corner


def test_edits_after_it_are_followed(canvas, qtbot):
    document = opened(canvas, noise(), 1.0)
    pixels = noise(150, 250, seed=2)
    become(document, pixels)
    white = np.full((20, 30, 3), 255, np.uint8)
    document.history.push(Swap(document, "Edit", "image", Rect(110, 80, 30, 20), white))
    qtbot.waitUntil(lambda: canvas.settled)
    pixels[80:100, 110:140] = 255
    assert (seen(canvas)[picture_part(canvas).slices] == pixels).all()


def test_a_gesture_on_the_old_picture_is_over(canvas):
    document, dab = opened(canvas, noise(), 1.0), Dab()
    canvas.set_tool(dab)
    place = canvas.place_of(150, 100)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place)
    become(document, noise(60, 80, seed=2))
    assert dab.told[-1] == ("cancel", None)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert len(document.history.states) == 2
    assert not document.masked


def test_a_mask_of_the_new_size_lies_over_it(canvas):
    mask = np.zeros((200, 300), np.uint8)
    mask[50:150, 100:200] = 255
    document = opened(canvas, np.full((200, 300, 3), 128, np.uint8), 1.0, mask=mask)
    become(document, np.full((100, 150, 3), 128, np.uint8))
    shown = seen(canvas)[picture_part(canvas).slices]
    assert (shown[50, 75] != 128).any()
    assert (shown[5, 5] == 128).all()


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("anchor", [Point(0, 0), Point(1, 1), Point(0.5, 0.5)])
def test_an_estimate_of_another_size_stands_in_its_place(canvas, qtbot, scale, anchor):
    opened(canvas, np.full((60, 80, 3), 9, np.uint8), scale)
    canvas.anchor = anchor
    wide = noise(40, 120, seed=2)
    wide[...] = wide // 128 * 100 + 50  # in blocks, so that sampling changes nothing
    wide[:] = wide[::8, ::8].repeat(8, 0).repeat(8, 1)[:40, :120]
    canvas.show_preview(NewPicture(wide))
    shown = seen(canvas)
    place = canvas.place_for(Size(120, 40))
    for y in range(4, 40, 8):
        for x in range(4, 120, 8):
            at = canvas.place_of(place.x + x, place.y + y)
            if canvas.rect().contains(at):
                assert (shown[at.y(), at.x()] == wide[y, x]).all()
    canvas.show_preview(None)
    qtbot.waitUntil(lambda: canvas.settled)
    assert (seen(canvas)[picture_part(canvas).slices] == 9).all()


def test_a_small_picture_stands_in_for_a_large_one(canvas):
    opened(canvas, np.zeros((200, 300, 3), np.uint8), 1.0)
    halves = np.zeros((10, 10, 3), np.uint8)
    halves[:, 5:] = 200
    canvas.show_preview(StandIn(halves, Rect(50, 50, 150, 60)))
    shown = seen(canvas)
    left, right = canvas.place_of(60, 80), canvas.place_of(190, 80)
    assert (shown[left.y(), left.x()] == 0).all()
    assert (shown[right.y(), right.x()] == 200).all()
    outside = canvas.place_of(20, 80)  # of the picture that stands there, though in the document's
    assert (shown[outside.y(), outside.x()] == shown[2, 2]).all()


def test_an_edit_meanwhile_is_seen_when_it_has_gone(canvas, qtbot):
    document = opened(canvas, np.zeros((60, 80, 3), np.uint8), 2.0)
    canvas.show_preview(NewPicture(np.full((40, 50, 3), 90, np.uint8)))
    seen(canvas)
    white = np.full((60, 80, 3), 255, np.uint8)
    document.history.push(Swap(document, "Edit", "image", document.rect, white))
    middle = canvas.place_of(40, 30)
    assert (seen(canvas)[middle.y(), middle.x()] == 90).all()
    canvas.show_preview(None)
    qtbot.waitUntil(lambda: canvas.settled)
    assert (seen(canvas)[picture_part(canvas).slices] == 255).all()


def test_a_document_that_becomes_its_estimate_loses_the_estimate(canvas):
    document = opened(canvas, noise(), 1.0)
    small = noise(50, 60, seed=2)
    canvas.show_preview(NewPicture(noise(70, 70, seed=3)))
    become(document, small)
    assert (seen(canvas)[picture_part(canvas).slices] == small).all()


def test_before_and_after_of_two_sizes(canvas):
    document = opened(canvas, np.full((60, 80, 3), 30, np.uint8), 2.0)
    become(document, np.full((60, 40, 3), 200, np.uint8))
    canvas.show_before(before(document))
    canvas.compare = "before"
    shown = seen(canvas)
    for x in (-15, 5, 35, 55):  # the old picture is 20 pixels wider on each side
        at = canvas.place_of(x, 30)
        assert (shown[at.y(), at.x()] == 30).all()
    canvas.compare = "split"
    canvas.split = 0.5
    shown = seen(canvas)
    left, right, beyond = (canvas.place_of(x, 45) for x in (-15, 35, 55))
    assert (shown[left.y(), left.x()] == 30).all()
    assert (shown[right.y(), right.x()] == 200).all()
    assert (shown[beyond.y(), beyond.x()] != 30).any()
    canvas.compare = "after"
    at = canvas.place_of(-15, 30)
    assert (seen(canvas)[at.y(), at.x()] != 30).any()


def test_a_large_picture_before_becomes_exact_as_it_is_made(canvas, qtbot):
    """Its levels are made by a thread; what is finer is drawn anew where it lies."""
    big = np.zeros((1600, 2000, 3), np.uint8)
    big[:, 1::2] = 255  # coarsely black, exactly grey
    document = opened(canvas, big)
    become(document, np.full((1600, 1000, 3), 200, np.uint8))
    canvas.show_before(before(document))
    canvas.compare = "before"
    qtbot.waitUntil(lambda: canvas.settled)
    shown = seen(canvas)
    for x in (-300, 500, 1200):
        at = canvas.place_of(x, 800)
        if canvas.rect().contains(at):
            assert abs(shown[at.y(), at.x(), 0] - 127) <= 2


def test_a_draft_on_a_mask_that_was_empty_is_shown(canvas):
    opened(canvas, np.full((60, 80, 3), 128, np.uint8), 2.0)
    for plane in ("protect", "remove"):
        canvas.painted = plane
        cover = np.full((20, 30), 255, np.uint8)
        canvas.show_draft(Draft(MaskPatch(Rect(10, 10, 30, 20), cover, plane)))
        shown = seen(canvas)
        inside = canvas.place_of(25, 20)
        assert (shown[inside.y(), inside.x()] != 128).any()
        canvas.forget_draft()
        assert (seen(canvas)[picture_part(canvas).slices] == 128).all()


def test_a_document_may_be_shaped_behind_another_one(canvas):
    document = opened(canvas, noise(), 1.0)
    other = Document(noise(90, 90, seed=4))
    canvas.set_document(other)
    small = noise(50, 60, seed=2)
    become(document, small)
    canvas.set_document(document)
    assert (seen(canvas)[picture_part(canvas).slices] == small).all()
