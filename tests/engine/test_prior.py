from dataclasses import replace

import numpy as np
import pytest
import torch

from editor.engine import prior, prior_fit
from editor.engine.curve import Checkpoint
from editor.engine.device import Device
from editor.engine.networks import NETS
from editor.engine.prior import Settings, at, restore
from editor.engine.prior_fit import Course, Fit, Left, all_sizes
from editor.engine.prior_tasks import problem
from editor.engine.step import last

CPU = torch.device("cpu")
ONE = Device("cpu", 1)


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """The early sizes need not be fitted well here."""
    monkeypatch.setitem(NETS, "fast", replace(NETS["fast"], early=(10, 10)))
    monkeypatch.setitem(NETS, "fast-deep", replace(NETS["fast-deep"], early=(10, 5, 5)))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # another number adds up in another order
    yield
    torch.set_num_threads(threads)


def rings(height, width):
    """Circles and a ramp: what a network likes."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    circles = 0.5 + 0.3 * np.sign(np.sin(np.hypot(y - height / 3, x - width / 2) / 3))
    return np.stack([circles, 0.2 + 0.6 * x / width, circles * (1 - y / height)], axis=2)


def photo(height=40, width=48, dtype=np.uint8, noise=0.1):
    clean = rings(height, width)
    noisy = clean + noise * np.random.default_rng(0).standard_normal(clean.shape)
    white = np.iinfo(dtype).max
    return np.rint(np.clip(noisy, 0, 1) * white).astype(dtype)


def fitted(full=30, **more):
    """So many iterations at full size, after those that ``_short`` leaves before it."""
    return Settings(iterations=sum(all_sizes(full, NETS["fast"])), **more)


def error(picture, clean):
    return float(np.sqrt(np.mean((picture / np.float32(255) - clean) ** 2)))


@pytest.mark.parametrize(
    ("task", "more"),
    [
        ("denoise", {}),
        ("jpeg", {}),
        ("superres", {"scale": 2}),
        ("inpaint", {"hole": np.tri(40, 48, -20, dtype=bool)}),
        ("flash", {"flash": photo(noise=0)}),
    ],
)
def test_every_task_lowers_its_loss(task, more):
    restoration = restore(photo(), task, settings=fitted(40), device=ONE, **more)
    last(restoration.steps())
    full = restoration.restored().curve.losses[20:]
    assert len(full) == 40
    assert np.mean(full[-5:]) < 0.6 * np.mean(full[:5])


@pytest.mark.parametrize("name", [name for name in NETS if name != "fast"])
def test_every_network_can_be_fitted(name):
    fit = Fit(problem(photo(20, 24), "denoise"), NETS[name], Course(16), CPU)
    while not fit.over:
        fit.iterate()
    assert min(fit.losses[2:]) < fit.losses[1]  # the first steps may overshoot
    assert fit.picture().shape == (20, 24, 3)


def test_noise_goes():
    clean, noisy = rings(64, 64), photo(64, 64)
    value = last(restore(noisy, "denoise", settings=fitted(250), device=ONE).steps())
    assert error(value.picture, clean) < 0.75 * error(noisy, clean)


def test_only_the_hole_changes_and_it_is_filled_from_around():
    image, hole = photo(64, 64, noise=0), np.zeros((64, 64), bool)
    hole[20:30, 25:33] = True
    broken = image.copy()
    broken[hole] = 255
    restoration = restore(broken, "inpaint", hole=hole, settings=fitted(150), device=ONE)
    value = last(restoration.steps())
    assert np.array_equal(value.picture[~hole], image[~hole])
    off = np.abs(value.picture[hole].astype(int) - image[hole]).mean()
    assert off < 0.5 * np.abs(broken[hole].astype(int) - image[hole]).mean()


@pytest.mark.parametrize(
    "image",
    [
        photo(21, 33)[..., 0],
        photo(21, 33, np.uint16),
        np.dstack([photo(21, 33), np.arange(21 * 33, dtype=np.uint8).reshape(21, 33)]),
        rings(21, 33) * 3,
        np.full((21, 33, 3), 200, np.uint8),
        photo(1, 1),
    ],
    ids=["grey", "16 bits", "alpha", "float", "one colour", "one pixel"],
)
def test_a_picture_comes_back_as_it_came(image):
    before = image.copy()
    value = last(restore(image, "denoise", settings=fitted(3), device=ONE).steps())
    assert np.array_equal(image, before)
    assert value.picture.shape == image.shape
    assert value.picture.dtype == image.dtype
    assert np.isfinite(value.picture).all()
    if image.shape[2:] == (4,):
        assert np.array_equal(value.picture[..., 3], image[..., 3])


@pytest.mark.parametrize("scale", [2, 4, 8])
def test_an_enlarged_picture_has_its_alpha_enlarged(scale):
    image = np.dstack([photo(9, 11), np.full((9, 11), 200, np.uint8)])
    value = last(restore(image, "superres", scale=scale, settings=fitted(2), device=ONE).steps())
    assert value.picture.shape == (9 * scale, 11 * scale, 4)
    assert (value.picture[..., 3] == 200).all()


def test_a_pixel_that_is_not_a_number_is_restored():
    image = rings(32, 32)
    image[5, 6] = np.nan
    value = last(restore(image, "denoise", settings=fitted(60), device=ONE).steps())
    assert np.isfinite(value.picture).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    one, same, other = (
        last(restore(photo(), "denoise", settings=fitted(5, seed=seed), device=ONE).steps())
        for seed in (4, 4, 5)
    )
    assert np.array_equal(one.picture, same.picture)
    assert not np.array_equal(one.picture, other.picture)


def goes_on(restoration, until):
    """Run to some iteration, and leave."""
    steps = restoration.steps()
    for _ in steps:
        if restoration.done >= until:
            break
    steps.close()


@pytest.mark.parametrize("until", [4, 10, 17, 33])
def test_who_leaves_and_comes_back_gets_the_same_bytes(until):
    whole = restore(photo(), "denoise", settings=fitted(), device=ONE)
    expected = last(whole.steps())
    paused = restore(photo(), "denoise", settings=fitted(), device=ONE)
    goes_on(paused, until)
    reopened = restore(photo(), "denoise", settings=fitted(), device=ONE)
    reopened.load(paused.saved())
    for restoration in (paused, reopened):
        value = last(restoration.steps())
        assert np.array_equal(value.picture, expected.picture)
        assert np.array_equal(value.curve.losses, expected.curve.losses)
        assert np.array_equal(value.curve.variances, expected.curve.variances)
        pairs = zip(value.curve.checkpoints, expected.curve.checkpoints, strict=True)
        for one, other in pairs:
            assert one.iteration == other.iteration
            assert np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize(
    ("iterations", "early", "counts"),
    [
        (700, (200, 200), (200, 200, 300)),
        (300, (200, 200), (100, 100, 100)),
        (301, (200, 200), (100, 100, 101)),
        (1400, (400, 400, 200), (400, 400, 200, 400)),
        (2, (200, 200), (0, 0, 2)),
        (5, (), (5,)),
    ],
)
def test_iterations_are_those_at_all_sizes_together(iterations, early, counts):
    network = replace(NETS["fast"], early=early)
    assert Course(iterations).counts(network) == counts
    assert sum(counts) == iterations


def test_so_many_iterations_as_are_asked_for_are_done():
    for asked in (1, 2, 7):
        settings = Settings(iterations=asked, automatic=False)
        curve = last(restore(photo(), "denoise", settings=settings, device=ONE).steps()).curve
        assert curve.done == curve.taken == curve.ends[-1] == asked


def test_an_iteration_that_is_left_has_not_been():
    fits = [Fit(problem(photo(), "denoise"), NETS["fast"], Course(27), CPU) for _ in range(2)]
    convolutions = [m for m in fits[0]._net.modules() if isinstance(m, torch.nn.Conv2d)]
    for number in (-1, -4):
        for fit in fits:
            fit.iterate()
        leave = convolutions[number].register_forward_hook(lambda *_: fits[0].leave())
        with pytest.raises(Left):
            fits[0].iterate()
        leave.remove()
    for fit in fits:
        fit.iterate()
    assert fits[0].losses == fits[1].losses
    assert np.array_equal(fits[0].picture(), fits[1].picture())


def test_the_way_back_can_be_left_too():
    fit = Fit(problem(photo(), "denoise"), NETS["fast"], Course(27), CPU)
    loss = fit._levels[0].loss
    fit._levels[0] = type("Slow", (), {"loss": staticmethod(lambda x: (fit.leave(), loss(x))[1])})
    with pytest.raises(Left):
        fit.iterate()
    assert fit.done == 0


def test_it_stops_by_itself_and_takes_the_picture_of_the_valley(monkeypatch):
    monkeypatch.setattr(prior_fit, "_PATIENCE", 0.05)
    restoration = restore(photo(32, 32), "denoise", settings=fitted(400, average=0.9), device=ONE)
    value = last(restoration.steps())
    curve = value.curve
    assert curve.done < 420
    assert curve.done - curve.best == 20
    assert curve.best - 20 == 20 + 1 + np.argmin(curve.variances[40:])
    assert curve.taken == curve.best
    assert np.array_equal(curve.nearest(curve.best).pixels, value.picture)


def test_the_one_at_which_to_stop_is_taken_when_the_time_is_up():
    restoration = restore(photo(32, 32), "denoise", settings=fitted(400, average=0.9), device=ONE)
    goes_on(restoration, 120)
    now, chosen = restoration.restored(), restoration.restored(chosen=True)
    assert now.curve.taken == now.curve.done == 120
    assert chosen.curve.taken == chosen.curve.best > 0
    kept = chosen.curve.nearest(chosen.curve.best)
    assert np.array_equal(kept.pixels, chosen.picture)


def test_budget_ends_it():
    restoration = restore(photo(), "denoise", settings=fitted(90_000, budget=0.0), device=ONE)
    value = last(restoration.steps())
    assert value.curve.done == value.curve.taken == 0
    assert np.array_equal(value.picture, photo())


def test_checkpoints_are_bounded_and_can_be_shown():
    restoration = restore(photo(), "denoise", settings=fitted(60), device=ONE)
    value = last(restoration.steps())
    curve = value.curve
    regular = [one.iteration for one in curve.checkpoints if one.iteration != curve.taken]
    assert set(regular) | {curve.taken} >= set(range(4, 81, 4))
    assert [one.iteration for one in curve.checkpoints] == sorted({*regular, curve.taken})
    assert curve.checkpoints[0].pixels.dtype == np.uint8
    last_one = curve.checkpoints[-1]
    assert np.array_equal(at(last_one, photo(), "denoise"), last_one.pixels)


def test_strength_leaves_some_of_what_was_there():
    image = photo()
    values = [
        last(restore(image, "denoise", settings=fitted(5, strength=part), device=ONE).steps())
        for part in (1.0, 0.4, 0.0)
    ]
    full, some, none = (value.picture.astype(float) for value in values)
    assert np.array_equal(none, image)
    assert np.abs(some - (0.6 * image + 0.4 * full)).max() <= 1
    again = at(values[0].curve.nearest(values[0].curve.taken), image, "denoise", strength=0.4)
    assert np.array_equal(again, values[1].picture)


def test_what_is_enlarged_is_blended_with_what_stretching_makes():
    image = photo(9, 11)
    plain = np.full((18, 22, 3), 7, np.float32) / 255
    checkpoint = Checkpoint(1, np.full((18, 22, 3), 7, np.uint8))
    full, none = (at(checkpoint, image, "superres", scale=2, strength=part) for part in (1, 0))
    assert np.array_equal(full, np.rint(plain * 255))
    assert np.abs(none[::2, ::2].astype(int) - image).mean() < 20


@pytest.mark.parametrize("dtype", [bool, np.uint8])
def test_outside_a_mask_nothing_changes_whatever_the_task(dtype):
    image, hole = rings(24, 24), np.zeros((24, 24), dtype)
    hole[5:12, 6:20] = 255
    image[6, 7] = image[20, 20] = np.nan
    settings = fitted(3, strength=0.5)
    value = last(restore(image, "denoise", hole=hole, settings=settings, device=ONE).steps())
    outside = ~hole.astype(bool)
    assert np.array_equal(value.picture[outside], image[outside], equal_nan=True)
    assert np.isfinite(value.picture[6, 7]).all()
    assert not np.array_equal(value.picture, image, equal_nan=True)


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ValueError, match="the mask is 5 × 4 and the picture is 48 × 40"):
        restore(photo(), "denoise", hole=np.ones((4, 5), bool))


def test_a_result_too_big_for_the_memory_is_refused_with_its_size(monkeypatch):
    class Memory:
        available = 10_000_000

    monkeypatch.setattr(prior.psutil, "virtual_memory", Memory)
    with pytest.raises(
        ValueError, match=r"enlarged 8 times the picture is 480 × 400, which takes 0\.0 GB"
    ):
        restore(photo(50, 60), "superres", scale=8)


def memory(monkeypatch, free):
    monkeypatch.setattr(prior, "free_memory", lambda _: free)


def test_a_large_picture_is_restored_in_tiles(monkeypatch):
    image = photo(90, 200, noise=0)
    whole = restore(image, "denoise", settings=fitted(20), device=ONE)
    last(whole.steps())
    memory(monkeypatch, round(whole._bytes(128 * 129) / 0.6))
    tiled = restore(image, "denoise", settings=fitted(20), device=ONE)
    value = last(tiled.steps())
    assert len(tiled._tiles) == 2
    assert (tiled._weight > 0).all()
    part = restore(image[:, :128], "denoise", settings=fitted(20), device=ONE)
    left = last(part.steps()).picture
    assert np.array_equal(left[:, :72], value.picture[:, :72])


def test_a_tiled_picture_goes_on_where_it_was(monkeypatch):
    image, settings = photo(90, 200), fitted(8)
    whole = restore(image, "denoise", settings=settings, device=ONE)
    last(whole.steps())
    memory(monkeypatch, round(whole._bytes(128 * 129) / 0.6))
    expected = last(restore(image, "denoise", settings=settings, device=ONE).steps())
    paused = restore(image, "denoise", settings=settings, device=ONE)
    steps = paused.steps()
    while paused._tile == 0:
        next(steps)
    steps.close()
    reopened = restore(image, "denoise", settings=settings, device=ONE)
    reopened.load(paused.saved())
    assert np.array_equal(last(reopened.steps()).picture, expected.picture)


def test_too_little_memory_is_refused_with_the_number(monkeypatch):
    memory(monkeypatch, 1_000_000)
    restoration = restore(photo(300, 300), "denoise", settings=fitted(), device=ONE)
    with pytest.raises(ValueError, match=r"takes 0\.\d GB of memory even in parts and 0\.0 GB"):
        last(restoration.steps())


def running_out(monkeypatch, when):
    """Iterations fail when asked so, and memory seems to be plenty."""
    iterate = Fit.iterate

    def failing(fit):
        if when(fit):
            raise torch.OutOfMemoryError("CUDA out of memory")
        iterate(fit)

    monkeypatch.setattr(Fit, "iterate", failing)
    monkeypatch.setattr(prior, "bytes_each", lambda *_: 100.0)


def test_when_memory_runs_out_the_tiles_become_smaller(monkeypatch):
    failures = iter([False, True])
    running_out(monkeypatch, lambda _: next(failures, False))
    restoration = restore(photo(300, 20), "denoise", settings=fitted(4), device=ONE)
    value = last(restoration.steps())
    assert "in parts of 128 pixels" in restoration.notice
    assert value.picture.shape == (300, 20, 3)
    assert restoration.over


def test_when_even_small_tiles_are_too_much_it_says_so(monkeypatch):
    running_out(monkeypatch, lambda _: True)
    restoration = restore(photo(300, 20), "denoise", settings=fitted(4), device=ONE)
    with pytest.raises(ValueError, match="memory ran out: close other programs"):
        last(restoration.steps())


def test_from_a_card_that_is_too_small_it_goes_on_to_the_cpu(monkeypatch):
    monkeypatch.setattr(prior, "free_memory", lambda _: 10**9)
    monkeypatch.setattr(prior, "bytes_each", lambda *_: 100.0)
    monkeypatch.setattr(prior, "Fit", OnlyOnTheCpu)
    card = Device("cuda", 1, "A small one")
    restoration = restore(photo(30, 20), "denoise", settings=fitted(4), device=card)
    value = last(restoration.steps())
    assert "restored on the CPU" in restoration.notice
    assert value.curve.done == 12


class OnlyOnTheCpu(Fit):
    def __init__(self, problem, architecture, course, device):
        if device.type == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory")
        super().__init__(problem, architecture, course, device)


def test_an_estimate_leaves_the_fit_alone():
    asked = restore(photo(), "denoise", settings=fitted(5), device=ONE)
    estimate = last(asked.estimate())
    assert estimate.tiles == 1
    assert estimate.bytes > photo().nbytes
    assert 0 < estimate.iteration < estimate.seconds
    plain = restore(photo(), "denoise", settings=fitted(5), device=ONE)
    assert np.array_equal(last(asked.steps()).picture, last(plain.steps()).picture)


def test_memory_is_counted_in_proportion():
    few, many = (
        prior.bytes_each(NETS[name], problem(photo(), "denoise"), CPU)
        for name in ("fast", "skip-5")
    )
    assert many > 5 * few


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"net": "vgg"}, 'no network "vgg"'),
        ({"iterations": 0}, "iterations is 0: it goes from 1"),
        ({"noise": -1.0}, "noise is -1"),
        ({"average": 1.0}, "average is 1"),
        ({"strength": 1.5}, "strength is 1.5: it goes from 0 to 1"),
    ],
)
def test_settings_are_checked(settings, said):
    with pytest.raises(ValueError, match=said):
        Settings(**settings)


def test_a_fit_of_other_settings_is_refused():
    saved = Fit(problem(photo(), "denoise"), NETS["resnet-8"], Course(5), CPU).saved()
    fit = Fit(problem(photo(), "denoise"), NETS["fast"], Course(5), CPU)
    with pytest.raises(ValueError, match="saved with other settings"):
        fit.load(saved)


@pytest.mark.gpu
def test_a_card_agrees_with_the_cpu():
    on_card = restore(photo(64, 64), "denoise", settings=fitted(250), device=Device("cuda", 1))
    on_cpu = restore(photo(64, 64), "denoise", settings=fitted(250), device=ONE)
    clean = rings(64, 64)
    errors = [error(last(one.steps()).picture, clean) for one in (on_card, on_cpu)]
    assert errors[0] == pytest.approx(errors[1], rel=0.15)
