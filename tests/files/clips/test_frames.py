"""Any frame exactly: whatever the codec, the container, the order of decoding or the rate."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.image import Size
from editor.files.clips.film import Film, open_clip
from tests.files.clips.samples import COUNT, H264, HEIGHT, WIDTH, film, number_in, numbered

FRAMES = [numbered(number) for number in range(COUNT)]
UNEVEN = [0, *np.cumsum([40, 3, 90, 40, 40, 7, 200, 33, 34, 33] * 2)[: COUNT - 1].tolist()]
TWICE = sorted([*range(0, 400, 40), *range(0, 400, 40)])  # two frames at a time

Make = Callable[[Path], Path]


def _made(name: str, codec: str, **more: Any) -> Any:
    def make(folder: Path) -> Path:
        return film(folder / name, codec, FRAMES, **more)

    return pytest.param(make, id=f"{name}-{codec}")


MILLI = Fraction(1, 1000)
KINDS = [
    _made("a.mp4", "libx264", options=H264),
    _made("open.mp4", "libx264", options=H264 | {"x264-params": "open-gop=1:keyint=6"}),
    _made("a.mkv", "libx264", options=H264),
    _made("a.mov", "libx264", options=H264),
    _made("a.avi", "libx264", options=H264),
    _made("b.avi", "mpeg4", options={"bf": "2", "g": "6"}, settings={"bit_rate": 4_000_000}),
    _made("b.mp4", "mpeg4", options={"bf": "2", "g": "6"}, settings={"bit_rate": 4_000_000}),
    _made("c.avi", "mjpeg", form="yuvj420p", options={"qmin": "2", "qmax": "4"}),
    _made("c.mov", "mjpeg", form="yuvj420p", options={"qmin": "2", "qmax": "4"}),
    _made("a.webm", "libvpx-vp9", options={"g": "8", "crf": "10", "b": "0"}),
    _made("alt.webm", "libvpx-vp9", options={"crf": "10", "b": "0", "auto-alt-ref": "1",
                                            "lag-in-frames": "16"}),
    _made("p.mov", "prores_ks", form="yuv422p10le"),
    _made("q.mov", "qtrle", form="rgb24"),
    _made("f.mkv", "ffv1", form="yuv444p"),
    _made("a.gif", "gif", form="rgb8"),
    _made("a.apng", "apng", form="rgb24", muxer="apng"),
    _made("u.mp4", "libx264", options=H264, stamps=UNEVEN, base=MILLI),
    _made("u.mkv", "libx264", options=H264, stamps=UNEVEN, base=MILLI),
    _made("twice.mkv", "libx264", options=H264, stamps=TWICE, base=MILLI),
    _made("u.webm", "libvpx-vp9", options={"g": "8"}, stamps=UNEVEN, base=MILLI),
]  # fmt: skip


@pytest.fixture(params=KINDS, scope="module")
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    make: Make = request.param
    path = make(tmp_path_factory.mktemp("clip"))
    with open_clip(path) as opened:
        yield opened, linear(path)


def linear(path: Path) -> list[np.ndarray]:
    """Every frame, decoded from the beginning to the end by FFmpeg alone."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_every_frame_is_there_in_order(clip: tuple[Film, list[np.ndarray]]) -> None:
    opened, _ = clip
    assert opened.clip.size == (WIDTH, HEIGHT)
    assert [number_in(opened.frame(number)) for number in range(opened.clip.count)] == list(
        range(COUNT)
    )


def test_a_frame_asked_for_at_random_is_the_one_of_a_linear_decode(
    clip: tuple[Film, list[np.ndarray]],
) -> None:
    opened, plain = clip
    assert len(plain) == opened.clip.count
    first = [opened.frame(number) for number in range(COUNT)]
    for number in np.random.default_rng(3).integers(0, COUNT, 40).tolist():
        np.testing.assert_array_equal(opened.frame(number), first[number])
        # another conversion of the same decoded frame: chroma is interpolated otherwise
        assert np.abs(opened.frame(number).astype(int) - plain[number]).mean() < 12


def test_a_new_reader_at_any_place_gives_the_same(clip: tuple[Film, list[np.ndarray]]) -> None:
    opened, _ = clip
    for number in (COUNT - 1, COUNT // 2, 1):
        with Film(opened.known) as other:
            np.testing.assert_array_equal(other.frame(number), opened.frame(number))


def test_small_frames_come_in_blocks_in_order(clip: tuple[Film, list[np.ndarray]]) -> None:
    opened, _ = clip
    blocks = list(opened.small(Size(WIDTH, HEIGHT), start=3, stop=18, block=8))
    assert [block.shape for block in blocks] == [(8, HEIGHT, WIDTH, 3), (7, HEIGHT, WIDTH, 3)]
    assert [number_in(frame) for block in blocks for frame in block] == list(range(3, 18))


@settings(max_examples=25)
@given(st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=12))
def test_any_order_gives_the_right_frames(numbers: list[int]) -> None:
    with Film(_known()) as opened:
        assert [number_in(opened.frame(number)) for number in numbers] == numbers


_made_once: list[Any] = []


def _known() -> Any:
    """One H.264 clip for all examples."""
    if not _made_once:
        import tempfile

        folder = tempfile.TemporaryDirectory()
        path = film(Path(folder.name) / "a.mp4", "libx264", FRAMES, options=H264)
        _made_once.extend([open_clip(path).known, folder])
    return _made_once[0]


def test_frames_are_read_only_and_contiguous(tmp_path: Path) -> None:
    path = film(tmp_path / "a.webm", "libvpx-vp9", [numbered(0, 33, 17)] * 3, form="yuv420p")
    with open_clip(path) as opened:
        frame = opened.frame(1)
        assert frame.shape == (17, 33, 3)
        assert frame.flags.c_contiguous
        assert not frame.flags.writeable


def test_a_clip_can_be_closed_twice_and_used_again(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "libx264", FRAMES, options=H264)
    opened = open_clip(path)
    opened.frame(4)
    opened.close()
    opened.close()
    assert number_in(opened.frame(7)) == 7
    opened.close()


def test_a_frame_out_of_the_clip_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "libx264", FRAMES[:3], options=H264)
    with open_clip(path) as opened:
        with pytest.raises(ValueError, match="no frame 3"):
            opened.frame(3)
        with pytest.raises(ValueError, match="no frame 9"):
            next(opened.small(Size(8, 8), stop=10))
        with pytest.raises(ValueError, match="no sound"):
            opened.samples(0, 1)


def test_the_reader_of_small_frames_is_closed_with_the_iterator(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "libx264", FRAMES, options=H264)
    with open_clip(path) as opened:
        blocks = opened.small(Size(32, 24), block=4)
        next(blocks)
        assert number_in(opened.frame(11)) == 11  # meanwhile
        assert len(next(blocks)) == 4
        blocks.close()  # type: ignore[attr-defined]
