"""A few threads that share the work of one kernel call after the other.

The kernels of this program are compiled without ``parallel=True``: two threads inside numba's own
layer at the same time can end the process where only its simplest layer is installed, and the
engine and the desk are two threads. Instead a kernel takes ``start, stop`` and lets go of the GIL,
and a crew calls it for several slices at once. What a slice computes must not depend on where it
begins: then the result is the same on one thread or eight.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from types import TracebackType
from typing import Any

_WORTH_SHARING = 1 << 15  # handing out a slice costs as much as some thousand unknowns
_WORTH_A_PAUSE = 1 << 12  # unknowns: some tens of microseconds


class Crew:
    """with Crew(threads) as crew: crew(kernel, 0, len(rows), rows, …)"""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def __call__(
        self,
        kernel: Callable[..., Any],
        start: int,
        stop: int,
        *arguments: Any,
        weight: int = 1,
    ) -> None:
        """kernel(start, stop, *arguments) in equal slices; one of the count weighs so much."""
        count = stop - start
        if self._pool is None or count * weight < _WORTH_SHARING or count < self._threads:
            kernel(start, stop, *arguments)
            return
        cuts = [start + count * part // self._threads for part in range(self._threads + 1)]
        others = [
            self._pool.submit(kernel, low, high, *arguments) for low, high in pairwise(cuts[1:])
        ]
        kernel(cuts[0], cuts[1], *arguments)
        for other in others:
            other.result()

    def passing(
        self,
        kernel: Callable[..., Any],
        start: int,
        stop: int,
        *arguments: Any,
        piece: int,
        weight: int = 1,
    ) -> Generator[None, None, None]:
        """The same, a piece at a time, with a pause after each in which one may leave.

        What is done in no time is not worth a pause.
        """
        count = stop - start
        pauses = count > piece or count * weight >= _WORTH_A_PAUSE
        for low in range(start, stop, piece):
            self(kernel, low, min(low + piece, stop), *arguments, weight=weight)
            if pauses:
                yield
