from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Rect
from editor.engine.kernels import matte as kernels
from editor.engine.matte import Backdrop, Matting, _places, matte, over
from editor.engine.matte_colours import spread
from tests.benchmarks.sprites import BACKDROPS, furry, tinted

GREEN = (30, 200, 40)


def disc(height=80, width=96, radius=22.0, soft=2.0):
    """An alpha with a soft edge, and colours of which none is like the backdrop."""
    y, x = np.indices((height, width))
    away = np.hypot(y - height / 2, x - width / 2)
    alpha = np.clip((radius - away) / soft + 0.5, 0, 1)
    colours = np.stack([150 + x * 0.8, 90 + y * 0.4, 60 + 0 * x], axis=2)
    return alpha.astype(np.float32), colours.astype(np.float32)


def composed(alpha, colours, below):
    mixed = colours * alpha[..., None] + np.asarray(below, np.float32) * (1 - alpha[..., None])
    return np.rint(mixed).astype(np.uint8)


@pytest.mark.parametrize("below", [GREEN, (20, 60, 220), (200, 40, 190), (250, 250, 250)])
def test_a_known_alpha_is_found_before_any_colour(below):
    alpha, colours = disc()
    found = matte(composed(alpha, colours, below), Backdrop.of_colours(below))
    error = np.abs(found[..., 3] / 255 - alpha)
    edge = (alpha > 0) & (alpha < 1)
    assert error.mean() <= 0.002
    assert error[edge].mean() <= 0.04


@pytest.mark.parametrize("grey", [(128, 128, 128), (255, 255, 255), (0, 0, 0)])
def test_no_backdrop_is_left_on_a_new_background(grey):
    alpha, colours = disc()
    found = matte(composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN))
    away = over(found, grey).astype(int) - composed(alpha, colours, grey)
    assert (away[..., 1] - np.maximum(away[..., 0], away[..., 2])).max() <= 3
    assert np.abs(away).mean() <= 0.5


@pytest.mark.parametrize("softness", [2, 4, 10])  # the blur is 15 wide
@pytest.mark.parametrize("below", ["green", "blue", "magenta", "white"])
def test_fur_and_blur_leave_no_backdrop_behind(below, softness):
    alpha, colours = furry(480, 640)
    backdrop = Backdrop.of_colours(BACKDROPS[below])
    frame = composed(alpha, colours, BACKDROPS[below])
    found = matte(frame, backdrop, Matting(softness=softness))
    assert np.abs(found[..., 3] / 255 - alpha).mean() <= 0.006
    spill, _ = tinted(found, alpha, colours, backdrop)
    assert np.quantile(spill[(alpha > 0) & (alpha < 1)], 0.99) <= 3


@pytest.mark.parametrize("softness", [2, 4])
@pytest.mark.parametrize(
    ("coat", "below"), [("grey", "green"), ("greenish", "blue"), ("rimmed", "green")]
)
def test_what_is_of_its_own_colour_keeps_it(coat, below, softness):
    alpha, colours = furry(480, 640, coat)
    backdrop = Backdrop.of_colours(BACKDROPS[below])
    frame = composed(alpha, colours, BACKDROPS[below])
    found = matte(frame, backdrop, Matting(softness=softness))
    _, lost = tinted(found, alpha, colours, backdrop)
    blurred = (alpha > 0) & (alpha < 1) & (np.arange(640) >= 320)
    assert np.quantile(lost[alpha == 1], 0.99) <= 6
    assert np.quantile(lost[blurred], 0.99) <= 6


def test_on_its_old_backdrop_the_cut_out_is_the_frame():
    alpha, colours = disc()
    frame = composed(alpha, colours, GREEN)
    found = matte(frame, Backdrop.of_colours(GREEN), Matting(spill=0))
    assert np.abs(over(found, GREEN).astype(int) - frame).mean() <= 0.2


def test_inside_and_outside_not_one_bit_is_mixed():
    alpha, colours = disc()
    frame = composed(alpha, colours, GREEN)
    found = matte(frame, Backdrop.of_colours(GREEN))
    inner, outer = disc(radius=16)[0] == 1, disc(radius=28)[0] == 0
    assert np.array_equal(found[inner][:, :3], frame[inner])
    assert (found[inner][:, 3] == 255).all()
    assert (found[outer][:, 3] == 0).all()


def test_objects_far_from_each_other_are_solved_apart():
    alpha, colours = disc()
    one = composed(alpha, colours, GREEN)
    frame = np.full((400, 500, 3), GREEN, np.uint8)
    frame[32:112, 64:160], frame[256:336, 352:448] = one, one
    frame[399, 0] = (255, 0, 0)
    found = matte(frame, Backdrop.of_colours(GREEN))
    first, second = found[32:112, 64:160], found[256:336, 352:448]
    assert np.array_equal(first, second)
    assert np.abs(first[..., 3] / 255 - alpha).mean() < 0.002
    assert not found[150:240, :, 3].any()


