"""What was done, in order, with a pointer into it and a budget."""

import gc
import weakref

import pytest

from editor.model.history import History


class Note:
    """A command that writes what happens to it into a diary."""

    def __init__(self, diary, label, nbytes=1, plane="image"):
        self.label, self.nbytes = label, nbytes
        self.planes, self.recipe = (plane,), {}
        self._diary = diary

    def redo(self):
        self._diary.append(f"+{self.label}")

    def undo(self):
        self._diary.append(f"-{self.label}")


@pytest.fixture
def diary():
    return []


@pytest.fixture
def history():
    return History(budget=100)


@pytest.fixture
def abc(history, diary):
    """A history of three steps, and an empty diary."""
    for label in "abc":
        history.push(Note(diary, label))
    diary.clear()
    return history


def labels(history):
    return [state.label for state in history.states]


def test_it_begins_with_one_saved_state(history):
    assert labels(history) == ["Open"]
    assert history.at == 0
    assert history.saved
    assert history.nbytes == 0


def test_pushing_does_the_command(history, diary, qtbot):
    with qtbot.waitSignal(history.changed):
        history.push(Note(diary, "a"))
    assert diary == ["+a"]
    assert labels(history) == ["Open", "a"]
    assert history.now.label == "a"
    assert not history.saved


def test_it_knows_what_was_written_to_last(history, diary):
    assert history.last_written("image", "mask") is None
    for plane in ("mask", "image", "lines"):
        history.push(Note(diary, plane, plane=plane))
    assert history.last_written("image", "mask") == "image"
    assert history.last_written("mask") == "mask"
    history.go_to(1)
    assert history.last_written("image", "mask") == "mask"


def test_undo_and_redo_walk_step_by_step(abc, diary):
    abc.undo()
    abc.undo()
    abc.redo()
    assert diary == ["-c", "-b", "+b"]
    assert abc.now.label == "b"
    assert labels(abc) == ["Open", "a", "b", "c"]


def test_at_the_ends_nothing_happens(abc, diary, qtbot):
    with qtbot.assertNotEmitted(abc.changed):
        abc.redo()
        abc.go_to(99)
    abc.go_to(-5)
    assert diary == ["-c", "-b", "-a"]
    with qtbot.assertNotEmitted(abc.changed):
        abc.undo()
    assert len(diary) == 3


def test_going_to_a_state_does_all_between_and_tells_once(abc, diary):
    told = []
    abc.changed.connect(lambda: told.append(abc.at))
    abc.go_to(0)
    abc.go_to(2)
    assert diary == ["-c", "-b", "-a", "+a", "+b"]
    assert told == [0, 2]


def test_a_new_step_forgets_what_was_undone(abc, diary):
    abc.go_to(1)
    abc.push(Note(diary, "d"))
    assert labels(abc) == ["Open", "a", "d"]
    abc.redo()
    assert diary == ["-c", "-b", "+d"]


def test_a_command_that_fails_leaves_the_list_as_it_was(abc, diary):
    class Broken(Note):
        def redo(self):
            raise ValueError("no memory")

    abc.undo()
    with pytest.raises(ValueError, match="no memory"):
        abc.push(Broken(diary, "x"))
    assert labels(abc) == ["Open", "a", "b", "c"]
    assert abc.now.label == "b"


def test_saved_is_a_state_one_can_come_back_to(abc, diary):
    abc.undo()
    abc.mark_saved(abc.now)
    assert abc.saved
    abc.undo()
    assert not abc.saved
    abc.redo()
    assert abc.saved
    abc.push(Note(diary, "d"))
    assert not abc.saved


def test_a_saved_state_that_was_cut_off_is_never_reached_again(abc, diary):
    abc.mark_saved(abc.now)
    abc.undo()
    abc.push(Note(diary, "d"))
    for index in range(len(abc.states)):
        abc.go_to(index)
        assert not abc.saved


def test_a_recovered_document_is_not_saved(history, qtbot):
    with qtbot.waitSignal(history.changed):
        history.mark_saved(None)
    assert not history.saved


def test_beyond_the_budget_the_oldest_steps_are_forgotten(history, diary):
    for label in "abcdef":
        history.push(Note(diary, label, nbytes=30))
    assert labels(history) == ["c", "d", "e", "f"]
    assert history.states[0].command is None
    assert history.nbytes == 90
    diary.clear()
    history.go_to(0)
    assert diary == ["-f", "-e", "-d"]
    assert history.now.label == "c"


def test_one_step_can_always_be_undone(history, diary):
    history.push(Note(diary, "small"))
    history.push(Note(diary, "huge", nbytes=10_000))
    assert labels(history) == ["small", "huge"]
    history.undo()
    assert diary[-1] == "-huge"


def test_the_pointer_stays_on_its_state_when_old_ones_go(history, diary):
    for label in "abcdefgh":
        history.push(Note(diary, label, nbytes=30))
        assert history.now.label == label
        assert history.at == len(history.states) - 1


def test_forgetting_the_saved_state_means_never_saved_again(history, diary):
    for label in "abcdef":
        history.push(Note(diary, label, nbytes=30))
    for index in range(len(history.states)):
        history.go_to(index)
        assert not history.saved


def test_a_saved_state_that_has_become_the_oldest_is_still_saved(history, diary):
    for label in "abc":
        history.push(Note(diary, label, nbytes=30))
    history.mark_saved(history.now)
    for label in "def":
        history.push(Note(diary, label, nbytes=30))
    assert labels(history)[0] == "c"
    history.go_to(0)
    assert history.saved


def test_undone_steps_make_room_before_old_ones_go(history, diary):
    for label in "abc":
        history.push(Note(diary, label, nbytes=30))
    history.undo()
    history.push(Note(diary, "d", nbytes=40))
    assert labels(history) == ["Open", "a", "b", "d"]


@pytest.mark.parametrize("way", ["cut off", "beyond the budget"])
def test_forgotten_commands_are_gone(history, diary, way):
    command = Note(diary, "a", nbytes=30)
    gone = weakref.ref(command)
    history.push(command)
    del command
    if way == "cut off":
        history.undo()
        history.push(Note(diary, "b"))
    else:
        for label in "bcd":
            history.push(Note(diary, label, nbytes=30))
    gc.collect()
    assert gone() is None
