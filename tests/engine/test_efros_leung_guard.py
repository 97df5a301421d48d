import numpy as np

from editor.engine.efros_leung import Rule, synthesise
from editor.engine.efros_leung_guard import health
from editor.engine.efros_leung_samples import Sample
from editor.engine.image import Size
from editor.engine.step import last
from tests.engine.test_efros_leung import blotches, noise


def grown(sample, size, rule):
    growth = synthesise([Sample(sample)], size, rule)
    last(growth.steps())
    return growth


def test_noise_with_a_small_window_grows_well():
    found = health(grown(noise((64, 64), 3), Size(80, 80), Rule(3)))
    assert found.state == "well"
    assert found.last_good == 80 * 80 - 9
    assert found.verdict.startswith("It grows well")


def test_a_window_nearly_as_large_as_the_sample_copies():
    growth = synthesise([Sample(noise((64, 64)))], Size(64, 64), Rule(33))
    growth.advance(900)
    found = health(growth)
    assert found.copied[-1] == 1
    assert found.state == "copying"
    assert "100%" in found.verdict


def test_a_smooth_spot_grown_over_and_over_is_found_where_it_began():
    """Noise with a smooth spot: once the growth has slipped onto that, it cannot leave it."""
    sample = noise((48, 48), 2)
    sample[20:36, 20:36] = 128
    sample[20:36, 20:36] += noise((16, 16), seed=3) // 64
    growth = grown(sample, Size(120, 120), Rule(7, seed=1))
    found = health(growth)
    assert found.state == "repeating"
    ys, xs = (part[found.last_good :] for part in growth.order)
    smooth = np.abs(growth.picture[ys, xs].astype(int) - 130) < 4
    assert smooth.mean() > 0.3
    rows, columns = np.nonzero(found.garbage)
    assert (np.abs(growth.picture[rows * 16 + 8, columns * 16 + 8].astype(int) - 130) < 4).all()


def test_where_nothing_matches_it_is_garbage():
    """The left half of the sample is never like the right one, but the seed joins them."""
    growth = synthesise([Sample(blotches(40, 40))], Size(70, 70), Rule(5))
    growth.advance(2000)
    growth._errors[1000:2000] = 1.0
    found = health(growth)
    assert found.state == "garbage"
    assert found.last_good <= 1000
    assert found.error[-1] == 1


def test_a_restart_from_the_last_good_point_gives_another_picture():
    sample = noise((48, 48), 2)
    sample[20:36, 20:36] = 128
    growth = grown(sample, Size(100, 100), Rule(7, seed=1))
    before, found = growth.picture.copy(), health(growth)
    growth.restart(found.last_good)
    last(growth.steps())
    assert np.array_equal(
        growth.picture_at(found.last_good)[growth.known],
        growth.picture_at(found.last_good)[growth.known],
    )
    assert not np.array_equal(growth.picture, before)


def test_nothing_grown_is_no_trouble():
    growth = synthesise([Sample(blotches(40, 40))], Size(70, 70), Rule(5))
    growth.advance(10)
    assert health(growth).state == "well"
