"""The first guess of a fill: whole patches, those first into which an edge runs."""

import numpy as np
import pytest

from editor.engine.fill_level import Solver
from editor.engine.kernels import first_guess
from editor.engine.kernels.fill import seen_distance
from editor.engine.kernels.patch import TAIL
from editor.engine.patchmatch import Part, Search
from editor.engine.threads import Crew
from tests.engine.ended import ended
from tests.engine.test_fill import hole, noise


def guessed(pixels, mask, labels=None, seed=0, near=(0, 0)):
    """What the level looks like after the first guess, and its field."""
    unknown = mask > 0
    known = (~unknown).view(np.uint8)
    with Crew(1) as crew:
        search = Search(pixels, pixels, allowed=known, labels=labels, crew=crew)
        search.target[unknown] = 0
        solver = Solver(search, unknown, crew)
        for _ in solver.prepare():
            pass
        return search.target, ended(solver.guess(seed, near)).positions


def level(grey):
    """A level without anything busy in it."""
    return np.dstack([grey, grey, grey, np.zeros_like(grey)]).astype(np.uint8)


def test_an_edge_goes_on_through_the_hole():
    grey = np.full((40, 60), 200)
    grey[20:] = 40
    mask = hole(40, 60, (22, 10, 16, 20))
    target, positions = guessed(level(grey), mask)
    assert (target == level(grey)).all()
    assert (positions[mask > 0] >= 0).any()


def test_what_is_copied_is_what_the_field_says():
    pixels = noise(48, 48, 4)
    mask = hole(48, 48, (16, 16, 14, 14))
    target, positions = guessed(pixels, mask)
    ys, xs = np.nonzero((mask > 0) & (positions[..., 0] >= 0))
    py, px = positions[ys, xs].T
    assert len(ys) > 50  # those beside the hole are no centres of whole patches
    assert (mask[py, px] == 0).all()
    assert (target[ys, xs] == pixels[py, px]).all()


def test_pieces_are_larger_than_a_pixel():
    mask = hole(48, 48, (16, 16, 14, 14))
    _, positions = guessed(noise(48, 48, 4), mask)
    moved = positions - np.dstack(np.mgrid[:48, :48])
    ways = {tuple(way) for way in moved[(mask > 0) & (positions[..., 0] >= 0)]}
    assert len(ways) < 14 * 14 / 8


def test_of_pieces_that_are_alike_the_nearest_is_copied():
    """… unless all are from another picture: there none is nearer."""
    pixels = level(np.full((60, 80), 100))
    mask = hole(60, 80, (50, 30, 10, 10))
    away = []
    for near in ((0, 0), (1000, 1000)):
        _, positions = guessed(pixels, mask, near=near)
        ys, xs = np.nonzero((mask > 0) & (positions[..., 0] >= 0))
        away.append(np.abs(positions[ys, xs] - np.stack([ys, xs], axis=1)).sum(axis=1))
    assert away[0].max() <= 2 * 10
    assert away[1].min() > 40


def test_what_is_much_more_alike_is_copied_from_far_away():
    grey = np.full((40, 100), 20)
    grey[10:34, 10:34] = 180  # around the hole, and nowhere else near it
    grey[:, 60:] = 180
    mask = hole(40, 100, (13, 13, 18, 18))
    target, _ = guessed(level(grey), mask)
    assert (target[mask > 0][:, 0] == 180).all()


def test_of_a_part_it_is_known_where_it_lies():
    pixels, unknown = level(np.full((80, 100), 100)), np.zeros((80, 100), bool)
    unknown[50:60, 70:80] = True
    rows, columns = slice(32, 64), slice(64, 96)
    with Crew(1) as crew:
        search = Search(
            pixels[rows, columns], pixels, allowed=~unknown, part=Part(32, 64, 100), crew=crew
        )
        solver = Solver(search, unknown[rows, columns], crew)
        for _ in solver.prepare():
            pass
        positions = ended(solver.guess(0)).positions
    ys, xs = np.nonzero(unknown[rows, columns] & (positions[..., 0] >= 0))
    away = np.abs(positions[ys, xs] - np.stack([ys + 32, xs + 64], axis=1)).sum(axis=1)
    assert away.max() <= 2 * 10


def test_each_label_is_copied_from_its_own():
    grey = np.tile(np.where(np.arange(64) < 32, 90, 160), (48, 1))
    labels = np.tile(np.where(np.arange(64) < 32, 1, 2), (48, 1)).astype(np.uint8)
    pixels = level(grey)
    pixels[..., :3] += noise(48, 64, 3) // 8
    mask = hole(48, 64, (24, 16, 16, 16))
    target, _ = guessed(pixels, mask, (labels, labels))
    assert (np.abs(target[..., 0].astype(int) - grey - 15) <= 16).all()


