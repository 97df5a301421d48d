"""Reading: depths and channels of every sort, sizes from headers, the throw-away process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import types
import zlib
from pathlib import Path

import numpy as np
import OpenImageIO as oiio
import pytest
from PIL import Image

import editor.files.apart
from editor.engine.cv import MAX_PIXELS as MAX_PIXELS_OF_OPENCV
from editor.engine.image import Meta, Picture
from editor.files import exif
from editor.files.kinds import MAX_PIXELS
from editor.files.problems import FileProblem
from editor.files.read import (
    Stamp,
    changed_on_disk,
    read_picture,
    read_picture_safely,
    read_preview,
)
from editor.files.write import write_picture
from tests.files import samples
from tests.files.samples import sample


def save(path: Path, image: Image.Image, **given: object) -> Path:
    image.save(path, **given)
    return path


def by_oiio(path: Path, pixels: Picture, form: str, **attributes: object) -> Path:
    """A file with channels or a depth that we do not write ourselves."""
    height, width = pixels.shape[:2]
    spec = oiio.ImageSpec(width, height, pixels.shape[2] if pixels.ndim == 3 else 1, form)
    names = attributes.pop("names", None)
    if names:
        spec.channelnames = names
        spec.alpha_channel = names.index("A") if "A" in names else -1
    spec.attribute("oiio:UnassociatedAlpha", 1)
    for name, value in attributes.items():
        spec.attribute(name, value)
    out = oiio.ImageOutput.create(str(path))
    assert out.open(str(path), spec), out.geterror()
    assert out.write_image(pixels.reshape(height, width, -1))
    out.close()
    return path


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_png_of_few_bits_is_spread_over_eight(tmp_path: Path, bits: int) -> None:
    levels = 2**bits
    grey = Image.fromarray(np.arange(levels, dtype=np.uint8).reshape(1, -1), "P")
    grey.putpalette([value * 255 // (levels - 1) for value in range(levels) for _ in range(3)])
    photo = read_picture(save(tmp_path / "few.png", grey, bits=bits))
    expected = np.arange(levels) * 255 // (levels - 1)
    assert photo.pixels.shape == (1, levels, 3)
    assert np.array_equal(photo.pixels[0, :, 0], expected)


def test_bilevel_is_grey(tmp_path: Path) -> None:
    bits = np.array([[True, False], [False, True]])
    photo = read_picture(save(tmp_path / "bits.png", Image.fromarray(bits)))
    assert np.array_equal(photo.pixels, np.where(bits, 255, 0))


def test_palette_with_a_clear_entry_is_rgba(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette([10, 20, 30, 40, 50, 60])
    photo = read_picture(save(tmp_path / "clear.png", image, transparency=1))
    assert photo.pixels.tolist() == [[[10, 20, 30, 255], [40, 50, 60, 0]]]


def test_grey_with_alpha_becomes_rgba(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[[7, 255], [9, 3]]], np.uint8), "LA")
    photo = read_picture(save(tmp_path / "la.png", image))
    assert photo.pixels.tolist() == [[[7, 7, 7, 255], [9, 9, 9, 3]]]
    assert photo.notices == ()


def test_half_becomes_float(tmp_path: Path) -> None:
    pixels = np.array([[0.1, 2.5, 65504]], np.float32)
    photo = read_picture(by_oiio(tmp_path / "half.exr", pixels, "half"))
    assert photo.pixels.dtype == np.float32
    assert np.array_equal(photo.pixels, pixels.astype(np.float16).astype(np.float32))


def test_wide_integers_and_doubles_are_rounded_with_a_notice(tmp_path: Path) -> None:
    doubles = np.array([[0.25], [1.5]])
    photo = read_picture(by_oiio(tmp_path / "double.tif", doubles, "double"))
    assert photo.pixels.dtype == np.float32
    assert photo.pixels.tolist() == [[0.25], [1.5]]
    assert "64-bit" in photo.notices[0]
    row = by_oiio(tmp_path / "row.tif", doubles.reshape(1, 2), "double")
    with pytest.raises(FileProblem, match="a single row of 64-bit values"):  # not garbage
        read_picture(row)
    whole = np.array([[0, 2**32 - 1]], np.uint32)
    photo = read_picture(by_oiio(tmp_path / "uint.tif", whole, "uint"))
    assert photo.pixels.dtype == np.uint16
    assert photo.pixels.tolist() == [[0, 65535]]
    assert "converted to uint16" in photo.notices[0]


def test_further_channels_are_left_out_with_a_notice(tmp_path: Path) -> None:
    pixels = np.arange(24, dtype=np.float32).reshape(2, 2, 6)
    names = ("R", "G", "B", "A", "Z", "id")
    photo = read_picture(by_oiio(tmp_path / "many.tif", pixels, "float", names=names))
    assert photo.pixels.shape == (2, 2, 4)
    assert any("left out: Z" in notice or "channel" in notice for notice in photo.notices)


def test_premultiplied_colour_is_made_straight(tmp_path: Path) -> None:
    stored = np.array([[[0.25, 0.5, 0.125, 0.5], [1.0, 2.0, 3.0, 0.0]]], np.float32)
    photo = read_picture(by_oiio(tmp_path / "over.exr", stored, "float"))
    assert photo.pixels.tolist() == [[[0.5, 1.0, 0.25, 0.5], [1.0, 2.0, 3.0, 0.0]]]


def test_cmyk_becomes_srgb_with_a_notice(tmp_path: Path) -> None:
    inks = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    for suffix in (".jpg", ".tif"):
        photo = read_picture(save(tmp_path / f"inks{suffix}", inks))
        red, green, blue = photo.pixels[4, 4].astype(int)
        assert red > 200, suffix
        assert max(green, blue) < 60, suffix
        assert "CMYK" in photo.notices[0]
        assert photo.meta.icc == b""


def test_an_opaque_gif_is_rgb_and_the_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 4), colour) for colour in ("red", "blue")]
    path = save(tmp_path / "two.gif", frames[0], save_all=True, append_images=frames[1:])
    photo = read_picture(path)
    assert photo.pixels.shape == (4, 6, 3)
    assert photo.pixels[0, 0].tolist() == [255, 0, 0]
    assert "more than one picture" in photo.notices[0]


def test_a_bmp_whose_alpha_was_never_set_is_opaque(tmp_path: Path) -> None:
    clear = Image.fromarray(np.dstack([sample("uint8", 3), np.zeros((32, 48), np.uint8)]))
    assert read_picture(save(tmp_path / "never.bmp", clear)).pixels.shape == (32, 48, 3)


def test_photoshop_is_read_flat(tmp_path: Path) -> None:
    pixels = sample("uint8", 3)
    resources = b"".join(
        b"8BIM" + number.to_bytes(2, "big") + b"\0\0" + len(data).to_bytes(4, "big") + data
        for number, data in ((1039, samples.icc()), (1058, samples.exif_block()))
    )
    header = b"8BPS" + bytes([0, 1]) + bytes(6) + bytes([0, 3])
    header += (32).to_bytes(4, "big") + (48).to_bytes(4, "big") + bytes([0, 8, 0, 3])
    body = bytes(4) + len(resources).to_bytes(4, "big") + resources + bytes(4) + bytes(2)
    path = tmp_path / "flat.psd"
    path.write_bytes(header + body + pixels.transpose(2, 0, 1).tobytes())
    photo = read_picture(path)
    assert np.array_equal(photo.pixels, pixels)
    assert photo.meta.icc == samples.icc()
    assert samples.tags(photo.meta.exif) == samples.FULL


def test_a_profile_for_other_colours_is_left_out(tmp_path: Path) -> None:
    profile = bytearray(samples.icc())
    profile[16:20] = b"CMYK"
    path = tmp_path / "wrong.png"
    write_picture(path, sample("uint8", 3), Meta(icc=bytes(profile)), overwrite=True)
    photo = read_picture(path)
    assert photo.meta.icc == b""
    assert "profile is for CMYK" in photo.notices[0]


class FakeHeif:
    """What pillow_heif gives for a 10-bit photograph that libheif has turned already."""

    mode, size = "RGB;16", (48, 32)

    def __init__(self, path: Path, *, convert_hdr_to_8bit: bool) -> None:
        assert not convert_hdr_to_8bit
        block = b"Exif\0\0" + samples.exif_block(6)
        self.info = {"exif": block, "icc_profile": samples.icc(), "xmp": None}

    def __array__(self, dtype: object = None, copy: object = None) -> Picture:
        return sample("uint16", 3)


def test_heic_keeps_its_depth_and_is_not_turned_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = types.ModuleType("pillow_heif")
    monkeypatch.setattr(fake, "open_heif", FakeHeif, raising=False)
    monkeypatch.setitem(sys.modules, "pillow_heif", fake)
    path = tmp_path / "a.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    photo = read_picture(path)
    assert photo.format == "HEIC"
    assert np.array_equal(photo.pixels, sample("uint16", 3))
    assert photo.meta.icc == samples.icc()
    assert exif.orientation(photo.meta.exif) == 1
    with pytest.raises(FileProblem, match="48 × 32 pixels"):
        read_picture(path, max_pixels=10)


class FakeRaw:
    """What rawpy gives for a camera's file."""

    sizes = types.SimpleNamespace(width=48, height=32)

    def __init__(self, path: str) -> None:
        assert Path(path).is_file()

    def __enter__(self) -> FakeRaw:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def postprocess(self, **given: object) -> Picture:
        assert given["output_bps"] == 16
        return sample("uint16", 3)


