"""Projects from strangers: refused in one sentence, nothing written, nothing huge allocated."""

import json
import os
import struct
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.files import project as project_module
from editor.files.problems import FileProblem
from editor.files.project import Project, pack, read_project, write_project

GOOD = ("mimetype", "image/openraster")
TABLE = b"PK\x01\x02"  # begins each line of the table of contents


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a.patina"
    planes = {"guides": np.arange(12, dtype=np.float32).reshape(3, 4)}
    pixels, mask = np.full((6, 8, 3), 9, np.uint8), np.zeros((6, 8), np.uint8)
    write_project(path, Project(pixels, mask, planes=planes))
    return path.read_bytes()


def refused(path) -> str:
    with pytest.raises(FileProblem) as caught:
        read_project(path)
    text = str(caught.value)
    assert path.name in text
    assert "\n" not in text
    assert len(text) < 250
    return text


def rewritten(tmp_path, whole, packed=zipfile.ZIP_STORED, **changes):
    """The good project with some entries replaced; None takes one away."""
    path = tmp_path / "a.patina"
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries |= changes.pop("entries", {})
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, data in entries.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def described(tmp_path, whole, change):
    """The good project with another description."""
    path = tmp_path / "a.patina"
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("patina/project.json"))
    change(told)
    return rewritten(tmp_path, whole, entries={"patina/project.json": json.dumps(told)})


# ── the archive ──


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "a/../../evil", "C:evil", "a\\..\\evil", "..", "a/.."]
)
def test_names_that_lead_out_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.patina", "w") as archive:
        archive.writestr(*GOOD)
        archive.writestr(zipfile.ZipInfo(name), b"evil")
    assert "an entry is called" in refused(tmp_path / "a.patina")
    assert [path.name for path in tmp_path.iterdir()] == ["a.patina"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.patina", "w") as archive:
        archive.writestr(*GOOD)
        archive.writestr(*GOOD)
    assert "is there twice" in refused(tmp_path / "a.patina")


def test_a_link_is_refused(tmp_path):
    entry = zipfile.ZipInfo("patina/mask")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.patina", "w") as archive:
        archive.writestr(*GOOD)
        archive.writestr(entry, "/etc/passwd")
    assert "is a link" in refused(tmp_path / "a.patina")


def test_too_many_entries_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.patina", "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    assert "10001 entries" in refused(tmp_path / "a.patina")


def test_a_huge_table_of_contents_is_not_even_read(tmp_path):
    line = TABLE + bytes(24) + struct.pack("<H", 6) + bytes(16)
    table = b"".join(line + b"%06d" % number for number in range(60_000))
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 60_000, 60_000, len(table), 0, 0)
    (tmp_path / "a.patina").write_bytes(table + end)
    assert peak_of_refusing(tmp_path / "a.patina") < 1 << 20


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_whose_size_cannot_be_limited_are_refused(tmp_path, whole, how):
    assert "packed in a way" in refused(rewritten(tmp_path, whole, how))


def test_what_another_program_has_packed_anew_opens(tmp_path, whole):
    assert (read_project(rewritten(tmp_path, whole, zipfile.ZIP_DEFLATED)).pixels == 9).all()


def table_line(data: bytes, number: int) -> int:
    at = -1
    for _ in range(number + 1):
        at = data.index(TABLE, at + 1)
    return at


def test_entries_that_share_bytes_are_refused(tmp_path, whole):
    """Both names point at the same data, as in a quoted zip bomb."""
    data = bytearray(whole)
    struct.pack_into("<I", data, table_line(data, 1) + 42, 0)
    (tmp_path / "a.patina").write_bytes(data)
    assert "overlaps" in refused(tmp_path / "a.patina")


def test_entries_whose_own_headers_reach_into_the_next_are_refused(tmp_path, whole):
    """The table alone would not tell: it does not say how long the headers are."""
    data = bytearray(whole)
    assert data.startswith(b"PK\x03\x04")
    struct.pack_into("<H", data, 28, 20)  # the extra field of the first entry
    (tmp_path / "a.patina").write_bytes(data)
    assert "overlaps" in refused(tmp_path / "a.patina")


