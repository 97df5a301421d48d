"""Someone shows an example in and out and a query, and the empty cell is completed."""

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from editor.operations import Analogy
from editor.ui.modes import MODES
from tests.flows.test_filters import press
from tests.operations.test_prompt import figure, small


@pytest.fixture
def stage(hand):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    options = hand.window.options
    operation = Analogy(preset="prompt")
    options.set_operation(operation)
    options.changed.emit(operation)
    return hand.window.doing.stage()


def test_a_figure_is_opened_and_its_empty_cell_completed(hand, stage, tmp_path, monkeypatch):
    path = tmp_path / "figure.png"
    Image.fromarray(figure(gap=6)[0]).save(path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    press(stage._figure)
    hand.rest()
    assert (stage.panes["A"].document.image == small()).all()
    assert (stage.panes["A′"].document.image == 255 - small()).all()
    assert (hand.document.image == small(1)).all()
    hand.key("Return")
    assert "The example seems to show a change of every colour." in hand.shown()
    made = stage.panes["B′"].document.image.astype(int)
    assert abs(made - (255 - small(1))).mean() < 12
    hand.key("Return")
    assert (hand.document.image == made).all()


def test_what_it_can_do_is_said_where_the_result_will_be(hand, stage):
    assert "It knows no things" in stage.panes["B′"].ask
    assert not stage._figure.isHidden()
    rows = hand.window.options._fields._rows
    assert [name for name, row in rows.items() if not row.isHidden()] == ["preset", "seed"]
    hand.window.doing.tuned(Analogy(preset="filter"))
    assert stage.panes["B′"].ask == "It is made of the others"
    assert stage._figure.isHidden()
    hand.rest()


def test_a_picture_that_is_no_figure_is_refused_in_a_sentence(hand, stage, tmp_path):
    Image.fromarray(small()).save(tmp_path / "whole.png")
    hand.window.doing.open_figure(tmp_path / "whole.png")
    hand.rest()
    assert "One cell of the figure must be empty" in hand.shown()[-1]
    assert hand.document is None
