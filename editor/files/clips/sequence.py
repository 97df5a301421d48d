"""A clip as a folder of numbered PNG pictures, which is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from editor.engine.clip import Take
from editor.engine.image import Meta
from editor.engine.step import Step
from editor.files.atomic import write_atomically
from editor.files.encoders import ENCODERS, SaveOptions
from editor.files.kinds import PNG
from editor.files.problems import FileProblem, reason, shown

T = TypeVar("T")

_OPTIONS = SaveOptions()
_DIGITS = 4


def write_sequence(folder: Path, take: Take) -> Iterator[Step[T]]:
    """Write every frame as NAME_0001.png, NAME_0002.png … into a new folder.

    A folder that is there already is replaced only if it holds nothing but such pictures.
    """
    digits = max(_DIGITS, len(str(len(take))))
    with _replacing_folder(folder) as made:
        for number in range(len(take)):
            encoded = ENCODERS[PNG](take[number], Meta(), _OPTIONS)
            write_atomically(made / f"{folder.name}_{number + 1:0{digits}}.png", encoded)
            yield Step((number + 1) / (len(take) + 1))


@contextlib.contextmanager
def _replacing_folder(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of the old one if the block ends without an exception."""
    folder = folder.absolute()
    _check_harmless(folder)
    mark = secrets.token_hex(4)
    made = folder.parent / f".{folder.name}.{mark}.tmp"
    aside = folder.parent / f".{folder.name}.{mark}.old.tmp"
    try:
        try:
            made.mkdir()
            yield made
            if folder.exists():
                folder.rename(aside)
            made.rename(folder)
        except OSError as error:
            raise FileProblem(f"{shown(folder)} cannot be saved: {reason(error)}") from error
    finally:
        if aside.exists() and not folder.exists():
            aside.rename(folder)
        for left in (made, aside):
            shutil.rmtree(left, ignore_errors=True)


def _check_harmless(folder: Path) -> None:
    """Raise FileProblem if replacing the folder would lose what is not an older sequence."""
    if not folder.parent.is_dir():
        raise FileProblem(f"{shown(folder)} cannot be saved: there is no folder {folder.parent}")
    if not os.path.lexists(folder):
        return
    if not folder.is_dir() or folder.is_symlink():
        raise FileProblem(f"{shown(folder)} cannot be saved: it is there and is not a folder")
    ours = re.compile(re.escape(folder.name) + rf"_\d{{{_DIGITS},}}\.png")
    other = next((one.name for one in folder.iterdir() if not ours.fullmatch(one.name)), None)
    if other is not None:
        raise FileProblem(
            f"{shown(folder)} cannot be saved: the folder holds other things ({shown(Path(other))})"
        )
