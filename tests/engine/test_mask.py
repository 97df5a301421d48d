import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from editor.engine.image import Point, Rect
from editor.engine.mask import (
    cleared,
    combined,
    feathered,
    from_transparency,
    grown,
    inverted,
    similar,
)

small = st.tuples(st.integers(1, 14), st.integers(1, 14))
hard = arrays.arrays(np.uint8, small, elements=st.sampled_from([0, 0, 0, 0, 255]))
soft = arrays.arrays(np.uint8, small, elements=st.sampled_from([0, 0, 0, 1, 100, 200, 255]))


def put(cover, masked):
    """The whole mask afterwards."""
    result = cover.copy()
    result[masked[0].slices] = masked[1]
    return result


def grown_reference(cover, px):
    """A pixel is chosen if one that is chosen lies within px of it."""
    ys, xs = np.nonzero(cover)
    y, x = np.indices(cover.shape)
    squares = (y[..., None] - ys) ** 2 + (x[..., None] - xs) ** 2
    return np.where((squares <= px**2).any(axis=2), 255, 0)


# ── grow and shrink ──


@settings(deadline=None)
@given(hard, st.integers(0, 6))
def test_growing_a_hard_mask_is_exact(cover, px):
    if cover.any():
        assert np.array_equal(put(cover, grown(cover, px)), grown_reference(cover, px))


@settings(deadline=None)
@given(hard, st.integers(1, 6))
def test_shrinking_is_growing_of_the_rest(cover, px):
    if cover.any():
        assert np.array_equal(put(cover, grown(cover, -px)), 255 - grown_reference(255 - cover, px))


@settings(deadline=None)
@given(soft, st.integers(1, 5))
def test_a_soft_edge_grows_as_far_and_only_gets_more(cover, px):
    if cover.any():
        result = put(cover, grown(cover, px))
        assert (result >= cover).all()
        assert np.array_equal(result > 0, grown_reference(cover, px) > 0)
        full = grown_reference((cover == 255) * 255, px) > 0
        assert (result[full] == 255).all()


def test_a_ramp_moves_as_it_is():
    ramp = np.tile(np.clip(np.arange(60) * 20 - 400, 0, 255).astype(np.uint8), (9, 1))
    moved = put(ramp, grown(ramp, 5))
    assert np.abs(moved[:, :-5].astype(int) - ramp[:, 5:]).max() <= 20


def test_a_mask_at_the_border_does_not_shrink_away_from_it():
    cover = np.zeros((6, 8), np.uint8)
    cover[:, :5] = 255
    assert put(cover, grown(cover, -2))[3].tolist() == [255, 255, 255, 0, 0, 0, 0, 0]
    everything = np.full((6, 8), 255, np.uint8)
    assert np.array_equal(put(everything, grown(everything, -3)), everything)


def test_only_the_place_that_can_change_is_given_back():
    cover = np.zeros((500, 600), np.uint8)
    cover[100:103, 200:204] = 255
    assert grown(cover, 7)[0] == Rect(193, 93, 18, 17)
    assert grown(cover, -1)[0] == Rect(200, 100, 4, 3)
    assert feathered(cover, 4)[0] == Rect(192, 92, 20, 19)


# ── feather ──


@pytest.mark.parametrize("radius", [0.5, 3, 8, 30])
def test_feathering_keeps_the_outline_and_the_amount(radius):
    cover = np.zeros((300, 320), np.uint8)
    cover[100:200, 110:210] = 255
    result = put(cover, feathered(cover, radius)).astype(float)
    assert result.sum() == pytest.approx(cover.sum(), rel=0.01)
    assert result[150, 109:111].mean() == pytest.approx(127.5, abs=3)
    assert (np.diff(result[150, 60:160]) >= 0).all()
    assert np.ptp(result[150, 90:130]) > 200 or radius == 30


def test_a_wide_feather_has_the_asked_width():
    cover = np.zeros((3, 400), np.uint8)
    cover[:, 200:] = 255
    profile = np.diff(put(cover, feathered(cover, 40))[1].astype(float))
    at = np.arange(399) - 199
    assert np.sqrt((profile * at**2).sum() / profile.sum()) == pytest.approx(20, rel=0.05)


def test_feathering_does_not_fade_at_the_pictures_border():
    cover = np.full((40, 40), 255, np.uint8)
    assert np.array_equal(put(cover, feathered(cover, 10)), cover)


# ── the rest ──


def test_inverting_twice_is_nothing():
    cover = np.arange(256, dtype=np.uint8).reshape(16, 16)
    once = put(cover, inverted(cover))
    assert np.array_equal(once, 255 - cover)
    assert np.array_equal(put(once, inverted(once)), cover)


def test_clearing_gives_back_the_place_there_was():
    cover = np.zeros((9, 9), np.uint8)
    cover[2, 3:6] = 40
    rect, part = cleared(cover)
    assert rect == Rect(3, 2, 3, 1)
    assert not part.any()


