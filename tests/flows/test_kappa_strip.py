"""Someone looks what κ does, and takes the result that is best."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.operations import Analogy
from editor.operations import kappas as strip
from editor.ui.modes import MODES


@pytest.fixture
def stage(hand, tmp_path):
    rng = np.random.default_rng(2)
    for name in ("A", "Ap", "B"):
        Image.fromarray(rng.integers(0, 255, (24, 32, 3), np.uint8)).save(
            tmp_path / f"x-{name}.png"
        )
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    hand.window.doing.open_pair(tmp_path / "x-A.png")
    hand.rest()
    return hand.window.doing.stage()


def compare(hand, stage):
    stage.kappas_wanted.emit()
    hand.rest()


def click(stage, number):
    QTest.mouseClick(stage.strip._results[number], Qt.MouseButton.LeftButton)


def kappa(hand):
    operation = hand.window.options.operation()
    return operation.kappa, operation.method


def test_the_one_that_is_clicked_becomes_B_prime(hand, stage):
    compare(hand, stage)
    assert stage.strip.isVisible()
    assert [one.isEnabled() for one in stage.strip._results] == [True] * 4
    seen = stage.strip._results[2]._made
    click(stage, 2)
    assert not stage.strip.isVisible()
    assert kappa(hand) == (5.0, "exact")
    assert (stage.made.pixels == seen.pixels).all()
    assert hand.document.history.saved
    hand.key("Return")  # and Enter takes it
    assert (hand.document.image == seen.pixels).all()


def test_of_a_map_of_labels(hand, stage):
    options = hand.window.options
    numbers = Analogy(preset="numbers").suggested()
    options.set_operation(numbers)
    options.changed.emit(numbers)
    compare(hand, stage)
    click(stage, 1)
    assert hand.window.doing.label == "Take"
    assert kappa(hand) == (1.0, "exact")
    assert hand.shown() == []


def test_by_key(hand, stage):
    compare(hand, stage)
    assert stage.strip.at == 0  # the κ of the options
    for key in (Qt.Key.Key_Right,) * 5 + (Qt.Key.Key_Left,):
        QTest.keyClick(hand.window.focusWidget(), key)
    assert stage.strip.at == 2
    hand.key("Return")
    assert kappa(hand) == (5.0, "exact")
    assert stage.made is not None


def test_what_was_made_small_is_made_large_when_it_is_taken(hand, stage, monkeypatch):
    monkeypatch.setattr(strip, "_SMALL", 10_000)
    hand.key("Return")  # there is a B′ already
    compare(hand, stage)
    assert stage.strip._results[3]._made.pixels.shape < (24, 32, 3)
    click(stage, 3)
    hand.rest()
    assert kappa(hand) == (15.0, "exact")
    assert stage.made.pixels.shape == (24, 32, 3)
    assert hand.document.history.saved
    assert hand.document.finding(Analogy).operation.kappa == 15.0


def test_full_size_is_made_anew(hand, stage, monkeypatch):
    monkeypatch.setattr(strip, "_SMALL", 10_000)
    stage.kappas_wanted.emit()
    stage.strip._size.changed.emit(False)  # while the small ones are being made
    hand.rest()
    assert stage.strip._results[0]._made.pixels.shape == (24, 32, 3)


def test_escape_stops_and_escape_again_closes(hand, stage):
    stage.kappas_wanted.emit()
    hand.window.edit.do_stop()
    hand.rest()
    assert stage.strip.isVisible()
    click(stage, 3)  # it is not there
    assert stage.strip.isVisible()
    hand.window.edit.do_stop()
    assert not stage.strip.isVisible()
    assert stage.panes["A"].isVisible()
    assert kappa(hand) == (0.0, "auto")


def test_another_A_closes_it(hand, stage, tmp_path):
    compare(hand, stage)
    hand.window.doing.put("A", tmp_path / "x-B.png")
    hand.rest()
    assert not stage.strip.isVisible()


def test_while_something_is_made_it_says_so(hand, stage):
    hand.window.edit.do_go()
    stage.kappas_wanted.emit()
    [said] = hand.shown()
    assert said == "Analogy is not done yet: wait for it, or stop it (Esc)."
    hand.rest()


def test_without_pictures_it_asks_for_them(hand, scratched):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    hand.open(scratched)
    hand.window.doing.stage().kappas_wanted.emit()
    assert hand.shown()[-1] == "Open A, A′ and B first."
