import numpy as np
import pytest

from editor.engine.markov import (
    Chain,
    after,
    counted,
    entropy_rate,
    from_counts,
    shares_of,
    stationary,
    walk,
)

WEATHER = np.array([[0.8, 0.2], [0.4, 0.6]])  # sun, rain


def test_the_long_run_by_hand():
    # π_rain · 0.4 = π_sun · 0.2: twice as many days of sun
    assert stationary(WEATHER) == pytest.approx([2 / 3, 1 / 3])
    assert stationary(WEATHER) @ WEATHER == pytest.approx(stationary(WEATHER))


@pytest.mark.parametrize("seed", range(5))
def test_the_long_run_stays_as_it_is_whatever_the_chain(seed):
    P = np.random.default_rng(seed).random((5, 5))
    P /= P.sum(axis=1, keepdims=True)
    shares = stationary(P, start=seed)
    assert shares @ P == pytest.approx(shares)
    assert shares.sum() == pytest.approx(1)


def test_a_chain_that_beats_in_time_has_a_long_run_too():
    assert stationary(np.array([[0.0, 1.0], [1.0, 0.0]])) == pytest.approx([0.5, 0.5])


def test_where_the_chain_falls_apart_the_start_decides():
    apart = np.eye(2)
    assert stationary(apart, 0) == pytest.approx([1, 0])
    assert stationary(apart, 1) == pytest.approx([0, 1])


def test_the_entropy_of_a_fair_coin_is_one_bit_and_of_a_clock_none():
    fair, clock = np.full((2, 2), 0.5), np.array([[0.0, 1.0], [1.0, 0.0]])
    assert entropy_rate(fair, stationary(fair)) == pytest.approx(1)
    assert entropy_rate(clock, stationary(clock)) == 0


def test_the_entropy_of_the_weather_by_hand():
    def bits(p):
        return -p * np.log2(p) - (1 - p) * np.log2(1 - p)

    by_hand = 2 / 3 * bits(0.2) + 1 / 3 * bits(0.4)
    assert entropy_rate(WEATHER, stationary(WEATHER)) == pytest.approx(by_hand)


def test_what_is_expected_of_the_third_day():
    expected = after(WEATHER, 0, 2)
    assert expected[0].tolist() == [1, 0]
    assert expected[1] == pytest.approx([0.8, 0.2])
    assert expected[2] == pytest.approx([0.8 * 0.8 + 0.2 * 0.4, 0.8 * 0.2 + 0.2 * 0.6])


def test_a_walk_is_its_seed():
    first, again, other = (walk(WEATHER, 200, seed=seed).tolist() for seed in (1, 1, 2))
    assert first == again != other
    assert len(first) == 201


def test_a_longer_walk_begins_as_a_shorter_one():
    assert walk(WEATHER, 500, seed=3)[:101].tolist() == walk(WEATHER, 100, seed=3).tolist()


def test_a_walk_goes_only_where_it_may():
    P = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert (counted(walk(P, 3000), 3)[P == 0] == 0).all()


def test_what_a_walk_counts_is_the_chain_it_walks():
    counts = counted(walk(WEATHER, 20_000, seed=1), 2)
    chain = from_counts(("sun", "rain"), counts)
    assert np.abs(chain.P - WEATHER).max() < 0.02


def test_shares_count_each_day_once():
    shares = shares_of(np.array([0, 1, 1, 0]), 2)
    assert shares[:, 1].tolist() == pytest.approx([0, 1 / 2, 2 / 3, 1 / 2])


@pytest.mark.parametrize(
    ("P", "words"),
    [
        ([[0.5, 0.5]], "as many rows"),
        ([[0.5, 0.4], [1, 0]], "after sun sum to 0.9"),
        ([[1, 0], [1.2, -0.2]], "after rain is below 0"),
        ([[1, 0], [float("nan"), 1]], "after rain"),
    ],
)
def test_a_matrix_that_is_no_chain_is_refused(P, words):
    with pytest.raises(ValueError, match=words):
        Chain(("sun", "rain"), np.array(P))


def test_a_state_that_nothing_followed_is_named():
    with pytest.raises(ValueError, match="nothing was counted after rain"):
        from_counts(("sun", "rain"), [[3, 1], [0, 0]])
