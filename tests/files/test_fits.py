"""A fit that was paused comes back from a project as it was, and nothing that makes no sense."""

import json

import numpy as np
import pytest

from editor.files.fits import Kept, packed, unpacked
from editor.files.project import Project, read_project, write_project


def saved():
    rng = np.random.default_rng(4)
    return {
        "weights": rng.normal(size=31).astype(np.float32),
        "losses": rng.random(6),
        "variances": rng.random(6),
        "sum": rng.random((4, 5, 3), np.float32),
        "tiles": np.array([[0, 0, 5, 4]]),
        "progress": np.array(0.25),
        "ends": np.array([2, 12]),
        "best": np.array(0),
        "checked": np.array([3, 6]),
        "checkpoints": rng.random((2, 4, 5, 3)).astype(np.float16),
    }


def again(said, planes):
    return unpacked(json.loads(json.dumps(said)), planes)


def alike(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        assert array.shape == other[name].shape, name
        assert np.array_equal(array, other[name]), name


def test_it_comes_back_through_a_file(tmp_path):
    said, planes = packed(Kept({"task": "denoise", "seed": 3}, saved()))
    pixels = np.zeros((4, 5, 3), np.uint8)
    path = tmp_path / "a.patina"
    write_project(path, Project(pixels, pixels[..., 0], settings=said, planes=planes))
    project = read_project(path)
    found = unpacked(project.settings, project.planes)
    assert found.values == {"task": "denoise", "seed": 3}
    alike(saved(), found.saved)


def test_nothing_is_kept_of_what_is_empty_but_that_it_is():
    arrays = {**saved(), "checked": np.zeros(0, np.int64)}
    del arrays["checkpoints"]
    alike(arrays, again(*packed(Kept({}, arrays))).saved)


def test_a_project_without_one_has_none():
    assert unpacked({}, {}) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said, planes: planes.pop("fit_weights"),
        lambda said, planes: planes.update(fit_weights=planes["fit_weights"].astype(np.uint8)),
        lambda said, planes: said["fit"]["arrays"].pop("progress"),
        lambda said, planes: said["fit"]["arrays"].update(progress=["float32", [7]]),
        lambda said, planes: said["fit"]["arrays"].update(losses=["object", [6]]),
        lambda said, planes: said["fit"].update(arrays=3),
        lambda said, planes: said["fit"].update(values=3),
        lambda said, planes: said.update(fit=[]),
        lambda said, planes: said["fit"]["arrays"].update(checked=["int64", [1]]),
    ],
)
def test_what_makes_no_sense_is_left_out(spoil):
    said, planes = packed(Kept({}, saved()))
    spoil(said, planes)
    assert again(said, planes) is None