@pytest.mark.parametrize(
    "act", [lambda cover: grown(cover, 2), lambda cover: feathered(cover, 2), cleared]
)
def test_an_empty_mask_is_said_to_be_empty(act):
    with pytest.raises(ValueError, match="the mask is empty"):
        act(np.zeros((4, 4), np.uint8))


@pytest.mark.parametrize("radius", [0, -1, float("nan")])
def test_a_feather_needs_a_radius(radius):
    with pytest.raises(ValueError, match="the feather radius is"):
        feathered(np.full((2, 2), 9, np.uint8), radius)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_the_more_transparent_the_more_chosen(dtype):
    full = 1.0 if dtype == np.float32 else np.iinfo(dtype).max
    image = np.full((3, 6, 4), full, dtype)
    image[1, 2:5, 3] = np.array([0, 0.2 * full, 0.999 * full])
    rect, part = from_transparency(image)
    assert rect == Rect(2, 1, 3, 1)
    assert part.tolist() == [[255, 204, 1]]


def test_alpha_that_is_no_number_counts_as_transparent():
    image = np.ones((2, 2, 4), np.float32)
    image[0, 1, 3] = np.nan
    assert from_transparency(image)[1].tolist() == [[255]]


def test_without_transparency_there_is_nothing_to_choose():
    with pytest.raises(ValueError, match="has no transparency"):
        from_transparency(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match="opaque everywhere"):
        from_transparency(np.full((2, 2, 4), 255, np.uint8))


# ── by colour ──


def chosen(image, at, tolerance, contiguous=True):
    return put(
        np.zeros(image.shape[:2], np.uint8), similar(image, Point(*at), tolerance, contiguous)
    )


@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
def test_the_wand_takes_what_hangs_together(depth):
    shown = np.full((5, 7), 50.0)
    shown[:, 3] = 200
    shown[4, 5] = 58
    image = {
        np.uint8: lambda v: v.astype(np.uint8),
        np.uint16: lambda v: np.rint(v * 257).astype(np.uint16),
        np.float32: lambda v: (((v / 255 + 0.055) / 1.055) ** 2.4).astype(np.float32),
    }[depth](shown)
    left = chosen(image, (0, 0), 7) > 0
    assert left[:, :3].all()
    assert not left[:, 3:].any()
    everywhere = chosen(image, (0.9, 4.9), 7, contiguous=False) > 0
    assert np.array_equal(everywhere, shown == 50)
    assert np.array_equal(chosen(image, (6, 0), 9, contiguous=False) > 0, shown < 100)


def test_corners_do_not_hang_together():
    image = np.uint8([[9, 200], [200, 9]])
    assert chosen(image, (0, 0), 0).tolist() == [[255, 0], [0, 0]]


@given(arrays.arrays(np.uint8, (4, 5, 3), elements=st.integers(0, 30)), st.integers(0, 20))
def test_every_channel_must_be_close(image, tolerance):
    expected = np.abs(image.astype(int) - image[1, 2]).max(axis=2) <= tolerance
    assert np.array_equal(chosen(image, (2, 1), tolerance, contiguous=False) > 0, expected)


def test_transparent_pixels_are_alike_whatever_lies_under_them():
    image = np.zeros((2, 3, 4), np.uint8)
    image[..., 0] = [[1, 100, 200], [0, 0, 0]]
    image[1, :, 3] = 255
    assert chosen(image, (0, 0), 10).tolist() == [[255] * 3, [0] * 3]


def test_the_wand_reads_a_frozen_view():
    image = np.full((6, 6, 3), 7, np.uint8)[::-1, 1:]
    image.flags.writeable = False
    assert (chosen(image, (1, 1), 3) == 255).all()


def test_the_wand_says_what_is_wrong():
    image = np.full((3, 4), np.nan, np.float32)
    with pytest.raises(ValueError, match="the point 4, 0 lies outside the picture \\(4 × 3\\)"):
        similar(image, Point(4.2, 0), 3, True)
    with pytest.raises(ValueError, match="the pixel at 1, 2 is not a number"):
        similar(image, Point(1, 2), 3, True)
    with pytest.raises(ValueError, match="the tolerance is 300: it goes from 0 to 255"):
        similar(image, Point(1, 2), 300, True)


def test_added_subtracted_and_put_in_its_place():
    cover = np.uint8([[0, 100, 255, 0]])
    part = (Rect(1, 0, 2, 1), np.uint8([[200, 155]]))
    assert put(cover, combined(cover, part, "add")).tolist() == [[0, 200, 255, 0]]
    assert put(cover, combined(cover, part, "subtract")).tolist() == [[0, 55, 100, 0]]
    assert put(cover, combined(cover, part, "replace")).tolist() == [[0, 200, 155, 0]]
    elsewhere = (Rect(3, 0, 1, 1), np.uint8([[9]]))
    assert put(cover, combined(cover, elsewhere, "replace")).tolist() == [[0, 0, 0, 9]]
    with pytest.raises(ValueError, match='no way "toggle"'):
        combined(cover, part, "toggle")
