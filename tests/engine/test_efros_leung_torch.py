import numpy as np
import pytest

from editor.engine import efros_leung_reference as reference
from editor.engine.efros_leung import Rule, grow, synthesise
from editor.engine.efros_leung_samples import Atlas, Sample, features, shape_of
from editor.engine.efros_leung_torch import TorchSearch
from editor.engine.image import Size
from editor.engine.step import last
from tests.engine.test_efros_leung import blotches, noise, stripes


@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize("window", [3, 9])
def test_torch_grows_the_same_pixels(window, channels):
    sample, size = Sample(blotches(20, 23, channels)), Size(28, 26)
    ours, torchs = (
        last(synthesise([sample], size, Rule(window, seed=6), torch_device=device).steps())
        for device in (None, "cpu")
    )
    assert np.array_equal(ours.picture, torchs.picture)
    assert np.array_equal(ours.source, torchs.source)
    assert np.array_equal(ours.growth.errors, torchs.growth.errors)


def test_torch_agrees_on_several_samples_with_masks_and_rejects_as_we_do():
    allowed = np.ones((16, 20), bool)
    allowed[5:8, 5:15] = False
    samples = [Sample(noise((16, 20)), allowed), Sample(noise((11, 25), 2))]
    rule = Rule(3, max_error=0.003, seed=1)
    ours, torchs = (
        last(synthesise(samples, Size(26, 21), rule, torch_device=device).steps())
        for device in (None, "cpu")
    )
    assert np.array_equal(ours.source, torchs.source)


def test_torch_grows_into_a_hole():
    image = stripes(30, 40, 6)
    hole = np.zeros(image.shape, bool)
    hole[10:20, 12:27] = True
    value = last(grow(np.where(hole, 0, image).astype(np.uint8), hole, torch_device="cpu").steps())
    assert np.array_equal(value.picture, image[value.rect.slices])


@pytest.mark.parametrize("channels", [(), (3,)])
def test_distances_are_the_whole_numbers_of_the_reference(channels):
    picture, window = noise((18, 21, *channels)), 7
    atlas = Atlas([Sample(picture)], window)
    steps = atlas.load()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            samples = end.value
            break
    search = TorchSearch(samples, shape_of(samples, atlas.channels, window), atlas.channels, "cpu")
    rng = np.random.default_rng(1)
    template = rng.integers(0, 256, (window, window, atlas.channels)).astype(np.uint8)
    valid = (rng.random((window, window)) < 0.6).astype(np.int64)
    weights = reference.gaussian_weights(window)
    centres = reference.full_windows(np.ones(picture.shape[:2], bool), window)
    d, _ = reference.find_matches(template, valid, weights, [features(picture)], [centres], 1e9)
    signed = template.astype(np.int64) - 128
    squares = (valid * weights)[..., None] * signed**2
    known = valid * weights
    factors = np.moveaxis(-2 * known[..., None] * signed, 2, 0)
    coefficients = np.concatenate([factors, known[None]]).astype(np.int16)[None]
    begin = squares.sum() + known.sum() * 128**2 * atlas.channels // 2
    ours = search.distances(coefficients, np.array([begin]))[0].numpy()
    assert np.array_equal(ours[np.isfinite(ours)].astype(np.int64), d)