def test_camera_raw_is_developed_to_16_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = types.ModuleType("rawpy")
    monkeypatch.setattr(fake, "imread", FakeRaw, raising=False)
    monkeypatch.setattr(fake, "LibRawError", RuntimeError, raising=False)
    monkeypatch.setattr(fake, "ColorSpace", types.SimpleNamespace(sRGB=1), raising=False)
    monkeypatch.setitem(sys.modules, "rawpy", fake)
    path = tmp_path / "a.nef"  # TIFF inside: the tags are found as in any TIFF
    path.write_bytes(samples.exif_block())
    photo = read_picture(path)
    assert photo.format == "camera RAW"
    assert np.array_equal(photo.pixels, sample("uint16", 3))
    assert samples.tags(photo.meta.exif) == samples.FULL


def test_xmp_behind_the_pixels_of_a_png_is_found(tmp_path: Path) -> None:
    path = tmp_path / "late.png"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    data = path.read_bytes()
    chunk = b"iTXt" + b"XML:com.adobe.xmp\0" + bytes(4) + samples.XMP
    crc = zlib.crc32(chunk).to_bytes(4, "big")
    late = (len(chunk) - 4).to_bytes(4, "big") + chunk + crc
    path.write_bytes(data[:-12] + late + data[-12:])
    assert read_picture(path).meta.xmp == samples.XMP


