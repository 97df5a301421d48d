from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from editor.engine.image import Rect, Size
from editor.engine.sprite import Cel, Sprite
from editor.engine.sprite_sheet import LARGEST_SIDE, fitting, sheet
from editor.engine.step import last


def sprite(sizes) -> Sprite:
    rng = np.random.default_rng(2)
    cels = []
    for number, (width, height) in enumerate(sizes):
        pixels = rng.integers(1, 256, (height, width, 4), np.uint8)
        cels.append(Cel.of(number, 0, Rect(1, 2, width, height), pixels))
    return Sprite(tuple(cels), Size(30_000, 30_000), Fraction(25), "a.mp4")


SIZES = [(9, 4), (3, 12), (7, 7), (1, 1), (20, 3), (5, 5)] * 4


def test_every_cel_is_on_the_sheet_and_none_touches_another():
    one = sprite(SIZES)
    laid = last(sheet(one))
    for cel, place in zip(one.cels, laid.places, strict=True):
        assert np.array_equal(laid.pixels[place.slices], cel.pixels)
        assert place.within(Rect.whole(laid.pixels)) == place
    for a, b in combinations(laid.places, 2):
        assert a.grown(1).within(b.grown(1)).empty or a.grown(1).within(b).empty
    assert (laid.pixels[..., 3] > 0).sum() == sum(w * h for w, h in SIZES)


def test_it_is_about_square_and_mostly_full():
    laid = last(sheet(sprite(SIZES * 5)))
    height, width = laid.pixels.shape[:2]
    assert 0.6 < width / height < 1.7
    assert sum(w * h for w, h in SIZES * 5) > 0.35 * width * height


def test_what_is_told_finds_the_cels():
    one = sprite(SIZES)
    laid = last(sheet(one))
    told = laid.told
    assert told["size"] == list(Size.of(laid.pixels))
    assert told["rate"] == 25
    frame = told["frames"][2]
    x, y = frame["pivot"]
    cel = one.cels[2]
    assert (x, y) == pytest.approx(
        (cel.centroid.x - cel.place.x + 0.5, cel.centroid.y - cel.place.y + 0.5), abs=0.01
    )
    assert frame["follows"] is True
    assert told["frames"][-1]["follows"] is False


def test_a_smaller_sheet_has_smaller_cels():
    laid = last(sheet(sprite([(20, 10)] * 3), 0.5))
    assert {place[2:] for place in laid.places} == {(10, 5)}
    assert laid.told["scale"] == 0.5


def test_fitting_says_how_small_it_must_be():
    one = sprite([(400, 300)] * 20)
    assert fitting(one, 8192) == 1
    laid = last(sheet(one, fitting(one, 500)))
    assert 350 < max(laid.pixels.shape) <= 560


def test_what_is_too_large_is_refused():
    with pytest.raises(ValueError, match=rf"at most {LARGEST_SIDE}: lower the scale"):
        last(sheet(sprite([(LARGEST_SIDE + 1, 1)])))
    with pytest.raises(ValueError, match="scale is 2"):
        last(sheet(sprite(SIZES), 2.0))
