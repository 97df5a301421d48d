import math

import numpy as np
import pytest

from editor.engine.kernels.patch import FORBIDDEN
from editor.engine.patchmatch_turned import TurnedSearch, nearest_turned
from editor.engine.step import last


def noise(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def smooth(height, width, seed=0):
    """Waves in all directions: they look alike at half a pixel, and only where they should."""
    rng = np.random.default_rng(seed)
    ys, xs = np.mgrid[:height, :width]
    picture = np.zeros((height, width, 3))
    for _ in range(12):
        a, b, phase = rng.uniform((-0.4, -0.4, 0), (0.4, 0.4, 6))
        picture += rng.normal(0, 18, 3) * np.sin(a * ys + b * xs + phase)[..., None]
    return np.clip(128 + picture, 0, 255).astype(np.uint8)


def sample(source, y, x):
    """At half pixels the mean of two or four."""
    rows = {math.floor(y), math.ceil(y)}
    columns = {math.floor(x), math.ceil(x)}
    values = [source[row, column].astype(int) for row in rows for column in columns]
    return (sum(values) + len(values) // 2) // len(values)


@pytest.mark.parametrize("size", [5, 7])
def test_every_distance_is_that_of_its_turned_patch(size):
    target, source = noise(30, 40), noise(45, 35, seed=1)
    how = {"size": size, "angles": (-30, 90), "scales": (0.7, 1.2), "mirrored": True}
    field = last(nearest_turned(target, source, sweeps=2, **how))
    search = TurnedSearch(target, source, **how)
    r, seen = size // 2, set()
    for y in range(r, 30 - r, 3):
        for x in range(r, 40 - r, 3):
            angle, scale, mirrored = search.turn(int(field.turned[y, x]))
            seen.add((round(angle), mirrored))
            centre = np.rint(2 * field.positions[y, x])
            total = 0
            for i in range(-r, r + 1):
                for j in range(-r, r + 1):
                    across = -j if mirrored else j
                    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
                    moved = scale * np.array([c * i - s * across, s * i + c * across])
                    at = (centre + np.rint(2 * moved)) / 2
                    total += ((target[y + i, x + j].astype(int) - sample(source, *at)) ** 2).sum()
            assert field.distances[y, x] == total
    assert len(seen) >= 15


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turned_picture_is_found_whole(quarters, mirrored):
    target = smooth(40, 50)
    source = np.rot90(target[:, ::-1] if mirrored else target, quarters).copy()
    field = last(nearest_turned(target, source, scales=(1, 1), mirrored=mirrored, sweeps=6))
    found = field.distances[3:-3, 3:-3] == 0
    assert found.mean() > 0.95
    search = TurnedSearch(target, source, scales=(1, 1), mirrored=mirrored)
    turn = search.turn(int(np.bincount(field.turned[3:-3, 3:-3][found]).argmax()))
    assert turn == (pytest.approx(90 * quarters), 1, mirrored)


@pytest.mark.parametrize("scale", [0.7, 1.4])
def test_a_larger_picture_is_found_by_its_scale(scale):
    from editor.engine.cv import cv2

    target = smooth(48, 48)
    source = cv2.resize(target, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    how = {"angles": (-40, 40), "scales": (0.6, 1.6), "size": 9}
    field = last(nearest_turned(target, source, sweeps=8, **how))
    search = TurnedSearch(target, source, **how)
    found = [search.turn(int(n)) for n in field.turned[10:-10, 10:-10].ravel()]
    assert np.median([s for _, s, _ in found]) == pytest.approx(scale, rel=0.1)
    assert abs(np.median([angle for angle, _, _ in found])) < 6


def test_the_same_seed_gives_the_same_field_on_one_thread_or_three():
    target, source = smooth(100, 80), smooth(90, 110, seed=1)
    one, three = (last(nearest_turned(target, source, sweeps=2, threads=n)) for n in (1, 3))
    assert all(np.array_equal(a, b) for a, b in zip(one, three, strict=True))


def test_no_pixel_is_read_that_is_not_allowed():
    """A change of forbidden pixels changes nothing."""
    target, source = noise(40, 40), noise(60, 60, seed=1)
    allowed = np.ones((60, 60), bool)
    allowed[20:33, 25:40] = False
    allowed[50, 10] = False
    other = source.copy()
    other[~allowed] = 255 - other[~allowed]
    fields = [
        last(nearest_turned(target, picture, allowed=allowed, sweeps=2))
        for picture in (source, other)
    ]
    assert all(np.array_equal(a, b) for a, b in zip(*fields, strict=True))
    none = last(nearest_turned(target, source, allowed=np.zeros((60, 60), bool), sweeps=1))
    assert (none.distances[3:-3, 3:-3] == FORBIDDEN).all()
    assert (none.turned == -1).all()


def test_where_nothing_is_wanted_nothing_is_searched():
    target, wanted = noise(40, 40), np.zeros((40, 40), bool)
    wanted[10:20, 10:20] = True
    field = last(nearest_turned(target, target, wanted=wanted, sweeps=1))
    assert ((field.turned >= 0) == wanted).all()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"angles": (0, 400)}, "the angles go from 0 to 400: at most one circle"),
        ({"scales": (0.1, 1)}, "the scales go from 0.1 to 1: 0.25 to 4"),
        ({"size": 4}, "the patch size is 4"),
        ({"target": noise(20, 20, 5), "source": noise(20, 20, 5)}, "at most 4 channels, not 5"),
    ],
)
def test_what_cannot_be_searched_is_named(how, message):
    with pytest.raises(ValueError, match=message):
        last(nearest_turned(**{"target": noise(20, 20), "source": noise(20, 20), **how}))
