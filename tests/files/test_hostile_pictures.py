"""Files that are broken, lie or are not pictures: one sentence each, quickly, and nothing else."""

from __future__ import annotations

import builtins
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.engine.image import Meta
from editor.files.kinds import KINDS, PNG, Kind
from editor.files.problems import FileProblem
from editor.files.read import read_picture, read_preview
from editor.files.write import SaveOptions, write_picture
from tests.files.samples import WRITTEN, sample


def problem(path: Path, **given: Any) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(FileProblem) as caught:
        read_picture(path, **given)
    said = str(caught.value)
    assert said.startswith(path.name)
    assert "\n" not in said
    assert "patina-" not in said  # no name of ours that the person has never seen
    return said


def png_header(width: int, height: int, rest: bytes = b"") -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + rest


def bomb(path: Path, width: int = 30_000, height: int = 30_000) -> Path:
    """A whole, valid grey PNG of 900 megapixels in less than a megabyte."""
    # One block of a hundred rows of zeros, repeated: zlib need not see all of them.
    rows, size = 100, (1 + width) * height
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 + width) * rows) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = struct.pack(">HH", size % 65521, 1)
    body = b"IDAT" + b"\x78\xda" + block * (height // rows) + b"\x03\x00" + checksum
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    path.write_bytes(png_header(width, height, chunk + end))
    return path


@pytest.mark.parametrize(
    ("contents", "looks"),
    [
        (b"good morning\n" * 400, "text"),
        ("schöne Grüße ".encode() * 800, "text"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04...", "a zip archive or an office document"),
        (b"<svg xmlns='...'>", "a drawing in SVG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a video or sound clip"),
        (bytes(range(128, 256)) * 3, "data of a kind that is not known here"),
        (bytes(5000), "data of a kind that is not known here"),
    ],
)
def test_what_is_not_a_picture_is_named(tmp_path: Path, contents: bytes, looks: str) -> None:
    path = tmp_path / "holiday.png"
    path.write_bytes(contents)
    assert problem(path) == f"holiday.png is not a picture: it looks like {looks}"


def test_missing_empty_folder_and_pipe(tmp_path: Path) -> None:
    assert "there is no such file" in problem(tmp_path / "none.png")
    (tmp_path / "empty.png").touch()
    assert problem(tmp_path / "empty.png") == "empty.png is empty: there is nothing in the file"
    (tmp_path / "folder.png").mkdir()
    assert problem(tmp_path / "folder.png").endswith("it is a folder")
    os.mkfifo(tmp_path / "pipe.png")
    assert problem(tmp_path / "pipe.png").endswith("it is not an ordinary file")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run as an administrator, to whom nothing is forbidden."""
    path = tmp_path / "locked.png"
    path.write_bytes(b"x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problem(path) == "locked.png cannot be opened: permission is denied"


def test_the_bomb_is_a_sound_png(tmp_path: Path) -> None:
    small = bomb(tmp_path / "small.png", 300, 200)
    assert np.array_equal(read_picture(small).pixels, np.zeros((200, 300), np.uint8))


def test_a_bomb_is_refused_from_its_header(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.png")
    assert path.stat().st_size < 1_000_000
    process = psutil.Process()
    before = process.memory_info().rss
    said = problem(path)
    assert "30000 × 30000 pixels (900 megapixels)" in said
    assert "the limit is 512 megapixels" in said
    assert process.memory_info().rss - before < 100 << 20
    with pytest.raises(FileProblem, match="900 megapixels"):
        read_preview(path, 64)


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.name)
def test_the_limit_holds_for_every_kind(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / f"a{kind.suffix}"
    write_picture(path, sample(kind.depths[0], 3), Meta(), overwrite=True)
    said = problem(path, max_pixels=48 * 32 - 1)
    assert "48 × 32 pixels" in said
    read_picture(path, max_pixels=48 * 32)


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.name)
def test_the_limit_is_asked_before_any_pixel_is_decoded(tmp_path: Path, kind: Kind) -> None:
    """The file is cut off behind its header, so a decoder that went on would say so."""
    path = tmp_path / f"a{kind.suffix}"
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (96, 128, 3), dtype=np.uint8)
    pixels = noise if not kind.linear else (noise / 255).astype(np.float32)
    write_picture(path, pixels, Meta(), SaveOptions(lossless=True), overwrite=True)
    data = path.read_bytes()
    if kind.name in ("TIFF", "AVIF", "WebP"):  # the directory lies at the end, or size is checked
        data = data.replace(data[2000:2600], bytes(600))
    else:
        data = data[: len(data) * 3 // 4]
    path.write_bytes(data)
    assert "128 × 96 pixels" in problem(path, max_pixels=10)


@pytest.mark.parametrize("size", [(1, 2**32), (2**18 + 5, 2**30), (77, 50), (8, 8), (256, 256)])
@pytest.mark.parametrize("boxed", [False, True])
def test_the_size_of_a_jpeg_xl_is_read_from_its_bits(
    tmp_path: Path, size: tuple[int, int], boxed: bool
) -> None:
    width, height = size
    bits, at = 0, 0

    def put(value: int, count: int) -> None:
        nonlocal bits, at
        bits |= value << at
        at += count

    def side(value: int) -> None:
        form = next(form for form, room in enumerate((9, 13, 18, 30)) if value <= 1 << room)
        put(form, 2)
        put(value - 1, (9, 13, 18, 30)[form])

    small = width == height and height % 8 == 0 and height <= 256
    put(int(small), 1)
    if small:
        put(height // 8 - 1, 5)
        put(1, 3)  # as wide as high
    else:
        side(min(height, 1 << 30))
        put(0, 3)
        side(min(width, 1 << 30))
    stream = b"\xff\x0a" + bits.to_bytes(32, "little")
    if boxed:
        stream = b"\0\0\0\x0cJXL \r\n\x87\n" + struct.pack(">I", len(stream) + 8) + b"jxlc" + stream
    path = tmp_path / "a.jxl"
    path.write_bytes(stream)
    assert f"{min(width, 1 << 30)} × {min(height, 1 << 30)} pixels" in problem(path, max_pixels=1)


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.name)
@pytest.mark.parametrize("part", [0.05, 0.5, 0.97])
def test_a_truncated_file_is_refused(tmp_path: Path, kind: Kind, part: float) -> None:
    """Never a picture that is half grey."""
    path = tmp_path / f"half{kind.suffix}"
    rng = np.random.default_rng(2)
    noise = rng.integers(0, 256, (96, 128, 3), dtype=np.uint8)
    write_picture(path, noise, Meta(), overwrite=True)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    said = problem(path)
    assert "is damaged or incomplete" in said
    assert kind.name in said


def test_a_jpeg_with_something_behind_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    path.write_bytes(path.read_bytes() + b"a phone's short film" * 100)
    assert read_picture(path).notices == ()


def test_a_picture_that_memory_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.png"
    write_picture(path, sample("uint8", 3), Meta(), overwrite=True)
    monkeypatch.setattr("editor.files.read._SMALL", 0)
    monkeypatch.setattr("editor.files.read.free_memory", lambda: 9000)
    assert "its pixels need 4.6 kB and 9.0 kB of memory are free" in problem(path)
    monkeypatch.setattr("editor.files.read.free_memory", lambda: 9300)
    read_picture(path)


def test_names_are_shown_so_that_a_line_stays_a_line(tmp_path: Path) -> None:
    path = tmp_path / "two\nlines\x1b[31m.png"
    path.touch()
    with pytest.raises(FileProblem, match=r"^two\?lines\?\[31m\.png is empty"):
        read_picture(path)
    undecodable = Path(os.fsdecode(bytes(tmp_path) + b"/\xff\xfe.png"))
    undecodable.touch()
    with pytest.raises(FileProblem, match="is empty") as caught:
        read_picture(undecodable)
    str(caught.value).encode()


@pytest.mark.parametrize("name", ["HEIC", "camera RAW"])
def test_an_absent_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kind = next(kind for kind in KINDS if kind.name == name)
    heads = {"HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "camera RAW": b"FUJIFILMCCD-RAW 0201"}
    path = tmp_path / f"a{kind.suffix}"
    path.write_bytes(heads[name] + bytes(200))
    load = builtins.__import__

    def absent(module: str, *given: Any, **named: Any) -> Any:
        if module in ("pillow_heif", "rawpy"):
            raise ModuleNotFoundError(f"No module named {module!r}")
        return load(module, *given, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    assert problem(path).endswith(f'to open it, install "patina[{kind.extra}]"')


SOUND: dict[str, bytes] = {}


@pytest.fixture(scope="module", autouse=True)
def sound_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("sound")
    for kind in WRITTEN:
        path = folder / f"a{kind.suffix}"
        write_picture(path, sample(kind.depths[0], 3), Meta(), overwrite=True)
        SOUND[kind.name] = path.read_bytes()


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_mutated_file_is_a_picture_or_a_problem(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(WRITTEN))
    mutated = bytearray(SOUND[kind.name])
    for _ in range(data.draw(st.integers(1, 8))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "mutated"
    path.write_bytes(mutated)
    try:
        pixels, said = read_picture(path, max_pixels=1_000_000).pixels, ""
    except FileProblem as refused:
        pixels, said = sample("uint8", 1), str(refused)
    assert pixels.size > 0
    assert "\n" not in said


def test_the_sample_of_every_kind_is_sound() -> None:
    assert SOUND[PNG.name].startswith(b"\x89PNG")
    assert len(SOUND) == len(WRITTEN)
