import numpy as np
import pytest

from editor.engine import efros_leung_views
from editor.engine.efros_leung import Rule, synthesise
from editor.engine.efros_leung_reference import gaussian_weights
from editor.engine.efros_leung_samples import Atlas, Sample
from editor.engine.efros_leung_views import Vantage
from editor.engine.image import Size
from editor.engine.kernels import efros_leung_views as kernels
from editor.engine.step import last
from editor.engine.threads import Crew
from tests.engine.ended import ended


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def directions(rows, count, threads=1):
    with Crew(threads) as crew:
        return ended(efros_leung_views._directions(rows.copy(), count, crew))


def test_rows_become_orthonormal_and_dependent_ones_nothing():
    rows = np.random.default_rng(1).standard_normal((4, 6))
    rows[2] = rows[0] - 3 * rows[1]
    kernels.orthonormalise(rows)
    np.testing.assert_allclose(rows @ rows.T, np.diag([1, 1, 0, 1]), atol=1e-12)


def test_directions_keep_nearly_what_the_best_ones_keep():
    rng = np.random.default_rng(2)
    rows = (
        rng.standard_normal((300, 40)) @ np.diag(0.8 ** np.arange(40)) @ rng.normal(size=(40, 40))
    )
    basis = directions(rows, 8)
    np.testing.assert_allclose(basis.T @ basis, np.eye(8), atol=1e-12)
    rows -= rows.mean(axis=0)
    kept = ((rows @ basis) ** 2).sum(axis=0)
    assert (np.diff(kept) <= 0).all()
    assert kept.sum() > 0.95 * (np.linalg.svd(rows)[1][:8] ** 2).sum()


def test_directions_are_the_same_on_two_threads():
    rows = np.random.default_rng(3).standard_normal((700, 90))
    np.testing.assert_array_equal(directions(rows, 16), directions(rows, 16, threads=2))


def test_more_directions_than_numbers_are_filled_up_with_nothing():
    basis = directions(np.random.default_rng(4).standard_normal((20, 3)), 6)
    np.testing.assert_allclose(basis.T @ basis, np.diag([1, 1, 1, 0, 0, 0]), atol=1e-12)


@pytest.mark.parametrize("positions", [5, kernels.BAND, 2 * kernels.BAND + 7])
def test_a_projection_is_the_sum_of_its_numbers(positions):
    rng = np.random.default_rng(5)
    colours = rng.uniform(-1, 1, positions + 30).astype(np.float32)
    begins, basis = rng.integers(0, 30, 8), rng.uniform(-1, 1, (8, 6)).astype(np.float32)
    codes = np.empty((6, positions), np.float32)
    kernels.project(0, -(-positions // kernels.BAND), colours, begins, basis, codes)
    seen = np.stack([colours[begin : begin + positions] for begin in begins])
    np.testing.assert_allclose(codes, basis.T @ seen, atol=1e-5)


@pytest.mark.parametrize("channels", [(), (3,)])
def test_no_code_is_farther_than_the_windows_are(channels):
    picture, window = noise(28, 30, *channels, seed=6), 5
    atlas = Atlas([Sample(picture)], window)
    samples, count = ended(atlas.load()), atlas.channels
    vantage = Vantage(samples, count, window)
    with Crew(1) as crew:
        ended(vantage._make(8, 0, crew))
    views, weights = vantage.views, gaussian_weights(window).ravel().astype(float)
    taps = views.taps[0][views.taps[0] >= 0]
    ys, xs = np.divmod(samples.first, samples.stride)
    planes = picture.reshape(28, 30, -1).astype(float)
    around = np.arange(window) - window // 2
    seen = planes[ys[:, None, None] + around[:, None], xs[:, None, None] + around]
    seen = seen.reshape(len(ys), window**2, -1)[:, taps]
    codes = views.codes[0].transpose(0, 2, 1, 3).reshape(-1, 2 * len(views.steps))[: len(ys)]
    far = ((seen - seen[0]) ** 2 * weights[taps, None]).sum(axis=(1, 2))
    near = ((codes - codes[0].astype(float)) ** 2).sum(axis=1)
    rounding = np.sqrt(codes.shape[1]) + 1
    assert (np.sqrt(near) <= views.scale[0] * np.sqrt(far) + rounding).all()
    assert np.sqrt(near[1:]).mean() > 0.5 * views.scale[0] * np.sqrt(far[1:]).mean()


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_grows_with_all_views_and_without_any(threads, monkeypatch):
    pictures = []
    for pays in (0, 1 << 40):
        monkeypatch.setattr(efros_leung_views, "_PAYS", pays)
        rule = Rule(17, max_error=0.3)
        growth = synthesise([Sample(noise(30, 34, 3, seed=7))], Size(44, 40), rule, threads=threads)
        pictures.append(last(growth.steps()).picture.copy())
        assert (growth._vantage.views.slot >= 0).any() == (pays == 0)
    np.testing.assert_array_equal(*pictures)
