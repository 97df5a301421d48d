"""A part of B becomes another picture, and only there and little around B′ is made anew."""

import numpy as np
import pytest

from editor.engine.analogy import Kept, Settings, analogy
from editor.engine.step import last

NUMBERS = Settings("fast", luminance=False, takes="pixels", remap=False, guidance=2.0)
REACH = 4  # two patches lie over a pixel and its neighbour that has changed


def labelled(height=40, width=48):
    """Two labels, and two textures that differ in every pixel."""
    A = np.zeros((height, width, 3), np.uint8)
    A[:, width // 2 :] = (255, 0, 0)
    noise = np.random.default_rng(1).integers(0, 60, (height, width, 3))
    return A, (noise + np.where(A[..., :1] > 0, 180, 10)).astype(np.uint8)


@pytest.fixture(scope="module")
def pairs():
    return [labelled(), labelled(33, 29)]


@pytest.fixture(scope="module")
def before(pairs):
    B = labelled(45, 51)[0]
    return B, last(analogy(pairs, B, settings=NUMBERS))


def painted(B):
    """B with a square of the other label, and where that is."""
    changed = np.zeros(B.shape[:2], np.bool_)
    changed[10:25, 5:17] = True
    return np.where(changed[..., None], np.uint8((255, 0, 0)), B), changed


def again(pairs, B, kept, **more):
    return list(analogy(pairs, B, settings=NUMBERS, kept=kept, **more))


def test_only_around_what_was_painted_anything_changes(pairs, before):
    B, made = before
    now, changed = painted(B)
    near = np.zeros_like(changed)
    near[10 - REACH : 25 + REACH, 5 - REACH : 17 + REACH] = True
    shown = [step.value for step in again(pairs, now, Kept(made.source, changed)) if step.value]
    assert len(shown) >= 2  # it is seen as it forms
    for value in shown:
        assert np.array_equal(value.picture[~near], made.picture[~near])
        assert np.array_equal(value.source[~near], made.source[~near])
    assert (made.picture[changed] < 80).all()
    assert (shown[-1].picture[changed] >= 180).mean() > 0.97


def test_every_pixel_is_a_copy_of_the_one_it_says(pairs, before):
    B, made = before
    now, changed = painted(B)
    result = again(pairs, now, Kept(made.source, changed))[-1].value
    for number, (_, Ap) in enumerate(pairs):
        mine = result.source[..., 0] == number
        _, y, x = result.source[mine].T
        assert np.array_equal(result.picture[mine], Ap[y, x])


def test_where_nothing_has_changed_all_is_kept(pairs, before):
    B, made = before
    result = again(pairs, B, Kept(made.source, np.zeros(B.shape[:2], np.bool_)))[-1].value
    assert np.array_equal(result.source, made.source)


def test_the_same_bytes_on_any_number_of_threads(pairs, before):
    B, made = before
    now, changed = painted(B)
    one, two = (
        again(pairs, now, Kept(made.source, changed), seed=3, threads=threads)[-1].value
        for threads in (1, 2)
    )
    assert np.array_equal(one.source, two.source)


def test_nothing_is_written_to(pairs, before):
    B, made = before
    now, changed = painted(B)
    source = made.source.copy()
    for array in (now, changed, source):
        array.flags.writeable = False
    again(pairs, now, Kept(source, changed))
    assert np.array_equal(source, made.source)


def test_what_cannot_be_kept_is_said(pairs, before):
    B, made = before
    nothing = np.zeros(B.shape[:2], np.bool_)
    with pytest.raises(ValueError, match="B is 51 × 45 and the B′ that is kept 50 × 45"):
        again(pairs, B, Kept(made.source[:, :-1], nothing))
    with pytest.raises(ValueError, match="other pairs of A and A′"):
        again(pairs[:1], B, Kept(made.source + np.int32(1), nothing))
    with pytest.raises(ValueError, match="only fast keeps some"):
        list(analogy(pairs, B, settings=Settings(), kept=Kept(made.source, nothing)))
