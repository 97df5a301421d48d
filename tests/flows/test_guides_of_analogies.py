"""Someone lays further pictures on A and on B that say what belongs where."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from tests.cli.test_analogy import labels, textured
from tests.flows.test_filters import choose_mode, press

NOTHING = np.zeros((24, 30, 3), np.uint8)
NOTHING[0, 0] = 9  # it must not be of a single colour


@pytest.fixture
def paths(tmp_path):
    pictures = {"A": NOTHING, "A′": textured(), "B": NOTHING, "on A": labels(),
                "on B": labels(turned=True), "short": labels()[:9]}  # fmt: skip
    found = {name: tmp_path / f"{number}.png" for number, name in enumerate(pictures)}
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(found[name])
    return found


@pytest.fixture
def panel(hand, paths):
    """The mode with three pictures of which A and B say nothing, and an empty guide."""
    choose_mode(hand, "analogy")
    doing, options = hand.window.doing, hand.window.options
    options.set_operation(type(options.operation())(preset="numbers").suggested())
    for name in ("A", "A′", "B"):
        doing.put(name, paths[name])
        hand.rest()
    panel = hand.window.beside_panel
    press(panel.link)
    return panel


def drop(hand, spot, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    spot.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
    hand.rest()


def made(hand):
    return hand.window.doing.stage().panes["B′"].document.image


def test_a_guide_says_what_belongs_where(hand, panel, paths, monkeypatch):
    drop(hand, panel.rows[0].spots[0], paths["on A"])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(paths["on B"]), ""))
    press(panel.rows[0].spots[1])
    hand.rest()
    hand.key("Return")
    assert made(hand)[:, :13].mean() > 190
    assert made(hand)[:, 17:].mean() < 90
    assert hand.window.doing.label == "Take"
    panel.weighed.emit(0, 0.0)
    assert hand.window.doing.label == "Analogy"
    operation = hand.window.doing.operation()
    assert operation.weights == (1.0, 0.0)
    assert panel.rows[0].slider.number() == 0
    panel.removed.emit(0)
    assert hand.window.doing.operation().beside == ()
    assert panel.rows == []


def test_half_a_guide_is_asked_for(hand, panel, paths):
    drop(hand, panel.rows[0].spots[0], paths["on A"])
    hand.key("Return")
    assert hand.shown()[-1] == "Guide 1 has no picture for B yet: open it, or drop it."


def test_a_guide_of_another_size_is_refused_in_a_sentence(hand, panel, paths):
    drop(hand, panel.rows[0].spots[0], paths["on A"])
    drop(hand, panel.rows[0].spots[1], paths["short"])
    hand.key("Return")
    assert "The guides of B are 30 × 24 and 30 × 9" in hand.shown()[-1]


def test_guides_and_pairs_do_not_go_together(hand, panel, paths):
    stage = hand.window.doing.stage()
    press(stage.another)
    hand.window.doing.put("A₂", paths["on A"])
    hand.window.doing.put("A′₂", paths["A′"])
    hand.rest()
    hand.key("Return")
    assert "Guides lie on one A" in hand.shown()[-1]


def test_guides_belong_to_one_B_and_make_no_filter(hand, panel, paths):
    for spot, name in zip(panel.rows[0].spots, ("on A", "on B"), strict=True):
        drop(hand, spot, paths[name])
    hand.window.actions_["save_filter"].trigger()
    assert "Guides lie on one B" in hand.shown()[-1]
