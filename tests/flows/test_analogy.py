"""Someone shows a picture before and after, and wants the same for their own."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from editor.operations import Analogy
from editor.ui.modes import MODES


def labels(turned=False):
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[:, 30:] = (255, 0, 0)
    return picture[:, ::-1] if turned else picture


def textured():
    noise = np.random.default_rng(1).integers(0, 40, (40, 60, 1))
    return (noise + np.where(labels()[..., :1] > 0, 200, 20)).astype(np.uint8).repeat(3, axis=2)


@pytest.fixture
def files(tmp_path):
    pictures = {"A": labels(), "Ap": textured(), "B": labels(turned=True)}
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(tmp_path / f"set-{name}.png")
    return {name: tmp_path / f"set-{name}.png" for name in pictures}


@pytest.fixture
def stage(hand):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    return hand.window.doing.stage()


@pytest.fixture
def ready(hand, stage, files):
    """The three pictures are dropped, and what they are for is chosen."""
    for name, path in zip(("A", "A′", "B"), files.values(), strict=True):
        drop(stage.panes[name], path)
        hand.rest()
    choose(hand, preset="numbers")
    return hand


def drop(pane, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    fall(pane, data)


def fall(pane, data):
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    pane.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))


def choose(hand, **values):
    options = hand.window.options
    operation = Analogy.from_dict({**options.operation().to_dict(), **values})
    options.set_operation(operation)
    options.changed.emit(operation)


def shown(stage, name):
    return stage.panes[name].document.image


def test_the_panes_say_what_belongs_there(stage):
    assert stage.isVisible()
    assert not any(pane.document for pane in stage.panes.values())
    assert [pane.accessibleName() for pane in stage.panes.values()] == [
        "A: before", "A′: after", "B: yours", "B′: result"
    ]  # fmt: skip


def test_a_purpose_sets_the_other_options(ready):
    operation = ready.window.options.operation()
    assert (operation.takes, operation.compares, operation.guidance) == ("pixels", "colour", 2.0)
    choose(ready, preset="filter")
    assert ready.window.options.operation() == Analogy()


def test_enter_makes_it_and_enter_again_takes_it(ready, stage):
    ready.key("Return")
    assert shown(stage, "B′")[:, :25].mean() > 190
    assert shown(stage, "B′")[:, 35:].mean() < 90
    assert ready.document.history.saved
    assert (shown(stage, "B") == labels(turned=True)).all()
    made = shown(stage, "B′").copy()
    ready.key("Return")
    assert (ready.document.image == made).all()
    assert stage.panes["B′"].document is None
    ready.key("Ctrl+Z")
    assert (ready.document.image == labels(turned=True)).all()


def test_after_a_change_enter_makes_it_anew(ready, stage):
    ready.key("Return")
    choose(ready, seed=7)
    ready.key("Return")
    assert ready.document.history.saved
    assert ready.document.finding(Analogy).operation.seed == 7
    QTest.mouseClick(stage.take, Qt.MouseButton.LeftButton)
    assert ready.document.history.now.label == "Analogy"


def test_what_the_cursor_is_over_lights_up_in_all_four(ready, stage):
    ready.key("Return")
    canvas = stage.panes["B′"].canvas
    QTest.mouseMove(canvas, canvas.place_of(12.5, 20.5))
    assert stage.panes["B"].canvas.mark == (12, 20)
    x, y = stage.panes["A′"].canvas.mark
    assert stage.panes["A"].canvas.mark == (x, y)
    assert (shown(stage, "A′")[y, x] == shown(stage, "B′")[20, 12]).all()
    QTest.mouseMove(stage.panes["A"].canvas, stage.panes["A"].canvas.place_of(5.5, 6.5))
    assert stage.panes["A′"].canvas.mark == (5, 6)


def test_all_zoom_and_pan_together(ready, stage):
    ready.key("Return")
    stage.panes["A′"].canvas.zoom_to(9.0)
    stage.panes["A′"].canvas.pan_by(-40, 15)
    for pane in stage.panes.values():
        assert pane.canvas.scale == 9.0
        assert pane.canvas.middle.x == pytest.approx(stage.panes["A′"].canvas.middle.x, abs=0.01)
    ready.key("0")
    assert all(pane.canvas.view.fitted for pane in stage.panes.values())


def test_a_new_result_is_seen_where_the_others_are(ready, stage):
    stage.panes["B"].canvas.zoom_to(9.0)
    ready.key("Return")
    assert stage.panes["B′"].canvas.scale == 9.0
    assert stage.panes["A"].canvas.scale == 9.0


def test_two_pictures_change_places(ready, stage):
    fall(stage.panes["A"], stage.panes["A′"].carried())
    assert (shown(stage, "A") == textured()).all()
    assert (shown(stage, "A′") == labels()).all()
    fall(stage.panes["B"], stage.panes["A"].carried())
    assert (ready.document.image == textured()).all()
    assert (shown(stage, "A") == labels(turned=True)).all()


def test_a_pair_is_opened_by_one_of_its_names(hand, stage, files, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(files["Ap"]), ""))
    stage.pair_wanted.emit()
    hand.rest()
    assert (shown(stage, "A") == labels()).all()
    assert (shown(stage, "A′") == textured()).all()
    assert (hand.document.image == labels(turned=True)).all()


def test_a_picture_that_is_alone_is_said(hand, stage, tmp_path):
    Image.fromarray(labels()).save(tmp_path / "only-A.png")
    hand.window.doing.open_pair(tmp_path / "only-A.png")
    assert "only-A.png is alone" in hand.shown()[-1]


def test_without_a_pair_enter_asks_for_it(hand, stage, files):
    drop(stage.panes["B"], files["B"])
    hand.rest()
    hand.key("Return")
    assert "There is no A and A′ yet" in hand.shown()[-1]


def test_pictures_of_different_sizes_are_refused_in_a_sentence(ready, stage, tmp_path):
    Image.fromarray(textured()[:30]).save(tmp_path / "short.png")
    drop(stage.panes["A′"], tmp_path / "short.png")
    ready.rest()
    ready.key("Return")
    assert "A is 60 × 40 and A′ is 60 × 30" in ready.shown()[-1]
    assert stage.panes["B′"].document is None


def test_escape_leaves_what_was_there(ready, stage):
    ready.window.edit.do_go()
    ready.window.edit.do_stop()
    ready.rest()
    assert stage.whole
    ready.key("Return")
    assert stage.panes["B′"].document is not None


def test_an_example_opens_in_one_click(hand, stage):
    next(action for action in stage._menu.actions() if action.text() == "Plain texture").trigger()
    hand.rest()
    assert all(stage.panes[name].document for name in ("A", "A′", "B"))
    assert hand.window.options.operation().preset == "texture"


def test_the_pictures_stay_when_another_mode_is_looked_at(ready, stage):
    ready.key("Return")
    ready.window.choose_mode(MODES[0])
    ready.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    assert stage.isVisible()
    assert all(pane.document for pane in stage.panes.values())
