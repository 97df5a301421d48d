"""Fill: what is copied fits, nothing else changes, and what cannot be done is said."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine import fill_level
from editor.engine.cv import cv2
from editor.engine.fill import SIZE, fill
from editor.engine.fill_windows import windows_around
from editor.engine.image import Rect
from editor.engine.kernels import fill as kernels
from editor.engine.kernels.patch import TAIL
from editor.engine.sources import area_around
from editor.engine.step import last
from tests.engine.test_patchmatch import structured

DEPTHS = [np.uint8, np.uint16, np.float32]


def noise(*shape, dtype=np.uint8, seed=1):
    numbers = np.random.default_rng(seed).random(shape)
    return (numbers * 255).astype(dtype) if dtype != np.float32 else numbers.astype(dtype)


def stripes(height, width, period=8):
    """Slanted, so that a right answer has to be found in two directions."""
    y, x = np.mgrid[:height, :width]
    wave = 128 + 100 * np.sin(2 * np.pi * (x + y / 2) / period)
    return np.repeat(wave[..., None], 3, axis=2).astype(np.uint8)


def hole(height, width, rect):
    mask = np.zeros((height, width), np.uint8)
    mask[Rect(*rect).slices] = 255
    return mask


def filled(image, mask, **options):
    return with_origins(image, mask, **options)[0]


def with_origins(image, mask, **options):
    rect, pixels, origins = last(fill(image, mask, **options))
    result = image.copy()
    result[rect.slices] = pixels
    return result, origins


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_outside_the_hole_not_one_bit_changes(dtype, channels):
    image = noise(60, 70, *channels, dtype=dtype)
    mask = hole(60, 70, (20, 15, 25, 20))
    result = filled(image, mask)
    assert result.dtype == dtype
    assert (result[mask == 0] == image[mask == 0]).all()
    assert (result[mask != 0] != image[mask != 0]).any()
    if channels == (4,):
        assert (result[..., 3] == image[..., 3]).all()


@pytest.mark.parametrize("dtype", DEPTHS)
def test_one_colour_stays_one_colour(dtype):
    image = np.full((50, 50, 3), 0.4 if dtype == np.float32 else 77, dtype)
    mask = hole(50, 50, (15, 15, 20, 20))
    image[mask != 0] = 0
    result = filled(image, mask)
    assert np.allclose(result, image[0, 0], atol=1e-3 if dtype == np.float32 else 1)


def test_stripes_go_on_through_the_hole():
    image = stripes(96, 128)
    mask = hole(96, 128, (50, 30, 30, 30))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    mistake = np.abs(filled(damaged, mask).astype(int) - image)[mask > 0]
    assert mistake.mean() < 4


def test_two_walls_meet_where_they_met():
    """A sharp edge across the hole comes out straight and sharp."""
    image = np.zeros((90, 90, 3), np.uint8)
    image[:, 45:] = 200
    image += noise(90, 90, 3) // 16
    mask = hole(90, 90, (30, 30, 30, 30))
    damaged = np.where(mask[..., None] > 0, np.uint8(255), image)
    result = filled(damaged, mask)[..., 0]
    assert (result[30:60, 30:43] < 60).all()
    assert (result[30:60, 47:60] > 160).all()


def test_light_that_changes_across_the_picture_leaves_no_seam():
    y, x = np.mgrid[:100, :120]
    image = np.repeat((60 + x + y / 4)[..., None], 3, 2).astype(np.uint8)
    mask = hole(100, 120, (40, 30, 40, 40))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    result = filled(damaged, mask).astype(int)[..., 0]
    steps = np.abs(np.diff(result, axis=1))[30:70, 38:82]
    assert steps.max() <= 6


@pytest.mark.parametrize(
    "rect",
    [
        (0, 0, 12, 12),
        (60, 0, 10, 60),
        (0, 50, 70, 10),
        (30, 0, 1, 60),
        (69, 59, 1, 1),
        (0, 0, 1, 1),
    ],
)
def test_holes_at_the_edge_of_the_picture_and_hairs(rect):
    image = stripes(60, 70)
    mask = hole(60, 70, rect)
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    result = filled(damaged, mask)
    assert (result[mask == 0] == damaged[mask == 0]).all()
    assert np.abs(result.astype(int) - image)[mask > 0].mean() < 40


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads():
    image, mask = noise(150, 150, 3), hole(150, 150, (40, 40, 70, 60))
    one, two = (filled(image, mask, seed=5, threads=threads) for threads in (1, 2))
    other = filled(image, mask, seed=6, threads=2)
    assert (one == two).all()
    assert (one != other).any()


def test_a_soft_edge_is_mixed():
    image = np.full((60, 60), 100, np.uint8)
    mask = hole(60, 60, (20, 20, 20, 20))
    image[mask > 0] = 0
    mask[20:40, 20] = 51  # a fifth
    result = filled(image, mask)
    assert np.abs(result[20:40, 20].astype(int) - 20).max() <= 1
    assert np.abs(result[20:40, 22:38].astype(int) - 100).max() <= 1


def test_nothing_is_copied_from_where_that_is_forbidden():
    image = np.full((80, 100, 3), 50, np.uint8)
    image[:, 60:] = 200
    mask = hole(80, 100, (20, 30, 15, 15))
    sources = np.zeros((80, 100), bool)
    sources[:, 70:] = True
    everything, right = filled(image, mask), filled(image, mask, sources=sources)
    assert np.abs(everything[mask > 0].astype(int) - 50).max() <= 1
    assert (right[mask > 0] > everything[mask > 0]).any()


def test_what_was_never_seen_is_not_copied():
    image = noise(60, 80, 4)
    image[..., :3] = 90
    image[:, 40:, :3], image[:, 40:, 3] = 255, 0
    mask = hole(60, 80, (10, 20, 25, 20))
    assert np.abs(filled(image, mask)[mask > 0][:, :3].astype(int) - 90).max() <= 1


def test_what_is_not_a_number_is_not_copied():
    image = np.full((60, 60, 3), 0.25, np.float32)
    image[5:9, 5:9] = np.nan
    mask = hole(60, 60, (20, 20, 15, 15))
    result = filled(image, mask)
    assert np.isfinite(result[mask > 0]).all()
    assert np.isnan(result[5:9, 5:9]).all()


def test_transparency_is_filled_on_request():
    image = np.concatenate([noise(60, 80, 3), np.full((60, 80, 1), 255, np.uint8)], axis=2)
    mask = hole(60, 80, (30, 20, 20, 20))
    image[22:36, 32:56] = (255, 0, 255, 0)  # and a little beyond the hole
    kept, healed = (filled(image, mask, alpha=alpha) for alpha in (False, True))
    assert (kept[..., 3] == image[..., 3]).all()
    assert (healed[mask > 0][:, 3] == 255).all()
    assert (healed[mask == 0] == image[mask == 0]).all()


def test_half_transparent_things_are_copied_as_they_are():
    image = np.full((60, 80, 4), 100, np.uint8)
    image[..., 3] = 128
    mask = hole(60, 80, (30, 20, 20, 20))
    image[mask > 0] = 0
    assert (filled(image, mask, alpha=True)[mask > 0] == (100, 100, 100, 128)).all()


def test_with_adaptation_texture_is_taken_from_another_light():
    """A fine pattern under light that falls from left to right."""
    y, x = np.mgrid[:120, :160]
    pattern = np.where((x // 3 + y // 3) % 2, 18, -18)
    image = np.repeat((40 + 1.1 * x + pattern)[..., None], 3, axis=2).astype(np.uint8)
    mask = hole(120, 160, (90, 35, 50, 50))
    sources = np.zeros((120, 160), bool)
    sources[:, :60] = True
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    plain, adapted = (
        np.abs(filled(damaged, mask, sources=sources, adapt=adapt).astype(int) - image)[
            mask > 0
        ].mean()
        for adapt in (0.0, 1.0)
    )
    assert plain > 20
    assert adapted < 3


@pytest.mark.parametrize("adapt", [-0.1, 1.5])
def test_an_adaptation_out_of_range_is_refused(adapt):
    with pytest.raises(ValueError, match=f"the adaptation is {adapt}: from 0 to 1"):
        last(fill(noise(40, 40, 3), hole(40, 40, (10, 10, 8, 8)), adapt=adapt))


def test_a_fill_takes_little_more_memory_than_what_it_looks_at():
    """Four bytes to copy from and four to measure with; more only for the part around the hole."""
    image, mask = noise(700, 900, 3), hole(700, 900, (420, 320, 60, 60))
    sources = np.ones((700, 900), bool)
    last(fill(image, mask, sources=sources))  # what is compiled takes memory too
    tracemalloc.start()
    last(fill(image, mask, sources=sources))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 18 * mask.size


def test_it_begins_coarsely_and_can_be_left_at_any_time():
    image, mask = noise(200, 200, 3), hole(200, 200, (50, 50, 90, 90))
    values = [step.value for step in fill(image, mask) if step.value is not None]
    assert len(values) >= 3
    assert all(value.rect == (50, 50, 90, 90) for value in values)
    for count in (1, 5, 40):
        steps = fill(image, mask)
        list(itertools.islice(steps, count))
        steps.close()


def test_parts_that_lie_apart_are_solved_apart():
    image = np.zeros((300, 900, 3), np.uint8)
    image[:, :450], image[:, 450:] = 40, 220
    mask = hole(300, 900, (100, 100, 20, 20)) | hole(300, 900, (700, 100, 20, 20))
    first, second = sorted(windows_around(mask))
    assert first[0] == (100, 100, 20, 20)
    assert second[0] == (700, 100, 20, 20)
    result = filled(image, mask)
    assert np.abs(result.astype(int) - image).max() <= 1


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 380), st.integers(0, 280), st.integers(1, 40), st.integers(1, 40)),
        min_size=1,
        max_size=5,
    )
)
def test_windows_do_not_meet_and_hold_the_whole_hole(rects):
    mask = np.zeros((300, 400), np.uint8)
    for rect in rects:
        mask[Rect(*rect).slices] = 1
    parts = windows_around(mask)
    left = mask.copy()
    for rect, window in parts:
        assert rect.within(window) == rect
        left[rect.slices] = 0
    assert not left.any()
    for (_, one), (_, other) in itertools.combinations(parts, 2):
        assert one.within(other).empty


@pytest.mark.parametrize(
    ("shape", "rect", "sentence"),
    [
        ((5, 30), (2, 2, 2, 2), f"the picture is 30 × 5: Fill copies patches of {SIZE} × {SIZE}"),
        ((30, 30), (3, 3, 24, 24), "nowhere are 7 × 7 pixels left to copy from"),
        ((30, 30), (0, 0, 0, 0), "the mask is empty"),
        ((30, 30), (0, 0, 30, 30), "the mask covers the whole picture"),
    ],
)
def test_what_cannot_be_done_is_said(shape, rect, sentence):
    with pytest.raises(ValueError, match=sentence):
        last(fill(noise(*shape, 3), hole(*shape, rect)))


# ── where it comes from ──


@pytest.mark.parametrize("parts", [[(20, 15, 25, 20)], [(5, 5, 12, 12), (230, 200, 14, 9)]])
def test_every_pixel_of_the_hole_says_where_it_was_copied_from(parts):
    image = noise(256, 256, 3)
    mask = np.maximum.reduce([hole(256, 256, part) for part in parts])
    _, origins = with_origins(image, mask)
    assert len(origins) == (mask > 0).sum()
    for y, x in np.argwhere(mask):
        assert mask[origins.at(y, x)] == 0
    assert origins.at(0, 0) is None


def test_in_even_light_a_pixel_has_the_colour_of_its_origin():
    image = stripes(80, 90)
    mask = hole(80, 90, (30, 25, 20, 20))
    result, origins = with_origins(image, mask)
    for y, x in np.argwhere(mask):
        assert np.abs(result[y, x].astype(int) - image[origins.at(y, x)]).max() <= 8


def test_of_a_ring_only_the_ring_is_copied():
    image, mask = noise(200, 200, 3), hole(200, 200, (90, 90, 20, 20))
    sources, reach = area_around(mask, "ring", 15)
    _, origins = with_origins(image, mask, sources=sources, reach=reach)
    ys, xs = origins.froms.T
    assert sources[ys, xs].all()
    assert ys.min() >= 75
    assert xs.max() < 125


@pytest.mark.parametrize("area", ["sides", "above_below"])
def test_from_the_sides_nothing_above_or_below_is_copied(area):
    image, mask = noise(200, 200, 3), hole(200, 200, (90, 90, 20, 20))
    sources, reach = area_around(mask, area, 0)
    _, origins = with_origins(image, mask, sources=sources, reach=reach)
    along = origins.froms[:, 0 if area == "sides" else 1]
    assert along.min() >= 90
    assert along.max() < 110


def test_a_ring_is_as_wide_as_it_says_around_every_hole():
    mask = hole(300, 300, (20, 20, 5, 5)) | hole(300, 300, (200, 250, 5, 5))
    sources, reach = area_around(mask, "ring", 10)
    assert reach == 10
    for x, y in ((22, 22), (202, 252)):
        assert sources[y, x + 12]
        assert not sources[y, x + 14]
    assert not (sources & (mask > 0)).any()


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_another_picture_can_be_copied_from(dtype, channels):
    image = np.zeros((60, 70, *channels), dtype)
    other = np.full((50, 90, 3), 200, np.uint8)
    mask = hole(60, 70, (20, 15, 25, 20))
    result, origins = with_origins(image, mask, other=other)
    assert (result[mask == 0] == image[mask == 0]).all()
    assert origins.other
    assert (origins.froms >= 0).all()
    assert (origins.froms < (50, 90)).all()
    assert origins.at(15, 20) is not None


def test_of_another_picture_only_its_sampling_area_is_copied():
    image, other = noise(60, 70, 3), noise(80, 80, 3, seed=2)
    area = np.zeros((80, 80), bool)
    area[10:40, 50:75] = True
    _, origins = with_origins(image, hole(60, 70, (20, 15, 25, 20)), other=other, sources=area)
    assert area[tuple(origins.froms.T)].all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sources": np.zeros((60, 70), bool)}, "the sampling area is empty"),
        ({"sources": hole(60, 70, (22, 17, 4, 4))}, "lies wholly under the mask"),
        ({"sources": np.ones((9, 9), bool)}, "the sampling area is 9 × 9 and the picture 70 × 60"),
        ({"sources": hole(60, 70, (2, 2, 4, 4))}, "nowhere are 7 × 7 pixels left to copy from"),
        ({"other": noise(5, 90, 3)}, "the other picture is 90 × 5: Fill copies patches of 7 × 7"),
    ],
)
def test_sources_that_cannot_be_copied_from(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        last(fill(noise(60, 70, 3), hole(60, 70, (20, 15, 25, 20)), **options))


def test_an_area_that_nobody_knows():
    with pytest.raises(ValueError, match="the area is 'moon': choose around, ring"):
        area_around(hole(9, 9, (2, 2, 2, 2)), "moon", 9)


@pytest.mark.parametrize("seed", range(3))
def test_outwards_a_fill_goes_on_without_saying_the_same_again_and_again(seed):
    spots = cv2.GaussianBlur(noise(90, 120, 3, dtype=np.float32, seed=seed), (0, 0), 1.2)
    image, mask = np.zeros((90, 180, 3), np.uint8), hole(90, 180, (120, 0, 60, 90))
    image[:, :120] = np.clip(120 + 600 * (spots - 0.5), 0, 255)
    nearest, inwards = (with_origins(image, mask, outwards=way)[1] for way in ("", "x"))
    different = [len(np.unique(origins.froms, axis=0)) for origins in (nearest, inwards)]
    assert different[1] > 0.8 * 90 * 60 > 1.3 * different[0]
    assert np.abs(inwards.froms[:, 0] - inwards.ys).mean() < 2  # from straight inwards


def test_votes_are_weighed_means_in_every_row_and_beside_every_gap():
    """As the paper says it (Wexler, §3.2): the mean of what all patches over a pixel say."""
    rng = np.random.default_rng(4)
    source = noise(50, 70, 4)
    inside = np.zeros((40, 60), bool)
    inside[0:12, 5:33] = inside[20, 4::3] = inside[25, ::11] = inside[30:40, 50:60] = True
    weights = np.float32(rng.random((40, 60)) * rng.integers(0, 2, (40, 60)))
    weights[6:20, 20:] = 0  # of some pixels nobody says anything
    positions = np.dstack([rng.integers(3, n - 3, (40, 60)) for n in (50, 70)]).astype(np.int32)
    positions[weights == 0] = -1
    ys, xs = (axis.astype(np.int32) for axis in np.nonzero(inside))
    pixels, expected = (np.full((40, 60, 4), 7, np.uint8) for _ in range(2))
    for y, x in zip(ys, xs, strict=True):
        total, votes = np.float32(0), np.zeros(4, np.float32)
        for v in range(max(y - 3, 0), min(y + 4, 40)):
            for u in range(max(x - 3, 0), min(x + 4, 60)):
                if weights[v, u] > 0:
                    said = source[tuple(positions[v, u] + (y - v, x - u))]
                    votes += weights[v, u] * said.astype(np.float32)
                    total += weights[v, u]
        if total > 0:
            expected[y, x] = votes / total + np.float32(0.5)
    flat = np.pad((source ^ 128).view(np.int8).ravel(), (0, TAIL))
    for first in range(0, len(ys), 50):  # however it is cut
        part = first, min(first + 50, len(ys))
        kernels.vote(*part, ys, xs, weights, positions, flat, 70, pixels)
    assert (pixels == expected).all()
    assert ((pixels == 7).all(axis=2) & inside).any()


def test_busy_places_can_be_told_from_busier_ones():
    known = np.ones((30, 30), np.uint8)
    checks = np.indices((30, 30)).sum(axis=0)[..., None] % 2 * np.ones(3)
    plain, busy, busier = (
        fill_level._business((checks * height).astype(np.uint8), known, 5)[15, 15]
        for height in (0, 8, 15)
    )
    assert plain == 0
    assert 150 < busy < busier < 255


@pytest.mark.parametrize(
    ("known", "copied", "share"),
    [
        ((128, 128, 128), (128, 128, 128), 1),
        ((128, 128, 128), (128, 108, 148), 1),
        ((138, 128, 128), (100, 128, 128), pytest.approx(0.3406, abs=1e-3)),
        ((255, 128, 128), (100, 128, 128), 0),
        ((28, 128, 128), (0, 128, 128), 0),  # in the dark less is light
        ((0, 0, 0), (0, 0, 0), 1),
    ],
)
def test_a_small_difference_at_the_border_is_one_of_light(known, copied, share):
    """At 100 of 255 it may be 30 times 0.85."""
    pixels = (np.array(colour, np.uint8) for colour in (known, copied))
    assert kernels.share_of_light(*pixels, np.float32(30), np.float32(255)) == share


def test_another_thing_beside_the_hole_does_not_shine_into_it():
    image = np.full((60, 80, 3), 100, np.uint8)
    mask = hole(60, 80, (20, 20, 30, 30))
    image[17:20, 20:50] = (250, 60, 60)  # as much of it is seen as no patch lacks
    result = filled(image, mask, sources=np.arange(80) > 51 + np.zeros((60, 1)))
    assert (result[mask > 0] == 100).all()


def test_what_is_copied_does_not_lie_beside_itself():
    image, mask = structured(160, 200), hole(160, 200, (60, 40, 80, 70))
    origins = with_origins(image, mask)[1]
    froms = np.zeros((160, 200, 2), np.int32)
    froms[origins.ys, origins.xs] = origins.froms
    inner = froms[42:108, 62:138]
    twice = np.zeros(inner.shape[:2], bool)
    for dy, dx in ((0, 1), (0, 2), *((dy, dx) for dy in (1, 2) for dx in range(-2, 3))):
        twice |= (inner == froms[42 + dy : 108 + dy, 62 + dx : 138 + dx]).all(axis=2)
    assert twice.mean() < 0.01
