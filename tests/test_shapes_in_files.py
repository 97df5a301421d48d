"""A document that has changed its shape, in its journal and in its project."""

from pathlib import Path

import numpy as np
import pytest

from editor.engine.guides import Line
from editor.engine.image import MASKS, Point, Rect
from editor.files import recovery, sessions
from editor.files.maps import packed
from editor.files.project import Project, write_project
from editor.filing import Filing
from editor.journals import Journals
from editor.model.commands import DrawLines, command_for, paint_mask
from editor.model.document import Drawn
from editor.operations.base import MaskPatch, Patch
from editor.operations.new_picture import NewPicture
from editor.operations.retarget import Retarget
from editor.projects import maps_of


class Settings:
    def add_recent(self, path: Path) -> None:
        pass


@pytest.fixture(autouse=True)
def _own_lost_work():
    yield
    sessions.own_session.cache_clear()


@pytest.fixture
def parts(tmp_path, session):
    filing = Filing(session, Settings())
    Journals(session, filing, tmp_path / "recovery")
    return session, filing


@pytest.fixture
def document(parts):
    session, _ = parts
    return session.add(np.arange(20 * 30, dtype=np.uint16).reshape(20, 30), "ramp.tif")


def become(document, pixels, **maps):
    beside = tuple((f"{name}.png", one) for name, one in maps.items())
    made = NewPicture(pixels, beside=beside)
    command = command_for(document, Retarget(), made, document.scene())
    document.history.push(command)


def stroke(document, plane, rect, value=200):
    cover = np.full((rect.height, rect.width), value, np.uint8)
    document.history.push(paint_mask(document, "Brush", MaskPatch(rect, cover, plane)))


def same(document, pixels, masks):
    for name in MASKS:
        there = masks.get(name, np.zeros_like(document.mask))
        assert (there == document.plane(name).frozen()).all(), name
    assert pixels.dtype == document.image.dtype
    assert pixels.shape == document.image.shape
    assert (pixels == document.image).all()


def recovered(session, tmp_path, qtbot):
    """What a crash now would leave, read as another process would."""
    qtbot.waitUntil(lambda: session.idle)
    [folder] = [one for one in (tmp_path / "recovery").glob("session-*/*") if one.is_dir()]
    found = recovery._look(folder)
    assert found is not None
    return recovery.recover(found)


def test_the_journal_has_every_shape_and_what_is_done_to_it(parts, document, tmp_path, qtbot):
    session, _ = parts

    def check():
        project = recovered(session, tmp_path, qtbot)
        same(document, project.pixels, {"mask": project.mask, **project.planes})

    stroke(document, "mask", Rect(2, 3, 8, 9))
    check()
    become(document, document.image[:, 5:17])
    check()
    stroke(document, "protect", Rect(0, 0, 4, 20))
    scene = document.scene()
    rect = Rect(1, 1, 3, 3)
    patch = Patch(rect, np.full((3, 3), 60_000, np.uint16))
    document.history.push(command_for(document, Retarget(), patch, scene))
    check()
    become(document, np.zeros((50, 3), np.uint16))
    for index in (0, 3, 5, 1, 4, 2, 5, 0):
        document.history.go_to(index)
        check()


def test_a_shape_may_be_the_first_thing_that_is_done(parts, document, tmp_path, qtbot):
    become(document, document.image[4:, :7])
    project = recovered(parts[0], tmp_path, qtbot)
    same(document, project.pixels, {"mask": project.mask, **project.planes})


def test_a_line_that_is_drawn_later_is_in_the_journal_too(parts, document, tmp_path, qtbot):
    stroke(document, "mask", Rect(2, 3, 8, 9))
    assert recovered(parts[0], tmp_path, qtbot).settings.get("lines") is None
    lines = (Drawn(Line(Point(0, 0), Point(30, 20))),)
    document.history.push(DrawLines(document, "Draw line", lines))
    qtbot.waitUntil(lambda: bool(recovered(parts[0], tmp_path, qtbot).settings.get("lines")))


