import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.frame_distances import Distances, Light, distances
from editor.engine.step import last
from editor.engine.video_loops import (
    Primitive,
    best_loops,
    compound_loop,
    compound_loops,
    frames_of,
    is_one_loop,
    judged,
    loop_of,
    primitive_loops,
    schedule,
)
from editor.engine.video_texture import Settings, texture


def of(points):
    """Distances of points in a space, as a clip would have them."""
    points = np.asarray(points, float).reshape(len(points), -1)
    D = np.sqrt(((points[:, None] - points[None]) ** 2).mean(axis=2)).astype(np.float32)
    return Distances(D, Light(np.zeros((len(D), 1)), np.zeros(len(D))))


def swinging(count, period, noise=0.02, seed=0):
    """Position and shape of something that swings: a point on a curve, a little noisy."""
    turn = 2 * np.pi * np.arange(count) / period
    still = np.sin(np.c_[turn, turn + 1, 2 * turn + 2])
    return of(still + noise * np.random.default_rng(seed).standard_normal(still.shape))


def loops_of(clip, **how):
    return last(best_loops(clip, last(texture(clip.D, Settings())), **how))


# ── the dynamic programme ──


def hang_together(primitives):
    reached = [primitives[0]]
    rest = list(primitives[1:])
    while rest:
        found = next((one for one in rest if any(one.overlaps(two) for two in reached)), None)
        if found is None:
            return False
        rest.remove(found)
        reached.append(found)
    return True


