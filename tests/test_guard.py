"""Before Qt: constants that cannot be dropped, and a place for compiled kernels."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from editor import guard

TIMES = 2000


class Bell(QObject):
    rung = Signal()


def _lost(constant: object, times: int) -> int:
    """References that a constant loses while Qt is called so often."""
    bell = Bell()
    before = sys.getrefcount(constant)
    for _ in range(times):
        bell.setObjectName("bell")  # returns nothing: takes a reference off None in 6.12
        bell.rung.emit()  # … and one off True
    return before - sys.getrefcount(constant)


@pytest.mark.parametrize("constant", [None, True, False])
def test_qt_does_not_eat_the_constants(constant: object) -> None:
    _lost(constant, 10)  # what the first calls cache
    assert _lost(constant, TIMES) < TIMES / 10


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="immortal by themselves since 3.12")
def test_guarded_constants_cannot_run_out() -> None:
    guard.keep_constants_alive()
    assert all(sys.getrefcount(constant) > 1 << 59 for constant in (None, True, False))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="immortal by themselves since 3.12")
def test_constants_are_left_alone_by_other_interpreters(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sys.getrefcount(False)
    monkeypatch.setattr(sys.implementation, "name", "pypy")
    monkeypatch.setattr("ctypes.c_ssize_t", None)  # using it would raise
    guard.keep_constants_alive()
    assert abs(sys.getrefcount(False) - before) < 1000


def test_the_canary_runs_on_an_unguarded_interpreter_too() -> None:
    """The same count in a process without the guard: this is what finds a bad wheel."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); import test_guard as t;"
        "t._lost(None, 10); print(max(t._lost(c, t.TIMES) for c in (None, True, False)))"
    )
    root = Path(__file__).resolve().parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) < TIMES / 10


class TestNumbaCache:
    @pytest.fixture(autouse=True)
    def _unset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # setenv first, so that what the guard sets is taken back after the test
        monkeypatch.setenv("NUMBA_CACHE_DIR", "to be restored")
        monkeypatch.delenv("NUMBA_CACHE_DIR")

    def test_lies_with_our_caches(self) -> None:
        guard.place_numba_cache()
        folder = Path(os.environ["NUMBA_CACHE_DIR"])
        assert folder.is_dir()
        assert folder.is_relative_to(os.environ["PATINA_HOME"])

    def test_stays_where_the_person_wants_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NUMBA_CACHE_DIR", "/somewhere/else")
        guard.place_numba_cache()
        assert os.environ["NUMBA_CACHE_DIR"] == "/somewhere/else"

    def test_is_left_to_numba_when_the_home_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("in the way")
        monkeypatch.setenv("PATINA_HOME", str(tmp_path / "file" / "home"))
        guard.place_numba_cache()
        assert "NUMBA_CACHE_DIR" not in os.environ

    def test_is_left_to_numba_when_its_folder_is_read_only(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        guard.place_numba_cache()
        assert "NUMBA_CACHE_DIR" not in os.environ


def test_threads_of_torch_sleep_unless_the_person_wants_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY")
    guard.prepare()
    assert os.environ["OMP_WAIT_POLICY"] == "passive"
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    guard.prepare()
    assert os.environ["OMP_WAIT_POLICY"] == "active"
