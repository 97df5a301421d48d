"""Folders of pictures and animated WebP."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.engine.image import Meta, Size
from editor.files.clips.film import open_clip
from editor.files.problems import FileProblem
from editor.files.write import write_picture
from tests.files.clips.samples import number_in, numbered


def fill(folder: Path, names: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        Image.fromarray(numbered(number)).save(folder / name)
    return folder


# ── folders ──


@pytest.mark.parametrize(
    "names",
    [
        [f"walk_{number:03}.png" for number in range(12)],
        [f"walk_{number}.png" for number in range(1, 13)],  # 9 comes before 10
        [f"{number}.jpg" for number in range(98, 103)],
        [f"shot2_take{number}_final.png" for number in range(8, 12)],
        ["a.png", "b.png", "c.png"],  # without numbers: in the order of their names
        ["a1.png", "a2.png", "b1.png", "b5.png"],  # no one series: no gap either
    ],
)
def test_a_folder_of_pictures_is_a_clip(tmp_path: Path, names: list[str]) -> None:
    folder = fill(tmp_path / "walk", names)
    (folder / "notes.txt").write_text("not a picture")
    (folder / ".hidden.png").write_text("not a picture")
    (folder / "sub").mkdir()
    with open_clip(folder, rate=Fraction(12)) as opened:
        clip = opened.clip
        assert (clip.count, clip.rate, clip.steady) == (len(names), 12, True)
        assert [number_in(opened.frame(number)) for number in range(clip.count)] == list(
            range(clip.count)
        )
        assert number_in(next(opened.small(Size(64, 48), start=2, stop=3))[0]) == 2


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a_1.png", "a_2.png", "a_4.png"], "is not a whole clip: picture 3 is missing"),
        (["a_1.png", "a_9.png"], "pictures 2 to 8 are missing"),
        (["a_1.png", "a_01.png"], "picture 1 is there twice"),
        ([], "there are no pictures in the folder"),
    ],
)
def test_a_series_with_a_fault_is_refused(tmp_path: Path, names: list[str], words: str) -> None:
    with pytest.raises(FileProblem, match=f"walk .*{words}"):
        open_clip(fill(tmp_path / "walk", names))


def test_pictures_of_other_sizes_are_named(tmp_path: Path) -> None:
    folder = fill(tmp_path / "walk", ["a1.png", "a2.png"])
    Image.fromarray(numbered(2, 60, 48)).save(folder / "a3.png")
    with pytest.raises(FileProblem, match=r"a3\.png is 60 × 48 pixels and a1\.png is 64 × 48"):
        open_clip(folder)


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    folder = fill(tmp_path / "walk", ["a1.png", "a2.png"])
    (folder / "a2.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    with pytest.raises(FileProblem, match=r"a2\.png"):
        open_clip(folder)


def test_any_depth_becomes_eight_bits_with_alpha(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    pixels = numbered(5, alpha=True)
    write_picture(folder / "a1.png", pixels.astype(np.uint16) * 257, Meta(), overwrite=False)
    write_picture(folder / "a2.png", pixels, Meta(), overwrite=False)
    with open_clip(folder) as opened:
        assert opened.clip.alpha
        np.testing.assert_array_equal(opened.frame(0), pixels)
        np.testing.assert_array_equal(opened.frame(1), pixels)


def test_grey_pictures_become_rgb(tmp_path: Path) -> None:
    folder = tmp_path / "grey"
    folder.mkdir()
    grey = numbered(5)[..., 0]
    write_picture(folder / "a1.png", grey, Meta(), overwrite=False)
    with open_clip(folder) as opened:
        assert not opened.clip.alpha
        np.testing.assert_array_equal(opened.frame(0), np.repeat(grey[..., None], 3, axis=2))


# ── WebP ──


def webp(path: Path, *, alpha: bool, lengths: list[int]) -> Path:
    images = [Image.fromarray(numbered(number, alpha=alpha)) for number in range(len(lengths))]
    images[0].save(
        path, save_all=True, append_images=images[1:], duration=lengths, lossless=True, exact=True
    )
    return path


@pytest.mark.parametrize("alpha", [False, True])
def test_an_animated_webp(tmp_path: Path, alpha: bool) -> None:
    path = webp(tmp_path / "a.webp", alpha=alpha, lengths=[40, 100, 60, 5, 200])
    with open_clip(path) as opened:
        assert opened.clip.alpha is alpha
        np.testing.assert_allclose(opened.clip.durations, [0.04, 0.1, 0.06, 0.1, 0.2])
        for number in (0, 1, 2, 3, 4, 1, 0, 4):
            got, meant = opened.frame(number), numbered(number, alpha=alpha)
            np.testing.assert_array_equal(got[..., 3:], meant[..., 3:])
            seen = meant[..., 3] > 0 if alpha else ...
            assert np.abs(got[seen].astype(int) - meant[seen]).max() <= 1


def test_a_still_webp_is_a_clip_of_one_frame(tmp_path: Path) -> None:
    Image.fromarray(numbered(3)).save(tmp_path / "a.webp", lossless=True)
    with open_clip(tmp_path / "a.webp") as opened:
        assert opened.clip.count == 1
        assert number_in(opened.frame(0)) == 3


def test_a_webp_cut_short_opens_with_what_is_there(tmp_path: Path) -> None:
    path = webp(tmp_path / "a.webp", alpha=False, lengths=[40] * 8)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with open_clip(path) as opened:
        count = opened.clip.count
        assert 2 <= count < 8
        assert opened.notices == (f"The file is incomplete: {count} whole frames are there.",)
        assert [number_in(opened.frame(number)) for number in range(count)] == list(range(count))


def test_a_webp_without_a_whole_frame_is_refused(tmp_path: Path) -> None:
    path = webp(tmp_path / "a.webp", alpha=False, lengths=[40] * 8)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FileProblem, match="the WebP file is damaged or incomplete"):
        open_clip(path)
