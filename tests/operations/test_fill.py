import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from editor.engine.device import Device
from editor.engine.image import Rect
from editor.engine.step import last
from editor.operations import Fill, Scene, params

CPU = Device("cpu", 2)
EXAMPLES = Path(__file__).parent.parent / "examples"


def picture(depth, channels=(3,), size=(48, 56)):
    noise = np.random.default_rng(5).random((*size, *channels))
    return (noise * (1 if depth == np.float32 else np.iinfo(depth).max)).astype(depth)


def filled(image, hole, **values):
    return last(Fill(**values).steps(Scene(image=image, hole=hole), CPU))


@settings(max_examples=25, deadline=None)
@given(
    arrays.arrays(np.uint8, (24, 30), elements=st.sampled_from([0, 0, 0, 1, 128, 255])),
    st.sampled_from([np.uint8, np.uint16, np.float32]),
    st.sampled_from([(), (3,), (4,)]),
)
def test_outside_the_hole_not_one_bit_changes(cover, depth, channels):
    if cover.all() or not cover.any():
        return
    image = picture(depth, channels, cover.shape)
    patch = filled(image, cover, method="smooth")
    result = patch.on(image)
    assert patch.rect == Rect.around(cover)
    assert result.dtype == image.dtype
    assert result[cover == 0].tobytes() == image[cover == 0].tobytes()


@pytest.mark.parametrize("shape", [(1, 300), (300, 1), (5, 40)])
def test_what_is_thinner_than_a_patch_is_left_to_the_smooth_method(shape):
    image, cover = np.full((*shape, 3), 90, np.uint8), np.zeros(shape, np.uint8)
    cover[tuple(side // 2 for side in shape)] = 255
    height, width = shape
    message = f"the picture is {width} × {height}: .* the method Smooth can mend it"
    with pytest.raises(ValueError, match=message):
        filled(image, cover)
    patch = filled(image, cover, method="smooth")
    assert (patch.pixels == 90).all()


METHODS = pytest.mark.parametrize("method", ["patches", "smooth"])


@METHODS
@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(depth, method):
    image, hole = picture(depth, size=(200, 260)), np.zeros((200, 260), bool)
    hole[40:170, 40:220] = True
    scene = Scene(image=image, hole=hole)
    fill = Fill(seed=8, method=method)
    results = [last(fill.steps(scene, Device("cpu", n))).pixels for n in (1, 2, 3)]
    assert results[0].tobytes() == results[1].tobytes() == results[2].tobytes()
    assert results[0].tobytes() != filled(image, hole, seed=9, method=method).pixels.tobytes()


@METHODS
def test_a_bool_mask_and_a_full_cover_are_the_same(method):
    image, hole = picture(np.uint8), np.zeros((48, 56), bool)
    hole[10:20, 10:40] = True
    cover = np.where(hole, np.uint8(255), np.uint8(0))
    one, other = (filled(image, mask, method=method) for mask in (hole, cover))
    assert np.array_equal(one.pixels, other.pixels)


@METHODS
def test_every_value_is_a_patch_with_the_picture_around_the_hole(method):
    image, cover = picture(np.uint8, size=(96, 112)), np.zeros((96, 112), np.uint8)
    cover[30:70, 30:80] = cover[5, 5:50] = 255
    steps = Fill(method=method).steps(Scene(image=image, hole=cover), CPU)
    patches = [step.value.copied() for step in steps if step.value is not None]
    assert len(patches) >= 2
    for patch in patches:
        assert np.array_equal(patch.on(image)[cover == 0], image[cover == 0])


@METHODS
@pytest.mark.parametrize(
    ("hole", "sentence"),
    [
        (None, "the mask is empty: paint over what should go"),
        (np.zeros((48, 56), bool), "the mask is empty: paint over what should go"),
        (np.ones((48, 56), bool), "the mask covers the whole picture"),
    ],
)
def test_a_mask_is_needed(hole, sentence, method):
    with pytest.raises(ValueError, match=sentence):
        filled(picture(np.uint8), hole, method=method)


def test_a_strong_line_goes_on_unless_that_is_not_wanted():
    image = np.full((120, 200, 3), 90, np.uint8)
    image += np.random.default_rng(0).integers(0, 30, image.shape, np.uint8)
    image[56:62] = 230
    hole = np.zeros((120, 200), bool)
    hole[15:105, 60:140] = True
    rows = np.s_[57 - 15 : 61 - 15]
    on, off = (filled(image, hole, straight=wanted).pixels[rows] for wanted in (True, False))
    assert (on.mean(axis=(0, 2)) > 220).all()
    assert not np.array_equal(on, off)


def test_each_field_says_what_it_does_and_when_to_move_it():
    for one in params(Fill):
        assert one.help.endswith(".")
        assert one.more.endswith(".") or one.choices


def test_the_example_runs():
    names = runpy.run_path(str(EXAMPLES / "01_fill.py"))
    assert np.ptp(names["result"][30]) == np.ptp(names["result"][20])
    assert len((EXAMPLES / "01_fill.py").read_text().splitlines()) <= 20


def test_a_card_that_does_not_work_is_said_and_the_processor_fills():
    image = np.random.default_rng(0).integers(0, 255, (60, 60, 3)).astype(np.uint8)
    hole = np.zeros((60, 60), bool)
    hole[25:35, 25:35] = True
    broken = Device("cuda", 1, "A card that is not there")
    if Device.best().kind == "cuda":
        pytest.skip("the card here works")
    value = last(Fill().steps(Scene(image, hole), broken))
    assert len(value.notices) == 1
    assert "the processor did the rest" in value.notices[0]
    assert (value.pixels == last(Fill().steps(Scene(image, hole), Device("cpu", 1))).pixels).all()
