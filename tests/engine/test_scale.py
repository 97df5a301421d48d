"""Plain scaling: exact where it can be, every depth, and nothing shines through a cut-out."""

import numpy as np
import pytest

from editor.engine import scale
from editor.engine.cv import cv2
from editor.engine.image import Size
from editor.engine.scale import scaled
from editor.engine.step import last


def noise(*shape):
    return np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8)


def test_half_the_width_is_the_mean_of_two():
    image = np.array([[10, 20, 90, 110]], np.uint8)
    assert last(scaled(image, Size(2, 1))).tolist() == [[15, 100]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_an_even_picture_stays_what_it_is(dtype, channels):
    white = 1 if dtype == np.float32 else np.iinfo(dtype).max
    image = np.full((9, 12, *channels), 0.4 * white, dtype)
    result = last(scaled(image, Size(17, 5)))
    assert result.shape == (5, 17, *channels)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, image.flat[0], rtol=1e-5, atol=white * 1e-6)


@pytest.mark.parametrize("band", [1, 100, 1 << 18])
def test_bands_make_no_seams(band, monkeypatch):
    monkeypatch.setattr(scale, "_BAND", band)
    image = noise(30, 40, 3)
    for size, way in (((23, 19), cv2.INTER_AREA), ((61, 55), cv2.INTER_CUBIC)):
        at_once = cv2.resize(image.astype(np.float32), size, interpolation=way).clip(0, 255)
        result = last(scaled(image, Size(*size)))
        assert np.abs(result - at_once).max() <= 0.51


def test_the_same_size_is_the_same_picture():
    image = noise(20, 30, 3)
    assert (last(scaled(image, Size(30, 20))) == image).all()


def test_what_is_transparent_lends_no_colour():
    image = np.zeros((4, 8, 4), np.uint8)
    image[:, :4] = [200, 100, 50, 255]
    image[:, 4:] = [0, 255, 0, 0]
    result = last(scaled(image, Size(3, 4)))
    assert result[0].tolist() == [[200, 100, 50, 255], [200, 100, 50, 128], [0, 0, 0, 0]]
    assert (last(scaled(image, Size(16, 4)))[..., 1] <= 101).all()
