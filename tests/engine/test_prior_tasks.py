import numpy as np
import pytest
import torch

from editor.engine.image import Rect
from editor.engine.prior_tasks import Problem, problem, shrunk, to_tensor

CPU = torch.device("cpu")


def noise(*shape):
    return np.random.default_rng(0).random(shape).astype(np.float32)


@pytest.mark.parametrize("scale", [2, 4, 8])
def test_shrinking_keeps_a_flat_picture_flat_and_a_ramp_in_its_place(scale):
    flat = shrunk(torch.full((1, 3, 6 * scale, 5 * scale), 0.3), scale)
    assert flat.shape == (1, 3, 6, 5)
    assert torch.allclose(flat, torch.tensor(0.3), atol=1e-6)
    ramp = torch.arange(12.0 * scale).expand(1, 1, 8 * scale, -1)
    middles = torch.arange(12) * scale + (scale - 1) / 2
    assert torch.allclose(shrunk(ramp, scale)[0, 0, 4, 3:9], middles[3:9], atol=1e-3)


def test_shrinking_is_lanczos_at_one_pixel():
    t = (np.arange(16) - 7.5) / 4
    taps = np.sinc(t) * np.sinc(t / 2)
    taps /= taps.sum()
    x = noise(48, 48, 1)
    window = x[3 * 4 - 6 : 3 * 4 + 10, 5 * 4 - 6 : 5 * 4 + 10, 0]
    assert float(shrunk(to_tensor(x), 4)[0, 0, 3, 5]) == pytest.approx(taps @ window @ taps)


def test_the_loss_is_that_of_the_known_pixels():
    target, known = noise(8, 8, 3), np.zeros((8, 8), np.float32)
    known[2, 3] = known[4, 4] = 1
    level = Problem(target, known).at(0, CPU)
    wrong = np.square(target - 0.5).mean(axis=2)
    loss = float(level.loss(torch.full((1, 3, 8, 8), 0.5)))
    assert loss == pytest.approx((wrong[2, 3] + wrong[4, 4]) / 2)


def test_a_smaller_picture_is_the_mean_of_what_is_known():
    target, known = noise(4, 4, 1), np.ones((4, 4), np.float32)
    known[0, 0] = known[2:, 2:] = 0
    level = Problem(target, known).at(1, CPU)
    mean = (target[0, 1] + target[1, 0] + target[1, 1]) / 3
    assert float(level.target[0, 0, 0, 0]) == pytest.approx(float(mean[0]))
    assert level.known[0, 0].tolist() == [[0.75, 1], [1, 0]]


@pytest.mark.parametrize(("level", "size", "scale"), [(0, 8, 4), (1, 8, 2), (2, 8, 1), (3, 4, 1)])
def test_an_enlarged_picture_begins_where_it_is_not_larger(level, size, scale):
    x = Problem(noise(8, 8, 3), np.ones((8, 8), np.float32), scale=4).at(level, CPU)
    assert (x.target.shape[2], x.scale) == (size, scale)


@pytest.mark.parametrize(("scale", "size"), [(1, (48, 64)), (4, (32, 32))])
def test_padding_mirrors_to_what_a_network_takes_and_counts_for_nothing(scale, size):
    height, width = (35, 50) if scale == 1 else (5, 7)
    asked = Problem(noise(height, width, 3), np.ones((height, width), np.float32), scale)
    padded = asked.padded(16, 32)
    assert padded.size == size
    assert np.array_equal(padded.target[:height, :width], asked.target)
    assert np.array_equal(padded.target[:height, width], asked.target[:, -1])
    assert padded.known.sum() == height * width


def test_what_a_picture_brings_along():
    image = np.full((6, 5, 4), 0.2, np.float32)
    image[1, 1, 0], image[2, 2, 2] = np.nan, 4.0
    asked = problem(image, "denoise")
    assert asked.known[1, 1] == 0
    assert asked.known.sum() == 29
    assert asked.ceiling > 1
    assert asked.target.max() == 1
    assert asked.target.shape == (6, 5, 3)
    assert problem(np.zeros((6, 5), np.uint16), "jpeg").target.shape == (6, 5, 1)


def test_a_hole_is_unknown_and_its_soft_edge_too():
    hole = np.zeros((6, 5), np.uint8)
    hole[2, 2], hole[2, 3] = 255, 1
    known = problem(np.zeros((6, 5, 3), np.uint8), "inpaint", hole=hole).known
    assert known.sum() == 28
    assert not known[2, 2:4].any()


def test_a_part_keeps_its_guide():
    flash = (noise(9, 9, 3) * 255).astype(np.uint8)
    asked = problem(np.zeros((9, 9, 3), np.uint8), "flash", flash=flash)
    part = asked.cut(Rect(2, 3, 4, 5))
    assert part.size == (5, 4)
    assert np.array_equal(part.guide, flash[3:8, 2:6].astype(np.float32) / np.float32(255))


PLAIN = np.zeros((6, 5, 3), np.uint8)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"task": "sharpen"}, 'no task "sharpen"'),
        ({"task": "inpaint"}, "the mask is missing"),
        ({"task": "inpaint", "hole": np.zeros((6, 5), bool)}, "the mask is empty"),
        ({"task": "superres", "scale": 3}, "the scale is 3: choose 2, 4 or 8"),
        ({"task": "flash"}, "taken with flash is missing"),
        ({"task": "flash", "flash": np.zeros((6, 6, 3), np.uint8)}, "6 × 6"),
        ({"task": "denoise", "image": np.full((4, 4), np.nan, np.float32)}, "nothing to fit"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, said):
    with pytest.raises(ValueError, match=said):
        problem(**{"image": PLAIN, **arguments})
