"""Retarget mode: an edge is dragged, followed, let go, solved, undone, compared and saved."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.engine.image import Rect, Size
from editor.model.commands import Reshape
from editor.operations.retarget import Retarget
from editor.ui.modes import MODES

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def beach(tmp_path):
    """Sea and sand, and a striped hut on it; the JPEG has a profile of its own size."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:96, :144]
    picture = np.where((y < 50)[..., None], [90, 140, 200], [210, 190, 140]).astype(float)
    picture += rng.normal(0, 5, picture.shape)
    picture[30:70, 60:84] = np.where((x[30:70, 60:84] // 4 % 2)[..., None], [200, 40, 40], 240)
    path = tmp_path / "beach.png"
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(path, dpi=(300, 300))
    return path


@pytest.fixture
def shore(hand, beach):
    hand.open(beach)
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "retarget"))
    hand.rest()
    return hand


def grab(hand, start, end, steps=4):
    """Hold an edge and pull it; the place where the button will be let go."""
    a, b = hand.canvas.place_of(*start), hand.canvas.place_of(*end)
    QTest.mousePress(hand.canvas, LEFT, pos=a)
    for part in range(1, steps + 1):
        QTest.mouseMove(hand.canvas, a + (b - a) * (part / steps))
        hand.parts.window.repaint()
    hand.qtbot.waitUntil(lambda: not hand.window.doing._soon.isActive())
    return b


def let_go(hand, at: QPoint):
    QTest.mouseRelease(hand.canvas, LEFT, pos=at)
    hand.rest()


def wide(hand):
    return hand.canvas._shown.whole().place


def tune(hand, **values):
    options = hand.window.options
    options.set_operation(Retarget.from_dict({**options.operation().to_dict(), **values}))


def test_an_edge_is_dragged_followed_and_solved(shore):
    document = shore.document
    old = document.image.tobytes()
    at = grab(shore, (144, 48), (100, 48))
    assert document.size == Size(144, 96)  # only shown
    assert wide(shore) == Rect(0, 0, wide(shore).width, 96)
    assert abs(wide(shore).width - 100) <= 1
    assert shore.canvas._shown.stood_in_for
    let_go(shore, at)
    assert document.size == Size(wide(shore).width, 96)
    assert abs(document.size.width - 100) <= 1
    assert not shore.canvas._shown.stood_in_for
    assert document.history.now.label == f"Retarget to {document.size}"
    assert document.meta.dpi == pytest.approx((300, 300), abs=0.1)
    new = document.image.tobytes()
    shore.key("Ctrl+Z")
    assert document.size == Size(144, 96)
    assert document.image.tobytes() == old
    shore.key("Ctrl+Shift+Z")
    assert document.image.tobytes() == new
    shore.key("Ctrl+Z")
    assert shore.window.size_panel._pixels[0].value() == 144


def test_esc_in_mid_drag_gives_the_picture_back(shore):
    at = grab(shore, (144, 48), (100, 48))
    shore.key("Esc")
    assert not shore.canvas._shown.stood_in_for or shore.canvas._following._preview_leaves
    let_go(shore, at)
    assert shore.document.size == Size(144, 96)
    assert len(shore.document.history.states) == 1
    shore.qtbot.waitUntil(lambda: not shore.canvas._shown.stood_in_for)


def test_undo_in_mid_drag_ends_the_drag(shore):
    let_go(shore, grab(shore, (144, 48), (120, 48)))
    at = grab(shore, (10, 0), (10, 30))
    shore.key("Ctrl+Z")
    let_go(shore, at)
    assert shore.document.size == Size(144, 96)
    assert not shore.window.tool_bar.tool.active
    assert not shore.canvas._shown.stood_in_for


def test_esc_stops_a_solve_and_nothing_has_happened(shore):
    at = grab(shore, (144, 48), (100, 48))
    QTest.mouseRelease(shore.canvas, LEFT, pos=at)
    assert shore.parts.session.solving
    shore.key("Esc")
    assert shore.document.size == Size(144, 96)
    shore.qtbot.waitUntil(lambda: not shore.canvas._shown.stood_in_for)


def test_the_keyboard_does_all_of_it(shore):
    shore.canvas.setFocus()
    for key in ("Shift+Left", "Shift+Left", "Left", "Down"):
        QTest.keySequence(shore.canvas, key)
    panel = shore.window.size_panel
    assert (panel._pixels[0].value(), panel._pixels[1].value()) == (123, 97)
    shore.key("Return")
    assert shore.document.size == Size(123, 97)