def test_the_part_with_the_edge_is_first():
    grey = np.full((30, 30), 100)
    grey[14:17, :8] = 220
    pixels = level(grey)
    seen = np.ones((30, 30), np.uint8)
    seen[8:22, 8:22] = 0
    front = first_guess.empty_front(seen.shape, 14 * 14)
    ys, xs = (axis.astype(np.int32) for axis in np.nonzero(seen == 0))
    first_guess.approach(ys, xs, seen.copy(), seen, pixels, 3, front)
    assert front.length[0] == 4 * 14 - 4
    turn = {
        (int(y), int(x)): priority
        for y, x, priority in zip(*(one[: front.length[0]] for one in front[:3]), strict=True)
    }
    assert turn[15, 8] > 1.5 * turn[15, 21]
    assert max(turn, key=turn.__getitem__)[1] == 8


@pytest.mark.parametrize("taken", [0, 2, 3])
def test_who_leaves_the_front_is_gone_and_the_others_stay(taken):
    front = first_guess.empty_front((1, 6), 4)
    seen = np.array([[1, 0, 1, 0, 1, 0]], np.uint8)
    xs = np.array([1, 3, 5], np.int32)
    first_guess.approach(np.zeros(3, np.int32), xs, seen, seen, level(seen), 1, front)
    first_guess.leave(0, 2 * taken - 1 if taken else 1, front)
    left = set(front.xs[: front.length[0]].tolist())
    assert left == {1, 3, 5} - {2 * taken - 1 if taken else 1}
    assert all(front.xs[front.slots[0, x] - 1] == x for x in left)


def test_where_there_is_too_much_to_compare_some_is_drawn(monkeypatch):
    """… and what goes on with its neighbours is still found."""
    monkeypatch.setattr("editor.engine.fill_level._TRIES", 0)
    monkeypatch.setattr("editor.engine.fill_level._FEWEST_TRIES", 20)
    grey = np.tile(np.arange(80) % 8 * 30, (60, 1))
    mask = hole(60, 80, (24, 20, 24, 20))
    target, _ = guessed(level(grey), mask)
    assert (target == level(grey)).mean() > 0.97
    again, _ = guessed(level(grey), mask)
    assert (target == again).all()


def distance(sight, level, across, py, px, best=1 << 40):
    """How unlike what is seen a patch of the level is; all of them are equally near."""
    tables = sight.colours, sight.there, sight.rest, level
    addresses = (np.uintp(table.ctypes.data) for table in tables)
    far = first_guess.farness(*addresses, across, 99, 99, 0, 0, py, px, 3, 3 * (2000 + best))
    return far // 3 - 2000


def test_of_two_pieces_that_suit_equally_well_the_first_guess_takes_the_plainer():
    pixels = np.full((20, 40, 4), 100, np.uint8)
    pixels[:, 20:] = 0  # beside x = 19 the right half of a patch is black
    seen = np.zeros((20, 40), np.uint8)
    seen[:, :5] = 1
    sight = first_guess.empty_sight(3)
    first_guess.look(pixels, seen, 10, 5, 3, sight)
    assert (sight.colours[:, :28].reshape(7, 7, 4)[..., :3] == 100 - 128).all()
    level = np.pad((pixels ^ 128).view(np.int8).ravel(), (0, TAIL))
    flat, edge = (distance(sight, level, 40, 10, x) for x in (10, 19))
    assert flat == 0
    assert edge == 7 * 3 * 3 * 100**2 >> 2  # seven rows, three columns, three colours
    alike = seen_distance(pixels, seen, (pixels ^ 128).view(np.int8), 10, 5, 10, 19, 3, 1 << 60)
    assert alike == 0


@pytest.mark.parametrize("place", [(20, 25), (0, 0), (39, 59), (1, 30)])
def test_a_half_known_patch_is_as_far_away_as_its_parts_are(place):
    """Those that are there wholly, those that are not a quarter, measured from the mean."""
    pixels, rng = noise(40, 60, 4), np.random.default_rng(3)
    seen = rng.integers(0, 2, (40, 60), np.uint8)
    sight = first_guess.empty_sight(3)
    first_guess.look(pixels, seen, *place, 3, sight)
    flat = np.pad((pixels ^ 128).view(np.int8).ravel(), (0, TAIL))
    y, x = place
    inside = [
        (dy, dx)
        for dy in range(-3, 4)
        for dx in range(-3, 4)
        if 0 <= y + dy < 40 and 0 <= x + dx < 60
    ]
    there = [(dy, dx) for dy, dx in inside if seen[y + dy, x + dx]]
    colours = pixels[..., :3].astype(int)
    mean = sum(colours[y + dy, x + dx] for dy, dx in there) // len(there)
    for py, px in ((3, 3), (36, 56), (17, 31)):
        near = sum(
            ((colours[y + dy, x + dx] - colours[py + dy, px + dx]) ** 2).sum() for dy, dx in there
        )
        rest = sum(
            ((mean - colours[py + dy, px + dx]) ** 2).sum()
            for dy, dx in inside
            if (dy, dx) not in there
        )
        assert distance(sight, flat, 60, py, px) == near + (rest >> 2)
        assert distance(sight, flat, 60, py, px, near) == near
