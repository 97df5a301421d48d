"""A long algorithm is an iterator of Steps: progress, preview, cancel point and result in one."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    done: float  # 0..1
    value: T | None = None  # the estimate so far; a view of working memory: copy to keep


class Pause(Exception):
    """Thrown into steps that are to pause; their next value is what they go on from.

    Steps that cannot go on later do not know it, and end.
    """


def last(steps: Iterable[Step[T]]) -> T:
    """Run to the end and return the last value there was."""
    value: T | None = None
    for step in steps:
        if step.value is not None:
            value = step.value
    if value is None:
        raise ValueError("the steps ended without a value")
    return value


def within(low: float, high: float, steps: Iterable[Step[T]]) -> Generator[Step[T], None, T]:
    """Pass inner steps on as the part low..high of the outer: result = yield from within(…)."""
    value: T | None = None
    for step in steps:
        if step.value is not None:
            value = step.value
        yield Step(low + (high - low) * step.done, step.value)
    if value is None:
        raise ValueError("the steps ended without a value")
    return value


def unseen(low: float, high: float, steps: Iterable[Step[T]]) -> Generator[Step[Any], None, T]:
    """The same, for inner steps whose values are of another kind: only how far they are is told."""
    inner = within(low, high, steps)
    while True:
        try:
            step = next(inner)
        except StopIteration as end:
            value: T = end.value
            return value
        yield Step(step.done)


def silent(done: float, pauses: Generator[None, None, R]) -> Generator[Step[Any], None, R]:
    """Pass pauses on as Steps with nothing to show: result = yield from silent(…)."""
    while True:
        try:
            next(pauses)
        except StopIteration as end:
            result: R = end.value
            return result
        yield Step(done)
