"""The engine's thread: what is asked for is done in order, shown, stopped, kept, or refused."""

import functools
import os
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot

from editor.engine.step import Pause, Step
from editor.engine.threads import Crew
from editor.jobs import Engine, Failed, Finished, Job, Preview, described, out_of_memory


class Listener(QObject):
    """Writes down what the engine says, in the window's thread."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.thread_ids: set[int] = set()
        for signal in (engine.previewed, engine.finished_job, engine.failed, engine.stopped):
            signal.connect(self.hear)

    @Slot(object)
    def hear(self, said: object) -> None:
        self.heard.append(said)
        self.thread_ids.add(threading.get_ident())


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine("test engine")
    yield engine
    assert engine.close()


def counting(n: int) -> Iterator[Step[int]]:
    for k in range(1, n + 1):
        yield Step(k / n, k)


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def niceness_of_a_crew() -> Iterator[Step[dict[int, int]]]:
    """By thread."""
    found, both = {}, threading.Barrier(2)

    def look(start: int, stop: int) -> None:
        found[threading.get_native_id()] = niceness()
        both.wait(10)

    with Crew(2) as crew:
        crew(look, 0, 2, weight=1 << 20)
    yield Step(1.0, found)


class Gate:
    """Steps that wait for the test: no sleeping, no luck."""

    def __init__(self) -> None:
        self.inside, self.go_on = threading.Event(), threading.Event()
        self.closed = False

    def steps(self) -> Iterator[Step[str]]:
        try:
            yield Step(0.1, "begun")
            self.inside.set()
            self.go_on.wait(10)
            yield Step(0.5, "half")
            yield Step(1.0, "whole")
        finally:
            self.closed = True


def test_a_job_ends_with_its_last_value_in_the_window_thread(engine, qtbot):
    listener = Listener(engine)
    job = Job("Count", lambda: counting(5))
    with qtbot.waitSignal(engine.finished_job):
        engine.submit(job)
    qtbot.waitUntil(lambda: any(isinstance(said, Finished) for said in listener.heard))
    finished = listener.heard[-1]
    assert (finished.job, finished.value, finished.kept) == (job, 5, False)
    assert listener.thread_ids == {threading.get_ident()}


@pytest.mark.skipif(sys.platform != "linux", reason="threads have one niceness here")
def test_whatever_the_engine_starts_lets_the_window_go_first(engine, qtbot):
    listener = Listener(engine)
    engine.submit(Job("Look", niceness_of_a_crew))
    qtbot.waitUntil(lambda: any(isinstance(said, Finished) for said in listener.heard))
    found = listener.heard[-1].value
    assert len(found) == 2
    assert set(found.values()) == {niceness() + 5}


def test_jobs_are_done_in_the_order_they_came(engine, qtbot):
    listener = Listener(engine)
    jobs = [Job(f"Count {n}", lambda n=n: counting(n)) for n in (3, 1, 2)]
    for job in jobs:
        engine.submit(job)
    qtbot.waitUntil(lambda: sum(isinstance(said, Finished) for said in listener.heard) == 3)
    assert [said.value for said in listener.heard if isinstance(said, Finished)] == [3, 1, 2]


def test_stop_closes_the_iterator_and_gives_nothing(engine, qtbot):
    gate, listener = Gate(), Listener(engine)
    job = Job("Wait", gate.steps)
    engine.submit(job)
    assert gate.inside.wait(10)
    engine.stop(job)
    gate.go_on.set()
    qtbot.waitUntil(lambda: job in listener.heard)
    assert gate.closed
    assert not any(isinstance(said, Finished) for said in listener.heard)


def test_keep_takes_the_last_value(engine, qtbot):
    gate, listener = Gate(), Listener(engine)
    job = Job("Wait", gate.steps)
    engine.submit(job)
    assert gate.inside.wait(10)
    engine.stop(job, keep=True)
    gate.go_on.set()
    qtbot.waitUntil(lambda: any(isinstance(said, Finished) for said in listener.heard))
    finished = listener.heard[-1]
    assert (finished.value, finished.kept) == ("half", True)


def test_a_waiting_job_can_be_taken_back(engine, qtbot):
    gate, listener = Gate(), Listener(engine)
    first, second = Job("Wait", gate.steps), Job("Count", lambda: counting(1))
    engine.submit(first)
    assert gate.inside.wait(10)
    engine.submit(second)
    with qtbot.waitSignal(engine.stopped):
        engine.stop(second)
    gate.go_on.set()
    qtbot.waitUntil(lambda: any(isinstance(said, Finished) for said in listener.heard))
    assert [said.value for said in listener.heard if isinstance(said, Finished)] == ["whole"]


def test_a_foreseen_problem_is_one_sentence_and_the_engine_lives_on(engine, qtbot):
    def refuse() -> Iterator[Step[int]]:
        raise ValueError("the mask is empty: paint over what should go")
        yield

    with qtbot.waitSignal(engine.failed) as caught:
        engine.submit(Job("Fill", refuse))
    failed: Failed = caught.args[0]
    assert failed.sentence == "The mask is empty: paint over what should go."
    assert failed.details == ""
    with qtbot.waitSignal(engine.finished_job) as caught:
        engine.submit(Job("Count", lambda: counting(2)))
    assert caught.args[0].value == 2


def test_an_unforeseen_problem_keeps_its_details_for_the_log(engine, qtbot):
    with qtbot.waitSignal(engine.failed) as caught:
        engine.submit(Job("Fill", lambda: iter([1 / 0])))
    failed: Failed = caught.args[0]
    assert failed.sentence == "Fill could not be done; nothing was changed."
    assert "ZeroDivisionError" in failed.details


@pytest.mark.parametrize(
    "problem",
    [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes"),
        Exception("(-4:Insufficient memory) Failed to allocate"),
    ],
)
def test_every_way_of_running_out_of_memory_is_understood(problem):
    assert out_of_memory(problem)
    assert "more memory than there is" in described("Fill", problem)[0]


def test_previews_are_copies(engine, qtbot):
    import numpy as np

    from editor.engine.image import Rect
    from editor.operations.base import Patch

    working = np.zeros((2, 2), np.uint8)

    def reusing() -> Iterator[Step[Patch]]:
        for k in range(3):
            working[:] = k
            yield Step(k / 3, Patch(Rect(0, 0, 2, 2), working))

    listener = Listener(engine)
    engine.submit(Job("Reuse", reusing))
    qtbot.waitUntil(lambda: any(isinstance(said, Finished) for said in listener.heard))
    shown = [said.value.pixels for said in listener.heard if isinstance(said, Preview)]
    assert shown[0].max() == 0
    assert not any(np.shares_memory(pixels, working) for pixels in shown)


def test_what_a_job_closed_over_is_let_go_before_its_result_is_told(engine, qtbot):
    class Scene:
        pass

    scene = Scene()
    seen = weakref.ref(scene)

    def looking(scene: Scene) -> Iterator[Step[int]]:
        yield Step(1.0, 1)
        del scene

    alive: list[bool] = []
    engine.finished_job.connect(lambda said: alive.append(seen() is not None))
    job = Job("Look", functools.partial(looking, scene))
    del scene
    with qtbot.waitSignal(engine.finished_job):
        engine.submit(job)
    assert alive == [False]


def test_closing_during_a_job_ends_the_thread(qtbot):
    def endless() -> Iterator[Step[int]]:
        while True:
            yield Step(0.5, 1)

    engine = Engine("closing engine")
    with qtbot.waitSignal(engine.previewed):
        engine.submit(Job("Endless", endless))
    assert engine.close(1000)
    assert engine.isFinished()


def test_what_waits_is_done_before_a_thread_ends_that_drops_nothing():
    done: list[int] = []

    def work(number: int) -> Iterator[Step[None]]:
        done.append(number)
        yield Step(1.0)

    engine = Engine("closing desk")
    for number in range(5):
        engine.submit(Job("Write", functools.partial(work, number)))
    assert engine.close(drop=False)
    assert done == [0, 1, 2, 3, 4]


def test_a_value_that_comes_right_behind_a_silent_step_is_shown(engine, qtbot):
    def steps() -> Iterator[Step[int]]:
        yield Step(0.1)
        yield Step(0.2, 7)
        yield Step(1.0, 8)

    with qtbot.waitSignal(engine.previewed) as caught:
        engine.submit(Job("Fit", steps))
    assert caught.args[0].value == 7


class Resumable(Gate):
    """Steps that know how to pause."""

    def steps(self) -> Iterator[Step[str]]:
        try:
            yield from super().steps()
        except Pause:
            yield Step(0.5, "goes on from here")


@pytest.mark.parametrize(("kind", "said"), [(Resumable, "goes on from here"), (Gate, None)])
def test_a_job_is_paused_with_what_it_goes_on_from(engine, qtbot, kind, said):
    listener, gate = Listener(engine), kind()
    job = Job("Long", gate.steps)
    engine.submit(job)
    assert gate.inside.wait(10)
    engine.pause(job)
    gate.go_on.set()
    ended = (Finished,) if said else (Job,)
    qtbot.waitUntil(lambda: isinstance(listener.heard[-1], ended) if listener.heard else False)
    assert gate.closed
    if said:
        assert listener.heard[-1].value == said
        assert listener.heard[-1].kept
