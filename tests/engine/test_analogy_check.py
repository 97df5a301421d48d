"""What is said of the pictures of an analogy: shifts are measured, missing labels are listed."""

import numpy as np
import pytest

from editor.engine.analogy_check import misalignment, remarks
from editor.engine.analogy_features import Settings
from editor.engine.cv import cv2


def cloud(height=120, width=160, seed=0):
    noise = np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.repeat((127 + 300 * smooth).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(("x", "y"), [(6, 0), (-5, 4), (12, -9)])
def test_a_shift_is_measured_though_the_picture_was_changed(x, y):
    A = cloud()
    assert misalignment(A, np.roll(255 - A // 2, (y, x), axis=(0, 1))) == (x, y)


def test_a_large_picture_is_measured_on_a_small_one():
    A = np.ascontiguousarray(cloud(300, 400).repeat(3, axis=0).repeat(3, axis=1))
    x, y = misalignment(A, np.roll(A, (24, -40), axis=(0, 1)))
    assert abs(x + 40) <= 4
    assert abs(y - 24) <= 4


@pytest.mark.parametrize("other", [cloud(), 255 - cloud(), np.roll(cloud(), 1, 0), cloud(seed=9)])
def test_what_lies_upon_it_or_is_another_picture_is_not_shifted(other):
    assert misalignment(cloud(), other) is None


def test_colours_of_guides_that_are_not_compared_are_said():
    grey, red = cloud(), cloud() * np.uint8((1, 0, 0))
    how = Settings(), Settings(luminance=False)
    assert remarks([([grey, grey], grey)], [grey, grey], how[0]) == ()
    (said,) = remarks([([grey, red], grey)], [grey, red], how[0])
    assert said == "the guides have colours of which only the light is compared"
    assert remarks([([grey, red], grey)], [grey, red], how[1]) == ()


def test_the_pair_that_is_odd_is_named():
    A, flat = cloud(), np.zeros((20, 20, 3), np.uint8)
    with pytest.raises(ValueError, match="A of pair 2 is of a single colour"):
        remarks([(A, A), (flat, flat)], [A], Settings())
    assert remarks([(A, A), (flat, flat)], [A], Settings(guidance=0)) == ()
    (said,) = remarks([(A, np.roll(A, 7, axis=1))], [A], Settings())
    assert said == "A′ seems to lie +7, +0 pixels off A: align them first"
