"""Image analogies: two ways to one exact answer, every pixel is a copy, filters are learnt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from editor.engine import analogy_reference as reference
from editor.engine.analogy import Settings, analogy
from editor.engine.analogy_features import CAUSAL, SMALLEST, prepared, steered, taps
from editor.engine.step import last

METHODS = ["exact", "fast"]


def blotches(height, width, channels=(), seed=0, dtype=np.uint8):
    """Two-pixel blotches of few colours under a little noise: many near matches."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 4, (height // 2 + 1, width // 2 + 1, *channels)) * 60
    fine = np.kron(coarse, np.ones((2, 2, *(1 for _ in channels)), int))[:height, :width]
    numbers = fine + rng.integers(0, 20, fine.shape)
    return (numbers / 255).astype(dtype) if dtype == np.float32 else numbers.astype(dtype)


def made(pairs, B, *, seed=0, threads=1, **settings):
    return last(analogy(pairs, B, settings=Settings(**settings), seed=seed, threads=threads))


# ── exactly as the paper ──

CASES = {
    "grey": ([((17, 20), ())], (17, 13), {}),
    "no coherence": ([((16, 18), ())], (14, 19), {"kappa": 0, "remap": False}),
    "colour": ([((16, 18), (3,))], (19, 9), {"luminance": False, "takes": "pixels", "kappa": 1}),
    "filters": ([((19, 17), (3,))], (16, 16), {"filters": True, "levels": 1}),
    "three pairs": ([((9, 12), (3,)), ((8, 17), (3,)), ((16, 5), (3,))], (12, 11), {"kappa": 20}),
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("case", CASES)
def test_both_versions_copy_the_same_pixels(case, seed, threads):
    sizes, size, settings = CASES[case]
    pairs = [
        tuple(blotches(*shape, channels, 2 * k + half) for half in (0, 1))
        for k, (shape, channels) in enumerate(sizes)
    ]
    B = blotches(*size, sizes[0][1], 99)
    exact = reference.create_image_analogy(pairs, B, Settings(**settings), seed)
    ours = made(pairs, B, seed=seed, threads=threads, **settings)
    assert np.array_equal(ours.source, exact)


def test_the_frame_of_a_painting_is_not_followed():
    """Runs of A′ that reached its white frame would go on along it."""
    white = 0
    for seed in range(4):
        A, Ap = blotches(24, 24, (3,), seed), blotches(24, 24, (3,), seed + 1)
        Ap[0], Ap[-1], Ap[:, 0], Ap[:, -1] = 255, 255, 255, 255
        B = blotches(40, 40, (3,), seed + 20)
        result = made([(A, Ap)], B, levels=1, takes="pixels", remap=False)
        white += (result.picture == 255).all(axis=2).sum()
    assert white < 0.02 * 4 * 40 * 40


@given(st.integers(0, 1 << 30), st.integers(5, 14), st.integers(5, 14), st.floats(0, 30))
@budget(max_examples=15, deadline=None)
def test_both_versions_agree_on_any_pictures(seed, height, width, kappa):
    pairs = [(blotches(8, 11, (), seed), blotches(8, 11, (), seed + 1))]
    B = blotches(height, width, (), seed + 2)
    exact = reference.create_image_analogy(pairs, B, Settings(kappa=kappa), seed)
    assert np.array_equal(made(pairs, B, seed=seed, kappa=kappa).source, exact)


def test_a_feature_is_55_numbers_as_in_the_paper():
    picture = blotches(20, 20)
    problem = prepared([(picture, picture)], picture, Settings())
    assert len(taps(problem, coarsest=True).dy) == 25 + 12
    assert len(taps(problem, coarsest=False).dy) == 25 + 9 + 9 + 12
    assert taps(problem, coarsest=False).scaled.max() == 255
    assert len(CAUSAL) == 12
    assert min(problem.levels[0].B.shape[:2]) >= SMALLEST


def test_steerable_filters_answer_their_direction():
    picture = np.zeros((21, 21), np.float32)
    picture[:, 10] = 60  # upright
    answers = steered(picture)[10, 10] - 128
    assert abs(answers).argmax() == 0
    assert abs(answers[2]) < 0.05 * abs(answers[0])
    assert np.allclose(steered(np.full((9, 9), 80, np.float32)), 128, atol=4)


# ── both methods ──


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_every_pixel_is_a_copy_of_the_one_it_says(method, dtype):
    pairs = [
        (blotches(20, 24, (3,), 1), blotches(20, 24, (3,), 2, dtype)),
        (blotches(15, 13, (3,), 3), blotches(15, 13, (3,), 4, dtype)),
    ]
    result = made(pairs, blotches(18, 26, (3,), 5), method=method, luminance=False, takes="pixels")
    assert result.picture.dtype == dtype
    assert set(np.unique(result.source[..., 0])) == {0, 1}
    for number, (_, Ap) in enumerate(pairs):
        mine = result.source[..., 0] == number
        _, y, x = result.source[mine].T
        assert np.array_equal(result.picture[mine], Ap[y, x])


@pytest.mark.parametrize("method", METHODS)
def test_only_luminance_is_made_and_colour_stays(method):
    A, B = blotches(24, 24, (3,), 1), np.full((20, 22, 3), (200, 90, 40), np.uint8)
    B[:, 11:] = (60, 90, 220)
    B += blotches(20, 22, (), 2)[..., None] // 16
    result = made([(A, A)], B, method=method)
    colour = result.picture.astype(int) - result.picture.mean(axis=2, keepdims=True)
    warm = colour[..., 0] > colour[..., 2]
    assert warm[:, :11].mean() > 0.95
    assert warm[:, 11:].mean() < 0.05


@pytest.mark.parametrize("method", METHODS)
def test_a_picture_is_found_in_itself(method):
    picture, style = blotches(30, 30, (3,), 1), blotches(30, 30, (3,), 2)
    result = made([(picture, style)], picture, method=method, luminance=False, takes="pixels")
    wrong = (result.picture != style).any(axis=2).mean()
    assert wrong < (0.02 if method == "exact" else 0.1)


@pytest.mark.parametrize("method", METHODS)
def test_labels_are_kept_apart(method):
    """Texture by numbers: two labels, two textures, another border between them."""
    A = np.zeros((40, 40, 3), np.uint8)
    A[:, 20:] = 255
    texture = blotches(40, 40, (), 3) // 3
    Ap = np.where(A == 0, texture[..., None], 170 + texture[..., None]).astype(np.uint8)
    B = np.zeros((36, 44, 3), np.uint8)
    B[18:] = 255
    result = made([(A, Ap)], B, method=method, luminance=False, takes="pixels", kappa=2)
    assert (result.picture[:17] < 120).all(axis=2).mean() > 0.99
    assert (result.picture[19:] > 120).all(axis=2).mean() > 0.99


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(method):
    flat = np.full((70, 70, 3), 128, np.uint8)
    pairs = [(flat, blotches(70, 70, (3,), 1))]
    settings = {"method": method, "luminance": False, "takes": "pixels"}
    one, two = (made(pairs, flat, seed=3, threads=threads, **settings) for threads in (1, 2))
    other = made(pairs, flat, seed=4, threads=2, **settings)
    assert np.array_equal(one.picture, two.picture)
    assert np.array_equal(one.source, two.source)
    assert not np.array_equal(one.source, other.source)


@pytest.mark.parametrize("method", METHODS)
def test_each_preview_is_whole_and_nothing_is_written_to(method):
    A, Ap, B = (blotches(40, 45, (3,), seed) for seed in range(3))
    for picture in (A, Ap, B):
        picture.flags.writeable = False
    steps = list(analogy([(A, Ap)], B, settings=Settings(method=method)))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == 1
    shown = [step.value for step in steps if step.value is not None]
    assert len(shown) >= 2
    for value in shown:
        assert value.picture.shape == B.shape
        assert (value.source >= 0).all()
        assert (value.source <= (0, 39, 44)).all()


@pytest.mark.parametrize("method", METHODS)
def test_inverting_is_learnt(method):
    ys, xs = np.mgrid[:64, :64]
    A = (127 + 60 * np.sin(ys / 5) + 60 * np.cos((xs + ys) / 7)).astype(np.uint8)
    B = (120 + 50 * np.sin(ys / 6) + 55 * np.cos((xs - ys) / 8)).astype(np.uint8)
    result = made([(A, 255 - A)], B, method=method, kappa=0, remap=False, uniformity=0)
    assert np.abs(result.picture.astype(int) - (255 - B)).mean() < 6


def test_uniformity_takes_from_more_of_the_style():
    """B fits one column of A best and those around it nearly as well."""
    A = np.tile(np.arange(112, 144, dtype=np.uint8).repeat(3), (64, 1))
    Ap, B = 100 + blotches(*A.shape) // 8, np.full((64, 64), 128, np.uint8)

    def spread(uniformity):
        settings = {"method": "fast", "remap": False, "uniformity": uniformity}
        return made([(A, Ap)], B, **settings).source[..., 2].std()

    assert spread(2.0) > 1.3 * spread(0.0)


def test_a_guide_without_weight_says_nothing():
    right, wrong = blotches(30, 30, (), 1), blotches(30, 30, (), 2)
    style = blotches(30, 30, (), 3)
    for method in METHODS:
        result = made(
            [([right, wrong], style)], [right, wrong.T.copy()], method=method, remap=False,
            luminance=True, weights=(1.0, 0.0),
        )  # fmt: skip
        alone = made([(right, style)], right, method=method, remap=False)
        assert np.array_equal(result.picture, alone.picture)


# ── what cannot be done is said ──


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"method": "slow"}, 'no method "slow"'),
        ({"kappa": -1.0}, "kappa is -1.0"),
        ({"uniformity": float("nan")}, "uniformity is nan"),
        ({"levels": 0}, "levels is 0"),
        ({"weights": (1.0, -2.0)}, "weights of the guides"),
        ({"weights": (0.0,)}, "all 0"),
    ],
)
def test_settings_out_of_range(settings, words):
    with pytest.raises(ValueError, match=words):
        Settings(**settings)


def test_pictures_that_make_no_analogy():
    A, small, tiny = blotches(12, 12), blotches(12, 9), blotches(4, 30)
    for pairs, B, words in (
        ([], A, "no pair"),
        ([(A, small)], A, "A is 12 × 12 and A′ is 9 × 12"),
        ([(A, A)], tiny, "B is 30 × 4: smaller than the window"),
        ([([A, A], A)], A, "A has 2 guides and B has 1"),
        ([([A, A], A)], [A, small], "the guides of B are 12 × 12 and 9 × 12"),
        ([(A.astype(np.float64), A)], A, "float64"),
    ):
        with pytest.raises(ValueError, match=words):
            made(pairs, B)
    with pytest.raises(ValueError, match="2 weights for 1 guides"):
        made([(A, A)], A, weights=(1.0, 1.0))