def test_a_size_is_typed_in_percent_with_its_proportions(shore):
    panel = shore.window.size_panel
    panel._linked.setChecked(True)
    field = panel._percents[0]
    field.setFocus()
    QTest.keyClicks(field, "75")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (panel._pixels[0].value(), panel._pixels[1].value()) == (108, 72)
    shore.qtbot.waitUntil(lambda: wide(shore) == Rect(18, 12, 108, 72))
    shore.key("Return")  # leaves the field
    shore.key("Return")
    assert shore.document.size == Size(108, 72)


def test_a_shape_is_chosen_and_reset(shore):
    panel = shore.window.size_panel
    square = next(one for one in panel.aspects if one.text() == "1:1")
    square.click()
    shore.qtbot.waitUntil(lambda: wide(shore) == Rect(24, 0, 96, 96))
    panel.link.click()
    shore.qtbot.waitUntil(lambda: not shore.canvas._shown.stood_in_for)
    square.click()
    shore.key("Return")
    assert shore.document.size == Size(96, 96)


def test_one_key_goes_through_the_methods_on_the_result(shore):
    let_go(shore, grab(shore, (144, 48), (100, 48)))
    size = shore.document.size
    seen = [shore.document.image.tobytes()]
    for method in ("seams", "scale", "crop"):
        shore.key("T")
        step = shore.document.history.now.command
        assert isinstance(step, Reshape)
        assert step.operation.method == method
        assert shore.window.options.operation().method == method
        assert shore.document.size == size
        assert len(shore.document.history.states) == 2
        seen.append(shore.document.image.tobytes())
    assert len(set(seen)) == 4
    shore.key("T")
    assert shore.document.image.tobytes() == seen[0]
    shore.key("Ctrl+Z")
    assert shore.document.size == Size(144, 96)


def test_enter_solves_again_with_other_options(shore):
    tune(shore, method="seams")
    let_go(shore, grab(shore, (144, 48), (100, 48)))
    size, first = shore.document.size, shore.document.image.tobytes()
    shore.key("Return")
    assert "Drag an edge" in shore.shown()[-1]  # nothing has changed
    tune(shore, method="patches", seed=3)
    shore.key("Return")
    assert shore.document.size == size
    assert shore.document.image.tobytes() != first
    assert len(shore.document.history.states) == 2


def test_the_next_drag_takes_the_place_of_a_solve(shore):
    at = grab(shore, (144, 48), (100, 48))
    QTest.mouseRelease(shore.canvas, LEFT, pos=at)
    assert shore.parts.session.solving
    at = grab(shore, (0, 48), (20, 48))
    shore.rest()
    assert shore.document.size == Size(144, 96)
    shore.qtbot.waitUntil(lambda: shore.canvas._shown.stood_in_for)
    let_go(shore, at)
    assert abs(shore.document.size.width - 124) <= 1


def test_another_mode_gives_the_picture_back(shore):
    QTest.keySequence(shore.canvas, "Shift+Left")
    shore.qtbot.waitUntil(lambda: shore.canvas._shown.stood_in_for)
    shore.window.choose_mode(MODES[0])
    shore.qtbot.waitUntil(lambda: not shore.canvas._shown.stood_in_for)
    assert shore.window.size_panel.isHidden()
    assert shore.document.size == Size(144, 96)


def test_the_window_keeps_its_width_in_every_mode(shore):
    width = shore.window.width()
    for mode in (*MODES, MODES[0], MODES[1]):
        if mode.suits(shore.document):
            shore.window.choose_mode(mode)
            shore.rest()
            assert shore.window.width() == width


def test_cropping_is_left_out_where_it_cannot_be(shore):
    tune(shore, method="scale")
    let_go(shore, grab(shore, (144, 48), (160, 48)))
    assert shore.document.size.width >= 159
    shore.key("T")
    assert shore.document.history.now.command.operation.method == "patches"


def test_what_is_protected_by_the_brush_comes_through_unchanged(shore):
    document = shore.document
    shore.window.tools.choose("rectangle")
    shore.drag((58, 28), (86, 72))
    assert document.painted("protect")
    assert document.history.now.label == "Rectangle, protected"
    block = np.array(document.image[30:70, 60:84])
    shore.window.tools.choose("resize")
    let_go(shore, grab(shore, (144, 48), (90, 48)))
    there = np.array(document.plane("protect").frozen()) > 0
    around = Rect.around(there)
    assert around.width in (28, 29, 30)
    found = document.image[around.slices]
    places = [(y, x) for y in range(found.shape[0] - 39) for x in range(found.shape[1] - 23)]
    assert any((found[y : y + 40, x : x + 24] == block).all() for y, x in places)


