import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine import video_texture
from editor.engine.frame_distances import distances
from editor.engine.step import last
from editor.engine.video_texture import (
    Settings,
    future_cost,
    jump_costs_reference,
    preserve_dynamics,
    probabilities,
    prune,
    texture,
)


def apart(points):
    """D of points in a space, as float32."""
    points = np.asarray(points, float).reshape(len(points), -1)
    return np.sqrt(((points[:, None] - points[None]) ** 2).mean(axis=2)).astype(np.float32)


def random_clip(count, seed=0):
    return apart(np.random.default_rng(seed).random((count, 6)))


def pendulum(count=66, period=22.0, size=(16, 48)):
    """A bright bob that swings from side to side, drawn with soft edges."""
    centre = size[1] / 2 + size[1] / 3 * np.sin(2 * np.pi * np.arange(count) / period)
    x = np.arange(size[1])
    row = np.clip(3 - np.abs(x - centre[:, None]) / 2, 0, 1) * 200 + 20
    return np.repeat(np.rint(row)[:, None, :], size[0], axis=1).astype(np.uint8)


def pendulum_distances():
    frames = pendulum()
    return last(distances([frames], len(frames))).D


def kept(found):
    """The arcs as a matrix of chances."""
    P = np.zeros(found.C.shape)
    for i in range(found.count):
        for j, chance in found.arcs.of(i):
            P[i, j] = chance
    return P


# ── 3.1 dynamics ──


def test_the_filter_weighs_the_neighbours_on_the_diagonal():
    D = np.arange(36.0).reshape(6, 6)
    two, four = preserve_dynamics(D, 2), preserve_dynamics(D, 4)
    assert two[3, 4] == (D[2, 3] + D[3, 4]) / 2
    assert four[3, 4] == (D[1, 2] + 3 * D[2, 3] + 3 * D[3, 4] + D[4, 5]) / 8
    assert np.isinf(four[1]).all()
    assert np.isinf(two[:, 0]).all()


@pytest.mark.parametrize("taps", [0, 2, 4])
@pytest.mark.parametrize(("p", "leap"), [(1, 1), (1.5, 3), (2, 10)])
def test_the_costs_agree_with_the_reference(taps, p, leap):
    D = random_clip(40)
    found = last(texture(D, Settings(taps=taps, p=p, apart=leap))).C
    expected = jump_costs_reference(D, taps, p, leap)
    assert np.array_equal(np.isfinite(found), np.isfinite(expected))
    there = np.isfinite(found)
    assert np.allclose(found[there], expected[there], rtol=1e-6)


def reversals(taps):
    """Jumps kept that turn the pendulum round, away from the ends of its swing."""
    found = last(texture(pendulum_distances(), Settings(taps=taps, sigma=0.02)))
    jumps = [(i, j) for i, j, _ in found.arcs.jumps()]
    assert len(jumps) > 20
    speed = np.cos(2 * np.pi * np.arange(66) / 22)
    return [
        (i, j)
        for i, j in jumps
        if min(abs(speed[i + 1]), abs(speed[j])) > 0.3 and speed[i + 1] * speed[j] < 0
    ]


def test_without_dynamics_the_pendulum_turns_round_in_mid_swing_and_with_them_never():
    assert reversals(0)
    assert not reversals(2)
    assert not reversals(4)


def test_where_nothing_comes_back_it_does_not_stand_still():
    D = apart(np.arange(60.0))
    frozen, playing = (last(texture(D, Settings(apart=n))) for n in (1, 12))
    assert any(frozen.policy[i] in (i, i - 1) for i in range(60))
    jumps = playing.arcs.jumps()
    assert jumps
    assert all(abs(j - (i + 1)) >= 12 for i, j, _ in jumps)


# ── 3.2 future cost ──


def every_policy(C, alpha):
    """m by trying every way to go on from every frame: a dozen frames would take for ever."""
    count = len(C)
    options = [[j for j in range(count) if np.isfinite(C[i, j])] or [None] for i in range(count)]
    best = np.full(count, np.inf)
    for policy in itertools.product(*options):
        alive = [policy[i] is not None for i in range(count)]
        for _ in range(count):
            alive = [alive[i] and alive[policy[i]] for i in range(count)]
        live = np.flatnonzero(alive)
        if len(live) == 0:
            continue
        place = {int(i): k for k, i in enumerate(live)}
        A, c = np.eye(len(live)), np.zeros(len(live))
        for i in live:
            A[place[i], place[policy[i]]] -= alpha
            c[place[i]] = C[i, policy[i]]
        best[live] = np.minimum(best[live], np.linalg.solve(A, c))
    return best


