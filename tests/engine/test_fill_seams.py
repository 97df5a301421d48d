"""The seams of a first guess: where two pieces meet one sees as little of it as possible."""

import itertools

import numpy as np
import pytest

from editor.engine.fill_seams import sew
from editor.engine.kernels import expansion
from editor.engine.patchmatch import Search
from editor.engine.threads import Crew
from tests.engine.ended import ended
from tests.engine.test_fill import noise

SHIFTS = ((-8, 0), (0, 9), (7, -6), (-9, -9))


def hole(pixels, rows, columns):
    """A picture with a hole in the middle, and SHIFTS to copy from."""
    top, left = 14, 14
    fixed = np.ones(pixels.shape[:2], np.uint8)
    fixed[top : top + rows, left : left + columns] = 0
    source = np.zeros(pixels.size + 64, np.int8)
    source[: pixels.size] = (pixels.reshape(-1) ^ 0x80).view(np.int8)
    none = np.zeros((1, 1), np.uint8)
    shown = expansion.Shown(
        np.array(SHIFTS, np.int32), np.arange(4) * 100, source, fixed, none, none, pixels, fixed
    )
    label = np.where(fixed == 0, 0, -1).astype(np.int32)
    labelling = expansion.Labelling(
        label, np.zeros(label.shape, np.int64), np.full_like(label, -1), np.zeros((4, 4), np.int32)
    )
    return shown, labelling, np.argwhere(fixed == 0)


def energy(label, shown, places):
    """As it is written in the papers, each pixel and each pair of neighbours once."""
    colours = shown.pixels[..., :3].astype(int)

    def copied(place, k):
        at = np.add(place, SHIFTS[k])
        return colours[tuple(at)] if shown.open[tuple(at)] else None

    def unlike(one, other):
        return 3 * 128**2 if one is None or other is None else int(((one - other) ** 2).sum())

    total = 0
    for y, x in places:
        k = label[y, x]
        total += int(shown.prices[k])
        for v, u in itertools.product(range(y - 3, y + 4), range(x - 3, x + 4)):
            if shown.fixed[v, u]:
                total += unlike(colours[v, u], copied((v, u), k))
        for v, u in ((y + 1, x), (y, x + 1)):
            if label[v, u] >= 0 and label[v, u] != k:
                for place in ((y, x), (v, u)):
                    total += unlike(copied(place, k), copied(place, label[v, u]))
    return total


def labelling_of(way, label, places):
    label = label.copy()
    label[tuple(places.T)] = way
    return label


def guessed(pixels, fixed, copied_from):
    """A field with a copy for each pixel of the hole, its search, and the hole as ys and xs."""
    ys, xs = (axis.astype(np.int32) for axis in np.nonzero(fixed == 0))
    with Crew(1) as crew:
        search = Search(pixels, pixels, allowed=fixed, crew=crew)
        ended(search.prepare())
    field = search.empty_field()
    field.positions[...] = -1
    field.positions[ys, xs] = np.transpose(copied_from(ys, xs))
    return field, search, ys, xs


@pytest.mark.parametrize("seed", range(6))
def test_of_all_ways_to_spread_the_best_is_taken(seed):
    shown, labelling, places = hole(noise(40, 40, 4, seed=seed), 3, 3)
    best = min(
        energy(labelling_of(way, labelling.label, places), shown, places)
        for way in itertools.product((0, 1), repeat=9)
        if way[0] == 1
    )
    labelling.label[14, 14] = 1  # it can only spread from somewhere
    assert expansion.begin(*places.T.astype(np.int32), shown, labelling)
    took = expansion.spread(1, shown, labelling)
    assert energy(labelling.label, shown, places) == best
    assert took == np.count_nonzero(labelling.label == 1) - 1


@pytest.mark.parametrize("seed", range(4))
def test_no_shift_spreads_for_the_worse(seed):
    shown, labelling, places = hole(noise(40, 40, 4, seed=seed), 9, 11)
    rng = np.random.default_rng(seed)
    labelling.label[tuple(places.T)] = rng.integers(0, 4, len(places))
    assert expansion.begin(*places.T.astype(np.int32), shown, labelling)
    costs = [energy(labelling.label, shown, places)]
    for k in (0, 1, 2, 3, 0, 1):
        expansion.spread(k, shown, labelling)
        costs.append(energy(labelling.label, shown, places))
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]
    assert (labelling.number == -1).all()


def test_two_pieces_meet_where_they_are_alike():
    """A stripe comes from the left and goes on to the right; both pieces know its whole length."""
    grey = np.full((48, 96), 60)
    grey[20:24] = 200
    grey[30:34, 40:56] = 120  # stood in the hole
    pixels = np.dstack([grey, grey, grey, grey]).astype(np.uint8)
    fixed = np.ones(grey.shape, np.uint8)
    fixed[16:36, 40:56] = 0

    def copied_from(ys, xs):  # the lower half would be copied with the stripe
        return np.where(ys < 26, (ys, xs + 20), (ys - 8, xs - 20))

    field, search, ys, xs = guessed(pixels, fixed, copied_from)
    before = field.positions.copy()
    ended(sew(field, search, ys, xs, fixed))
    stripe = np.where(grey[:, :1] == 200, 200, 60)
    assert (search.target[..., 0] == np.where(fixed == 0, stripe, grey)).all()
    assert (field.positions[:26] == before[:26])[fixed[:26] == 0].all()


@pytest.mark.parametrize(("shifts", "left"), [((-12, -7), 1), ((-7, -5), 2)])
def test_near_pieces_spread_but_not_those_that_would_repeat_themselves(shifts, left):
    pixels = np.full((40, 40, 4), 100, np.uint8)
    fixed = np.ones((40, 40), np.uint8)
    fixed[14:24, 20:22] = 0
    field, search, ys, xs = guessed(
        pixels, fixed, lambda ys, xs: (ys, xs + np.where(ys < 19, *shifts))
    )
    ended(sew(field, search, ys, xs, fixed))
    assert len(np.unique(field.positions[ys, xs, 1] - xs)) == left


def test_what_is_fixed_stays():
    pixels = noise(40, 40, 4)
    fixed = np.ones((40, 40), np.uint8)
    fixed[14:24, 14:24] = 0
    field, search, ys, xs = guessed(pixels, fixed, lambda ys, xs: (ys, xs - 10))
    fixed[18] = 1  # a guide has said what is here
    field.positions[18, 14:24] = (5, 5)
    ended(sew(field, search, ys, xs, fixed, (1000, 1000)))
    assert (field.positions[18, 14:24] == 5).all()
    assert (search.target[18] == pixels[18]).all()
