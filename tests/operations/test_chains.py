from contextlib import contextmanager

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Endless, GrowText, Scene, WalkChain, WatchClip, WatchText
from editor.operations.chains import with_chance
from tests.footage import InMemory
from tests.pendulum import pendulum

CPU = Device("cpu", 1)
BLANK = Scene(np.zeros((1, 1, 3), np.uint8))


def made(operation, scene=BLANK):
    return last(operation.steps(scene, CPU))


def test_days_are_drawn_and_their_shares_told():
    walked = made(WalkChain(days=50, seed=2))
    assert len(walked.states) == len(walked.shares) == len(walked.expected) == 51
    assert walked.limit == pytest.approx([2 / 3, 1 / 3])
    assert walked.shares[-1, 1] == pytest.approx((walked.states == 1).mean())
    assert walked.expected[-1] == pytest.approx(walked.limit, abs=1e-6)


def test_the_same_seed_is_the_same_weather():
    a, b, c = (made(WalkChain(seed=seed)).states.tolist() for seed in (1, 1, 2))
    assert a == b != c


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (WalkChain(chances=((0.5, 0.6), (1.0, 0.0))), "sum to 1.1"),
        (WalkChain(names=("sun",)), "as many rows and columns"),
        (WalkChain(start=2), "the start is state 2"),
        (WatchClip(), "this is a picture"),
        (WatchText(fetch=str), "too few different letters"),
    ],
)
def test_what_cannot_be_done_is_said(operation, words):
    with pytest.raises(ValueError, match=words):
        made(operation)


def test_another_chance_leaves_the_row_whole():
    rows = ((0.0, 0.5, 0.5), (0.25, 0.5, 0.25), (0.25, 0.25, 0.5))
    assert with_chance(rows, 0, 0, 0.2) == ((0.2, 0.4, 0.4), *rows[1:])
    assert with_chance(rows, 0, 1, 1.3)[0] == (0.0, 1.0, 0.0)
    assert with_chance(((0.0, 1.0), (1.0, 0.0)), 0, 1, 0.4)[0] == pytest.approx((0.6, 0.4))
    third = with_chance(((1.0, 0.0, 0.0),) * 3, 2, 0, 0.0)[2]
    assert third == (0.0, 0.5, 0.5)


def test_the_clip_of_the_scene_or_one_that_is_opened():
    footage, closed = InMemory(pendulum(30, 12)), []

    @contextmanager
    def opened():
        yield footage
        closed.append(True)

    play = Endless(seed=4)
    ours = made(WatchClip(play), Scene(footage.frame(0), clip=footage))
    other = made(WatchClip(play, opened))
    assert ours.walk.tolist() == other.walk.tolist()
    assert closed == [True]


def test_texts_of_several_orders_come_one_by_one():
    text = "the rain in spain stays mainly in the plain"
    operation = WatchText(orders=(0, 1, 3), length=20, seed=5, fetch=lambda: text)
    steps = [step.value for step in operation.steps(BLANK, CPU) if step.value is not None]
    assert [len(one) for one in steps] == [1, 2, 3]
    assert [one.grams.order for one in steps[-1]] == [0, 1, 3]
    alone = made(GrowText(order=3, length=20, seed=5, text=text))
    assert steps[-1][2].text == alone.text
    assert steps[-1][2].entropy == alone.entropy