def peak_of_refusing(path) -> int:
    tracemalloc.start()
    try:
        refused(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_entry_that_unpacks_to_more_than_it_says_costs_no_memory(tmp_path):
    path = tmp_path / "a.patina"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("patina/project.json", bytes(64 << 20))
    data = bytearray(path.read_bytes())
    for place in (22, table_line(data, 0) + 24):  # both say: 100 bytes
        struct.pack_into("<I", data, place, 100)
    path.write_bytes(data)
    assert peak_of_refusing(path) < 1 << 20


def test_a_description_of_gigabytes_is_refused_by_its_size(tmp_path, whole):
    told = b'{"format":1,"x":[' + b"[]," * (3 << 20) + b"0]}"
    path = rewritten(tmp_path, whole, zipfile.ZIP_DEFLATED, entries={"patina/project.json": told})
    assert peak_of_refusing(path) < 1 << 20


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.patina")
    assert "not an ordinary file" in refused(tmp_path / "a.patina")


def test_a_folder_a_missing_and_an_empty_file_are_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    assert "folder" in refused(tmp_path / "folder")
    assert "no such file" in refused(tmp_path / "missing")
    assert "zip" in refused(tmp_path / "empty")


# ── the description ──


@pytest.mark.parametrize(
    "shape",
    [[10**9, 10**9, 3], [2**40], [-1, 8, 3], [0, 8, 3], [6.0, 8, 3], "688", [6] * 9, ["x" * 9999]],
)
def test_impossible_shapes_are_refused_before_anything_is_allocated(tmp_path, whole, shape):
    path = described(tmp_path, whole, lambda told: told.update(shape=shape))
    assert peak_of_refusing(path) < 1 << 20


def test_a_plane_of_931_gigabytes_is_refused_before_it_is_allocated(tmp_path, whole):
    def lie(told):
        told["planes"]["guides"]["shape"] = [500_000, 500_000]

    assert peak_of_refusing(described(tmp_path, whole, lie)) < 1 << 20


def test_blank_planes_are_judged_by_what_they_unpack_to(tmp_path, whole, monkeypatch):
    """Each is lawful, small in the file, and together they are more than there is."""
    monkeypatch.setattr(project_module, "free_memory", lambda: 1 << 30)
    blank = pack(np.zeros((1 << 20,), np.uint8), level=1)
    names = [f"blank{number}" for number in range(600)]

    def lie(told):
        told["planes"] |= {name: {"shape": [1 << 20], "dtype": "uint8"} for name in names}

    described(tmp_path, whole, lie)
    again = (tmp_path / "a.patina").read_bytes()
    path = rewritten(tmp_path, again, entries={f"patina/{name}.zst": blank for name in names})
    assert path.stat().st_size < 1 << 20
    assert "of memory are free" in refused(path)


def test_a_blank_mask_packs_a_thousandfold_and_opens(tmp_path):
    blank = np.zeros((1000, 1000), np.uint8)
    write_project(tmp_path / "a.patina", Project(blank, blank))
    assert (read_project(tmp_path / "a.patina").mask == 0).all()


@pytest.mark.parametrize("shape", [[3, 3], [3, 5], [12]])
def test_a_plane_of_another_size_than_it_says_is_refused(tmp_path, whole, shape):
    def lie(told):
        told["planes"]["guides"] = {"shape": shape, "dtype": "float32"}

    if shape == [12]:
        assert read_project(described(tmp_path, whole, lie)).planes["guides"].shape == (12,)
    else:
        refused(described(tmp_path, whole, lie))


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "project.json", "image"])
def test_a_plane_has_a_plain_name(tmp_path, whole, name):
    def lie(told):
        told["planes"][name] = told["planes"]["guides"]

    assert "a plane called" in refused(described(tmp_path, whole, lie))


@pytest.mark.parametrize("dpi", [[1], [10**400, 1], [float("inf"), 1], ["1", "2"], {}, [0, 0], 5])
def test_a_senseless_resolution_costs_the_resolution_only(tmp_path, whole, dpi):
    again = read_project(described(tmp_path, whole, lambda told: told.update(dpi=dpi)))
    assert again.meta.dpi is None
    assert (again.pixels == 9).all()


@pytest.mark.parametrize("number", [True, 0, -3, 1.0, "1", None, []])
def test_a_format_is_a_whole_number(tmp_path, whole, number):
    refused(described(tmp_path, whole, lambda told: told.update(format=number)))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", "[" * 100_000, "\0\xff", "9" * 5000])
def test_what_is_no_description_is_refused(tmp_path, whole, text):
    told = text.encode("latin-1")
    refused(rewritten(tmp_path, whole, entries={"patina/project.json": told}))


# ── the pixels ──


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize("data", [b"", b"\x89PNG", png_header(8, 6), png_header(60_000, 8000)])
def test_a_picture_that_is_not_what_was_described_is_refused(tmp_path, whole, data):
    assert "damaged" in refused(rewritten(tmp_path, whole, entries={"mergedimage.png": data}))


@pytest.mark.parametrize("missing", ["mergedimage.png", "patina/mask.zst", "patina/guides.zst"])
def test_what_is_missing_is_named(tmp_path, whole, missing):
    assert missing in refused(rewritten(tmp_path, whole, entries={missing: None}))


@pytest.mark.parametrize("data", [b"", b"nonsense", pack(np.zeros(7, np.uint8), 1)])
def test_a_damaged_plane_is_refused(tmp_path, whole, data):
    refused(rewritten(tmp_path, whole, entries={"patina/guides.zst": data}))


# ── anything ──


def opened_or_refused(path):
    """The pixels, or None if it was refused as it should be; anything else comes through."""
    try:
        return read_project(path).pixels
    except FileProblem:
        return None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = ["format", "shape", "dtype", "planes", "dpi", "source", "history", "settings"]


@given(told=JSON, key=st.sampled_from(KEYS))
def test_a_description_of_the_wrong_kind_never_raises_anything_else(
    tmp_path_factory, whole, told, key
):
    folder = tmp_path_factory.mktemp("json")
    opened = opened_or_refused(described(folder, whole, lambda good: good.update({key: told})))
    assert opened is None or opened.shape == (6, 8, 3)


@given(told=JSON)
def test_a_description_of_a_plane_of_the_wrong_kind_neither(tmp_path_factory, whole, told):
    def lie(good):
        good["planes"]["guides"] = told

    assert opened_or_refused(described(tmp_path_factory.mktemp("json"), whole, lie)) is None


@given(data=st.data())
def test_a_damaged_file_opens_as_it_was_or_is_refused(tmp_path_factory, whole, data):
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    del broken[data.draw(st.integers(len(broken) // 2, len(broken))) :]
    path = tmp_path_factory.mktemp("broken") / "a.patina"
    path.write_bytes(broken)
    opened = opened_or_refused(path)
    assert opened is None or (opened == 9).all()


@given(data=st.data())
def test_a_damaged_table_of_contents_neither(tmp_path_factory, whole, data):
    broken, start = bytearray(whole), whole.index(TABLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(start, len(broken) - 1))
        broken[at] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, broken[at] ^ 1]))
    path = tmp_path_factory.mktemp("table") / "a.patina"
    path.write_bytes(broken)
    opened = opened_or_refused(path)
    assert opened is None or (opened == 9).all()
