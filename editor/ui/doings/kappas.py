"""The κ strip of Analogy mode: begun, filled as results come, and one of them taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from editor.model.document import Finding
from editor.news import FoundSoFar
from editor.operations import CompareKappas
from editor.operations.kappas import Kappas
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.ui.doings.analogy import AnalogyDoings
    from editor.ui.window import Window


class KappaDoings(Doings):
    """What is taken becomes B′; of small pictures it is made of the large ones then."""

    def __init__(self, window: Window, analogies: AnalogyDoings) -> None:
        super().__init__(window)
        self._analogies = analogies
        self._begun: CompareKappas | None = None  # what the strip shows
        self._kappas: Kappas | None = None
        self._next: Callable[[], object] | None = None  # when what is stopped has stopped
        self._session.results.found_so_far.connect(self._found_so_far)

    @property
    def open(self) -> bool:
        """Whether the strip is there."""
        return self._begun is not None

    @Slot()
    def compare(self, small: bool = True) -> None:
        """Show the strip, and begin to fill it."""
        B, analogy = self._analogies.B, self._analogies.operation()
        if B is None or not analogy.examples:
            self._tell(self.tr("Open A, A′ and B first."))
            return
        if self._session.solving:
            self._tell_busy()
            return
        self._begun, self._kappas = CompareKappas(analogy=analogy, small=small), None
        stage = self._analogies.stage()
        stage.show_strip(self._begun.kappas)
        stage.strip.begin(B.size, small, analogy.kappa)
        self._session.do(self._begun, B)
        self._window.show_go()

    def begin_next(self) -> None:
        """The engine is free."""
        begin, self._next = self._next, None
        if begin is not None:
            begin()

    def _when_free(self, begin: Callable[[], object]) -> None:
        self._next = begin
        if not self._session.solving:
            self.begin_next()

    def close(self) -> bool:
        """The four pictures again; False if they were there."""
        if self._begun is None:
            return False
        self._session.withdraw(self._begun)
        self._begun = self._kappas = None
        self._analogies.stage().hide_strip()
        self._window.show_go()
        return True

    @Slot()
    def leave(self) -> None:
        self.close()

    @Slot(object)
    def resize(self, small: bool) -> None:
        """The same of pictures of another size."""
        if self._begun is not None and self._begun.small != small:
            self._session.withdraw(self._begun)
            self._when_free(partial(self.compare, small))

    @Slot(object)
    def _found_so_far(self, said: FoundSoFar) -> None:
        if said.operation is self._begun:
            self._show(said.value)

    def found(self, finding: Finding) -> None:
        if finding.operation is self._begun:
            self._show(finding.value)

    def _show(self, kappas: Kappas) -> None:
        self._kappas = kappas
        made = [made for _, made in kappas.results]
        self._analogies.stage().strip.show_results(made, kappas.finished)

    @Slot(int)
    def take(self, number: int) -> None:
        """This κ from now on, and its B′."""
        if self._kappas is None or number >= self._kappas.finished:
            return
        (operation, made), small = self._kappas.results[number], self._kappas.small
        self.close()
        B, now = self._analogies.B, self._analogies.operation()
        assert B is not None, "the strip is closed when B is"
        now = dataclasses.replace(now, kappa=operation.kappa, method="exact")
        self._analogies.use(now)
        if small:
            self._when_free(partial(self._session.do, now, B))
        else:
            B.keep(operation, made)
