from itertools import islice

import numpy as np
import pytest

from editor.engine.step import last
from editor.engine.video_play import PlayState, Steering, player, steering, usual_ranges
from editor.engine.video_texture import Settings, texture


def apart(points):
    points = np.asarray(points, float).reshape(len(points), -1)
    return np.sqrt(((points[:, None] - points[None]) ** 2).mean(axis=2)).astype(np.float32)


def flickering(count=60, seed=0):
    return apart(np.random.default_rng(seed).random((count, 4)))


def test_the_same_state_gives_the_same_next_frame():
    one = player(last(texture(flickering(), Settings(sigma=0.5))), seed=3)
    state = PlayState(10, 77)
    assert one.next_frame(state) == one.next_frame(state)
    assert one.next_frame(state).step == 78


def test_a_seed_is_a_film_of_its_own():
    found = last(texture(flickering(), Settings(sigma=0.5)))
    films = [list(islice(player(found, seed).play(), 300)) for seed in (1, 1, 2)]
    assert films[0] == films[1] != films[2]


def test_nothing_ends_in_a_hundred_thousand_steps():
    found = last(texture(flickering(), Settings(sigma=0.3)))
    one = player(found)
    arcs = [dict(found.arcs.of(i)) for i in range(found.count)]
    state = PlayState(0)
    for _ in range(100_000):
        following = one.next_frame(state)
        assert following.frame in arcs[state.frame]
        state = following
    assert state.step == 100_000


def test_each_arc_is_taken_as_often_as_its_chance_says():
    found = last(texture(flickering(), Settings(sigma=0.5)))
    one = player(found, seed=5)
    i = max(range(found.count), key=lambda i: len(found.arcs.of(i)))
    taken = [one.next_frame(PlayState(i, step)).frame for step in range(20_000)]
    for j, chance in found.arcs.of(i):
        assert taken.count(j) / 20_000 == pytest.approx(chance, abs=0.02)


def test_from_a_dead_end_it_goes_on():
    found = last(texture(flickering(12)))
    one = player(found)
    dead = np.flatnonzero(np.isinf(found.m))
    assert len(dead) > 0
    for i in dead:
        assert np.isfinite(found.m[one.next_frame(PlayState(int(i))).frame])


@pytest.mark.parametrize("count", range(1, 7))
def test_the_shortest_clips_play(count):
    one = player(last(texture(flickering(count))))
    for start in range(count):
        assert all(0 <= i < count for i in islice(one.play(PlayState(start)), 50))


def slow_to_fast(count=300):
    """A runner: a cycle that turns faster and faster, and looks a little different when fast."""
    turn = np.cumsum(np.linspace(0.2, 0.7, count))
    return apart(np.c_[np.sin(turn), np.cos(turn), np.linspace(0, 0.3, count)])


def test_a_range_is_reached_from_anywhere_and_kept():
    D = slow_to_fast()
    ranges = usual_ranges(300)
    steer = last(steering(D, Settings(sigma=0.01, taps=2, pull=1), list(ranges.values())))
    for name in ("slow", "fast", "slow"):
        low, high = ranges[name]
        for start in (0, 150, 290):
            state = PlayState(start)
            for _ in range(200):
                state = steer.next_frame(state, ranges[name])
            inside = 0
            for _ in range(200):
                state = steer.next_frame(state, ranges[name])
                inside += low - 10 <= state.frame <= high + 10
            assert inside >= 190


def test_the_nearest_range_decides():
    found = last(texture(flickering(9)))
    players = tuple(player(found, seed) for seed in range(2))
    steer = Steering(((0, 2), (6, 8)), players)
    for step in range(20):
        state = PlayState(3, step)
        assert steer.next_frame(state, (1, 2)) == players[0].next_frame(state)
        assert steer.next_frame(state, (5, 8)) == players[1].next_frame(state)


def test_the_usual_ranges_are_the_ends_and_the_whole():
    assert usual_ranges(9) == {"slow": (0, 2), "variable": (0, 8), "fast": (6, 8)}
    assert usual_ranges(1) == {"slow": (0, 0), "variable": (0, 0), "fast": (0, 0)}


def test_steering_needs_a_range():
    with pytest.raises(ValueError, match="at least one range"):
        last(steering(flickering(), Settings(), []))