@pytest.mark.parametrize("alpha", [0.5, 0.99])
@pytest.mark.parametrize("seed", range(4))
def test_m_is_what_trying_everything_finds(alpha, seed):
    D = random_clip(5, seed)
    found = last(texture(D, Settings(taps=0, p=1, alpha=alpha)))
    expected = every_policy(found.C, alpha)
    assert np.allclose(found.m[:-1], expected[:-1], rtol=1e-9)
    assert np.isinf(found.m[-1])
    assert np.isinf(expected[-1])


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(0, 99), st.sampled_from([0, 2, 4]), st.floats(0.1, 0.97))
def test_it_agrees_with_the_papers_sweeps_and_is_a_fixed_point(count, seed, taps, alpha):
    found = last(texture(random_clip(count, seed), Settings(taps=taps, p=1.5, alpha=alpha)))
    expected = future_cost(found.C, alpha, 1e-13)
    there = np.isfinite(expected)
    assert np.array_equal(np.isfinite(found.D2), there)
    assert np.allclose(found.D2[there], expected[there], rtol=1e-9, atol=1e-11)
    assert found.residual <= 1e-12 * max(1, found.m[np.isfinite(found.m)].max())


def test_a_far_sighted_texture_is_at_its_fixed_point_in_a_few_sweeps():
    found = last(texture(random_clip(300), Settings(alpha=0.9999)))
    m = found.m[np.isfinite(found.m)]
    assert found.residual <= 1e-12 * m.max()
    assert found.sweeps <= 15


@pytest.mark.parametrize("before", [Settings(alpha=0.9), Settings(p=1), Settings(taps=0)])
def test_where_the_search_starts_does_not_matter(before):
    D, wanted = random_clip(60), Settings()
    cold = last(texture(D, wanted))
    warm = last(texture(D, wanted, before=last(texture(D, before))))
    alive = np.isfinite(cold.m)
    assert np.allclose(warm.m[alive], cold.m[alive], rtol=1e-12)
    assert np.allclose(kept(warm), kept(cold), atol=1e-9)


@settings(max_examples=30)
@given(st.integers(1, 30), st.integers(0, 99), st.sampled_from([0, 2, 4]), st.floats(0, 2))
def test_no_arc_leads_to_a_dead_end(count, seed, taps, sigma):
    found = last(texture(random_clip(count, seed), Settings(taps=taps, sigma=sigma)))
    alive = np.isfinite(found.m)
    assert alive[0]
    for i in range(count):
        arcs = found.arcs.of(i)
        assert bool(arcs) == alive[i]
        assert all(alive[j] for j, _ in arcs)
        assert not arcs or sum(chance for _, chance in arcs) == pytest.approx(1)


# ── probabilities and 3.3 pruning ──


def test_chances_follow_the_formula():
    D2 = np.array([[1.0, 3.0, np.inf], [2.0, 2.0, 2.0], [np.inf] * 3])
    P = probabilities(D2, 2.0)
    assert P[0] == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.e), 0])
    assert P[1] == pytest.approx([1 / 3] * 3)
    assert P[2].tolist() == [0, 0, 0]


@settings(max_examples=40)
@given(
    st.integers(2, 40),
    st.integers(0, 99),
    st.sampled_from([0, 2, 4]),
    st.floats(0.001, 2),
    st.sampled_from([0.001, 0.05, 0.5]),
)
def test_the_arcs_are_the_pruned_probabilities(count, seed, taps, sigma, threshold):
    wanted = Settings(taps=taps, sigma=sigma, threshold=threshold)
    found = last(texture(random_clip(count, seed), wanted))
    assert np.allclose(kept(found), prune(found.P, found.D2, threshold), atol=1e-9)


