"""What the manual says is so: its pages, its links, its pictures, its options, its commands."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from editor import flags, subcommands
from editor.operations import Operation, WalkPath
from editor.operations.base import params
from editor.resources import resource
from editor.ui.actions import SPECS
from editor.ui.lecture.pages import PAGES as LECTURES
from editor.ui.modes import MODES

HELP = resource("help")
PAGES = {path.stem: path.read_text("utf-8") for path in sorted(HELP.glob("*.md"))}
EACH = pytest.mark.parametrize("name", PAGES)
OPTIONS: dict[str, dict[str, type[Operation]]] = {
    "## Options": {mode.name: mode.operation for mode in MODES if params(mode.operation)},
    "## Options of steering": {"sprite": WalkPath},
}
PLAIN = {"Width", "Height"}  # they say all there is to say
MOST, MOST_OF_ALL = 120_000, 1_500_000  # bytes of pictures


class Link(NamedTuple):
    words: str
    target: str


def links(text: str) -> list[Link]:
    return [Link(*found) for found in re.findall(r"(?<!!)\[([^]]+)\]\(([^)]+)\)", text)]


def pictures(text: str) -> list[str]:
    return re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)


def section(text: str, heading: str) -> str:
    """What stands below a heading of the second order."""
    return re.split(r"^## ", text.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]


def test_every_mode_has_its_page() -> None:
    assert set(PAGES) >= {"index", *(mode.name for mode in MODES)}


def test_the_first_page_leads_to_all_others() -> None:
    listed = {link.target for link in links(section(PAGES["index"], "## The modes"))}
    assert listed == {f"{name}.md" for name in PAGES if name != "index"}


@EACH
def test_a_page_has_one_title_a_first_result_and_its_limits(name: str) -> None:
    lines = PAGES[name].splitlines()
    assert [line[:2] == "# " for line in lines].index(True) == 0
    assert sum(line.startswith("# ") for line in lines) == 1
    assert re.search(r"^3\. ", section(PAGES[name], "## A first result"), re.M)
    assert section(PAGES[name], "## What it cannot do").strip().startswith("- ")
    assert "```sh\npatina " in PAGES[name]


@EACH
def test_every_link_leads_somewhere(name: str) -> None:
    for link in links(PAGES[name]):
        outside = link.target.startswith("https://doi.org/10.")
        assert outside or (HELP / link.target).is_file(), link


@EACH
def test_every_picture_is_there_and_small(name: str) -> None:
    assert pictures(PAGES[name]), "a page shows what it speaks of"
    for picture in pictures(PAGES[name]):
        assert (HELP / picture).stat().st_size <= MOST, picture
        with Image.open(HELP / picture) as opened:
            assert opened.size == (1280, 800), picture


def test_no_picture_is_left_over() -> None:
    named = {picture for text in PAGES.values() for picture in pictures(text)}
    there = [path.relative_to(HELP).as_posix() for path in (HELP / "pictures").iterdir()]
    assert set(there) == named
    assert sum((HELP / picture).stat().st_size for picture in named) <= MOST_OF_ALL


@pytest.mark.parametrize(
    ("name", "heading"), [(name, head) for head, of in OPTIONS.items() for name in of]
)
def test_every_option_is_explained_by_its_caption(name: str, heading: str) -> None:
    listed = re.findall(r"^- (\*\*.+?)(?=:)", section(PAGES[name], heading), re.M)
    explained = {caption for line in listed for caption in re.findall(r"\*\*(.+?)\*\*", line)}
    captions = {one.caption for one in params(OPTIONS[heading][name]) if not one.hidden}
    assert explained - captions == set(), "there is no such option"
    assert captions - explained <= PLAIN, "these are not explained"


def test_every_page_of_lecture_mode_is_listed() -> None:
    listed = re.findall(r"^- \*\*(.+?)\*\*:", section(PAGES["lecture"], "## The pages"), re.M)
    assert listed == [page.caption for page in LECTURES]


COMMANDS = sorted(set(re.findall(r"^patina .*$", "\n".join(PAGES.values()), re.M)))


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_can_be_understood(line: str) -> None:
    _, first, *others = shlex.split(line, comments=True)
    known = {command.name: command for command in subcommands.COMMANDS}
    if first not in known:
        flags.window_parser(subcommands.COMMANDS).parse_args([first, *others])
        return
    besides = known[first].besides
    other = besides is not None and others[0] in besides.words
    parser = besides.parser() if other else flags.batch_parser(known[first])  # type: ignore[union-attr]
    parser.parse_args(others)


def test_the_menu_entries_that_it_names_are_there() -> None:
    captions = {f"{spec.menu} → {spec.caption.removesuffix('…')}" for spec in SPECS}
    named = set(re.findall(r"\*(\w+ → [\w ]+)\*", "\n".join(PAGES.values())))
    assert named
    assert named - captions == set()


def test_the_pictures_are_those_that_the_script_takes() -> None:
    script = Path(__file__).resolve().parent.parent / "resources" / "screenshots" / "scenes.py"
    for path in (HELP / "pictures").iterdir():
        assert re.search(rf"^def {path.stem}\(", script.read_text("utf-8"), re.M), path.name
