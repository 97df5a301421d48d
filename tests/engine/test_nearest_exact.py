import numpy as np
import pytest

from editor.engine.nearest_exact import nearest_exact
from editor.engine.patchmatch import FORBIDDEN
from editor.engine.step import last


def noise(height, width, channels=3, seed=0, levels=256):
    return np.random.default_rng(seed).integers(0, levels, (height, width, channels), np.uint8)


def by_definition(target, source, size, allowed=None):
    """(distance, y′, x′) for each whole patch, first in reading order; no cleverness at all."""
    windows = [
        np.lib.stride_tricks.sliding_window_view(picture, (size, size), (0, 1)).astype(np.int64)
        for picture in (target, source)
    ]
    a, b = (window.reshape(-1, size * size * target.shape[2]) for window in windows)
    distances = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    if allowed is not None:
        whole = np.lib.stride_tricks.sliding_window_view(allowed, (size, size)).all(axis=(2, 3))
        distances[:, ~whole.ravel()] = FORBIDDEN
    best = distances.argmin(axis=1)
    shape = windows[0].shape[:2]
    ys, xs = np.divmod(best, windows[1].shape[1])
    places = np.stack([ys, xs], axis=1) + size // 2
    places[distances.min(axis=1) == FORBIDDEN] = -1
    return distances.min(axis=1).reshape(shape), places.reshape(*shape, 2)


@pytest.mark.parametrize("levels", [256, 3])
@pytest.mark.parametrize(
    ("size", "channels", "shapes"),
    [
        (3, 1, ((12, 20), (9, 17))),
        (5, 3, ((16, 11), (20, 30))),
        (7, 8, ((10, 22), (18, 12))),
        (3, 1, ((5, 370), (4, 340))),  # wider than the columns that are done together
    ],
)
def test_it_is_the_field_by_definition(size, channels, shapes, levels):
    target = noise(*shapes[0], channels, levels=levels)
    source = noise(*shapes[1], channels, seed=1, levels=levels)
    r = size // 2
    distances, places = by_definition(target, source, size)
    for threads in (1, 2):
        field = last(nearest_exact(target, source, size=size, threads=threads))
        assert np.array_equal(field.distances[r:-r, r:-r], distances)
        assert np.array_equal(field.positions[r:-r, r:-r], places)


def test_few_targets_are_tried_alone_with_the_same_result():
    target, source = noise(40, 50), noise(30, 35, seed=1)
    wanted = np.zeros((40, 50), bool)
    wanted[3:37:11, 4:40:9] = True
    every, few = (last(nearest_exact(target, source, wanted=w)) for w in (None, wanted))
    assert np.array_equal(few.positions[wanted], every.positions[wanted])
    assert np.array_equal(few.distances[wanted], every.distances[wanted])
    assert (few.distances[~wanted] == 0).all()


@pytest.mark.parametrize("alone", [False, True])
def test_only_allowed_patches_are_taken(alone):
    target, source = noise(12, 14), noise(20, 24, seed=1)
    allowed = np.ones((20, 24), bool)
    allowed[5, 10] = allowed[14, 3] = False
    wanted = np.ones((12, 14), bool)
    if alone:
        wanted[...] = False
        wanted[6, 7] = True
    distances, places = by_definition(target, source, 5, allowed)
    field = last(nearest_exact(target, source, size=5, wanted=wanted, allowed=allowed))
    asked = wanted[2:-2, 2:-2]
    assert np.array_equal(field.distances[2:-2, 2:-2][asked], distances[asked])
    assert np.array_equal(field.positions[2:-2, 2:-2][asked], places[asked])
    nothing = last(nearest_exact(target, source, wanted=wanted, allowed=np.zeros((20, 24), bool)))
    assert (nothing.positions[6, 7] == -1).all()
    assert nothing.distances[6, 7] == FORBIDDEN
