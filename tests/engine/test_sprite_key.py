import numpy as np
import pytest

from editor.engine.matte import Matting
from editor.engine.sprite_key import find_key
from editor.engine.step import last
from tests.creature import GREEN, floor, running, staying
from tests.footage import InMemory


def key(frames, kind="auto", **more):
    return last(find_key(InMemory(frames), kind, Matting(), **more))


def test_a_green_backdrop_is_a_colour():
    found = key(running(12))
    [colour] = found.colours
    assert np.abs(np.array(colour) - GREEN).max() <= 2
    assert not found.backdrop.is_plate
    assert found.matting.tolerance != Matting().tolerance


@pytest.mark.parametrize("kind", ["auto", "difference"])
def test_a_floor_of_many_greys_is_a_picture(kind):
    found = key(running(40, floor()), kind)
    assert found.colours == ()
    assert np.array_equal(found.backdrop.plates[0], floor())


def test_what_never_leaves_its_place_is_not_the_backdrop():
    assert key(running(40, floor())).hidden == 0
    found = key(staying())
    plate = found.backdrop.plates[0]
    assert found.hidden > 0.4
    assert np.ptp(plate, axis=2).max() <= 2  # nothing of the dart, which is red, on the grey floor
    assert np.abs(plate - floor()).max(axis=2).mean() < 4
    assert key(staying(), plate=floor()).hidden == 0


def test_where_all_of_it_moves_there_is_nothing_to_fill_it_with():
    noise = np.random.default_rng(0).integers(0, 256, (16, 80, 96, 3), np.uint8)
    found = key(noise)
    assert found.hidden == 1
    assert found.backdrop.is_plate


def test_a_grey_of_one_kind_is_a_colour():
    assert key(running(12, (128, 128, 128))).colours == ((128, 128, 128),)


def test_what_a_person_chose_is_taken_as_it_is():
    assert key(running(6), colours=((1, 2, 3), (4, 5, 6))).colours == ((1, 2, 3), (4, 5, 6))
    assert key(running(6), tolerance=77.0).matting.tolerance == 77
    assert key(running(6), "difference", plate=floor()).backdrop.is_plate
    assert np.array_equal(key(running(6), plate=floor()).backdrop.plates[0], floor())


def test_what_cannot_be_is_said():
    noise = np.random.default_rng(0).integers(0, 256, (3, 80, 96, 3), np.uint8)
    with pytest.raises(ValueError, match="difference from the clip's own background"):
        key(noise, "colour")
    assert key(noise).backdrop.is_plate
    with pytest.raises(ValueError, match="the key is 'chroma'"):
        key(noise, "chroma")
    with pytest.raises(ValueError, match="5 × 4 and the clip is 96 × 80"):
        key(noise, plate=np.zeros((4, 5, 3), np.uint8))
