"""An array kept small."""

import numpy as np
import pytest

from editor.model.packed import Packed


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
@pytest.mark.parametrize("shape", [(1, 1), (40, 50), (3, 4, 3), (256, 256, 4)])
def test_it_comes_back_as_it_was(shape, dtype):
    array = np.random.default_rng(1).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)
    packed = Packed(array)
    assert packed.array().dtype == dtype
    assert packed.array().shape == shape
    assert (packed.array() == array).all()


def test_what_did_not_change_costs_nothing():
    assert Packed(np.zeros((1000, 1000), np.uint8)).nbytes < 200


def test_small_changes_are_kept_small():
    array = np.random.default_rng(1).integers(0, 4, (256, 256), np.uint16)
    assert Packed(array).nbytes < array.nbytes / 4


def test_a_part_of_an_array_is_packed_as_that_part():
    array = np.arange(2000, dtype=np.uint16).reshape(40, 50)[3:30:2, 5:20]
    assert (Packed(array).array() == array).all()


def test_what_was_packed_does_not_follow_its_array():
    array = np.arange(2000, dtype=np.uint16)
    packed = Packed(array)
    array[:] = 0
    assert packed.array().tolist() == list(range(2000))
