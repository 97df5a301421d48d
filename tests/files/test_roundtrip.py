"""What comes back from each kind of file: pixels, profile, EXIF, XMP, resolution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from editor.engine.image import Meta, decode_srgb
from editor.files import exif
from editor.files.kinds import AVIF, EXR, GIF, HDR, JPEG, JXL, PNG, TIFF, WEBP, Kind
from editor.files.read import read_picture
from editor.files.write import SaveOptions, write_picture
from tests.files import samples
from tests.files.samples import CHANNELS, DEPTHS, FULL, WRITTEN, psnr, sample, trip

CASES = [
    pytest.param(kind, depth, channels, id=f"{kind.name}-{depth}-{name}")
    for kind in WRITTEN
    for depth in kind.depths
    for name, channels in CHANNELS.items()
    if channels != 4 or kind.alpha
]


def of_kind(kind: Kind) -> str:
    return kind.name


@pytest.mark.parametrize(("kind", "depth", "channels"), CASES)
def test_pixels_come_back(tmp_path: Path, kind: Kind, depth: str, channels: int) -> None:
    made = trip(tmp_path, kind, depth, channels, profile=kind.icc)
    after = made.photo.pixels
    assert made.photo.format == kind.name
    assert after.dtype.name == depth
    assert after.flags.c_contiguous
    if channels == 1 and not kind.grey:
        assert after.ndim == 3
        assert np.array_equal(after[..., 0], after[..., 1])
        after = after[..., 0]
    assert after.shape == made.before.shape
    if kind is EXR and channels == 4:  # colour is stored multiplied: equal up to a rounding
        assert np.allclose(after, made.before, rtol=3e-7, atol=0)
    elif kind is HDR:
        assert np.abs(after - made.before).max() <= made.before.max() / 128
    elif kind is GIF and channels > 1:
        there = made.before[..., 3] >= 128 if channels == 4 else np.full(after.shape[:2], True)
        assert psnr(after[there][:, :3], made.before[there][:, :3]) > 25
        assert channels == 3 or np.array_equal(after[..., 3] == 255, there)
    elif kind.lossless:
        assert np.array_equal(after, made.before)
    else:
        assert psnr(after, made.before) > 40


@pytest.mark.parametrize("kind", WRITTEN, ids=of_kind)
def test_metadata_comes_back(tmp_path: Path, kind: Kind) -> None:
    made = trip(tmp_path, kind, kind.depths[0], 3)
    meta = made.photo.meta
    if not kind.linear:
        assert meta.icc == (made.meta.icc if kind.icc else b"")
    assert samples.tags(meta.exif) == (FULL if kind.exif else dict.fromkeys(FULL))
    assert meta.xmp == (samples.XMP if kind.xmp else b"")
    assert meta.dpi == ((300.0, 300.0) if kind.dpi else None)


@pytest.mark.parametrize("kind", WRITTEN, ids=of_kind)
def test_what_is_lost_is_told(tmp_path: Path, kind: Kind) -> None:
    said = " ".join(trip(tmp_path, kind, kind.depths[0], 3).notices)
    assert ("EXIF" in said) == (not kind.exif)
    assert ("profile" in said) == (not kind.icc and not kind.linear)


def test_exif_is_kept_byte_for_byte_but_for_size(tmp_path: Path) -> None:
    block = exif.sized(samples.exif_block(), samples.WIDTH, samples.HEIGHT)
    for kind in (PNG, JPEG, WEBP, JXL):
        path = tmp_path / f"kept{kind.suffix}"
        write_picture(path, sample("uint8", 3), Meta(exif=block), overwrite=True)
        assert read_picture(path).meta.exif == block, kind.name


def test_resolution_lives_in_exif_where_there_is_no_other_place(tmp_path: Path) -> None:
    for kind in (WEBP, JXL, AVIF):
        path = tmp_path / f"dots{kind.suffix}"
        write_picture(path, sample("uint8", 3), Meta(dpi=(300.0, 150.0)), overwrite=True)
        assert read_picture(path).meta.dpi == (300.0, 150.0), kind.name


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_baked_once(tmp_path: Path, suffix: str, orientation: int) -> None:
    """The stored picture is the upright one turned the way the camera was held."""
    upright = np.full((24, 40, 3), 128, np.uint8)
    upright[:8, :8], upright[:8, -8:], upright[-8:, :8] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright),
        7: np.rot90(upright, 2).transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    path = tmp_path / f"held{suffix}"
    block = samples.exif_block(orientation)
    Image.fromarray(np.ascontiguousarray(stored)).save(
        path,
        exif=block if suffix == ".tif" else b"Exif\0\0" + block,
        lossless=True,
        quality=95,
        subsampling=0,
    )
    photo = read_picture(path)
    assert psnr(photo.pixels, upright) > 30
    with Image.open(path) as image:  # as another program turns it
        assert psnr(photo.pixels, np.array(ImageOps.exif_transpose(image))) > 40
    assert exif.orientation(photo.meta.exif) == 1
    again = tmp_path / f"again{suffix}"
    write_picture(again, photo.pixels, photo.meta, overwrite=True)
    assert psnr(read_picture(again).pixels, upright) > 25


def test_resolution_turns_with_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    Image.fromarray(sample("uint8", 3)).save(
        path, dpi=(300, 150), exif=b"Exif\0\0" + samples.exif_block(6)
    )
    assert read_picture(path).meta.dpi == (150.0, 300.0)


def test_tiff_and_png_hand_exif_to_each_other(tmp_path: Path) -> None:
    """Also from big-endian cameras: the values are turned round, not only copied."""
    block = samples.exif_block()
    assert block[:2] == b"MM"
    first, second = tmp_path / "one.tif", tmp_path / "two.png"
    write_picture(first, sample("uint16", 3), Meta(exif=block), overwrite=True)
    photo = read_picture(first)
    assert photo.meta.exif[:2] == b"II"
    write_picture(second, photo.pixels, photo.meta, overwrite=True)
    assert samples.tags(read_picture(second).meta.exif) == FULL


def test_a_float_picture_is_light_and_an_8_bit_one_is_not(tmp_path: Path) -> None:
    """Through OpenEXR and back to PNG every 8-bit value is the same again."""
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    write_picture(tmp_path / "ramp.exr", ramp, Meta(), overwrite=True)
    light = read_picture(tmp_path / "ramp.exr").pixels
    assert np.allclose(light, decode_srgb(ramp.astype(np.float32) / 255), atol=1e-7)
    write_picture(tmp_path / "ramp.bmp", light, Meta(), overwrite=True)
    assert np.array_equal(read_picture(tmp_path / "ramp.bmp").pixels, ramp)


def test_colours_of_a_wide_profile_are_converted_where_it_cannot_be_kept(tmp_path: Path) -> None:
    green = np.full((4, 4, 3), (100, 200, 100), np.uint8)
    write_picture(tmp_path / "green.bmp", green, Meta(icc=samples.icc()), overwrite=True)
    red, shown, blue = read_picture(tmp_path / "green.bmp").pixels[0, 0]
    assert red < 70  # greener than sRGB can show
    assert 195 <= shown <= 205
    assert 85 <= blue <= 105


def test_nan_and_infinity_keep_their_bits(tmp_path: Path) -> None:
    pixels = sample("float32", 3)
    pixels[3, 4, 0] = np.nan
    pixels[5, 6, 1] = np.inf
    pixels.view(np.uint32)[7, 8, 2] = 0x7FC0_1234  # a NaN that carries a message
    for suffix in (".exr", ".tif"):
        path = tmp_path / f"nan{suffix}"
        write_picture(path, pixels, Meta(), overwrite=True)
        photo = read_picture(path)
        assert np.array_equal(photo.pixels.view(np.uint32), pixels.view(np.uint32)), suffix
        assert any(notice.startswith("2 values are not numbers") for notice in photo.notices)


def test_lossless_is_exact_on_noise_and_lossy_is_not(tmp_path: Path, noise: np.ndarray) -> None:
    for suffix in (".webp", ".jxl"):
        path = tmp_path / f"noise{suffix}"
        write_picture(path, noise, Meta(), SaveOptions(lossless=True), overwrite=True)
        assert np.array_equal(read_picture(path).pixels, noise)
        write_picture(path, noise, Meta(), SaveOptions(quality=60), overwrite=True)
        assert not np.array_equal(read_picture(path).pixels, noise)


def test_colour_under_full_transparency_is_kept(tmp_path: Path, noise: np.ndarray) -> None:
    pixels = np.dstack([noise, np.zeros(noise.shape[:2], np.uint8)])
    for kind in (PNG, TIFF, WEBP, JXL):
        path = tmp_path / f"clear{kind.suffix}"
        write_picture(path, pixels, Meta(), SaveOptions(lossless=True), overwrite=True)
        assert np.array_equal(read_picture(path).pixels, pixels), kind.name


def test_light_without_cover_survives_openexr(tmp_path: Path) -> None:
    pixels = np.zeros((2, 2, 4), np.float32)
    pixels[0, 0] = (3.0, 2.0, 1.0, 0.0)
    write_picture(tmp_path / "glow.exr", pixels, Meta(), overwrite=True)
    assert np.array_equal(read_picture(tmp_path / "glow.exr").pixels, pixels)


def test_every_depth_a_kind_promises_is_one_we_know() -> None:
    assert all(set(kind.depths) <= set(DEPTHS) for kind in WRITTEN)
