"""The atomic writer: whatever happens, the old file or the new one is there, whole."""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest

from editor.files.atomic import sweep, write_atomically
from editor.files.problems import FileProblem

OLD, NEW = b"old" * 1000, b"new" * 2000


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(OLD)
    return path


def test_a_new_file_is_made(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new.bin", NEW)
    assert (tmp_path / "new.bin").read_bytes() == NEW
    assert left(tmp_path) == ["new.bin"]


def test_an_old_file_is_replaced_by_what_a_function_writes(target: Path) -> None:
    def produce(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a", NEW)

    write_atomically(target, produce)
    with zipfile.ZipFile(target) as archive:
        assert archive.read("a") == NEW
    assert left(target.parent) == ["photo.png"]


def test_short_writes_are_gone_on_with(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:7]))
    write_atomically(target, NEW)
    assert target.read_bytes() == NEW


def test_a_write_that_takes_nothing_is_a_full_disk(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda fd, data: 0)
    with pytest.raises(FileProblem, match="the disk is full"):
        write_atomically(target, NEW)
    assert target.read_bytes() == OLD


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ("write", errno.ENOSPC, "the disk is full .it needs at least 6.0 kB, .* are free"),
        ("write", errno.EDQUOT, "the disk quota is used up .it needs"),
        ("write", errno.EIO, "the disk reports an error"),
        ("fsync", errno.EIO, "the disk reports an error"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("open", errno.EACCES, "permission is denied"),
        ("open", errno.EROFS, "that place is read-only"),
        ("replace", errno.EPERM, "permission is denied"),
        ("fchmod", errno.EPERM, "permission is denied"),
    ],
)
def test_when_the_system_refuses_the_old_file_stays(
    target: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(FileProblem, match=f"photo.png cannot be saved: {words}"):
        write_atomically(target, NEW)
    monkeypatch.undo()
    assert target.read_bytes() == OLD
    assert left(target.parent) == ["photo.png"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
def test_what_the_producer_raises_comes_through_and_nothing_is_left(
    target: Path, error: type[BaseException]
) -> None:
    def produce(stream: BinaryIO) -> None:
        stream.write(NEW)
        raise error("enough")

    with pytest.raises(error):
        write_atomically(target, produce)
    assert target.read_bytes() == OLD
    assert left(target.parent) == ["photo.png"]


def test_the_check_sees_everything_and_can_refuse(target: Path) -> None:
    def check(made: Path) -> None:
        assert made.read_bytes() == NEW
        raise FileProblem("photo.png cannot be saved: it is not what it should be")

    with pytest.raises(FileProblem, match="not what it should be"):
        write_atomically(target, NEW, check=check)
    assert target.read_bytes() == OLD
    assert left(target.parent) == ["photo.png"]


def test_everything_is_on_the_disk_before_the_name_changes(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    for name in ("write", "fsync", "replace"):
        real = getattr(os, name)

        def spy(*given: object, _real: object = real, _name: str = name) -> object:
            calls.append(_name)
            return _real(*given)  # type: ignore[operator]

        monkeypatch.setattr(os, name, spy)
    write_atomically(target, NEW)
    assert calls == ["write", "fsync", "replace", "fsync"]


def test_mode_bits_are_kept(target: Path) -> None:
    target.chmod(0o640)
    write_atomically(target, NEW)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_gets_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_a_link_is_written_through(target: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.png"
    link.symlink_to(target)
    write_atomically(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW
    assert left(link.parent) == ["link.png"]


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(FileProblem, match="go round in a circle"):
        write_atomically(tmp_path / "a", NEW)


def test_a_write_protected_file_is_refused(target: Path) -> None:
    target.chmod(0o444)
    with pytest.raises(FileProblem, match="the file is write-protected"):
        write_atomically(target, NEW)
    assert target.read_bytes() == OLD


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="it is a folder"):
        write_atomically(tmp_path, NEW)
    with pytest.raises(FileProblem, match="there is no folder"):
        write_atomically(tmp_path / "none" / "a.png", NEW)


@pytest.mark.parametrize(
    "name", ["ü ß 写真 ☂.png", "n" * 251 + ".png", "写" * 83 + ".png", "a b.png"]
)
def test_any_name_that_a_file_can_have(tmp_path: Path, name: str) -> None:
    write_atomically(tmp_path / name, OLD)
    write_atomically(tmp_path / name, NEW)
    assert (tmp_path / name).read_bytes() == NEW
    assert left(tmp_path) == [name]


def test_sweep_takes_our_old_leavings_and_nothing_else(tmp_path: Path) -> None:
    names = [".photo.png.0a1b2c3d.tmp", ".photo.png.xyz.tmp", "photo.png.0a1b2c3d.tmp", ".x.tmp"]
    for name in names:
        (tmp_path / name).write_bytes(OLD)
        os.utime(tmp_path / name, (time.time() - 90_000,) * 2)
    (tmp_path / ".fresh.png.0a1b2c3d.tmp").write_bytes(OLD)
    sweep(tmp_path)
    assert left(tmp_path) == sorted([*names[1:], ".fresh.png.0a1b2c3d.tmp"])
    sweep(tmp_path / "none")


SAVE = """
import sys
from pathlib import Path
from editor.files.atomic import write_atomically
target, size = Path(sys.argv[1]), int(sys.argv[2])
turn = target.read_bytes()[0]
def save():
    global turn
    turn = (turn + 1) % 251
    write_atomically(target, bytes([turn]) * size)
save()
print("go", flush=True)
while True:
    save()
"""


def storm(
    target: Path, kills: int, seed: int, size: int = 300_000, save: str = SAVE
) -> tuple[int, int]:
    """Kill a process that keeps saving, at random times; corrupt files, and saves that were seen.

    Every whole file is one byte value repeated, so a torn or mixed one shows.
    """
    target.write_bytes(bytes(size))
    chance = random.Random(seed)
    corrupt, seen = 0, set()
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", save, str(target), str(size)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        time.sleep(chance.uniform(0, 0.02))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        data = target.read_bytes()
        seen.add(data[:1])
        corrupt += len(data) != size or data != data[:1] * size
    return corrupt, len(seen)


def test_killed_while_saving_the_file_is_whole(tmp_path: Path) -> None:
    corrupt, seen = storm(tmp_path / "photo.bin", kills=20, seed=3)
    assert corrupt == 0
    assert seen > 1  # each process saves once at the least before it is killed


FULL_DISK = """
import resource, sys
from pathlib import Path
from editor.files.atomic import write_atomically
from editor.files.problems import FileProblem
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_atomically(Path(sys.argv[1]), b"n" * 1_000_000)
except FileProblem as problem:
    print(problem)
"""


def test_with_no_room_left_the_old_file_is_intact(target: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(target)], capture_output=True, text=True, check=True
    )
    assert "photo.png cannot be saved: it would be larger than" in said.stdout
    assert target.read_bytes() == OLD
    assert left(target.parent) == ["photo.png"]
