"""Someone keeps an analogy as a filter, and uses it on another picture another day."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from editor.operations import Analogy
from editor.ui.dialogs.filters import FiltersSheet, SaveFilterSheet
from editor.ui.modes import MODES
from tests.cli.test_analogy import labels, textured

# The screen that is none says so whenever a small window comes to the front.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def files(tmp_path):
    pictures = {"A": labels(), "A′": textured(), "B": labels(turned=True), "other": labels()}
    paths = {name: tmp_path / f"{name[0]}{len(name)}.png" for name in pictures}
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(paths[name])
    return paths


@pytest.fixture
def ready(hand, files):
    """Three pictures are dropped, and what they are for is chosen."""
    choose_mode(hand, "analogy")
    for name in ("A", "A′", "B"):
        drop(hand.window.doing.stage().panes[name], files[name])
        hand.rest()
    options = hand.window.options
    operation = Analogy.from_dict({**options.operation().to_dict(), "preset": "numbers"})
    options.set_operation(operation)
    options.changed.emit(operation)
    return hand


def choose_mode(hand, name):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == name))


def drop(pane, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    pane.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def menu(hand):
    hand.window.menus["Filter"].aboutToShow.emit()
    return [one for one in hand.window.menus["Filter"].actions() if one.text()]


def save(hand, name):
    hand.window.doing.stage().filter_wanted.emit()
    hand.rest()
    sheet = hand.window.findChild(SaveFilterSheet)
    sheet.name.setText(name)
    press(sheet.save)
    hand.rest()
    return sheet


def test_drop_four_run_hover_keep_it_and_use_it_elsewhere(ready, files):
    stage = ready.window.doing.stage()
    ready.key("Return")
    canvas = stage.panes["B′"].canvas
    QTest.mouseMove(canvas, canvas.place_of(4.5, 9.5))
    x, y = stage.panes["A′"].canvas.mark
    assert (textured()[y, x] == stage.panes["B′"].document.image[9, 4]).all()
    save(ready, "River")
    assert ready.shown()[-1] == "River is in the Filter menu now."
    choose_mode(ready, "fill")
    ready.open(files["other"])
    menu(ready)[0].trigger()
    ready.rest()
    made = ready.document.image
    assert made[:, :13].mean() < 90
    assert made[:, 17:].mean() > 190
    assert ready.document.history.now.label == "Filter “River”"
    ready.key("Ctrl+Z")
    assert (ready.document.image == labels()).all()


def test_a_filter_is_seen_in_the_pane_while_it_is_made(ready):
    save(ready, "River")
    seen = []
    ready.parts.session.results.shown.connect(
        lambda shown: seen.append(ready.window.doing.surface.document is shown.document)
    )
    menu(ready)[0].trigger()
    ready.rest()
    assert seen
    assert all(seen)
    assert ready.document.image[:, :13].mean() > 190


def test_the_menu_teaches_while_it_is_empty(hand):
    first = menu(hand)[0]
    assert first.text() == "Save an analogy, and it is here"
    assert not first.isEnabled()
    hand.rest()


def test_filters_are_of_no_use_without_a_picture(ready):
    save(ready, "River")
    ready.parts.session.close_document(ready.document)
    assert menu(ready)[0].text() == "River"
    assert not menu(ready)[0].isEnabled()


def test_without_a_pair_there_is_nothing_to_keep(hand):
    hand.window.actions_["save_filter"].trigger()
    assert "There is no A and A′ yet" in hand.shown()[-1]
    assert hand.window.findChild(SaveFilterSheet) is None
    hand.rest()


def test_a_name_that_cannot_be_is_said_as_it_is_typed(ready):
    sheet = save(ready, "a/b")
    assert not sheet.save.isEnabled()
    assert "'/' cannot be in the name of a file" in sheet._words.text()
    assert ready.window.filters.names() == []


def test_a_name_that_is_taken_is_replaced_on_the_second_press(ready):
    save(ready, "River")
    sheet = save(ready, "River")
    assert sheet.save.text() == "Replace it"
    sheet.name.setText("River 2")
    assert sheet.save.text() == "Save"
    sheet.name.setText("River")
    press(sheet.save)
    press(sheet.save)
    ready.rest()
    assert ready.window.filters.names() == ["River"]


def test_filters_are_renamed_deleted_and_brought_back(ready):
    save(ready, "River")
    save(ready, "Sea")
    ready.window.actions_["manage_filters"].trigger()
    ready.rest()
    sheet = ready.window.findChild(FiltersSheet)
    assert [row.name for row in sheet.rows] == ["River", "Sea"]
    assert all(row.picture._image is not None for row in sheet.rows)
    rename(sheet.rows[0], "Stream")
    ready.rest()
    assert [row.name for row in sheet.rows] == ["Sea", "Stream"]
    press(sheet.rows[0].delete)
    ready.rest()
    assert ready.window.filters.names() == ["Stream"]
    assert ready.shown()[-1] == "The filter Sea is deleted."
    ready.answer("Bring it back")
    assert [row.name for row in sheet.rows] == ["Sea", "Stream"]


def test_a_name_that_is_taken_stays_another_ones(ready):
    save(ready, "River")
    save(ready, "Sea")
    ready.window.actions_["manage_filters"].trigger()
    ready.rest()
    sheet = ready.window.findChild(FiltersSheet)
    rename(sheet.rows[0], "Sea")
    ready.rest()
    assert ready.shown()[-1] == "Sea is the name of another filter."
    assert sheet.rows[0].field.text() == "River"


def rename(row, new):
    row.field.setText(new)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


def test_a_file_that_is_no_filter_is_said(ready, home):
    folder = home / "data" / "filters"
    folder.mkdir(parents=True)
    (folder / "Broken.filter").write_bytes(b"no zip")
    before = np.array(ready.document.image)
    menu(ready)[0].trigger()
    ready.rest()
    assert "Broken.filter cannot be opened" in ready.shown()[-1]
    assert (ready.document.image == before).all()


def test_two_pairs_are_learnt_from_and_kept(ready, tmp_path):
    stage = ready.window.doing.stage()
    bright = tmp_path / "bright.png"
    Image.fromarray(np.full_like(labels(), 251)).save(bright)
    blue = tmp_path / "blue.png"
    Image.fromarray(
        np.full_like(labels(), (0, 0, 255)) + np.eye(24, 30, dtype=np.uint8)[..., None]
    ).save(blue)
    press(stage.another)
    drop(stage.panes["A₂"], blue)
    ready.rest()
    ready.key("Return")
    assert ready.shown()[-1] == "There is no A′₂ yet: open it, or drop it there."
    drop(stage.panes["A′₂"], bright)
    ready.rest()
    save(ready, "Both")
    ready.open(blue)
    ready.key("Return")
    assert (stage.panes["B′"].document.image == 251).all()
    canvas = stage.panes["B′"].canvas
    QTest.mouseMove(canvas, canvas.place_of(15.5, 9.5))
    assert stage.panes["A"].canvas.mark is None
    assert stage.panes["A₂"].canvas.mark == stage.panes["A′₂"].canvas.mark is not None
    menu(ready)[0].trigger()
    ready.rest()
    assert (ready.document.image == 251).all()


def test_a_pair_that_is_taken_away_lets_the_next_one_move_up(ready, files):
    stage = ready.window.doing.stage()
    press(stage.another)
    press(stage.another)
    assert not stage.another.isEnabled()
    drop(stage.panes["A₃"], files["other"])
    ready.rest()
    stage.panes["A′₂"].clear_wanted.emit("A′₂")
    assert list(stage.panes) == ["A", "A′", "B", "B′", "A₂", "A′₂"]
    assert (stage.panes["A₂"].document.image == labels()).all()
    stage.panes["A₂"].clear_wanted.emit("A₂")
    assert list(stage.panes) == ["A", "A′", "B", "B′"]
    assert stage.another.isEnabled()
    assert stage.panes["A"].document is not None
