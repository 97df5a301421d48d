"""The samples that come with Patina: what is said of each in samples.json, checked as it is read.

Nothing but the list is read here; the pictures and clips come later, when they are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from editor.files.problems import FileProblem, reason, shown, word
from editor.resources import resource

TASKS = (
    *("fill", "retarget", "reshuffle", "texture", "extend"),
    *("analogy", "restore", "loop", "sprite"),
)
_KNOWN = {
    *("id", "title", "sentence", "task", "picture", "settings"),
    *("mask", "protect", "truth", "moves", "analogy"),
}


class Moved(NamedTuple):
    """A piece, white in its mask, and how far it goes to the right and down."""

    mask: Path
    dx: int
    dy: int


class Triple(NamedTuple):
    """A picture before and after a change, and the one to which the same is done."""

    A: Path
    Ap: Path
    B: Path


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to try: its files, and the options of the mode it is for."""

    id: str
    title: str
    sentence: str
    task: str  # the mode it is for, one of TASKS
    picture: Path  # or clip; of an analogy B
    mask: Path | None = None
    protect: Path | None = None
    truth: Path | None = None  # what the result would be at best
    moves: tuple[Moved, ...] = ()
    analogy: Triple | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> Path:
        """What it looks like at a glance: of an analogy what is learnt from it."""
        return self.picture if self.analogy is None else self.analogy.Ap

    @property
    def files(self) -> tuple[Path, ...]:
        """All it is made of."""
        masks = (one.mask for one in self.moves)
        single = (self.picture, self.mask, self.protect, self.truth)
        return tuple(
            path for path in (*single, *masks, *(self.analogy or ())[:2]) if path is not None
        )


def samples() -> tuple[Sample, ...]:
    """Everything that comes with Patina, in the order in which it is shown."""
    listed = read_samples(resource("samples", "samples.json"))
    return tuple(sorted(listed, key=lambda one: TASKS.index(one.task)))


def analogy_samples() -> tuple[Sample, ...]:
    """Those that have an A, an A′ and a B; at least one for each purpose."""
    return tuple(one for one in samples() if one.task == "analogy")


def read_samples(path: Path) -> tuple[Sample, ...]:
    """The samples of a list; their files lie beside it. Raises FileProblem."""
    try:
        listed = json.loads(path.read_text("utf-8"))
        if not isinstance(listed, list):
            raise ValueError("it is no list of samples")
        found = tuple(_sample(one, path.parent) for one in listed)
        _check_names(found)
    except OSError as problem:
        raise FileProblem(f"{shown(path)} cannot be read: {reason(problem)}") from problem
    except ValueError as problem:  # also of JSON and of UTF-8
        raise FileProblem(f"{shown(path)} cannot be used: {problem}") from problem
    return found


def _check_names(found: Sequence[Sample]) -> None:
    names = [one.id for one in found]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"two samples are called {word(double)}")


def _sample(said: Any, folder: Path) -> Sample:
    if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not said["id"]:
        raise ValueError(f"a sample has no id: {word(said)}")
    name = word(said["id"])
    _check(said, name)

    def file(value: Any, what: str) -> Path:
        return _file(value, f"the {what} of sample {name}", folder)

    def maybe(key: str) -> Path | None:
        return file(said[key], key) if key in said else None

    triple = None
    if said["task"] == "analogy":
        triple = Triple(*(file(said["analogy"].get(key), key) for key in ("A", "Ap", "B")))
    moves = (_moved(one, name) for one in said.get("moves", []))
    return Sample(
        said["id"],
        said["title"],
        said["sentence"],
        said["task"],
        file(said.get("picture"), "picture") if triple is None else triple.B,
        moves=tuple(Moved(file(mask, "mask of a move"), dx, dy) for mask, dx, dy in moves),
        analogy=triple,
        settings=said.get("settings", {}),
        mask=maybe("mask"),
        protect=maybe("protect"),
        truth=maybe("truth"),
    )


def _check(said: dict[str, Any], name: str) -> None:
    """Whether an entry has what its task needs, and nothing that no task needs."""
    for key in ("title", "sentence", "task"):
        if not isinstance(said.get(key), str) or not said[key]:
            raise ValueError(f"sample {name} has no {key}")
    stranger = next((key for key in said if key not in _KNOWN), None)
    if stranger is not None:
        raise ValueError(f"sample {name} has {word(stranger)}, which is not known")
    if said["task"] not in TASKS:
        raise ValueError(f"sample {name} is for {word(said['task'])}: that is no mode")
    if not isinstance(said.get("settings", {}), dict):
        raise ValueError(f"the settings of sample {name} are not names with values")
    if isinstance(said.get("analogy"), dict) != (said["task"] == "analogy"):
        raise ValueError(f"sample {name}: an analogy has A, Ap and B, and nothing else does")
    moves = said.get("moves", [])
    if not isinstance(moves, list) or bool(moves) != (said["task"] == "reshuffle"):
        raise ValueError(f"sample {name}: a reshuffle has a list of moves, and nothing else does")


def _moved(said: Any, name: str) -> tuple[Any, int, int]:
    if not isinstance(said, dict):
        raise ValueError(f"a move of sample {name} is {word(said)}: it has mask, dx and dy")
    for key in ("dx", "dy"):
        if isinstance(said.get(key), bool) or not isinstance(said.get(key), int):
            raise ValueError(f"{key} of sample {name} is {word(said.get(key))}: whole pixels")
    return said.get("mask"), said["dx"], said["dy"]


def _file(said: Any, what: str, folder: Path) -> Path:
    """A file of the sample, which lies in its folder and is there."""
    if not isinstance(said, str) or not said or Path(said).is_absolute() or ".." in said:
        raise ValueError(f"{what} is {word(said)}: it is a file beside the list")
    if not (folder / said).is_file():
        raise ValueError(f"{what} is {word(said)}, which is not there")
    return folder / said