def test_what_is_to_go_goes_at_the_same_size(shore):
    shore.key("Return")
    assert "Drag an edge" in shore.shown()[-1]
    shore.key("K")
    assert shore.window.tools.paint.plane == "remove"
    shore.window.tools.choose("rectangle")
    shore.drag((57, 27), (87, 73))
    shore.key("Return")
    document = shore.document
    assert document.size == Size(144, 96)
    assert document.history.now.label == "Retarget"
    red = (document.image[..., 0].astype(int) - document.image[..., 2] > 120).sum()
    assert red < 20
    assert not document.painted("remove")


def test_a_line_says_how_straight_it_stayed(shore):
    shore.window.tools.choose("line")
    shore.drag((6, 50), (138, 50))
    shore.window.tools.choose("resize")
    let_go(shore, grab(shore, (144, 48), (110, 48)))
    (drawn,) = shore.document.lines
    assert abs(drawn.line.a.y - drawn.line.b.y) <= 1
    row = shore.window.guides_panel._rows[0]
    assert float(row._residual.text().split()[0]) <= 1


def test_masks_and_shape_come_back_with_the_project(shore, tmp_path):
    shore.window.tools.choose("rectangle")
    shore.drag((58, 28), (86, 72))
    shore.key("K")
    shore.drag((100, 60), (120, 80))
    document = shore.document
    shore.window.tools.choose("resize")
    tune(shore, method="seams")
    let_go(shore, grab(shore, (144, 48), (120, 48)))
    assert document.painted("protect")
    masks = [np.array(document.plane(name).frozen()) for name in ("protect", "remove")]
    image = document.image.tobytes()
    path = tmp_path / "beach.patina"
    shore.parts.filing.save(document, path, shore.window.project_settings())
    shore.rest()
    shore.window.files.close(document)
    shore.rest()
    shore.open(path)
    opened = shore.document
    assert opened.image.tobytes() == image
    for name, mask in zip(("protect", "remove"), masks, strict=True):
        assert (opened.plane(name).frozen() == mask).all()


def test_what_cannot_be_done_is_told_and_nothing_changes(shore):
    shore.window.tools.choose("rectangle")
    shore.drag((10, 10), (130, 90))
    shore.window.tools.choose("resize")
    let_go(shore, grab(shore, (144, 48), (60, 48)))
    assert "does not fit" in shore.shown()[-1]
    assert shore.document.size == Size(144, 96)
    shore.qtbot.waitUntil(lambda: not shore.canvas._shown.stood_in_for)


def test_all_of_it_to_be_removed_is_told_and_nothing_changes(shore):
    shore.window.tools.choose("rectangle")
    shore.key("K")
    shore.drag((-2, -2), (146, 98))
    shore.window.tools.choose("resize")
    let_go(shore, grab(shore, (144, 48), (100, 48)))
    assert "nothing to copy from" in shore.shown()[-1]
    assert shore.document.size == Size(144, 96)


def test_before_shows_the_picture_as_it_was_opened(shore):
    tune(shore, method="scale")
    let_go(shore, grab(shore, (144, 48), (100, 48)))
    shore.window.actions_["split"].trigger()
    assert shore.canvas._shown.whole(before=True).place.width == 144
    shore.window.actions_["split"].trigger()
    assert not shore.canvas._shown.has_before


def test_the_image_menu_cuts_and_turns(shore):
    document = shore.document
    shore.key("Ctrl+]")
    assert document.size == Size(96, 144)
    shore.key("Ctrl+[")
    assert document.size == Size(144, 96)
    shore.window.tools.choose("rectangle")
    shore.drag((58, 28), (86, 72))
    shore.key("Ctrl+Shift+X")
    assert document.size.width in (28, 29)
    assert not document.painted("protect")
    for name in ("rotate_half", "flip_horizontally", "flip_vertically"):
        shore.window.actions_[name].trigger()
        shore.rest()
    assert len(document.history.states) == 8
    document.history.go_to(0)
    assert document.size == Size(144, 96)


def test_add_and_take_away_are_there_for_tools_to_which_they_mean_something(shore):
    sign = shore.window.tool_bar._sign
    assert not sign.isVisible()
    shore.window.tools.choose("brush")
    assert sign.isVisible()
