from itertools import islice

import numpy as np
import pytest

from editor.engine.video_blend import Mix, loop_mixes
from editor.engine.video_regions import Region, composed, soft_covers


def frame(index):
    """Frame 7 is grey 7, everywhere."""
    return np.full((20, 30, 3), index, np.uint8)


def left(width=10):
    mask = np.zeros((20, 30), bool)
    mask[:, :width] = True
    return mask


def region(mask, frames, phase=0):
    return Region(mask, [Mix(k, k) for k in frames], phase)


def frozen_region(mask, index):
    return region(mask, [index])


EVERYWHERE = np.ones((20, 30), bool)


def test_each_region_plays_its_own_loop():
    still = frozen_region(EVERYWHERE, 100)
    parts = [region(left(), [1, 2, 3]), region(~left(20), [5, 6])]
    pictures = list(composed(still, parts, frame, 6, feather=0))
    assert [int(one[0, 0, 0]) for one in pictures] == [1, 2, 3, 1, 2, 3]
    assert [int(one[0, 25, 0]) for one in pictures] == [5, 6, 5, 6, 5, 6]
    assert [int(one[0, 15, 0]) for one in pictures] == [100] * 6


def test_a_phase_sets_a_region_ahead():
    parts = [region(left(), [1, 2, 3], phase=2)]
    pictures = composed(frozen_region(EVERYWHERE, 0), parts, frame, 3, feather=0)
    assert [int(one[0, 0, 0]) for one in pictures] == [3, 1, 2]


def test_a_frozen_brush_stops_a_part_of_a_moving_clip():
    moving = region(EVERYWHERE, [1, 2, 3, 4])
    pictures = list(composed(moving, [frozen_region(left(), 9)], frame, 4, feather=0))
    assert [int(one[5, 5, 0]) for one in pictures] == [9] * 4
    assert [int(one[5, 25, 0]) for one in pictures] == [1, 2, 3, 4]


def test_an_edge_is_soft_and_half_way_at_the_border():
    picture = next(composed(frozen_region(EVERYWHERE, 0), [region(left(), [200])], frame, 1))
    row = picture[10, :, 0].astype(int)
    assert (np.diff(row) <= 0).all()
    assert row[9:11].mean() == pytest.approx(100, abs=3)
    assert row[0] > 195
    assert row[20] < 5


def test_later_regions_lie_over_earlier_ones():
    parts = [region(left(), [1]), region(left(5), [2])]
    picture = next(composed(frozen_region(EVERYWHERE, 0), parts, frame, 1, feather=0))
    assert picture[0, [0, 7, 15], 0].tolist() == [2, 1, 0]


def test_where_two_regions_meet_nothing_shines_through():
    """Black and black over white: the line between them stays black."""
    halves = [left(15), ~left(15)]
    parts = [region(mask, [0]) for mask in halves]
    picture = next(composed(frozen_region(EVERYWHERE, 255), parts, frame, 1))
    assert not picture.any()
    first, second = soft_covers(halves, 8.0)
    assert first.weight.max() == 1
    assert 0 < second.weight.min() < 0.1


def test_fades_within_a_region_are_drawn():
    plan = loop_mixes(range(10, 20), 40, fade=2)
    pictures = list(
        composed(frozen_region(EVERYWHERE, 0), [Region(left(), plan)], frame, 10, feather=0)
    )
    expected = [round(mix.first + mix.weight * (mix.second - mix.first)) for mix in plan]
    assert [int(one[0, 0, 0]) for one in pictures] == expected


def test_frames_are_not_written_to_and_an_empty_mask_does_nothing():
    source = frame(9)
    source.flags.writeable = False
    parts = [region(np.zeros((20, 30), bool), [1]), region(left(), [2])]
    picture = next(composed(frozen_region(EVERYWHERE, 0), parts, lambda k: source, 1))
    assert (picture == 9).all()


def test_it_plays_as_long_as_is_wanted_without_the_clip():
    asked = []

    def watched(index):
        asked.append(index)
        return frame(index)

    pictures = composed(region(EVERYWHERE, range(5)), [region(left(), range(7))], watched, 10**9)
    assert len(list(islice(pictures, 35))) == 35
    assert set(asked) == set(range(7))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="a region has no frames"):
        next(composed(frozen_region(EVERYWHERE, 0), [Region(left(), [])], frame, 1))
    with pytest.raises(ValueError, match=r"a region is \(3, 4\) and a frame is \(20, 30\)"):
        next(composed(frozen_region(EVERYWHERE, 0), [region(np.ones((3, 4), bool), [1])], frame, 1))
