import functools

import numpy as np
import pytest
from llvmlite import binding
from numba import njit, uintp

from editor.engine.kernels import patch
from editor.engine.kernels.patch import (
    LEVELS,
    MARK,
    PATTERNS,
    ROW,
    TAIL,
    compare_marks,
    functions_at,
    level_of,
    mark_basis,
    part_distance_at,
    pitch_of,
    scratch_of,
    shape_of,
)

RNG = np.random.default_rng(0)


def runnable():
    """The levels whose instructions this processor has."""
    features = binding.get_host_cpu_features()
    needs = {
        "avx512vnni": ["avx512bw", "avx512vl", "avx512vnni"],
        "avxvnni": ["avx2", "avxvnni"],
        "avx512bw": ["avx512bw", "avx512vl"],
        "avx2": ["avx2"],
        "portable": [],
    }
    return [level for level in LEVELS if all(features.get(need) for need in needs[level])]


@functools.cache
def measured(level):
    """A kernel over the patches at (y, x, y′, x′): Σ a (a − 256) and the dot product of each."""
    load, dot, _ = functions_at(level)

    @njit
    def measure(a, b, strides, corners, channels, scratch, mask, rows, pitch, owns, dots):
        own = uintp(scratch.ctypes.data)
        for i in range(len(corners)):
            place = corners[i, 0] * strides[0] + corners[i, 1] * channels
            place = uintp(a.ctypes.data) + uintp(place)
            owns[i] = load(own, place, strides[0], uintp(mask.ctypes.data), rows, pitch)
            place = corners[i, 2] * strides[1] + corners[i, 3] * channels
            place = uintp(b.ctypes.data) + uintp(place)
            dots[i] = dot(own, place, strides[1], rows, pitch)

    return measure


def distances(level, target, source, size, corners, shape):
    channels = target.shape[2]
    pitch = pitch_of(size, channels)
    a, b = (np.full(picture.size + TAIL, 77, np.uint8) for picture in (target, source))
    a[: target.size], b[: source.size] = target.ravel(), source.ravel() ^ 0x80
    scratch, mask = np.full(scratch_of(size, channels), 99, np.uint8), np.zeros(pitch, np.uint8)
    mask[: size * channels] = 255
    owns, dots = np.empty(len(corners), np.int32), np.empty(len(corners), np.int32)
    strides = target.shape[1] * channels, source.shape[1] * channels
    measured(level)(a, b, strides, corners, channels, scratch, mask, *shape, owns, dots)
    squares = [(cut(source, y, x, size) ** 2).sum() for _, _, y, x in corners]
    return owns + np.array(squares) - 2 * dots


def cut(picture, y, x, size):
    return picture[y : y + size, x : x + size].astype(np.int64)


@pytest.mark.parametrize("level", runnable())
def test_every_level_compares_only_the_part_that_counts(level):
    distance = part_distance_at(level)

    @njit
    def measure(colours, counted, picture, corner, stride, rows):
        place = uintp(picture.ctypes.data) + uintp(corner)
        tables = uintp(colours.ctypes.data), uintp(counted.ctypes.data)
        return distance(*tables, place, stride, rows)

    picture = RNG.integers(0, 256, (9, 50), np.uint8)
    own = RNG.integers(0, 256, (7, ROW), np.uint8)
    counted = RNG.integers(-1, 1, (7, ROW), np.int16)
    own[0], picture[1], counted[0] = 255, 0, -1  # as far apart as can be
    bytes_of_picture = (picture ^ 0x80).view(np.int8)
    colours = own.astype(np.int16) - np.int16(128)
    found = measure(colours, counted, bytes_of_picture, 50 + 11, 50, 7)
    difference = own.astype(np.int64) - picture[1:8, 11 : 11 + ROW]
    assert found == (difference**2)[counted != 0].sum()


