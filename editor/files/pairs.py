"""Pictures that belong together by their names: tree-A.jpg, tree-Ap.jpg, tree-B.jpg."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from editor.files.kinds import KINDS
from editor.files.problems import FileProblem

_MEMBER = re.compile(
    r"(?P<stem>.*?)(?:^|(?<=[-_. ]))(?P<which>[AB](?:p|'|′|prime)?)$", re.IGNORECASE
)
_AFTER = ("ap", "a'", "a′", "aprime")


class Together(NamedTuple):
    A: Path
    Ap: Path
    B: Path | None = None


def together(path: Path) -> Together:
    """A and A′, and B if there is one, from the name of any of them. Raises FileProblem."""
    found = _MEMBER.fullmatch(path.stem)
    if found is None:
        raise FileProblem(f"{path.name} is not one of a pair: call them name-A and name-Ap")
    members = _members(path.parent, found["stem"])
    A = members.get("a")
    Ap = next((members[name] for name in _AFTER if name in members), None)
    if A is None or Ap is None:
        missing = "A" if A is None else "Ap"
        raise FileProblem(f"{path.name} is alone: there is no {found['stem']}{missing} beside it")
    return Together(A, Ap, members.get("b"))


def _members(folder: Path, stem: str) -> dict[str, Path]:
    """The pictures of a folder with this stem, by what follows it; of several endings the first."""
    endings = {suffix for kind in KINDS for suffix in kind.suffixes}
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir(), reverse=True):
        match = _MEMBER.fullmatch(path.stem)
        if match is not None and match["stem"] == stem and path.suffix.lower() in endings:
            found[match["which"].lower()] = path
    return found
