"""What an operation gives becomes a step in the history, an offer, or nothing but a sentence."""

import numpy as np

from editor.engine.image import Rect, Size
from editor.model.commands import Swap, paint_mask
from editor.operations.base import MaskPatch, Paused
from tests.gated import Complain, Halve, Paint, Patient, Shift, gated, reshaped


def test_an_operation_becomes_one_undoable_step(session, document, qtbot):
    with qtbot.waitSignal(document.changed):
        session.do(Paint())
    assert (document.image[5:9, 6:12] == 255).all()
    assert document.image.sum() == 4 * 6 * 3 * 255
    assert document.history.now.label == "Paint"
    document.history.undo()
    assert document.image.sum() == 0


def complained(session, qtbot):
    """What was told, with what to do about it."""
    with qtbot.waitSignal(session.told) as caught:
        session.do(Complain())
    qtbot.waitUntil(lambda: session.idle)
    return caught.args[0]


def test_a_remedy_takes_the_place_of_what_is_complained_of(session, document, qtbot):
    told = complained(session, qtbot)
    assert (told.kind, told.sentence) == ("warning", "It is upside down.")
    assert document.history.now.command.operation == Paint()
    told.answers["Halve it"]()
    assert session.solved == (Halve(), document.history.now.command)
    qtbot.waitUntil(lambda: session.idle)
    assert session.solved is None
    assert document.size == (15, 20)
    assert len(document.history.states) == 2


def test_a_remedy_that_comes_too_late_is_refused(session, document, qtbot):
    told = complained(session, qtbot)
    document.history.undo()
    with qtbot.waitSignal(session.told) as caught:
        told.answers["Halve it"]()
    assert "nothing was changed" in caught.args[0].sentence
    assert document.size == (30, 20)


def test_a_preview_leaves_the_document_alone(session, document, qtbot):
    operation, inside, go_on = gated()
    with qtbot.waitSignal(session.results.shown) as caught:
        session.do(operation)
    assert (caught.args[0].value.pixels == 128).all()
    assert inside.wait(10)
    assert document.image.sum() == 0
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)


def test_keep_takes_the_estimate_so_far(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    assert session.keep()
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert (document.image[5:9, 6:12] >= 128).all()


def test_what_is_paused_is_known_of_the_document_and_changes_nothing(session, document, qtbot):
    operation, inside, go_on = gated(Patient)
    session.do(operation)
    assert inside.wait(10)
    with qtbot.waitSignal(document.found) as found:
        assert session.pause()
        go_on.set()
    assert isinstance(found.args[0].value, Paused)
    assert document.image.sum() == 0
    assert not document.history.saved
    assert not session.solving
    session.do(document.paused(Patient).on)
    qtbot.waitUntil(lambda: not session.solving)
    assert (document.image[5:9, 6:12] == 255).all()


def test_what_is_paused_is_let_go_of_if_the_picture_has_changed(session, document, qtbot):
    operation, inside, go_on = gated(Patient)
    session.do(operation)
    assert inside.wait(10)
    white = np.full((2, 2, 3), 255, np.uint8)
    session.push(Swap(document, "Elsewhere", "image", Rect(0, 0, 2, 2), white))
    with qtbot.waitSignal(session.told):
        assert session.pause()
        go_on.set()
    assert document.paused(Patient) is None


def test_a_result_for_a_picture_that_changed_is_offered_not_applied(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    pixels = np.full((2, 2, 3), 7, np.uint8)
    rect = Rect(0, 0, 2, 2)
    session.push(Swap(document, "Elsewhere", "image", rect, pixels))
    with qtbot.waitSignal(session.results.offered) as caught:
        go_on.set()
    assert document.image.sum() == 2 * 2 * 3 * 7
    session.results.accept(caught.args[0])
    assert (document.image[5:9, 6:12] == 255).all()
    assert (document.image[:2, :2] == 7).all()


def test_an_operation_may_give_the_document_another_size(session, document, qtbot):
    with qtbot.waitSignal(document.reshaped):
        session.do(Halve())
    assert document.size == Size(15, 20)
    assert document.mask[5:9, 3:6].all()
    document.history.undo()
    assert document.size == Size(30, 20)


def test_a_result_for_another_shape_is_refused_with_a_sentence(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    reshaped(document)
    with qtbot.waitSignal(session.told) as caught, qtbot.assertNotEmitted(session.results.offered):
        go_on.set()
    assert caught.args[0].sentence == (
        "Paint was for the picture as it was before, which has become another one: nothing was"
        " changed."
    )
    assert (document.image == 9).all()
    assert not session.solving


def test_an_offer_is_no_longer_good_for_another_shape(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    rect = Rect(0, 0, 2, 2)
    session.push(Swap(document, "Elsewhere", "image", rect, np.full((2, 2, 3), 7, np.uint8)))
    with qtbot.waitSignal(session.results.offered) as caught:
        go_on.set()
    reshaped(document)
    with qtbot.waitSignal(session.told):
        session.results.accept(caught.args[0])
    assert (document.image == 9).all()


def test_a_new_shape_is_offered_if_a_mask_was_painted_meanwhile(session, document, qtbot):
    """Or the stroke would be lost with the mask that the new one takes the place of."""
    operation, inside, go_on = gated(Halve)
    session.do(operation)
    assert inside.wait(10)
    stroke = MaskPatch(Rect(0, 0, 4, 4), np.full((4, 4), 255, np.uint8), "protect")
    session.push(paint_mask(document, "Brush", stroke))
    with qtbot.waitSignal(session.results.offered) as caught:
        go_on.set()
    session.results.accept(caught.args[0])
    assert document.size == Size(15, 20)
    assert document.plane("protect").frozen()[:4, :2].all()


def test_a_new_shape_may_take_the_place_of_the_last_one(session, document, qtbot):
    with qtbot.waitSignal(document.reshaped):
        session.do(Halve())
    first = document.history.now.command
    with qtbot.waitSignal(document.renamed):
        session.do(Shift(), instead=first)
    qtbot.waitUntil(lambda: session.idle)
    assert [state.label for state in document.history.states] == [
        "Open “grey.png”",
        "Shift to 25 × 20",
    ]
    assert document.mask[5:9, 1:7].all()
    document.history.undo()
    assert document.size == Size(30, 20)


def test_it_does_not_if_something_was_done_after_it(session, document, qtbot):
    session.do(Halve())
    qtbot.waitUntil(lambda: session.idle)
    operation, inside, go_on = gated(Halve)
    session.do(operation, instead=document.history.now.command)
    assert inside.wait(10)
    stroke = MaskPatch(Rect(0, 0, 4, 4), np.full((4, 4), 255, np.uint8))
    session.push(paint_mask(document, "Brush", stroke))
    with qtbot.waitSignal(session.told):
        go_on.set()
    assert document.history.now.label == "Brush"
    assert document.size == Size(15, 20)


def test_no_preview_is_shown_over_another_shape(session, document, qtbot):
    operation, inside, go_on = gated()
    shown = []
    session.results.shown.connect(lambda one: shown.append(one.value))
    session.do(operation)
    assert inside.wait(10)
    reshaped(document)  # before the preview has been delivered
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert shown == [None]


def test_an_edit_after_a_solve_copies_nothing(session, document, qtbot):
    with qtbot.waitSignal(document.changed):
        session.do(Paint())
    array = document.plane("image")._array
    document.history.undo()
    assert document.plane("image")._array is array
