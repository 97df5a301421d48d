"""The conductor: what is solved, what waits, what is stopped, and what is told of it."""

import gc
import weakref

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent

from editor.model.commands import paint_mask
from editor.operations.base import MaskPatch
from editor.session import Session
from tests.gated import Halve, Paint, Stroke, Whole, gated, reshaped


def test_stop_leaves_nothing_behind(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    assert session.stop()
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert document.image.sum() == 0
    assert len(document.history.states) == 1


def test_stop_holds_even_if_the_result_is_on_its_way(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    go_on.set()
    # Wait for the engine to be through, without letting its result be delivered.
    while session._engine._current is not None:
        inside.wait(0.001)
    assert session.stop()
    qtbot.waitUntil(lambda: not session.solving)
    assert document.image.sum() == 0


def test_only_what_can_go_on_is_paused(session, document, qtbot):
    assert not session.pause()
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    assert not session.pause()
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert document.history.now.label == "Paint"


def test_one_solve_at_a_time_but_quick_ones_go_between(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    assert session.do(Paint()) is None
    with qtbot.waitSignal(document.changed):
        session.do(Whole())
    assert document.mask.all()
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert document.history.now.label == "Paint"


def test_what_is_withdrawn_stops_or_never_begins(session, document, qtbot):
    solved, inside, go_on = gated()
    waiting = Stroke()
    session.do(solved)
    assert inside.wait(10)
    session.do(waiting)
    session.withdraw(waiting)
    session.withdraw(Paint())  # nobody asked for that one
    assert session.solving
    session.withdraw(solved)
    go_on.set()
    qtbot.waitUntil(lambda: session.idle)
    assert len(document.history.states) == 1


def test_a_stroke_that_waits_is_let_go_with_the_shape_it_was_made_on(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    session.do(Stroke())
    reshaped(document)
    go_on.set()
    qtbot.waitUntil(lambda: session.idle)
    assert (document.image == 9).all()


def test_a_refusal_is_told_in_one_sentence(session, document, qtbot):
    empty = MaskPatch(document.rect, np.zeros((20, 30), np.uint8))
    session.push(paint_mask(document, "Clear", empty))
    with qtbot.waitSignal(session.told) as caught:
        session.do(Paint())
    told = caught.args[0]
    assert (told.kind, told.details) == ("warning", "")
    assert told.sentence == "The mask is empty: paint over what should go."
    assert not session.solving


def test_closing_a_document_stops_what_is_done_to_it(session, document, qtbot):
    other = session.add(np.zeros((4, 4), np.uint8), "other.png")
    session.activate(document)
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    session.close_document(document)
    assert session.current is other
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert session.documents == (other,)


def test_a_closed_document_is_gone_without_a_collector(session, qtbot):
    """No collector looks any more at what is there when the engine is warm."""
    document = session.add(np.zeros((20, 30, 3), np.uint8), "grey.png")
    document.history.push(
        paint_mask(document, "All", MaskPatch(document.rect, np.full((20, 30), 255, np.uint8)))
    )
    session.do(Halve())
    qtbot.waitUntil(lambda: session.idle)
    document.keep(Paint(), document.history.now.command)  # as one does that is paused
    gone = [weakref.ref(document), weakref.ref(document.history.now.command)]
    gone.append(weakref.ref(document.plane("image")))
    session.close_document(document)
    QCoreApplication.sendPostedEvents(document, QEvent.Type.DeferredDelete)
    del document
    assert [one() for one in gone] == [None, None, None]


def test_a_session_that_is_shut_down_is_left_to_its_own_thread(qapp):
    """What points back at it would be let go of by a collector, in whichever thread that runs."""
    session = Session(device="cpu", threads=1)
    session.itself = session
    gone = weakref.ref(session)
    assert session.shut_down()
    del session
    gc.collect()
    assert gone() is not None
    QCoreApplication.sendPostedEvents(gone(), QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None


def test_what_waits_for_the_compilers_says_so(session, document, monkeypatch, qtbot):
    said = []
    session.working.connect(lambda one: said.append(one and one.preparing))
    monkeypatch.setattr("editor.rehearsal.needed", lambda: True)
    monkeypatch.setattr("editor.rehearsal.steps", lambda names: iter(()))
    session.warm_up(Paint)
    session.do(Paint())
    assert said == ["Preparing, this first time only…"]
    qtbot.waitUntil(lambda: session.idle)
    assert said[1] == ""  # it begins
    assert said[-1] is None


def test_a_later_start_is_prepared_as_well(session, document, monkeypatch, qtbot):
    said = []
    session.working.connect(lambda one: said.append(one and one.preparing))
    monkeypatch.setattr("editor.rehearsal.needed", lambda: False)
    session.warm_up(Paint)
    session.do(Paint())
    assert said == ["Preparing…"]
    qtbot.waitUntil(lambda: session.idle)
    session.do(Paint())
    assert said[-1] == ""
    qtbot.waitUntil(lambda: session.idle)
