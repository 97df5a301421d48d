import numpy as np
import pytest
import torch

from editor.engine.prior_stop import Running, Stop


def test_the_running_mean_and_variance_follow_their_definition():
    running, keep = Running(0.9), 0.9
    random = np.random.default_rng(0)
    xs = random.random((40, 1, 1, 4, 4)).astype(np.float32)
    mean, variance = xs[0].copy(), 0.0
    for number, x in enumerate(xs, 1):
        part = max(1 - keep, 1 / number)
        variance = (1 - part) * (variance + part * ((x - mean) ** 2).mean())
        mean += part * (x - mean)
        running.add(torch.from_numpy(x))
    assert running.variance == pytest.approx(variance, rel=1e-4)
    assert np.allclose(running.mean.numpy(), mean, atol=1e-6)


def test_the_first_outputs_make_a_plain_mean():
    running = Running(0.99)
    for value in (1.0, 2.0, 6.0):
        running.add(torch.full((1, 1, 1, 1), value))
    assert float(running.mean) == pytest.approx(3)
    assert running.variance == pytest.approx(np.var([1, 2, 6]))


def curve(*corners):
    """Straight lines between (iteration, value)."""
    at, values = zip(*corners, strict=True)
    return np.interp(np.arange(at[-1]), at, values)


def stopped(values, **rule):
    stop = Stop(**rule)
    for number, value in enumerate(values, 1):
        stop.add(value)
        if stop.over:
            return number, stop.best
    return None, stop.best


def test_it_stops_after_the_valley_and_names_its_floor():
    values = curve((0, 9), (300, 1), (900, 4))
    assert stopped(values, patience=100, after=50) == (401, 301)


def test_a_small_rise_is_waited_out():
    values = curve((0, 9), (200, 2), (260, 2.5), (300, 1), (900, 4))
    assert stopped(values, patience=100, after=50) == (401, 301)


def test_what_still_falls_goes_on():
    assert stopped(curve((0, 9), (500, 1)), patience=20, after=10) == (None, 500)


def test_nothing_is_concluded_at_the_beginning():
    values = np.r_[np.zeros(10), curve((0, 9), (100, 1), (300, 5))]
    assert stopped(values, patience=30, after=20) == (141, 111)
