"""Fill on a card: as good as on the processor, and never worse off where the card fails."""

from functools import partial

import numpy as np
import pytest
import torch

from editor.engine.fill import fill
from editor.engine.fill_torch import TorchSolver
from editor.engine.patchmatch import Search
from editor.engine.patchmatch_torch import Card, TorchSearch
from editor.engine.step import last
from editor.engine.threads import Crew
from tests.engine.test_fill import hole, noise, stripes
from tests.engine.test_guides import fence
from tests.engine.test_patchmatch_torch import clouds, failing, one_thread

__all__ = ["one_thread"]  # used by every test here


def filled(image, mask, card=None, *, fails=False, **options):
    if card is not None:
        options["solver"] = partial(TorchSolver, card=card)
    rect, pixels, _ = last(fill(image, mask, **options))
    result = image.copy()
    result[rect.slices] = pixels
    assert card is None or bool(card.notices) == card.failed == fails
    return result


def weave(height, width):
    """Threads over and under each other, uneven in colour: a texture that has to be matched."""
    y, x = np.mgrid[:height, :width]
    over = (x // 6 + y // 6) % 2 == 0
    light = np.where(over, np.sin(np.pi * (x % 6) / 6), np.sin(np.pi * (y % 6) / 6))
    colour = np.stack([40 + 180 * light, 30 + 120 * light, 60 + 60 * light], axis=2)
    return np.clip(colour + noise(height, width, 3) / 16, 0, 255).astype(np.uint8)


def psnr(result, image, mask):
    mistake = (result[mask > 0].astype(float) - image[mask > 0]) ** 2
    return 10 * np.log10(255**2 / mistake.mean())


@pytest.mark.parametrize("texture", [stripes, weave])
def test_textures_come_out_as_well_as_on_the_processor(texture):
    """On the mean of some seeds: a single fill can be better or worse by luck.

    Beyond 50 dB no eye sees a difference, and the last decibels are chance.
    """
    image, mask = texture(110, 130), hole(110, 130, (45, 35, 40, 36))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    ours, compiled = (
        np.mean([min(50, psnr(filled(damaged, mask, card, seed=n), image, mask)) for n in range(4)])
        for card in (Card("cpu"), None)
    )
    assert ours > compiled - 0.3


def test_what_is_straight_goes_on_there_as_well():
    image, mask = fence()
    on, off = (filled(image, mask, Card("cpu"), straight=wanted) for wanted in (True, False))
    assert (on[77:83].mean(axis=(0, 2)) > 215).all()
    assert not np.array_equal(on, off)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [(), (4,)])
def test_outside_the_hole_not_one_bit_changes(dtype, channels):
    image, mask = noise(60, 70, *channels, dtype=dtype), hole(60, 70, (20, 15, 25, 20))
    result = filled(image, mask, Card("cpu"))
    assert result.dtype == dtype
    assert (result[mask == 0] == image[mask == 0]).all()
    assert (result[mask > 0] != image[mask > 0]).any()


def test_a_seed_gives_the_same_bytes_on_any_threads_in_any_memory():
    image, mask = noise(120, 120, 3), hole(120, 120, (30, 30, 60, 50))
    one = filled(image, mask, Card("cpu"), seed=5)
    two = filled(image, mask, Card("cpu", 1 << 20), seed=5, threads=2)
    other = filled(image, mask, Card("cpu"), seed=6)
    assert (one == two).all()
    assert (one != other).any()


@pytest.mark.parametrize("rect", [(0, 0, 12, 12), (60, 0, 10, 60), (30, 0, 1, 60), (69, 59, 1, 1)])
def test_holes_at_the_edge_of_the_picture_and_hairs(rect):
    image, mask = stripes(60, 70), hole(60, 70, rect)
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    result = filled(damaged, mask, Card("cpu"))
    assert np.abs(result.astype(int) - image)[mask > 0].mean() < 40


def test_votes_are_those_of_the_compiled_version():
    image, inside = clouds(70, 3), np.zeros((70, 70), bool)
    inside[20:45, 0:30] = True
    pixels = np.dstack([image, image[..., 0]])
    results = []
    for make in (partial(TorchSolver, card=Card("cpu", 1 << 16)), None):
        with Crew(1) as crew:
            wanted = np.zeros_like(inside)
            wanted[17:48, 0:33] = True
            search = Search(pixels, pixels, wanted=wanted, allowed=~inside, crew=crew)
            base = TorchSolver.__base__ if make is None else make
            solver = base(search, inside, crew)
            list(solver.prepare())
            field = search.empty_field()
            list(search.begin(field, 1))
            solver._weights[...] = np.random.default_rng(2).random((70, 70)) * search.wanted
            solver._weights[30, 10] = 0
            list(solver._vote(field))
            results.append(search.target.copy())
    difference = np.abs(results[0].astype(int) - results[1])
    assert difference.max() <= 1
    assert difference.mean() < 0.001
    assert (results[0][inside] != pixels[inside]).any()


# ── memory ──


def test_smaller_tiles_give_the_same_picture(monkeypatch):
    image, mask = stripes(80, 90), hole(80, 90, (30, 25, 30, 30))
    expected = filled(image, mask, Card("cpu"))
    card = Card("cpu")
    failing(monkeypatch, 2)
    assert (filled(image, mask, card) == expected).all()
    assert card.memory == Card("cpu").memory // 4


def test_a_card_without_memory_leaves_the_fill_to_the_processor_and_says_so_once(monkeypatch):
    image, mask = stripes(150, 150), hole(150, 150, (40, 40, 70, 60))
    asked = failing(monkeypatch, 999)
    card = Card("cpu")
    result = filled(image, mask, card, fails=True)
    assert (result == filled(image, mask)).all()
    assert len(asked) == 4  # with tiles of half, a quarter and an eighth, and never again
    assert card.notices == [
        "The graphics card has too little free memory; the processor did the rest."
    ]


def test_a_driver_lost_in_the_middle_costs_one_pass(monkeypatch):
    image, mask = stripes(110, 110), hole(110, 110, (40, 30, 40, 50))
    damaged = np.where(mask[..., None] > 0, np.uint8(0), image)
    real, calls = TorchSearch.sweep, []

    def sweep(self, *arguments):
        calls.append(arguments)
        if len(calls) > 4:
            raise RuntimeError("CUDA error: unspecified launch failure\nCompile with …")
        return real(self, *arguments)

    monkeypatch.setattr(TorchSearch, "sweep", sweep)
    card = Card("cpu")
    result = filled(damaged, mask, card, fails=True)
    assert len(calls) == 5
    assert psnr(result, image, mask) > 30
    assert card.notices == [
        "The graphics card reports: CUDA error: unspecified launch failure; "
        "the processor did the rest."
    ]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_card_paints_what_the_processor_paints_in_torch():
    image, mask = clouds(300, 1), hole(300, 300, (100, 90, 80, 110))
    ours, theirs = (filled(image, mask, Card(device)) for device in ("cpu", "cuda"))
    assert (ours == theirs).all()
