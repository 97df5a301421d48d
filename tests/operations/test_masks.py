import numpy as np
import pytest

from editor.engine.device import Device
from editor.engine.image import Rect
from editor.engine.step import last
from editor.operations.base import MaskPatch, Scene, params
from editor.operations.masks import (
    ClearMask,
    FeatherMask,
    GrowMask,
    InvertMask,
    MaskFromTransparency,
    SelectSimilar,
)

CPU = Device("cpu", 1)
EVERY = [
    GrowMask(),
    FeatherMask(),
    InvertMask(),
    ClearMask(),
    MaskFromTransparency(),
    SelectSimilar(),
]


@pytest.fixture
def image():
    image = np.full((20, 30, 4), (100, 100, 100, 255), np.uint8)
    image[:, 15:, :3] = 200
    image[4, 4] = 0
    return image


@pytest.fixture
def cover():
    cover = np.zeros((20, 30), np.uint8)
    cover[10:12, 10:13] = 255
    return cover


def done(operation, image, hole):
    value = last(operation.steps(Scene(image=image, hole=hole), CPU))
    assert isinstance(value, MaskPatch)
    result = np.zeros(image.shape[:2], np.uint8) if hole is None else np.asarray(hole * 1)
    if hole is not None and hole.dtype == bool:
        result = result * 255
    result = result.astype(np.uint8)
    result[value.rect.slices] = value.cover
    return result


@pytest.mark.parametrize("operation", EVERY, ids=lambda one: type(one).__name__)
def test_each_is_quick_leaves_its_scene_and_gives_a_cover(operation, image, cover):
    before = cover.copy()
    assert operation.quick
    result = done(operation, image, cover)
    assert result.dtype == np.uint8
    assert not np.array_equal(result, before)
    assert np.array_equal(cover, before)


@pytest.mark.parametrize("operation", EVERY, ids=lambda one: type(one).__name__)
def test_a_bool_mask_is_a_full_cover(operation, image, cover):
    assert np.array_equal(done(operation, image, cover > 0), done(operation, image, cover))


@pytest.mark.parametrize(
    ("operation", "label"),
    [
        (GrowMask(px=4), "Grow mask by 4 px"),
        (GrowMask(px=-12), "Shrink mask by 12 px"),
        (FeatherMask(radius=2.5), "Feather mask by 2.5 px"),
        (FeatherMask(radius=8), "Feather mask by 8 px"),
        (InvertMask(), "Invert mask"),
        (ClearMask(), "Clear mask"),
        (MaskFromTransparency(), "Mask from transparency"),
        (SelectSimilar(), "Magic wand"),
    ],
)
def test_the_history_reads_like_a_person(operation, label):
    assert operation.label == label


def test_growing_and_shrinking(image, cover):
    assert done(GrowMask(px=1), image, cover).sum() == 16 * 255
    assert not done(GrowMask(px=-1), image, cover).any()


def test_clearing_touches_only_what_was_there(image, cover):
    value = last(ClearMask().steps(Scene(image=image, hole=cover), CPU))
    assert value.rect == Rect(10, 10, 3, 2)


def test_transparency_takes_the_place_of_the_mask(image, cover):
    result = done(MaskFromTransparency(), image, cover)
    assert result[4, 4] == 255
    assert result.sum() == 255


@pytest.mark.parametrize(
    ("mode", "left", "right"), [("add", 4, 300), ("subtract", 4, 0), ("replace", 0, 300)]
)
def test_the_wand_adds_subtracts_or_replaces(image, mode, left, right):
    cover = np.zeros((20, 30), np.uint8)
    cover[10:12, 13:18] = 255  # 4 pixels to the left of the edge of colour, 6 to its right
    wand = SelectSimilar(x=20, y=3, tolerance=5, mode=mode)
    result = done(wand, image, cover) > 0
    assert (result[:, :15].sum(), result[:, 15:].sum()) == (left, right)


def test_the_place_of_the_wand_belongs_to_the_operation_but_not_to_the_panel():
    assert [one.name for one in params(SelectSimilar)] == ["tolerance", "contiguous", "mode"]
    assert SelectSimilar(x=1) != SelectSimilar(x=2)


@pytest.mark.parametrize("operation", [GrowMask(), FeatherMask(), ClearMask()])
@pytest.mark.parametrize("hole", [None, np.zeros((20, 30), bool)])
def test_an_empty_mask_is_said_to_be_empty(operation, hole, image):
    with pytest.raises(ValueError, match="the mask is empty"):
        done(operation, image, hole)


def test_out_of_range_is_refused_by_name():
    with pytest.raises(ValueError, match="Grow by is 500: it goes from -200 to 200"):
        GrowMask(px=500)
    with pytest.raises(ValueError, match="Way is 'xor': choose add, subtract, replace"):
        SelectSimilar(mode="xor")
