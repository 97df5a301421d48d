"""The fast texture: copies of any size, seamless where they wrap around, and always the same."""

import numpy as np
import pytest

from editor.engine import texture_reference as reference
from editor.engine import texture_samples
from editor.engine.cv import cv2
from editor.engine.efros_leung_samples import Sample
from editor.engine.image import Size
from editor.engine.kernels import texture as kernels
from editor.engine.kernels.texture import STYLE
from editor.engine.kernels.texture_start import UNKNOWN, lay_pieces
from editor.engine.patchmatch import nearest
from editor.engine.step import last
from editor.engine.texture import Rule, synthesise
from editor.engine.texture_samples import SIZE, Guidance, sheet
from editor.engine.texture_start import lay
from tests.benchmarks.texture import stones


def noise(height=40, width=40, seed=1, channels=3):
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def stripes(height=48, width=48, period=8):
    return np.tile(np.where(np.arange(width) % period < period // 2, 40, 220), (height, 1)).astype(
        np.uint8
    )


def end(pauses):
    """What a generator of pauses comes to."""
    try:
        while True:
            next(pauses)
    except StopIteration as stop:
        return stop.value


def made(picture, size=(70, 60), allowed=None, threads=1, **rule):
    samples, guidance = [Sample(picture, allowed)], rule.pop("guidance", None)
    return last(synthesise(samples, Size(*size), Rule(**rule), guidance, threads=threads))


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
    _, y, x = np.moveaxis(result.source, -1, 0)
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
    assert allowed[source[..., 1], source[..., 2]].all()


def test_variety_uses_more_of_the_sample():
    """Of one that is dark at the left it begins with that, and would not come back to it."""
    slope = noise(64, 96, channels=1) // 4 + np.linspace(0, 120, 96)

    def dark(spread):
        source = made(slope.astype(np.uint8), (160, 128), spread=spread).source
        return (source[..., 2] < 48).mean()

    assert dark(0.0) < 0.25
    assert dark(1.0) == pytest.approx(0.5, abs=0.2)


def test_one_colour_stays_one_colour():
    assert (made(np.full((20, 20, 3), 77, np.uint8), (50, 30)).picture == 77).all()


def test_estimates_have_the_full_size_and_progress_never_goes_back():
    steps = list(synthesise([Sample(noise(192, 192))], Size(250, 230)))
    done = [step.done for step in steps]
    shown = [step.value.picture.shape for step in steps if step.value is not None]
    assert done == sorted(done)
    assert done[-1] == 1
    assert shown == [(230, 250, 3)] * 3


def test_the_votes_are_those_of_the_reference():
    sample, room = noise(20, 22, channels=STYLE), noise(18, 17, seed=3, channels=STYLE)
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


@pytest.mark.parametrize("guides", [0, 3])
def test_the_start_is_that_of_the_reference(guides):
    sample, room = (noise(h, w, s, STYLE + guides) for h, w, s in [(40, 44, 1), (50, 61, 2)])
    sample[::2] //= 8
    rng = np.random.default_rng(0)
    places = np.stack(rng.integers(0, 50, (2, 12)), axis=1).astype(np.int32)
    tried = rng.integers(0, 40 - 15, (12, 30, 2)).astype(np.int32)
    known = room.copy()
    expected = reference.laid(places, tried, 15, 0.5, sample, known)
    source, uses = np.full((50, 61, 2), UNKNOWN, np.int32), np.zeros((40, 44), np.int32)
    laid = lay_pieces(places, tried, 15, 0, 0.5, 40 * 44, sample, uses, room, source)
    assert laid == uses.sum() == (source[..., 0] != UNKNOWN).sum()
    np.testing.assert_array_equal(source, expected)
    np.testing.assert_array_equal(room, known)


def test_the_start_is_made_of_pieces_that_fit():
    sample = np.dstack([stripes(40, 48)] * STYLE)
    room = np.zeros((50, 64, STYLE), np.uint8)
    end(lay(sample, np.ones((40, 48), np.uint8), (False, True), 0.5, 0, room))
    assert (room == room[0]).all()
    assert set(np.diff(np.flatnonzero(np.diff(room[0, :, 0].astype(int))))) == {4}


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


def halves(height=60, width=80):
    """Dark noise and light noise beside each other, and what tells them apart."""
    labels = np.zeros((height, width), np.uint8)
    labels[:, width // 2 :] = 255
    picture = noise(height, width) // 4 + (labels // 2)[..., None]
    return picture, labels


def embossed(side=192, cells=20):
    """Cells of one rough grey; their outlines are as much lighter as darker: halved, they go."""
    rng = np.random.default_rng(1)
    ys, xs = np.mgrid[:side, :side]
    middles = rng.uniform(0, side, (cells, 2))
    cell = np.hypot(ys[..., None] - middles[:, 0], xs[..., None] - middles[:, 1]).argmin(axis=2)
    edge = np.zeros((side, side), int)
    edge[:-1] |= cell[1:] != cell[:-1]
    edge[:, :-1] |= cell[:, 1:] != cell[:, :-1]
    lit = np.roll(edge, (1, 1), (0, 1)) & ~edge
    return (rng.normal(128, 8, (side, side)) + 50 * (lit - edge)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("tile", ["none", "xy"])
def test_thin_outlines_are_not_lost(tile):
    sample = embossed()
    for seed in range(2):
        dark = made(sample, (256, 256), tile=tile, seed=seed).picture < 100
        assert dark.mean() == pytest.approx((sample < 100).mean(), rel=0.25)


@pytest.mark.parametrize("own", [True, False], ids=["labelled sample", "its own light"])
def test_a_guided_texture_follows_its_guide(own):
    picture, labels = halves()
    wanted = np.zeros((25, 20, 3), np.uint8)
    wanted[:12] = 200
    if own:
        wanted = np.where(wanted > 0, 255, 0).astype(np.uint8)
    guidance = Guidance(wanted, (labels,) if own else (), 1.0)
    source = made(picture, (60, 50), guidance=guidance).source  # smaller than the sample, for once
    light = labels[source[..., 1], source[..., 2]] > 0
    assert light[:20].mean() > 0.97
    assert light[-20:].mean() < 0.05


GUIDES = {
    "halves": np.repeat([0, 255], 80) * np.ones((160, 1)),
    "ramp": np.linspace(60, 180, 160) * np.ones((160, 1)),  # of little contrast
    "disc": np.where(np.hypot(*(np.mgrid[:160, :160] - 80)) < 50, 0, 255),
}


@pytest.mark.parametrize("name", GUIDES)
def test_stones_follow_a_guide_by_the_light_they_have(name):
    sample, guide = stones(112), GUIDES[name].astype(np.uint8)

    def alike(guidance):
        light = made(sample, (160, 160), guidance=guidance).picture.mean(axis=2)
        both = [cv2.GaussianBlur(one.astype(np.float32), (0, 0), 8) for one in (light, guide)]
        return np.corrcoef(*(one.ravel() for one in both))[0, 1]

    assert alike(None) < 0.3
    assert alike(Guidance(guide)) > 0.6


def test_how_much_the_light_varies_is_known_where_it_guides():
    for sample, low, high in ((stones(96), 15, 90), (noise(96, 96) // 4, 0, 8)):
        assert low < made(sample, guidance=Guidance(noise())).light < high
    assert made(noise()).light is None
    assert made(noise(), guidance=Guidance(noise(), (noise(),))).light is None


def test_a_sample_is_looked_at_in_bands(monkeypatch):
    whole = end(sheet([Sample(embossed(100))], Guidance(noise())))
    monkeypatch.setattr(texture_samples, "_BAND", 1700)
    bands = end(sheet([Sample(embossed(100))], Guidance(noise())))
    for one, other in zip(whole.levels, bands.levels, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels)


def test_several_samples_are_all_copied_from():
    pictures = [noise(30, 50, seed=1), noise(64, 40, seed=2), noise(40, 100, seed=3)]
    allowed = np.ones((30, 50), bool)
    allowed[:, :10] = False
    samples = [Sample(pictures[0], allowed), *map(Sample, pictures[1:])]
    result = last(synthesise(samples, Size(120, 110), Rule(tile="xy", spread=1.0)))
    number, y, x = np.moveaxis(result.source, -1, 0)
    for one, picture in enumerate(pictures):
        here = number == one
        assert here.mean() > 0.02
        np.testing.assert_array_equal(result.picture[here], picture[y[here], x[here]])
    assert (x[number == 0] >= 10).all()


@pytest.mark.parametrize(
    ("guides", "cause"),
    [
        ((noise(), noise()), "there are 1 samples and 2 guides of them"),
        ((noise(30, 40),), "the guide of the sample is 40 × 30 and the sample 40 × 40"),
    ],
)
def test_guides_that_do_not_lie_on_the_samples_are_refused(guides, cause):
    with pytest.raises(ValueError, match=cause):
        made(noise(), guidance=Guidance(noise(), guides))
    with pytest.raises(ValueError, match="the guidance is 2: it goes from 0 to 1"):
        Guidance(noise(), weight=2)


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
