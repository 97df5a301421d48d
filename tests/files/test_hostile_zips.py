"""Projects from strangers: refused in one sentence, nothing written, nothing huge allocated."""

import json
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.files.problems import FileProblem
from editor.files.project import Project, read_project, write_project

GOOD = ("mimetype", "image/openraster")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a.patina"
    write_project(path, Project(np.full((6, 8, 3), 9, np.uint8), np.zeros((6, 8), np.uint8)))
    return path.read_bytes()


def refused(path) -> str:
    with pytest.raises(FileProblem) as caught:
        read_project(path)
    text = str(caught.value)
    assert path.name in text
    assert "\n" not in text
    return text


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


def test_entries_that_share_bytes_are_refused(tmp_path, whole):
    """Both names point at the same data, as in a quoted zip bomb."""
    path = tmp_path / "a.patina"
    data = bytearray(whole)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", data, second + 42, 0)
    path.write_bytes(data)
    assert "overlaps" in refused(path)


def described(tmp_path, whole, change):
    path = tmp_path / "a.patina"
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        entries = [(one, archive.read(one)) for one in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries:
            if name == "patina/project.json":
                data = change(json.loads(data))
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "shape", [[10**9, 10**9, 3], [2**40], [-1, 8, 3], [0, 8, 3], [6.0, 8, 3], "688", [6] * 9, None]
)
def test_impossible_shapes_are_refused_before_anything_is_allocated(tmp_path, whole, shape):
    def lie(told):
        told["shape"] = shape
        return json.dumps(told)

    refused(described(tmp_path, whole, lie))


def test_a_plane_that_unpacks_to_more_than_it_says_is_refused(tmp_path, whole):
    def lie(told):
        told["planes"]["mask"]["shape"] = [2, 2]
        return json.dumps(told)

    assert "another size" in refused(described(tmp_path, whole, lie))


@pytest.mark.parametrize("name", ["patina/mask.zst/../../x", "mimetype", "stack.xml"])
def test_a_plane_is_read_only_from_its_own_folder(tmp_path, whole, name):
    def lie(told):
        told["planes"]["mask"]["entry"] = name
        return json.dumps(told)

    refused(described(tmp_path, whole, lie))


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


@given(told=JSON, key=st.sampled_from(["shape", "dtype", "planes", "dpi", "history", "settings"]))
def test_a_description_of_the_wrong_kind_never_raises_anything_else(
    tmp_path_factory, whole, told, key
):
    def lie(good):
        return json.dumps(good | {key: told})

    path = described(tmp_path_factory.mktemp("json"), whole, lie)
    opened = opened_or_refused(path)
    assert opened is None or opened.shape == (6, 8, 3)


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
