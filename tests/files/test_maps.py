"""Maps in a project: they come back bit for bit, and nothing is ever written elsewhere."""

import json

import numpy as np
import pytest

from editor.files.maps import packed, unpacked
from editor.files.problems import FileProblem
from editor.files.project import Project, read_project, write_project
from tests.files.zips import with_entries

IMAGE = np.zeros((12, 10, 3), np.uint8)


def numbers(dtype, *channels):
    rng = np.random.default_rng(1)
    return rng.integers(0, 60_000, (12, 10, *channels)).astype(np.uint16).astype(dtype)


def maps():
    return {
        "normal.png": numbers(np.uint16, 3),
        "roughness.tif": numbers(np.uint8),
        "height map.exr": numbers(np.float32) / 7,
        "cut.png": numbers(np.uint8, 4),
    }


def again(said, planes, image=IMAGE):
    return unpacked(json.loads(json.dumps(said)), planes, image)


def saved(folder):
    settings, planes = packed(maps())
    path = folder / "a.patina"
    write_project(path, Project(IMAGE, IMAGE[..., 0], settings=settings, planes=planes))
    return path


def test_they_come_back_from_a_project_bit_for_bit_and_in_their_order(tmp_path):
    project = read_project(saved(tmp_path))
    found, told = unpacked(project.settings, project.planes, project.pixels)
    assert told == ()
    assert list(found) == list(maps())
    for name, one in maps().items():
        assert found[name].dtype == one.dtype
        np.testing.assert_array_equal(found[name], one)


def test_a_project_without_maps_has_none_and_says_nothing_of_them():
    assert packed({}) == ({}, {})
    assert unpacked({}, {}, IMAGE) == ({}, ())


@pytest.mark.parametrize(
    ("plane", "cause"),
    [
        (None, "its pixels are missing"),
        (np.zeros((11, 10), np.uint8), "it is 10 × 11 and the picture 10 × 12"),
        (np.zeros((12, 10), np.int16), "a picture is uint8, uint16 or float32, not int16"),
        (np.zeros((12, 10, 2), np.uint8), "a picture has shape"),
        (np.zeros(120, np.uint8), "a picture has shape"),
    ],
)
def test_one_that_does_not_lie_on_the_picture_is_left_out_and_named(plane, cause):
    said, planes = packed(maps())
    del planes["map_1"]
    if plane is not None:
        planes["map_1"] = plane
    found, [told] = again(said, planes)
    assert list(found) == list(maps())[1:]
    assert told.startswith("Its map 'normal.png' is left out: ")
    assert cause in told


@pytest.mark.parametrize(
    "name",
    [
        "/../../.config/autostart.png",
        "..\\start.png",
        "C:start.png",
        "a\0.png",
        "line\nline.png",
        "x" * 300 + ".png",
        "",
        "script.sh",
        "normal",
        7,
        None,
        ["normal.png"],
    ],
)
def test_a_name_that_no_picture_can_have_beside_another_is_refused(name):
    said, planes = packed({"normal.png": numbers(np.uint8)})
    said["maps"] = [name]
    found, [told] = again(said, planes)
    assert found == {}
    assert "is left out: " in told
    assert len(told) < 150


@pytest.mark.parametrize("damaged", [3, "normal.png", {"normal.png": 1}, True])
def test_a_list_that_is_none_is_left_out(damaged):
    _, planes = packed(maps())
    found, told = again({"maps": damaged}, planes)
    assert found == {}
    assert told == ("Its maps are left out: what it says of them is damaged.",)


def test_a_project_that_lacks_the_pixels_it_describes_is_refused(tmp_path):
    path = saved(tmp_path)
    with_entries(path, path.read_bytes(), {"patina/map_2.zst": None})
    with pytest.raises(FileProblem, match=r"patina/map_2\.zst is missing"):
        read_project(path)