@pytest.mark.parametrize(
    "name", ["写真 ünïcode ☂.png", "what?key=1.png", "100%04d #.png", "no ending"]
)
def test_names_that_mislead_others(tmp_path: Path, name: str) -> None:
    write_picture(tmp_path / "a.png", sample("uint8", 3), Meta(), overwrite=True)
    (tmp_path / "a.png").rename(tmp_path / name)
    assert np.array_equal(read_picture(tmp_path / name).pixels, sample("uint8", 3))


def test_a_very_long_path(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["long " * 40] * 12)
    folder.mkdir(parents=True)
    path = folder / "picture.tif"
    assert len(str(path)) > 2400
    write_picture(path, sample("uint16", 4), Meta(), overwrite=True)
    assert np.array_equal(read_picture_safely(path).pixels, sample("uint16", 4))


@pytest.mark.parametrize("suffix", [".png", ".jxl", ".jp2", ".webp", ".tif", ".gif"])
def test_the_wrong_ending_does_not_matter(tmp_path: Path, suffix: str) -> None:
    write_picture(tmp_path / f"a{suffix}", sample("uint8", 1), Meta(), overwrite=True)
    (tmp_path / f"a{suffix}").rename(tmp_path / "a.jpg")
    assert read_picture(tmp_path / "a.jpg").format != "JPEG"


@pytest.mark.parametrize("shape", [(1, 1), (1, 20_000), (20_000, 1)])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp", ".exr", ".jxl"])
def test_thin_pictures(tmp_path: Path, shape: tuple[int, int], suffix: str) -> None:
    path = tmp_path / f"thin{suffix}"
    write_picture(path, np.full(shape, 128, np.uint8), Meta(), overwrite=True)
    assert read_picture(path).pixels.shape == shape


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".jxl", ".tif", ".exr", ".jp2"])
def test_a_preview_is_small_upright_rgb(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"big{suffix}"
    pixels = np.zeros((200, 400, 3), np.uint8)
    pixels[:, :200] = 255
    write_picture(path, pixels, Meta(), overwrite=True)
    small = read_preview(path, 64)
    assert small.shape == (32, 64, 3)
    assert small.dtype == np.uint8
    assert small[16, 5].min() > 250
    assert small[16, 58].max() < 5


def test_a_preview_of_deep_grey_and_of_clear_pixels(tmp_path: Path) -> None:
    write_picture(tmp_path / "deep.png", np.full((9, 9), 32768, np.uint16), Meta(), overwrite=True)
    assert read_preview(tmp_path / "deep.png", 9)[4, 4].tolist() == [128, 128, 128]
    clear = np.zeros((9, 9, 4), np.uint16)
    for name in ("clear.png", "clear.tif"):
        write_picture(tmp_path / name, clear, Meta(), overwrite=True)
        assert read_preview(tmp_path / name, 9)[4, 4].tolist() == [255, 255, 255], name


def test_a_stamp_tells_a_changed_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"one")
    seen = Stamp.of(path)
    assert not changed_on_disk(path, seen)
    os.utime(path, ns=(seen.mtime_ns, seen.mtime_ns + 1))
    assert changed_on_disk(path, seen)
    path.unlink()
    assert changed_on_disk(path, seen)
    with pytest.raises(FileProblem, match=r"a\.png .* no such file"):
        Stamp.of(path)