def test_more_sigma_keeps_more_jumps():
    D = random_clip(80)
    counts = [len(last(texture(D, Settings(sigma=s))).arcs.jumps()) for s in (0.001, 0.05, 1)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_sigma_is_a_multiple_of_the_mean_cost_that_is_not_zero():
    found = last(texture(random_clip(30), Settings(sigma=0.5)))
    real = found.C[np.isfinite(found.C) & (found.C > 0)]
    assert found.sigma == pytest.approx(0.5 * real.mean(dtype=np.float64))


def test_without_randomness_only_the_best_is_left():
    found = last(texture(random_clip(30), Settings(sigma=0)))
    assert all(len(found.arcs.of(i)) <= 1 for i in range(30))


# ── what the person asks for ──


def test_a_forbidden_jump_is_never_made_and_a_forced_one_is_kept():
    D = random_clip(40)
    found = last(texture(D))
    i, j, _ = max(found.arcs.jumps(), key=lambda arc: arc[2])
    without = last(texture(D, Settings(forbidden=frozenset({(i, j)}))))
    assert j not in dict(without.arcs.of(i))
    worst = int(np.where(np.isfinite(found.C), found.C, 0)[5].argmax())
    forced = last(texture(D, Settings(forced=frozenset({(5, worst), (i, j)}))))
    assert worst not in dict(found.arcs.of(5))
    chances = dict(forced.arcs.of(5))
    assert chances[worst] == max(chances.values())
    assert dict(forced.arcs.of(i))[j] == max(dict(forced.arcs.of(i)).values())
    assert len(forced.arcs.targets) == len(found.arcs.targets) + 1


def test_forbidding_the_only_way_on_finds_another():
    """All frames go on to the one jump back: what began there would see nothing but dead ends."""
    D = np.full((40, 40), 9.0, np.float32)
    D[30:, 5:15] = 3 - np.eye(10)  # the way back
    np.fill_diagonal(D, 0)
    first = last(texture(D, Settings(taps=0)))
    only = {(i, j) for i, j in enumerate(first.policy.tolist()) if 0 <= j != i + 1}
    last_one = max(only)
    without = Settings(taps=0, forbidden=frozenset({last_one}))
    warm, cold = last(texture(D, without, before=first)), last(texture(D, without))
    assert len(only) == 1
    assert np.allclose(warm.m, cold.m)


def test_a_forced_jump_opens_the_end_of_the_clip():
    D = random_clip(40)
    forced = last(texture(D, Settings(forced=frozenset({(39, 0)}))))
    assert np.isfinite(forced.m).all()
    assert forced.arcs.of(39) == [(0, 1.0)]
    with pytest.raises(ValueError, match="the jump 5 → 39 leads to where nothing goes on"):
        last(texture(D, Settings(forced=frozenset({(5, 39)}))))


def test_when_every_jump_back_is_forbidden_it_says_so():
    forbidden = frozenset((i, j) for i in range(6) for j in range(i + 1))
    with pytest.raises(ValueError, match="no jump is left"):
        last(texture(random_clip(6), Settings(forbidden=forbidden)))


def test_a_target_pulls_the_best_way_into_it():
    D = random_clip(60)
    found = last(texture(D, Settings(taps=2, target=(20, 45), pull=50)))
    i = 0
    for _ in range(60):
        i = int(found.policy[i])
    seen = []
    for _ in range(40):
        i = int(found.policy[i])
        seen.append(i)
    assert all(20 <= i <= 45 for i in seen)


# ── clips of every kind ──


def test_in_a_still_clip_everything_is_free_and_nothing_ends():
    found = last(texture(np.zeros((20, 20), np.float32)))
    assert found.residual == 0
    assert found.m[0] == 0
    assert found.arcs.of(0)


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("taps", [0, 2, 4])
def test_the_shortest_clips_play(count, taps):
    found = last(texture(random_clip(count), Settings(taps=taps)))
    i = 0
    for _ in range(20):
        i = int(found.policy[i])
        assert 0 <= i < count


def test_half_precision_and_threads_change_nothing_that_matters():
    D = random_clip(200)
    one, two = (last(texture(D, threads=threads)) for threads in (1, 2))
    assert one.arcs.targets.tobytes() == two.arcs.targets.tobytes()
    assert one.arcs.chances.tobytes() == two.arcs.chances.tobytes()
    half = last(texture(D.astype(np.float16)))
    alive = np.isfinite(one.m)
    assert np.allclose(half.m[alive], one.m[alive], rtol=2e-3)


def test_a_long_clip_is_done_in_bands(monkeypatch):
    D = random_clip(50)
    whole = last(texture(D))
    monkeypatch.setattr(video_texture, "_PIECE", 300)
    steps = list(texture(D))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert len(steps) > 30
    assert np.allclose(kept(last(steps)), kept(whole), atol=1e-12)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Settings(taps=3), "taps is 3: choose 0, 2 or 4"),
        (Settings(alpha=1), "alpha is 1: it goes from"),
        (Settings(p=float("nan")), "p is nan"),
        (Settings(sigma=-1), "sigma is -1"),
        (Settings(target=(3, 20)), "frames 3 to 20: the clip has frames 0 to 9"),
        (Settings(forbidden=frozenset({(3, 10)})), "the jump 3 → 10 leaves the clip"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(wanted, sentence):
    with pytest.raises(ValueError, match=sentence):
        last(texture(random_clip(10), wanted))


def test_settings_are_values():
    assert replace(Settings(), sigma=0.05) == Settings()


def test_warming_up_needs_nothing():
    video_texture.warm_up()
