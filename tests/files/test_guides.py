import json

import numpy as np
import pytest
from PIL import Image

from editor.engine.image import Size
from editor.files.guides import read_guides
from editor.files.problems import FileProblem

SIZE = Size(30, 20)
LINE = {"from": [1, 2], "to": [25, 18]}


def written(tmp_path, given):
    path = tmp_path / "guides.json"
    path.write_text(given if isinstance(given, str) else json.dumps(given))
    return path


def test_lines_and_regions_are_read(tmp_path):
    labels = np.zeros((20, 30), np.uint8)
    labels[5:9] = 2
    Image.fromarray(labels).save(tmp_path / "regions.png")
    guides = read_guides(written(tmp_path, {"lines": [LINE], "labels": "regions.png"}), SIZE)
    assert guides.lines[0].b == (25, 18)
    assert (guides.labels == labels).all()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("{", "guides.json cannot be used: line 1 of the guides is no JSON"),
        ({"lines": [{"from": [1, 2]}]}, "line 1 of the guides has fewer than two points"),
        ({"lines": [{**LINE, "to": [99, 2]}]}, "leaves the picture, which is 30 × 20"),
        ({"lines": [{**LINE, "weight": 7}]}, "its weight is 7, from 0 to 1 is possible"),
        ({"curves": []}, "has a key 'curves' that means nothing here"),
        ({"labels": "nowhere.png"}, "nowhere.png"),
        ("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "is no JSON"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, given, sentence):
    with pytest.raises(FileProblem, match=sentence):
        read_guides(written(tmp_path, given), SIZE)


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "guides.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileProblem, match=r"guides.json cannot be used: it is no text"):
        read_guides(path, SIZE)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileProblem, match=r"guides.json cannot be read: it is not there"):
        read_guides(tmp_path / "guides.json", SIZE)


def test_regions_of_another_size_or_in_colour(tmp_path):
    path = written(tmp_path, {"labels": "regions.png"})
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(tmp_path / "regions.png")
    with pytest.raises(FileProblem, match="the labels are 9 × 9 and the picture is 30 × 20"):
        read_guides(path, SIZE)
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(tmp_path / "regions.png")
    with pytest.raises(FileProblem, match=r"regions.png is coloured uint8: labels are grey"):
        read_guides(path, SIZE)
