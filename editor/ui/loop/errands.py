"""Work that must not hold up the window: one thread that runs errands and brings back results."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Signal

from editor.files.problems import FileProblem

Work = Callable[[], object]


class Errands(QObject):
    """Signals: done(key, result), in the window's thread. To be closed.

    An errand replaces a waiting one with the same key. One that fails for a reason of its own
    (the file cannot be read, the player is closed) brings nothing.
    """

    done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Hashable, Work] = {}
        self._changed = threading.Condition()
        self._closed = self._busy = False
        self._thread = threading.Thread(target=self._run, name="patina-errands", daemon=True)
        self._thread.start()

    def ask(self, key: Hashable, work: Work, *, urgent: bool = False) -> None:
        """In turn, or before all others."""
        with self._changed:
            others = {one: work for one, work in self._waiting.items() if one != key}
            self._waiting = {key: work, **others} if urgent else {**others, key: work}
            self._changed.notify()

    def forget(self) -> None:
        """What has not begun is not wanted any more."""
        with self._changed:
            self._waiting.clear()

    @property
    def idle(self) -> bool:
        """Whether all of them have been run; what the last one brought may still be on its way."""
        with self._changed:
            return not (self._waiting or self._busy)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (errand := self._next()) is not None:
            key, work = errand
            try:
                result = work()
            except (ValueError, FileProblem):
                continue
            if self._closed:
                return
            self.done.emit(key, result)

    def _next(self) -> tuple[Hashable, Work] | None:
        with self._changed:
            self._busy = False
            while not self._closed:
                if self._waiting:
                    self._busy = True
                    key = next(iter(self._waiting))
                    return key, self._waiting.pop(key)
                self._changed.wait()
            return None
