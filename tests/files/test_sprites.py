import contextlib
import json
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engine.image import Point, Rect, Size
from editor.engine.sprite import Cel, Route, Sprite
from editor.files import png
from editor.files.problems import FileProblem
from editor.files.sprites import read_goal, read_sprite, write_sprite
from tests.files.zips import with_entries, with_told


def sprite(count=3) -> Sprite:
    rng = np.random.default_rng(4)
    cels = []
    for number in range(count):
        place = Rect(number, 2, 5 + number, 4)
        pixels = rng.integers(0, 256, (4, 5 + number, 4), np.uint8)
        cels.append(Cel.of(number * 2, 0, place, pixels))
    about = Size(40, 30), Fraction(30000, 1001), "a clip.mp4", True, Point(-2.5, 0)
    return Sprite(tuple(cels), *about)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a.sprite"
    write_sprite(path, sprite())
    return path.read_bytes()


def changed(tmp_path, whole, entries):
    return with_entries(tmp_path / "a.sprite", whole, entries)


def described(tmp_path, whole, **told):
    return with_told(tmp_path / "a.sprite", whole, "sprite.json", told)


def refused(path) -> str:
    with pytest.raises(FileProblem) as caught:
        read_sprite(path)
    text = str(caught.value)
    assert path.name in text
    assert "\n" not in text
    assert len(text) < 250
    return text


def test_a_sprite_comes_back_as_it_was(tmp_path):
    before = sprite()
    write_sprite(tmp_path / "b.sprite", before)
    after = read_sprite(tmp_path / "b.sprite")
    for name in ("size", "rate", "source", "mirrored", "drift"):
        assert getattr(after, name) == getattr(before, name)
    for one, other in zip(before.cels, after.cels, strict=True):
        assert np.array_equal(one.pixels, other.pixels)
        assert (one.number, one.track, one.place) == (other.number, other.track, other.place)
        assert one.centroid == other.centroid


def test_where_it_should_go_comes_back_with_it(tmp_path, whole):
    for goal in (Route((Point(1, 2), Point(30, 4)), curved=True), Point(3, 4), None):
        path = tmp_path / "a.sprite"
        write_sprite(path, sprite(), goal)
        assert read_goal(path) == goal
        assert read_sprite(path).count == sprite().count
    for nonsense in ("there", {"points": []}, [1, 2, 3]):
        assert read_goal(described(tmp_path, whole, goal=nonsense)) is None


def test_an_older_file_has_no_mirror_and_no_drift(tmp_path, whole):
    path = described(tmp_path, whole)
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("sprite.json"))
    del told["mirrored"], told["drift"]
    old = changed(tmp_path, whole, {"sprite.json": json.dumps(told)})
    assert not read_sprite(old).mirrored
    assert read_sprite(old).drift == (0, 0)


def test_the_same_sprite_gives_the_same_bytes(tmp_path, whole):
    write_sprite(tmp_path / "b.sprite", sprite())
    assert (tmp_path / "b.sprite").read_bytes() == whole


def test_the_thumbnail_shows_a_cel(tmp_path, whole):
    path = tmp_path / "a.sprite"
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        shown = png.decode(archive.read("thumbnail.png"))
    assert any(np.array_equal(shown[..., 3], cel.pixels[..., 3]) for cel in sprite().cels)


def test_what_no_file_can_hold_is_refused_before(tmp_path):
    cel = Cel.of(0, 0, Rect(38, 0, 4, 4), np.full((4, 4, 4), 9, np.uint8))
    with pytest.raises(ValueError, match="outside the frame"):
        write_sprite(tmp_path / "b.sprite", Sprite((cel,), Size(40, 30), Fraction(30)))
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"format": 2}, "newer"),
        ({"format": 0}, "format is 0"),
        ({"format": True}, "format is True"),
        ({"size": [10**6, 10]}, "pixels"),
        ({"size": [0, 10]}, "damaged"),
        ({"size": "ab"}, "damaged"),
        ({"rate": [1, 0]}, "damaged"),
        ({"source": 3}, "damaged"),
        ({"mirrored": 1}, "damaged"),
        ({"drift": [1]}, "drift"),
        ({"drift": [0, 1e9]}, "drift"),
        ({"drift": [0, float("nan")]}, "drift"),
        ({"drift": [0, True]}, "damaged"),
        ({"cels": []}, "0 cut-outs"),
        ({"cels": {}}, "damaged"),
        ({"cels": [[0, 0, 0, 0, 41, 3]]}, "place"),
        ({"cels": [[0, 0, -1, 0, 4, 3]]}, "damaged"),
        ({"cels": [[0, 0, 0, 0, 1e9, 3]]}, "damaged"),
        ({"cels": [[0, 1, 0, 2, 5, 4], [0, 0, 1, 2, 6, 4]]}, "order"),
        ({"cels": [[0, 0, 0, 0, 9, 9]]}, "cut-out 0 is damaged"),
    ],
)
def test_a_false_description_is_refused(tmp_path, whole, told, why):
    assert why in refused(described(tmp_path, whole, **told))


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ({"sprite.json": None}, "not a sprite"),
        ({"sprite.json": b"{"}, "damaged"),
        ({"sprite.json": b"[" * 100_000}, "damaged"),
        ({"sprite.json": b" " * (5 << 20)}, "more than it can be"),
        ({"frames/00001.png": None}, "missing"),
        ({"frames/00001.png": b"no picture"}, "damaged"),
        ({"frames/00001.png": b"0" * 100_000}, "more than it can be"),
        ({"frames/00001.png": png.encode(np.zeros((4, 6, 4), np.uint8))}, "empty"),
        ({"frames/00001.png": png.encode(np.zeros((4, 6, 3), np.uint8))}, "damaged"),
        ({"../evil": b""}, "called"),
    ],
)
def test_a_false_entry_is_refused(tmp_path, whole, entries, why):
    assert why in refused(changed(tmp_path, whole, entries))


@given(cut=st.integers(0, 3000), place=st.integers(0, 3000), byte=st.integers(0, 255))
def test_damaged_bytes_end_in_one_sentence_or_a_sprite(tmp_path_factory, whole, cut, place, byte):
    path = tmp_path_factory.getbasetemp() / "damaged.sprite"
    data = bytearray(whole)
    data[place % len(data)] = byte
    path.write_bytes(data[: len(data) - cut % 50] if cut % 3 == 0 else data)
    with contextlib.suppress(FileProblem):  # and nothing else is raised
        assert read_sprite(path).count == 3
