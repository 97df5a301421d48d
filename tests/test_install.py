"""The set-up script decides rightly: which PyTorch, which system packages, what to say."""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "resources" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*packages: tuple[str, str, list[str]]) -> str:
    """What `pip install --dry-run --report -` prints, shortened to what counts."""
    entries = [
        {"metadata": {"name": name, "version": version, "requires_dist": needs}}
        for name, version, needs in packages
    ]
    return json.dumps({"version": "1", "install": entries})


SMALL = report(("torch", "2.13.0+cpu", ["filelock", "sympy>=1.13.3", 'optree; extra == "optree"']))
LARGE = report(
    (
        "torch",
        "2.13.0",
        ["filelock", 'nvidia-cudnn-cu13==9.2; platform_system == "Linux"', "triton~=3.9"],
    )
)


def test_off_linux_the_usual_build_is_taken_without_asking(install: ModuleType) -> None:
    for platform in ("darwin", "win32"):
        assert install.choose_torch(platform, False, _never) == install.TORCH


def test_with_a_card_the_usual_build_is_taken(install: ModuleType) -> None:
    assert install.choose_torch("linux", True, _never) == install.TORCH


def _never(requirement: str) -> str:
    raise AssertionError(f"pip was asked about {requirement}")


def test_a_small_build_at_hand_is_taken(install: ModuleType) -> None:
    asked: list[str] = []

    def tell(requirement: str) -> str:
        asked.append(requirement)
        return SMALL

    assert install.choose_torch("linux", False, tell) == install.TESTED_TORCH
    assert asked == [install.TESTED_TORCH]


@pytest.mark.parametrize("said", [LARGE, "", "ERROR: no", "{}", report(), '{"install": 3}'])
def test_otherwise_gigabytes_of_cuda_are_avoided(install: ModuleType, said: str) -> None:
    assert install.choose_torch("linux", False, lambda requirement: said) is None


@pytest.mark.parametrize(
    ("name", "is_cuda"),
    [
        ("nvidia-cublas", True),
        ("cuda-toolkit[cublas]==13", True),
        ("pytorch-triton", True),
        ("triton", True),
        ("numpy", False),
        ("cudatext", False),
    ],
)
def test_cuda_parts_are_known_by_their_names(install: ModuleType, name: str, is_cuda: bool) -> None:
    assert install.needs_cuda(report((name, "1", []))) is is_cuda
    assert install.needs_cuda(report(("torch", "1", [name]))) is is_cuda


def test_the_bounds_are_those_of_the_project(install: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert install.TORCH in project["dependencies"]
    assert project["requires-python"] == ">=" + ".".join(map(str, install.OLDEST_PYTHON))


class Commands:
    """Stands where subprocess.run stands and writes down what is run."""

    def __init__(self, fails: str = "nothing") -> None:
        self.ran: list[list[str]] = []
        self._fails = fails

    def __call__(self, command: list[Any], **how: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append([str(part) for part in command])
        code = int(self._fails in self.ran[-1])
        if code and how.get("check"):
            raise subprocess.CalledProcessError(code, command)
        return subprocess.CompletedProcess(command, code, "", "")

    @property
    def text(self) -> str:
        return "\n".join(" ".join(command) for command in self.ran)


def _on_a_machine(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, commands: Commands, torch: str | None
) -> None:
    monkeypatch.setattr(install.subprocess, "run", commands)
    monkeypatch.setattr(install, "has_package", lambda name: False)
    monkeypatch.setattr(install, "choose_torch", lambda *_: torch)


def test_the_chosen_build_is_installed_by_pip(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = Commands()
    _on_a_machine(install, monkeypatch, commands, "torch==2.13.0")
    install.install_torch()
    [command] = commands.ran
    assert command[-2:] == ["install", "torch==2.13.0"]


def test_without_one_uv_finds_the_small_build(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = Commands()
    _on_a_machine(install, monkeypatch, commands, None)
    install.install_torch()
    assert commands.ran[-1][-2:] == ["--torch-backend=cpu", install.TORCH]
    assert sys.executable in commands.ran[-1]


def test_where_uv_fails_the_usual_build_is_better_than_none(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = Commands(fails="--torch-backend=cpu")
    _on_a_machine(install, monkeypatch, commands, None)
    install.install_torch()
    assert commands.ran[-1][-2:] == ["install", install.TORCH]
    assert "several gigabytes" in capsys.readouterr().out


def test_an_installed_torch_is_left_alone(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = Commands()
    _on_a_machine(install, monkeypatch, commands, None)
    monkeypatch.setattr(install, "has_package", lambda name: name == "torch")
    install.install_torch()
    assert commands.ran == []


def test_missing_libraries_are_named_by_their_packages(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = {"libxcb-cursor.so.0", "libEGL.so.1"}
    monkeypatch.setattr(install, "loads", lambda library: library not in absent)
    monkeypatch.setattr(install, "has_font", lambda folder: False)
    assert install.missing_packages() == ["libegl1", "libxcb-cursor0", "fonts-dejavu-core"]


def test_root_installs_what_is_missing(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = Commands()
    monkeypatch.setattr(install.subprocess, "run", commands)
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install.os, "geteuid", lambda: 0)
    install.provide_system_packages(["libegl1"])
    assert re.search(r"apt-get .*update\n.*apt-get .*install .*libegl1$", commands.text)


def test_anybody_else_is_told_how(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = Commands()
    monkeypatch.setattr(install.subprocess, "run", commands)
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    install.provide_system_packages(["libegl1", "libgl1"])
    assert "sudo apt-get install libegl1 libgl1" in capsys.readouterr().out
    assert commands.ran == []


def test_an_old_python_is_refused_in_one_line(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "OLDEST_PYTHON", (99, 0))
    assert install.main([]) == 1
    assert "99.0 or newer is needed" in capsys.readouterr().out
