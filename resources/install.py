"""Set up everything the editor needs in .venv, from a bare Python. `make` calls this.

    python3 resources/install.py            what is needed to run
    python3 resources/install.py --to-test  and to test

Only the standard library is used: this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)

TORCH = "torch>=2.6,<3"
TESTED_TORCH = "torch==2.13.0"
CUDA_PART = re.compile(r"(nvidia|cuda|triton|pytorch-triton)\b", re.IGNORECASE)

# What Qt and OpenCV load from the system at run time: library, Debian package.
LIBRARIES = (
    ("libGL.so.1", "libgl1"),
    ("libEGL.so.1", "libegl1"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-image.so.0", "libxcb-image0"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-randr.so.0", "libxcb-randr0"),
    ("libxcb-render-util.so.0", "libxcb-render-util0"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-sync.so.1", "libxcb-sync1"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_PACKAGE = "fonts-dejavu-core"


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        say(f"Python {sys.version.split()[0]} is too old: {wanted} or newer is needed.")
        return 1
    if Path(sys.prefix).resolve() != VENV.resolve():
        return subprocess.call([make_venv(), __file__, *arguments])
    to_test = "--to-test" in arguments
    try:
        install_torch()
        say("Installing the editor and what it stands on.")
        pip("install", "--editable", f"{ROOT}[test]" if to_test else str(ROOT))
    except subprocess.CalledProcessError as problem:
        say(f"The set-up stopped: {' '.join(map(str, problem.cmd[1:]))} failed; see above.")
        return 1
    if sys.platform == "linux":
        provide_system_packages(missing_packages())
    say("Compiling the inner loops, once.")
    subprocess.run([sys.executable, "-m", "editor.rehearsal"], cwd=ROOT, check=False)
    for stamp in ("ready", "ready-to-test") if to_test else ("ready",):
        (VENV / stamp).touch()
    say("Ready.")
    return 0


def say(sentence: str) -> None:
    print(f"patina: {sentence}", flush=True)


# ── Python packages ──


def make_venv() -> str:
    """The Python inside .venv, which is made if it is not there or does not start."""
    folder = "Scripts" if os.name == "nt" else "bin"
    python = VENV / folder / "python"
    try:
        subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        say(f"Making .venv with Python {sys.version.split()[0]}.")
        venv.create(VENV, clear=True, with_pip=True)
    return str(python)


def pip(*arguments: str) -> None:
    quiet = [] if sys.stdout.isatty() else ["--quiet"]  # a log needs no progress
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *quiet]
    subprocess.run([*command, *arguments], check=True)


def install_torch() -> None:
    """PyTorch comes first, so that a machine without a GPU gets the small build."""
    if has_package("torch"):
        return
    requirement = choose_torch(sys.platform, has_gpu(), pip_report)
    if requirement is not None:
        say(f"Installing PyTorch ({requirement}).")
        pip("install", requirement)
        return
    say("Installing PyTorch for the processor alone: there is no NVIDIA card here.")
    try:
        pip("install", "uv")  # it knows where PyTorch keeps its builds without CUDA
        command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable]
        subprocess.run([*command, "--torch-backend=cpu", TORCH], check=True)
    except subprocess.CalledProcessError:
        say("That build cannot be had; taking the usual one, which is several gigabytes.")
        pip("install", TORCH)


def choose_torch(platform: str, gpu: bool, report: Callable[[str], str]) -> str | None:
    """What to ask pip for, or None where pip would bring CUDA along for nothing.

    Off Linux the usual wheels are built for the processor alone. On Linux they need gigabytes of
    CUDA, but an index or a folder of wheels that this machine is set up with may hold a small one.
    """
    if gpu or platform != "linux":
        return TORCH
    return None if needs_cuda(report(TESTED_TORCH)) else TESTED_TORCH


def needs_cuda(report: str) -> bool:
    """Whether pip's installation report names a CUDA part; also where pip could not tell."""
    try:
        packages = [entry["metadata"] for entry in json.loads(report)["install"]]
    except (ValueError, KeyError, TypeError):
        return True
    needed = [need for package in packages for need in package.get("requires_dist", [])]
    names = [package["name"] for package in packages]
    names += [need for need in needed if "extra ==" not in need]
    return not packages or any(CUDA_PART.match(name) for name in names)


def pip_report(requirement: str) -> str:
    """What pip would install, as JSON; empty if it finds nothing that fits."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    command += ["--dry-run", "--no-deps", "--ignore-installed", "--report", "-", requirement]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def has_gpu() -> bool:
    return Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi") is not None


def has_package(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


# ── system libraries ──


def missing_packages() -> list[str]:
    """The Debian packages of what Qt will look for and not find."""
    missing = [package for library, package in LIBRARIES if not loads(library)]
    if not any(has_font(Path(folder).expanduser()) for folder in FONT_FOLDERS):
        missing.append(FONT_PACKAGE)
    return missing


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font(folder: Path) -> bool:
    return any(path.suffix.lower() in (".ttf", ".otf", ".ttc") for path in folder.rglob("*"))


def provide_system_packages(packages: list[str]) -> None:
    """Install them where that is ours to do, else say how; the command line works without."""
    if not packages:
        return
    names = " ".join(packages)
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        say(f"The window needs what Debian calls {names}: please install these.")
    elif os.geteuid() != 0:
        say(f"The window needs more: sudo apt-get install {names}")
    else:
        say(f"Installing {names}.")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt_get, "-qq", "update"], env=quiet, check=False)
        command = [apt_get, "-qq", "install", "--yes", "--no-install-recommends", *packages]
        if subprocess.run(command, env=quiet, check=False).returncode != 0:
            say(f"apt-get could not install {names}; the window may not open.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
