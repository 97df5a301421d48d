import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.video_sound import arranged_sound

RATE = 1000


def begins(count):
    """30 frames a second at 1000 Hz: 33 or 34 samples each."""
    return [round(k * RATE / 30) for k in range(count + 1)]


def arranged(sound, frames, count, *, loops=False, fade=0.04):
    def samples(start, stop):
        assert 0 <= start <= stop <= len(sound)
        return sound[start:stop]

    pieces = list(arranged_sound(frames, begins(count), samples, rate=RATE, loops=loops, fade=fade))
    return np.concatenate(pieces) if pieces else np.zeros((0, 1), np.float32)


def noise(count, channels=2):
    return np.random.default_rng(0).standard_normal((begins(count)[-1], channels), np.float32)


@given(st.lists(st.integers(0, 29), min_size=1, max_size=40), st.booleans())
def test_every_frame_keeps_exactly_its_samples(frames, loops):
    at = begins(30)
    result = arranged(noise(30), frames, 30, loops=loops)
    assert len(result) == sum(at[k + 1] - at[k] for k in frames)
    assert result.dtype == np.float32


def test_in_order_nothing_changes():
    sound = noise(30)
    assert np.array_equal(arranged(sound, range(30), 30), sound)


def test_away_from_a_jump_nothing_changes():
    sound, at = noise(30), begins(30)
    result = arranged(sound, [*range(0, 20), *range(5, 25)], 30)
    jump = at[20]
    assert np.array_equal(result[: jump - 20], sound[: jump - 20])
    assert np.array_equal(result[jump + 20 :], sound[at[5] + 20 : at[25]])
    assert not np.array_equal(result[jump - 20 : jump], sound[jump - 20 : jump])


def test_a_sound_that_goes_through_stays_as_it_is():
    """The jump is one period of a tone: what fades in is what fades out."""
    t = np.arange(begins(30)[-1])
    tone = np.sin(2 * np.pi * t / 10)[:, None].astype(np.float32)
    at = begins(30)
    assert at[18] - at[6] == 400
    result = arranged(tone, [*range(0, 18), *range(6, 30)], 30)
    assert np.allclose(result[:, 0], np.sin(2 * np.pi * np.arange(len(result)) / 10), atol=1e-4)


def test_unlike_sounds_keep_their_power():
    sound = noise(3000, 1)
    frames = [k + 1500 * (k // 40 % 2) for k in range(1400)]
    result = arranged(sound, frames, 3000, fade=1.0)
    assert result.std() == pytest.approx(1, abs=0.03)


def test_a_loop_closes_without_a_click():
    t = np.arange(begins(60)[-1])
    slow = np.sin(2 * np.pi * t / 777)[:, None].astype(np.float32)
    result = arranged(slow, range(10, 40), 60, loops=True)
    twice = np.concatenate([result, result])[:, 0]
    assert np.abs(np.diff(twice)).max() < 0.06
    cut = arranged(slow, range(10, 40), 60)
    assert np.abs(cut[0] - cut[-1]) > 0.5


def test_silence_and_no_frames():
    assert not arranged(np.zeros((1000, 2), np.float32), [0, 5, 2], 30, loops=True).any()
    assert len(arranged(noise(3), [], 3)) == 0
