from itertools import cycle, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.video_blend import Mix, cross_fade, loop_mixes, mixes, morph, rendered


@st.composite
def sequences(draw):
    count = draw(st.integers(1, 30))
    frames = [draw(st.integers(0, count - 1))]
    for _ in range(draw(st.integers(0, 60))):
        on = frames[-1] + 1
        jump = on == count or draw(st.integers(0, 5)) == 0
        frames.append(draw(st.integers(0, count - 1)) if jump else on)
    return frames, count


# ── which frames to mix ──


def test_around_a_jump_both_ways_go_on():
    frames = [*range(0, 20), *range(5, 20)]
    plan = list(mixes(frames, 40, fade=4))
    assert len(plan) == len(frames)
    assert plan[17] == Mix(17, 17)
    assert plan[18:22] == [Mix(18, 3, 0.2), Mix(19, 4, 0.4), Mix(20, 5, 0.6), Mix(21, 6, 0.8)]
    assert plan[22] == Mix(7, 7)


def test_a_fade_of_nothing_is_a_cut_and_of_one_is_one_picture():
    frames = [*range(0, 10), *range(5, 10)]
    assert all(mix.weight == 0 for mix in mixes(frames, 20, fade=0))
    mixed = [k for k, mix in enumerate(mixes(frames, 20, fade=1)) if mix.weight]
    assert mixed == [9]


def test_a_jump_may_have_its_own_fade():
    frames = [*range(0, 20), *range(5, 20), *range(2, 15)]
    plan = list(mixes(frames, 40, fade=2, fades={(19, 5): 6}))
    mixed = [k for k, mix in enumerate(plan) if mix.weight]
    assert mixed == [17, 18, 19, 20, 21, 22, 34, 35]


def test_at_the_ends_of_the_clip_a_fade_is_shorter():
    frames = [*range(0, 20), *range(1, 20)]  # 1 frame before 1, none after 19
    plan = list(mixes(frames, 20, fade=8))
    mixed = {k: mix for k, mix in enumerate(plan) if mix.weight}
    assert mixed == {19: Mix(19, 0, 0.5)}


def test_jumps_close_together_share_the_time_between():
    frames = [*range(0, 20), 5, 6, 7, *range(11, 30)]
    plan = list(mixes(frames, 40, fade=10))
    assert plan[20] == Mix(20, 5, plan[20].weight)  # one picture after the first jump
    assert plan[21].second == 9  # two before the second
    assert plan[22].second == 10
    assert plan[23].second == 11


@given(sequences(), st.integers(0, 12))
def test_no_mix_is_out_of_place(case, fade):
    """Every picture shows the frame that is due, and beside it one that leads there or goes on."""
    frames, count = case
    plan = list(mixes(frames, count, fade))
    assert len(plan) == len(frames)
    jumps = [k for k in range(len(frames) - 1) if frames[k + 1] != frames[k] + 1]
    weights = {jump: [] for jump in jumps}
    for k, mix in enumerate(plan):
        assert 0 <= min(mix.first, mix.second) <= max(mix.first, mix.second) < count
        assert 0 <= mix.weight < 1
        if mix.weight == 0:
            assert mix.first == mix.second == frames[k]
        elif mix.first == frames[k]:  # before a jump
            jump = min(j for j in jumps if j >= k)
            assert mix.second == frames[jump + 1] - 1 - (jump - k)
            weights[jump].append(mix.weight)
        else:
            jump = max(j for j in jumps if j < k)
            assert (mix.second, mix.first) == (frames[k], frames[jump] + k - jump)
            weights[jump].append(mix.weight)
    for rising in weights.values():
        expected = np.arange(1, len(rising) + 1) / (len(rising) + 1)
        assert len(rising) <= fade
        assert rising == pytest.approx(expected)


