"""What becomes of what an operation gives: shown while it is solved, and then settled.

In the engine's thread a result is made a command. In the window's thread that command is pushed if
the picture is still the one that it was made for; else the result is offered, or refused with a
sentence. What is no edit is kept beside the history, and of several results one is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from editor.engine.device import Device
from editor.engine.step import Step
from editor.jobs import Job
from editor.model.commands import Command, Reshape, Swap, command_for, without
from editor.model.document import Document
from editor.news import Choose, FoundSoFar, Offer, Shown, Told
from editor.operations.base import Choices, Look, Operation, Paused

if TYPE_CHECKING:
    from editor.session import Session


@dataclass(frozen=True, slots=True)
class _Result:
    """What an operation gave, and the command that would apply it to the scene it was given.

    An operation that edits nothing has no command: the document keeps its value as a finding.
    """

    value: Any
    command: Command | None


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """An operation on a document, and what that was like when it was asked for."""

    operation: Operation
    document: Document
    instead: Swap | Reshape | None  # the step that its result would take the place of
    revisions: dict[str, int]  # of the document's planes
    shapes: int

    @classmethod
    def of(
        cls, operation: Operation, document: Document, instead: Swap | Reshape | None
    ) -> Request:
        return cls(operation, document, instead, document.revisions, document.shapes)

    @property
    def in_shape(self) -> bool:
        """Whether the document is still of the shape that it had."""
        return self.shapes == self.document.shapes

    def job(self, other: Document | None, device: Callable[[], Device]) -> Job:
        """What the engine does, on the picture as it is now; ``other`` is what it may copy from."""
        document, operation, instead = self.document, self.operation, self.instead
        scene = document.scene(other)
        begun = [scene]

        def steps() -> Iterator[Step[Any]]:
            if instead is not None:
                begun[0] = without(scene, instead)
            yield from operation.steps(begun[0], device())

        def finish(value: Any) -> Choices | Look | Paused | _Result:
            if isinstance(value, Choices | Look | Paused):
                return value
            value = operation.completed(value)
            if not operation.edits:
                return _Result(value, None)
            return _Result(value, command_for(document, operation, value, begun[0], instead))

        return Job(operation.title, steps, finish)


class Results(QObject):
    """Signals carry the dataclasses that they are named after."""

    shown = Signal(object)
    found_so_far = Signal(object)
    offered = Signal(object)
    choices = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    # ── while it is solved ──

    def preview(self, request: Request, value: Any) -> None:
        """An estimate, or what there is to choose from until now."""
        document, operation = request.document, request.operation
        if not request.in_shape:
            return
        if isinstance(value, Choices):
            self._choose(request, value)
        elif not operation.edits:
            self.found_so_far.emit(FoundSoFar(document, operation, value))
        else:
            self.shown.emit(Shown(document, value))

    def hide(self, document: Document) -> None:
        """No estimate lies over it any more."""
        self.shown.emit(Shown(document, None))

    # ── when it is there ──

    def settle(self, request: Request, result: Choices | Look | Paused | _Result) -> None:
        """Take the result in, whatever it is."""
        document, operation = request.document, request.operation
        if operation.edits and not request.in_shape:
            self._tell_too_late(operation)
        elif isinstance(result, Choices):
            self._choose(request, result)
        elif isinstance(result, Look):
            if operation.edits:
                self.shown.emit(Shown(document, result.patch))
            else:
                self.found_so_far.emit(FoundSoFar(document, operation, result.patch))
        elif isinstance(result, Paused):
            self._keep_paused(request, result)
        else:
            self._tell_notices(document, result)
            if result.command is None:
                document.keep(operation.remembered, result.value)
            else:
                self._push(request, result.value, result.command)

    def _push(self, request: Request, value: Any, command: Command) -> None:
        """Do it if all is as it was; else it is offered, or its time is over."""
        document, instead = request.document, request.instead
        as_it_was = all(
            document.revision(name) == request.revisions[name] for name in command.planes
        )
        if as_it_was and instead in (None, document.history.now.command):
            if instead is not None:
                document.history.undo()  # and what is pushed then takes its place
            document.history.push(command)
        elif instead is None:
            self.offered.emit(Offer(document, request.operation, value, request.shapes))
        else:
            self._tell_too_late(request.operation)

    def _choose(self, request: Request, choices: Choices) -> None:
        instead = request.instead if isinstance(request.instead, Swap) else None
        self.choices.emit(Choose(request.document, choices, instead, request.shapes))

    def _keep_paused(self, request: Request, paused: Paused) -> None:
        """What was paused goes on with the picture as it is now."""
        document = request.document
        if document.revision("image") != request.revisions["image"]:
            self._tell_too_late(paused.on)
            return
        document.keep(paused.on, replace(paused, instead=request.instead))
        if paused.lasts:
            document.history.mark_saved(None)  # or closing it would lose this without a word

    def _tell_notices(self, document: Document, result: _Result) -> None:
        """What the result says of itself, and what could be done about it."""
        remedy, command = getattr(result.value, "remedy", None), result.command
        answers: dict[str, Callable[[], object]] = {}
        if remedy is not None and isinstance(command, Swap | Reshape):
            answers[remedy.caption] = partial(self._amend, document, remedy.operation, command)
        for notice in getattr(result.value, "notices", ()):
            kind = "warning" if answers else "info"
            self._session.told.emit(Told(kind, notice, answers=answers))

    def _amend(self, document: Document, operation: Operation, command: Swap | Reshape) -> None:
        """Another result in the place of the one that is complained of, while that is the last."""
        open_ = document in self._session.documents
        if open_ and document.history.now.command is command:
            self._session.do(operation, document, instead=command)
        else:
            self._tell_too_late(operation)

    # ── when the person has decided ──

    def take(self, choose: Choose, number: int) -> None:
        """Make one of several results part of its document."""
        operation, patch = choose.choices.results[number]
        self._apply(choose.document, choose.shapes, operation, patch, choose.instead)

    def accept(self, offer: Offer) -> None:
        """Apply a result although the picture has changed since."""
        self._apply(offer.document, offer.shapes, offer.operation, offer.value)

    def _apply(
        self,
        document: Document,
        shapes: int,
        operation: Operation,
        value: Any,
        instead: Swap | None = None,
    ) -> None:
        if document not in self._session.documents:
            return
        if document.shapes != shapes:
            self._tell_too_late(operation)
            return
        if instead is not None and document.history.now.command is instead:
            document.history.undo()  # and what is pushed then takes its place
        scene = document.scene()
        command = command_for(document, operation, value, scene)
        del scene  # or the document would be copied before it is changed
        document.history.push(command)

    def _tell_too_late(self, operation: Operation) -> None:
        """A result for a picture that is no longer there."""
        sentence = (
            f"{operation.title} was for the picture as it was before, which has become another one:"
            " nothing was changed."
        )
        self._session.told.emit(Told("warning", sentence))
