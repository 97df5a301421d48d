"""Retarget: made of the picture's own pixels, whole where it must be, straight where it must be."""

import numpy as np
import pytest

from editor.engine.bidirectional import bidirectional
from editor.engine.cv import cv2
from editor.engine.image import Point, Size
from editor.engine.retarget import Line, Region, retarget
from editor.engine.step import last


def noise(*shape, seed=1):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def smooth(height, width, seed=1):
    small = noise(height // 8 + 1, width // 8 + 1, 3, seed=seed)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_every_pixel_is_a_copy_and_the_map_says_of_which(dtype, channels):
    image = noise(40, 60, *channels)
    image = image.astype(dtype) / 255 if dtype == np.float32 else image.astype(dtype)
    image = image.astype(dtype)
    image.flags.writeable = False
    result = last(retarget(image, Size(45, 36)))
    assert result.picture.shape == (36, 45, *channels)
    assert result.picture.dtype == dtype
    ys, xs = result.origins[..., 0], result.origins[..., 1]
    assert (result.picture == image[ys, xs]).all()


def test_the_same_size_is_the_same_picture():
    image = smooth(60, 80)
    assert (last(retarget(image, Size(80, 60))).picture == image).all()


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads():
    image = smooth(120, 150)
    one, two = (last(retarget(image, Size(110, 120), seed=3, threads=n)) for n in (1, 2))
    assert (one.origins == two.origins).all()


@pytest.mark.parametrize("size", [Size(70, 80), Size(130, 90), Size(70, 110)])
def test_it_sums_the_picture_up_better_than_scaling(size):
    image = np.full((90, 100, 3), [90, 140, 200], np.uint8)
    image[60:] = [60, 120, 40]
    for x, side in ((8, 24), (50, 16), (78, 18)):
        image[30 : 30 + side, x : x + side] = smooth(side, side, seed=x)
    ours = last(retarget(image, size)).picture
    scaled = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    of_ours, of_scaled = (last(bidirectional(image, it)).total for it in (ours, scaled))
    assert of_ours < 0.8 * of_scaled


def test_the_distance_of_a_picture_from_itself_is_nought_and_both_parts_count():
    image = smooth(40, 50)
    assert last(bidirectional(image, image)).total == 0
    half = last(bidirectional(image, image[:, :25]))
    assert half.coherence < 1 < half.completeness
    back = last(bidirectional(image[:, :25], image))
    assert back.completeness < 1 < back.coherence


@pytest.mark.parametrize("width", [60, 130])
def test_what_is_protected_moves_as_a_whole(width):
    image = noise(70, 100, 3)
    protect = np.zeros((70, 100), bool)
    protect[20:50, 10:30] = True
    protect[5:25, 60:80] = True
    result = last(retarget(image, Size(width, 70), protect=protect))
    for rect in (np.s_[20:50, 10:30], np.s_[5:25, 60:80]):
        part = image[rect]
        found = cv2.matchTemplate(result.picture, part, cv2.TM_SQDIFF)
        y, x = np.unravel_index(found.argmin(), found.shape)
        assert (result.picture[y : y + len(part), x : x + part.shape[1]] == part).all()
    assert result.residuals == (0, 0)


def test_parts_that_do_not_fit_beside_each_other_are_refused():
    image, protect = noise(60, 100, 3), np.zeros((60, 100), bool)
    protect[10:40, 5:45] = True
    protect[20:50, 55:95] = True
    assert last(retarget(image, Size(80, 60), protect=protect)).residuals == (0, 0)
    with pytest.raises(ValueError, match=r"part at \d+, \d+ .* finds no room"):
        last(retarget(image, Size(72, 60), protect=protect))


def test_nothing_of_what_is_removed_is_left():
    image = smooth(70, 90)
    remove = np.zeros((70, 90), bool)
    remove[20:40, 30:50] = True
    for size in (Size(70, 70), Size(90, 70)):
        origins = last(retarget(image, size, remove=remove)).origins
        assert not remove[origins[..., 0], origins[..., 1]].any()


@pytest.mark.parametrize("slope", [0.0, 0.25])
def test_a_line_stays_straight(slope):
    image = smooth(90, 120)
    ys, xs = np.mgrid[:90, :120]
    image[np.abs(ys - 30 - slope * xs) < 1.5] = 0
    line = Line(Point(2, 30.5 + 2 * slope), Point(118, 30.5 + 118 * slope))
    result = last(retarget(image, Size(80, 90), lines=[line]))
    assert result.residuals[0] <= 1
    dark = result.picture.max(axis=2) == 0
    assert dark.any(axis=0).mean() > 0.9


@pytest.mark.parametrize("width", [120, 85])
def test_a_line_goes_on_straight_across_what_is_removed(width):
    image = smooth(100, 120)
    ys, xs = np.mgrid[:100, :120]
    image[np.abs(ys - 30 - 0.25 * xs) < 1.5] = 0
    remove = np.zeros((100, 120), bool)
    remove[25:60, 45:75] = True
    line = Line(Point(2, 31), Point(118, 60))
    result = last(retarget(image, Size(width, 100), remove=remove, lines=[line]))
    assert result.residuals[0] <= 1
    assert not remove[result.origins[..., 0], result.origins[..., 1]].any()
    rows, columns = np.nonzero(result.picture.max(axis=2) == 0)
    assert len(np.unique(columns)) > 0.9 * width
    off = rows - np.polyval(np.polyfit(columns, rows, 1), columns)
    assert np.abs(off).max() < 3  # nor is there a bit of it anywhere else


def test_lines_that_cross_stay_straight():
    image = smooth(100, 130)
    lines = [Line(Point(5, 10), Point(125, 90)), Line(Point(5, 80), Point(125, 25))]
    result = last(retarget(image, Size(90, 100), lines=lines))
    assert max(result.residuals) <= 1


def test_a_line_of_which_nothing_is_left_does_no_harm():
    image, remove = smooth(70, 90), np.zeros((70, 90), bool)
    remove[20:50, 10:80] = True
    line = Line(Point(20, 35), Point(70, 35))
    result = last(retarget(image, Size(80, 70), remove=remove, lines=[line]))
    assert np.isnan(result.residuals[0])
    assert not remove[result.origins[..., 0], result.origins[..., 1]].any()


def test_a_region_goes_where_it_is_told_and_as_large():
    image = smooth(80, 80)
    mask = np.zeros((80, 80), bool)
    mask[30:50, 30:50] = True
    image[mask] = [250, 10, 10]
    result = last(retarget(image, Size(80, 80), regions=[Region(mask, 0.5, Point(20, 60))]))
    assert (result.picture[56:64, 16:24] == [250, 10, 10]).all()
    assert ((result.picture == [250, 10, 10]).all(axis=2).sum()) < 1.2 * mask.sum() / 4


def test_steps_carry_whole_pictures_and_may_be_left():
    image = smooth(200, 220)
    steps = retarget(image, Size(180, 200))
    values = [step.value for step in steps if step.value is not None]
    assert len(values) > 1
    assert all(value.picture.shape == (200, 180, 3) for value in values)
    steps = retarget(image, Size(180, 200))
    next(steps)
    steps.close()


def test_what_cannot_be_done_is_said():
    image, mask = noise(40, 60, 3), np.zeros((40, 60), bool)
    mask[5:35, 5:55] = True
    for size in (Size(0, 40), Size(5, 40), Size(60, 321)):
        with pytest.raises(ValueError, match="are possible"):
            last(retarget(image, size))
    with pytest.raises(ValueError, match="does not fit"):
        last(retarget(image, Size(30, 40), protect=mask))
    with pytest.raises(ValueError, match="nothing to copy"):
        last(retarget(image, Size(30, 40), remove=np.ones((40, 60), bool)))
    with pytest.raises(ValueError, match="shorter than two"):
        last(retarget(image, Size(30, 40), lines=[Line(Point(3, 3), Point(4.5, 3))]))
    with pytest.raises(ValueError, match="outside the picture"):
        last(retarget(image, Size(30, 40), lines=[Line(Point(3, 3), Point(70, 3))]))
    with pytest.raises(ValueError, match="region 1 is empty"):
        last(retarget(image, Size(30, 40), regions=[Region(mask & False)]))
    with pytest.raises(ValueError, match="must be equal"):
        last(retarget(image, Size(30, 40), protect=mask.T))
