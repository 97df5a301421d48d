"""From a document's numbers to the screen's."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColorSpace, QImage

from editor.engine.image import to_working
from editor.ui.canvas.colour import Colours

NAMES = QColorSpace.NamedColorSpace
DEPTHS = {np.uint8: 255, np.uint16: 65535, np.float32: 1.0}


def pixels(dtype, channels, seed=1):
    rng = np.random.default_rng(seed)
    shape = (37, 41, channels) if channels > 1 else (37, 41)
    if dtype == np.float32:
        return rng.random(shape, np.float32)
    return rng.integers(0, DEPTHS[dtype] + 1, shape).astype(dtype)


def profile(space):
    return bytes(space.iccProfile().data())


def shown(image, icc=b"", screen=None):
    return Colours(icc, image.dtype, image.ndim == 2, screen).shown(image)


def by_qt(image, space):
    """The same by one direct conversion of the whole picture."""
    layouts = {
        1: QImage.Format.Format_RGBA8888,
        2: QImage.Format.Format_RGBA64,
        4: QImage.Format.Format_RGBA32FPx4,
    }
    height, width = image.shape[:2]
    source = QImage(image.data, width, height, image.strides[0], layouts[image.itemsize])
    transform = space.transformationToColorSpace(QColorSpace(NAMES.SRgb))
    there = source.colorTransformed(transform, QImage.Format.Format_ARGB32_Premultiplied)
    return np.frombuffer(there.constBits(), np.uint8).reshape(height, width, 4).copy()


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [1, 3])
def test_without_a_profile_a_picture_is_shown_as_the_engine_sees_it(dtype, channels):
    image = pixels(dtype, channels)
    wanted = np.rint(np.clip(to_working(image), 0, 1) * 255)
    result = shown(image)
    assert np.abs(result[..., 2::-1] - wanted).max() <= (1 if dtype == np.float32 else 0)
    assert np.mean(result[..., 2::-1] != wanted) < 0.01
    assert (result[..., 3] == 255).all()


@pytest.mark.parametrize("dtype", DEPTHS)
def test_alpha_is_multiplied_in(dtype):
    image = pixels(dtype, 4)
    image[0, 0, 3] = 0
    alpha = image[..., 3:] / DEPTHS[dtype]
    result = shown(image)
    wanted = np.clip(to_working(image), 0, 1) * alpha * 255
    assert np.abs(result[..., 2::-1] - wanted).max() <= 1.5
    assert (result[..., 3] == np.rint(alpha[..., 0] * 255)).all()
    assert (result[0, 0] == 0).all()


@pytest.mark.parametrize("name", [NAMES.AdobeRgb, NAMES.DisplayP3, NAMES.ProPhotoRgb])
@pytest.mark.parametrize("dtype", DEPTHS)
def test_a_profile_is_obeyed_in_every_depth(name, dtype):
    space = QColorSpace(name)
    image = pixels(dtype, 4)
    result = shown(image, profile(space))
    assert (result == by_qt(image, QColorSpace.fromIccProfile(profile(space)))).all()
    assert (result != shown(image)).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_grey_profile_is_obeyed(dtype):
    space = QColorSpace(QPointF(0.3127, 0.329), QColorSpace.TransferFunction.Gamma, 1.0)
    half = np.full((2, 2), DEPTHS[dtype] // 2, dtype)
    light = 255 * (1.055 * 0.5 ** (1 / 2.4) - 0.055)
    assert np.abs(shown(half, profile(space))[0, 0, :3] - light).max() <= 1


def test_a_wide_picture_is_converted_in_more_than_one_bite():
    image = np.ascontiguousarray(np.tile(pixels(np.uint8, 4), (4, 1000, 1)))
    space = QColorSpace(NAMES.DisplayP3)
    assert (shown(image, profile(space)) == by_qt(image, space)).all()


@pytest.mark.parametrize(
    "icc",
    [b"", b"nonsense", bytes(200), profile(QColorSpace(NAMES.SRgb))],
    ids=["none", "nonsense", "zeros", "sRGB"],
)
def test_no_profile_and_a_broken_one_and_srgb_are_all_the_same(icc):
    image = pixels(np.uint8, 3)
    assert (shown(image, icc)[..., 2::-1] == image).all()


def test_a_grey_profile_does_not_describe_a_picture_in_colour():
    space = QColorSpace(QPointF(0.3127, 0.329), QColorSpace.TransferFunction.Gamma, 1.0)
    image = pixels(np.uint8, 3)
    assert (shown(image, profile(space))[..., 2::-1] == image).all()


def test_another_screen_gets_other_numbers():
    image = np.full((1, 1, 3), (255, 0, 0), np.uint8)
    blue, green, red, _ = shown(image, screen=QColorSpace(NAMES.DisplayP3))[0, 0]
    assert (red, green, blue) == (234, 51, 35)  # sRGB's red in Display P3


def test_numbers_that_are_none_are_black_and_what_is_too_bright_is_white():
    image = np.array([[np.nan, -np.inf, -1, np.inf, 40]], np.float32)
    assert shown(image)[0, :, 0].tolist() == [0, 0, 0, 255, 255]
    p3 = profile(QColorSpace(NAMES.DisplayP3))
    assert shown(np.dstack([image] * 3), p3)[0, :, 0].tolist() == [0, 0, 0, 255, 255]
