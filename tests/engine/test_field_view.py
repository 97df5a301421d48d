"""A correspondence field in colours: what the colours say, to whoever looks at them."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.field_view import field_view, place_view
from editor.engine.image import Rect, Size

PLACE = Rect(20_000, 10_000, 5, 4)
DEUTERANOPE = np.array(  # G. Machado, M. Oliveira, L. Fernandes, 2009: linear RGB, no green cones
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
LUMA = np.array([0.2126, 0.7152, 0.0722])


def from_offset(dy, dx, place=PLACE):
    """All pixels of a place copied from so far away."""
    ys, xs = np.mgrid[place.slices]
    return np.stack([ys + dy, xs + dx], axis=2).astype(np.int32)


def colour(dy, dx, farthest=(0, 0)):
    """Of one offset, in a field whose farthest one is given."""
    field = from_offset(dy, dx)
    if farthest != (0, 0):
        field[0, 0] = from_offset(*farthest)[0, 0]
    return field_view(field, PLACE)[-1, -1, :3].astype(int)


def test_where_there_is_no_origin_it_is_transparent():
    field = from_offset(3, 4)
    field[1, 2] = -1
    view = field_view(field, PLACE)
    assert view.dtype == np.uint8
    assert view.shape == (4, 5, 4)
    assert (view[1, 2] == 0).all()
    assert (view[..., 3] == 255).sum() == 19


def test_an_origin_in_the_first_row_or_column_is_one():
    field = np.zeros((4, 5, 2), np.int32)
    assert (field_view(field, PLACE)[..., 3] == 255).all()


def test_the_place_does_not_matter_but_the_offset_does():
    for place in (Rect(8, 6, 5, 4), Rect(700, 900, 5, 4)):
        other = field_view(from_offset(-6, 8, place), place)
        assert (other == field_view(from_offset(-6, 8), PLACE)).all()


def test_one_offset_is_one_colour_and_another_one_is_another():
    field = from_offset(-6, 8)
    field[:, 3:] = from_offset(-6, -8)[:, 3:]
    view = field_view(field, PLACE)
    assert len(np.unique(view[:, :3].reshape(-1, 4), axis=0)) == 1
    assert len(np.unique(view.reshape(-1, 4), axis=0)) == 2


def test_warm_is_right_cold_is_left_light_is_above_dark_is_below():
    red, _, blue = colour(0, 9)
    assert red > blue + 100
    red, _, blue = colour(0, -9)
    assert blue > red + 100
    assert colour(-9, 0) @ LUMA > colour(0, 9) @ LUMA + 20 > colour(9, 0) @ LUMA + 40


def test_what_is_near_is_grey_and_saturation_grows_with_the_distance():
    colours = [colour(0, dx, farthest=(0, 400)) for dx in (0, 4, 25, 100, 399)]
    spans = [np.ptp(one) for one in colours]
    assert spans[0] <= 8
    assert all(less + 10 < more for less, more in itertools.pairwise(spans))


def test_no_pixel_copied_from_itself_divides_by_nothing():
    assert np.ptp(colour(0, 0)) <= 8


def test_without_green_cones_eight_directions_can_be_told_apart():
    directions = [(-9, 0), (-6, 6), (0, 9), (6, 6), (9, 0), (6, -6), (0, -9), (-6, -6)]
    linear = [(colour(*one, farthest=(9, 0)) / 255) ** 2.2 for one in directions]
    seen = [255 * np.clip(DEUTERANOPE @ one, 0, 1) ** (1 / 2.2) for one in linear]
    apart = [np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)]
    assert min(apart) > 30


@given(st.integers(-9999, 9999), st.integers(-9999, 9999))
def test_no_offset_leaves_the_colours_of_the_screen(dy, dx):
    """The farthest of all is the strongest: nothing is clipped, so opposite ones never meet."""
    here, there = colour(dy, dx), colour(-dy, -dx)
    assert here.max() < 255
    assert here.min() > 0
    assert (dy, dx) == (0, 0) or np.abs(here - there).max() > 60


def test_a_large_field_is_that_of_its_parts():
    place = Rect(0, 0, 600, 700)
    rng = np.random.default_rng(1)
    field = rng.integers(0, 2000, (700, 600, 2)).astype(np.int32)
    field[300, 300] = 9000, 9000
    view = field_view(field, place)
    part = Rect(280, 290, 40, 30)
    assert (field_view(field[part.slices], part) == view[part.slices]).all()


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ((4, 5), "the origins have the shape"),
        ((4, 5, 3), "the origins have the shape"),
        ((5, 4, 2), "the origins are 4 × 5 and their place 5 × 4"),
    ],
)
def test_what_does_not_fit_is_said(shape, sentence):
    with pytest.raises(ValueError, match=sentence):
        field_view(np.zeros(shape, np.int32), PLACE)


def test_an_empty_place_is_an_empty_picture():
    empty = field_view(np.zeros((0, 0, 2), np.int32), Rect(0, 0, 0, 0))
    assert empty.shape == (0, 0, 4)


# ── the place in a sample ──


def test_each_place_of_the_sample_has_its_own_colour():
    """Where no edge of the grid darkens it: pixels far apart are seen to be."""
    ys, xs = np.mgrid[2:64:12, 2:64:12]
    origins = np.stack([ys, xs], axis=2).astype(np.int32)
    colours = place_view(origins, Size(64, 64)).reshape(-1, 3).astype(int)
    apart = np.abs(colours[:, None] - colours).sum(axis=2) + 99 * np.eye(len(colours), dtype=int)
    assert apart.min() > 12


def test_a_piece_of_the_sample_has_the_colours_it_has_there():
    ys, xs = np.mgrid[:40, :50]
    whole = np.stack([ys, xs], axis=2).astype(np.int32)
    key = place_view(whole, Size(50, 40))
    assert np.array_equal(place_view(whole[5:25, 10:30], Size(50, 40)), key[5:25, 10:30])
    edges = key.sum(axis=2, dtype=int)
    assert (edges[12, 1:5] < edges[13, 1:5]).all()


def test_what_is_no_copy_is_black():
    origins = np.full((3, 4, 2), -1, np.int32)
    origins[1, 1] = 7, 9
    seen = place_view(origins, Size(16, 16)).any(axis=2)
    assert seen.sum() == 1
    assert seen[1, 1]
