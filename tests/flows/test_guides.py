"""Lines through the hole: drawn, suggested, listed, measured, kept."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.model.document import Drawn
from editor.ui.modes import MODES


@pytest.fixture
def wall(tmp_path):
    """Light above, dark below a slanted edge, with grain."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:160, :240]
    light = np.where(y < 60 + 0.2 * x, 190, 70)
    picture = (light[..., None] + rng.normal(0, 4, (160, 240, 3))).astype(np.uint8)
    path = tmp_path / "wall.png"
    Image.fromarray(picture).save(path)
    return path


@pytest.fixture
def masked(hand, wall):
    hand.open(wall)
    hand.window.tools.choose("brush")
    hand.tune(size=40)
    hand.drag((120, 84), (120, 84))
    return hand


def draw(hand, a, b):
    hand.window.tools.choose("line")
    hand.drag(a, b)


def test_a_line_is_drawn_listed_and_undone(masked):
    draw(masked, (20, 64), (220, 104))
    (drawn,) = masked.document.lines
    assert drawn.line.length == pytest.approx(np.hypot(200, 40), abs=2)
    assert masked.document.history.now.label == "Draw line"
    masked.key("Ctrl+Z")
    assert masked.document.lines == ()
    masked.key("Ctrl+Shift+Z")
    assert masked.document.lines == (drawn,)


def test_an_end_is_moved_and_a_right_click_removes(masked):
    draw(masked, (20, 64), (200, 64))
    masked.drag((200, 64), (220, 104))
    (drawn,) = masked.document.lines
    assert {round(end.y / 10) for end in (drawn.line.a, drawn.line.b)} == {6, 10}
    masked.drag((20.5, 64.5), (20.5, 64.5), button=Qt.MouseButton.RightButton)
    assert masked.document.lines == ()


def test_what_goes_on_through_the_hole_is_suggested_and_accepted_with_one_click(masked, qtbot):
    qtbot.waitUntil(lambda: masked.document.suggested != (), timeout=10_000)
    line = masked.document.suggested[0]
    masked.window.guides_panel.link.click()
    assert Drawn(line) in masked.document.lines
    assert masked.document.suggested == ()


def test_a_dashed_line_is_accepted_on_the_canvas(masked, qtbot):
    qtbot.waitUntil(lambda: masked.document.suggested != (), timeout=10_000)
    line = masked.document.suggested[0]
    masked.window.tools.choose("line")
    middle = masked.canvas.place_of((line.a.x + line.b.x) / 2, (line.a.y + line.b.y) / 2)
    QTest.mouseClick(masked.canvas, Qt.MouseButton.LeftButton, pos=QPoint(middle))
    assert masked.document.lines == (Drawn(line),)
    assert line not in masked.document.suggested
    masked.key("Ctrl+Z")
    assert line in masked.document.suggested


def test_a_line_that_is_drawn_along_one_that_is_suggested_takes_its_place(masked, qtbot):
    qtbot.waitUntil(lambda: masked.document.suggested != (), timeout=10_000)
    line = masked.document.suggested[0]
    draw(masked, (20, 20), (200, 10))
    (drawn,), suggested = masked.document.lines, masked.document.suggested
    assert suggested[0].a == line.a
    assert drawn.line.colour not in {one.colour for one in suggested}  # they are not one thing
    draw(masked, (line.a.x, line.a.y + 1), (line.b.x, line.b.y + 2))
    assert line.a not in {one.a for one in masked.document.suggested}


def test_what_was_suggested_is_so_again_when_the_fill_is_undone(masked, qtbot):
    document = masked.document
    qtbot.waitUntil(lambda: document.suggested != (), timeout=10_000)
    masked.key("Return")
    masked.rest()
    assert document.suggested == ()
    assert not masked.canvas.hatched
    masked.key("Ctrl+Z")
    assert masked.canvas.hatched
    qtbot.waitUntil(lambda: document.suggested != (), timeout=10_000)
    masked.key("Ctrl+Shift+Z")
    assert document.suggested == ()
    assert not masked.canvas.hatched


def test_after_the_fill_each_line_says_how_far_it_is_off(masked, qtbot):
    draw(masked, (20, 64), (220, 104))
    masked.key("Return")
    row = masked.window.guides_panel._rows[0]
    qtbot.waitUntil(lambda: row._residual.text() != "", timeout=10_000)
    assert float(row._residual.text().split()[0]) < 2


def test_the_eye_leaves_a_line_out(masked):
    draw(masked, (20, 64), (220, 104))
    assert masked.document.scene().guides.lines
    masked.window.guides_panel._rows[0]._eye.click()
    assert not masked.document.scene().guides.lines
    assert masked.document.history.now.label == "Ignore line"


def test_lines_come_back_with_the_project(masked, tmp_path):
    draw(masked, (20, 64), (220, 104))
    lines = masked.document.lines
    masked.parts.filing.save(masked.document, tmp_path / "wall.patina", {})
    masked.rest()
    masked.window.files.close(masked.document)
    masked.rest()
    masked.open(tmp_path / "wall.patina")
    assert masked.document.lines == lines


def test_a_mode_that_heeds_no_lines_shows_and_suggests_none(masked, qtbot):
    qtbot.waitUntil(lambda: masked.document.suggested != (), timeout=10_000)
    modes = {mode.name: mode for mode in MODES}
    masked.window.choose_mode(modes["reshuffle"])
    assert masked.document.suggested == ()
    assert not masked.canvas.lines_visible
    masked.window.choose_mode(modes["fill"])
    qtbot.waitUntil(lambda: masked.document.suggested != (), timeout=10_000)
    assert masked.canvas.lines_visible
