"""What the command line says: how far something is, what went wrong, and its exit codes."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path

DONE, REFUSED, IMPOSSIBLE, INTERRUPTED = 0, 3, 4, 130  # and USAGE of flags, 2


def say(sentence: str) -> None:
    print(f"patina: {sentence}", file=sys.stderr)


def failed(name: str, path: Path, problem: Exception) -> int:
    """Say in one line what went wrong with which file; the exit code."""
    from editor.files.problems import FileProblem

    say(sentence_of(name, path, problem))
    return REFUSED if isinstance(problem, FileProblem | OSError) else IMPOSSIBLE


def sentence_of(name: str, path: Path, problem: Exception) -> str:
    """What went wrong, without a full stop; a surprise goes to the log as well."""
    from editor.files.problems import FileProblem, reason

    if isinstance(problem, FileProblem):
        return str(problem)
    if isinstance(problem, OSError):
        return f"{path}: {reason(problem)}"
    if isinstance(problem, ValueError):
        return f"{path}: {problem}"
    from editor.jobs import described

    sentence, details = described(name, problem)
    logging.getLogger("patina").error("%s: %s", path, details.rstrip())
    return f"{path}: {sentence.rstrip('.')} (the log says why)"


class Bar:
    """A line that fills up while something runs, and is gone afterwards."""

    def __init__(self, name: str, *, shown: bool) -> None:
        self.name, self._shown, self._percent = name, shown, -1

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Make room for another line; it comes back with the next number."""
        if self._percent >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._percent = -1

    def show(self, done: float) -> None:
        percent = int(done * 100)
        if not self._shown or percent == self._percent:
            return
        self._percent = percent
        full = percent * 24 // 100
        line = f"{'━' * full}{'─' * (24 - full)} {percent:3} %  {self.name}"
        columns = shutil.get_terminal_size().columns
        sys.stderr.write(f"\r\x1b[K{line[: columns - 1]}")
        sys.stderr.flush()
