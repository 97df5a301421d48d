"""A filter file comes back as it was, is called as its file is, and a false one is refused."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.files import png
from editor.files.filters import (
    SavedFilter,
    check_name,
    delete_filter,
    filter_names,
    read_filter,
    read_thumbnail,
    rename_filter,
    restore_filter,
    write_filter,
)
from editor.files.problems import FileProblem
from tests.files.zips import with_entries, with_told

VALUES = {"preset": "artistic", "kappa": 2.5, "seed": 4}


def pair(height=6, width=9, dtype=np.uint8, channels=(3,), number=0):
    rng = np.random.default_rng(number)
    A, Ap = (rng.integers(0, 200, (height, width, *channels)) for _ in range(2))
    scale = 255 if dtype == np.float32 else 1
    return tuple((one / scale).astype(dtype) for one in (A, Ap))


def saved(*pairs):
    return SavedFilter(VALUES, pairs or (pair(),))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    write_filter(folder, "a", saved())
    return (folder / "a.filter").read_bytes()


def changed(tmp_path, whole, entries):
    """A folder with the good filter, of which some entries are replaced; None takes one away."""
    with_entries(tmp_path / "a.filter", whole, entries)
    return tmp_path


def described(tmp_path, whole, **told):
    with_told(tmp_path / "a.filter", whole, "filter.json", told)
    return tmp_path


def refused(folder, read=read_filter) -> str:
    with pytest.raises(FileProblem) as caught:
        read(folder, "a")
    text = str(caught.value)
    assert "a.filter" in text
    assert "\n" not in text
    assert len(text) < 250
    return text


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_pictures_of_every_kind_come_back_as_they_were(tmp_path, dtype, channels):
    before = saved(pair(dtype=dtype, channels=channels), pair(7, 5, number=1))
    write_filter(tmp_path / "new" / "folder", "Ölfarbe 2", before)
    after = read_filter(tmp_path / "new" / "folder", "Ölfarbe 2")
    assert after.values == VALUES
    assert len(after.pairs) == 2
    for ours, theirs in zip(before.pairs, after.pairs, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)


def test_the_same_filter_gives_the_same_bytes(tmp_path, whole):
    write_filter(tmp_path, "other", saved())
    assert (tmp_path / "other.filter").read_bytes() == whole


def test_the_thumbnail_is_half_before_and_half_after(tmp_path):
    A, Ap = np.zeros((300, 200), np.uint8), np.full((300, 200), 255, np.uint8)
    write_filter(tmp_path, "a", saved((A, Ap)))
    small = read_thumbnail(tmp_path, "a")
    assert small.shape == (96, 64, 3)
    assert (small[:, :32] == 0).all()
    assert (small[:, 32:] == 255).all()


def test_names_are_listed_without_opening_a_file(tmp_path):
    for name in ("b.filter", "A.filter", "c.txt", ".d.filter", ".x.filter.0a1b2c3d.tmp"):
        (tmp_path / name).touch()
    (tmp_path / "folder.filter").mkdir()
    assert filter_names(tmp_path) == ["A", "b"]
    assert filter_names(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "needs a name"),
        ("  ", "needs a name"),
        ("a/b", "'/' cannot"),
        ("..\\up", "cannot be in the name of a file"),
        ("line\nbreak", "cannot be in the name of a file"),
        (".hidden", "dot or a space"),
        ("end.", "dot or a space"),
        (" a", "dot or a space"),
        ("x" * 61, "at most 60 letters"),
        ("NUL", "device on Windows"),
    ],
)
def test_a_name_that_no_file_can_have_is_refused(tmp_path, name, why):
    for act in (check_name, lambda name: write_filter(tmp_path, name, saved())):
        with pytest.raises(ValueError, match=why):
            act(name)
    assert not any(tmp_path.iterdir())


def test_a_name_that_is_taken_is_kept(tmp_path, whole):
    write_filter(tmp_path, "a", saved())
    other = saved(pair(number=3))
    with pytest.raises(FileProblem, match="a is the name of another filter"):
        write_filter(tmp_path, "a", other)
    assert (tmp_path / "a.filter").read_bytes() == whole
    write_filter(tmp_path, "a", other, replace=True)
    assert np.array_equal(read_filter(tmp_path, "a").pairs[0][0], other.pairs[0][0])


def test_a_filter_is_renamed_deleted_and_brought_back(tmp_path):
    write_filter(tmp_path, "a", saved())
    write_filter(tmp_path, "taken", saved())
    with pytest.raises(FileProblem, match="taken is the name of another"):
        rename_filter(tmp_path, "a", "taken")
    rename_filter(tmp_path, "a", "b")
    aside = delete_filter(tmp_path, "b")
    assert filter_names(tmp_path) == ["taken"]
    restore_filter(tmp_path, "b", aside)
    assert read_filter(tmp_path, "b").values == VALUES
    aside = delete_filter(tmp_path, "b")
    write_filter(tmp_path, "b", saved())  # and what was deleted today is still there
    with pytest.raises(FileProblem, match="b is the name of another"):
        restore_filter(tmp_path, "b", aside)
    assert aside.exists()


def test_what_is_not_there_is_said(tmp_path):
    for act in (read_filter, read_thumbnail, delete_filter):
        with pytest.raises(FileProblem, match="none is the name of no filter"):
            act(tmp_path, "none")
    with pytest.raises(FileProblem, match="none is the name of no filter"):
        rename_filter(tmp_path, "none", "b")


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ((), "1 to 16 pairs"),
        ((pair(),) * 17, "1 to 16 pairs"),
        (((pair()[0], pair(5)[1]),), "different sizes"),
    ],
)
def test_what_no_file_can_hold_is_refused_before(tmp_path, pairs, why):
    with pytest.raises(ValueError, match=why):
        write_filter(tmp_path, "b", SavedFilter({}, pairs))
    assert not any(tmp_path.iterdir())


KEPT = {"shape": [6, 9, 3], "dtype": "uint8"}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"format": 2}, "newer"),
        ({"format": 0}, "format is 0"),
        ({"format": True}, "format is True"),
        ({"values": []}, "damaged"),
        ({"pairs": {}}, "damaged"),
        ({"pairs": []}, "0 pairs"),
        ({"pairs": [[KEPT, KEPT]] * 17}, "17 pairs"),
        ({"pairs": [[KEPT]]}, "different sizes"),
        ({"pairs": [[KEPT, KEPT | {"shape": [9, 6, 3]}]]}, "different sizes"),
        ({"pairs": [[KEPT | {"shape": [6, 9, 5]}, KEPT]]}, "describes a picture"),
        ({"pairs": [[KEPT | {"shape": [0, 9]}, KEPT]]}, "describes a picture"),
        ({"pairs": [[KEPT | {"shape": [6, True]}, KEPT]]}, "describes a picture"),
        ({"pairs": [[KEPT | {"dtype": "int64"}, KEPT]]}, "describes a picture"),
        ({"pairs": [[KEPT | {"shape": [1 << 20, 1 << 20]}, KEPT]]}, "too large"),
        ({"pairs": [[KEPT | {"shape": [6, 9, 4]}, KEPT]]}, "0-A.png is damaged"),
        ({"pairs": [[3, KEPT]]}, "damaged"),
    ],
)
def test_a_false_description_is_refused(tmp_path, whole, told, why):
    assert why in refused(described(tmp_path, whole, **told))


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ({"filter.json": None}, "not a filter"),
        ({"filter.json": b"{"}, "damaged"),
        ({"filter.json": b"[" * 100_000}, "damaged"),
        ({"filter.json": b" " * (2 << 20)}, "more than it can be"),
        ({"pairs/0-Ap.png": None}, "missing"),
        ({"pairs/0-Ap.png": b"no picture"}, "damaged"),
        ({"pairs/0-Ap.png": b"0" * 100_000}, "more than it can be"),
        ({"pairs/0-Ap.png": png.encode(np.zeros((9, 6, 3), np.uint8))}, "damaged"),
        ({"../evil": b""}, "called"),
    ],
)
def test_a_false_entry_is_refused(tmp_path, whole, entries, why):
    assert why in refused(changed(tmp_path, whole, entries))


def test_a_float_picture_of_another_size_is_refused(tmp_path):
    write_filter(tmp_path, "a", saved(pair(dtype=np.float32)))
    good = (tmp_path / "a.filter").read_bytes()
    larger = {"shape": [7, 9, 3], "dtype": "float32"}
    assert "damaged" in refused(described(tmp_path, good, pairs=[[larger, larger]]))


@pytest.mark.parametrize(
    "data", [b"no picture", png.encode(np.zeros((97, 3, 3), np.uint8)),
             png.encode(np.zeros((9, 9), np.uint8))],
)  # fmt: skip
def test_a_false_thumbnail_is_refused(tmp_path, whole, data):
    folder = changed(tmp_path, whole, {"thumbnail.png": data})
    assert "thumbnail is damaged" in refused(folder, read_thumbnail)


@given(cut=st.integers(0, 3000), place=st.integers(0, 3000), byte=st.integers(0, 255))
def test_damaged_bytes_end_in_one_sentence_or_a_filter(tmp_path_factory, whole, cut, place, byte):
    folder = tmp_path_factory.getbasetemp()
    data = bytearray(whole)
    data[place % len(data)] = byte
    (folder / "damaged.filter").write_bytes(data[: len(data) - cut % 50] if cut % 3 else data)
    with contextlib.suppress(FileProblem):  # and nothing else is raised
        assert len(read_filter(folder, "damaged").pairs) == 1
    with contextlib.suppress(FileProblem):
        assert read_thumbnail(folder, "damaged").shape == (6, 9, 3)
