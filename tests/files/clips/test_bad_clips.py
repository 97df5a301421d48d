"""Files that are damaged, hostile or something else: one clear sentence, or what is there."""

from __future__ import annotations

import os
import socket
import struct
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from editor.engine.image import Size
from editor.files.clips import index as index_module
from editor.files.clips.film import open_clip, open_clip_safely
from editor.files.problems import FileProblem
from tests.files.clips.samples import H264, film, number_in, numbered, tone

FRAMES = [numbered(number) for number in range(20)]


def problem(path: Path) -> str:
    with pytest.raises(FileProblem) as caught:
        open_clip(path)
    words = str(caught.value)
    assert path.name in words
    assert "\n" not in words
    return words


# ── something else ──


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty: there is nothing in the file"),
        (b"Dear diary,\n", "is not a clip: it looks like text"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:5\nhttp://127.0.0.1:9/a.ts\n", "it looks like text"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "it looks like text"),
        (b"http://127.0.0.1:9/a.mp4", "it looks like text"),
        (b"PK\x03\x04" + bytes(40), "a zip archive"),
        (bytes(4096), "data of a kind that is not known here"),
        (b"\0\0\0\x18ftypmp42" + bytes(400), "the MP4 file is damaged or incomplete"),
        (b"\x1a\x45\xdf\xa3" + bytes(400), "the Matroska file is damaged or incomplete"),
        (b"RIFF\xff\xff\0\0AVI LIST" + bytes(400), "damaged or incomplete|no pictures"),
        (b"GIF89a" + bytes(400), "GIF|damaged|no pictures|how large"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(40), "the WebP file is damaged or incomplete"),
    ],
)
def test_what_is_no_clip_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "holiday.mp4"
    path.write_bytes(data)
    with pytest.raises(FileProblem, match=words):
        open_clip(path)


