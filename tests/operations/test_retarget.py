"""Retarget: fields and masks reach the engine, each method answers, what cannot be is said."""

import numpy as np
import pytest

from editor.engine.clip import Footage
from editor.engine.device import Device
from editor.engine.guides import Guides, Line
from editor.engine.image import Point, Size
from editor.engine.step import last
from editor.operations import Retarget, Scene, params
from editor.operations.new_picture import NewPicture
from editor.operations.retarget import FollowHand, read_size

CPU = Device("cpu", 1)
METHODS = pytest.mark.parametrize("method", ["patches", "seams", "scale"])


def noise(height=40, width=60):
    return np.random.default_rng(5).integers(0, 256, (height, width, 3)).astype(np.uint8)


def block(dtype=bool, value=True):
    mask = np.zeros((40, 60), dtype)
    mask[12:24, 20:32] = value
    return mask


def retargeted(scene, **values):
    return last(Retarget(**values).steps(scene, CPU))


@METHODS
def test_the_new_picture_has_the_size_and_the_depth(method):
    image = noise().astype(np.uint16) * 257
    made = retargeted(Scene(image), width=75, height=110, method=method)
    assert made.pixels.shape == (44, 45, 3)
    assert made.pixels.dtype == np.uint16
    assert made.on(image) is made.pixels
    assert made.notices == ()
    if method == "scale":
        assert made.origins is None
    else:
        assert (made.pixels == image[made.origins[..., 0], made.origins[..., 1]]).all()


@METHODS
def test_steps_rise_and_every_value_is_a_picture_of_the_new_size(method):
    steps = list(Retarget(width=80, method=method).steps(Scene(noise()), CPU))
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == 1
    values = [step.value for step in steps if step.value is not None]
    assert all(isinstance(value, NewPicture) for value in values)
    assert {value.pixels.shape for value in values} == {(40, 48, 3)}


@pytest.mark.parametrize(
    ("values", "size"),
    [
        ({"width": 60}, (60, 80)),
        ({"width": 33.3, "height": 150}, (33, 120)),
        ({"unit": "pixels", "width": 64, "height": 48}, (64, 48)),
    ],
)
def test_sizes_are_parts_or_pixels(values, size):
    assert Retarget(**values).size(Size(100, 80)) == size


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("60%x100%", ("percent", 60, 100)),
        ("800X600", ("pixels", 800, 600)),
        (" 12.5%×90% ", ("percent", 12.5, 90)),
    ],
)
def test_a_size_is_read(text, values):
    assert tuple(read_size(text).values()) == values


@pytest.mark.parametrize("text", ["", "60%", "60%x", "x60", "60%x300", "-5x9", "axb", "1x2x3"])
def test_what_is_no_size_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="is not a size such as 60%x100% or 800x600"):
        read_size(text)


@pytest.mark.parametrize("text", ["0x9", "9%x0%", "9x100001"])
def test_a_side_out_of_all_bounds_is_named(text):
    with pytest.raises(ValueError, match=r"(Width|Height) is .*: it goes from 1 to 100000"):
        read_size(text)


