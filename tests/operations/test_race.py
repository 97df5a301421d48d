"""A race: both are fitted as each would be alone, for as long as each other, and one is taken."""

from dataclasses import replace

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Race, Restore, Scene, TakeLane
from tests.operations.test_restore import hole, noisy

CPU = Device("cpu", 1)


def raced(scene=None, **values):
    values = {"iterations": 4, "automatic": False, "rival": "hourglass-1", **values}
    return last(Race(**values).steps(scene or Scene(noisy()), CPU))


def test_it_is_over_when_the_first_is_through_and_both_had_as_long():
    own, rival = raced().lanes
    assert (own.restore.net, rival.restore.net) == ("auto", "hourglass-1")
    done = [len(lane.course) for lane in (own, rival)]
    assert 4 in done
    assert min(done) >= 1
    for lane in (own, rival):
        seconds, errors = lane.course.T
        assert (np.diff(seconds) > 0).all()
        assert np.array_equal(errors, lane.made.curve.losses)


def test_each_is_as_it_would_be_alone():
    scene = Scene(noisy())
    race = raced(scene, net="hourglass-1", rival="encoder-decoder-2")
    lane = next(one for one in race.lanes if one.made.curve.done == 4)
    alone = Restore(iterations=4, automatic=False, net=lane.restore.net)
    assert np.array_equal(lane.made.pixels, last(alone.steps(scene, CPU)).pixels)


def test_time_ends_it():
    race = raced(iterations=20_000, budget=0.4)
    assert all(len(lane.course) < 20_000 for lane in race.lanes)
    assert all(lane.restore.budget == 0 for lane in race.lanes)


@pytest.mark.parametrize("values", [{}, {"task": "superres", "scale": "2"}, {"task": "inpaint"}])
def test_one_is_taken_as_a_restoration_like_any_other(values):
    scene = Scene(noisy(), hole=hole())
    lane = raced(scene, iterations=1, **values).lanes[1]
    taking = TakeLane(**lane.restore.to_dict(), made=lane.made)
    assert last(taking.steps(scene, CPU)) is lane.made
    assert taking.remembered == replace(
        Restore(**values), net="hourglass-1", iterations=1, automatic=False
    )


def test_what_cannot_be_restored_cannot_be_raced():
    with pytest.raises(ValueError, match="mask is empty"):
        raced(Scene(noisy(), hole=np.zeros((32, 40), np.uint8)), task="inpaint")
