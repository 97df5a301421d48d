"""Analogy: purposes and pictures reach the engine, B′ keeps what it should, remarks are made."""

import dataclasses

import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Analogy, Scene, params
from editor.operations.analogy import Analogous, example, suggested, with_alpha_of

CPU = Device("cpu", 1)
PRESETS = [
    value for value, _ in next(one for one in params(Analogy) if one.name == "preset").choices
]


def waves(height=20, width=24, phase=0.0, dtype=np.uint8):
    y, x = np.mgrid[:height, :width]
    shades = 0.5 + 0.2 * np.sin(x / 3 + phase) + 0.2 * np.cos((x + 2 * y) / 5)
    return (np.dstack([shades, 0.8 * shades, 0.5 + 0 * shades]) * full(dtype)).astype(dtype)


def full(dtype):
    return 1 if dtype == np.float32 else np.iinfo(dtype).max


def analogous(image, *pictures, **values):
    operation = Analogy(examples=(example(*pictures),), **values)
    return last(operation.steps(Scene(image), CPU))


@pytest.mark.parametrize("preset", PRESETS)
def test_each_purpose_gives_a_picture_of_the_size_of_B(preset):
    A, B = waves(), waves(18, 21, 1.0)
    made = analogous(B, A, 255 - A, preset=preset, **suggested(preset))
    assert isinstance(made, Analogous)
    assert made.pixels.shape == B.shape
    assert made.pixels.dtype == np.uint8
    assert made.sources.shape == (18, 21, 3)
    assert made.on(B) is made.pixels


def test_the_defaults_are_those_of_the_first_purpose():
    assert Analogy() == Analogy().suggested()
    assert Analogy(preset="numbers", kappa=9.0, seed=4).suggested() == Analogy(
        preset="numbers", seed=4, **suggested("numbers")
    )


def test_every_purpose_suggests_what_can_be():
    for preset in PRESETS:
        values = suggested(preset)
        for one in params(Analogy):
            if one.name in values:
                assert one.checked(values[one.name]) == values[one.name]


def test_light_colours_or_whole_pixels_are_taken():
    A, B = waves(), waves(phase=1.0)
    red = np.full_like(A, (190, 120, 110))
    red[::2] -= 30
    y = np.array([0.299, 0.587, 0.114])
    light = analogous(B, A, red, takes="light").pixels.astype(float)
    assert np.abs((light - light @ y[:, None]) - (B - B @ y[:, None])).max() < 2
    colours = analogous(B, A, red, takes="colours").pixels.astype(float)
    assert np.abs(colours @ y - B @ y).mean() < 3  # what is out of range is cut
    assert (colours[..., 0] > colours[..., 2]).all()
    made = analogous(B, A, red, takes="pixels")
    _, rows, columns = np.moveaxis(made.sources, 2, 0)
    assert (made.pixels == red[rows, columns]).all()


def test_without_guidance_B_says_nothing_but_its_size():
    A, style = waves(), waves(phase=2.0)
    one, other = (
        analogous(B, A, style, preset="texture", **suggested("texture"))
        for B in (waves(phase=1.0), np.zeros((20, 24, 3), np.uint8))
    )
    assert (one.pixels == other.pixels).all()


def test_what_lies_beside_A_and_B_decides_too():
    nothing, side = np.zeros((20, 24, 3), np.uint8), np.zeros((20, 24, 3), np.uint8)
    side[:, 12:] = 200
    style = np.where(side > 0, 220, 20).astype(np.uint8)
    nothing[0, 0] = 1  # it must not be of a single colour
    values = {"takes": "pixels", "compares": "colour", "method": "exact"}
    operation = Analogy(
        examples=(example(nothing, side, style),), beside=(side[:, ::-1],), **values
    )
    made = last(operation.steps(Scene(nothing), CPU)).pixels
    assert made[:, :10].mean() > 200
    assert made[:, 14:].mean() < 40


