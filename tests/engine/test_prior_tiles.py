import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Rect, Size
from editor.engine.prior_tiles import OVERLAP, ramp, tiles


@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from([128, 256]))
def test_tiles_cover_the_picture_and_overlap(width, height, side):
    covered = np.zeros((height, width), int)
    for tile in tiles(Size(width, height), side):
        assert tile.within(Rect(0, 0, width, height)) == tile
        assert (tile.width, tile.height) == (min(side, width), min(side, height))
        covered[tile.slices] += 1
    assert covered.min() == 1
    if width > side:
        assert np.any(covered[0] == 2)
        assert (covered[0] >= 2).sum() >= OVERLAP


def test_a_picture_that_fits_is_one_tile_of_full_weight():
    assert tiles(Size(100, 60), 128) == [Rect(0, 0, 100, 60)]
    assert (ramp(Rect(0, 0, 100, 60), Size(100, 60)) == 1).all()


def test_tiles_of_one_picture_blend_into_that_picture():
    picture, size = np.random.default_rng(0).random((200, 300)), Size(300, 200)
    total, weight = np.zeros((200, 300)), np.zeros((200, 300))
    for tile in tiles(size, 128):
        part = ramp(tile, size)
        assert part.min() > 0
        total[tile.slices] += part * picture[tile.slices]
        weight[tile.slices] += part
    assert np.allclose(total / weight, picture)