def test_a_project_comes_back_in_its_new_shape(parts, document, tmp_path, qtbot):
    session, filing = parts
    for number, name in enumerate(MASKS):
        stroke(document, name, Rect(number, number, 9, 9), 2 + number)
    lines = (Drawn(Line(Point(0, 0), Point(30, 20))),)
    document.history.push(DrawLines(document, "Draw line", lines))
    become(document, np.array(document.image[:, ::2]))
    assert document.lines[0].line.b == Point(15, 20)
    path = tmp_path / "ramp.patina"
    filing.save(document, path, {})
    qtbot.waitUntil(lambda: session.idle)
    session.close_document(document)
    filing.open(path)
    qtbot.waitUntil(lambda: session.current is not None)
    opened = session.current
    same(document, opened.image, {name: opened.plane(name).frozen() for name in MASKS})
    assert opened.lines == document.lines


def test_maps_come_back_from_a_project_and_after_a_crash(parts, document, tmp_path, qtbot):
    session, filing = parts
    normal = np.arange(9 * 8 * 3, dtype=np.uint8).reshape(9, 8, 3)
    height = np.linspace(0, 1, 72, dtype=np.float32).reshape(9, 8)
    become(document, np.zeros((9, 8), np.uint16), normal=normal, height=height)
    project = recovered(session, tmp_path, qtbot)
    found, told = maps_of(project)
    assert told == ()
    assert list(found) == ["normal.png", "height.png"]
    np.testing.assert_array_equal(found["height.png"], height)
    path = tmp_path / "ramp.patina"
    filing.save(document, path, {})
    qtbot.waitUntil(lambda: session.idle)
    session.close_document(document)
    filing.open(path)
    qtbot.waitUntil(lambda: session.current is not None)
    np.testing.assert_array_equal(session.current.maps["normal.png"], normal)
    stroke(session.current, "mask", Rect(1, 1, 3, 3))  # its journal begins with them as well
    found, _ = maps_of(recovered(session, tmp_path, qtbot))
    np.testing.assert_array_equal(found["normal.png"], normal)


def test_maps_that_are_undone_are_not_in_the_journal(parts, document, tmp_path, qtbot):
    session, _ = parts
    become(document, np.zeros((9, 8), np.uint16), normal=np.zeros((9, 8), np.uint8))
    document.history.undo()
    assert maps_of(recovered(session, tmp_path, qtbot)) == ({}, ())
    document.history.redo()
    assert list(maps_of(recovered(session, tmp_path, qtbot))[0]) == ["normal.png"]


def test_a_map_that_does_not_fit_is_left_out_and_said_so(parts, document, tmp_path, qtbot):
    session, filing = parts
    settings, planes = packed({"normal.png": np.zeros((3, 3), np.uint8)})
    saved = Project(document.image, document.mask, settings=settings, planes=planes)
    write_project(tmp_path / "odd.patina", saved)
    said = []
    session.told.connect(lambda told: said.append(told.sentence))
    filing.open(tmp_path / "odd.patina")
    qtbot.waitUntil(lambda: session.idle)
    assert session.current.maps == {}
    assert said == ["Its map 'normal.png' is left out: it is 3 × 3 and the picture 30 × 20."]


def test_a_mask_that_was_read_for_the_old_shape_is_refused(parts, document, monkeypatch, qtbot):
    session, filing = parts
    cover = np.full((20, 30), 255, np.uint8)
    monkeypatch.setattr("editor.files.masks.read_mask", lambda path, size: cover)
    with qtbot.waitSignal(session.told) as caught:
        filing.import_mask(document, Path("mask.png"))
        become(document, document.image[:, :7])
    assert caught.args[0].sentence == "mask.png is 30 × 20 and the picture is 7 × 20 now."
    assert not document.masked
