"""Asking on the command line, as a person does, and reading what came of it."""

import json
from pathlib import Path
from typing import Any

from editor import cli
from editor.engine.image import Meta, Picture
from editor.files.read import read_picture
from editor.files.write import SaveOptions, write_picture


def run(*arguments: object) -> int:
    """The exit code of ``patina`` with these words, on one thread of the processor."""
    return cli.main([*map(str, arguments), "--device", "cpu", "--threads", "1"])


def write(path: Path, pixels: Picture) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    write_picture(path, pixels, Meta(), SaveOptions(), overwrite=True)
    return path


def read(path: Path) -> Picture:
    return read_picture(path).pixels


def report_of(path: Path) -> Any:
    return json.loads(path.read_text())
