"""Networks side by side: what each iteration made, and how far off it is."""

from itertools import islice

import numpy as np
import pytest

from editor.engine.prior_lanes import NOISE, SHAPES, Lane, fitted, networks, signals
from editor.engine.step import last


@pytest.fixture(scope="module")
def picture():
    y, x = np.mgrid[:32, :32]
    return np.dstack([8 * x, 8 * y, 4 * (x + y)]).astype(np.uint8)


def test_the_four_pictures_of_the_paper(picture):
    clean, noisy, shuffled, noise = signals(picture, 3)
    assert np.allclose(clean.target * 255, picture, atol=0.01)
    assert noisy.truth is clean.target
    assert 0.6 * NOISE < (noisy.target - clean.target).std() < 1.1 * NOISE
    ordered = [np.sort(one.target.reshape(-1, 3), axis=0) for one in (clean, shuffled)]
    assert np.array_equal(*ordered)
    assert not np.array_equal(clean.target, shuffled.target)
    assert noise.truth is None
    assert noise.target.std() == pytest.approx(12**-0.5, abs=0.02)


def test_all_networks_are_fitted_to_the_same_noisy_picture(picture):
    lanes = networks(picture, 3)
    assert [one.architecture for one in lanes] == list(SHAPES)
    assert all(one.target is lanes[0].target for one in lanes)


def test_every_output_is_kept_with_what_it_is_off_by(picture):
    clean = signals(picture, 0)[0]
    fits = last(fitted([clean], 12))
    one = fits.lanes[0]
    assert fits.count == fits.total == 12
    assert one.outputs.shape == (12, 32, 32, 3)
    off = np.square(one.outputs / 255 - clean.target).mean(axis=(1, 2, 3))
    assert one.losses == pytest.approx(off, rel=0.02)
    assert one.errors == pytest.approx(one.losses, rel=1e-4)
    assert one.losses.min() < 0.8 * one.losses[0]
    assert one.best == int(np.argmin(one.errors))


def test_the_same_seed_gives_the_same_bytes_and_it_can_be_left(picture):
    lanes = [Lane("x", signals(picture, 0)[3].target)]
    first, again = (last(fitted(lanes, 2, 4)).lanes[0].outputs for _ in "12")
    assert np.array_equal(first, again)
    steps = fitted(lanes, 100)
    assert list(islice(steps, 3))
    steps.close()


def test_nothing_is_best_where_the_truth_is_not_known(picture):
    fits = last(fitted([signals(picture, 0)[2]], 1))
    assert fits.lanes[0].best == -1
