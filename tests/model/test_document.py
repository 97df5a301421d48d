"""A document: its planes, what it hands out and what it tells."""

import gc
import weakref

import numpy as np
import pytest

from editor.engine.image import Meta, Rect, Size
from editor.model.commands import paint_mask
from editor.model.document import Document
from editor.model.plane import Plane
from editor.operations.base import MaskPatch

PLACE = Rect(3, 2, 4, 5)


@pytest.fixture
def document():
    return Document(np.zeros((20, 30, 3), np.uint16), title="wall.png")


def paint(document, value=255, rect=PLACE):
    cover = np.full((rect.height, rect.width), value, np.uint8)
    document.history.push(paint_mask(document, "Brush", MaskPatch(rect, cover)))


def test_it_begins_as_the_picture_with_an_empty_mask(document):
    assert document.size == Size(30, 20)
    assert document.rect == Rect(0, 0, 30, 20)
    assert document.planes == ("image", "mask", "sampling", "labels", "protect", "remove")
    assert document.mask.shape == (20, 30)
    assert document.mask.dtype == np.uint8
    assert not document.masked
    assert document.meta == Meta()
    assert document.history.states[0].label == "Open “wall.png”"


def test_a_mask_can_come_with_it():
    mask = np.zeros((20, 30), np.uint8)
    mask[4, 5] = 1
    document = Document(np.zeros((20, 30), np.uint8), mask=mask)
    assert document.masked
    assert (document.mask == mask).all()


def test_a_mask_of_another_size_is_refused_with_both_sizes():
    with pytest.raises(ValueError, match=r"the mask is 9 × 8 and the picture is 30 × 20"):
        Document(np.zeros((20, 30), np.uint8), mask=np.zeros((8, 9), np.uint8))


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="not float64"):
        Document(np.zeros((20, 30)))


def test_a_change_tells_its_plane_and_place(document, qtbot):
    with qtbot.waitSignal(document.renamed), qtbot.waitSignal(document.changed) as told:
        paint(document)
    [changed] = told.args
    assert changed.plane == "mask"
    assert changed.rect == PLACE
    [(rect, delta)] = changed.parts
    assert rect == PLACE
    assert (delta == 255).all()


def test_undo_tells_the_same_change(document):
    told = []
    document.changed.connect(told.append)
    paint(document)
    document.history.undo()
    document.history.redo()
    assert [one.rect for one in told] == [PLACE] * 3
    deltas = [one.parts[0][1].tolist() for one in told]
    assert deltas[0] == deltas[1] == deltas[2]


def test_replaying_the_changes_gives_the_document(document):
    """What the recovery journal relies on."""
    copy = Document(np.array(document.image))
    document.changed.connect(lambda one: copy.swap(one.plane, one.parts))
    paint(document)
    paint(document, 7, Rect(0, 0, 30, 20))
    document.history.undo()
    paint(document, 9, Rect(5, 5, 9, 9))
    assert (copy.mask == document.mask).all()


def test_revisions_count_per_plane(document):
    paint(document)
    document.history.undo()
    assert document.revision("mask") == 2
    assert document.revision("image") == 0
    assert document.scene().revision == 0


def test_an_empty_place_is_no_change(document, qtbot):
    with qtbot.assertNotEmitted(document.changed):
        paint(document, rect=Rect(3, 2, 0, 5))
    assert document.revision("mask") == 0


def test_masked_follows_the_mask(document):
    for _ in range(2):
        paint(document)
        assert document.masked
        document.history.undo()
        assert not document.masked


def test_a_mask_that_nobody_painted_on_is_not_looked_through(document, monkeypatch):
    monkeypatch.setattr(Plane, "any", None)
    assert not document.painted("protect")


def test_whether_it_is_painted_is_known_from_what_changed(document, monkeypatch):
    looked = []
    whole = Plane.any
    monkeypatch.setattr(Plane, "any", lambda plane, rect: looked.append(rect) or whole(plane, rect))
    assert not document.masked
    paint(document)
    assert document.masked
    assert document.rect not in looked
    document.history.undo()
    assert not document.masked  # all of it was looked through, for there was paint before
    assert document.rect in looked


def test_a_scene_stays_as_it_was(document):
    scene = document.scene()
    paint(document)
    assert not scene.hole.any()
    assert document.mask.any()
    for array in (scene.image, scene.hole):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_asking_whether_it_is_masked_holds_nothing_up(document):
    """The next stroke is written in place although somebody has just looked."""
    before = document.mask.__array_interface__["data"][0]
    assert not document.masked
    paint(document)
    assert document.masked
    assert document.mask.__array_interface__["data"][0] == before


def test_one_change_of_many_parts_is_told_once(document, qtbot):
    parts = [(Rect(0, 0, 2, 2), np.ones((2, 2), np.uint8)), (PLACE, np.ones((5, 4), np.uint8))]
    with qtbot.waitSignal(document.changed) as told:
        document.swap("mask", parts)
    [changed] = told.args
    assert changed.rect == Rect(0, 0, 7, 7)
    assert len(changed.parts) == 2
    assert document.revision("mask") == 1


def test_saving_and_undoing_tell_that_the_name_looks_different(document, qtbot):
    paint(document)
    with qtbot.waitSignal(document.renamed):
        document.history.mark_saved(document.history.now)
    with qtbot.waitSignal(document.renamed):
        document.history.undo()


def test_a_closed_document_and_its_steps_are_gone(qapp):
    document = Document(np.zeros((20, 30), np.uint8))
    paint(document)
    gone = [weakref.ref(document), weakref.ref(document.history.now.command)]
    del document
    gc.collect()
    assert [one() for one in gone] == [None, None]
