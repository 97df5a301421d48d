"""Who may import whom: the table of editor/README.md, read from the source and held to."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
EDITOR = ROOT / "editor"

# The engine's words, open to every layer.
VOCABULARY = frozenset(
    {
        "step",
        "chain_record",
        "device",
        "field_record",
        "image",
        "clip",
        "curve",
        "guides",
        "moment",
        "moves",
        "origins",
        "regions",
        "sprite",
        "text_sample",
    }
)
HEAVY = frozenset({"torch", "numba", "llvmlite", "scipy", "cv2", "OpenImageIO", "PIL", "av"})
LIBRARIES_OF_ENGINE = frozenset({"numpy", "numba", "llvmlite", "torch", "scipy", "cv2", "psutil"})

# The modules that lie directly in editor/, by the row of the table they belong to.
CONDUCTOR = frozenset(
    {
        "jobs",
        "news",
        "results",
        "session",
        "filing",
        "opening",
        "projects",
        "journals",
        "rehearsal",
        "writing",
        "writing_sprites",
    }
)
DOORS = frozenset(
    {
        "cli",
        "flags",
        "subcommands",
        "batch",
        "batch_analogy",
        "batch_clips",
        "batch_filters",
        "batch_inputs",
        "batch_sprites",
        "batch_text",
        "batch_texture",
        "report",
        "asked",
        "telling",
        "tour",
        "app",
        "__main__",
    }
)
PLUMBING = frozenset({"__init__", "guard", "log", "resources"})


@dataclass(frozen=True)
class Layer:
    may: frozenset[str]  # other layers
    qt: frozenset[str] = frozenset()  # modules of PySide6; "*" is all of them
    engine_inside: bool = False  # algorithms may be imported, inside functions
    heavy: bool = False  # torch and the like may be imported at the top


LAYERS = {
    "engine": Layer(frozenset(), heavy=True),
    "files": Layer(frozenset({"plumbing"}), frozenset({"QtCore", "QtGui"}), heavy=True),
    "operations": Layer(frozenset(), engine_inside=True),
    "model": Layer(frozenset({"operations"}), frozenset({"QtCore", "QtGui"})),
    "tools": Layer(frozenset({"model", "operations"}), frozenset({"QtCore", "QtGui"})),
    "conductor": Layer(
        frozenset({"files", "operations", "model", "plumbing"}),
        frozenset({"QtCore"}),
        engine_inside=True,
    ),
    "ui": Layer(
        frozenset({"files", "operations", "model", "tools", "conductor", "plumbing"}),
        frozenset({"*"}),
    ),
    "plumbing": Layer(frozenset({"files"}), frozenset({"QtCore"})),
    "doors": Layer(
        frozenset({"files", "operations", "model", "tools", "conductor", "ui", "plumbing"}),
        frozenset({"*"}),
        engine_inside=True,
    ),
}


class Import(NamedTuple):
    name: str  # the whole dotted name: editor.engine.step, PySide6.QtCore
    line: int
    top: bool  # runs when the module is imported


def imports(path: Path, package: str) -> Iterator[Import]:
    """Every import of a file; those for type checkers alone count as not at the top."""

    def walk(node: ast.AST, top: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, child.lineno, top)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    parents = package.split(".")[: len(package.split(".")) - child.level + 1]
                    base = ".".join([*parents, base]).strip(".")
                for alias in child.names:
                    yield Import(f"{base}.{alias.name}", child.lineno, top)
            else:
                later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                never = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
                yield from walk(child, top and not later and not never)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), True)


def layer_of(parts: tuple[str, ...]) -> str | None:
    """The row a dotted name below ``editor`` belongs to; None for one that has none."""
    first = parts[0] if parts else "__init__"
    if first in LAYERS and first not in ("conductor", "doors", "plumbing"):
        return first
    for row, modules in (("conductor", CONDUCTOR), ("doors", DOORS), ("plumbing", PLUMBING)):
        if first in modules:
            return row
    return None


def faults(path: Path, root: Path = EDITOR) -> list[str]:
    """What a file imports although its row says that it may not."""
    below = path.relative_to(root).with_suffix("").parts
    row = layer_of(below)
    if row is None:
        return [f"{path.name}: give editor/{below[0]} a row in tests/test_layers.py"]
    layer, package = LAYERS[row], ".".join(["editor", *below[:-1]])
    return [
        f"{'/'.join(below)}.py:{found.line}: {row} must not import {found.name}{why}"
        for found in imports(path, package)
        if (why := _fault(row, layer, below, found)) is not None
    ]


def _fault(row: str, layer: Layer, below: tuple[str, ...], found: Import) -> str | None:
    parts = found.name.split(".")
    if parts[0] == "PySide6":
        allowed = "*" in layer.qt or (len(parts) > 1 and parts[1] in layer.qt)
        return None if allowed else ""
    if parts[0] == "cv2":
        return None if below == ("engine", "cv") else ": say from editor.engine.cv import cv2"
    if parts[0] in HEAVY and found.top and not layer.heavy:
        return " before the first paint: import it inside a function"
    if parts[0] != "editor":
        library = parts[0] in LIBRARIES_OF_ENGINE or parts[0] in sys.stdlib_module_names
        return "" if row == "engine" and not library else None
    return _fault_inside(row, layer, tuple(parts[1:]), found)


def _fault_inside(row: str, layer: Layer, target: tuple[str, ...], found: Import) -> str | None:
    other = layer_of(target) or "plumbing"  # from editor import __version__
    if other == row:
        return None
    if other == "engine":
        words = target[1:2]
        if words and words[0] in VOCABULARY:
            return None
        if words == ("cv",):  # OpenCV by its safe door; no algorithm of ours
            return None if layer.heavy or not found.top else ": import it inside a function"
        if layer.engine_inside:
            return ": import it inside a function" if found.top else None
        return ": it is an algorithm"
    if other == "files" and found.top and target[1:2] and row in ("plumbing", "doors", "conductor"):
        light = target[1] in ("paths", "settings", "samples")
        return None if light else ": import it inside a function"
    return None if other in layer.may else ""


SOURCES = sorted(EDITOR.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(EDITOR).as_posix())
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    assert faults(path) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("engine/fill.py", "import PySide6.QtCore"),
        ("engine/fill.py", "from editor.model.document import Document"),
        ("engine/fill.py", "import cv2"),
        ("engine/fill.py", "import requests"),
        ("files/read.py", "from PySide6 import QtWidgets"),
        ("files/read.py", "from editor.engine.patchmatch import match"),
        ("operations/fill.py", "from editor.engine import smooth"),
        ("operations/fill.py", "import torch"),
        ("operations/fill.py", "def steps():\n    from PySide6.QtGui import QImage"),
        ("model/document.py", "from PySide6.QtWidgets import QWidget"),
        ("model/document.py", "def f():\n    from editor.engine.smooth import mend"),
        ("tools/brush.py", "from editor.session import Session"),
        ("tools/brush.py", "class Brush:\n    import numba"),
        ("session.py", "from editor.ui.window import Window"),
        ("session.py", "from PySide6.QtGui import QImage"),
        ("session.py", "from editor.engine import smooth"),
        ("session.py", "from editor.files.read import read_picture"),
        ("ui/canvas.py", "def f():\n    from editor.engine.smooth import mend"),
        ("ui/canvas.py", "from editor.app import run"),
        ("ui/canvas.py", "try:\n    import scipy.ndimage\nexcept ImportError:\n    pass"),
        ("ui/canvas.py", "from editor.engine.cv import cv2"),
        ("cli.py", "import torch"),
        ("cli.py", "from editor.files.read import read_picture"),
        ("novelty.py", ""),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, module: str, source: str) -> None:
    assert len(faults(_written(tmp_path, module, source), tmp_path)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("engine/smooth.py", "import numba, numpy\nfrom editor.engine.cv import cv2"),
        ("files/read.py", "from editor.engine.cv import cv2\nimport OpenImageIO"),
        ("operations/fill.py", "def steps():\n    from editor.engine.smooth import mend"),
        ("operations/fill.py", "from editor.engine.image import Rect"),
        ("model/document.py", "from PySide6.QtCore import QObject"),
        ("session.py", "def f():\n    from editor.files.read import read_picture"),
        ("filing.py", "if TYPE_CHECKING:\n    from editor.files.read import Stamp"),
        ("ui/canvas.py", "from PySide6.QtWidgets import QWidget\nfrom . import theme"),
        ("ui/canvas.py", "def f():\n    from editor.engine.cv import cv2"),
        ("ui/panels/options.py", "from ..theme import colour"),
        ("cli.py", "def f():\n    from editor.app import run\n    import editor.engine.smooth"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, module: str, source: str) -> None:
    assert faults(_written(tmp_path, module, source), tmp_path) == []


def _written(root: Path, module: str, source: str) -> Path:
    path = root / module
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return path


def test_the_installer_and_the_entry_need_nothing_that_is_not_there_yet() -> None:
    installer = {found.name.split(".")[0] for found in imports(ROOT / "resources/install.py", "")}
    assert installer - {"__future__"} <= sys.stdlib_module_names
    entry = {found.name for found in imports(ROOT / "main.py", "")}
    assert entry == {"sys", "editor.cli.main"}
