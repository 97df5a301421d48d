"""Someone photographed a painting: it lies askew on its motif, or is of another size."""

import numpy as np
import pytest
from PIL import Image

from editor.ui.modes import MODES
from tests.engine.test_align import inner, moved, painted, picture
from tests.flows.test_filters import press


@pytest.fixture
def stage(hand):
    hand.window.choose_mode(next(mode for mode in MODES if mode.name == "analogy"))
    return hand.window.doing.stage()


@pytest.fixture
def put(hand, stage, tmp_path):
    def put(name, pixels):
        path = tmp_path / f"{len(name)}.png"
        Image.fromarray(pixels).save(path)
        hand.window.doing.put(name, path)
        hand.rest()

    return put


def after(stage):
    return stage.panes["A′"].document.image


def test_one_click_lays_it_upon_A_and_one_takes_it_back(hand, stage, put):
    put("A", picture())
    askew = moved(painted(picture()), x=9, y=-5)
    put("A′", askew)
    assert hand.shown() == ["A′ seems to lie +9, −5 pixels off A."]
    hand.answer("Align A′ to A")
    assert np.abs(inner(after(stage)) - inner(painted(picture()))).mean() < 4
    assert hand.shown() == []
    press(stage.panes["A′"].undo)
    assert (after(stage) == askew).all()
    assert stage.panes["A′"].undo.isHidden()


def test_another_size_is_offered_to_be_scaled(hand, stage, put):
    put("A′", picture()[::2, ::2].copy())
    put("A", picture())
    assert hand.shown() == ["A is 200 × 150 and A′ is 100 × 75: they must lie pixel on pixel."]
    hand.answer("Scale A′ to A")
    assert after(stage).shape == picture().shape
    assert stage.panes["A′"]._title.note.text().endswith("200 × 150")


def test_nothing_is_said_of_a_pair_that_lies_well(hand, stage, put):
    put("A", picture())
    put("A′", painted(picture()))
    assert hand.shown() == []


def test_an_offer_goes_with_the_picture_it_was_for(hand, stage, put):
    put("A", picture())
    put("A′", moved(picture(), x=9))
    assert len(hand.shown()) == 1
    put("A′", painted(picture()))
    assert hand.shown() == []
    put("A′", moved(picture(), x=9))
    assert len(hand.shown()) == 1
    stage.panes["A"].clear_wanted.emit("A")
    assert hand.shown() == []


def test_an_aligned_picture_makes_another_result(hand, stage, put):
    put("A", picture())
    put("A′", moved(255 - picture(), x=9))
    hand.parts.session.add(picture(), "B")
    hand.window.doing.go()
    hand.rest()
    assert hand.window.doing.label == "Take"
    hand.window.notices.shown()[-1].dismiss()  # what was noticed while it was made
    hand.answer("Align A′ to A")
    assert hand.window.doing.label == "Analogy"
