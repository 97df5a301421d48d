"""The search in torch: as good as the compiled one, the same on every device, in any memory."""

import itertools

import numpy as np
import pytest
import torch

from editor.engine import patchmatch_torch
from editor.engine.kernels.random import bits as compiled_bits
from editor.engine.nearest_exact import nearest_exact
from editor.engine.patchmatch import FORBIDDEN, Part, Search, nearest
from editor.engine.patchmatch_reference import distance
from editor.engine.patchmatch_torch import Card, TorchSearch, bits, nearest_torch
from editor.engine.step import last


@pytest.fixture(autouse=True)
def one_thread():
    """Torch's own threads wait for each other busily, which is slow beside other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def noise(height, width, channels=3, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def clouds(side, seed):
    """Smooth at all scales, as photographs are."""
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    frequency[0, 0] = np.inf
    white = np.random.default_rng(seed).standard_normal((3, side, side))
    waves = np.fft.irfft2(np.fft.rfft2(white) / frequency**1.3, (side, side))
    scaled = 128 + 50 * waves / waves.std()
    return np.clip(scaled, 0, 255).astype(np.uint8).transpose(1, 2, 0).copy()


def found(target, source, **options):
    card = Card("cpu")
    field = last(nearest_torch(target, source, card=card, **options))
    assert card.notices == []
    return field


def mean(field, size=7):
    r = size // 2
    return np.sqrt(field.distances[r:-r, r:-r]).mean()


def failing(monkeypatch, times, problem=torch.OutOfMemoryError):
    """The distances raise so many times before they work; returns what each was asked for."""
    real, sizes = TorchSearch._distances, []

    def distances(self, at, places):
        sizes.append(len(at))
        if len(sizes) <= times:
            raise problem("CUDA out of memory.\nTried to allocate 2 GiB")
        return real(self, at, places)

    monkeypatch.setattr(TorchSearch, "_distances", distances)
    return sizes


@pytest.mark.parametrize("seed", [0, 1, 12345, (1 << 63) + 7])
def test_random_bits_are_those_of_the_kernels(seed):
    counters = torch.tensor([0, 1, 2, 99_999_999, (1 << 62) + 5])
    ours = bits(seed, counters).numpy().view(np.uint64)
    assert ours.tolist() == [compiled_bits(np.uint64(seed), np.uint64(n)) for n in counters]


def test_a_part_of_a_target_is_searched_as_it_would_be_in_the_whole():
    target, source = noise(90, 110), noise(50, 60, seed=2)
    wanted = np.zeros((90, 110), bool)
    wanted[50:70, 75:100] = True
    fields = []
    for part in (Part(0, 0, 110), Part(32, 64, 110)):
        rest = np.s_[part.top :, part.left :]
        search = Search(target[rest], source, wanted=wanted[rest], part=part)
        field = search.empty_field()
        list(search.prepare())
        twin = TorchSearch(search.pair, Card("cpu"))
        twin.look()
        for steps in (twin.begin(field.positions, 3), twin.sweep(3, 0, 60), twin.store(field)):
            list(steps)
        fields.append([values[search.wanted] for values in field])
    assert all(np.array_equal(*both) for both in zip(*fields, strict=True))


@pytest.mark.parametrize(("size", "channels"), [(3, 1), (7, 3), (5, 4), (15, 8)])
def test_distances_are_those_of_the_places(size, channels):
    target, source = noise(22, 25, channels), noise(28, 21, channels, seed=2)
    field = found(target, source, size=size, sweeps=1)
    r = size // 2
    for y in range(r, 22 - r, 2):
        for x in range(r, 25 - r, 3):
            q = tuple(field.positions[y, x])
            assert r <= q[0] < 28 - r
            assert r <= q[1] < 21 - r
            assert field.distances[y, x] == distance(target, source, size, (y, x), q)


def test_a_moved_picture_is_found_again():
    source = noise(60, 70)
    field = found(source[10:50, 15:60].copy(), source, sweeps=6)
    inner = np.s_[3:-3, 3:-3]
    y, x = np.mgrid[:40, :45]
    right = (field.positions[..., 0] == y + 10) & (field.positions[..., 1] == x + 15)
    assert right[inner].mean() > 0.99


@pytest.mark.parametrize("sweeps", [3, 5])
def test_matches_are_as_good_as_the_compiled_ones(sweeps):
    target, source = clouds(80, 1), clouds(80, 2)
    exact = mean(last(nearest_exact(target, source)))
    ours = mean(found(target, source, sweeps=sweeps))
    compiled = mean(last(nearest(target, source, sweeps=sweeps, thorough=True)))
    assert exact <= ours <= 1.05 * compiled


def test_every_sweep_brings_it_nearer_and_none_loses_anything():
    target, source = clouds(60, 1), clouds(60, 2)
    fields = [found(target, source, sweeps=sweeps).distances for sweeps in range(4)]
    for before, after in itertools.pairwise(fields):
        assert (after <= before).all()
        assert after.sum() < before.sum()


def test_a_seed_gives_the_same_field_in_tiles_of_any_size():
    target, source = clouds(30, 1), clouds(40, 2)
    options = {"target": target, "source": source, "sweeps": 2, "seed": 3}
    fields = [
        last(nearest_torch(**options, card=Card("cpu", memory))) for memory in (0, 60_000, 1 << 28)
    ]
    assert all((field.positions == fields[0].positions).all() for field in fields)
    other = found(**{**options, "seed": 4})
    assert (other.positions != fields[0].positions).any()


def test_only_what_is_wanted_is_searched_and_only_what_is_allowed_is_taken():
    target, source = noise(40, 50), noise(50, 40, seed=2)
    wanted, allowed = np.zeros((40, 50), bool), np.ones((50, 40), bool)
    wanted[10:20, 30:50] = True
    allowed[20:30, 15:25] = False
    field = found(target, source, wanted=wanted, allowed=allowed, sweeps=2)
    wanted[:, -3:] = False
    assert (field.positions[~wanted] == 0).all()
    for y, x in field.positions[wanted]:
        assert allowed[y - 3 : y + 4, x - 3 : x + 4].all()


def test_labels_are_matched_with_themselves():
    target, source = noise(30, 40), noise(40, 30, seed=2)
    labels = np.zeros((30, 40), np.uint8), np.zeros((40, 30), np.uint8)
    labels[0][:, 20:], labels[1][25:] = 7, 7
    labels[0][10, 10] = 9  # the source has none of these
    field = found(target, source, labels=labels, sweeps=3)
    core = np.zeros((30, 40), bool)
    core[3:-3, 3:-3] = True
    core[10, 10] = False
    ys, xs = field.positions[core].T
    assert (labels[1][ys, xs] == labels[0][core]).all()
    assert tuple(field.positions[10, 10]) == (-1, -1)
    assert field.distances[10, 10] == FORBIDDEN


def test_a_start_is_kept_where_it_is_valid():
    picture = noise(40, 40)
    start = np.stack(np.mgrid[:40, :40], axis=2).astype(np.int32)
    start[20:] = -1
    field = found(picture, picture, start=start, sweeps=0)
    assert (field.distances[3:20, 3:-3] == 0).all()
    assert field.distances[20:-3, 3:-3].mean() > 100_000
    assert (field.positions[20:-3, 3:-3] >= 3).all()


def test_nowhere_to_take_from_is_no_place():
    picture = noise(20, 20)
    field = found(picture, picture, allowed=np.zeros((20, 20), bool), sweeps=1)
    assert (field.positions[3:-3, 3:-3] == -1).all()
    assert (field.distances[3:-3, 3:-3] == FORBIDDEN).all()


# ── memory ──


def test_out_of_memory_is_met_with_smaller_tiles_and_the_result_is_the_same(monkeypatch):
    target, source = clouds(64, 1), clouds(64, 2)
    expected = found(target, source, sweeps=2)
    sizes, card = failing(monkeypatch, 2), Card("cpu")
    before = card.memory
    field = last(nearest_torch(target, source, sweeps=2, card=card))
    assert (field.positions == expected.positions).all()
    assert card.memory == before // 4
    assert sizes[1] < 0.6 * sizes[0]
    assert sizes[2] < 0.6 * sizes[1]
    assert not card.failed
    assert card.notices == []


def test_where_no_tile_fits_the_processor_does_it_and_says_so_once(monkeypatch):
    target, source = clouds(50, 1), clouds(50, 2)
    failing(monkeypatch, 999)
    card = Card("cpu")
    field = last(nearest_torch(target, source, sweeps=2, card=card))
    assert (
        field.positions == last(nearest(target, source, sweeps=2, thorough=True)).positions
    ).all()
    assert card.notices == [
        "The graphics card has too little free memory; the processor did the rest."
    ]


def test_a_tile_stays_within_its_memory(monkeypatch):
    sizes = failing(monkeypatch, 0)
    found(noise(70, 70), noise(70, 70, seed=2), sweeps=2)
    for_each = 8 * 7 * 7 * 3  # two patches of bytes, and their difference in two and four
    assert max(sizes) * for_each <= Card("cpu").memory


def test_a_mistake_of_ours_is_not_taken_for_the_cards(monkeypatch):
    failing(monkeypatch, 1, lambda _: RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes do not match"):
        found(noise(20, 20), noise(20, 20))


def test_a_card_that_is_not_there_is_told():
    if torch.cuda.is_available():
        pytest.skip("there is one")
    card = Card("cuda")
    field = last(nearest_torch(noise(30, 30), noise(30, 30, seed=2), sweeps=1, card=card))
    assert (field.distances[3:-3, 3:-3] > 0).all()
    assert card.notices[0].startswith("The graphics card reports: ")
    assert card.notices[0].endswith("; the processor did the rest.")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Card("meta"), "the device is meta: choose cpu or cuda"),
        (lambda: found(noise(9, 9), noise(9, 9), sweeps=-1), "sweeps is -1: at least 0"),
        (lambda: found(noise(5, 9), noise(9, 9)), "the target is 9 × 5: smaller than a patch"),
    ],
)
def test_what_cannot_be_is_said(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_card_finds_what_the_processor_finds_in_torch():
    target, source = clouds(200, 1), clouds(200, 2)
    labels = tuple(np.zeros((200, 200), np.uint8) for _ in range(2))
    labels[0][:, 90:], labels[1][50:] = 3, 3
    for options in ({}, {"labels": labels}):
        ours, theirs = (
            last(nearest_torch(target, source, card=Card(device), **options))
            for device in ("cpu", "cuda")
        )
        assert (ours.positions == theirs.positions).all()
        assert (ours.distances == theirs.distances).all()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_card_with_hardly_any_memory_still_ends_with_a_right_field():
    target, source = clouds(300, 1), clouds(300, 2)
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(64 * 2**20 / total)
    try:
        card = Card("cuda")
        field = last(nearest_torch(target, source, sweeps=3, card=card))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert card.failed or card.memory < patchmatch_torch._MEMORY["cuda"]
    assert mean(field) <= 1.05 * mean(last(nearest(target, source, sweeps=3, thorough=True)))
