"""A moved A′ is found and laid back; one that lies well, or shows something else, is left alone."""

import numpy as np
import pytest

from editor.engine.align import alignment, is_off, laid_upon, needed, same_proportions, shift
from editor.engine.cv import cv2
from editor.engine.image import Size
from editor.engine.step import last
from editor.operations.align import Align, MeasurePair, aligned
from editor.operations.base import Scene
from tests.engine.ended import ended


def picture(height=150, width=200, number=0):
    """Discs of many shades: edges everywhere, in every direction."""
    rng = np.random.default_rng(number)
    made = np.full((height, width, 3), 90, np.uint8)
    for _ in range(60):
        x, y, radius = (int(rng.integers(0, most)) for most in (width, height, 22))
        colour = [int(one) for one in rng.integers(0, 255, 3)]
        cv2.circle(made, (x, y), radius + 3, colour, -1)
    return made


def moved(pixels, x=0.0, y=0.0, turn=0.0, scale=1.0):
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn, scale)
    matrix[:, 2] += x, y
    return cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)


def painted(pixels):
    """Other tones, inverted in one channel, and a little noise: no photograph any more."""
    noise = np.random.default_rng(7).normal(0, 6, pixels.shape)
    made = 255 * (pixels / 255.0) ** 0.6 + noise
    return np.clip(made, 0, 255).astype(np.uint8)


def inner(pixels):
    return pixels[20:-20, 20:-20].astype(float)


@pytest.mark.parametrize(
    "how", [{"x": 9, "y": -5}, {"turn": 3}, {"x": -4, "y": 3, "turn": -2, "scale": 1.04}]
)
def test_what_was_moved_is_laid_back(how):
    A = picture()
    Ap = moved(painted(A), **how)
    found = last(alignment(A, Ap))
    assert is_off(found, A, Ap)
    assert found.after > found.before + 0.1
    laid = last(laid_upon(Ap, found))
    off = np.abs(inner(Ap) - inner(painted(A))).mean()
    assert np.abs(inner(laid) - inner(painted(A))).mean() < 0.4 * off


def test_a_shift_is_told_in_pixels_of_A():
    A = picture(300, 400)
    found = last(alignment(A, moved(A, x=12, y=-8)))
    assert shift(found, A, A) == (12, -8)


@pytest.mark.parametrize("change", [lambda one: one, painted, lambda one: 255 - one])
def test_what_lies_well_is_left_alone(change):
    A = picture()
    assert needed(last(alignment(A, change(A))), A, A) is None


def test_another_picture_is_left_alone():
    A, other = picture(), picture(number=5)
    assert not is_off(last(alignment(A, other)), A, other)


def test_pictures_that_show_nothing_are_left_alone():
    A, nothing = picture(), np.full((150, 200), 9, np.uint8)
    assert needed(last(alignment(A, nothing)), A, nothing) is None


@pytest.mark.parametrize("factor", [0.5, 2])
def test_another_size_is_only_scaled(factor):
    A = picture()
    Ap = cv2.resize(A, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found = last(alignment(A, Ap))
    assert not is_off(found, A, Ap)
    laid = last(laid_upon(Ap, needed(found, A, Ap)))
    assert laid.shape == A.shape
    assert np.abs(inner(laid) - inner(A)).mean() < 6


def test_another_size_and_another_place_at_once():
    A = picture()
    Ap = cv2.resize(moved(A, x=8), None, fx=2, fy=2, interpolation=cv2.INTER_AREA)
    found = last(alignment(A, Ap))
    assert shift(found, A, Ap) == (8, 0)
    assert np.abs(inner(last(laid_upon(Ap, found))) - inner(A)).mean() < 8


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_kind_of_picture_keeps_its_depth(dtype, channels):
    full = 1 if dtype == np.float32 else np.iinfo(dtype).max
    plane = picture()[..., 0] / 255 * full
    A = plane.astype(dtype) if channels == 1 else np.dstack([plane] * channels).astype(dtype)
    found = last(alignment(A, moved(A, x=10)))
    laid = last(laid_upon(moved(A, x=10), found))
    assert laid.dtype == dtype
    assert laid.shape == A.shape
    assert np.abs(inner(laid) - inner(A)).mean() < 0.01 * full


def test_bands_make_no_seam(monkeypatch):
    A = picture()
    found = last(alignment(A, moved(A, turn=3)))
    whole = last(laid_upon(A, found))
    monkeypatch.setattr("editor.engine.align._BAND", 1)
    assert np.abs(last(laid_upon(A, found)).astype(int) - whole).max() <= 2


def test_other_proportions_are_refused():
    A = picture()
    assert same_proportions(A, A[:149])
    with pytest.raises(ValueError, match="A is 200 × 150 and A′ is 200 × 99"):
        last(alignment(A, A[:99]))


def test_the_operations_measure_and_move(device_of_the_processor):
    A, Ap = picture(), moved(picture(), x=10, y=4)
    before = Ap.copy()
    lies = last(MeasurePair(A=A).steps(Scene(Ap), device_of_the_processor))
    assert lies.shift == (10, 4)
    assert not lies.scaled
    made = last(Align(found=lies.found).steps(Scene(Ap), device_of_the_processor))
    assert Size.of(made.pixels) == Size.of(A)
    assert np.abs(inner(made.pixels) - inner(A)).mean() < 2
    assert (Ap == before).all()
    assert (ended(aligned(A, Ap)) == made.pixels).all()
    assert ended(aligned(A, A)) is A


@pytest.fixture
def device_of_the_processor():
    from editor.engine.device import Device

    return Device("cpu", 1)
