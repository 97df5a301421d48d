"""What follows the hand: the picture at any size at once, near to what carving gives."""

import numpy as np
import pytest

from editor.engine.elastic import Elastic, reduced
from editor.engine.image import Size
from editor.engine.seams import carve
from editor.engine.step import last


def scene(height=90, width=120, dtype=np.uint8, channels=3):
    """A smooth ground with a striped block in it, which seams go around."""
    y, x = np.mgrid[:height, :width]
    picture = np.dstack([60 + x * 0.4, 80 + y * 0.4, 100 + (x + y) * 0.2])
    picture[30:60, 40:70] = np.where((x[30:60, 40:70] // 5 % 2)[..., None], 250, 5)
    if channels == 4:
        picture = np.dstack([picture, np.full((height, width), 255)])
    scale = {np.uint8: 1, np.uint16: 257, np.float32: 1 / 255}[dtype]
    return (picture * scale).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [3, 4])
def test_at_its_own_size_it_is_the_picture(dtype, channels):
    picture = scene(dtype=dtype, channels=channels)
    elastic = last(Elastic.of(picture))
    same = elastic.at(Size(120, 90))
    assert same.dtype == dtype
    assert np.allclose(same, picture, atol=1e-3)


@pytest.mark.parametrize("size", [(80, 90), (120, 60), (150, 90), (90, 70), (140, 100)])
def test_it_is_near_to_what_carving_gives(size):
    picture = scene()
    followed = last(Elastic.of(picture)).at(Size(*size)).astype(int)
    carved = last(carve(picture, Size(*size))).astype(int)
    assert followed.shape == carved.shape
    assert np.abs(followed - carved).mean() < 12


def test_what_is_protected_keeps_its_width():
    picture = scene()
    protect = np.zeros((90, 120), bool)
    protect[:, 20:60] = True
    followed = last(Elastic.of(picture, protect=protect)).at(Size(60, 90))
    kept = picture[10, 20:60].astype(int)
    rows = followed[10].astype(int)
    nearest = min(np.abs(rows[x : x + 40] - kept).max() for x in range(20))
    assert nearest <= 1


def test_what_is_to_go_is_gone_at_every_size():
    picture = scene()
    remove = np.zeros((90, 120), bool)
    remove[28:62, 38:72] = True
    elastic = last(Elastic.of(picture, remove=remove))
    for size in (Size(120, 90), Size(100, 90), Size(70, 90)):
        assert elastic.at(size).max() < 220


def test_of_a_large_picture_it_shows_a_small_copy():
    picture = np.repeat(np.repeat(scene(), 20, 0), 20, 1)  # 2400 × 1800
    elastic = last(Elastic.of(picture))
    narrow = elastic.at(Size(1200, 1800))
    height, width = narrow.shape[:2]
    assert width * height <= 600_000
    assert width / height == pytest.approx(1200 / 1800, rel=0.01)
    large = elastic.at(Size(19_200, 14_400))
    assert large.shape[0] * large.shape[1] < 610_000


def test_it_may_be_made_as_small_as_a_pixel():
    elastic = last(Elastic.of(scene()))
    assert elastic.at(Size(1, 1)).shape == (1, 1, 3)


def test_everything_may_be_marked():
    everything = np.ones((90, 120), bool)
    for marked in ({"protect": everything}, {"remove": everything}):
        assert last(Elastic.of(scene(), **marked)).at(Size(60, 45)).shape == (45, 60, 3)


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ValueError, match="they must be equal"):
        last(Elastic.of(scene(), protect=np.zeros((3, 3), bool)))


def test_a_reduced_copy_keeps_the_shape():
    copy = reduced(np.zeros((3000, 2000, 3), np.uint8), 60_000)
    assert copy.shape == (300, 200, 3)
    small = np.zeros((30, 20, 3), np.uint8)
    assert reduced(small, 60_000).shape == small.shape
