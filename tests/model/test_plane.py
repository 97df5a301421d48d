"""A plane is written in place, and what it has handed out never changes."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Rect
from editor.model import plane as module
from editor.model.plane import Plane, differences

PLACE = Rect(2, 1, 3, 4)
DTYPES = [np.uint8, np.uint16, np.float32]
SHAPES = [(8, 9), (8, 9, 3), (8, 9, 4)]


def some(dtype, shape, seed=0):
    """Any bits at all: a float picture has NaNs, infinities and tiny numbers among them."""
    word = {1: np.uint8, 2: np.uint16, 4: np.uint32}[np.dtype(dtype).itemsize]
    rng = np.random.default_rng(seed)
    return rng.integers(0, np.iinfo(word).max, shape, word, endpoint=True).view(dtype)


def write(plane, rect, pixels):
    """Put these pixels there; what was exchanged."""
    parts = list(differences(plane.frozen(), rect, pixels))
    swap(plane, parts)
    return parts


def swap(plane, parts):
    for rect, delta in parts:
        plane.swap(rect, delta)


def bits(array):
    return np.ascontiguousarray(array).view(np.uint8).tobytes()


def place(array):
    """Where in memory it lies."""
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_swap_and_the_same_swap_again(dtype, shape):
    pixels = some(dtype, shape)
    plane, before = Plane(pixels.copy()), bits(pixels)
    new = some(dtype, (4, 3, *shape[2:]), seed=1)
    parts = write(plane, PLACE, new)
    assert bits(plane.frozen()[PLACE.slices]) == bits(new)
    outside = np.ones(shape[:2], bool)
    outside[PLACE.slices] = False
    assert bits(plane.frozen()[outside]) == bits(pixels[outside])
    swap(plane, parts)
    assert bits(plane.frozen()) == before


def test_every_nan_and_both_zeros_come_back():
    pixels = np.array([[0x7FC00001, 0xFFFFFFFF], [0x80000000, 0x7F800001]], np.uint32)
    plane, whole = Plane(pixels.view(np.float32).copy()), Rect(0, 0, 2, 2)
    parts = write(plane, whole, np.zeros((2, 2), np.float32))
    assert bits(plane.frozen()) == bytes(16)
    swap(plane, parts)
    assert (plane.frozen().view(np.uint32) == pixels).all()


def test_a_look_is_free_and_shared():
    plane = Plane(some(np.uint8, (8, 9)))
    one, other = plane.frozen(), plane.frozen()
    assert one is other


def test_nobody_looks_so_it_is_written_in_place():
    plane = Plane(some(np.uint8, (8, 9)))
    before = place(plane.frozen())
    for seed in range(5):
        write(plane, PLACE, some(np.uint8, (4, 3), seed))
        assert place(plane.frozen()) == before


def test_somebody_looks_so_it_is_copied_once():
    plane = Plane(some(np.uint8, (8, 9)))
    look = plane.frozen()
    before, bytes_before = place(look), bits(look)
    places = set()
    for seed in range(5):
        write(plane, PLACE, some(np.uint8, (4, 3), seed))
        places.add(place(plane.frozen()))
    assert bits(look) == bytes_before
    assert before not in places
    assert len(places) == 1


@pytest.mark.parametrize(
    "narrowed",
    [
        lambda look: look[2:4],
        lambda look: look[PLACE.slices],
        lambda look: look.T,
        lambda look: look[..., None],
        lambda look: look.reshape(-1),
        lambda look: look[::2, ::3].view(np.int8),
        lambda look: np.asarray(memoryview(look)),
    ],
)
def test_a_view_of_a_look_counts_as_looking(narrowed):
    plane = Plane(some(np.uint8, (8, 9)))
    view = narrowed(plane.frozen())
    before = bits(view)
    gc.collect()
    write(plane, PLACE, 255 - plane.crop(PLACE))
    assert bits(view) == before


def test_looks_cannot_be_written_to():
    plane = Plane(some(np.uint8, (8, 9)))
    look = plane.frozen()
    with pytest.raises(ValueError, match="read-only"):
        look[0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        look.flags.writeable = True
    with pytest.raises(ValueError, match="read-only"):
        look[2:4].fill(0)


def test_a_crop_is_the_callers_own():
    plane = Plane(some(np.uint8, (8, 9)))
    before = bits(plane.frozen())
    plane.crop(PLACE).fill(0)
    assert bits(plane.frozen()) == before


def test_a_read_only_or_turned_picture_is_taken_too():
    pixels = some(np.uint16, (9, 8)).T
    pixels.flags.writeable = False
    plane, before = Plane(pixels), bits(pixels)
    write(plane, PLACE, np.zeros((4, 3), np.uint16))
    assert not plane.frozen()[PLACE.slices].any()
    assert bits(pixels) == before


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 3, 3), np.uint8),
        np.zeros((4, 3), np.uint16),
        np.zeros((4, 3), bool),
    ],
)
def test_pixels_that_do_not_fit_are_refused_with_both_shapes(pixels):
    with pytest.raises(ValueError, match=r"do not fit a place of shape \(4, 3\) uint8"):
        list(differences(np.zeros((8, 9), np.uint8), PLACE, pixels))


def test_what_stays_equal_costs_nothing(monkeypatch):
    monkeypatch.setattr(module, "_TILE", 4)
    before = some(np.uint16, (20, 30, 3))
    after = before[3:17, 2:29].copy()
    assert list(differences(before, Rect(2, 3, 27, 14), after)) == []
    after[5, 9, 1] ^= 1
    [(tile, delta)] = differences(before, Rect(2, 3, 27, 14), after)
    assert tile == Rect(11, 8, 1, 1)
    assert np.argwhere(delta).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize("dtype", DTYPES)
def test_tiles_are_one_swap(dtype, monkeypatch):
    monkeypatch.setattr(module, "_TILE", 3)
    pixels, new = some(dtype, (20, 30, 3)), some(dtype, (13, 22, 3), seed=1)
    plane, rect = Plane(pixels.copy()), Rect(5, 4, 22, 13)
    parts = write(plane, rect, new)
    assert 0 < sum(tile.area for tile, _ in parts) <= 22 * 13
    assert len(parts) == 5 * 8
    assert bits(plane.frozen()[rect.slices]) == bits(new)
    swap(plane, parts)
    assert bits(plane.frozen()) == bits(pixels)


rects = st.builds(
    lambda x, y, right, bottom: Rect(
        min(x, right), min(y, bottom), abs(x - right), abs(y - bottom)
    ),
    *[st.integers(0, 9), st.integers(0, 8)] * 2,
)
acts = st.lists(st.tuples(st.sampled_from(["edit", "look", "forget", "again"]), rects), max_size=40)


@given(acts=acts, seed=st.integers(0, 99))
def test_like_a_plain_array_that_is_copied_every_time(acts, seed):
    rng = np.random.default_rng(seed)
    model = rng.integers(0, 256, (8, 9, 3), np.uint8)
    plane, done, looks = Plane(model.copy()), [], []
    for act, rect in acts:
        if act == "edit":
            pixels = rng.integers(0, 256, (rect.height, rect.width, 3), np.uint8)
            done.append((write(plane, rect, pixels), model.copy()))
            model[rect.slices] = pixels
        elif act == "again" and done:
            parts, model = done.pop()
            swap(plane, parts)
        elif act == "look":
            looks.append((plane.frozen()[rect.slices], model[rect.slices].copy()))
        elif act == "forget":
            del looks[::2]
        assert (plane.crop(Rect(0, 0, 9, 8)) == model).all()
    for look, then in looks:
        assert (look == then).all()
