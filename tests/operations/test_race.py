"""A race: both are fitted as each would be alone, for as long as each other, and one is taken."""

from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from editor.engine import prior
from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Race, Restore, Scene, TakeLane, race
from editor.operations.base import Look, Paused
from tests.operations.test_restore import hole, noisy, paused_at

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


@pytest.fixture
def ticking(monkeypatch):
    """Time by the number of looks at the clock: the turns are always the same."""
    monkeypatch.setattr(race, "time", SimpleNamespace(monotonic=count(1.0).__next__))
    monkeypatch.setattr(prior, "_SHOWN", 1e9)


@pytest.mark.parametrize("at", [0.0, 0.3, 0.7])
def test_what_is_paused_goes_on_to_the_same_bytes(ticking, at):
    scene = Scene(noisy())
    asked = Race(iterations=6, automatic=False, net="hourglass-1", rival="encoder-decoder-2")
    whole = last(asked.steps(scene, CPU))
    paused = paused_at(asked.steps(scene, CPU), at)
    assert isinstance(paused, Paused)
    assert paused.on.remembered == asked
    twice = paused_at(paused.on.steps(scene, CPU), at)
    again = last(twice.on.steps(scene, CPU))
    for lane, expected in zip(again.lanes, whole.lanes, strict=True):
        assert np.array_equal(lane.made.pixels, expected.made.pixels)
        assert np.array_equal(lane.made.curve.losses, expected.made.curve.losses)
        assert np.array_equal(lane.course[:, 1], expected.course[:, 1])


def test_what_is_paused_can_be_looked_at_and_taken():
    scene = Scene(noisy())
    paused = paused_at(Race(iterations=40, rival="hourglass-1").steps(scene, CPU), 0.1)
    assert 0.1 <= paused.done < 1
    taken = last(paused.so_far.steps(scene, CPU))
    for lane, expected in zip(taken.lanes, paused.made.lanes, strict=True):
        assert np.array_equal(lane.made.pixels, expected.made.pixels)
        assert np.array_equal(lane.course, expected.course)
    assert isinstance(last(replace(paused.so_far, looks=True).steps(scene, CPU)), Look)
    assert type(paused.so_far.remembered) is Race


def test_a_saved_race_that_makes_no_sense_is_refused():
    scene = Scene(noisy())
    saved = dict(paused_at(Race(iterations=40).steps(scene, CPU), 0.05).on.saved)
    del saved["lane0_course"]
    with pytest.raises(ValueError, match="the saved race is damaged"):
        last(Race(iterations=40, saved=saved).steps(scene, CPU))


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
