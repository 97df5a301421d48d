"""What a round tip covers between two places."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Rect
from editor.tools import sweep
from editor.tools.sweep import Dab, Sweep, around

PLACE = Rect(0, 0, 90, 70)


def drawn(*dabs, hardness=1.0, place=PLACE):
    """The tip set down at the first dab and moved to each of the others."""
    cover = np.zeros((place.height, place.width), np.uint8)
    Sweep(dabs[0], dabs[0], hardness, first=True).draw(cover, place)
    for a, b in pairwise(dabs):
        Sweep(a, b, hardness).draw(cover, place)
    return cover


def many_dabs(a, b, hardness=1.0):
    """The definition, at every third pixel: of a thousand dabs the strongest counts."""
    t = np.linspace(0, 1, 1000)[:, None, None]
    x, y, radius, strength = ((1 - t) * one + t * other for one, other in zip(a, b, strict=True))
    rows, columns = np.mgrid[0 : PLACE.height : 3, 0 : PLACE.width : 3]
    distance = np.hypot(columns + 0.5 - x, rows + 0.5 - y)
    inner = np.maximum(hardness * radius - 0.5, 0)
    part = np.clip((radius + 0.5 - distance) / (radius + 0.5 - inner), 0, 1)
    if hardness < 1:
        part = part * part * (3 - 2 * part)
    return np.rint(255 * strength * part).max(axis=0)


def distance(x, y):
    """From each pixel's middle to a place."""
    rows, columns = np.mgrid[0 : PLACE.height, 0 : PLACE.width]
    return np.hypot(columns + 0.5 - x, rows + 0.5 - y)


def off(one, other):
    return int(np.abs(one.astype(int) - other.astype(int)).max())


def test_the_smallest_tip_in_the_middle_of_a_pixel_is_that_pixel():
    cover = drawn(Dab(7.5, 3.5, 0.5))
    assert cover[3, 7] == 255
    assert cover.sum() == 255


def test_the_smallest_tip_between_two_pixels_is_half_of_each():
    cover = drawn(Dab(8.0, 3.5, 0.5))
    assert cover[3, 6:10].tolist() == [0, 128, 128, 0]
    assert np.count_nonzero(cover) == 2


@pytest.mark.parametrize("radius", [0.5, 1, 2.3, 4, 16, 29.7])
def test_a_hard_tip_is_full_but_for_one_pixel_at_its_edge(radius):
    cover, d = drawn(Dab(40.3, 35.8, radius)), distance(40.3, 35.8)
    assert (cover[d <= radius - 0.5] == 255).all()
    assert (cover[d >= radius + 0.5] == 0).all()
    edge = (d > radius - 0.5) & (d < radius + 0.5)
    assert off(cover[edge], np.rint(255 * (radius + 0.5 - d[edge]))) <= 1


@pytest.mark.parametrize("radius", [2.3, 4, 16, 29.7])
def test_a_hard_tip_has_the_area_of_its_disc(radius):
    area = drawn(Dab(40.3, 35.8, radius)).sum() / 255
    assert area == pytest.approx(math.pi * radius**2, rel=0.02)


def test_a_vertical_edge_covers_its_share_of_a_pixel():
    cover = drawn(Dab(40.25, 20, 8), Dab(40.25, 50, 8))
    assert cover[35, 31:34].tolist() == [0, 191, 255]  # from 32.25
    assert cover[35, 47:50].tolist() == [255, 64, 0]  # to 48.25


@pytest.mark.parametrize("hardness", [0.0, 0.3, 0.8, 0.99])
def test_a_soft_tip_is_full_in_its_hard_part_and_falls_steadily(hardness):
    cover, d = drawn(Dab(45, 35, 30), hardness=hardness), distance(45, 35)
    assert (cover[d <= hardness * 30 - 0.5] == 255).all()
    assert (cover[d >= 30.5] == 0).all()
    steady = cover.ravel()[np.argsort(d, axis=None)].astype(int)
    assert (np.diff(steady) <= 0).all()
    assert cover[35, 45] == 255 if hardness else cover[35, 45] >= 254


