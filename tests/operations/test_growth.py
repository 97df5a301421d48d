"""Going on with a growth, and growing with several windows: always the same as in one go."""

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import CompareWindows, GoOn, Scene, Texture
from editor.operations.grown import GrownPicture
from editor.operations.growth import Strands
from tests.engine.test_efros_leung import blotches
from tests.engine.test_efros_leung_guard import hills

CPU = Device("cpu", 1)
TEXTURE = Texture(width=32, height=30, method="exact", window=5)


@pytest.fixture
def scene():
    return Scene(blotches(20, 20, (3,)))


def done(operation, scene):
    return last(operation.steps(scene, CPU))


def begun(scene, pixels):
    """A growth that was left after so many pixels at least."""
    for step in TEXTURE.steps(scene, CPU):
        if isinstance(step.value, GrownPicture) and step.value.growth.count >= pixels:
            return step.value.growth
    raise AssertionError("it never grew so far")


def test_a_growth_that_is_gone_on_with_is_the_texture_it_was_to_be(scene):
    growth = begun(scene, 100)
    assert growth.count < growth.total
    on = GoOn.of(TEXTURE, growth)
    assert on.remembered == TEXTURE
    assert type(on.remembered) is Texture
    np.testing.assert_array_equal(done(on, scene).pixels, done(TEXTURE, scene).pixels)


def test_once_more_from_a_moment_is_said_by_the_texture_alone(scene):
    growth = begun(scene, 300)
    again = GoOn.of(TEXTURE, growth).from_moment(200)
    made = done(again, scene)
    assert growth.restarts == []
    assert again.remembered.again == (200,)
    np.testing.assert_array_equal(done(again.remembered, scene).pixels, made.pixels)
    assert Texture.from_dict(again.to_dict()) == again.remembered
    twice = GoOn.of(again.remembered, made.growth).from_moment(50)
    np.testing.assert_array_equal(done(twice.remembered, scene).pixels, done(twice, scene).pixels)


@pytest.mark.parametrize("again", [5, "12", [1, "2"], None])
def test_moments_that_make_no_sense_are_left_out(again):
    assert Texture.from_dict({"again": again, "window": 7}) == Texture(window=7)


def test_as_far_as_it_is_means_no_further(scene):
    growth = begun(scene, 100)
    count = growth.count
    on = GoOn(**TEXTURE.to_dict(), growth=growth, so_far=True)
    made = on.completed(done(on, scene))
    assert growth.count == count
    assert made.known.all()
    there = growth.known
    np.testing.assert_array_equal(made.pixels[there], growth.picture[there])


def test_a_remedy_comes_with_garbage_and_only_with_that(scene):
    assert TEXTURE.completed(done(TEXTURE, scene)).remedy is None
    bad = Texture(width=96, height=96, method="exact", window=15, seed=1)
    scene = Scene(hills())
    made = bad.completed(done(bad, scene))
    assert made.remedy.operation.again == (made.health.last_good,)
    assert made.remedy.operation.growth is made.growth


def test_each_window_grows_what_it_would_alone(scene):
    asked = CompareWindows(TEXTURE, windows=(3, 5, 9))
    counts = []
    for step in asked.steps(scene, CPU):
        strands = step.value
        counts.append([one.growth.count for one in strands])
    assert any(min(some) > 0 and max(some) < 32 * 30 - 9 for some in counts)
    assert isinstance(strands, Strands)
    assert [one.window for one in strands] == [3, 5, 9]
    np.testing.assert_array_equal(strands[1].pixels, done(TEXTURE, scene).pixels)
    copied = strands.copied()
    assert not np.shares_memory(copied[0].pixels, strands[0].pixels)


def test_a_window_the_sample_has_no_room_for_is_left_out(scene):
    strands = done(CompareWindows(TEXTURE, windows=(5, 21)), scene)
    assert [one.window for one in strands] == [5]
    with pytest.raises(ValueError, match="choose a smaller window"):
        done(CompareWindows(TEXTURE, windows=(21, 23)), scene)