def test_a_still_picture_is_told(tmp_path: Path) -> None:
    for name in ("a.png", "a.jpg"):
        Image.fromarray(numbered(0)).save(tmp_path / name)
        assert "it looks like a picture in" in problem(tmp_path / name)


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    assert "there is no such file" in problem(tmp_path / "gone.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "not an ordinary file" in problem(tmp_path / "pipe.mp4")
    with pytest.raises(FileProblem, match="there can be no such file"):
        open_clip(Path("a\0b.mp4"))


def test_the_bytes_tell_the_kind_and_not_the_name(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", "libx264", FRAMES[:3], options=H264)
    with open_clip(path.rename(tmp_path / "odd ?*%20#name.mp4")) as opened:
        assert opened.known.kind.name == "Matroska"
        assert number_in(opened.frame(2)) == 2


def test_a_name_that_looks_like_a_protocol_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film(tmp_path / "a.mp4", "libx264", FRAMES[:2], options=H264).rename(tmp_path / "concat:b.mp4")
    monkeypatch.chdir(tmp_path)
    with open_clip(Path("concat:b.mp4")) as opened:
        assert opened.clip.count == 2


def test_nothing_is_fetched_from_the_network(tmp_path: Path) -> None:
    """A playlist in every disguise; a server that would see the request sees none."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.0)
    address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
    playlist = f"#EXTM3U\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n".encode()
    for head in (b"", b"\0\0\0\x08free", b"\x1a\x45\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"GIF89a"):
        path = tmp_path / "a.mp4"
        path.write_bytes(head + playlist)
        with pytest.raises(FileProblem):
            open_clip(path)
    with server, pytest.raises(BlockingIOError):
        server.accept()


# ── nothing to see ──


def test_a_file_with_sound_alone(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as out:
        track = out.add_stream("aac", rate=48_000, layout="mono")
        heard = av.AudioFrame.from_ndarray(tone(0.3).reshape(1, -1), "flt", "mono")
        heard.sample_rate, heard.pts = 48_000, 0
        out.mux(track.encode(heard))
        out.mux(track.encode())
    assert "has no pictures: there is only sound in it" in problem(path)


def test_a_clip_of_one_frame(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "libx264", FRAMES[:1], options=H264)
    with open_clip(path) as opened:
        assert opened.clip.count == 1
        assert opened.clip.seconds == pytest.approx(0.04)
        assert number_in(opened.frame(0)) == 0
        assert len(next(opened.small(Size(8, 8)))) == 1


# ── cut short ──


def cut(path: Path, part: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    return path


@pytest.mark.parametrize(
    ("name", "codec", "more"),
    [
        ("a.mkv", "libx264", {"options": H264}),
        ("a.webm", "libvpx-vp9", {}),
        ("a.avi", "mjpeg", {"form": "yuvj420p"}),
        ("a.mp4", "libx264", {"options": H264, "container": {"movflags": "faststart"}}),
    ],
)
def test_a_file_cut_short_opens_with_what_is_there(
    tmp_path: Path, name: str, codec: str, more: dict[str, Any]
) -> None:
    path = cut(film(tmp_path / name, codec, FRAMES, base=Fraction(1, 10), **more), 0.6)
    with open_clip(path) as opened:
        count = opened.clip.count
        assert 3 <= count < 20
        assert any("incomplete" in notice or "damaged" in notice for notice in opened.notices)
        assert [number_in(opened.frame(number)) for number in range(count)][:3] == [0, 1, 2]
        blocks = list(opened.small(Size(16, 12)))
        assert sum(len(block) for block in blocks) == count


def test_an_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    path = cut(film(tmp_path / "a.mp4", "libx264", FRAMES, options=H264), 0.6)
    assert "the MP4 file is damaged or incomplete" in problem(path)


def test_a_damaged_frame_is_shown_as_the_one_before(tmp_path: Path) -> None:
    path = film(tmp_path / "a.avi", "mjpeg", FRAMES, form="yuvj420p")
    data = bytearray(path.read_bytes())
    begin = data.index(b"movi")
    at = [place for place in range(begin, len(data)) if data[place : place + 4] == b"00dc"]
    data[at[5] + 8 : at[6] - 1] = bytes(at[6] - at[5] - 9)
    path.write_bytes(data)
    with open_clip(path) as opened:
        assert opened.clip.count == 20
        assert [number_in(opened.frame(number)) for number in (4, 5, 6)] == [4, 4, 6]
        assert number_in(opened.frame(5)) == 4  # the same, asked for alone


# ── too much ──


def test_a_header_that_claims_a_huge_frame_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gif"
    Image.fromarray(numbered(0)).save(path)
    data = bytearray(path.read_bytes())
    data[6:10] = struct.pack("<HH", 60_000, 60_000)
    path.write_bytes(data)
    assert "its frames have no size, or more than 64 megapixels" in problem(path)


def test_a_track_that_claims_a_huge_frame_shows_what_is_in_it(tmp_path: Path) -> None:
    path = film(tmp_path / "bomb.mp4", "mpeg4", FRAMES[:3])
    data = bytearray(path.read_bytes())
    entry = data.index(b"mp4v", data.index(b"stsd"))
    data[entry + 28 : entry + 32] = struct.pack(">HH", 65_535, 65_535)
    path.write_bytes(data)
    with open_clip(path) as opened:
        assert opened.frame(2).nbytes < 20_000


def test_a_stream_that_claims_a_huge_frame_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "bomb.mkv", "mjpeg", FRAMES[:3], form="yuvj420p")
    data = path.read_bytes()
    huge = struct.pack(">HH", 65_500, 65_500)
    path.write_bytes(data.replace(b"\xff\xc0\0\x11\x08\0\x30\0\x40", b"\xff\xc0\0\x11\x08" + huge))
    assert path.read_bytes() != data
    assert "damaged" in problem(path)


def test_a_very_long_clip_opens_with_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "MAX_FRAMES", 12)
    monkeypatch.setattr(index_module, "_REORDERED", 4)
    for name, codec in (("a.mp4", "libx264"), ("a.avi", "libx264"), ("a.gif", "gif")):
        form = "rgb8" if codec == "gif" else "yuv420p"
        options = {} if codec == "gif" else H264
        path = film(tmp_path / name, codec, FRAMES, form=form, options=options)
        with open_clip(path) as opened:
            assert opened.clip.count == 12
            assert opened.notices == ("The clip is very long: its first 12 frames were opened.",)
            assert [number_in(opened.frame(number)) for number in (11, 3)] == [11, 3]


# ── in a process of its own ──


def test_a_clip_looked_through_apart_is_the_same(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "libx264", FRAMES, options=H264, sound=tone(0.8))
    with open_clip(path) as here, open_clip_safely(path) as there:
        assert here.clip.size == there.clip.size
        assert here.clip.sound == there.clip.sound
        assert (here.clip.rate, here.clip.steady) == (there.clip.rate, there.clip.steady)
        np.testing.assert_array_equal(here.clip.times, there.clip.times)
        for number in (7, 0, 19):
            np.testing.assert_array_equal(here.frame(number), there.frame(number))


def test_a_folder_and_a_fault_apart(tmp_path: Path) -> None:
    for number in range(3):
        Image.fromarray(numbered(number)).save(tmp_path / f"a{number}.png")
    with open_clip_safely(tmp_path, rate=Fraction(12)) as opened:
        assert opened.clip.rate == 12
        assert number_in(opened.frame(2)) == 2
    (tmp_path / "text.mp4").write_text("hello")
    with pytest.raises(FileProblem, match=r"text\.mp4 is not a clip: it looks like text"):
        open_clip_safely(tmp_path / "text.mp4")


def test_any_byte_may_be_wrong(tmp_path: Path) -> None:
    """Mutations of small files give a clip or a FileProblem, and nothing else."""
    rng = np.random.default_rng(7)
    sources = [
        film(tmp_path / "a.mp4", "libx264", FRAMES[:6], options=H264, sound=tone(0.2)),
        film(tmp_path / "a.mkv", "mpeg4", FRAMES[:6]),
        film(tmp_path / "a.avi", "mjpeg", FRAMES[:6], form="yuvj420p"),
        film(tmp_path / "a.webm", "libvpx-vp9", FRAMES[:6]),
        film(tmp_path / "a.gif", "gif", FRAMES[:6], form="rgb8"),
        film(tmp_path / "a.apng", "apng", FRAMES[:6], form="rgb24", muxer="apng"),
    ]
    opened_at_all = 0
    for path in sources:
        whole = np.frombuffer(path.read_bytes(), np.uint8)
        for _ in range(15):
            data = whole.copy()
            places = rng.integers(0, min(len(data), 2000), rng.integers(1, 12))
            data[places] = rng.integers(0, 256, len(places))
            mutant = tmp_path / f"mutant{path.suffix}"
            mutant.write_bytes(data.tobytes())
            try:
                with open_clip(mutant) as opened:
                    opened_at_all += 1
                    last = opened.clip.count - 1
                    assert opened.frame(last).shape == opened.frame(0).shape
                    if opened.clip.sound:
                        opened.samples(0, 0.2)
            except FileProblem:
                continue
    assert opened_at_all > 12
    assert threading.active_count() < 20