def test_the_limit_is_the_one_opencv_was_given() -> None:
    assert MAX_PIXELS == MAX_PIXELS_OF_OPENCV


# ── in the throw-away process ──


@pytest.mark.parametrize(("depth", "channels"), [("uint8", 1), ("uint16", 3), ("float32", 4)])
def test_read_safely_gives_the_same(tmp_path: Path, depth: str, channels: int) -> None:
    path = tmp_path / "same.tif"
    meta = Meta(samples.icc() if channels > 1 else b"", samples.exif_block(), samples.XMP, (72, 96))
    write_picture(path, sample(depth, channels), meta, overwrite=True)
    here, there = read_picture(path), read_picture_safely(path)
    assert np.array_equal(here.pixels, there.pixels)
    assert there.pixels.dtype == here.pixels.dtype
    assert there.pixels.flags.c_contiguous
    assert (there.meta, there.format, there.notices) == (here.meta, here.format, here.notices)


def test_a_problem_in_the_other_process_is_the_same_problem(tmp_path: Path) -> None:
    path = tmp_path / "text.png"
    path.write_text("good morning")
    with pytest.raises(FileProblem, match=r"text\.png is not a picture: it looks like text"):
        read_picture_safely(path)


@pytest.mark.parametrize(
    ("main", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "damaged or hostile"),
        (
            "import os, signal, tempfile; tempfile.mkdtemp(); os.kill(os.getpid(), signal.SIGKILL)",
            "memory ran out",
        ),
        ("import time; time.sleep(60)", "take too long"),
        ("print('stray')", "damaged or hostile"),
        ("print('stray' * 99)", "damaged or hostile"),
        ("raise SystemExit(3)", "damaged or hostile"),
    ],
)
def test_a_decoder_that_dies_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, main: str, words: str
) -> None:
    path = tmp_path / "a.png"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    start = subprocess.Popen.__init__

    def instead(child: object, command: list[str], **given: object) -> None:
        start(child, [*command[:3], main], **given)  # type: ignore[arg-type]

    monkeypatch.setattr(subprocess.Popen, "__init__", instead)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with pytest.raises(FileProblem, match=rf"a\.png cannot be opened: .*{words}"):
        read_picture_safely(path, timeout=0.5)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_picture_beyond_the_memory_it_may_have_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    write_picture(path, np.zeros((6000, 8000, 3), np.uint8), Meta(), overwrite=True)
    monkeypatch.setattr(editor.files.apart, "_LEAST_MEMORY", 150 << 20)
    monkeypatch.setattr(editor.files.apart, "free_memory", lambda: 0)
    with pytest.raises(FileProblem, match=r"large\.png cannot be opened"):
        read_picture_safely(path)


def test_nothing_leaks(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        read_picture_safely(path)
    assert len(os.listdir("/proc/self/fd")) == before
    assert not [name for name in os.listdir("/dev/shm") if "patina" in name]


def test_it_works_from_any_folder_and_loads_no_window(tmp_path: Path) -> None:
    """A foreign numpy.py where the person stands is not imported."""
    (tmp_path / "numpy.py").write_text("raise SystemExit('wrong numpy')")
    path = tmp_path / "a.png"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    root = Path(editor.__file__).parent.parent
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from pathlib import Path\n"
        "from editor.files.read import read_picture, read_picture_safely\n"
        "assert read_picture_safely(Path('a.png')).pixels.shape == (32, 48, 3)\n"
        "read_picture(Path('a.png'))\n"
        "heavy = {'PySide6', 'torch', 'numba', 'cv2', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, check=True)
