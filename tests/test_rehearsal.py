"""What is compiled once is not compiled again, and nobody has to wait for it."""

import os
import subprocess
import sys

import psutil
import pytest

from editor import rehearsal
from editor.operations import Operation


@pytest.fixture
def stamp(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path / "rehearsed"


@pytest.fixture
def begun(monkeypatch):
    """The processes that were started, each of which would run for a minute."""
    started, popen = [], subprocess.Popen

    def start(command, **how):
        assert command == [sys.executable, "-m", "editor.rehearsal", "--beside"]
        started.append(popen([sys.executable, "-c", "import time; time.sleep(60)"], **how))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return started


def test_the_first_time_it_is_needed(stamp):
    assert rehearsal.needed()
    stamp.touch()
    assert not rehearsal.needed()


def test_an_engine_that_has_changed_is_rehearsed_again(stamp):
    stamp.touch()
    os.utime(stamp, (1, 1))
    assert rehearsal.needed()


def test_every_operation_is_warmed_up_and_then_the_stamp_is_there(stamp, monkeypatch):
    warmed = []
    for operation in Operation.__subclasses__():
        monkeypatch.setattr(operation, "warm_up", lambda name=operation.label: warmed.append(name))
    rehearsal.main()
    assert "Fill" in warmed
    assert stamp.exists()


def test_of_named_operations_only_those_are_warmed_up(stamp, monkeypatch):
    warmed = []
    for operation in Operation.__subclasses__():
        monkeypatch.setattr(operation, "warm_up", lambda name=operation.label: warmed.append(name))
    rehearsal.main(["Fill"])
    assert warmed == ["Fill"]


def test_it_runs_beside_and_ends_with_whoever_leaves(stamp, begun):
    steps = rehearsal.steps()
    next(steps)
    next(steps)
    (process,) = begun
    assert process.poll() is None
    steps.close()
    assert process.poll() is not None


WINDOW = """
import subprocess, sys, time
from editor import rehearsal

popen = subprocess.Popen
code = "import time; from editor import rehearsal as r; r.end_with_starter(); time.sleep(60)"

def start(_, **how):
    return popen([sys.executable, "-c", code], **how)

subprocess.Popen = start
steps = rehearsal.steps()
next(steps)
print(steps.gi_frame.f_locals["process"].pid, flush=True)
time.sleep(60)
"""


def test_it_ends_with_a_window_that_is_killed(stamp):
    with subprocess.Popen([sys.executable, "-c", WINDOW], stdout=subprocess.PIPE) as window:
        rehearsing = psutil.Process(int(window.stdout.readline()))
        window.kill()
    _, alive = psutil.wait_procs([rehearsing], timeout=20)
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in alive)  # nobody has asked how


def test_where_it_has_been_done_nothing_is_started(stamp, begun):
    stamp.touch()
    assert list(rehearsal.steps()) == []
    assert begun == []


def test_the_other_process_finds_the_program_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    code = "import editor.operations.base as b; b.Operation.warm_up = None"
    command = [sys.executable, "-c", code]
    popen = subprocess.Popen
    ends = []

    def start(_, **how):
        ends.append(popen(command, **how))
        return ends[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    for _ in rehearsal.steps():
        pass
    assert ends[0].returncode == 0


_SETTLES = """
import gc
from editor import rehearsal
alive = len(gc.get_objects())
rehearsal.settle()
frozen = gc.get_freeze_count()
more = [[] for _ in range(1000)]
rehearsal.settle()
print(frozen >= alive, gc.get_freeze_count() <= frozen, len(gc.get_objects()) < alive)
"""


def test_what_is_loaded_is_never_looked_through_again():
    command = [sys.executable, "-c", _SETTLES]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "True", "True"]
    assert ended.stderr == ""