@given(sequences(), st.integers(0, 12))
def test_a_loop_is_one_turn_of_endless_playing(case, fade):
    frames, count = case
    turn = loop_mixes(frames, count, fade)
    assert len(turn) == len(frames)
    endless = list(islice(mixes(cycle(frames), count, fade), 4 * len(frames)))
    assert endless[2 * len(frames) :] == turn * 2


def test_a_fade_below_nothing_and_a_loop_of_nothing_are_refused():
    with pytest.raises(ValueError, match="0 frames or more"):
        list(mixes([0, 1], 2, fade=-1))
    with pytest.raises(ValueError, match="the loop has no frames"):
        loop_mixes([], 5)


# ── pictures ──


@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
def test_a_cross_fade_mixes_in_the_depth_of_the_clip(depth):
    a, b = np.full((4, 5, 3), 40, depth), np.full((4, 5, 3), 80, depth)
    mixed = cross_fade(a, b, 0.25)
    assert mixed.dtype == depth
    assert (mixed == 50).all()


@pytest.mark.parametrize("depth", [np.uint8, np.float32])
def test_what_is_transparent_lends_no_colour(depth):
    full = 255 if depth == np.uint8 else 1
    a, b = np.zeros((2, 2, 4), depth), np.zeros((2, 2, 4), depth)
    a[:] = (full * 0.8, 0, 0, full)
    b[:] = (0, full, 0, 0)
    mixed = cross_fade(a, b, 0.5)
    assert mixed[0, 0, :3].tolist() == a[0, 0, :3].tolist()
    assert mixed[0, 0, 3] == pytest.approx(full / 2, abs=0.5)


def test_frames_that_differ_in_size_are_refused():
    with pytest.raises(ValueError, match="two frames differ"):
        cross_fade(np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8), 0.5)


def blob(x, size=(80, 160)):
    """A textured disc on a ground that shades off."""
    ys, xs = np.mgrid[: size[0], : size[1]].astype(float)
    ground = 60 + 20 * ys / size[0]
    disc = 170 + 40 * np.sin((xs - x) / 3) * np.cos((ys - 40) / 4)
    cover = np.clip(18 - np.hypot(xs - x, ys - 40), 0, 1)
    grey = ground + cover * (disc - ground)
    return np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)


def test_a_morph_moves_where_a_fade_shows_double():
    a, middle, b = blob(76), blob(80), blob(84)
    error = [
        np.abs(mixed.astype(float) - middle).mean()
        for mixed in (cross_fade(a, b, 0.5), morph(a, b, 0.5))
    ]
    assert error[1] < 0.4 * error[0]


def test_where_the_flow_is_not_to_be_trusted_a_morph_is_a_fade():
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 256, (360, 480, 3), dtype=np.uint8) for _ in range(2))
    difference = np.abs(morph(a, b, 0.4).astype(int) - cross_fade(a, b, 0.4))
    assert difference.mean() < 6


@pytest.mark.parametrize("shape", [(40, 50), (40, 50, 3), (40, 50, 4), (5, 3, 3)])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
def test_equal_frames_stay_as_they_are_in_every_depth(shape, depth):
    full = 1 if depth == np.float32 else np.iinfo(depth).max
    a = (np.random.default_rng(1).random(shape) * full).astype(depth)
    if len(shape) == 3 and shape[2] == 4:
        a[..., 3] = full
    mixed = morph(a, a.copy(), 0.5)
    assert (mixed.shape, mixed.dtype) == (a.shape, a.dtype)
    assert np.abs(mixed.astype(float) - a).max() <= full / 255


def test_rendering_asks_only_for_the_frames_it_needs():
    asked = []

    def frame(index):
        asked.append(index)
        return np.full((2, 2), index, np.uint8)

    plan = [Mix(3, 3), Mix(4, 8, 0.5), Mix(9, 9)]
    assert [int(one[0, 0]) for one in rendered(plan, frame)] == [3, 6, 9]
    assert asked == [3, 4, 8, 9]
    assert [int(one[0, 0]) for one in rendered(plan, frame, lambda a, b, w: b)] == [3, 8, 9]
