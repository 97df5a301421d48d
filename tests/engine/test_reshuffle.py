"""Reshuffle: pieces lie where they are put, their old places heal, all else stays as it is."""

import numpy as np
import pytest

from editor.engine.image import Point, Rect
from editor.engine.moves import Move
from editor.engine.reshuffle import reshuffle
from editor.engine.step import last


def meadow(height=80, width=100):
    rng = np.random.default_rng(3)
    image = np.full((height, width, 3), [90, 140, 200], np.uint8)
    image[height // 2 :] = [60, 120, 40]
    return image + rng.integers(0, 6, image.shape).astype(np.uint8)


def square(y=50, x=20, side=14):
    mask = np.zeros((80, 100), bool)
    mask[y : y + side, x : x + side] = True
    return mask


def with_square(dtype=np.uint8):
    image, mask = meadow(), square()
    image[mask] = np.random.default_rng(1).integers(200, 250, (mask.sum(), 3))
    image = image.astype(dtype)
    return image / np.float32(255) if dtype == np.float32 else image, mask


def moved(mask, dx, dy, **how):
    return Move.of(mask, Point(dx, dy), **how)


def done(image, *moves, **how):
    """The whole picture after it, and the last value."""
    value = last(reshuffle(image, moves, **how))
    result = image.copy()
    result[value.rect.slices] = value.pixels
    return result, value


def reddish(picture):
    return picture[..., 0] > 150


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_piece_is_moved_bit_for_bit_and_its_old_place_heals(dtype):
    image, mask = with_square(dtype)
    image.flags.writeable = False
    result, _ = done(image, moved(mask, 40, 3), adapt=0)
    assert (result[53:67, 60:74] == image[50:64, 20:34]).all()
    white = 1 if dtype == np.float32 else 255
    healed = result[50:64, 20:34].reshape(-1, 3).astype(float).mean(axis=0) / white
    assert np.abs(healed - np.array([62, 122, 42]) / 255).max() < 8 / 255


@pytest.mark.parametrize("how", [{}, {"turn": 30, "scale": 1.3}, {"mirror": True}])
def test_nothing_else_changes(how):
    image, mask = with_square()
    result, value = done(image, moved(mask, 40, 3, **how))
    ys, xs = np.nonzero((result != image).any(axis=2))
    near_old = (ys >= 48) & (ys < 66) & (xs >= 18) & (xs < 36)
    rect = moved(mask, 40, 3, **how).place
    near_new = (ys >= rect.y) & (ys < rect.bottom) & (xs >= rect.x) & (xs < rect.right)
    assert (near_old | near_new).all()
    assert near_old.any()
    assert near_new.any()
    assert value.rect.within(Rect.whole(image)) == value.rect


def test_its_light_becomes_that_of_its_new_place():
    image = meadow()
    image[:, 50:] -= 20  # half of the picture lies in shadow
    mask = square(55, 20)
    plain, adapted = (done(image, moved(mask, 45, 0), adapt=much)[0] for much in (0, 1))
    around = image[55:69, 80:].mean(axis=(0, 1))
    assert np.abs(plain[55:69, 65:79].mean(axis=(0, 1)) - around).min() > 15
    assert np.abs(adapted[55:69, 65:79].mean(axis=(0, 1)) - around).max() < 4
    old = image[55:69, 20:34].astype(int)
    new = adapted[55:69, 65:79].astype(int)
    assert np.abs((new - new.mean(axis=(0, 1))) - (old - old.mean(axis=(0, 1)))).max() < 6


def test_what_is_kept_is_there_twice():
    image, mask = with_square()
    result, value = done(image, moved(mask, 40, 0, keep=True), adapt=0)
    for left in (20, 60):
        assert (result[50:64, left : left + 14] == image[50:64, 20:34]).all()
    assert len(value.origins) == mask.sum()


def test_several_pieces_change_places():
    image, mask = with_square()
    other = square(54, 70, 6)
    image[other] = [250, 0, 0]
    result, _ = done(image, moved(mask, 45, 0), moved(other, -45, 0), adapt=0)
    assert (result[50:64, 65:79] == image[50:64, 20:34]).all()
    assert (result[54:60, 25:31] == [250, 0, 0]).all()


def test_a_piece_is_mirrored_turned_and_scaled():
    image, mask = with_square()
    image[50:64, 20:27], image[50:64, 27:34] = [250, 0, 0], [200, 0, 250]
    seen = {
        name: done(image, moved(mask, 40, 0, **how), adapt=0)[0][50:64, 60:74]
        for name, how in {
            "mirror": {"mirror": True},
            "turn": {"turn": 90},
            "scale": {"scale": 0.5},
        }.items()
    }
    assert (seen["mirror"] == image[50:64, 20:34][:, ::-1]).all()
    assert (seen["turn"][2:6, 2:-2] == [250, 0, 0]).all()  # what was left is on top
    assert np.abs(seen["scale"][5:9, 5].astype(int) - [250, 0, 0]).max() < 6
    assert not reddish(seen["scale"][:, :3]).any()


def test_a_piece_may_end_beyond_the_edge():
    image, mask = with_square()
    result, _ = done(image, moved(mask, 73, 0), adapt=0)
    assert (result[50:64, 93:] == image[50:64, 20:27]).all()


def test_what_is_held_in_the_hand_is_neither_here_nor_there():
    image, mask = with_square()
    other = square(4, 70, 6)
    image[other] = [250, 0, 0]
    moves = [moved(mask, 0, 0), moved(other, 0, 10)]
    result, _ = done(image, *moves, held=0, adapt=0)
    assert not reddish(result[45:]).any()
    assert (result[14:20, 70:76] == [250, 0, 0]).all()


def test_a_soft_edge_stays_soft():
    image, mask = with_square()
    cover = np.where(mask, np.uint8(255), np.uint8(0))
    cover[:, 20] = np.where(mask[:, 20], 128, 0)
    result, _ = done(image, moved(cover, 40, 0), adapt=0)
    between = (result[50:64, 60].astype(int) - image[50:64, 60]) / (
        image[50:64, 20].astype(int) - image[50:64, 60]
    )
    assert np.abs(between[:, 0] - 128 / 255).max() < 0.02


def test_transparency_moves_with_the_piece():
    image, mask = with_square()
    alpha = np.full((80, 100, 1), 255, np.uint8)
    alpha[50:64, 27:34] = 100
    image = np.concatenate([image, alpha], axis=2)
    result, _ = done(image, moved(mask, 40, 0))
    assert (result[50:64, 60:67, 3] == 255).all()
    assert (result[50:64, 67:74, 3] == 100).all()
    assert (result[50:64, 20:34, 3] == 255).all()


def test_each_pixel_says_where_it_is_from():
    image, mask = with_square()
    result, value = done(image, moved(mask, 6, 2), adapt=0)  # over its own old place
    origins = value.origins
    order = np.lexsort((origins.xs, origins.ys))
    assert (order == np.arange(len(origins))).all()
    places = origins.ys * 100 + origins.xs
    assert len(np.unique(places)) == len(places)
    assert origins.at(60, 30) == (58, 24)
    laid = square(52, 26)[origins.ys, origins.xs]
    copied = image[origins.froms[:, 0], origins.froms[:, 1]]
    assert (result[origins.ys, origins.xs] == copied)[laid].all()
    assert not mask[origins.froms[:, 0], origins.froms[:, 1]][~laid].any()  # nothing grows back


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads():
    image, mask = with_square()
    one, two = (done(image, moved(mask, 30, -20), seed=4, threads=n)[0] for n in (1, 2))
    assert (one == two).all()


def test_steps_show_the_piece_in_its_new_place_from_the_first_one_on():
    image, mask = with_square()
    values = [step.value for step in reshuffle(image, [moved(mask, 40, 0)]) if step.value]
    assert len(values) >= 2
    for value in values:
        seen = image.copy()
        seen[value.rect.slices] = value.pixels
        assert reddish(seen[52:62, 62:72]).mean() > 0.9


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ([], "no piece is moved"),
        ([moved(square(), 0, 0)], "no piece has another place"),
        ([moved(square(), 200, 0)], "piece 1 would lie wholly outside"),
        ([moved(square(), 0, -64), moved(square(), 0, 70)], "piece 1 would lie wholly outside"),
        ([moved(square(), 2, 0), moved(square(), 4, 0)], "piece 2 would lie on piece 1"),
        ([moved(square(0, 0, 100), 2, 0)], "nothing is left"),
        ([Move.of(np.ones((200, 200), bool), Point(1, 1))], "piece 1 is not of this picture"),
    ],
)
def test_what_cannot_be_done_is_said(moves, words):
    image, _ = with_square()
    with pytest.raises(ValueError, match=words):
        last(reshuffle(image, moves))
