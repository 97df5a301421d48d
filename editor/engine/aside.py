"""Work on a thread of its own, while the iterator that waits for it goes on yielding.

For what cannot be cut into pieces that are short enough, such as a step of a large network: it lets
go of the GIL, and the person can leave while it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 0.02  # seconds between two moments at which Esc is heard
_PATIENCE = 0.1  # seconds that work which was left is waited for


class Aside:
    """with Aside(leave) as aside: result = yield from aside(work)

    Who closes the iterator in between calls ``leave``, which should make the work give up soon.
    Work that does not is not waited for: it must be harmless, whatever it still does.
    """

    def __init__(self, leave: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(1, "aside")
        self._leave = leave

    def __enter__(self) -> Aside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=False)

    def __call__(self, work: Callable[[], T]) -> Generator[None, None, T]:
        """The result of the work, or the error it ended with."""
        future = self._pool.submit(work)
        try:
            while not future.done():
                wait([future], _PAUSE)
                yield
        except GeneratorExit:
            self._leave()
            wait([future], _PATIENCE)
            raise
        return future.result()
