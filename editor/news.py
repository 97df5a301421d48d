"""What the session tells: what is being done, how it looks so far, what there is to choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from editor.model.commands import Swap
from editor.model.document import Document
from editor.operations.base import Choices, Operation


@dataclass(frozen=True, slots=True)
class Working:
    """What the engine is at: for the ring over the canvas."""

    document: Document
    label: str
    done: float
    seconds: float
    pauses: bool = False  # it can be paused
    preparing: str = ""  # what to say while it cannot begin yet


@dataclass(frozen=True, slots=True)
class Shown:
    """An estimate to lay over a document; None takes it away."""

    document: Document
    value: Any


@dataclass(frozen=True, slots=True)
class FoundSoFar:
    """What an operation that edits nothing has found out until now."""

    document: Document
    operation: Operation
    value: Any


@dataclass(frozen=True, slots=True)
class Offer:
    """A result for a picture that has changed since: ready, but not applied unasked."""

    document: Document
    operation: Operation
    value: Any
    shapes: int  # of the document when it was begun: for another shape it means nothing


@dataclass(frozen=True, slots=True)
class Choose:
    """Results to choose from, as far as they are there; ``instead`` of a step, or after it."""

    document: Document
    choices: Choices
    instead: Swap | None = None
    shapes: int = 0  # of the document when they were begun


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence for the person."""

    kind: str  # "info", "warning" or "error"
    sentence: str
    details: str = ""
    answers: Mapping[str, Callable[[], object]] = field(default_factory=dict)  # by their captions
