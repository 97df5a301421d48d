"""The fast texture: copies of any size, seamless where they wrap around, and always the same."""

import numpy as np
import pytest

from editor.engine import texture_reference as reference
from editor.engine.efros_leung_samples import Sample
from editor.engine.image import Size
from editor.engine.kernels import texture as kernels
from editor.engine.patchmatch import nearest
from editor.engine.step import last
from editor.engine.texture import SIZE, Rule, synthesise
from editor.engine.texture_start import lay


def noise(height=40, width=40, seed=1, channels=3):
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def stripes(height=48, width=48, period=8):
    return np.tile(np.where(np.arange(width) % period < period // 2, 40, 220), (height, 1)).astype(
        np.uint8
    )


def made(picture, size=(70, 60), allowed=None, threads=1, **rule):
    return last(synthesise(Sample(picture, allowed), Size(*size), Rule(**rule), threads=threads))


def kinds():
    rgb = noise()
    alpha = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
    return [
        rgb,
        rgb[..., 0],
        rgb.astype(np.uint16) * 257,
        (rgb / 255).astype(np.float32),
        alpha,
    ]


@pytest.mark.parametrize("picture", kinds(), ids=["rgb", "grey", "16 bit", "float", "alpha"])
def test_every_pixel_is_a_copy_of_the_one_its_map_names(picture):
    result = made(picture)
    assert result.picture.shape == (60, 70, *picture.shape[2:])
    assert result.picture.dtype == picture.dtype
    y, x = result.source[..., 0], result.source[..., 1]
    np.testing.assert_array_equal(result.picture, picture[y, x])


def test_the_same_seed_gives_the_same_texture_on_any_number_of_threads():
    one, two, other = made(noise()), made(noise(), threads=2), made(noise(), seed=1)
    np.testing.assert_array_equal(one.source, two.source)
    assert (one.source != other.source).any()


def test_stripes_go_on_as_stripes():
    result = made(stripes(), (120, 90)).picture.astype(int)
    assert (result == result[0]).all()
    edges = np.flatnonzero(np.diff(result[0]))
    assert set(np.diff(edges)) == {4}


@pytest.mark.parametrize(("tile", "axes"), [("x", [1]), ("y", [0]), ("xy", [0, 1])])
def test_a_tile_goes_on_at_the_opposite_edge(tile, axes):
    squares = (stripes().astype(int) + stripes().T) // 2
    result = made(squares.astype(np.uint8), (72, 72), tile=tile).picture.astype(int)
    for axis in axes:
        rolled = np.moveaxis(np.roll(result, 36, axis), axis, 1)
        edges = np.flatnonzero(np.diff(rolled[0]))
        assert set(np.diff(edges)) == {4}
        assert ((np.diff(rolled, axis=1) != 0).all(axis=0) == (np.diff(rolled[0]) != 0)).all()


def test_only_what_is_allowed_is_copied():
    allowed = np.zeros((40, 40), bool)
    allowed[5:20, 8:30] = True
    source = made(noise(), allowed=allowed).source
    assert allowed[source[..., 0], source[..., 1]].all()


def test_variety_uses_more_of_the_sample():
    dull = np.full((64, 64), 128, np.uint8)
    dull[:, 40:] = noise(64, 24, channels=1)

    def used(spread):
        source = made(dull, (128, 128), spread=spread).source
        return (source[..., 1] >= 40).mean()

    assert used(1.0) >= used(0.0)


def test_one_colour_stays_one_colour():
    assert (made(np.full((20, 20, 3), 77, np.uint8), (50, 30)).picture == 77).all()


def test_estimates_have_the_full_size_and_progress_never_goes_back():
    steps = list(synthesise(Sample(noise(96, 96)), Size(150, 130)))
    done = [step.done for step in steps]
    shown = [step.value.picture.shape for step in steps if step.value is not None]
    assert done == sorted(done)
    assert done[-1] == 1
    assert len(shown) == 4
    assert set(shown) == {(130, 150, 3)}


def test_the_votes_are_those_of_the_reference():
    sample, room = noise(20, 22), noise(18, 17, seed=3)
    field = last(nearest(room, sample, size=SIZE, sweeps=8))
    source = np.zeros((18, 17, 2), np.int32)
    settled = room.copy()
    kernels.settle(0, 18, field.positions, SIZE // 2, (0, 0), sample, settled, source)
    np.testing.assert_array_equal(source, reference.copies(field.positions, sample, SIZE))
    np.testing.assert_array_equal(settled, sample[source[..., 0], source[..., 1]])


def test_a_piece_of_the_sample_matches_itself():
    sample = noise(20, 22)
    positions = reference.matches(sample[2:16, 4:18], sample, SIZE)
    assert tuple(positions[5, 6]) == (7, 10)
    source = reference.copies(positions, sample, SIZE)
    np.testing.assert_array_equal(sample[source[..., 0], source[..., 1]], sample[2:16, 4:18])


def test_the_start_is_made_of_pieces_that_fit():
    source = np.zeros((40, 48, 2), np.int32)
    sample = stripes(20, 24)[..., None]
    for _ in lay(sample, np.ones((20, 24), np.uint8), (False, True), 0, source):
        pass
    laid = sample[source[..., 0], source[..., 1], 0]
    assert (laid == laid[0]).all()


@pytest.mark.parametrize(
    ("size", "sample", "cause"),
    [
        ((70, 60), (6, 40), "the sample is 40 × 6: at least 7 × 7"),
        ((6, 60), (40, 40), "the texture is 6 × 60: at least 7 × 7"),
        ((30, 40), (40, 40), "the texture is 30 × 40 and the sample 40 × 40: nothing grows"),
        ((4_000_000, 4_000_000), (40, 40), "GB of memory"),
    ],
)
def test_what_cannot_be_made_is_said(size, sample, cause):
    with pytest.raises(ValueError, match=cause):
        made(noise(*sample), size)


def test_a_sample_mask_without_room_is_refused():
    allowed = np.zeros((40, 40), bool)
    allowed[::2] = True
    with pytest.raises(ValueError, match="nowhere are 7 × 7 pixels of the sample allowed"):
        made(noise(), allowed=allowed)


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        ({"tile": "z"}, "tile is 'z': choose none, x, y, xy"),
        ({"spread": 2}, "the spread is 2: it goes from 0 to 1"),
        ({"seed": -1}, "the seed is -1"),
    ],
)
def test_a_rule_out_of_range_is_refused(rule, cause):
    with pytest.raises(ValueError, match=cause):
        Rule(**rule)