def cheapest_by_trying(primitives, longest):
    """The least cost of each length over all collections of primitive loops."""
    costs = [math.inf] * (longest + 1)
    shortest = min(one.length for one in primitives)
    for count in range(1, longest // shortest + 1):
        for some in itertools.combinations_with_replacement(primitives, count):
            length = sum(one.length for one in some)
            cost = sum(one.cost for one in some)
            if length <= longest and cost < costs[length] and hang_together(some):
                costs[length] = cost
    return costs


@st.composite
def collections(draw, most=6):
    primitives = []
    for _ in range(draw(st.integers(1, most))):
        target = draw(st.integers(0, 12))
        source = target + draw(st.integers(1, 7))
        primitives.append(Primitive(source, target, draw(st.integers(1, 50))))
    return list({one[:2]: one for one in primitives}.values())


@settings(max_examples=60)
@given(collections(5))
def test_the_table_holds_the_cheapest_loop_of_every_length(primitives):
    table = last(compound_loops(primitives, 14))
    assert table.costs().tolist() == cheapest_by_trying(primitives, 14)


@settings(max_examples=60)
@given(collections())
def test_what_the_table_finds_is_a_loop_of_that_length_and_cost(primitives):
    table = last(compound_loops(primitives, 40))
    costs = table.costs()
    for length in np.flatnonzero(np.isfinite(costs)):
        parts = table.loop(int(length))
        frames = list(frames_of(schedule(parts)))
        assert len(frames) == length
        assert sum(one.cost for one in parts) == costs[length]
        assert is_one_loop(frames, parts)


def test_the_example_of_the_paper():
    """Loops of 5, 3 and 2 frames: 7 = 5 + 2 where those overlap, never 3 + 2 where they do not."""
    a, b, c = Primitive(5, 1, 4.0), Primitive(9, 7, 1.0), Primitive(6, 5, 2.0)
    table = last(compound_loops([a, b, c], 8))
    assert table.costs()[[5, 3, 2, 7, 8]].tolist() == [4, 1, 2, 6, 8]
    assert table.loop(8) == [c] * 4
    assert sorted(table.loop(7)) == sorted([a, c])


def test_the_length_wanted_or_the_nearest_or_the_cheapest_nearby():
    cheap, dear = Primitive(19, 10, 1.0), Primitive(20, 9, 9.0)  # 10 and 12 frames
    table = last(compound_loops([cheap, dear], 40))
    assert table.nearest(12, 0) == [dear]
    assert table.nearest(12, 2) == [cheap]
    assert table.nearest(15, 0) == [dear]
    assert table.nearest(1, 0) == [cheap]


# ── scheduling ──


@st.composite
def hanging_together(draw):
    some = draw(st.lists(st.sampled_from(draw(collections())), min_size=1, max_size=25))
    chosen = [some[0]]
    for one in some[1:]:
        if any(one.overlaps(other) for other in chosen):
            chosen.append(one)
    return chosen


@given(hanging_together())
def test_a_schedule_takes_every_jump_once_and_shows_every_frame_of_every_loop(primitives):
    order = schedule(primitives)
    frames = list(frames_of(order))
    assert sorted(order) == sorted(primitives)
    assert is_one_loop(frames, primitives)
    shown = sorted(frames)
    assert shown == sorted(f for one in primitives for f in range(one.target, one.source + 1))


def test_the_jump_that_starts_last_comes_first_and_ends_the_loop():
    a, b, c = Primitive(9, 2, 0), Primitive(4, 1, 0), Primitive(8, 6, 0)
    assert schedule([b, c, a]) == [b, c, a]
    assert list(frames_of([b, c, a])) == [2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8, 9]


def test_thousands_of_jumps_are_scheduled():
    frames = list(frames_of(schedule([Primitive(5, 3, 0.0)] * 1500)))
    assert frames == [3, 4, 5] * 1500


def test_what_does_not_hang_together_is_refused():
    with pytest.raises(ValueError, match="do not hang together"):
        schedule([Primitive(5, 1, 0), Primitive(9, 6, 0)])
    with pytest.raises(ValueError, match="at least one jump"):
        schedule([])


# ── the list a person sees ──


@pytest.mark.parametrize("period", [17, 21, 22.5, 40])
@pytest.mark.parametrize("count", [50, 200])
def test_the_period_is_found_within_a_frame(period, count):
    best = loops_of(swinging(count, period))[0]
    turns = round(best.length / period)
    assert abs(best.length - turns * period) <= 1
    assert best.quality in ("perfect", "good")


def test_an_exact_period_is_a_perfect_loop_and_comes_first_at_its_shortest():
    best = loops_of(swinging(90, 15, noise=0))[0]
    assert (best.length, best.quality) == (15, "perfect")
    assert best.frames == tuple(range(best.frames[0], best.frames[0] + 15))


def test_loops_are_ranked_and_not_twenty_times_the_same():
    loops = loops_of(swinging(300, 24, noise=0.1))
    costs = [loop.cost for loop in loops]
    assert costs == sorted(costs)
    for length in {loop.length for loop in loops}:
        assert sum(abs(loop.length - length) <= 1 for loop in loops) <= 4
    assert len({loop.length for loop in loops}) >= 8


def test_a_clip_that_only_goes_on_has_no_good_loop_and_says_why():
    rising = of(np.arange(80.0))
    loops = loops_of(rising)
    assert {loop.quality for loop in loops} == {"poor"}
    assert "does not come back" in loops[0].reason
    assert "12.0 times" in loops[0].reason


def test_a_still_clip_says_that_any_loop_is_perfect():
    loops = loops_of(of(np.zeros(40)))
    assert {loop.quality for loop in loops} == {"perfect"}
    assert "any loop is perfect" in loops[0].reason


@pytest.mark.parametrize("count", range(1, 8))
def test_the_shortest_clips_have_a_loop(count):
    clip = of(np.random.default_rng(count).random((count, 3)))
    loops = loops_of(clip)
    assert all(0 <= frame < count for loop in loops for frame in loop.frames)
    assert loops


def test_a_clip_that_is_a_loop_already_is_offered_whole():
    turn = 2 * np.pi * np.arange(30) / 30
    whole = next(
        loop for loop in loops_of(of(np.c_[np.sin(turn), np.cos(turn)])) if loop.length == 30
    )
    assert whole.frames == tuple(range(30))
    assert "a loop already" in whole.reason
    half = np.pi * np.arange(30) / 30
    assert all(loop.length < 30 for loop in loops_of(of(np.c_[np.sin(half), np.cos(half)])))


@pytest.mark.parametrize(
    ("cost", "quality"),
    [(0, "perfect"), (0.4, "perfect"), (0.9, "good"), (1.5, "fair"), (3, "poor")],
)
def test_quality_is_the_jump_in_steps_of_the_clip(cost, quality):
    ratio, word, reason = judged(cost * 2.0, 2.0)
    assert (ratio, word) == (cost, quality)
    assert reason.endswith(".")
    assert cost == 0 or f"{cost:.1f} times" in reason


def test_a_jump_in_a_clip_that_hardly_moves_is_poor():
    assert judged(1.0, 0.0)[1] == "poor"
    assert judged(0.0, 0.0)[1] == "perfect"


def test_a_forbidden_jump_is_in_no_loop():
    clip = swinging(60, 20)
    best = loops_of(clip)[0].jumps[0]
    forbidding = Settings(forbidden=frozenset({(best.source, best.target)}))
    loops = last(best_loops(clip, last(texture(clip.D, forbidding))))
    assert best[:2] not in {jump[:2] for loop in loops for jump in loop.jumps}


def test_a_compound_loop_has_the_length_wanted():
    clip = swinging(200, 20, noise=0.1)
    found = last(texture(clip.D, Settings()))
    for length in (100, 137, 500):
        loop = last(compound_loop(clip, found, length))
        assert loop.length == length
        assert is_one_loop(loop.frames, loop.jumps)
        assert loop.cost == max(jump.cost for jump in loop.jumps)
    near = last(compound_loop(clip, found, 137, slack=10))
    assert abs(near.length - 137) <= 10
    assert near.cost <= last(compound_loop(clip, found, 137)).cost


def test_a_still_picture_lasts_as_long_as_is_wanted():
    clip = of(np.zeros(1))
    assert last(compound_loop(clip, last(texture(clip.D)), 7)).frames == (0,) * 7


def test_a_length_out_of_range_is_refused():
    clip = swinging(30, 10)
    with pytest.raises(ValueError, match="the length wanted is 0 frames: it goes from 1 to"):
        last(compound_loop(clip, last(texture(clip.D)), 0))


def test_loops_of_pictures_too():
    """From the frames to the loop: a bar that walks round and round."""
    frames = np.stack([np.roll(np.repeat(np.uint8([200, 20, 20, 20]), 3), k) for k in range(40)])
    clip = last(distances([frames[:, None, :].repeat(4, axis=1)], 40))
    best = last(best_loops(clip, last(texture(clip.D))))[0]
    assert (best.length, best.quality) == (12, "perfect")
    assert loop_of(clip, best.jumps).frames == best.frames


def test_the_search_can_be_left_at_every_step():
    clip = swinging(60, 20)
    found = last(texture(clip.D))
    steps = list(compound_loop(clip, found, 90))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == 1
    assert [step.value is None for step in primitive_loops(found)][-1] is False
