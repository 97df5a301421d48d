"""When frames are shown: rates, uneven times, and files that say nothing sensible about it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.files.clips.film import open_clip
from editor.files.clips.timing import timing_of
from tests.files.clips.samples import H264, film, numbered

FRAMES = [numbered(number) for number in range(12)]
MILLI = Fraction(1, 1000)


def stamps(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(60)])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_the_rate_of_a_steady_clip(tmp_path: Path, name: str, rate: Fraction) -> None:
    path = film(tmp_path / name, "libx264", FRAMES, options=H264, base=1 / rate)
    with open_clip(path) as opened:
        clip = opened.clip
        assert (clip.rate, clip.steady) == (rate, True)
        np.testing.assert_allclose(clip.times, np.arange(13) / float(rate), atol=1.1e-3)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_uneven_times_are_kept(tmp_path: Path, name: str) -> None:
    at = [0, 40, 50, 200, 210, 300, 333, 366, 400, 700, 720, 730]
    path = film(tmp_path / name, "libx264", FRAMES, options=H264, stamps=at, base=MILLI)
    with open_clip(path) as opened:
        clip = opened.clip
        assert not clip.steady
        np.testing.assert_allclose(clip.times[:-1], np.array(at) / 1000, atol=1e-4)
        assert float(clip.rate) == pytest.approx(12 / clip.seconds, rel=1e-3)


def test_a_clip_that_does_not_begin_at_zero_begins_at_zero_here(tmp_path: Path) -> None:
    at = [number + 50 for number in range(12)]
    path = film(tmp_path / "a.mkv", "libx264", FRAMES, options=H264, stamps=at)
    with open_clip(path) as opened:
        assert opened.clip.times[0] == 0
        assert opened.known.index.timing.origin == pytest.approx(2.0)


def test_gif_delays_are_those_that_browsers_show(tmp_path: Path) -> None:
    path = film(
        tmp_path / "a.gif",
        "gif",
        FRAMES[:4],
        form="rgb8",
        stamps=[0, 3, 4, 9],
        base=Fraction(1, 100),
    )
    with open_clip(path) as opened:
        # the delay of one hundredth becomes a tenth of a second
        np.testing.assert_allclose(opened.clip.durations[:3], [0.03, 0.1, 0.05])


# ── from stamps to seconds ──


def test_the_last_frame_lasts_as_long_as_the_file_says() -> None:
    assert timing_of(stamps(0, 40, 80), MILLI, 500, None).times[-1] == pytest.approx(0.58)


def test_a_last_frame_without_a_length_is_as_long_as_the_others() -> None:
    assert timing_of(stamps(0, 40, 80), MILLI, 0, None).times[-1] == pytest.approx(0.12)


def test_a_single_frame_lasts_as_long_as_the_rate_says() -> None:
    assert timing_of(stamps(7), MILLI, 0, Fraction(20)).times.tolist() == pytest.approx([0, 0.05])
    assert timing_of(stamps(7), MILLI, 0, None).times.tolist() == pytest.approx([0, 0.04])


@pytest.mark.parametrize(
    ("ends", "base", "rate"),
    [
        ((0, 33, 67, 100, 133, 167), MILLI, Fraction(30)),  # Matroska
        ((0, 42, 83, 125, 167, 208), MILLI, Fraction(24)),
        ((0, 3, 7, 10, 13, 17, 20), Fraction(1, 100), Fraction(30)),  # GIF
        ((0, 3333, 6666, 9999, 13332), Fraction(1, 100_000), Fraction(30)),  # APNG
        ((0, 1001, 2002, 3003, 4004), Fraction(1, 30_000), Fraction(30000, 1001)),
        ((0, 100, 200, 300), MILLI, Fraction(10)),
        ((0, 100_000, 200_000), MILLI, Fraction(1, 100)),
    ],
)
def test_a_usual_rate_is_seen_through_rounding(
    ends: tuple[int, ...], base: Fraction, rate: Fraction
) -> None:
    timing = timing_of(stamps(*ends[:-1]), base, ends[-1] - ends[-2], None)
    assert (timing.rate, timing.steady) == (rate, True)


def test_a_dropped_frame_is_not_steady() -> None:
    at = [*range(0, 4000, 40), *range(4040, 8000, 40)]
    assert not timing_of(stamps(*at), MILLI, 40, Fraction(25)).steady


@pytest.mark.parametrize(
    ("at", "base", "last"),
    [
        ((0, 1, 2), Fraction(1, 10**9), 1),  # a billion frames a second
        ((0, 1, 2), Fraction(10**9), 1),  # a frame in thirty years
        ((0, 1, 2), Fraction(0), 0),
        ((0,), Fraction(0), 0),
        ((-(2**62), 0, 2**62), Fraction(2**31, 1), 2**62),
    ],
)
def test_absurd_times_become_a_plain_rate_and_a_notice(
    at: tuple[int, ...], base: Fraction, last: int
) -> None:
    timing = timing_of(stamps(*at), base, last, None)
    assert timing.rate == 25
    assert timing.notices == (
        "The file does not say how fast it plays: 25 frames a second are taken.",
    )
    np.testing.assert_allclose(timing.times, np.arange(len(at) + 1) / 25)


@given(
    st.lists(st.integers(1, 2**33), min_size=1, max_size=30),
    st.integers(-(2**40), 2**40),
    st.integers(-5, 2**33),
    st.fractions(min_value=0, max_value=10**6),
    st.one_of(st.none(), st.fractions(min_value=0, max_value=10**9)),
)
def test_times_always_rise(
    gaps: list[int], begin: int, last: int, base: Fraction, told: Fraction | None
) -> None:
    timing = timing_of(begin + np.cumsum([0, *gaps], dtype=np.int64), base, last, told)
    assert len(timing.times) == len(gaps) + 2
    assert timing.times[0] == 0
    assert np.isfinite(timing.times).all()
    assert (np.diff(timing.times) > 0).all()
    assert timing.rate > 0
