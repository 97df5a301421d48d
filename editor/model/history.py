"""The list of what was done, with a pointer into it: undo, redo, jump, all within a byte budget.

Qt's own QUndoStack counts steps, not bytes, and cannot let go of the oldest one while it is in use;
pictures differ by a factor of a million in what a step costs, so the list is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from editor.model.commands import Command


class History(QObject):
    """Signals: changed — the list or the pointer; read everything anew."""

    changed = Signal()

    def __init__(self, budget: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.budget = budget
        self._commands: list[Command] = []
        self._done = 0  # how many of them are done
        self._saved: int | None = 0  # how many were done when it was saved; None: never again so
        self._forgotten = 0  # how many old ones the budget has cost

    @property
    def commands(self) -> Sequence[Command]:
        return self._commands

    @property
    def done(self) -> int:
        return self._done

    @property
    def forgotten(self) -> int:
        return self._forgotten

    @property
    def saved(self) -> bool:
        return self._saved == self._done

    @property
    def nbytes(self) -> int:
        return sum(command.nbytes for command in self._commands)

    def mark_saved(self) -> None:
        self._saved = self._done
        self.changed.emit()

    def push(self, command: Command) -> None:
        """Do the command; what was undone before is gone."""
        command.redo()
        if self._saved is not None and self._saved > self._done:
            self._saved = None
        del self._commands[self._done :]
        self._commands.append(command)
        self._done += 1
        self._forget_beyond_budget()
        self.changed.emit()

    def undo(self) -> None:
        self.go_to(self._done - 1)

    def redo(self) -> None:
        self.go_to(self._done + 1)

    def go_to(self, done: int) -> None:
        """Undo or redo until exactly so many commands are done."""
        done = min(max(done, 0), len(self._commands))
        if done == self._done:
            return
        while self._done > done:
            self._done -= 1
            self._commands[self._done].undo()
        while self._done < done:
            self._commands[self._done].redo()
            self._done += 1
        self.changed.emit()

    def _forget_beyond_budget(self) -> None:
        used = self.nbytes
        while used > self.budget and len(self._commands) > 1:
            used -= self._commands.pop(0).nbytes
            self._done -= 1
            self._forgotten += 1
            if self._saved is not None:
                self._saved = self._saved - 1 if self._saved > 0 else None
