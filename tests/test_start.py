"""The start is quick because nothing heavy is imported before the first paint."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from editor import __version__

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"torch", "numba", "scipy", "cv2", "OpenImageIO", "PIL", "av", "skimage", "pyqtgraph"}
BEFORE_THE_FIRST_PAINT = (
    "editor.cli",
    "editor.operations",
    "editor.session",
    "editor.filing",
    "editor.ui.window",
    "editor.ui.loop",
    "editor.app",
)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**_environment(), **environment},
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DISPLAY"}


def imported_with(module: str) -> set[str]:
    program = f"import sys, json, {module}; print(json.dumps(list(sys.modules)))"
    ran = run("-c", program)
    assert ran.returncode == 0, ran.stderr
    return {name.split(".")[0] for name in json.loads(ran.stdout)}


@pytest.mark.parametrize("module", BEFORE_THE_FIRST_PAINT)
def test_nothing_heavy_is_imported(module: str) -> None:
    assert imported_with(module) & HEAVY == set()


def test_the_command_line_starts_without_qt() -> None:
    assert "PySide6" not in imported_with("editor.cli")


@pytest.mark.parametrize("program", [["main.py"], ["-m", "editor"]])
def test_both_entries_are_the_same_program(program: list[str]) -> None:
    ran = run(*program, "--version")
    assert (ran.returncode, ran.stdout) == (0, f"Patina {__version__}\n")


def test_without_a_display_it_says_so_in_one_line() -> None:
    ran = run("main.py", QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert ran.returncode == 4
    assert ran.stderr.count("\n") == 1
    assert "no display" in ran.stderr
