"""What is watched is the analogy of the paper, decision by decision."""

import numpy as np
import pytest

from editor.engine.analogy_features import Settings
from editor.engine.analogy_record import NONE, recorded
from editor.engine.analogy_reference import create_image_analogy
from editor.engine.step import last


def picture(seed, size=(20, 22)):
    """Soft blobs of some colours."""
    coarse = np.random.default_rng(seed).integers(0, 4, (5, 6, 3)) * 80
    fine = coarse.repeat(5, axis=0).repeat(5, axis=1)[: size[0], : size[1]]
    return fine.astype(np.uint8)


A, Ap, B = picture(1), 255 - picture(1), picture(2, (18, 24))


def settings(kappa):
    return Settings(kappa=kappa, levels=2, takes="pixels", remap=False)


@pytest.fixture(scope="module")
def record():
    return last(recorded(A, Ap, B, settings(3.0), seed=5, others=(0.0,)))


def test_it_comes_to_what_the_reference_comes_to(record):
    s = create_image_analogy([(A, Ap)], B, settings(3.0), seed=5)
    finest = record.levels[-1]
    assert np.array_equal(finest.source_at(finest.total), s[..., 1:])
    assert np.array_equal(finest.picture_at(finest.total), Ap[s[..., 1], s[..., 2]])


def test_the_sizes_and_the_moments(record):
    assert [level.B.shape[:2] for level in record.levels] == [(9, 12), (18, 24)]
    assert record.count == record.total == 9 * 12 + 18 * 24
    assert record.at(0) == (0, 0)
    assert record.at(9 * 12 - 1) == (0, 107)
    assert record.at(9 * 12) == (1, 0)
    assert record.at(record.total) == (1, 18 * 24)


def test_the_first_pixel_has_no_neighbour_to_follow(record):
    for level in record.levels:
        first = level.decision(0)
        assert first.coherent is None
        assert not first.took_coherent
        assert first.place == first.approximate


def test_coherent_is_taken_exactly_where_it_is_near_enough(record):
    for level, tolerated in zip(record.levels, (1 + 3.0 / 2, 1 + 3.0), strict=True):
        assert level.tolerated == tolerated
        near = level.distances[:, 1] <= level.distances[:, 0] * tolerated
        assert np.array_equal(level.took_coherent, (level.coherent != NONE) & near)
        assert np.all(level.distances[level.coherent != NONE, 1] >= 0)
        known = level.coherent != NONE
        assert np.all(level.distances[known, 1] >= level.distances[known, 0])


def test_what_is_not_there_yet_is_black_and_from_nowhere(record):
    level = record.levels[0]
    assert not level.picture_at(30).reshape(-1, 3)[30:].any()
    assert (level.source_at(30).reshape(-1, 2)[30:] == -1).all()
    assert (level.source_at(30).reshape(-1, 2)[:30] >= 0).all()


def test_the_shares_of_other_kappas_are_those_of_a_record_of_them(record):
    other = last(recorded(A, Ap, B, settings(0.0), seed=5))
    assert [kappa for kappa, _ in record.shares] == [3.0, 0.0]
    assert dict(record.shares)[0.0] == dict(other.shares)[0.0]
    assert dict(record.shares)[3.0][-1] > dict(record.shares)[0.0][-1]


def test_it_grows_and_what_is_there_stays():
    steps = recorded(A, Ap, B, settings(3.0), seed=5)
    counts = [step.value.count for step in steps]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert 0 < counts[len(counts) // 2] < counts[-1]


def test_light_is_taken_and_colours_stay():
    how = Settings(kappa=1.0, levels=1, takes="light")
    level = last(recorded(A, Ap, B, how)).levels[0]
    made = level.picture_at(level.total).astype(int)
    target = B.astype(int)
    own, its = (one - one.mean(axis=2, keepdims=True) for one in (made, target))
    inside = ((made > 0) & (made < 255)).all(axis=2)
    assert inside.any()
    assert np.abs(own - its)[inside].max() < 25
