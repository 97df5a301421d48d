import numpy as np

from editor.engine import efros_leung_guard as guard
from editor.engine.efros_leung import Rule, grow, synthesise
from editor.engine.efros_leung_samples import Sample
from editor.engine.image import Size
from editor.engine.step import last
from tests.engine.test_efros_leung import blotches, noise


def grown(sample, size, rule):
    growth = synthesise([Sample(sample)], size, rule)
    last(growth.steps())
    return growth


def health(growth):
    looking = guard.health(growth)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            return end.value


def test_noise_with_a_small_window_grows_well():
    found = health(grown(noise((64, 64), 3), Size(80, 80), Rule(3)))
    assert found.state == "well"
    assert found.last_good == 80 * 80 - 9
    assert found.verdict.startswith("It grows well")


def test_a_piece_of_the_sample_is_a_copy():
    """In noise no two windows are alike: the growth goes on as the sample does."""
    sample = noise((90, 90))
    growth = grow(*framed(sample[:76, :76]), Rule(9), samples=[Sample(sample)])
    last(growth.steps())
    found = health(growth)
    assert found.copied[-1] == 1
    assert found.state == "copying"
    assert found.verbatim[1:4, 1:4].all()
    assert found.verdict.startswith("It copies")
    top, left = growth.rect.y, growth.rect.x
    assert np.array_equal(growth.picture, sample[top:76, left:76])


def framed(picture):
    """The picture with a hole that leaves a frame of twelve pixels at the left and above."""
    hole = np.zeros(picture.shape, bool)
    hole[12:, 12:] = True
    return np.where(hole, 0, picture).astype(np.uint8), hole


def hills():
    """A few smooth hills: no window matches where they would have to meet otherwise."""
    ys, xs = np.mgrid[:40, :40] / 40
    tops = [(0.2, 0.3), (0.5, 0.9), (0.8, 0.4), (0.9, 0.8), (0.4, 0.6)]
    height = sum(np.exp(-((ys - y) ** 2 + (xs - x) ** 2) * 60) for y, x in tops)
    return (height / height.max() * 255).astype(np.uint8)


def test_one_small_spot_over_and_over_is_found_where_it_began():
    growth = grown(hills(), Size(96, 96), Rule(15, seed=1))
    found = health(growth)
    assert found.state == "repeating"
    assert 0 < found.last_good < growth.total
    sources = growth.source[..., 1] * 40 + growth.source[..., 2]
    cells = sources.reshape(6, 16, 6, 16).swapaxes(1, 2).reshape(6, 6, 256)
    different = np.array([[len(np.unique(cell)) for cell in row] for row in cells])
    assert different[found.garbage].max() < different[~found.garbage].mean()
    begun = growth.picture_at(found.last_good) != growth.picture
    assert not found.garbage[~begun.reshape(6, 16, 6, 16).any(axis=(1, 3))].any()


def test_a_restart_from_the_last_good_moment_grows_something_else():
    growth = grown(hills(), Size(96, 96), Rule(15, seed=1))
    moment, before = health(growth).last_good, growth.picture.copy()
    earlier = growth.picture_at(moment)
    growth.restart(moment)
    last(growth.steps())
    assert np.array_equal(growth.picture_at(moment), earlier)
    assert not np.array_equal(growth.picture, before)


def test_where_nothing_matches_it_is_garbage():
    """Black and white noise, to be filled from what is grey and a little noisy."""
    sample = 128 + noise((40, 40)) // 32
    growth = grow(*framed(noise((60, 60), 2)), Rule(7), samples=[Sample(sample)])
    last(growth.steps())
    found = health(growth)
    assert found.error[0] > 0.05
    assert found.state == "garbage"
    assert found.last_good == 0
    assert not found.garbage[2:, 2:].any()  # once it is grey, it is as the sample


def test_nothing_grown_is_no_trouble():
    growth = synthesise([Sample(blotches(40, 40))], Size(70, 70), Rule(5))
    growth.advance(10)
    assert health(growth).state == "well"
