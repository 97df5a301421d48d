"""The list of what was done, with a pointer into it: undo, redo, jump, all within a byte budget.

Qt's own QUndoStack counts steps, not bytes, and cannot let go of the oldest one while it is in use;
pictures differ by a factor of a million in what a step costs, so the list is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from editor.model.commands import Command


class State:
    """One line of the list: the document as it was after a command."""

    def __init__(self, label: str, command: Command | None = None) -> None:
        self.label = label
        self.command = command  # None: the oldest state there is, nothing leads back from it
        self.thumbnail: Any = None  # whoever shows the list may keep a small picture here


class History(QObject):
    """Signals: changed — the list or the pointer; read everything anew."""

    changed = Signal()

    def __init__(self, budget: int, label: str = "Open", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.budget = budget
        self._states = [State(label)]
        self._at = 0
        self._saved: State | None = self._states[0]

    @property
    def states(self) -> Sequence[State]:
        return self._states

    @property
    def at(self) -> int:
        return self._at

    @property
    def now(self) -> State:
        return self._states[self._at]

    @property
    def saved(self) -> bool:
        return self.now is self._saved

    def last_written(self, *planes: str) -> str | None:
        """Which of these planes was written to last, as far as it is known."""
        for state in reversed(self._states[: self._at + 1]):
            written = () if state.command is None else state.command.planes
            if found := next((plane for plane in planes if plane in written), None):
                return found
        return None

    @property
    def nbytes(self) -> int:
        return sum(state.command.nbytes for state in self._states if state.command is not None)

    def mark_saved(self, state: State | None) -> None:
        """This state is what the file holds; None: no state is (a recovered document, say)."""
        self._saved = state
        self.changed.emit()

    def push(self, command: Command) -> None:
        """Do the command; what was undone before is gone.

        One that only goes on with the last one becomes a part of it, unless that one is saved.
        """
        command.redo()
        del self._states[self._at + 1 :]
        absorb = getattr(self.now.command, "absorb", None)  # most do not
        if absorb is None or self.saved or not absorb(command):
            self._states.append(State(command.label, command))
            self._at += 1
        self._forget_beyond_budget()
        self.changed.emit()

    def undo(self) -> None:
        self.go_to(self._at - 1)

    def redo(self) -> None:
        self.go_to(self._at + 1)

    def go_to(self, index: int) -> None:
        """Undo or redo until this state is reached."""
        index = min(max(index, 0), len(self._states) - 1)
        if index == self._at:
            return
        while self._at > index:
            self._command(self._at).undo()
            self._at -= 1
        while self._at < index:
            self._at += 1
            self._command(self._at).redo()
        self.changed.emit()

    def clear(self) -> None:
        """Let go of every command, of a document that is closed: nothing is told any more."""
        self._states = [State(self._states[0].label)]
        self._at, self._saved = 0, self._states[0]

    def _command(self, index: int) -> Command:
        command = self._states[index].command
        assert command is not None, "only the oldest state has no command"
        return command

    def _forget_beyond_budget(self) -> None:
        used = self.nbytes
        while used > self.budget and self._at > 1:
            del self._states[0]
            used -= self._command(0).nbytes
            self._states[0].command = None
            self._at -= 1