@pytest.mark.parametrize("level", runnable())
def test_every_level_gives_the_plain_sum(level):
    for size, channels in [(3, 1), (5, 3), (7, 3), (5, 8), (7, 5), (9, 3), (9, 8), (15, 8)]:
        target = RNG.integers(0, 256, (size + 3, size + 5, channels), np.uint8)
        source = RNG.integers(0, 256, (size + 4, size + 2, channels), np.uint8)
        target[:size, :size], source[:size, :size] = 255, 0  # the largest distance there is
        corners = np.array([(0, 0, 0, 0), (3, 5, 4, 2), (1, 2, 3, 0), (0, 5, 4, 0)])
        expected = [
            ((cut(target, y, x, size) - cut(source, y2, x2, size)) ** 2).sum()
            for y, x, y2, x2 in corners
        ]
        for shape in {shape_of(size, channels), (size, pitch_of(size, channels))}:
            found = distances(level, target, source, size, corners, shape)
            assert found.tolist() == expected


@functools.cache
def marked(level):
    _, _, mark = functions_at(level)

    @njit
    def compare(scratches, basis, scales, marks):
        each = scratches.shape[1]
        for i in range(len(scratches)):
            place = uintp(marks.ctypes.data) + uintp(i * MARK)
            scratch = uintp(scratches.ctypes.data) + uintp(i * each)
            mark(scratch, uintp(basis.ctypes.data), uintp(scales.ctypes.data), place, each)
        first = uintp(marks.ctypes.data)
        for i in range(len(scratches)):
            marks[i, PATTERNS] = min(127, compare_marks(first, first + uintp(i * MARK)))

    return compare


@pytest.mark.parametrize("level", runnable())
@pytest.mark.parametrize(("size", "channels"), [(3, 1), (5, 3), (7, 5), (15, 8)])
def test_marks_are_never_further_apart_than_the_patches(level, size, channels):
    patches = RNG.integers(0, 256, (60, size, size * channels), np.uint8)
    patches[1::2] = np.clip(patches[0] + RNG.normal(0, 8, patches[1::2].shape), 0, 255)
    patches[2:6:2] = np.array([255, 0])[:, None, None]
    scratches = np.zeros((60, scratch_of(size, channels)), np.uint8)
    rows = scratches[:, : size * pitch_of(size, channels)].reshape(60, size, -1)
    rows[:, :, : size * channels] = patches
    marks = np.zeros((60, MARK), np.int8)
    marked(level)(scratches, *mark_basis(size, channels), marks)
    apart = (np.maximum(np.abs(marks[:, :PATTERNS].astype(int) - marks[0, :PATTERNS]) - 1, 0)) ** 2
    assert (np.minimum(127, apart.sum(axis=1)) == marks[:, PATTERNS]).all()
    true = ((patches.astype(np.int64) - patches[0]) ** 2).sum(axis=(1, 2))
    assert (apart.sum(axis=1) * size * size * (1023 / 1024) <= true).all()
    assert apart.sum(axis=1).max() * size * size > 0.2 * true.max()  # it does tell something


def test_the_level_is_read_from_the_features():
    assert level_of("+avx2,+avx512bw,+avx512vl,+avx512vnni") == "avx512vnni"
    assert level_of("+avx2,+avx512bw,+avx512vl,-avx512vnni,+avxvnni") == "avx512bw"
    assert level_of("+avx2,+avxvnni,-avx512bw") == "avxvnni"
    assert level_of("+sse4.2,+avx2,-avx512vnni") == "avx2"
    assert level_of("+neon") == level_of("") == "portable"
    assert level_of(patch.host_features()) == patch.LEVEL


def test_a_patch_fits_into_its_scratch():
    for size in patch.SIZES:
        for channels in patch.CHANNELS:
            assert size * channels <= pitch_of(size, channels) <= TAIL
            assert scratch_of(size, channels) >= size * pitch_of(size, channels)
    assert size * size * channels * 255**2 < patch.FORBIDDEN < patch.BARRED < 2**31
