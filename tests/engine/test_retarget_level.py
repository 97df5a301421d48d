"""The votes of both pictures: as eq. 8 of the paper says, pixel by pixel, with plain loops."""

import numpy as np
import pytest

from editor.engine.kernels import bidirectional as kernels
from editor.engine.retarget_constraints import Rulers
from editor.engine.retarget_level import Estimate, Held, Level, Solver, identity
from editor.engine.threads import Crew

R = 1
SHARE = np.float32(0.6)


@pytest.fixture(params=["any", "mostly alike"])
def matches(request):
    """Any matches between a source of 7 × 8 and a target of 6 × 5, patches of 3 × 3."""
    rng = np.random.default_rng(5)
    source = rng.integers(0, 256, (7, 8, 4)).astype(np.uint8)
    to_source = np.stack([rng.integers(1, 6, (6, 5)), rng.integers(1, 7, (6, 5))], 2)
    to_target = np.stack([rng.integers(1, 5, (7, 8)), rng.integers(1, 4, (7, 8))], 2)
    weights, wanted = np.zeros((6, 5), np.float32), np.zeros((7, 8), bool)
    weights[1:-1, 1:-1] = rng.random((4, 3)) + 0.1
    wanted[1:-1, 1:-1] = rng.random((5, 6)) > 0.2
    if request.param == "mostly alike":
        ys, xs = np.mgrid[0:6, 0:5]
        to_source = np.stack([ys, xs + 2], 2)
        to_source[4, 3] = 1, 1
        ys, xs = np.mgrid[0:7, 0:8]
        to_target = np.stack([ys, xs - 2], 2)
        wanted[...] = (ys >= 1) & (ys < 5) & (xs >= 3) & (xs < 6)
        to_target[1, 3] = 4, 3
    return source, to_source.astype(np.int32), to_target.astype(np.int32), weights, wanted


def lists_of(to_target, wanted, width, patches):
    starts = np.zeros(patches + 1, np.int64)
    kernels.count_choices(0, len(wanted), wanted, to_target, width, starts)
    np.cumsum(starts, out=starts)
    leads, filled = np.empty(starts[-1], np.int32), starts[:-1].copy()
    kernels.list_choices(0, len(wanted), wanted, to_target, width, filled, leads)
    lists = kernels.Lists(starts, leads, np.empty(len(leads), np.uint8))
    kernels.count_runs(0, len(leads), leads, lists.runs)
    return lists


def own_of(to_source, pitch):
    shape = to_source.shape[:2]
    own = kernels.Own(np.empty(shape, np.int32), np.empty(shape, np.uint8))
    kernels.lead(0, len(to_source), to_source, pitch, own)
    return own


def said(matches):
    """For each target pixel all votes: (weight, source row, source column)."""
    _, to_source, to_target, weights, wanted = matches
    votes = {(y, x): [] for y in range(6) for x in range(5)}
    offsets = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    for y, x in zip(*np.nonzero(weights), strict=True):
        for dy, dx in offsets:
            py, px = to_source[y, x] + (dy, dx)
            votes[y + dy, x + dx].append((weights[y, x], py, px))
    for y, x in zip(*np.nonzero(wanted), strict=True):
        for dy, dx in offsets:
            ty, tx = to_target[y, x] + (dy, dx)
            votes[ty, tx].append((SHARE, y + dy, x + dx))
    return votes


def test_a_pixel_is_the_mean_of_what_both_pictures_say(matches):
    source, to_source, to_target, weights, wanted = matches
    target, held = np.zeros((6, 5, 4), np.uint8), np.zeros((6, 5), bool)
    held[2, 2] = True
    lists = lists_of(to_target, wanted, 5, 30)
    kernels.vote(0, 6, weights, own_of(to_source, 8), lists, SHARE, source, held, R, target)
    for (y, x), votes in said(matches).items():
        mean = np.average(
            [source[v, u, :3] for _, v, u in votes], axis=0, weights=[w for w, _, _ in votes]
        )
        expected = [0, 0, 0] if held[y, x] else mean
        assert np.abs(target[y, x, :3] - np.array(expected)).max() <= 0.51


