"""The levels above a document: right after every edit, coarse at once, exact a moment later."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.image import Rect, Size
from editor.model.plane import Plane, differences
from editor.operations.base import Patch
from editor.ui.canvas import mips
from editor.ui.canvas.colour import Colours
from editor.ui.canvas.mips import Pixels, Pyramid, averaged, depth_for, strongest, thinned


def noise(height, width, channels=3, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels)).astype(np.uint8)


def pyramid(plane, refine=True):
    convert = Colours(b"", plane.dtype, len(plane.shape) == 2).shown
    height, width = plane.shape[:2]
    depth = depth_for(Size(width, height))
    return Pyramid(
        Pixels(plane), Rect(0, 0, width, height), depth, convert, averaged, refine=refine
    )


def fresh(plane):
    """Every level, by the definition."""
    pixels = Colours(b"", plane.dtype, len(plane.shape) == 2).shown(plane.frozen())
    levels = []
    for _ in range(depth_for(Size(plane.shape[1], plane.shape[0]))):
        pixels = averaged(pixels)
        levels.append(pixels)
    return levels


def whole(made, level):
    return made.pixels(level, mips.at_level(made.rect, level))


def assert_exact(made, plane):
    for level, wanted in enumerate(fresh(plane), start=1):
        assert (whole(made, level) == wanted).all(), f"level {level}"


def edit(plane, rect, pixels):
    for part, delta in list(differences(plane.frozen(), rect, pixels)):
        plane.swap(part, delta)


@pytest.mark.parametrize("size", [(300, 700), (1, 3000), (2600, 1), (257, 1025)])
def test_levels_are_means_of_four_whatever_the_size(size):
    plane = Plane(noise(*size, channels=4))
    made = pyramid(plane)
    made.wait()
    assert whole(made, made.depth).shape[:2] == tuple(-(-side >> made.depth) for side in size)
    assert_exact(made, plane)


def test_a_level_is_the_mean_of_four():
    square = np.array([[[10] * 4, [20] * 4], [[30] * 4, [40] * 4]], np.uint8)
    assert averaged(square).ravel().tolist() == [25] * 4
    assert averaged(square[:, :1]).ravel().tolist() == [20] * 4  # the missing one is repeated


def test_a_mask_keeps_its_hairlines():
    cover = np.zeros((64, 64), np.uint8)
    cover[:, 33] = 255
    for _ in range(5):
        cover = strongest(cover)
    assert cover.max(axis=1).tolist() == [255, 255]
    assert strongest(np.array([[1, 2, 3]], np.uint8)).tolist() == [[2, 3]]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 9), st.sampled_from([1, 3, 4]))
def test_thinning_is_slicing(height, width, step, channels):
    pixels = noise(height, width, channels)
    pixels = pixels[..., 0] if channels == 1 else pixels
    assert (thinned(pixels, step) == pixels[::step, ::step]).all()


places = st.tuples(st.integers(0, 699), st.integers(0, 1099), st.integers(1, 900))


@settings(max_examples=25)
@given(st.lists(st.tuples(places, st.integers(1, 300)), min_size=1, max_size=12), st.booleans())
def test_after_any_edits_every_level_is_as_if_made_fresh(edits, at_once):
    plane = Plane(noise(700, 1100))
    made = pyramid(plane)
    for number, ((y, x, width), height) in enumerate(edits):
        rect = Rect(x, y, width, height).within(made.rect)
        edit(plane, rect, noise(rect.height, rect.width, seed=number))
        if at_once:
            made.wait()
        made.refresh(rect)
    made.wait()
    assert_exact(made, plane)


def test_edits_of_a_big_picture_while_the_thread_is_at_it(monkeypatch):
    monkeypatch.setattr(mips, "_COARSE", 1 << 16)
    monkeypatch.setattr(mips, "_AT_ONCE", 1 << 18)
    plane = Plane(noise(2600, 1500))
    made = pyramid(plane)
    rng = np.random.default_rng(3)
    for number in range(30):
        x, y = int(rng.integers(0, 1400)), int(rng.integers(0, 2500))
        side = 1000 if number % 7 == 0 else 90
        rect = Rect(x, y, side, side).within(made.rect)
        edit(plane, rect, noise(rect.height, rect.width, seed=number))
        made.refresh(rect)
    made.wait()
    assert_exact(made, plane)
    assert all(made.ready(level, mips.at_level(made.rect, level)) for level in (1, made.depth))
    assert sum(rect.height for rect in made.take_done()) >= 2600
    assert not made.busy


def test_a_big_picture_is_there_coarsely_at_once(monkeypatch):
    monkeypatch.setattr(mips, "_COARSE", 1 << 14)
    monkeypatch.setattr(mips, "_AT_ONCE", 1 << 14)
    ramp = np.dstack([np.tile(np.arange(2048) // 8, (1024, 1))] * 3).astype(np.uint8)
    made = pyramid(Plane(ramp), refine=False)
    assert made.coarse == 4 - 1
    assert not made.ready(1, Rect(0, 0, 1024, 512))
    assert made.ready(made.coarse, Rect(0, 0, 256, 128))
    exact = fresh(Plane(ramp))[made.coarse - 1]
    assert np.abs(whole(made, made.coarse).astype(int) - exact).max() <= 1


def test_the_thread_ends_when_nobody_wants_the_levels():
    made = pyramid(Plane(noise(5000, 400)))
    thread = made._thread
    made.close()
    made.wait()
    assert thread is None or not thread.is_alive()


def test_making_levels_holds_no_picture_of_the_plane():
    plane = Plane(noise(1200, 1300))
    made = pyramid(plane)
    made.wait()
    before = plane._array
    edit(plane, Rect(3, 4, 5, 6), noise(6, 5))
    made.refresh(Rect(3, 4, 5, 6))
    edit(plane, Rect(0, 0, 1300, 1200), noise(1200, 1300, seed=5))
    made.refresh(made.rect)
    made.wait()
    edit(plane, Rect(3, 4, 5, 6), noise(6, 5))
    assert plane._array is before


@given(st.integers(0, 60), st.integers(0, 40), st.integers(1, 30), st.sampled_from([1, 2, 4, 8]))
def test_a_patch_lies_where_it_should_at_every_step(x, y, side, step):
    picture = noise(70, 90)
    patch = Patch(Rect(x, y, side, side), noise(side, side, seed=2))
    laid = Pixels(Plane(picture.copy()), patch)
    wanted = patch.on(picture)
    part = Rect(8, 16, 70, 50)
    assert (laid.every(part, step) == wanted[part.slices][::step, ::step]).all()
    assert (laid.crop(part) == wanted[part.slices]).all()


def test_neighbours_are_followed_as_one_place():
    side_by_side = [Rect(0, 3, 100, 5), Rect(100, 2, 100, 6)]
    far_below = Rect(0, 900, 10, 10)
    assert mips.in_rows([*side_by_side, far_below]) == [Rect(0, 2, 200, 6), far_below]
    assert mips.in_rows([]) == []


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 9)] * 2), max_size=8))
def test_joining_places_loses_nothing_and_adds_little(numbers):
    places = [Rect(*four) for four in numbers]
    rows = mips.in_rows(places)
    assert all(any(place.within(row) == place for row in rows) for place in places)
    assert sum(row.area for row in rows) <= 1.5 ** len(places) * sum(p.area for p in places)