@given(
    dots=st.lists(st.tuples(st.integers(0, 299), st.integers(0, 399)), max_size=12),
    reach=st.integers(1, 80),
)
def test_every_place_is_apart_and_all_is_in_one(dots, reach):
    seen = np.zeros((300, 400), bool)
    for y, x in dots:
        seen[y, x] = True
    places = _places(seen, reach)
    for a, b in combinations(places, 2):
        assert a.within(b).empty
    for y, x in dots:
        around = Rect(x, y, 1, 1).grown(reach).within(Rect.whole(seen))
        assert any(around.within(place) == around for place in places)


def test_a_shadow_goes_with_the_backdrop_if_it_may():
    frame = np.full((20, 20, 3), GREEN, np.uint8)
    frame[5:15, 5:15] = np.round(np.array(GREEN) * 0.75)
    backdrop = Backdrop.of_colours(GREEN)
    assert not matte(frame, backdrop, Matting(shadow=0.3))[..., 3].any()
    assert matte(frame, backdrop, Matting(shadow=0))[10, 10, 3] == 255


def test_each_of_several_colours_is_backdrop():
    frame = np.full((30, 60, 3), (20, 90, 220), np.uint8)
    frame[:, 30:] = (20, 160, 250)
    frame[10:20, 25:35] = (200, 60, 40)
    found = matte(frame, Backdrop.of_colours((20, 90, 220), (20, 160, 250)))
    assert (found[10:20, 25:35, 3] >= 250).all()
    assert not found[:5, :, 3].any()
    one = matte(frame, Backdrop.of_colours((20, 90, 220)))
    assert one[2, 55, 3] == 255


def test_before_a_plate_only_what_is_new_is_object():
    plate = np.random.default_rng(0).integers(80, 200, (60, 70, 3), np.uint8)
    frame = plate.copy()
    frame[20:40, 20:50] = (250, 20, 20)
    found = matte(frame, Backdrop.of_plate(plate), Matting(softness=1))
    expected = np.zeros((60, 70), bool)
    expected[20:40, 20:50] = True
    assert np.array_equal(found[..., 3] > 128, expected)


def test_a_tail_as_dark_as_a_shadow_is_told_from_one():
    """Before a grey floor: a dark thing, its wide soft shadow, and its tail of the same grey."""
    y, x = np.indices((90, 140))
    floor = (170 + x * 0.2).astype(np.float32)
    shadow = 1 - 0.14 * np.exp(-((np.hypot(y - 52, x - 46) / 26) ** 4))
    body = np.clip(20.5 - np.hypot(y - 45, x - 40), 0, 1)
    tail = np.clip(2.5 - np.abs(y - 45), 0, 1) * (x > 40) * np.clip(110.5 - x, 0, 1)
    grey = floor * shadow * (1 - tail) + floor * 0.74 * tail
    grey = grey * (1 - body) + 35 * body
    frame, plate = (
        np.rint(np.repeat(one[..., None], 3, 2)).astype(np.uint8) for one in (grey, floor)
    )
    found = matte(frame, Backdrop.of_plate(plate))[..., 3] / 255
    assert (found[30:60, 30:50] == 1).all()
    assert (found[45, 62:108] > 0.3).all()
    assert (found[45, 90:108] > 0.5).all()
    assert found[45, 113:].max() == 0
    assert found[75:, 30:60].max() == 0  # of the shadow alone


def test_spill_goes_and_the_brightness_stays():
    frame = np.full((40, 40, 3), GREEN, np.uint8)
    frame[10:30, 10:30] = (120, 150, 120)  # a grey thing in green light
    found = matte(frame, Backdrop.of_colours(GREEN), Matting(spill=1))[20, 20, :3].astype(int)
    assert np.ptp(found) <= 6
    assert abs(found.mean() - 130) <= 1
    kept = matte(frame, Backdrop.of_colours(GREEN), Matting(spill=0))[20, 20, :3]
    assert tuple(kept) == (120, 150, 120)


def test_a_narrow_gap_in_the_object_is_seen_through():
    alpha, colours = disc(radius=34)
    alpha[38:42, 30:66] = 0.4  # too far inside to be an edge of it
    found = matte(composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN))
    assert np.abs(found[38:42, 34:62, 3] / 255 - 0.4).mean() < 0.03
    away = over(found, (128, 128, 128)).astype(int) - composed(alpha, colours, (128, 128, 128))
    assert np.abs(away[30:50]).max() <= 16
    assert (found[48:60, 40:56, 3] == 255).all()


def test_what_is_greenish_all_over_is_no_gap():
    alpha, colours = disc(radius=34)
    colours[:, 48:] = (70, 120, 60)
    found = matte(composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN))
    assert (found[25:55, 56:70, 3] == 255).all()


