"""What goes wrong inside is written down, told once, and never stops the start."""

import logging
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor import log

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A started log, and everything as it was afterwards."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(log, "problems", log.Problems())
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    monkeypatch.setattr(log.faulthandler, "enable", lambda *_: None)  # pytest has its own
    root, before = logging.getLogger(), logging.getLogger().level
    with warnings.catch_warnings():
        log.start(tmp_path / "logs")
        yield tmp_path / "logs"
        logging.captureWarnings(False)
    root.setLevel(before)
    for handler in [one for one in root.handlers if getattr(one, "ours", False)]:
        root.removeHandler(handler)
        handler.close()


def written(folder: Path) -> str:
    return (folder / log.LOG).read_text(encoding="utf-8")


def fail(message: str = "the reason") -> None:
    raise RuntimeError(message)


def hear_failure(problems: log.Problems, message: str = "the reason") -> None:
    try:
        fail(message)
    except RuntimeError:
        kind, problem, trace = sys.exc_info()
        assert kind is not None
        assert problem is not None
        problems.hear(kind, problem, trace)


def test_an_uncaught_exception_is_written_and_told(folder: Path) -> None:
    told: list[tuple[str, str]] = []
    log.on_problem(lambda *said: told.append(said))
    try:
        fail()
    except RuntimeError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    assert "RuntimeError: the reason" in written(folder)
    [(sentence, details)] = told
    assert sentence == log.SENTENCE
    assert "in fail" in details


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_is_heard_as_well(folder: Path) -> None:
    told: list[str] = []
    log.on_problem(lambda sentence, details: told.append(threading.current_thread().name))
    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    assert told == ["worker"]
    assert "RuntimeError: the reason" in written(folder)


def test_the_same_trace_is_told_once_a_minute(folder: Path) -> None:
    now = [0.0]
    told: list[str] = []
    problems = log.Problems(lambda: now[0])
    problems.listener = lambda sentence, details: told.append(details)
    for now[0] in (0.0, 1.0, 59.0):
        hear_failure(problems, f"at {now[0]}")  # another message, the same lines
    assert len(told) == 1
    now[0] = 61.0
    hear_failure(problems)
    assert len(told) == 2


def test_other_traces_are_told_at_once(folder: Path) -> None:
    told: list[str] = []
    problems = log.Problems(lambda: 0.0)
    problems.listener = lambda sentence, details: told.append(details)
    hear_failure(problems)
    try:
        int("no number")
    except ValueError:
        problems.hear(*sys.exc_info())  # type: ignore[arg-type]
    assert len(told) == 2


def test_a_listener_that_fails_is_only_written_down(folder: Path) -> None:
    problems = log.Problems()
    problems.listener = lambda sentence, details: fail("the listener's reason")
    hear_failure(problems)
    assert "the listener's reason" in written(folder)


def test_lack_of_memory_has_its_own_sentence(folder: Path) -> None:
    told: list[str] = []
    problems = log.Problems()
    problems.listener = lambda sentence, details: told.append(sentence)
    problems.hear(MemoryError, MemoryError(), None)
    assert told == [log.NO_MEMORY]


def test_an_interrupt_is_no_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    problems = log.Problems()
    problems.listener = lambda sentence, details: told.append(sentence)
    problems.hear(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_pythons_warnings_are_written(folder: Path) -> None:
    logging.captureWarnings(False)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("mind the step", UserWarning, stacklevel=1)
    assert "mind the step" in written(folder)


def test_starting_again_moves_the_log(folder: Path, tmp_path: Path) -> None:
    log.start(tmp_path / "other")
    logging.getLogger("test").warning("here now")
    assert "here now" in written(tmp_path / "other")
    assert "here now" not in written(folder)


def test_an_unwritable_folder_does_not_stop_the_start(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    log.start(tmp_path / "file" / "logs")
    told: list[str] = []
    log.problems.listener = lambda sentence, details: told.append(sentence)
    hear_failure(log.problems)
    assert told == [log.SENTENCE]


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    start = f"import pathlib; from editor import log; log.start(pathlib.Path({str(folder)!r}));"
    return subprocess.run(
        [sys.executable, "-c", start + program], cwd=ROOT, capture_output=True, text=True
    )


def test_qts_messages_are_written(tmp_path: Path) -> None:
    ran = run(
        "log.follow_qt(); from PySide6.QtCore import qWarning, QObject;"
        "qWarning('the colour is gone'); QObject().startTimer(5)",
        tmp_path,
    )
    assert ran.returncode == 0
    assert ran.stderr == ""
    assert "WARNING" in written(tmp_path)
    assert "the colour is gone" in written(tmp_path)
    assert "startTimer" in written(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_native_crash_leaves_the_stacks_of_all_threads(tmp_path: Path) -> None:
    ran = run(
        "import os, signal, threading\n"
        "def wait_here(): threading.Event().wait()\n"
        "threading.Thread(target=wait_here, daemon=True).start()\n"
        "os.kill(os.getpid(), signal.SIGABRT)",
        tmp_path,
    )
    assert ran.returncode == -signal.SIGABRT
    stacks = (tmp_path / log.CRASH).read_text()
    assert "Fatal Python error: Aborted" in stacks
    assert "wait_here" in stacks
