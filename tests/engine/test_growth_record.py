"""A growth with all its choices is the growth, and its choices are those of the growth."""

import numpy as np
import pytest

from editor.engine.efros_leung import Rule, synthesise
from editor.engine.efros_leung_samples import Sample
from editor.engine.growth_record import KEPT, ranking, recorded
from editor.engine.image import Size
from editor.engine.step import last

SIZE = Size(22, 20)


@pytest.fixture(scope="module")
def sample():
    tones = np.random.default_rng(3).integers(0, 4, (18, 18, 1)) * 60
    return np.repeat(tones, 3, axis=2).astype(np.uint8)


@pytest.fixture(scope="module")
def record(sample):
    return last(recorded(sample, SIZE, [5], seed=2))[0]


@pytest.fixture(scope="module")
def growth(sample):
    growth = synthesise([Sample(sample)], SIZE, Rule(5, seed=2))
    last(growth.steps())
    return growth


def test_it_is_the_growth_itself_at_every_moment(record, growth):
    assert record.count == record.total == SIZE.width * SIZE.height - 9
    for moment in (0, 1, 57, record.total):
        assert np.array_equal(record.picture_at(moment), growth.picture_at(moment))
        assert np.array_equal(record.known_at(moment), growth.known_at(moment))


def test_every_pixel_is_a_copy_of_its_source(record, sample):
    assert np.array_equal(record.pixels, sample[tuple(record.sources.T)])
    chosen = [look.moment.matches[look.moment.chosen, 1:] for look in record.looks]
    assert np.array_equal(chosen, record.sources)


def test_the_choice_is_that_of_the_growth_with_all_its_candidates_counted(record, growth):
    look, moment = record.looks[120], growth.moment(120)
    assert look.matches == len(moment.matches)
    assert look.moment.at == moment.at
    assert len(look.moment.matches) == KEPT
    first = {tuple(place) for place in look.moment.matches[: look.matches].tolist()}
    assert first == {tuple(place) for place in moment.matches.tolist()}
    assert look.moment.distances[: look.matches] == pytest.approx(np.sort(moment.distances))


def test_the_ranking_begins_with_the_candidates(record):
    for look in record.looks[::40]:
        assert look.moment.levels == pytest.approx(look.ranks[:KEPT])
        assert np.all(np.diff(look.ranks) >= 0)
        assert np.sum(look.ranks <= look.limit + 1e-9) == look.matches
    assert record.looks[0].places == (18 - 4) ** 2


def test_the_ranking_by_hand(growth):
    moment = growth.moment(200)
    sample = moment.samples[0].astype(int)
    found = []
    for y in range(14):
        for x in range(14):
            off = (sample[y : y + 5, x : x + 5] - moment.window.astype(int)) ** 2
            weights = moment.weights * moment.known
            found.append((weights * off.mean(axis=2)).sum() / weights.sum())
    # Its weights are those whole numbers divided by the largest: the same mean.
    off, places = ranking(moment)
    assert off == pytest.approx(np.sqrt(np.sort(found)), abs=1e-6)
    assert tuple(places[0] - 2) == np.unravel_index(np.argmin(found), (14, 14))


def test_several_windows_grow_side_by_side_and_too_large_ones_are_left_out(sample):
    counts = []
    for step in recorded(sample, SIZE, [5, 9, 25], looks=False):
        counts.append([one.count for one in step.value])
    assert [one.window for one in step.value] == [5, 9]
    assert counts[-1] == [431, 431]
    assert not step.value[0].looks
    assert counts[0][0] < 431


def test_a_window_that_does_not_fit_is_named(sample):
    with pytest.raises(ValueError, match="the sample is 18 × 18 and the window 25"):
        last(recorded(sample, SIZE, [25]))