def test_exact_where_it_takes_a_moment_and_fast_where_not():
    small, large = waves(), waves(1000, 1000)
    operation = Analogy(examples=(example(large, large),))
    assert operation._method(small) == "exact"
    assert operation._method(large) == "fast"
    assert dataclasses.replace(operation, method="exact")._method(large) == "exact"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_what_is_transparent_in_B_stays_so(dtype):
    B = np.dstack([waves(dtype=dtype), np.zeros((20, 24), dtype)])
    B[5:9, 5:9, 3] = full(dtype)
    made = analogous(B, waves(), waves(phase=1.0), takes="pixels").pixels
    assert made.dtype == np.uint8
    assert (made[..., 3] == 255 * (B[..., 3] > 0)).all()
    assert with_alpha_of(B, B) is B
    grey = with_alpha_of(B, waves()[..., 0])
    assert grey.shape == (20, 24, 4)


def numbers(B, kept=None):
    """Two labels, two textures."""
    A = np.zeros((24, 30, 3), np.uint8)
    A[:, 15:] = (255, 0, 0)
    style = np.where(A[..., :1] > 0, 200, 20) + np.arange(24 * 30).reshape(24, 30, 1) * 7 % 50
    pair = example(A, np.repeat(style, 3, axis=2).astype(np.uint8))
    return Analogy(
        examples=(pair,), kept=kept, preset="numbers", **{**suggested("numbers"), "method": "auto"}
    )


def test_what_is_kept_stays_where_B_is_the_same():
    B = np.zeros((40, 40, 3), np.uint8)
    made = last(numbers(B).steps(Scene(B), CPU))
    now = B.copy()
    now[10:20, 10:20] = (255, 0, 0)
    again = last(numbers(now, made).steps(Scene(now), CPU))
    assert (again.of == now).all()
    assert (again.pixels[24:] == made.pixels[24:]).all()
    assert (again.pixels[12:18, 12:18] > 150).all()
    assert again.notices == ()
    wide = np.zeros((40, 44, 3), np.uint8)
    with pytest.raises(ValueError, match="B is 44 × 40 and the B′ that is kept 40 × 40"):
        last(numbers(wide, made).steps(Scene(wide), CPU))


def test_the_same_B_prime_is_known_by_options_and_pictures():
    B = np.zeros((40, 40, 3), np.uint8)
    one = numbers(B)
    made = last(one.steps(Scene(B), CPU))
    assert one.same_as(dataclasses.replace(one, kept=made))
    assert not one.same_as(dataclasses.replace(one, seed=1))
    assert not one.same_as(numbers(B))  # A and A′ are other pictures, though they look alike
    assert not one.same_as(dataclasses.replace(one, examples=()))


def test_pictures_are_held_and_never_written_to():
    A = waves()
    operation = Analogy(examples=(example(A, A),), beside=(A,))
    for picture in (*operation.examples[0].A, operation.examples[0].Ap, *operation.beside):
        assert not picture.flags.writeable
    assert A.flags.writeable


def test_what_is_odd_about_the_pictures_is_said():
    A = np.zeros((32, 32, 3), np.uint8)
    A[:, 16:] = (0, 0, 255)
    B = A.copy()
    B[:8] = (255, 0, 0)
    made = analogous(B, A, A, preset="numbers", **suggested("numbers"))
    (said,) = made.notices
    words = said.replace("\N{NO-BREAK SPACE}", " ")
    assert words == "B has colours that A lacks, the nearest were taken: #ff0000 (25.0 %)"
    assert "A is grey and B has colours" in analogous(A, A[..., 2], A, compares="colour").notices[0]


@pytest.mark.parametrize(
    ("pictures", "values", "words"),
    [
        ((waves(), waves(20, 23)), {}, "A is 24 × 20 and A′ is 23 × 20"),
        ((np.full((9, 9, 3), 7, np.uint8),) * 2, {}, "A is of a single colour"),
        ((waves(3, 9), waves(3, 9)), {}, "A is 9 × 3: smaller than the window"),
        ((waves(), waves(), waves()), {}, "A has 2 guides and B has 1"),
    ],
)
def test_what_makes_no_analogy_is_said(pictures, values, words):
    with pytest.raises(ValueError, match=words):
        analogous(waves(), *pictures, **values)


def test_without_examples_it_asks_for_them():
    with pytest.raises(ValueError, match="there is no A and A′ yet"):
        last(Analogy().steps(Scene(waves()), CPU))
