import json

import pytest

from editor.engine.image import Point
from editor.engine.sprite import Route
from editor.files.problems import FileProblem
from editor.files.routes import goal_from_json, goal_to_json, read_route

FAR = {"points": [[0, 0], [300_000, 0]]}
MANY = {"points": [[at, 0] for at in range(2001)]}


def written(tmp_path, told):
    path = tmp_path / "way.json"
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    path.write_bytes(data)
    return path


def test_points_are_read(tmp_path):
    told = {"points": [[1, 2], [30.5, -4]], "closed": True}
    assert read_route(written(tmp_path, told)) == Route((Point(1, 2), Point(30.5, -4)), True, False)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b" " * (5 << 20), "too long"),
        ([[1, 2], [3, 4]], "it is not"),
        ({"points": [[1, 2], [3]]}, r"\[3\] is no point"),
        ({"points": [[1, 2], [3, "a"]]}, "no point"),
        ({"points": [[1, 2], [3, True]]}, "no point"),
        ({"points": [[1, 2], [3, 1e300]]}, "no point"),
        (b'{"points": [[1, 2], [3, NaN]]}', "no point"),
        ({"points": [[1, 2]]}, "two points"),
        ({"points": [[1, 2], [1, 2]]}, "two points"),
        ({"points": [[1, 2], [3, 4]], "closed": 1}, "true or false"),
        ({"points": [[1, 2], [3, 4]], "colour": 1}, "no 'colour'"),
        ({"points": [[0, 0]] * 100_001}, "at most 100000"),
    ],
)
def test_what_is_no_path_is_one_sentence(tmp_path, told, why):
    with pytest.raises(FileProblem, match=why) as caught:
        read_route(written(tmp_path, told))
    assert str(caught.value).startswith("way.json cannot be used")
    assert "\n" not in str(caught.value)


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(FileProblem, match="cannot be read: it is not there"):
        read_route(tmp_path / "none.json")


@pytest.mark.parametrize(
    "goal", [None, Point(3.5, -2), Route((Point(1, 2), Point(3, 4)), closed=True, curved=True)]
)
def test_where_a_sprite_should_go_comes_back_from_json(goal):
    assert goal_from_json(json.loads(json.dumps(goal_to_json(goal)))) == goal


@pytest.mark.parametrize("told", [7, "here", [1], [1, "a"], {"points": [[1, 1]]}, FAR, MANY])
def test_what_is_neither_a_path_nor_a_place_is_refused(told):
    with pytest.raises(ValueError, match=r"point|nobody drew"):
        goal_from_json(told)
