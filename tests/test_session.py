"""The conductor: what is asked for becomes a step in the history, or nothing at all."""

import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from editor.engine.image import Rect, Size
from editor.engine.step import Pause, Step
from editor.model.commands import Swap, command_for, paint_mask
from editor.model.document import Document
from editor.operations.base import MaskPatch, Operation, Patch, Paused, Remedy, Scene
from editor.operations.new_picture import NewPicture, Turn
from editor.session import Session

GATES: dict[int, tuple[threading.Event, threading.Event]] = {}


@dataclass(frozen=True)
class Paint(Operation):
    """Paints the hole white in two steps; waits for the test between them if it has a gate."""

    label: ClassVar[str] = "Paint"
    gate: int = 0

    def steps(self, scene: Scene, device: object) -> Iterator[Step[Patch]]:
        assert scene.hole is not None
        if not scene.hole.any():
            raise ValueError("the mask is empty: paint over what should go")
        rect = Rect.around(scene.hole)
        pixels = scene.image[rect.slices].copy()
        pixels[scene.hole[rect.slices] > 0] = 128
        yield Step(0.5, Patch(rect, pixels))
        if self.gate:
            inside, go_on = GATES[self.gate]
            inside.set()
            assert go_on.wait(10)
        pixels = pixels.copy()
        pixels[scene.hole[rect.slices] > 0] = 255
        yield Step(1.0, Patch(rect, pixels))


@dataclass(frozen=True)
class Patient(Paint):
    """Leaves off when it is told to, and goes on with another gate."""

    @property
    def pauses(self) -> bool:
        return True

    def steps(self, scene: Scene, device: object) -> Iterator[Step[Patch | Paused]]:
        try:
            yield from super().steps(scene, device)
        except Pause:
            yield Step(0.5, Paused(Patient(), Patient(), 0.5, lasts=True))


@dataclass(frozen=True)
class Whole(Operation):
    """Chooses the whole picture."""

    label: ClassVar[str] = "All"
    quick: ClassVar[bool] = True

    def steps(self, scene: Scene, device: object) -> Iterator[Step[MaskPatch]]:
        cover = np.full(scene.image.shape[:2], 255, np.uint8)
        yield Step(1.0, MaskPatch(Rect.whole(cover), cover))


@dataclass(frozen=True)
class Stroke(Paint):
    """One of many, that waits until the one before it is done."""

    waits: ClassVar[bool] = True


@dataclass(frozen=True)
class Halve(Paint):
    """Leaves every other column out."""

    label: ClassVar[str] = "Halve"

    def steps(self, scene: Scene, device: object) -> Iterator[Step[NewPicture]]:
        yield Step(0.5)
        if self.gate:
            inside, go_on = GATES[self.gate]
            inside.set()
            assert go_on.wait(10)
        yield Step(1.0, NewPicture(scene.image[:, ::2]))


@dataclass(frozen=True)
class Shift(Paint):
    """Leaves five columns out."""

    label: ClassVar[str] = "Shift"

    def steps(self, scene: Scene, device: object) -> Iterator[Step[NewPicture]]:
        turn = Turn(Rect(5, 0, 25, 20))
        yield Step(1.0, NewPicture(turn.of(scene.image), turn=turn))


@dataclass(frozen=True)
class Complain(Paint):
    """Turns it upside down, says so, and knows what to do about it; remembered as a Paint."""

    @property
    def remembered(self) -> Paint:
        return Paint()

    def steps(self, scene: Scene, device: object) -> Iterator[Step[NewPicture]]:
        remedy = Remedy("Halve it", Halve())
        turned = scene.image[::-1]
        yield Step(1.0, NewPicture(turned, notices=("It is upside down.",), remedy=remedy))


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(device="cpu", threads=1)
    yield session
    for _, go_on in GATES.values():
        go_on.set()
    assert session.shut_down()
    GATES.clear()


@pytest.fixture
def document(session):
    mask = np.zeros((20, 30), np.uint8)
    mask[5:9, 6:12] = 255
    return session.add(np.zeros((20, 30, 3), np.uint8), "grey.png", masks={"mask": mask})


def white(document: Document) -> np.ndarray:
    return np.full(document.mask.shape, 255, np.uint8)


def gated(kind: type[Paint] = Paint) -> tuple[Paint, threading.Event, threading.Event]:
    number = len(GATES) + 1
    GATES[number] = threading.Event(), threading.Event()
    return kind(gate=number), *GATES[number]


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
    with qtbot.waitSignal(session.shown) as caught:
        session.do(operation)
    assert (caught.args[0].value.pixels == 128).all()
    assert inside.wait(10)
    assert document.image.sum() == 0
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)


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


def test_only_what_can_go_on_is_paused(session, document, qtbot):
    assert not session.pause()
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    assert not session.pause()
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert document.history.now.label == "Paint"


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


def test_a_result_for_a_picture_that_changed_is_offered_not_applied(session, document, qtbot):
    operation, inside, go_on = gated()
    session.do(operation)
    assert inside.wait(10)
    pixels = np.full((2, 2, 3), 7, np.uint8)
    rect = Rect(0, 0, 2, 2)
    session.push(Swap(document, "Elsewhere", "image", rect, pixels))
    with qtbot.waitSignal(session.offered) as caught:
        go_on.set()
    assert document.image.sum() == 2 * 2 * 3 * 7
    session.accept(caught.args[0])
    assert (document.image[5:9, 6:12] == 255).all()
    assert (document.image[:2, :2] == 7).all()


def reshaped(document: Document) -> None:
    """The document becomes a smaller picture."""
    made = NewPicture(np.full((10, 15, 3), 9, np.uint8))
    document.history.push(command_for(document, Paint(), made, document.scene()))


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
    with qtbot.waitSignal(session.told) as caught, qtbot.assertNotEmitted(session.offered):
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
    with qtbot.waitSignal(session.offered) as caught:
        go_on.set()
    reshaped(document)
    with qtbot.waitSignal(session.told):
        session.accept(caught.args[0])
    assert (document.image == 9).all()


def test_a_new_shape_is_offered_if_a_mask_was_painted_meanwhile(session, document, qtbot):
    """Or the stroke would be lost with the mask that the new one takes the place of."""
    operation, inside, go_on = gated(Halve)
    session.do(operation)
    assert inside.wait(10)
    stroke = MaskPatch(Rect(0, 0, 4, 4), np.full((4, 4), 255, np.uint8), "protect")
    session.push(paint_mask(document, "Brush", stroke))
    with qtbot.waitSignal(session.offered) as caught:
        go_on.set()
    session.accept(caught.args[0])
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
        "Open grey.png",
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
    session.shown.connect(lambda one: shown.append(one.value))
    session.do(operation)
    assert inside.wait(10)
    reshaped(document)  # before the preview has been delivered
    go_on.set()
    qtbot.waitUntil(lambda: not session.solving)
    assert shown == [None]


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
    document.history.push(paint_mask(document, "All", MaskPatch(document.rect, white(document))))
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


def test_an_edit_after_a_solve_copies_nothing(session, document, qtbot):
    with qtbot.waitSignal(document.changed):
        session.do(Paint())
    array = document.plane("image")._array
    document.history.undo()
    assert document.plane("image")._array is array


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
