"""The curves as points: each size by itself, logarithmic, no more than can be seen."""

import numpy as np
import pytest

from editor.engine.curve import Curve
from editor.ui.restore.lines import lines


def curve(losses, variances=None, ends=None):
    losses = np.asarray(losses, float)
    variances = np.ones(len(losses)) if variances is None else np.asarray(variances, float)
    return Curve(losses, variances, ends or (len(losses),), 0, len(losses))


def test_decades_are_equally_far_apart_and_large_is_above():
    (points,) = lines(curve([100, 10, 1]), 4, 100).losses
    assert points[:, 0] == pytest.approx([0.25, 0.5, 0.75])
    y = points[:, 1]
    assert y[0] < y[1] < y[2]
    assert y[2] - y[1] == pytest.approx(y[1] - y[0], rel=0.05)


def test_each_size_has_a_piece_and_a_scale_of_its_own():
    one, other = lines(curve([100, 1, 5000, 50], ends=(2, 4)), 4, 100).losses
    assert np.allclose(one[:, 1], other[:, 1], atol=0.02)
    assert one[-1, 0] < other[0, 0]


def test_what_has_no_logarithm_is_left_out():
    (points,) = lines(curve([1, 1, 1, 1], [0, 0, 4, 2]), 4, 100).variances
    assert points[:, 0] == pytest.approx([0.75, 1.0])


def test_what_hardly_varies_is_drawn_flat():
    (points,) = lines(curve([1, 1.0001, 1]), 3, 100).losses
    assert np.ptp(points[:, 1]) < 0.05


def test_long_curves_have_few_points():
    (points,) = lines(curve(np.linspace(9, 1, 20_000)), 20_000, 500).losses
    assert 400 <= len(points) <= 600


def test_a_point_is_no_line():
    assert lines(curve([3.0]), 5, 100).losses == ()
