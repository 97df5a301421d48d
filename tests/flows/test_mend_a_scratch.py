"""Open a photo, paint over a scratch, Enter, compare, undo, save, export: the whole road."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from editor.operations import Fill
from editor.ui.widgets import IconSwitch


@pytest.fixture
def painted(hand, scratched):
    """The scratched picture with the scratch painted over."""
    hand.open(scratched)
    tool = hand.window.tool_bar.tool
    tool.settings = tool.Settings.from_dict({**tool.settings.to_dict(), "size": 12})
    hand.drag((80.5, 16), (80.5, 104))
    return hand


def test_the_scratch_is_mended_and_nothing_else_changes(painted, scratched):
    original = np.asarray(Image.open(scratched))
    hole = painted.document.mask > 0
    assert hole[20:100, 79:82].all()
    painted.key("Return")
    mended = painted.document.image
    assert np.abs(mended[60, 80].astype(int) - mended[60, 70]).max() < 12
    assert (mended[~hole] == original[~hole]).all()
    assert [state.label for state in painted.document.history.states] == [
        "Open “scratched.png”",
        "Brush",
        "Fill",
    ]


def test_the_mask_stays_after_the_fill_to_be_added_to(painted):
    before = int((painted.document.mask > 0).sum())
    painted.key("Return")
    assert int((painted.document.mask > 0).sum()) == before
    painted.drag((20, 20), (40, 20))
    assert int((painted.document.mask > 0).sum()) > before


def test_undo_and_redo_walk_the_road_back_and_forth(painted):
    original = painted.document.image.copy()
    painted.key("Return")
    mended = painted.document.image.copy()
    painted.key("Ctrl+Z")
    assert (painted.document.image == original).all()
    assert painted.document.mask.any()
    painted.key("Ctrl+Z")
    assert not painted.document.mask.any()
    painted.key("Ctrl+Shift+Z")
    painted.key("Ctrl+Y")
    assert (painted.document.image == mended).all()


def test_holding_backslash_shows_the_picture_as_it_was(painted):
    painted.key("Return")
    canvas, window = painted.canvas, painted.window
    QTest.keyPress(window, Qt.Key.Key_Backslash)
    assert canvas.compare == "before"
    QTest.keyRelease(window, Qt.Key.Key_Backslash)
    assert canvas.compare == "after"


def test_enter_without_a_mask_says_what_to_do(hand, scratched):
    hand.open(scratched)
    hand.key("Return")
    assert hand.shown() == ["Paint over what should go, then press Enter."]


def test_x_takes_away_from_the_mask(painted):
    painted.key("X")
    painted.drag((80.5, 10), (80.5, 110))
    assert not painted.document.mask[30:90, 80].any()


def test_a_saved_project_opens_as_it_was(painted, tmp_path, monkeypatch):
    painted.key("Return")
    image, mask = painted.document.image.copy(), painted.document.mask.copy()
    target = tmp_path / "mended.patina"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    painted.key("Ctrl+S")
    assert painted.document.history.saved
    assert painted.document.title == "mended.patina"
    painted.key("Ctrl+W")
    assert painted.document is None
    painted.open(target)
    assert (painted.document.image == image).all()
    assert (painted.document.mask == mask).all()


def test_closing_with_changes_asks_first(painted):
    painted.key("Ctrl+W")
    assert painted.shown() == ["scratched.png has changes that are not saved."]
    assert painted.document is not None
    painted.answer("Discard")
    assert painted.document is None


def test_the_project_on_disk_is_not_overwritten_unasked(painted, tmp_path, monkeypatch):
    target = tmp_path / "mended.patina"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    painted.key("Ctrl+S")
    target.write_bytes(b"somebody else was here")
    painted.drag((20, 20), (40, 20))
    painted.key("Ctrl+S")
    assert painted.shown()[-1] == "mended.patina was changed by another program."
    assert target.read_bytes() == b"somebody else was here"
    painted.answer("Overwrite it")
    assert target.read_bytes()[:2] == b"PK"


def test_a_mask_of_another_size_is_refused_with_both_sizes(hand, scratched, tmp_path, monkeypatch):
    hand.open(scratched)
    mask = tmp_path / "mask.png"
    Image.fromarray(np.full((10, 20), 255, np.uint8)).save(mask)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(mask), ""))
    hand.window.actions_["import_mask"].trigger()
    hand.rest()
    assert "20 × 10" in hand.shown()[-1]
    assert "160 × 120" in hand.shown()[-1]
    assert not hand.document.mask.any()


def test_a_file_that_is_no_picture_is_refused_in_one_sentence(hand, tmp_path):
    fake = tmp_path / "notes.png"
    fake.write_text("this is not a picture")
    hand.parts.filing.open(fake)
    hand.rest()
    assert len(hand.shown()) == 1
    assert "notes.png" in hand.shown()[0]
    assert hand.document is None


def test_everything_fits_into_a_small_window(hand, scratched):
    hand.open(scratched)
    for tool in hand.window.tool_bar.tools:
        hand.window.tool_bar.choose(tool)
        hand.rest()
        assert hand.window.minimumSizeHint().width() <= 1280
        assert (hand.window.width(), hand.window.height()) == (1280, 720)


def test_the_pens_pressure_is_switched_by_an_icon(hand, scratched):
    hand.open(scratched)
    [by_strength] = [
        one for one in hand.window.findChildren(IconSwitch) if one.icon_name() == "pen-strength"
    ]
    assert by_strength.toolTip() == "Pen strength: Pressing a pen harder makes the mask fuller."
    brush = hand.window.tool_bar.tool
    assert not brush.settings.pressure_strength
    QTest.mouseClick(by_strength, Qt.MouseButton.LeftButton)
    assert brush.settings.pressure_strength
    assert by_strength.value()


def test_only_what_counts_for_the_method_is_shown(painted):
    panel = painted.window.options
    rows = {
        row.property("param"): row
        for row in panel.findChildren(QWidget)
        if row.property("param") is not None
    }
    assert rows["grain"].isHidden()
    panel.set_operation(Fill(method="smooth"))
    assert not rows["grain"].isHidden()
    painted.key("Return")
    assert painted.document.history.now.command.recipe["values"]["method"] == "smooth"


def test_the_first_q_hides_the_mask(hand, scratched):
    hand.open(scratched)
    assert hand.canvas.overlay_visible
    hand.key("Q")
    assert not hand.canvas.overlay_visible
    hand.key("Q")
    assert hand.canvas.overlay_visible
