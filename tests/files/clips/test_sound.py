"""The sound of a clip: any span, to the sample, in time with the pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from editor.engine.clip import Sound
from editor.files.clips.film import Film, open_clip
from tests.files.clips.samples import H264, film, numbered, tone

SECONDS = 2.0
FRAMES = [numbered(number % 32) for number in range(50)]
KINDS = [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.mov", "libx264"), ("a.webm", "libvpx-vp9")]


def sweep() -> np.ndarray:
    """A tone that rises, so that no part of it is like another."""
    at = np.arange(round(SECONDS * 48_000)) / 48_000
    return (0.5 * np.sin(2 * np.pi * (200 + 400 * at) * at)).astype(np.float32)


@pytest.fixture(params=KINDS, ids=lambda kind: kind[0], scope="module")
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Film:
    name, codec = request.param
    folder = tmp_path_factory.mktemp("sound")
    options = H264 if codec == "libx264" else {"deadline": "realtime", "cpu-used": "8"}
    return open_clip(film(folder / name, codec, FRAMES, options=options, sound=sweep()))


def test_the_sound_lies_where_it_was(opened: Film) -> None:
    assert opened.clip.sound == Sound(48_000, 1)
    whole = opened.samples(0, SECONDS)
    assert whole.shape == (96_000, 1)
    assert whole.dtype == np.float32
    original = sweep()
    middle = slice(4000, 92_000)
    assert np.abs(whole[middle, 0] - original[middle]).mean() < 0.02
    late = np.roll(original, 24)  # half a millisecond would be seen
    assert np.abs(whole[middle, 0] - late[middle]).mean() > 0.02


def test_any_span_is_a_part_of_the_whole(opened: Film) -> None:
    whole = opened.samples(0, SECONDS)
    rng = np.random.default_rng(1)
    for _ in range(12):
        start, length = rng.uniform(0, 1.7), rng.uniform(0.001, 0.3)
        part = opened.samples(start, start + length)
        expected = whole[round(start * 48_000) : round((start + length) * 48_000)]
        np.testing.assert_allclose(part, expected, atol=0.01)


def test_spans_in_a_row_join_without_a_click(opened: Film) -> None:
    whole = opened.samples(0, SECONDS)
    parts = [opened.samples(number / 25, (number + 1) / 25) for number in range(50)]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=0.01)


def test_before_and_after_the_sound_there_is_silence(opened: Film) -> None:
    around = opened.samples(-0.5, SECONDS + 1)
    assert len(around) == 3.5 * 48_000
    assert np.abs(around[: 24_000 - 64]).max() == 0
    assert np.abs(around[-40_000:]).max() == 0
    assert np.abs(around[30_000:90_000]).max() > 0.4
    assert len(opened.samples(1, 1)) == 0


def test_sound_keeps_its_place_where_the_pictures_begin_late(tmp_path: Path) -> None:
    at = [number + 10 for number in range(20)]
    path = film(tmp_path / "a.mkv", "libx264", FRAMES[:20], stamps=at, sound=sweep())
    with open_clip(path) as late:
        heard = late.samples(0, 0.5)[:, 0]
    original = sweep()[round(0.4 * 48_000) :][: len(heard)]
    assert np.abs(heard - original).mean() < 0.02


def test_a_clip_without_sound_says_so(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "libx264", FRAMES[:3], base=Fraction(1, 25))
    with open_clip(path) as silent:
        assert silent.clip.sound is None


def test_surround_becomes_stereo(tmp_path: Path) -> None:
    import av

    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv444p"
        track = out.add_stream("flac", rate=48_000, layout="5.1")
        frame = av.VideoFrame.from_ndarray(numbered(0), "rgb24").reformat(format="yuv444p")
        frame.pts = 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
        samples = np.tile((tone(0.5) * 32_000).astype(np.int16)[:, None], 6).reshape(1, -1)
        heard = av.AudioFrame.from_ndarray(samples, "s16", "5.1")
        heard.sample_rate, heard.pts = 48_000, 0
        out.mux(track.encode(heard))
        out.mux(track.encode())
    with open_clip(path) as clip:
        assert clip.clip.sound == Sound(48_000, 2)
        assert np.abs(clip.samples(0, 0.5)).max() > 0.3
