"""Colours, ranges, alpha, rotation and the shape of pixels: what is seen is what was meant."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from editor.engine.image import Size
from editor.files.clips.convert import Converter, Look, look_of
from editor.files.clips.film import open_clip
from tests.files.clips.samples import Array, film, numbered

COLOURS = [
    (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 100, 50), (128, 128, 128),
    (10, 10, 10), (250, 240, 20), (255, 255, 255), (0, 0, 0),
]  # fmt: skip
WEIGHTS = {"BT.601": (0.299, 0.114), "BT.709": (0.2126, 0.0722), "BT.2020": (0.2627, 0.0593)}
MATRIX = {"BT.601": 6, "BT.709": 1, "BT.2020": 9}


def planes(colour: tuple[int, int, int], matrix: str, *, full: bool) -> tuple[int, int, int]:
    """Y, Cb and Cr by the definition of the standard."""
    kr, kb = WEIGHTS[matrix]
    red, green, blue = (value / 255 for value in colour)
    light = kr * red + (1 - kr - kb) * green + kb * blue
    cb, cr = (blue - light) / (2 - 2 * kb), (red - light) / (2 - 2 * kr)
    if full:
        values = (255 * light, 128 + 255 * cb, 128 + 255 * cr)
    else:
        values = (16 + 219 * light, 128 + 224 * cb, 128 + 224 * cr)
    return tuple(int(np.clip(round(value), 0, 255)) for value in values)  # type: ignore[return-value]


def flat(colour: tuple[int, int, int], width: int, height: int) -> Array:
    """One colour in Y, Cb, Cr as yuv420p lies in memory."""
    rows = np.empty((height * 3 // 2, width), np.uint8)
    rows[:height], rows[height : height * 5 // 4], rows[height * 5 // 4 :] = colour
    return rows


@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", WEIGHTS)
def test_colours_come_out_as_the_file_means_them(tmp_path: Path, matrix: str, full: bool) -> None:
    path = film(
        tmp_path / "a.mkv",
        "ffv1",
        [flat(planes(colour, matrix, full=full), 64, 48) for colour in COLOURS],
        pixels="yuv420p",
        settings={"colorspace": MATRIX[matrix], "color_range": 2 if full else 1},
    )
    with open_clip(path) as clip:
        for number, colour in enumerate(COLOURS):
            assert np.abs(clip.frame(number).astype(int) - colour).max() <= 2
        small = np.concatenate(list(clip.small(Size(16, 12))))
        assert np.abs(small.astype(int) - np.array(COLOURS)[:, None, None]).max() <= 3


@pytest.mark.parametrize(
    ("width", "height", "matrix"), [(64, 48, "BT.601"), (720, 576, "BT.601"), (1280, 64, "BT.709")]
)
def test_a_file_that_names_no_matrix_is_hd_or_not(
    tmp_path: Path, width: int, height: int, matrix: str
) -> None:
    red = flat(planes((255, 0, 0), matrix, full=False), width, height)
    path = film(tmp_path / "a.mkv", "ffv1", [red], pixels="yuv420p")
    with open_clip(path) as clip:
        assert np.abs(clip.frame(0).astype(int) - (255, 0, 0)).max() <= 2


def test_ten_bits_become_eight(tmp_path: Path) -> None:
    frames = [np.full((48, 64, 3), value, np.uint8) for value in (0, 100, 255)]
    path = film(tmp_path / "a.mov", "prores_ks", frames, form="yuv422p10le")
    with open_clip(path) as clip:
        for number, frame in enumerate(frames):
            assert np.abs(clip.frame(number).astype(int) - frame).max() <= 2


ALPHA = [
    pytest.param(
        "a.webm", "libvpx-vp9", "yuva420p", {"auto-alt-ref": "0", "crf": "4"}, 6, id="VP9"
    ),
    pytest.param("8.webm", "libvpx", "yuva420p", {"auto-alt-ref": "0", "crf": "4"}, 6, id="VP8"),
    pytest.param("a.mov", "qtrle", "argb", {}, 0, id="QTRLE"),
    pytest.param("p.mov", "png", "rgba", {}, 0, id="PNG"),
    pytest.param("r.mov", "prores_ks", "yuva444p10le", {}, 3, id="ProRes"),
    pytest.param("a.apng", "apng", "rgba", {}, 0, id="APNG"),
]


@pytest.mark.parametrize(("name", "codec", "form", "options", "slack"), ALPHA)
def test_alpha_comes_through_whatever_the_codec(
    tmp_path: Path, name: str, codec: str, form: str, options: dict[str, str], slack: int
) -> None:
    frames = [numbered(number, alpha=True) for number in range(4)]
    muxer = "apng" if name.endswith("apng") else None
    path = film(
        tmp_path / name, codec, frames, form=form, pixels="rgba", options=options, muxer=muxer
    )
    with open_clip(path) as clip:
        assert clip.clip.alpha
        for number, frame in enumerate(frames):
            got = clip.frame(number).astype(int)
            assert got.shape == (48, 64, 4)
            assert np.abs(got[..., 3] - frame[..., 3]).mean() <= slack
            seen = frame[..., 3] > 0
            assert np.abs(got[seen][:, :3] - frame[seen][:, :3]).mean() <= 3 * max(slack, 1)


def test_a_gif_without_holes_has_no_alpha(tmp_path: Path) -> None:
    path = film(tmp_path / "a.gif", "gif", [numbered(0), numbered(1)], form="rgb8")
    with open_clip(path) as clip:
        assert not clip.clip.alpha
        assert clip.frame(1).shape == (48, 64, 3)


TURNS = [(0, lambda a: a), (90, np.rot90), (180, lambda a: a[::-1, ::-1]),
         (270, lambda a: np.rot90(a, 3))]  # fmt: skip


@pytest.mark.parametrize(("degrees", "turned"), TURNS)
def test_a_camera_that_was_turned(tmp_path: Path, degrees: int, turned: Any) -> None:
    frames = [numbered(5), numbered(6)]
    path = film(tmp_path / "a.mov", "qtrle", frames, form="rgb24", rotation=degrees)
    with open_clip(path) as clip:
        expected = turned(frames[1])
        assert clip.clip.size == Size.of(expected)
        np.testing.assert_array_equal(clip.frame(1), expected)
        small = next(clip.small(clip.clip.size))
        np.testing.assert_array_equal(small[1], expected)


@pytest.mark.parametrize(
    ("matrix", "orientation"),
    [((1, 0, 0, 1), 1), ((-1, 0, 0, 1), 2), ((1, 0, 0, -1), 4), ((0, 1, 1, 0), 5),
     ((0, -1, -1, 0), 7), ((0, 0, 0, 0), 1)],
)  # fmt: skip
def test_mirrors_and_nonsense(matrix: tuple[int, ...], orientation: int) -> None:
    class Frame:
        width, height = 4, 2
        format = av.VideoFormat("rgb24")

        @property
        def side_data(self) -> dict[str, bytes]:
            a, b, c, d = (one << 16 for one in matrix)
            return {"DISPLAYMATRIX": np.array([a, b, 0, c, d, 0, 0, 0, 1 << 30], "=i4").tobytes()}

    assert look_of(Frame(), None, maybe_opaque=False).orientation == orientation


@pytest.mark.parametrize("orientation", range(1, 9))
def test_frames_turn_as_photographs_do(orientation: int) -> None:
    from editor.files.read import upright

    pixels = numbered(3, 12, 8)
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
    look = Look(Size(12, 8), orientation)
    expected = upright(pixels, orientation)
    np.testing.assert_array_equal(Converter(look).full(frame), expected)
    assert look.size == Size.of(expected)
    np.testing.assert_array_equal(Converter(look).small(frame, look.size), expected)


def test_pixels_that_are_not_square_become_square(tmp_path: Path) -> None:
    path = film(
        tmp_path / "a.mp4",
        "libx264",
        [numbered(0)],
        settings={"sample_aspect_ratio": Fraction(16, 11)},
    )
    with open_clip(path) as clip:
        assert clip.clip.size == (93, 48)
        assert clip.frame(0).shape == (48, 93, 3)


def test_an_odd_size_stays_as_it_is(tmp_path: Path) -> None:
    frames = [numbered(number, 63, 47) for number in range(3)]
    path = film(tmp_path / "a.webm", "libvpx-vp9", frames, options={"crf": "4", "b": "0"})
    with open_clip(path) as clip:
        assert clip.clip.size == (63, 47)
        assert np.abs(clip.frame(2).astype(int) - frames[2]).mean() < 4


def test_chroma_is_interpolated(tmp_path: Path) -> None:
    """A straight edge between two colours is soft, not a staircase of doubled samples."""
    rows = flat((128, 128, 128), 64, 48)
    rows[48:60] = 128
    blue = rows[48:60].reshape(24, 32)
    blue[:, 16:] = 160
    path = film(tmp_path / "a.mkv", "ffv1", [rows], pixels="yuv420p")
    with open_clip(path) as clip:
        row = clip.frame(0)[20, 26:38, 2].astype(int)
    assert (np.diff(row) >= 0).all()
    assert len(set(row.tolist())) >= 4


def test_hdr_and_interlaced_clips_say_so(tmp_path: Path) -> None:
    path = film(
        tmp_path / "a.mkv", "ffv1", [numbered(0)], form="yuv420p10le", settings={"color_trc": 18}
    )
    with open_clip(path) as clip:
        assert any("HDR (HLG)" in notice for notice in clip.notices)
    path = film(
        tmp_path / "b.mkv",
        "libx264",
        [numbered(0)] * 4,
        options={"x264-params": "tff=1:interlaced=1"},
    )
    with open_clip(path) as clip:
        assert any("interlaced" in notice for notice in clip.notices)
