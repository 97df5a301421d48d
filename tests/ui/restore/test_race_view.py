"""The curves of a race as points: one scale for both, time to the right, errors downwards."""

import numpy as np
import pytest

from editor.ui.restore.race_view import lines


def test_both_are_on_one_scale():
    one = np.array([[1, 1e-1], [2, 1e-2]])
    other = np.array([[1, 1e-2], [4, 1e-3]])
    first, second = lines([one, other], 100)
    assert first[:, 0].tolist() == [0.25, 0.5]
    assert second[:, 0].tolist() == [0.25, 1.0]
    assert first[1, 1] == pytest.approx(second[0, 1])
    assert first[0, 1] < first[1, 1] < second[1, 1] < 1


def test_long_ones_are_thinned_and_empty_ones_are_empty():
    long = np.stack([np.arange(1, 5001), np.geomspace(1, 1e-4, 5000)], axis=1)
    first, second = lines([long, np.zeros((0, 2))], 500)
    assert 400 < len(first) <= 501
    assert second.shape == (0, 2)
    assert [len(one) for one in lines([np.zeros((0, 2))] * 2, 9)] == [0, 0]
