"""What is paused goes into a project and comes out of it, for the picture that it is of."""

from dataclasses import replace

import numpy as np
import pytest

from editor.files.project import read_project, write_project
from editor.model.document import Document
from editor.operations import Race, Restore, Scene
from editor.projects import paused_of, project_of
from tests.operations.test_restore import CPU, noisy, paused_at


@pytest.fixture(scope="module", params=[Restore(iterations=30), Race(iterations=30)])
def paused(request):
    return paused_at(request.param.steps(Scene(noisy()), CPU), 0.1)


def reopened(document, tmp_path):
    path = tmp_path / "a.patina"
    write_project(path, project_of(document, {}, None))
    return read_project(path)


def test_it_comes_back_as_it_was(qapp, paused, tmp_path):
    document = Document(noisy())
    document.keep(paused.on, paused)
    found = paused_of(reopened(document, tmp_path))
    assert type(found.on) is type(paused.on)
    assert found.on.remembered == paused.on.remembered
    assert found.done == paused.done
    assert found.on.saved.keys() == paused.on.saved.keys()
    for name, array in paused.on.saved.items():
        assert np.array_equal(found.on.saved[name], array), name


def test_it_is_not_that_of_another_picture(qapp, paused, tmp_path):
    document = Document(noisy())
    document.keep(paused.on, paused)
    project = reopened(document, tmp_path)
    assert paused_of(replace(project, pixels=project.pixels + np.uint8(1))) is None
    document.become(Document(noisy()[:, ::-1].copy())._planes, (), None)
    assert document.paused(Restore) is None
    assert paused_of(reopened(document, tmp_path)) is None


@pytest.mark.parametrize("rival", ["auto", "nobody", ["skip-5"], None])
def test_a_race_that_makes_no_sense_is_left_out(qapp, paused, tmp_path, rival):
    document = Document(noisy())
    document.keep(paused.on, paused)
    project = reopened(document, tmp_path)
    project.settings["fit"]["values"]["rival"] = rival
    assert paused_of(project) is None
