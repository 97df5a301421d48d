"""Seams: the cheapest goes first, as in the paper; every size is a lookup."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.image import Size
from editor.engine.seams import Seams, biases, carve, energies
from editor.engine.step import last
from tests.engine.seams_reference import cheapest, order_of


def noise(*shape, seed=1):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def spots(shape, share, seed):
    return np.random.default_rng(seed).random(shape) < share


@settings(max_examples=30)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 99), st.booleans())
def test_the_order_is_that_of_the_paper(height, width, seed, marked):
    image = noise(height, width, 3, seed=seed) // 32 * 32  # equal costs happen too
    masks = [spots((height, width), 0.15, seed + k) if marked else None for k in (1, 2)]
    if marked and masks[1].all():
        masks[1][0, 0] = False
    order = last(Seams.of(image, 1, *masks)).order
    assert (order == order_of(energies(image), biases((height, width), *masks))).all()


def test_the_cheapest_seam_goes_round_the_dear_one():
    image = np.full((5, 5), 100, np.uint8)
    image[:, 2:] = 0
    image[2, 0] = 50
    seam, cost = cheapest(energies(image), np.zeros((5, 5), np.float32))
    assert cost == 0
    assert min(seam) >= 3
    assert [list(row).index(0) for row in last(Seams.of(image)).order] == seam


def test_a_flat_picture_with_a_stripe_keeps_the_stripe():
    image = np.full((8, 20, 3), 60, np.uint8)
    image[:, 8:11, 0] = [150, 200, 250]
    narrow = last(Seams.of(image)).carved(image, 8)
    assert narrow.shape == (8, 8, 3)
    assert all(set(row) == {60, 150, 200, 250} for row in narrow[:, :, 0])


@pytest.mark.parametrize("axis", [0, 1])
def test_each_row_of_every_size_keeps_its_order(axis):
    image = noise(9, 13, 4)
    seams = last(Seams.of(image, axis))
    full = image.shape[axis]
    assert (np.sort(seams.order, axis=1) == np.arange(full)).all()
    for side in (1, 5, full, full + 3, 2 * full, 3 * full + 1):
        places = seams.at_width(side)
        assert places.shape == (image.shape[1 - axis], side)
        assert (np.diff(places, axis=1) >= 0).all()
    assert (seams.carved(image, full) == image).all()


def test_rows_are_the_columns_of_the_turned_picture():
    image = noise(10, 14, 3)
    turned = np.ascontiguousarray(image.transpose(1, 0, 2))
    assert (last(Seams.of(image, 0)).order == last(Seams.of(turned, 1)).order).all()


def test_what_is_inserted_repeats_the_seams_that_would_go_first():
    image = noise(6, 8)
    seams = last(Seams.of(image))
    for y, row in enumerate(seams.at_width(11)):
        counts = np.bincount(row, minlength=8)
        assert (counts == 1 + (seams.order[y] < 3)).all()


def test_what_is_marked_goes_at_every_size():
    image = noise(12, 20, 3)
    remove = np.zeros((12, 20), bool)
    remove[3:8, 6:10] = True
    image[remove] = [255, 0, 255]
    seams = last(Seams.of(image, 1, None, remove))
    assert seams.unwanted == 4
    for width in (10, 16, 18, 20, 30):
        assert not (seams.carved(image, width) == [255, 0, 255]).all(axis=2).any()


def test_what_is_protected_stays_whole():
    image = noise(12, 20, 3)
    protect = np.zeros((12, 20), bool)
    protect[2:9, 5:11] = True
    seams = last(Seams.of(image, 1, protect))
    kept = seams.carved(protect.astype(np.uint8), 8)
    assert (kept.sum(axis=1) == protect.sum(axis=1)).all()


def test_both_axes_columns_first():
    image = noise(12, 16, 3)
    small = last(carve(image, Size(10, 9)))
    narrow = last(Seams.of(image)).carved(image, 10)
    assert (small == last(Seams.of(narrow, 0)).carved(narrow, 9)).all()


def test_removing_keeps_the_size_that_is_asked_for():
    image, remove = noise(12, 16, 3), np.zeros((12, 16), bool)
    image[4:6, 4:7] = 255
    remove[4:6, 4:7] = True
    result = last(carve(image, Size(16, 12), remove=remove))
    assert result.shape == image.shape
    assert not (result == 255).all(axis=2).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_depth_and_channels_stay(dtype, channels):
    image = noise(8, 9, *channels).astype(dtype)
    image.flags.writeable = False
    result = last(carve(image, Size(6, 7)))
    assert result.dtype == dtype
    assert result.shape == (7, 6, *channels)


def test_what_cannot_be_done_is_said():
    image = noise(6, 8, 3)
    with pytest.raises(ValueError, match="covers the whole picture"):
        last(Seams.of(image, remove=np.ones((6, 8), bool)))
    with pytest.raises(ValueError, match="must be equal"):
        last(Seams.of(image, protect=np.ones((6, 7), bool)))
    with pytest.raises(ValueError, match="the axis is 2"):
        last(Seams.of(image, 2))
    with pytest.raises(ValueError, match="from 1 to 64"):
        last(Seams.of(image)).at_width(0)
