"""The steps of a JPEG are read off its pixels, and what was restored is held to them."""

import io

import numpy as np
import pytest
from PIL import Image

from editor.engine.jpeg_steps import Steps, _coefficients


def scene(height=128, width=160, seed=3):
    """Edges at all angles, and some grain."""
    y, x = np.mgrid[:height, :width]
    rng = np.random.default_rng(seed)
    plane = 120 + 50 * np.sin(x / 3 + y / 7) * np.cos(y / 5) + 30 * (x + 2 * y > 200)
    grain = rng.normal(0, 12, (height, width, 3))
    return np.clip(plane[..., None] * (1, 0.9, 0.8) + grain, 1, 254).astype(np.uint8)


def coded(picture, quality, **more):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality, **more)
    image = Image.open(stream)
    return np.array(image), np.array(image.quantization[0]).reshape(8, 8)


def test_the_transform_keeps_lengths_and_a_flat_block_has_one_coefficient():
    plane = np.random.default_rng(0).normal(0, 9, (16, 24)).astype(np.float32)
    assert np.square(_coefficients(plane)).sum() == pytest.approx(np.square(plane).sum(), rel=1e-5)
    flat = _coefficients(np.full((8, 8), 5, np.float32))[0, 0]
    assert flat[0, 0] == pytest.approx(40)
    assert np.abs(flat).sum() == pytest.approx(40, abs=1e-4)


@pytest.mark.parametrize("quality", [10, 40, 75])
def test_all_steps_of_the_usual_table_are_found(quality):
    image, table = coded(scene(), quality)
    found = Steps.of(image)
    assert found is not None
    known = table >= 4
    assert np.array_equal(found.steps[known], table[known])


def test_of_another_table_those_are_found_for_which_there_is_something_to_see():
    own = [7 + 2 * n for n in range(64)]
    image, table = coded(scene(), -1, qtables=[own, own])
    found = Steps.of(image)
    assert found is not None
    known = found.steps > 0
    assert known.sum() > 10
    assert np.array_equal(found.steps[known], table[known])


def test_grey_pictures_and_odd_sizes_have_steps_too():
    image, table = coded(scene(131, 165)[..., 0], 30)
    found = Steps.of(image)
    assert found is not None
    assert found.steps[0, 0] == table[0, 0]
    pixels = (image[..., None] / np.float32(255)).astype(np.float32)
    held = found.held(pixels)
    assert held.shape == (131, 165, 1)
    assert np.array_equal(held[128:], pixels[128:])  # blocks that are cut off say nothing


@pytest.mark.parametrize(
    "image",
    [
        scene(),
        np.full((64, 64, 3), 90, np.uint8),
        coded(scene(), 20)[0][3:, 5:],
        coded(scene(), 20)[0].astype(np.uint16),
        np.zeros((4, 40, 3), np.uint8),
    ],
    ids=["not a JPEG", "one colour", "cut off its blocks", "16 bits", "small"],
)
def test_other_pictures_have_none(image):
    assert Steps.of(image) is None


def test_what_is_held_is_nearer_to_the_truth_and_what_agrees_is_left_alone():
    truth = scene()
    image, _ = coded(truth, 20)
    steps = Steps.of(image)
    soft = truth.astype(np.float32) / 255
    soft = (soft + np.roll(soft, 1, 0) + np.roll(soft, 1, 1)) / 3
    before = soft.copy()
    held = steps.held(soft)
    assert np.array_equal(soft, before)
    error = [np.square(one * 255 - truth).mean() for one in (soft, held)]
    assert error[1] < 0.95 * error[0]
    exact = image.astype(np.float32) / 255
    assert np.abs(steps.held(exact) - exact).max() < 0.02
