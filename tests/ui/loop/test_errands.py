"""Errands: one thread, in turn, the urgent ones first, and nothing after the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from editor.files.problems import FileProblem
from editor.ui.loop.errands import Errands


@pytest.fixture
def errands() -> Iterator[Errands]:
    made = Errands()
    yield made
    made.close()


def fails(problem: Exception) -> object:
    raise problem


def test_they_run_in_turn_the_urgent_first_and_the_newest_of_a_key(
    errands: Errands, qtbot: QtBot
) -> None:
    brought: list[tuple[object, object]] = []
    errands.done.connect(lambda key, result: brought.append((key, result)))
    held = threading.Event()
    errands.ask("first", held.wait)
    for key, result in (("a", 1), ("b", 2), ("a", 3)):
        errands.ask(key, lambda result=result: result)
    errands.ask("c", lambda: 4, urgent=True)
    held.set()
    qtbot.waitUntil(lambda: len(brought) == 4)
    assert sorted(brought[:2]) == [("c", 4), ("first", True)]
    assert brought[2:] == [("b", 2), ("a", 3)]


def test_what_fails_brings_nothing(errands: Errands, qtbot: QtBot) -> None:
    brought: list[object] = []
    errands.done.connect(lambda key, result: brought.append(key))
    errands.ask("a", lambda: fails(FileProblem("it ends too soon")))
    errands.ask("b", lambda: fails(ValueError("the player is closed")))
    errands.ask("c", lambda: 1)
    qtbot.waitUntil(lambda: brought == ["c"])


def test_what_is_forgotten_is_not_done(errands: Errands, qtbot: QtBot) -> None:
    brought: list[object] = []
    errands.done.connect(lambda key, result: brought.append(key))
    begun, held = threading.Event(), threading.Event()
    errands.ask("held", lambda: begun.set() or held.wait())
    assert begun.wait(5)
    errands.ask("forgotten", lambda: 1)
    errands.forget()
    errands.ask("last", lambda: 1)
    held.set()
    qtbot.waitUntil(lambda: "last" in brought)
    assert brought == ["held", "last"]


def test_the_thread_ends_with_them() -> None:
    errands = Errands()
    thread = errands._thread
    errands.close()
    assert not thread.is_alive()
