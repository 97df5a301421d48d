"""Close, quit and save when something is in the way: nothing is lost, and nothing goes unasked."""

import gc
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid, ownedByPython

from editor.engine.step import Step

UNSAVED = "scratched.png has changes that are not saved."


@pytest.fixture
def painted(hand, scratched):
    hand.open(scratched)
    hand.drag((80, 30), (80, 60))
    return hand


@pytest.fixture
def asked(monkeypatch):
    """What the save dialogs suggested; each gives what is put in ``answers``, or what it suggests.

    As the real one does, it asks nothing about a file that is there: the test would wait for ever.
    """

    class Asked(list[str]):
        answers: list[str]

    asked = Asked()
    asked.answers = []

    def ask(_, title, suggested, kinds):
        asked.append(suggested)
        return (asked.answers.pop(0) if asked.answers else suggested), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return asked


def test_after_a_save_that_failed_quitting_asks_again(painted, asked, tmp_path):
    asked.answers = [str(tmp_path / "none" / "a.patina")]
    painted.window.close()
    painted.answer("Save and quit")
    assert "there is no folder" in painted.shown()[-1]
    assert painted.window.isVisible()
    painted.window.notices.clear()
    painted.window.close()
    assert painted.window.isVisible()
    assert painted.shown() == [UNSAVED]
    asked.answers = [str(tmp_path / "a.patina")]
    painted.answer("Save and quit")
    assert not painted.window.isVisible()


def test_a_save_that_failed_closes_nothing_later(painted, asked, tmp_path):
    asked.answers = [str(tmp_path / "none" / "a.patina"), str(tmp_path / "a.patina")]
    painted.key("Ctrl+W")
    painted.answer("Save")
    assert not painted.document.history.saved
    painted.key("Ctrl+S")
    assert painted.document.history.saved


def test_when_one_of_two_is_not_saved_both_stay_open(painted, asked, tmp_path):
    Image.new("RGB", (60, 40)).save(tmp_path / "second.png")
    painted.open(tmp_path / "second.png")
    painted.drag((10, 10), (30, 10))
    asked.answers = [str(tmp_path / "first.patina"), ""]
    painted.window.close()
    painted.answer("Save and quit")
    assert [one.history.saved for one in painted.parts.session.documents] == [True, False]
    assert painted.window.isVisible()


def test_asked_twice_and_answered_once(painted):
    painted.key("Ctrl+W")
    painted.key("Ctrl+W")
    assert painted.shown() == [UNSAVED]
    painted.answer("Discard")
    assert painted.document is None
    assert painted.shown() == []


def test_closing_and_then_quitting_has_the_answers_of_quitting(painted):
    painted.key("Ctrl+W")
    painted.window.close()
    assert painted.shown() == [UNSAVED]
    painted.answer("Quit without saving")
    assert not painted.window.isVisible()


def test_the_question_goes_when_it_is_saved(painted, asked, tmp_path):
    asked.answers = [str(tmp_path / "a.patina")]
    painted.key("Ctrl+W")
    painted.key("Ctrl+S")
    assert painted.shown() == ["a.patina is saved."]
    assert painted.document is not None


def test_a_name_without_its_ending_overwrites_nothing_unasked(painted, asked, tmp_path):
    there = tmp_path / "mine.patina"
    there.write_bytes(b"another one")
    asked.answers = [str(tmp_path / "mine"), ""]
    painted.key("Ctrl+S")
    assert there.read_bytes() == b"another one"
    assert asked[1] == str(there)
    asked.answers = [str(tmp_path / "mine")]
    painted.key("Ctrl+S")
    assert there.read_bytes()[:2] == b"PK"


def test_a_mask_with_a_dot_in_its_name_overwrites_nothing_unasked(painted, asked, tmp_path):
    (tmp_path / "mask.png").write_bytes(b"another one")
    asked.answers = [str(tmp_path / "mask.old")]
    painted.window.actions_["export_mask"].trigger()
    painted.rest()
    assert (tmp_path / "mask.png").read_bytes() == b"another one"
    with Image.open(tmp_path / "mask.old.png") as written:
        assert written.size == (160, 120)


def test_while_a_file_is_written_closing_and_quitting_ask(hand, scratched, tmp_path, qtbot):
    hand.open(scratched)

    def writing() -> Iterator[Step[str]]:
        while True:
            yield Step(0.5)

    hand.parts.filing.export_made(hand.document, tmp_path / "film.mp4", writing)
    question = "Export film.mp4 is not done yet."
    hand.window.close()
    assert hand.window.isVisible()
    assert hand.shown() == [question]
    hand.window.actions_["close"].trigger()
    assert hand.shown() == [question]
    assert hand.document is not None
    hand.answer("Close without it")
    assert hand.document is None


def test_the_same_file_twice_is_one_document(hand, scratched):
    for _ in range(2):
        hand.parts.filing.open(scratched)
    hand.rest()
    assert len(hand.parts.session.documents) == 1


def test_an_ampersand_in_a_name_is_seen(hand, scratched):
    named = scratched.with_name("salt & pepper.png")
    scratched.rename(named)
    hand.open(named)
    assert hand.window.header.tabs.tabText(0) == "salt && pepper.png"  # as Qt wants it
    menu = hand.window.files.recent_menu()
    assert [one.text() for one in menu.actions()] == ["salt && pepper.png"]


def test_enter_while_another_picture_is_worked_at_says_so(hand, scratched, tmp_path):
    Image.new("RGB", (60, 40)).save(tmp_path / "second.png")
    hand.open(scratched)

    def writing() -> Iterator[Step[str]]:
        while True:
            yield Step(0.5)

    hand.parts.filing.export_made(hand.document, tmp_path / "film.mp4", writing)
    session = hand.parts.session
    session.add(np.zeros((40, 60, 3), np.uint8), "second.png")
    hand.window.actions_["go"].trigger()
    assert hand.shown() == [
        "Export film.mp4 in scratched.png is not done yet: wait for it, or stop it (Esc)."
    ]
    session.stop()
    hand.rest()


def test_what_is_closed_leaves_nothing_of_qt_to_a_collector(hand, scratched):
    """It would let go of that in whichever thread it runs, which Qt does not survive."""
    gc.collect()
    hand.open(scratched)
    hand.drag((80, 30), (80, 60))
    hand.key("Return")
    hand.key("Ctrl+Z")
    hand.parts.session.close_document(hand.document)
    hand.rest()
    gc.set_debug(gc.DEBUG_SAVEALL)  # what it finds is put in gc.garbage
    try:
        gc.collect()
        left = [one for one in gc.garbage if isinstance(one, QObject) and isValid(one)]
        assert [type(one).__name__ for one in left if ownedByPython(one)] == []
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