def test_spill_leaves_what_is_yellow():
    frame = np.full((40, 40, 3), (0, 255, 0), np.uint8)
    frame[10:30, 10:30] = (220, 220, 30)
    found = matte(frame, Backdrop.of_colours((0, 255, 0)))[20, 20, :3].astype(int)
    assert np.abs(found - (220, 220, 30)).max() <= 1


def test_garbage_is_never_object():
    alpha, colours = disc()
    garbage = np.zeros(alpha.shape, bool)
    garbage[:, :48] = True
    found = matte(composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN), garbage=garbage)
    assert not found[:, :48].any()
    assert found[40, 55, 3] == 255


@pytest.mark.parametrize(("choke", "smaller"), [(2, True), (-2, False)])
def test_choke_moves_the_edge(choke, smaller):
    alpha, colours = disc()
    frame, backdrop = composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN)
    plain = (matte(frame, backdrop)[..., 3] > 128).sum()
    moved = (matte(frame, backdrop, Matting(choke=choke))[..., 3] > 128).sum()
    ring = 2 * np.pi * 22 * 2
    assert abs(moved - plain) == pytest.approx(ring, rel=0.2)
    assert (moved < plain) == smaller


def test_feather_widens_the_edge():
    alpha, colours = disc()
    frame, backdrop = composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN)
    soft = [
        ((one > 8) & (one < 247)).sum()
        for one in (matte(frame, backdrop, Matting(feather=f))[..., 3] for f in (0, 4))
    ]
    assert soft[1] > 1.5 * soft[0]


def test_an_empty_backdrop_gives_an_empty_matte():
    frame = np.full((12, 9, 3), GREEN, np.uint8)
    assert not matte(frame, Backdrop.of_colours(GREEN), Matting(choke=2, feather=3)).any()


def test_a_frame_without_backdrop_is_all_object():
    frame = np.full((12, 9, 3), (200, 10, 10), np.uint8)
    assert (matte(frame, Backdrop.of_colours(GREEN))[..., 3] == 255).all()


def test_two_threads_give_the_same_bytes():
    alpha, colours = disc(300, 300, 90)
    frame, backdrop = composed(alpha, colours, GREEN), Backdrop.of_colours(GREEN)
    assert np.array_equal(matte(frame, backdrop, threads=1), matte(frame, backdrop, threads=2))


def test_the_frame_is_not_written_to():
    alpha, colours = disc()
    frame = composed(alpha, colours, GREEN)
    frame.flags.writeable = False
    matte(frame, Backdrop.of_colours(GREEN), Matting(choke=1, feather=1))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: Matting(tolerance=0), "tolerance is 0"),
        (lambda: Matting(shadow=2), "shadow is 2"),
        (lambda: Backdrop.of_colours(), "at least one"),
        (lambda: Backdrop.of_colours((0, 0, 300)), "300"),
        (lambda: Backdrop.of_plate(np.zeros((3, 3), np.uint8)), "plate"),
        (
            lambda: matte(
                np.zeros((4, 4, 3), np.uint8), Backdrop.of_plate(np.zeros((5, 4, 3), np.uint8))
            ),
            "4 × 5",
        ),
        (
            lambda: matte(
                np.zeros((4, 4, 3), np.uint8), Backdrop.of_colours(GREEN),
                garbage=np.zeros((2, 2), bool),
            ),
            "2 × 2",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(made, why):
    with pytest.raises(ValueError, match=why):
        made()


@given(
    pixel=st.tuples(*[st.integers(0, 255)] * 3),
    below=st.tuples(*[st.integers(1, 255)] * 3),
    shadow=st.sampled_from([0.0, 0.3]),
)
def test_the_difference_is_to_the_nearest_shade_of_the_backdrop(pixel, below, shadow):
    frame = np.array(pixel, np.uint8).reshape(1, 1, 3)
    d, ground = np.empty((1, 1), np.float32), np.empty((1, 1, 3), np.float32)
    plates = np.array(below, np.float32).reshape(1, 1, 1, 3)
    kernels.differences(0, 1, frame, 0, 0, plates, np.float32(shadow), d, ground)
    shades = np.linspace(1 - shadow, 1, 500)[:, None] * np.array(below)
    expected = np.linalg.norm(np.array(pixel) - shades, axis=1).min()
    assert d[0, 0] == pytest.approx(expected, abs=0.2)
    assert tuple(ground[0, 0]) == below


def test_known_colours_stay_and_unknown_ones_lie_between():
    colours = np.zeros((16, 33, 3), np.float32)
    colours[:, :10], colours[:, 20:] = 50, 90
    weight = np.ones((16, 33), np.float32)
    weight[:, 10:20] = 0
    found = spread(colours, weight)
    assert np.array_equal(found[weight == 1], colours[weight == 1])
    middle = found[8, 10:20, 0]
    assert (middle >= 49.9).all()
    assert (middle <= 90.1).all()
    assert middle[-1] - middle[0] > 15


def test_nothing_known_is_black():
    assert not spread(np.ones((5, 7, 3), np.float32), np.zeros((5, 7), np.float32)).any()
