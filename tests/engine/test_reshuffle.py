"""Reshuffle: pieces lie where they are put, bit for bit, and their old places heal."""

import numpy as np
import pytest

from editor.engine.image import Point
from editor.engine.reshuffle import Move, reshuffle
from editor.engine.step import last


def meadow(height=80, width=100):
    rng = np.random.default_rng(3)
    image = np.full((height, width, 3), [90, 140, 200], np.uint8)
    image[height // 2 :] = [60, 120, 40]
    return image + rng.integers(0, 6, image.shape).astype(np.uint8)


def with_square(at=(50, 20), side=14, dtype=np.uint8):
    image, mask = meadow(), np.zeros((80, 100), bool)
    mask[at[0] : at[0] + side, at[1] : at[1] + side] = True
    image[mask] = np.random.default_rng(1).integers(200, 255, (mask.sum(), 3))
    return image.astype(dtype), mask


def reddish(picture):
    return picture[..., 0] > 150


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_piece_is_moved_bit_for_bit_and_its_old_place_heals(dtype):
    image, mask = with_square(dtype=dtype)
    image.flags.writeable = False
    result = last(reshuffle(image, [Move(mask, Point(40, 3))]))
    assert (result.picture[53:67, 60:74] == image[50:64, 20:34]).all()
    assert reddish(result.picture).sum() == mask.sum()
    healed = result.picture[50:64, 20:34].reshape(-1, 3).mean(axis=0)
    assert np.abs(healed - [62, 122, 42]).max() < 8
    assert result.residuals == (0,)


def test_what_is_kept_is_there_twice():
    image, mask = with_square()
    result = last(reshuffle(image, [Move(mask, Point(40, 0), keep=True)])).picture
    for left in (20, 60):
        assert (result[50:64, left : left + 14] == image[50:64, 20:34]).all()


def test_several_pieces_change_places():
    image, mask = with_square()
    other = np.zeros_like(mask)
    other[54:60, 70:76] = True
    image[other] = [250, 0, 0]
    result = last(reshuffle(image, [Move(mask, Point(45, 0)), Move(other, Point(-45, 0))])).picture
    assert (result[50:64, 65:79] == image[50:64, 20:34]).all()
    assert (result[54:60, 25:31] == [250, 0, 0]).all()


def test_a_piece_is_mirrored_turned_and_scaled():
    image, mask = with_square()
    image[50:64, 20:27], image[50:64, 27:34] = [250, 0, 0], [200, 0, 250]
    seen = {
        name: last(reshuffle(image, [Move(mask, Point(40, 0), **how)])).picture[50:64, 60:74]
        for name, how in {
            "mirror": {"mirror": True},
            "turn": {"turn": 90},
            "scale": {"scale": 0.5},
        }.items()
    }
    assert (seen["mirror"][2:-2, 2:6] == [200, 0, 250]).all()
    assert (seen["turn"][2:6, 2:-2] == [250, 0, 0]).all()  # what was left is on top
    assert (seen["scale"][5:9, 4:6] == [250, 0, 0]).all()
    assert not reddish(seen["scale"][:, :3]).any()


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads():
    image, mask = with_square()
    one, two = (
        last(reshuffle(image, [Move(mask, Point(30, -20))], seed=4, threads=n)) for n in (1, 2)
    )
    assert (one.origins == two.origins).all()


def test_what_cannot_be_done_is_said():
    image, mask = with_square()
    for pieces, words in (
        ([], "no piece"),
        ([Move(mask, Point(200, 0))], "wholly outside"),
        ([Move(mask & False, Point(2, 0))], "piece 1 is empty"),
        ([Move(mask, Point(2, 0), scale=0)], "scaled by 0"),
        ([Move(mask, Point(2, 0)), Move(mask, Point(4, 0))], "piece 2 would lie on another"),
        ([Move(~(mask & False), Point(2, 0))], "nothing is left"),
    ):
        with pytest.raises(ValueError, match=words):
            last(reshuffle(image, pieces))
