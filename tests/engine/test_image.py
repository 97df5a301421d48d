import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from editor.engine.image import (
    Rect,
    Size,
    blended,
    check_fits,
    check_hole,
    check_picture,
    decode_srgb,
    encode_srgb,
    from_working,
    frozen,
    put,
    to_working,
)

rects = st.builds(Rect, *[st.integers(-20, 20)] * 2, *[st.integers(0, 20)] * 2)


def pixels_of(rect):
    return {(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


@given(rects, rects)
def test_a_part_within_another_holds_exactly_the_common_pixels(one, other):
    assert pixels_of(one.within(other)) == pixels_of(one) & pixels_of(other)


@given(rects, rects)
def test_a_joined_rect_holds_both(one, other):
    assert pixels_of(one.joined(other)) >= pixels_of(one) | pixels_of(other)


@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        elements=st.sampled_from([0, 0, 0, 9]),
    )
)
def test_the_rect_around_a_mask_is_the_smallest(mask):
    rect = Rect.around(mask)
    ys, xs = np.nonzero(mask)
    if len(ys) == 0:
        assert rect.empty
    else:
        assert rect == (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1)
        assert mask[rect.slices].sum() == mask.sum()


@given(arrays.arrays(np.uint8, (5, 6, 3), elements=st.sampled_from([0] * 20 + [9])))
def test_a_pixel_is_inside_if_one_of_its_channels_is(pixels):
    assert Rect.around(pixels) == Rect.around(pixels.any(2))


def test_a_size_reads_as_people_say_it():
    assert str(Size.of(np.zeros((40, 60, 3)))) == "60 × 40"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_whole_numbers_come_back_bit_for_bit(dtype, channels):
    every = np.arange(np.iinfo(dtype).max + 1, dtype=dtype)
    image = np.broadcast_to(every[:, None, *[None] * len(channels)], (len(every), 1, *channels))
    assert np.array_equal(from_working(to_working(image), image), image)


def test_floats_come_back_closely_beyond_white_too():
    image = np.geomspace(1e-6, 100, 300, dtype=np.float32).reshape(10, 10, 3)
    assert from_working(to_working(image), image) == pytest.approx(image, rel=2e-5)


def test_float_pictures_are_taken_as_linear_light():
    grey = np.full((1, 1), 0.2140, np.float32)
    assert to_working(grey)[0, 0] == pytest.approx([0.5, 0.5, 0.5], abs=1e-4)


def test_alpha_is_kept():
    image = np.full((2, 2, 4), (10, 20, 30, 40), np.uint8)
    assert np.array_equal(from_working(np.zeros((2, 2, 3), np.float32), image)[0, 0], [0, 0, 0, 40])


def test_nan_becomes_black():
    assert to_working(np.full((1, 1, 3), np.nan, np.float32)).tolist() == [[[0, 0, 0]]]


@given(st.floats(-50, 50, width=32))
def test_the_srgb_curve_is_undone(value):
    linear = np.float32([value])
    assert decode_srgb(encode_srgb(linear)) == pytest.approx(linear, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_blending_keeps_replaces_and_mixes(dtype):
    before, after = np.full((1, 3, 3), 100, dtype), np.full((1, 3, 3), 200, dtype)
    result = blended(before, after, np.uint8([[0, 51, 255]]))
    assert result.dtype == dtype
    assert result[0, :, 0] == pytest.approx([100, 120, 200])


def test_blending_by_a_bool_mask_is_all_or_nothing():
    before, after = np.zeros((1, 2), np.uint8), np.full((1, 2), 9, np.uint8)
    assert blended(before, after, np.array([[True, False]])).tolist() == [[9, 0]]


@pytest.mark.parametrize("shape", [(30, 40), (30, 40, 3), (30, 40, 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_pixels_are_put_into_part_of_a_picture(shape, dtype):
    rng = np.random.default_rng(1)
    picture, pixels = (rng.integers(0, 200, shape).astype(dtype) for _ in range(2))
    where = rng.integers(0, 2, (12, 9)).astype(bool)
    expected = picture.copy()
    expected[5:17, 8:17][where] = pixels[:12, :9][where]
    put(pixels[:12, :9], where, picture[5:17, 8:17])
    assert (picture == expected).all()


def test_where_nothing_is_covered_even_nan_is_kept():
    before = np.full((1, 1), np.nan, np.float32)
    assert np.isnan(blended(before, np.zeros_like(before), np.zeros((1, 1), np.uint8))).all()


def test_a_frozen_view_refuses_writing_and_its_base_does_not():
    array = np.zeros(3)
    view = frozen(array)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1
    array[0] = 1
    assert view[0] == 1


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((2, 2, 2), np.uint8), "not \\(2, 2, 2\\)"),
        (np.zeros(4, np.uint8), "not \\(4,\\)"),
        (np.zeros((2, 2), np.float64), "not float64"),
        (np.zeros((0, 4), np.uint8), "no pixels"),
    ],
)
def test_what_is_no_picture_is_refused(array, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_picture(array)


def test_a_mask_of_another_size_is_refused_with_both_sizes():
    with pytest.raises(ValueError, match="the mask is 3 × 2 and the picture is 5 × 4"):
        check_fits(np.zeros((4, 5, 3), np.uint8), np.zeros((2, 3), bool))


def test_a_hole_needs_something_and_leaves_something():
    image = np.zeros((2, 2), np.uint8)
    with pytest.raises(ValueError, match="the mask is empty"):
        check_hole(image, np.zeros((2, 2), bool))
    with pytest.raises(ValueError, match="covers the whole picture"):
        check_hole(image, np.ones((2, 2), bool))
