import numpy as np
import pytest

from editor.engine.kernels.random import bits
from editor.engine.random import normals
from editor.engine.threads import Crew


def test_the_same_seed_gives_the_same_numbers_on_one_thread_or_three():
    with Crew(3) as crew:
        shared = normals(5, (300, 301), crew)
    assert np.array_equal(shared, normals(5, (300, 301)))
    assert not np.array_equal(shared, normals(6, (300, 301)))


def test_a_number_belongs_to_its_place():
    assert np.array_equal(normals(5, (10,)), normals(5, (1000,))[:10])


def test_the_numbers_are_pinned_for_ever():
    """A recipe from years ago must give the same grain."""
    assert [hex(int(bits(1, counter))) for counter in range(2)] == [
        "0x53001e4ae3a9d71",
        "0xdb6509dc390c47d",
    ]


def test_they_are_nearly_normal_and_independent():
    numbers = normals(0, (400, 500)).astype(np.float64)
    assert numbers.mean() == pytest.approx(0, abs=0.01)
    assert numbers.std() == pytest.approx(1, abs=0.01)
    assert (np.abs(numbers) < 1).mean() == pytest.approx(0.68, abs=0.03)
    for other in (np.roll(numbers, 1, 0), np.roll(numbers, 1, 1), normals(1, (400, 500))):
        assert (numbers * other).mean() == pytest.approx(0, abs=0.01)


def test_neighbouring_counters_and_seeds_share_half_their_bits():
    for pair in ((bits(0, 0), bits(0, 1)), (bits(0, 0), bits(1, 0)), (bits(7, 9), bits(9, 7))):
        different = (int(pair[0]) ^ int(pair[1])).bit_count()
        assert 16 <= different <= 48
