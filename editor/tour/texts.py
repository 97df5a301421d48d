"""The stop at a text: one that looks like another, drawn letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from editor.resources import resource
from editor.tour import checks
from editor.tour.checks import Verdict
from editor.tour.stop import Made, Stop

_ORDER = 5  # letters of which each run stands in the text
_LENGTH = 500


def texts(out: Path) -> Iterator[Stop]:
    source, target = resource("lecture", "opticks.txt"), out / "like-opticks.txt"

    def measured(made: Made) -> Iterator[Verdict]:
        text, grown = (path.read_text("utf-8") for path in (source, made.path))
        yield checks.drawn_from(text, grown, _ORDER)

    how = ("--order", str(_ORDER), "--length", str(_LENGTH), "-o", str(target))
    yield Stop(
        target.stem,
        "text",
        "A page of Newton that he never wrote",
        "Each letter is one that follows the last four somewhere in his Opticks (Shannon).",
        ("text", str(source), *how),
        target,
        measured,
    )