def test_the_copy_is_the_pixel_that_most_weight_speaks_for(matches):
    _, to_source, to_target, weights, wanted = matches
    origins = np.full((6, 5, 2), -1, np.int32)
    lists = lists_of(to_target, wanted, 5, 30)
    held = np.zeros((6, 5), bool)
    kernels.choose(0, 6, weights, own_of(to_source, 8), lists, SHARE, 8, held, R, origins)
    for (y, x), votes in said(matches).items():
        sums = {}
        for weight, v, u in votes:
            sums[v, u] = sums.get((v, u), 0) + weight
        assert sums[tuple(origins[y, x])] == pytest.approx(max(sums.values()))


def test_patches_that_say_nothing_leave_a_pixel_as_it_is(matches):
    source, to_source, _, weights, _ = matches
    nobody = kernels.Lists(np.zeros(31, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8))
    target, origins = np.full((6, 5, 4), 9, np.uint8), np.full((6, 5, 2), -1, np.int32)
    own, held, silent = own_of(to_source, 8), np.zeros((6, 5), bool), np.zeros_like(weights)
    kernels.vote(0, 6, silent, own, nobody, SHARE, source, held, R, target)
    kernels.choose(0, 6, silent, own, nobody, SHARE, 8, held, R, origins)
    assert (target == 9).all()
    assert (origins == -1).all()


def test_runs_are_counted_to_their_end_and_no_further_than_a_byte_goes():
    leads = np.array([4, 4, 4, 7, 4, 4] + [5] * 300, np.int32)
    whole, pieces = np.empty((2, len(leads)), np.uint8)
    kernels.count_runs(0, len(leads), leads, whole)
    assert whole[:6].tolist() == [3, 2, 1, 1, 2, 1]
    assert whole[6:].tolist() == [255] * 46 + list(range(254, 0, -1))
    for high in range(len(leads), 0, -50):
        kernels.count_runs(max(0, high - 50), high, leads, pieces)
    assert (pieces == whole).all()


def test_a_lifted_field_points_twice_as_far():
    coarse = np.stack(np.mgrid[3:9, 2:10], axis=2).astype(np.int32)  # moved by (3, 2)
    fine = np.empty((12, 16, 2), np.int32)
    kernels.lift(0, 12, coarse, R, 40, 40, fine)
    ys, xs = np.mgrid[1:12, 1:16]
    assert (fine[1:, 1:] == np.stack([ys + 6, xs + 4], axis=2)).all()


def test_in_the_last_pass_what_has_no_place_has_no_say():
    """The target is the source without a thing, which would only be sprinkled over the rest."""
    rng = np.random.default_rng(2)
    pixels = np.zeros((40, 64, 4), np.uint8)
    pixels[..., :3] = 150 + np.arange(64)[:, None] + rng.integers(0, 4, (40, 64, 3))
    pixels[10:24, 4:18, :3] = rng.integers(0, 40, (14, 14, 3))
    target = np.ascontiguousarray(pixels[:, 24:])
    shift = identity((40, 40)) + np.array([0, 24], np.int32)
    back = np.clip(identity((40, 64)) - [0, 24], 3, 36).astype(np.int32)
    level = Level(pixels, np.ones((40, 64), np.uint8))
    with Crew(1) as crew:
        solver = Solver(level, Estimate(target, shift, back), Held((40, 40)), Rulers([], 1), crew)
        exhaust(solver.prepare())
        exhaust(solver.improve(0, 2, 8))
        assert from_the_thing(solver)  # while it may still find a place, it is heard
        exhaust(solver.search(2, 2, 8))
        assert not from_the_thing(solver)


def exhaust(pauses):
    for _ in pauses:
        pass


def from_the_thing(solver):
    """How many votes a patch has given that lies within the thing."""
    starts, leads, _ = solver._lists
    centres = np.repeat(np.arange(40 * 40), np.diff(starts))
    sources = leads + centres // 40 * 64 + centres % 40
    ys, xs = sources // 64, sources % 64
    return int(((ys >= 13) & (ys < 21) & (xs >= 7) & (xs < 15)).sum())
