import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine import smooth
from editor.engine.image import Rect, full_scale
from editor.engine.random import normals
from editor.engine.smooth import mend, mend_reference
from editor.engine.step import last

DEPTHS = [np.uint8, np.uint16, np.float32]


def mended(image, hole, **how):
    """The whole picture after a fill without grain, unless it is asked for."""
    rect, pixels = last(mend(image, hole, **{"grain": 0.0, **how}))
    result = image.copy()
    result[rect.slices] = pixels
    return result


def noise(shape, seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


def as_depth(working, depth):
    scaled = working * full_scale(np.dtype(depth))
    return scaled.astype(np.float32) if depth == np.float32 else np.rint(scaled).astype(depth)


def error(result, expected):
    """The largest difference, where white is 1."""
    difference = np.abs(result.astype(np.float64) - expected) / full_scale(result.dtype)
    return np.nanmax(difference)


def grainy(shape, deviation, size=0.0, level=128):
    """A grey picture of noise, 8 bit."""
    from scipy.ndimage import gaussian_filter

    flat = normals(7, (*shape, 3))
    soft = gaussian_filter(flat, (size, size, 0), mode="wrap") if size else flat
    return np.rint(level + deviation * soft / soft.std()).astype(np.uint8)


# ── the membrane ──


@st.composite
def holed(draw):
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    density = draw(st.sampled_from([0.05, 0.3, 0.6, 0.9, 0.97]))
    kind = draw(st.sampled_from(["dots", "box", "scratches"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    hole = np.zeros((height, width), bool)
    if kind == "dots":
        hole = rng.random((height, width)) < density
    elif kind == "box":
        y, x = rng.integers(0, height), rng.integers(0, width)
        hole[y : y + 1 + int(density * height), x : x + 1 + int(density * width)] = True
    else:
        hole[rng.random(height) < density / 2] = True
        hole[:, rng.random(width) < density / 2] = True
    hole.flat[rng.integers(hole.size)] = True
    if hole.all():
        hole.flat[rng.integers(hole.size)] = False
    return rng, hole


@settings(max_examples=60, deadline=None)
@given(holed(), st.sampled_from(DEPTHS), st.sampled_from([(), (3,), (4,)]))
def test_the_fast_way_agrees_with_the_reference_on_any_hole(case, depth, channels):
    rng, hole = case
    if hole.size == 1:
        return
    image = as_depth(rng.random((*hole.shape, *channels)), depth)
    result = mended(image, hole)
    assert error(result, mend_reference(image, hole)) <= 1 / 512 + 1 / full_scale(image.dtype) * (
        image.dtype.kind == "u"
    )
    assert np.array_equal(result[~hole], image[~hole])


def test_a_large_blob_with_pinholes_converges():
    image, hole = noise((160, 200, 3)), np.zeros((160, 200), bool)
    hole[4:-4, 7:] = True
    hole[80, 100] = hole[30, 33] = hole[33, 30] = False
    image = np.kron(image[::20, ::20], np.ones((20, 20, 1), np.float32))
    assert error(mended(image, hole), mend_reference(image, hole)) <= 1 / 512


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_a_constant_stays_constant(depth, channels):
    image = as_depth(np.full((40, 60, *channels), 0.3, np.float32), depth)
    hole = np.zeros((40, 60), bool)
    hole[3:30, 10:55] = True
    damaged = image.copy()
    damaged[hole] = 0
    if channels == (4,):
        damaged[hole, 3] = image[0, 0, 3]
    result = mended(damaged, hole)
    assert error(result, image) <= 1e-6


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_ramp_is_reproduced(depth):
    ys, xs = np.mgrid[:40, :50]
    image = as_depth(0.1 + xs / 100 + ys / 200, depth)
    hole = np.zeros(image.shape, bool)
    hole[5:33, 8:44] = True
    damaged = np.where(hole, 0, image).astype(depth)
    assert error(mended(damaged, hole), image) <= max(1 / 2048, 1 / full_scale(image.dtype))


def test_a_scratch_one_pixel_wide_becomes_the_mean_of_both_sides():
    image = np.full((9, 9), 100, np.uint8)
    image[:, 5:] = 140
    hole = np.zeros((9, 9), bool)
    hole[:, 4] = True
    image[hole] = 255
    assert mended(image, hole)[:, 4].tolist() == [120] * 9


def test_at_the_pictures_border_the_film_meets_it_straight():
    ramp = np.tile(np.arange(0, 200, 10, np.uint8), (12, 1))
    hole = np.zeros(ramp.shape, bool)
    hole[:, 15:] = True  # nothing is known to the right
    result = mended(ramp, hole)
    assert (result[:, 15:] == 140).all()
    corner = np.zeros((12, 20), bool)
    corner[6:, 12:] = True
    assert error(mended(ramp, corner), mend_reference(ramp, corner)) <= 1 / 255


@pytest.mark.parametrize("shape", [(1, 30), (30, 1)])
def test_a_picture_of_one_row_is_a_straight_line(shape):
    image = np.zeros(shape, np.uint8)
    image.flat[-1] = 29 * 8
    hole = np.ones(shape, bool)
    hole.flat[0] = hole.flat[-1] = False
    assert mended(image, hole).ravel().tolist() == [8 * k for k in range(30)]


def test_each_hole_is_mended_for_itself():
    image = np.full((20, 40, 3), 50, np.uint8)
    image[:, 20:] = 200
    hole = np.zeros((20, 40), bool)
    hole[4:9, 4:9] = hole[10:15, 30:38] = True
    damaged = image.copy()
    damaged[hole] = 255
    assert np.array_equal(mended(damaged, hole), image)


# ── what is known and what is not ──


def test_nan_outside_the_hole_neither_spreads_nor_changes():
    image = np.full((20, 30, 3), 0.25, np.float32)
    image[8:12, 5:9] = np.nan
    image[0, 0, 1] = np.inf
    hole = np.zeros((20, 30), bool)
    hole[6:10, 8:20] = True
    result = mended(image, hole)
    assert result[hole] == pytest.approx(0.25, abs=1e-6)
    assert np.array_equal(result[~hole], image[~hole], equal_nan=True)


def test_a_hole_wholly_inside_nan_takes_its_colour_from_beyond():
    image = np.full((20, 30), 0.25, np.float32)
    image[5:15, 5:25] = np.nan
    hole = np.zeros((20, 30), bool)
    hole[8:10, 10:20] = True
    assert mended(image, hole)[hole] == pytest.approx(0.25, abs=1e-6)


def test_a_picture_without_a_number_outside_the_hole_is_refused():
    image, hole = np.full((4, 4), np.nan, np.float32), np.zeros((4, 4), bool)
    hole[1, 1] = True
    with pytest.raises(ValueError, match="no pixel outside the mask is a number"):
        last(mend(image, hole))


def test_highlights_above_white_are_kept():
    image = np.full((12, 12, 3), 40.0, np.float32)
    hole = np.zeros((12, 12), bool)
    hole[3:8, 3:8] = True
    image[hole] = 0
    assert mended(image, hole) == pytest.approx(40.0, rel=1e-3)


def test_what_lies_unseen_under_transparent_pixels_does_not_bleed_in():
    image = np.full((10, 20, 4), (200, 100, 50, 255), np.uint8)
    image[:, 10:] = (0, 255, 0, 0)
    hole = np.zeros((10, 20), bool)
    hole[3:7, 8:12] = True
    result = mended(image, hole)
    assert np.abs(result[hole][:, :3].astype(int) - (200, 100, 50)).max() <= 1
    assert np.array_equal(result[..., 3], image[..., 3])


def test_where_all_around_is_transparent_the_colour_stays():
    image = np.zeros((10, 10, 4), np.uint8)
    hole = np.zeros((10, 10), bool)
    hole[4:6, 4:6] = True
    image[hole] = (9, 8, 7, 255)
    assert np.array_equal(mended(image, hole), image)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_soft_cover_mixes(depth):
    image = as_depth(np.full((10, 10), 0.2, np.float32), depth)
    image[5, 5] = full_scale(image.dtype) * 0.8
    cover = np.zeros((10, 10), np.uint8)
    cover[5, 5] = 51
    mixed = mended(image, cover)[5, 5] / full_scale(image.dtype)
    assert mixed == pytest.approx(0.8 * 0.8 + 0.2 * 0.2, abs=1 / 255)
    assert np.array_equal(np.delete(mended(image, cover), 55), np.delete(image, 55))


# ── grain ──


def test_grain_is_as_strong_as_around():
    for deviation in (2.0, 8.0):
        image = grainy((120, 120), deviation)
        hole = np.zeros((120, 120), bool)
        hole[40:80, 40:80] = True
        inner = mended(image, hole, grain=1.0)[44:76, 44:76].astype(float)
        assert inner.std() == pytest.approx(deviation, rel=0.15)


def test_coarse_grain_stays_coarse():
    image = grainy((160, 160), 10.0, size=0.9)
    hole = np.zeros((160, 160), bool)
    hole[40:120, 40:120] = True
    result = mended(image, hole, grain=1.0).astype(float)

    def likeness(part):
        part = part - part.mean(axis=(0, 1))
        return (part[:, 1:] * part[:, :-1]).mean() / (part**2).mean()

    assert likeness(result[48:112, 48:112]) == pytest.approx(likeness(image.astype(float)), abs=0.1)


def test_grey_grain_stays_grey():
    image = np.repeat(grainy((90, 90), 6.0)[..., :1], 3, axis=2)
    hole = np.zeros((90, 90), bool)
    hole[30:60, 30:60] = True
    result = mended(image, hole, grain=1.0)[hole]
    assert np.ptp(result.astype(int), axis=1).max() <= 1
    assert result.std() > 4


def test_twice_the_grain_is_twice_as_strong_and_none_is_the_membrane():
    image = grainy((90, 90), 6.0)
    hole = np.zeros((90, 90), bool)
    hole[30:60, 30:60] = True
    bare = mended(image, hole).astype(float)
    once = mended(image, hole, grain=1.0) - bare
    twice = mended(image, hole, grain=2.0) - bare
    assert twice[hole].std() == pytest.approx(2 * once[hole].std(), rel=0.02)
    assert error(mended(image, hole), mend_reference(image, hole)) <= 1 / 255


def test_a_clean_sky_and_a_drawing_get_none():
    ys, xs = np.mgrid[:96, :128]
    sky = np.stack([90 + ys / 9 + xs / 40, 120 + ys / 12, 200 + xs / 90], axis=2).astype(np.uint8)
    drawing = np.where((xs + ys) % 40 < 20, 30, 220).astype(np.uint8)
    drawing[(ys - 48) ** 2 + (xs - 40) ** 2 < 500] = 120
    hole = np.zeros((96, 128), bool)
    hole[40:60, 50:80] = hole[10:12, 5:120] = True
    for image in (sky, drawing):
        assert np.array_equal(mended(image, hole, grain=1.0), mended(image, hole))


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_same_seed_gives_the_same_bytes_on_one_thread_or_two(depth):
    image = as_depth(grainy((300, 310), 5.0) / 255, depth)
    hole = np.zeros((300, 310), bool)
    hole[20:280, 20:290] = True
    hole[100:102] = False
    one, two = (mended(image, hole, grain=1.0, seed=3, threads=n) for n in (1, 2))
    other = mended(image, hole, grain=1.0, seed=4)
    assert one.tobytes() == two.tobytes() != other.tobytes()


# ── steps and the door ──


def test_a_first_estimate_comes_before_the_result_and_progress_grows():
    image, hole = noise((200, 200, 3)), np.zeros((200, 200), bool)
    hole[20:180, 20:180] = True
    steps = [
        (step.done, None if step.value is None else step.value[1].copy())
        for step in mend(image, hole, grain=0)
    ]
    done = [done for done, _ in steps]
    values = [value for _, value in steps if value is not None]
    assert done == sorted(done)
    assert done[-1] == 1
    assert len(values) == 2
    assert error(values[0], values[1]) < 0.5


def test_it_can_be_left_at_every_step():
    image, hole = noise((60, 60)), np.zeros((60, 60), bool)
    hole[10:50, 10:50] = True
    before = image.copy()
    count = sum(1 for _ in mend(image, hole))
    for leave in range(0, count, 7):
        steps = mend(image, hole)
        for _ in range(leave):
            next(steps)
        steps.close()
    assert np.array_equal(image, before)


def test_a_view_that_is_read_only_and_upside_down_will_do():
    image, hole = noise((30, 40, 3)), np.zeros((30, 40), bool)
    hole[5:9, 3:30] = True
    for array in (image, hole):
        array.flags.writeable = False
    straight = mended(image, hole)
    assert np.array_equal(mended(image[::-1, ::-1], hole[::-1, ::-1]).shape, straight.shape)
    assert error(mended(image[::-1, ::-1], hole[::-1, ::-1])[::-1, ::-1], straight) <= 1 / 512


def test_the_result_is_the_smallest_place_around_the_hole():
    hole = np.zeros((20, 30), np.uint8)
    hole[4:7, 10:15] = 1
    rect, pixels = last(mend(np.zeros((20, 30), np.uint16), hole))
    assert rect == Rect(10, 4, 5, 3)
    assert (pixels.shape, pixels.dtype) == ((3, 5), np.uint16)


@pytest.mark.parametrize(
    ("hole", "grain", "sentence"),
    [
        (np.zeros((4, 4), bool), 1, "the mask is empty"),
        (np.ones((4, 4), bool), 1, "covers the whole picture"),
        (np.ones((2, 4), bool), 1, "the mask is 4 × 2 and the picture is 4 × 4"),
        (np.eye(4), 1, "a mask is bool or uint8, not float64"),
        (np.eye(4, dtype=bool), 2.5, "grain is 2.5: it goes from 0 to 2"),
        (np.eye(4, dtype=bool), float("nan"), "grain is nan"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(hole, grain, sentence):
    with pytest.raises(ValueError, match=sentence):
        next(mend(np.zeros((4, 4), np.uint8), hole, grain=grain))


def test_a_hole_beyond_memory_is_refused_before_the_start():
    with pytest.raises(ValueError, match=r"takes 1000\.0 GB of memory .* fill it in parts"):
        smooth.check_memory(10**12)


def test_warming_up_needs_nothing():
    smooth.warm_up()