@METHODS
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "the picture is 60 × 40 already: change a side"),
        ({"unit": "pixels", "width": 60, "height": 40}, "the picture is 60 × 40 already"),
        ({"width": 801}, "the new width is 481: from 60 pixels on, 6 to 480 are possible"),
        ({"height": 5}, "the new height is 2: from 40 pixels on, 4 to 320 are possible"),
        ({"unit": "pixels", "width": 30.5, "height": 40}, "the new width is 30.5 pixels"),
    ],
)
def test_an_impossible_size_is_said(method, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        retargeted(Scene(noise()), method=method, **values)


@pytest.mark.parametrize("method", ["patches", "seams"])
@pytest.mark.parametrize(("dtype", "value"), [(bool, True), (np.uint8, 255), (np.uint8, 1)])
def test_what_is_protected_is_there_unchanged(method, dtype, value):
    image, mask = noise(), block(dtype, value)
    made = retargeted(Scene(image, protect=mask), width=60, method=method)
    top, left = np.argwhere((made.origins == [12, 20]).all(axis=2))[0]
    assert (made.pixels[top : top + 12, left : left + 12] == image[12:24, 20:32]).all()


@pytest.mark.parametrize("method", ["patches", "seams"])
@pytest.mark.parametrize("width", [100, 80])
def test_what_is_removed_is_gone_at_the_same_size_too(method, width):
    made = retargeted(Scene(noise(), remove=block(np.uint8, 255)), width=width, method=method)
    assert made.pixels.shape == (40, 60 * width // 100, 3)
    assert not block()[made.origins[..., 0], made.origins[..., 1]].any()


def test_an_empty_mask_is_none():
    image, empty = noise(), np.zeros((40, 60), bool)
    with pytest.raises(ValueError, match="already"):
        retargeted(Scene(image, remove=empty))
    both = [Scene(image), Scene(image, protect=empty, remove=empty)]
    one, other = (retargeted(scene, width=80) for scene in both)
    assert (one.origins == other.origins).all()


def test_lines_and_regions_have_residuals_in_their_order():
    labels = np.zeros((40, 60), np.uint8)
    labels[4:12, 5:15], labels[28:36, 40:50] = 7, 200
    line = Line(Point(2, 20), Point(58, 20))
    scene = Scene(noise(), guides=Guides((line,), labels), protect=block())
    made = retargeted(scene, width=80)
    assert len(made.residuals) == 4  # the line, the protected part, two regions
    assert made.residuals[0] <= 1
    assert made.residuals[1:] == (0, 0, 0)


def test_what_a_method_does_not_heed_is_said():
    guided = Scene(noise(), guides=Guides((Line(Point(2, 20), Point(58, 20)),)))
    assert "only patches keep" in retargeted(guided, width=80, method="seams").notices[0]
    for scene in (guided, Scene(noise(), protect=block()), Scene(noise(), remove=block())):
        assert "scaling stretches" in retargeted(scene, width=80, method="scale").notices[0]
    assert retargeted(guided, width=80).notices == ()


@pytest.mark.parametrize("name", ["protect", "remove"])
def test_a_mask_of_another_size_is_refused(name):
    with pytest.raises(ValueError, match="the mask is 5 × 4 and the picture is 60 × 40"):
        Scene(noise(), **{name: np.zeros((4, 5), bool)})
    with pytest.raises(ValueError, match="a mask is bool or uint8, not float64"):
        Scene(noise(), **{name: np.zeros((40, 60))})


def test_the_seed_decides_and_threads_do_not():
    scene = Scene(noise())
    one, two = (last(Retarget(width=80, seed=3).steps(scene, Device("cpu", n))) for n in (1, 2))
    assert (one.origins == two.origins).all()
    assert (one.origins != retargeted(scene, width=80, seed=4).origins).any()


def test_each_field_says_what_it_does():
    assert [one.name for one in params(Retarget)] == ["unit", "width", "height", "method", "seed"]
    assert all(one.help.endswith(".") for one in params(Retarget))


def test_cropping_keeps_the_middle():
    image = noise()
    made = retargeted(Scene(image), unit="pixels", width=30, height=20, method="crop")
    assert (made.pixels == image[10:30, 15:45]).all()


def test_cropping_keeps_what_is_protected():
    image = noise()
    scene = Scene(image, protect=block())
    made = retargeted(scene, unit="pixels", width=20, height=40, method="crop")
    assert (made.pixels == image[:, 16:36]).all()
    corner = np.zeros((40, 60), bool)
    corner[0:4, 56:60] = True
    made = retargeted(
        Scene(image, protect=corner), unit="pixels", width=20, height=9, method="crop"
    )
    assert (made.pixels == image[:9, 40:]).all()


def test_cropping_to_more_than_there_is_is_refused():
    with pytest.raises(ValueError, match=r"cropping to 66 × 40 would make it larger"):
        retargeted(Scene(noise()), width=110, method="crop")


def test_cropping_says_that_nothing_was_taken_out():
    made = retargeted(Scene(noise(), remove=block()), width=80, method="crop")
    assert made.notices == ("what is to be removed is still there: cropping only cuts off",)


def test_what_follows_the_hand_heeds_the_masks():
    followed = last(FollowHand().steps(Scene(noise(), remove=block(np.uint8, 255)), CPU))
    assert followed.whole == Size(60, 40)
    assert followed.across.unwanted >= 12


def test_a_frame_of_a_clip_keeps_its_shape():
    class Clip(Footage):
        pass

    with pytest.raises(ValueError, match="this is a frame of a clip"):
        retargeted(Scene(noise(), clip=Clip.__new__(Clip)), width=80)
