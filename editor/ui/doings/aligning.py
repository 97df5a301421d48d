"""A and A′ are compared when both are there, and one click lays A′ upon A."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from shiboken6 import isValid

from editor.engine.step import Step
from editor.model.commands import Command, command_for
from editor.model.document import Document
from editor.operations.align import Align, Lies, MeasurePair
from editor.ui.doings.base import Doings

if TYPE_CHECKING:
    from editor.ui.widgets import Notice
    from editor.ui.window import Window


class Aligning(Doings):
    """What is done to A′ is a step of its own history: its pane has a button that undoes it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._offers: dict[Document, Notice] = {}  # by A′

    def look_at(self, A: Document | None, Ap: Document | None) -> None:
        """Measure how A′ lies on A, and offer what helps; of other proportions nothing does."""
        if A is not None and Ap is not None:
            self._measure(A, Ap)

    def withdraw(self, Ap: Document | None) -> None:
        """What was offered for this A′ does not hold any more."""
        notice = self._offers.pop(Ap, None) if Ap is not None else None
        if notice is not None:
            notice.dismiss()

    def _measure(self, A: Document, Ap: Document) -> None:
        operation, scene = MeasurePair(A=A.image), Ap.scene()
        shapes = A.shapes, Ap.shapes

        def steps() -> Iterator[Step[Lies]]:
            yield from operation.steps(scene, self._session.device())

        def settle(lies: Lies) -> None:
            there = isValid(A) and isValid(Ap)
            if lies.found is not None and there and (A.shapes, Ap.shapes) == shapes:
                self._offer(A, Ap, lies)

        self._session.at_desk(operation.title, steps, settle, quiet=True)

    def _offer(self, A: Document, Ap: Document, lies: Lies) -> None:
        if lies.scaled:
            said = self.tr("A is {0} and A′ is {1}: they must lie pixel on pixel.")
            said = said.replace("{0}", str(A.size)).replace("{1}", str(Ap.size))
            answer = self.tr("Scale A′ to A")
        elif lies.shift == (0, 0):
            said = self.tr("A′ seems to be turned or stretched against A.")
            answer = self.tr("Align A′ to A")
        else:
            x, y = lies.shift
            said = self.tr("A′ seems to lie {0}, {1} pixels off A.")
            said = said.replace("{0}", signed(x)).replace("{1}", signed(y))
            answer = self.tr("Align A′ to A")
        self.withdraw(Ap)
        operation = Align(found=lies.found)
        notice = self._window.messages.ask(said, {answer: partial(self._align, Ap, operation)})
        self._offers[Ap] = notice
        notice.closed.connect(partial(self._offers.pop, Ap, None))

    def _align(self, Ap: Document, operation: Align) -> None:
        scene, shapes = Ap.scene(), Ap.shapes

        def steps() -> Iterator[Step[Command]]:
            value = None
            for step in operation.steps(scene, self._session.device()):
                value = step.value
                yield Step(step.done)
            yield Step(1.0, command_for(Ap, operation, value, scene))

        def settle(command: Command) -> None:
            if isValid(Ap) and Ap.shapes == shapes:
                Ap.history.push(command)

        self._session.at_desk(operation.title, steps, settle)


def signed(number: int) -> str:
    return f"{number:+d}".replace("-", "−")
