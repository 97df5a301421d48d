"""What the README says is so: its formats, its commands, its keys."""

import re
import shlex
from pathlib import Path

import pytest

from editor import flags, subcommands
from editor.files.kinds import KINDS, Kind

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BITS = {"uint8": "8", "uint16": "16", "float32": "32 float"}


def row(kind: Kind) -> str:
    """One line of the README's table of formats."""
    kept = [word for word in ("icc", "exif", "xmp") if getattr(kind, word)]
    cells = (
        kind.name,
        ", ".join(kind.suffixes if len(kind.suffixes) < 6 else (*kind.suffixes[:3], "…")),
        ", ".join(BITS[depth] for depth in kind.depths),
        "alpha" if kind.alpha else "",
        ", ".join(word.upper() for word in kept),
        "read and written" if kind.writes else f"read{kind.extra and f', with `{kind.extra}`'}",
    )
    return re.sub(" +", " ", f"| {' | '.join(cells)} |")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_table_of_formats_is_up_to_date(kind: Kind) -> None:
    assert row(kind) in README.splitlines(), f"put this line into README.md:\n{row(kind)}"


COMMANDS = [shlex.split(line, comments=True) for line in re.findall(r"^patina .*$", README, re.M)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_commands_can_be_understood(words: list[str]) -> None:
    _, first, *others = words
    known = {command.name: command for command in subcommands.COMMANDS}
    if "--help" in others:
        assert first in known
    elif first in known:
        besides = known[first].besides
        other = besides is not None and others[0] in besides.words
        parser = besides.parser() if other else flags.batch_parser(known[first])
        parser.parse_args(others)
    else:
        flags.window_parser(subcommands.COMMANDS).parse_args([first, *others])


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 3


def test_its_pictures_are_there() -> None:
    pictures = [ROOT / name for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)]
    assert len(pictures) > 3
    for picture in pictures:
        assert picture.is_file()
    left = set((ROOT / "resources" / "screenshots").glob("*.[jw]*")) - set(pictures)
    assert left == set(), "no picture is kept that it does not show"


def test_its_first_screen_is_light() -> None:
    film = re.search(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert film is not None
    assert README.index("make run") < 1200
    assert (ROOT / film[1]).stat().st_size <= 800_000


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"(?<!!)\[[^]]+\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target
