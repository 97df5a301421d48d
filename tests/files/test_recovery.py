"""After a crash the document is as its last whole record left it; live sessions are left alone."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from editor.engine.image import Meta, Rect
from editor.files.problems import FileProblem
from editor.files.project import Project
from editor.files.recovery import Found, Journal, forget, recover, recoverable

# A session that paints square k with the value k, says so, and goes on until it is killed.
DYING = """
import sys
from pathlib import Path
import numpy as np
from editor.engine.image import Meta, Rect
from editor.files.project import Project
from editor.files.recovery import Journal
image = np.zeros((64, 64, 3), np.{dtype})
mask = np.zeros((64, 64), np.uint8)
journal = Journal.begin(Path(sys.argv[1]), Project(image, mask, Meta(icc=b"icc")), "a.png", None)
print("begun", flush=True)
for k in range(1, {count} + 1):
    rect = Rect(k % 8 * 8, k // 8 % 8 * 8, 8, 8)
    after = np.full((8, 8, 3), k % 251, image.dtype)
    word = np.dtype(f"uint{{8 * image.itemsize}}")
    delta = image[rect.slices].copy().view(word) ^ after.view(word)
    image[rect.slices] = after
    journal.record("image", rect, delta)
    print(k, flush=True)
sys.stdin.read()
"""


def session(root: Path, count: int = 20, dtype: str = "uint8") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DYING.format(count=count, dtype=dtype), str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> list[str]:
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    return said.split()


@pytest.fixture
def sessions() -> Iterator[list[subprocess.Popen[str]]]:
    """Whatever a test starts is gone when it ends."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            kill(process)


def after(changes: int) -> np.ndarray:
    image = np.zeros((64, 64, 3))
    for k in range(1, changes + 1):
        y, x = k // 8 % 8 * 8, k % 8 * 8
        image[y : y + 8, x : x + 8] = k % 251
    return image


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    while process.stdout.readline().strip() != word:
        assert process.poll() is None


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_what_a_killed_session_did_comes_back(tmp_path, dtype, sessions):
    process = session(tmp_path, dtype=dtype)
    sessions.append(process)
    wait_for(process, "20")
    assert recoverable(tmp_path) == []  # it is alive
    kill(process)
    [found] = recoverable(tmp_path)
    assert (found.title, found.path, found.changes) == ("a.png", None, 20)
    assert found.thumbnail.shape == (64, 64, 3)
    project = recover(found)
    assert project.pixels.dtype == np.dtype(dtype)
    assert (project.pixels == after(20)).all()
    assert project.meta.icc == b"icc"
    forget(found)
    assert recoverable(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_killed_at_any_moment_at_most_the_last_change_is_lost(tmp_path, sessions):
    random.seed(1)
    for run in range(6):
        process = session(tmp_path / str(run), count=10**9)
        sessions.append(process)
        wait_for(process, "begun")
        deadline = time.monotonic() + random.uniform(0, 0.3)
        while time.monotonic() < deadline:
            process.stdout.readline()
        said = kill(process)
        [found] = recoverable(tmp_path / str(run))
        if said:
            assert found.changes >= int(said[-1])
        assert (recover(found).pixels == after(found.changes)).all()


def journal(root: Path) -> tuple[Journal, Path]:
    """A journal with three changes, and its folder."""
    project = Project(np.zeros((8, 8), np.uint8), np.zeros((8, 8), np.uint8), Meta())
    made = Journal.begin(root, project, "b.png", Path("b.png"))
    for k in (1, 2, 4):
        made.record("mask", Rect(0, 0, 8, 8), np.full((8, 8), k, np.uint8))
    return made, made._folder


def found_in(folder: Path) -> Found:
    from editor.files.recovery import _look

    found = _look(folder)
    assert found is not None
    return found


def test_a_torn_record_is_left_out(tmp_path):
    made, folder = journal(tmp_path)
    made.close()
    changes = folder / "changes-1"
    os.truncate(changes, changes.stat().st_size - 3)
    found = found_in(folder)
    assert found.changes == 2
    assert (recover(found).mask == 3).all()


def test_a_garbled_record_ends_the_journal_there(tmp_path):
    made, folder = journal(tmp_path)
    made.close()
    data = bytearray((folder / "changes-1").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (folder / "changes-1").write_bytes(data)
    assert (recover(found_in(folder)).mask == 1).all()


def test_a_new_base_takes_the_place_of_what_was_before(tmp_path):
    made, folder = journal(tmp_path)
    other = Project(np.full((3, 4), 5, np.uint8), np.zeros((3, 4), np.uint8), Meta())
    made.rebase(other)
    made.record("image", Rect(0, 0, 1, 1), np.full((1, 1), 1, np.uint8))
    made.close()
    assert sorted(path.name for path in folder.iterdir()) == ["base-2", "changes-2"]
    image = recover(found_in(folder)).pixels
    assert image.shape == (3, 4)
    assert image[0, 0] == 4


def test_discarding_leaves_nothing(tmp_path):
    made, folder = journal(tmp_path)
    made.discard()
    assert not folder.exists()


def test_a_damaged_base_is_swept_away_or_told(tmp_path):
    made, folder = journal(tmp_path)
    made.close()
    found = found_in(folder)
    (folder / "base-1").write_bytes(b"nonsense")
    with pytest.raises(FileProblem, match=r"b\.png cannot be recovered"):
        recover(found)
