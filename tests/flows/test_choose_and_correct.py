"""A person is not content with the first result: other seeds, other sources, other tries."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.operations import Fill, FillAgain, Heal


@pytest.fixture
def pebbles(tmp_path):
    """Many small stones of many colours, a red disc in the middle."""
    rng = np.random.default_rng(3)
    stones = rng.integers(60, 200, (30, 40, 3)).astype(np.uint8)
    picture = np.asarray(
        Image.fromarray(stones).resize((160, 120), Image.Resampling.BICUBIC)
    ).copy()
    y, x = np.mgrid[:120, :160]
    picture[np.hypot(y - 60, x - 80) < 12] = (220, 20, 20)
    path = tmp_path / "pebbles.png"
    Image.fromarray(picture).save(path)
    return path


@pytest.fixture
def filled(hand, pebbles):
    """The disc is painted over and filled."""
    hand.open(pebbles)
    hand.window.tools.choose("brush")
    hand.tune(size=30)
    hand.drag((80, 60), (80, 60))
    hand.key("Return")
    assert [state.label for state in hand.document.history.states][1:] == ["Brush", "Fill"]
    return hand


def arrow(hand, key):
    QTest.keyClick(hand.canvas, key)
    hand.rest()


def test_other_seeds_are_looked_at_and_one_takes_the_place_of_the_first(filled):
    first = filled.document.image.copy()
    filled.key("Shift+Return")
    assert filled.window.variations.choosing
    assert (filled.document.image == first).all()  # until one is taken
    arrow(filled, Qt.Key.Key_Right)
    filled.key("Return")
    states = filled.document.history.states
    assert [state.label for state in states][1:] == ["Brush", "Fill"]
    assert states[-1].command.operation == Fill(seed=2)
    assert (filled.document.image != first).any()
    filled.key("Ctrl+Z")
    assert (filled.document.image[60, 80] == (220, 20, 20)).all()


def test_the_first_result_is_among_them_and_may_stay(filled):
    first = filled.document.image.copy()
    filled.key("Shift+Return")
    arrow(filled, Qt.Key.Key_Left)
    filled.key("Return")
    assert not filled.window.variations.choosing
    assert (filled.document.image == first).all()


def test_escape_leaves_everything_as_it_was(filled):
    first = filled.document.image.copy()
    filled.key("Shift+Return")
    filled.key("Esc")
    assert not filled.window.variations.choosing
    assert (filled.document.image == first).all()
    arrow(filled, Qt.Key.Key_Right)  # pans again
    assert not filled.window.variations.choosing


def test_variations_without_a_fill_before_them(hand, pebbles):
    hand.open(pebbles)
    hand.key("Shift+Return")
    assert hand.shown()[-1] == "Paint over what should go, then press Enter."
    hand.tune(size=30)
    hand.drag((80, 60), (80, 60))
    hand.key("Shift+Return")
    hand.key("Return")
    assert hand.document.history.now.command.operation == Fill(seed=1)


def test_a_wrong_detail_is_copied_from_elsewhere(filled):
    swap = filled.document.history.now.command
    first = filled.document.image.copy()
    wrong = swap.origins.at(60, 80)
    filled.window.tools.choose("not-this")
    filled.tune(size=8)
    filled.drag((80.5, 60.5), (80.5, 60.5))
    again = filled.document.history.now.command
    assert isinstance(again.operation, FillAgain)
    now = again.origins.at(60, 80)
    assert max(abs(now[0] - wrong[0]), abs(now[1] - wrong[1])) > 3
    y, x = np.mgrid[:120, :160]
    far = np.hypot(y - 60, x - 80) > 6
    assert (filled.document.image[far] == first[far]).all()


def test_what_was_forbidden_before_stays_forbidden(filled):
    filled.window.tools.choose("not-this")
    filled.tune(size=8)
    seen = [filled.document.history.now.command.origins.at(60, 80)]
    for _ in range(3):
        filled.drag((80.5, 60.5), (80.5, 60.5))
        place = filled.document.history.now.command.origins.at(60, 80)
        assert all(max(abs(place[0] - y), abs(place[1] - x)) > 3 for y, x in seen)
        seen.append(place)


def test_not_this_where_nothing_was_filled_is_said(filled):
    steps = len(filled.document.history.states)
    filled.window.tools.choose("not-this")
    filled.drag((20, 20), (22, 20))
    assert "nothing was filled here" in filled.shown()[-1].lower()
    assert len(filled.document.history.states) == steps


def test_the_heal_brush_needs_no_mask_and_no_enter(hand, pebbles):
    hand.open(pebbles)
    hand.window.tools.choose("heal")
    hand.tune(size=30)
    hand.drag((80, 60), (80, 60))
    assert isinstance(hand.document.history.now.command.operation, Heal)
    assert not hand.document.masked
    red = hand.document.image[50:70, 70:90].astype(int)
    assert (red[..., 0] - red[..., 1]).max() < 150
    hand.key("Ctrl+Z")
    assert (hand.document.image[60, 80] == (220, 20, 20)).all()


def test_strokes_of_the_heal_brush_wait_for_each_other(hand, pebbles):
    hand.open(pebbles)
    before = hand.document.image.copy()
    session = hand.parts.session
    hand.window.tools.choose("heal")
    from editor.engine.image import Rect
    from editor.operations.base import MaskPatch

    for x in (20, 60, 120):
        cover = np.full((10, 10), 255, np.uint8)
        session.do(Heal(stroke=MaskPatch(Rect(x, 30, 10, 10), cover)))
    hand.rest()
    assert [state.label for state in hand.document.history.states][1:] == ["Heal"] * 3
    for x in (20, 60, 120):
        assert (hand.document.image[30:40, x : x + 10] != before[30:40, x : x + 10]).any()


def test_where_a_pixel_came_from_is_shown_while_the_key_is_held(filled):
    origin = filled.document.history.now.command.origins.at(60, 80)
    filled.move((80.5, 60.5))
    QTest.keyPress(filled.window, Qt.Key.Key_P)
    assert filled.canvas.origin == ((80.5, 60.5), (origin[1] + 0.5, origin[0] + 0.5))
    filled.move((20, 20))
    assert filled.canvas.origin is None
    filled.move((81.5, 60.5))
    assert filled.canvas.origin is not None
    QTest.keyRelease(filled.window, Qt.Key.Key_P)
    assert filled.canvas.origin is None


def test_the_whole_field_in_colours_until_something_is_done(filled):
    image = filled.document.image.copy()
    before = filled.window.grab().toImage()
    filled.key("Shift+P")
    assert filled.window.actions_["field"].isChecked()
    assert filled.window.grab().toImage() != before
    assert (filled.document.image == image).all()
    filled.key("Ctrl+Z")
    assert not filled.window.actions_["field"].isChecked()


def test_a_source_area_is_painted_and_used(hand, pebbles):
    hand.open(pebbles)
    hand.tune(size=30)
    hand.drag((80, 60), (80, 60))
    hand.key("K")
    hand.drag((30, 20), (130, 20))
    assert hand.document.painted("sampling")
    hand.key("Return")
    froms = hand.document.history.now.command.origins.froms
    assert (hand.document.plane("sampling").frozen()[tuple(froms.T)] > 0).all()


def test_another_open_picture_is_copied_from(hand, pebbles, scratched):
    hand.open(scratched)
    hand.open(pebbles)
    hand.tune(size=30)
    hand.drag((80, 60), (80, 60))
    other = next(one for one in hand.parts.session.documents if one is not hand.document)
    hand.window.mask_panel.other_chosen.emit(other)
    hand.key("Return")
    assert hand.document.history.now.command.origins.other
    hand.window.files.close(other)
    hand.rest()
    assert hand.window.copied_from is None


def test_masks_come_back_with_the_project(hand, pebbles, tmp_path):
    hand.open(pebbles)
    hand.key("K")
    hand.drag((30, 20), (130, 20))
    hand.key("K")
    hand.drag((30, 100), (130, 100))
    masks = {name: hand.document.plane(name).frozen().copy() for name in ("sampling", "labels")}
    hand.parts.filing.save(hand.document, tmp_path / "stones.patina", {})
    hand.rest()
    hand.window.files.close(hand.document)
    hand.rest()
    hand.open(tmp_path / "stones.patina")
    for name, mask in masks.items():
        assert mask.any()
        assert (hand.document.plane(name).frozen() == mask).all()
