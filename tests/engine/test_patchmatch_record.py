"""What is shown in a lecture is what the program does: move for move, byte for byte."""

import numpy as np
import pytest

from editor.engine.field_record import DRAWN, KEPT, SPREAD, SearchRecord, wheel
from editor.engine.kernels.nearest import TILE
from editor.engine.patchmatch import nearest
from editor.engine.patchmatch_record import Way, record_field, record_filling
from editor.engine.patchmatch_reference import distance, nearest_reference
from editor.engine.step import last


def noise(height, width, seed=0):
    coarse = np.random.default_rng(seed).integers(0, 256, (height // 2 + 1, width // 2 + 1, 3))
    return np.repeat(np.repeat(coarse, 2, 0), 2, 1)[:height, :width].astype(np.uint8)


A, B = noise(50, 40), noise(44, 52, seed=1)


def recorded(way, target=A, source=B) -> SearchRecord:
    record = last(record_field(target, source, way))
    assert record.count == record.total
    return record


def found(record):
    """The last field, as the reference has it."""
    search, moment = record.at(record.total - 1)
    field = search.field(moment)
    places = np.argwhere(search.wanted).tolist()
    return {(y, x): tuple(field[y, x].tolist()) for y, x in places}


def test_in_tiles_it_ends_with_what_patchmatch_gives():
    record = recorded(Way(size=5, sweeps=3, tile=TILE, seed=4))
    field = last(nearest(A, B, size=5, sweeps=3, seed=4, thorough=True))
    core = np.s_[2:-2, 2:-2]
    assert np.array_equal(record.searches[0].fields[-1][core], field.positions[core])
    assert np.array_equal(record.searches[0].costs[-1][core], field.distances[core])


@pytest.mark.parametrize("propagates", [True, False])
@pytest.mark.parametrize("searches", [True, False])
@pytest.mark.parametrize("tile", [None, 8])
def test_each_half_of_it_is_as_the_reference_has_it(propagates, searches, tile):
    a, b = A[:20, :24], B[:22, :18]
    way = Way(size=3, sweeps=3, propagates=propagates, searches=searches, tile=tile, seed=2)
    halves = {"propagates": propagates, "searches": searches}
    expected = nearest_reference(a, b, 3, 3, 2, tile=tile or 64, **halves)
    assert found(recorded(way, a, b)) == {p: q for p, (_, q) in expected.items()}


def test_every_moment_lies_between_two_sweeps_and_goes_on_from_the_last():
    search = recorded(Way(size=5, sweeps=2)).searches[0]
    before = search.field(0)
    for moment in range(1, search.total):
        now = search.field(moment)
        sweep, band = search.when(moment)
        assert (now != before).any(axis=2)[search.turns[sweep % 2] != band].sum() == 0
        before = now
    assert np.array_equal(before, search.fields[-1])


def test_a_visit_says_what_was_tried_and_what_was_taken():
    search = recorded(Way(size=5, sweeps=2)).searches[0]
    y, x = 20, 17
    assert search.visit(0, y, x) is None
    before = search.match(0, y, x)
    for sweep in range(2):
        visit = search.visit((sweep + 1) * search.bands, y, x)
        assert visit.sweep == sweep
        assert visit.before == before
        for one in visit.candidates:
            assert one.cost == distance(A, B, 5, (y, x), (one.y, one.x))
        assert [one.radius for one in visit.candidates if one.way is None] == list(
            search.radii[sweep]
        )
        assert all(
            max(abs(one.y - visit.spread.y), abs(one.x - visit.spread.x)) <= one.radius
            for one in visit.candidates
            if one.way is None
        )
        before = search.match((sweep + 1) * search.bands, y, x)
        assert (visit.after.y, visit.after.x, visit.after.cost) == before[:3]
        assert visit.after.cost == min(one.cost for one in (visit.before, *visit.candidates))


def test_propagation_alone_looks_at_neighbours_only():
    search = recorded(Way(size=5, sweeps=2, searches=False)).searches[0]
    for y, x in ((10, 10), (30, 20)):
        visit = search.visit(search.total - 1, y, x)
        assert {one.way for one in visit.candidates} <= {(0, 1), (1, 0)}  # back, in the second
    assert set(np.unique(search.finders(search.total - 1))) <= {KEPT, SPREAD}
    anywhere = {tuple(offset) for offset in offsets(search, 0)}
    assert {tuple(offset) for offset in offsets(search, search.total - 1)} <= anywhere


def offsets(search, moment):
    places = np.argwhere(search.wanted)
    return (search.field(moment)[search.wanted] - places).tolist()


def test_random_search_alone_asks_no_neighbour():
    search = recorded(Way(size=5, sweeps=2, propagates=False)).searches[0]
    assert all(one.way is None for one in search.visit(search.total - 1, 20, 20).candidates)
    assert set(np.unique(search.finders(search.total - 1)[search.wanted])) <= {KEPT, DRAWN}


def test_the_energy_never_rises_while_one_searches():
    record = recorded(Way(size=5, sweeps=2))
    assert len(record.energies) == record.count
    assert (np.diff(record.energies) <= 0).all()


def test_of_a_picture_that_was_moved_every_match_is_found_and_it_is_made_again():
    whole = noise(48, 60)
    target, source = whole[4:40, 6:50].copy(), whole[:40, :].copy()
    search = recorded(Way(size=5, sweeps=4), target, source).searches[0]
    assert set(map(tuple, offsets(search, search.total - 1))) == {(4, 6)}
    assert np.array_equal(search.reconstruction(search.total - 1), target)


def test_it_goes_from_coarse_to_fine_and_begins_where_the_coarser_has_ended():
    a, b = noise(80, 72), noise(76, 80, seed=1)
    record = recorded(Way(size=5, sweeps=2, levels=3), a, b)
    assert [one.level for one in record.searches] == [0, 1, 2]
    assert record.searches[-1].target.shape == a.shape
    coarse, fine = record.searches[0], record.searches[1]
    y, x = coarse.fields[-1][10, 10].tolist()
    assert fine.fields[0][20, 20].tolist() == [2 * y, 2 * x]
    assert record.at(0) == (coarse, 0)
    assert record.at(coarse.total) == (fine, 0)


def test_a_hole_is_filled_from_outside_and_nothing_else_changes():
    stripes = np.where(np.arange(72) % 8 < 4, 60, 200)[None, :, None]
    image = np.broadcast_to(stripes, (64, 72, 3)).astype(np.uint8)
    hole = np.zeros((64, 72), bool)
    hole[24:36, 28:44] = True
    broken = np.where(hole[..., None], np.uint8(255), image)
    record = last(record_filling(broken, hole, Way(size=5, sweeps=2, levels=2)))
    assert record.count == record.total
    search, moment = record.at(record.total - 1)
    made = search.reconstruction(moment)
    assert np.array_equal(made[~hole], image[~hole])
    assert np.abs(made[hole].astype(int) - image[hole]).mean() < 6
    for y, x in np.argwhere(search.wanted).tolist():
        row, column = search.field(moment)[y, x].tolist()
        assert not hole[row - 2 : row + 3, column - 2 : column + 3].any()


def test_it_grows_and_each_age_shares_what_is_there():
    ages = [step.value for step in record_field(A, B, Way(size=5, sweeps=1))]
    counts = [age.count for age in ages]
    assert counts == [*range(1, ages[-1].total + 1), ages[-1].total]
    assert np.shares_memory(ages[0].searches[0].fields, ages[-1].searches[0].fields)


def test_the_colours_say_which_way_and_nothing_where_nothing_is_wanted():
    search = recorded(Way(size=5, sweeps=1)).searches[0]
    colours = search.colours(search.total - 1)
    assert (colours[..., 3] == 0).tolist() == (~search.wanted).tolist()
    disc = wheel(65)
    assert disc[0, 0, 3] == 0
    assert disc[32, 60, 0] > disc[32, 4, 0]  # warm: from the right


def test_what_would_take_too_much_memory_is_refused():
    large = np.zeros((2000, 2000, 3), np.uint8)
    with pytest.raises(ValueError, match="2000 × 2000 pixels takes"):
        next(record_field(large, large, Way()))
