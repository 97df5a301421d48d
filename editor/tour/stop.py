"""A stop of the tour: a command, as a person would type it, and what must hold of its result."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from editor.engine.image import Cover, Picture, Rect, Size
from editor.files.samples import Sample
from editor.operations.base import MaskPatch, Operation
from editor.tour.checks import Verdict

_FOLDERS = re.compile(r"^(?:[A-Za-z]:)?[^:]*[/\\](?=[^/\\]*$)")  # of a path, also in MASK:DX,DY


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a result was made of; what its mask covers is marked."""

    caption: str
    path: Path
    mask: Path | MaskPatch | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a stop: its file, and what its report says."""

    path: Path
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing the tour does. Without an operation it is the command that does it."""

    name: str  # of its file, and for --only
    task: str
    title: str
    sentence: str
    command: tuple[str, ...]
    target: Path
    checks: Callable[[Made], Iterator[Verdict]]
    before: tuple[Shown, ...] = ()
    needs: str = ""  # another one, whose result it is made of
    operation: Operation | None = None  # for which there is no command
    view: Rect | None = None  # the part of the picture that is worth looking at; else all of it

    @property
    def source(self) -> Path:
        return self.before[0].path

    @property
    def typed(self) -> str:
        """The command as it is typed in the folder in which all the files are."""
        return shlex.join(("patina", *(_FOLDERS.sub("", word) for word in self.command)))


def flags(settings: Mapping[str, Any]) -> Iterator[str]:
    """The options of a sample as they are typed."""
    for name, value in settings.items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{flag}" if value else f"--no-{flag}"
        else:
            yield from (f"--{flag}", f"{value:g}" if isinstance(value, float) else str(value))


def stop_at(
    sample: Sample,
    target: Path,
    command: tuple[str, ...],
    measured: Callable[[Made], Iterator[Verdict]],
    *,
    caption: str = "Before",
    mask: Path | None = None,
) -> Stop:
    return Stop(
        target.name.removesuffix(target.suffix),
        sample.task,
        sample.title,
        sample.sentence,
        (*command, "-o", str(target)),
        target,
        measured,
        (Shown(caption, sample.picture, mask),),
    )


def needed(sample: Sample, path: Path | None, what: str) -> Path:
    if path is None:
        raise ValueError(f"sample {sample.id} has no {what}: the tour needs one")
    return path


def read(path: Path) -> Picture:
    from editor.files.read import read_picture

    return read_picture(path).pixels


def cover_of(mask: Path, picture: Picture) -> Cover:
    from editor.files.masks import read_mask
    from editor.files.read import read_picture

    return read_mask(mask, Size.of(picture), read=read_picture)


def told(stop: Stop, title: str, sentence: str, **more: Any) -> Stop:
    """The same under words of its own."""
    return replace(stop, title=title, sentence=sentence, **more)