places = st.builds(
    Dab, st.floats(-10, 100), st.floats(-10, 80), st.floats(0.5, 30), st.floats(0.1, 1)
)


@given(a=places, b=places, hardness=st.sampled_from([0.0, 0.5, 0.8, 1.0]))
def test_a_sweep_is_as_many_dabs(a, b, hardness):
    a, b = a._replace(strength=1.0), b._replace(strength=1.0, radius=a.radius)
    compare(a, b, hardness)


@given(a=places, b=places)
def test_a_hard_sweep_that_grows_or_shrinks_is_as_many_dabs(a, b):
    compare(a._replace(strength=1.0), b._replace(strength=1.0), 1.0)


def compare(a, b, hardness):
    """Between two of a thousand dabs there is a gap, in which the cover may be a little more."""
    more = drawn(a, b, hardness=hardness)[::3, ::3] - many_dabs(a, b, hardness)
    gap = (math.hypot(b.x - a.x, b.y - a.y) + abs(b.radius - a.radius)) / 1000
    assert more.min() >= -2
    assert more.max() <= 2 + 255 * gap / 2


def test_strength_goes_from_one_end_to_the_other():
    row = drawn(Dab(10, 35, 5, 0.2), Dab(80, 35, 5, 1.0))[35]
    assert row[10] == pytest.approx(0.2 * 255, abs=4)
    assert row[45] == pytest.approx(0.6 * 255, abs=4)
    assert row[79] == pytest.approx(255, abs=4)
    assert (np.diff(row[10:80].astype(int)) >= 0).all()


def test_a_disc_inside_another_adds_nothing():
    outer, inner = Dab(40, 35, 20), Dab(44, 38, 6)
    assert (drawn(outer, inner) == drawn(outer)).all()
    assert (drawn(inner, outer) == drawn(outer)).all()


def test_pressing_harder_without_moving_grows_the_dab():
    assert (drawn(Dab(40, 35, 3), Dab(40, 35, 12)) == drawn(Dab(40, 35, 12))).all()
    soft, full = Dab(40, 35, 9, 0.2), Dab(40, 35, 9, 0.9)
    assert (drawn(soft, full) == drawn(full)).all()


@given(a=places, b=places, c=places, hardness=st.sampled_from([0.0, 0.7, 1.0]))
def test_blocks_change_nothing(a, b, c, hardness):
    """What is left out between blocks would not have made a difference."""
    if hardness < 1:
        b, c = b._replace(radius=a.radius), c._replace(radius=a.radius)
    b, c = b._replace(strength=a.strength), c._replace(strength=a.strength)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "_BLOCK", 8)
        blocks = drawn(a, b, c, hardness=hardness)
    assert off(blocks, drawn(a, b, c, hardness=hardness)) <= 1


@pytest.mark.parametrize("growth", [1 - 1e-16, 1 - 1e-12, 1 - 1e-7, 1, 1 + 1e-9])
def test_a_tip_that_grows_as_fast_as_it_moves(growth):
    """The hull of two discs that touch from inside."""
    a, b = Dab(40, 35, 5), Dab(50, 35, 5 + 10 * growth)
    assert off(drawn(a, b), drawn(b)) <= 1
    assert off(drawn(b, a), drawn(b)) <= 1


@given(a=places, b=places)
def test_nothing_is_touched_outside_what_is_said(a, b):
    whole = Rect(-60, -60, 220, 200)
    cover = np.zeros((whole.height, whole.width), np.uint8)
    touched = Sweep(a, b, 1.0, first=True).draw(cover, whole)
    cover[touched.moved(60, 60).slices] = 0
    assert not cover.any()
    rect = around(a).joined(around(b))
    assert touched.within(rect) == touched


def test_a_place_far_from_the_picture_is_nothing():
    assert Sweep(Dab(-1e6, 5, 9), Dab(-1e6, 9, 9), 1.0).draw(np.zeros((70, 90)), PLACE).empty
