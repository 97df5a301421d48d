"""Writing: what is refused, what is told to be lost, what privacy asks for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColorSpace

from editor.engine.image import Meta
from editor.files import exif
from editor.files.kinds import JXL, KINDS
from editor.files.openimageio import encode
from editor.files.problems import FileProblem
from editor.files.read import read_picture
from editor.files.write import SaveOptions, losses, write_picture
from tests.files import samples
from tests.files.samples import sample


def test_an_existing_file_is_refused_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"mine")
    with pytest.raises(FileProblem, match=r"a\.png exists already"):
        write_picture(path, sample("uint8", 3), Meta(), overwrite=False)
    assert path.read_bytes() == b"mine"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    assert read_picture(path).format == "PNG"


@pytest.mark.parametrize("name", ["a.xyz", "a", "a.psd", "a.heic", "a.png.txt"])
def test_an_unknown_ending_is_refused_with_the_list(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        FileProblem, match=r"not a kind of picture written here.*\.png, \.jpg, .tif"
    ):
        write_picture(tmp_path / name, sample("uint8", 3), Meta(), overwrite=True)
    assert list(tmp_path.iterdir()) == []


def test_the_ending_may_be_in_capitals(tmp_path: Path) -> None:
    write_picture(tmp_path / "A.JPG", sample("uint8", 3), Meta(), overwrite=True)
    assert read_picture(tmp_path / "A.JPG").format == "JPEG"


def test_a_picture_too_long_for_its_kind_is_refused(tmp_path: Path) -> None:
    line = np.zeros((1, 16_384), np.uint8)
    with pytest.raises(FileProblem, match="16384 × 1 pixels and WebP holds at most 16383"):
        write_picture(tmp_path / "a.webp", line, Meta(), overwrite=True)


@pytest.mark.parametrize(
    ("suffix", "depth", "channels", "words"),
    [
        (".png", "uint16", 4, []),
        (".tif", "float32", 4, []),
        (".exr", "float32", 4, []),
        (".jpg", "uint8", 3, []),
        (".jpg", "uint8", 4, ["no transparency: the picture is laid on white"]),
        (".jpg", "uint16", 3, ["JPEG holds 8 bits: the 16-bit values are rounded"]),
        (".png", "float32", 3, ["PNG holds 16 bits: light beyond"]),
        (".bmp", "float32", 4, ["no transparency", "BMP holds 8 bits"]),
        (".gif", "uint8", 4, ["256 colours", "no half transparency"]),
        (".gif", "uint8", 1, []),
        (".hdr", "float32", 3, ["one part in a hundred"]),
    ],
)
def test_losses_are_told_beforehand(
    tmp_path: Path, suffix: str, depth: str, channels: int, words: list[str]
) -> None:
    pixels = sample(depth, channels)
    told = losses(suffix, pixels)
    assert len(told) == len(words)
    assert all(word in sentence for word, sentence in zip(words, told, strict=True))
    assert write_picture(tmp_path / f"a{suffix}", pixels, Meta(), overwrite=True) == told


def test_full_opacity_is_no_loss() -> None:
    assert losses(".jpg", np.full((2, 2, 4), 255, np.uint8)) == ()


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    pixels = np.zeros((3, 1, 4), np.uint8)
    pixels[:, 0, 3] = (255, 51, 0)
    write_picture(tmp_path / "a.bmp", pixels, Meta(), overwrite=True)
    assert read_picture(tmp_path / "a.bmp").pixels[:, 0, 0].tolist() == [0, 204, 255]


def test_sixteen_bits_are_rounded_not_cut(tmp_path: Path) -> None:
    deep = np.array([[0, 128, 129, 65535 - 128, 65535]], np.uint16)
    write_picture(tmp_path / "a.bmp", deep, Meta(), overwrite=True)
    assert read_picture(tmp_path / "a.bmp").pixels.tolist() == [[0, 0, 1, 255, 255]]


def test_nan_becomes_black_where_it_cannot_be_kept(tmp_path: Path) -> None:
    pixels = np.array([[np.nan, np.inf, -1.0, 1.0]], np.float32)
    told = write_picture(tmp_path / "a.png", pixels, Meta(), overwrite=True)
    assert any("NaN" in sentence for sentence in told)
    assert read_picture(tmp_path / "a.png").pixels.tolist() == [[0, 65535, 0, 65535]]


def test_inputs_are_not_written_to(tmp_path: Path) -> None:
    for depth in ("uint8", "uint16", "float32"):
        pixels = sample(depth, 4)
        pixels.flags.writeable = False
        for kind in (kind for kind in KINDS if kind.writes):
            write_picture(tmp_path / f"a{kind.suffix}", pixels, Meta(), overwrite=True)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".jxl", ".jp2", ".avif"])
def test_the_location_can_be_left_out(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    meta = Meta(exif=samples.exif_block(), xmp=samples.XMP)
    write_picture(path, sample("uint8", 3), meta, SaveOptions(strip_location=True), overwrite=True)
    told = read_picture(path).meta
    assert samples.tags(told.exif) == samples.FULL | {"place": None}
    assert b"GPS" not in told.xmp
    assert b'dc:format="image"' in told.xmp
    assert b"48,8.5N" not in path.read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".jxl"])
def test_all_metadata_can_be_left_out_but_colours_stay(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    options = SaveOptions(strip_metadata=True, lossless=True)
    meta = Meta(samples.icc(), samples.exif_block(), samples.XMP)
    write_picture(path, sample("uint8", 3), meta, options, overwrite=True)
    told = read_picture(path).meta
    assert (told.icc, told.xmp) == (samples.icc(), b"")
    assert samples.tags(told.exif)["model"] is None
    assert samples.MODEL.encode() not in path.read_bytes()


def test_the_small_picture_inside_exif_is_dropped(tmp_path: Path) -> None:
    """It would still show what was painted away."""
    block = samples.with_thumbnail(samples.exif_block(), b"\xff\xd8SECRET\xff\xd9")
    write_picture(tmp_path / "a.jpg", sample("uint8", 3), Meta(exif=block), overwrite=True)
    assert b"SECRET" not in (tmp_path / "a.jpg").read_bytes()
    assert samples.tags(read_picture(tmp_path / "a.jpg").meta.exif) == samples.FULL


def test_exif_tells_the_new_size(tmp_path: Path) -> None:
    meta = Meta(exif=samples.exif_block())
    write_picture(tmp_path / "a.jpg", sample("uint8", 3), meta, overwrite=True)
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.getexif().get_ifd(exif.EXIF)[0xA002] == samples.WIDTH


def test_metadata_too_long_for_jpeg_is_left_out_and_told(tmp_path: Path) -> None:
    meta = Meta(exif=samples.exif_block(), xmp=samples.XMP + b" " * 70_000)
    told = write_picture(tmp_path / "a.jpg", sample("uint8", 3), meta, overwrite=True)
    assert told == ("XMP data does not fit into JPEG and is left out.",)
    assert samples.tags(read_picture(tmp_path / "a.jpg").meta.exif) == samples.FULL


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"quality": 0}, "quality is 0: it goes from 1 to 100"),
        ({"compression": 10}, "compression is 10: it goes from 0 to 9"),
        ({"subsampling": "4:1:1"}, "choose 4:4:4"),
    ],
)
def test_options_are_checked(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SaveOptions(**given)  # type: ignore[arg-type]


def test_jpeg_xl_is_lossy_only_where_that_keeps_the_colours(tmp_path: Path) -> None:
    path, pixels = tmp_path / "a.jxl", sample("uint8", 3)
    for space in (QColorSpace.NamedColorSpace.SRgb, QColorSpace.NamedColorSpace.AdobeRgb):
        profile = samples.icc(space)
        told = write_picture(path, pixels, Meta(profile), overwrite=True)
        photo = read_picture(path)
        wide = space == QColorSpace.NamedColorSpace.AdobeRgb
        assert np.array_equal(photo.pixels, pixels) == wide
        assert samples.psnr(photo.pixels, pixels) > 40
        assert any("only without loss" in sentence for sentence in told) == wide
        assert (photo.meta.icc == profile) == wide


def test_lossy_jpeg_xl_with_a_profile_is_shown_in_srgb(tmp_path: Path) -> None:
    """Other programs write such files; they decode to linear light."""
    path, grey = tmp_path / "a.jxl", np.full((16, 16, 3), 128, np.uint8)
    given = {"compression": "jpegxl:90"}
    path.write_bytes(encode(grey, JXL, given, samples.icc(QColorSpace.NamedColorSpace.DisplayP3)))
    photo = read_picture(path)
    assert np.abs(photo.pixels.astype(int) - 128).max() <= 2
    assert photo.meta.icc == b""
    assert any("converted" in notice for notice in photo.notices)


def test_nothing_is_added_that_was_not_asked_for(tmp_path: Path) -> None:
    """No date, no name of an encoder."""
    for kind in (kind for kind in KINDS if kind.writes and kind.exif):
        path = tmp_path / f"a{kind.suffix}"
        write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
        told = read_picture(path).meta
        assert (told.xmp, told.dpi) == (b"", None), kind.name
        assert b"OpenImageIO" not in path.read_bytes(), kind.name
        assert b"2026" not in told.exif, kind.name


def test_quality_and_subsampling_reach_the_file(tmp_path: Path, noise: np.ndarray) -> None:
    sizes = {}
    for options in (SaveOptions(95), SaveOptions(95, "4:2:0"), SaveOptions(50)):
        write_picture(tmp_path / "a.jpg", noise, Meta(), options, overwrite=True)
        sizes[options] = (tmp_path / "a.jpg").stat().st_size
    best, coarse, low = sizes.values()
    assert best > coarse > low
