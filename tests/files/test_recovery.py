"""After a crash the document is as its last whole record left it; live sessions are left alone."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from editor.engine.image import Meta, Rect
from editor.files import recovery
from editor.files.problems import FileProblem
from editor.files.project import Project
from editor.files.recovery import Found, Journal, forget, recover, recoverable

SIDE = 64
WHOLE = Rect(0, 0, 8, 8)
NOBODY = 2**30  # no process has this number

# A session that paints square k with the value k, says so, and goes on until it is killed.
DYING = """
import sys
from pathlib import Path
import numpy as np
from editor.engine.image import Meta, Rect
from editor.files.project import Project
from editor.files.recovery import Journal
image = np.zeros(({side}, {side}, 3), np.{dtype})
mask = np.zeros(({side}, {side}), np.uint8)
def project():
    return Project(image, mask, Meta(icc=b"icc"))
journal = Journal.begin(Path(sys.argv[1]), project(), "a.png", None)
print("begun", flush=True)
word = np.dtype(f"uint{{8 * image.itemsize}}")
for k in range(1, {count} + 1):
    rect = Rect(k % 8 * 8, k // 8 % 8 * 8, 8, 8)
    after = np.full((8, 8, 3), k % 251, image.dtype)
    delta = image[rect.slices].copy().view(word) ^ after.view(word)
    image[rect.slices] = after
    journal.record("image", [(rect, delta)])
    print(k, flush=True)
    if k % {rebase} == 0:
        journal.rebase(project())
sys.stdin.read()
"""


def session(
    root: Path, count: int = 20, dtype: str = "uint8", rebase: int = 10**9
) -> subprocess.Popen[str]:
    code = DYING.format(count=count, dtype=dtype, rebase=rebase, side=SIDE)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> list[str]:
    """End it as a crash would; what it had still to say."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.send_signal(signal.SIGKILL)
    with process.stdin, process.stdout as told:  # communicate() would forget what is read ahead
        said = told.read().split()
    process.wait()
    return said


@pytest.fixture
def sessions() -> Iterator[list[subprocess.Popen[str]]]:
    """Whatever a test starts is gone when it ends."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            kill(process)


def after(changes: int) -> np.ndarray:
    image = np.zeros((SIDE, SIDE, 3))
    for k in range(max(1, changes - 63), changes + 1):
        y, x = k // 8 % 8 * 8, k % 8 * 8
        image[y : y + 8, x : x + 8] = k % 251
    return image


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    while process.stdout.readline().strip() != word:
        assert process.poll() is None


def storm(folder: Path, kills: int, seed: int) -> tuple[int, int]:
    """Kill that many sessions at random moments: how many came back wrong, and not at all."""
    rng = random.Random(seed)
    wrong = missing = 0
    for turn in range(kills):
        root = folder / str(turn)
        process = session(root, count=10**9, rebase=rng.choice([7, 10**9]))
        try:
            wait_for(process, "begun")
            last = 0
            deadline = time.monotonic() + rng.uniform(0, 0.2)
            while time.monotonic() < deadline and process.stdout is not None:
                last = int(process.stdout.readline())
        finally:
            said = kill(process)
        last = int(said[-1]) if said else last
        found = recoverable(root)
        if len(found) != 1:
            missing += 1
            continue
        pixels = recover(found[0]).pixels
        # The change under way may have been written and not yet been spoken of.
        wrong += not any((pixels == after(state)).all() for state in (last, last + 1))
        forget(found[0])
    return wrong, missing


# ── crashes ──


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_what_a_killed_session_did_comes_back(tmp_path, dtype, sessions):
    process = session(tmp_path, dtype=dtype)
    sessions.append(process)
    wait_for(process, "20")
    assert recoverable(tmp_path) == []  # it is alive
    kill(process)
    [found] = recoverable(tmp_path)
    assert (found.title, found.path, found.changes) == ("a.png", None, 20)
    assert found.thumbnail.shape == (SIDE, SIDE, 3)
    project = recover(found)
    assert project.pixels.dtype == np.dtype(dtype)
    assert (project.pixels == after(20)).all()
    assert project.meta.icc == b"icc"
    forget(found)
    assert recoverable(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_killed_at_any_moment_at_most_the_last_change_is_lost(tmp_path):
    assert storm(tmp_path, 10, seed=1) == (0, 0)


def test_a_dead_session_is_offered_by_one_process_only(tmp_path, sessions):
    process = session(tmp_path)
    sessions.append(process)
    wait_for(process, "20")
    kill(process)
    assert len(recoverable(tmp_path)) == 1
    assert len(recoverable(tmp_path)) == 1  # it stays ours
    look = "import sys; from pathlib import Path; from editor.files.recovery import recoverable"
    code = f"{look}; print(len(recoverable(Path(sys.argv[1]))))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, check=True)
    assert done.stdout.split() == [b"0"]


def test_a_session_without_locks_lives_as_long_as_its_process(tmp_path, monkeypatch):
    monkeypatch.setattr("editor.files.sessions._lock", lambda *_, **__: None)
    begin(tmp_path, project()).close()
    assert recoverable(tmp_path) == []
    left_behind(tmp_path)
    assert len(recoverable(tmp_path)) == 1


# ── one journal ──


def project(size: tuple[int, int] = (8, 8), **more) -> Project:
    return Project(np.zeros(size, np.uint8), np.zeros(size, np.uint8), **more)


def begin(root: Path, one: Project) -> Journal:
    return Journal.begin(root, one, "b.png", Path("b.png"))


def change(made: Journal, value: int, plane: str = "mask", rect: Rect = WHOLE) -> None:
    made.record(plane, [(rect, np.full((rect.height, rect.width), value, np.uint8))])


def journal(root: Path) -> Journal:
    """A journal with three changes of the mask: it becomes 1, 3 and 7."""
    made = begin(root, project())
    for k in (1, 2, 4):
        change(made, k)
    return made


def left_behind(root: Path, name: str = "copy") -> Path:
    """What this process's session would be if it died now: a copy that nobody has locked."""
    [own] = [path for path in root.glob("session-*") if f"-{os.getpid()}-" in path.name]
    return shutil.copytree(own, root / f"session-{NOBODY}-{name}")


def files(session_: Path, kind: str) -> list[Path]:
    return sorted(session_.glob(f"*/{kind}-*"))


def only(root: Path) -> Found:
    [found] = recoverable(root)
    return found


def test_everything_of_the_document_comes_back(tmp_path):
    saved = project(
        meta=Meta(b"icc", b"exif", b"xmp", (300.0, 300.0)),
        settings={"operations": {"Fill": {"patch": 7}}},
        history=({"label": "Open"}, {"label": "Fill", "seed": 3}),
        source="birds.png",
        planes={"sampling": np.eye(8, dtype=bool), "guides": np.ones((2, 4), np.float32)},
    )
    made = begin(tmp_path, saved)
    change(made, 1, "sampling", Rect(0, 0, 8, 1))
    made.close()
    left_behind(tmp_path)
    again = recover(only(tmp_path))
    for name in ("meta", "settings", "history", "source"):
        assert getattr(again, name) == getattr(saved, name)
    assert again.planes["sampling"].dtype == bool
    assert again.planes["sampling"].sum() == 7 + 7
    assert (again.planes["guides"] == 1).all()


def test_undoing_is_recorded_like_doing(tmp_path):
    made = journal(tmp_path)
    change(made, 4)
    made.close()
    left_behind(tmp_path)
    found = only(tmp_path)
    assert found.changes == 4
    assert (recover(found).mask == 3).all()


@pytest.mark.parametrize("spoil", [lambda data: data[:-3], lambda data: data[:-1] + b"\xaa"])
def test_a_torn_or_garbled_last_record_is_left_out(tmp_path, spoil):
    journal(tmp_path).close()
    [changes] = files(left_behind(tmp_path), "changes")
    changes.write_bytes(spoil(changes.read_bytes()))
    found = only(tmp_path)
    assert found.changes == 2
    assert (recover(found).mask == 3).all()


@pytest.mark.parametrize("tail", [bytes(4096), b"\xff" * 8, b"\x05\0\0\0"])
def test_what_a_power_cut_leaves_behind_the_records_does_no_harm(tmp_path, tail):
    journal(tmp_path).close()
    [changes] = files(left_behind(tmp_path), "changes")
    changes.write_bytes(changes.read_bytes() + tail)
    found = only(tmp_path)
    assert found.changes == 3
    assert (recover(found).mask == 7).all()


def test_a_garbled_record_ends_the_journal_there(tmp_path):
    journal(tmp_path).close()
    [changes] = files(left_behind(tmp_path), "changes")
    data = bytearray(changes.read_bytes())
    data[len(data) // 2] ^= 0xFF
    changes.write_bytes(data)
    assert (recover(only(tmp_path)).mask == 1).all()


@pytest.mark.parametrize(
    ("plane", "rect"), [("stripes", Rect(0, 0, 8, 8)), ("mask", Rect(4, 4, 8, 8))]
)
def test_a_change_that_does_not_fit_ends_the_journal_there(tmp_path, plane, rect):
    made = journal(tmp_path)
    change(made, 8, plane, rect)
    change(made, 16)
    made.close()
    left_behind(tmp_path)
    assert (recover(only(tmp_path)).mask == 7).all()


def test_a_mask_that_was_empty_at_first_is_recovered(tmp_path):
    made = journal(tmp_path)
    change(made, 8, "sampling", Rect(0, 0, 8, 8))
    made.close()
    left_behind(tmp_path)
    assert (recover(only(tmp_path)).planes["sampling"] == 8).all()


def test_a_new_base_takes_the_place_of_what_was_before(tmp_path):
    made = journal(tmp_path)
    made.rebase(Project(np.full((3, 4), 5, np.uint8), np.zeros((3, 4), np.uint8)))
    change(made, 1, "image", Rect(0, 0, 1, 1))
    made.close()
    dead = left_behind(tmp_path)
    assert [path.name for path in files(dead, "*")] == ["base-2", "changes-2"]
    image = recover(only(tmp_path)).pixels
    assert image.shape == (3, 4)
    assert image[0, :2].tolist() == [4, 5]


def test_a_new_base_that_fails_leaves_the_old_one_and_takes_no_more(tmp_path, monkeypatch):
    made = journal(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise FileProblem("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(recovery, "write_atomically", full)
        with pytest.raises(FileProblem, match="the disk is full"):
            made.rebase(project((3, 4)))
    with pytest.raises(FileProblem, match=r"the journal of b\.png is closed"):
        change(made, 8, rect=Rect(0, 0, 1, 1))
    dead = left_behind(tmp_path)
    assert [path.name for path in files(dead, "*")] == ["base-1", "changes-1"]
    found = only(tmp_path)
    assert (recover(found).mask == 7).all()
    forget(found)
    made.rebase(project((3, 4)))  # there is room again
    made.close()
    left_behind(tmp_path, "again")
    assert recover(only(tmp_path)).mask.shape == (3, 4)


def test_a_killed_switch_to_a_new_base_keeps_the_old_one(tmp_path):
    journal(tmp_path).close()
    [folder] = {path.parent for path in files(left_behind(tmp_path), "base")}
    (folder / "changes-2").touch()
    (folder / ".base-2.0123abcd.tmp").write_bytes(b"half a base")
    (folder / "base-new").touch()
    assert (recover(only(tmp_path)).mask == 7).all()


def test_changes_that_have_become_too_many_are_drawn_into_a_new_base(tmp_path, monkeypatch):
    monkeypatch.setattr(recovery, "_MOST_CHANGES", 1000)
    rng = np.random.default_rng(1)
    made = begin(tmp_path, project())
    expected = np.zeros((8, 8), np.uint8)
    largest = 0
    for _ in range(200):
        delta = rng.integers(0, 256, (8, 8), dtype=np.uint8)
        made.record("mask", [(Rect(0, 0, 8, 8), delta)])
        expected ^= delta
        [session_] = tmp_path.iterdir()
        largest = max(largest, sum(path.stat().st_size for path in files(session_, "*")))
    made.close()
    assert largest < 5000
    left_behind(tmp_path)
    assert (recover(only(tmp_path)).mask == expected).all()


# ── disks ──


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of file sizes here")
def test_what_a_full_disk_refuses_goes_with_the_next_change(tmp_path):
    """A change must not be skipped: what came after it would be wrong."""
    import resource

    made = journal(tmp_path)
    [session_] = tmp_path.iterdir()
    [changes] = files(session_, "changes")
    size = changes.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, limits[1]))
    try:
        for value in (8, 16):
            with pytest.raises(FileProblem, match=r"b\.png is not protected from a crash now"):
                change(made, value)
            assert changes.stat().st_size == size  # what was begun is cut off again
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    change(made, 32)
    made.close()
    left_behind(tmp_path)
    found = only(tmp_path)
    assert found.changes == 6
    assert (recover(found).mask == 63).all()


def test_what_waits_for_a_full_disk_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(recovery, "_MOST_WAITING", 200)
    made = journal(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(made, "_write_waiting", full)
    for _ in range(3):
        with pytest.raises(FileProblem, match="not protected"):
            change(made, 8)
    with pytest.raises(FileProblem, match="is closed"):
        change(made, 8)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "home").write_text("a file where a folder should be")
    with pytest.raises(FileProblem, match=r"b\.png is not protected from a crash now"):
        begin(tmp_path / "home" / "recovery", project())
    assert recoverable(tmp_path / "home" / "recovery") == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes here")
def test_nobody_else_can_look_into_a_session(tmp_path):
    journal(tmp_path).close()
    [session_] = tmp_path.iterdir()
    folders = [session_, *(path for path in session_.iterdir() if path.is_dir())]
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]


# ── sweeping ──


def test_discarding_leaves_nothing(tmp_path):
    journal(tmp_path).discard()
    assert not files(left_behind(tmp_path), "*")
    assert recoverable(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 1  # of the two, the one that lives


def test_forgetting_one_document_keeps_the_others(tmp_path):
    journal(tmp_path).close()
    journal(tmp_path).close()
    dead = left_behind(tmp_path)
    one, other = recoverable(tmp_path)
    forget(one)
    assert only(tmp_path).folder == other.folder
    assert (recover(other).mask == 7).all()
    forget(other)
    assert not dead.exists()


def test_what_is_older_than_a_week_is_swept_away(tmp_path):
    journal(tmp_path).close()
    dead = left_behind(tmp_path)
    week = 7 * 24 * 60 * 60
    for path in files(dead, "*"):
        os.utime(path, (time.time() - week + 60,) * 2)
    assert len(recoverable(tmp_path)) == 1
    for path in files(dead, "*"):
        os.utime(path, (time.time() - week - 60,) * 2)
    assert recoverable(tmp_path) == []
    assert not dead.exists()


def test_what_cannot_be_read_is_not_offered_and_not_swept_away(tmp_path):
    journal(tmp_path).close()
    [base] = files(left_behind(tmp_path), "base")
    good = base.read_bytes()
    base.write_bytes(b"\xff\xff\xff\x7f nonsense")
    assert recoverable(tmp_path) == []
    base.write_bytes(good)
    assert (recover(only(tmp_path)).mask == 7).all()


@pytest.mark.parametrize("place", [0, 3, 40, -40, -1])
def test_a_base_damaged_after_it_was_offered_is_told(tmp_path, place):
    journal(tmp_path).close()
    [base] = files(left_behind(tmp_path), "base")
    found = only(tmp_path)
    data = bytearray(base.read_bytes())
    data[place] ^= 0x55
    base.write_bytes(data)
    with pytest.raises(FileProblem, match=r"b\.png cannot be recovered"):
        recover(found)


def test_a_journal_that_was_taken_away_is_told(tmp_path):
    journal(tmp_path).close()
    left_behind(tmp_path)
    found = only(tmp_path)
    forget(found)
    with pytest.raises(FileProblem, match=r"b\.png cannot be recovered"):
        recover(found)
