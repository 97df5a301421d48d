"""Guides: lines that go on through a hole, and regions that are copied only from their own.

From the constraints of C. Barnes, E. Shechtman, A. Finkelstein, D. Goldman: PatchMatch, ACM
Transactions on Graphics 28(3), 2009, §4.1. How Fill keeps to them: ``guided``.

Lines are kept as JSON, with x and y in pixels from the picture's top left corner; the regions are
a picture of their own, of which only the name is there:

    {"lines": [{"from": [12, 80.5], "to": [300, 95], "colour": "#3fb59f", "weight": 1.0}],
     "labels": "regions.png"}
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.image import Point, Rect, Size

# One for each line: those of one colour lend to each other.
LINE_COLOURS = ("#3fb59f", "#d98c4a", "#7aa2f7", "#d16d9e", "#c9b458", "#8fbf5a")
COLOUR = LINE_COLOURS[0]
MOST_LABELS = 254
APART = 6.0  # pixels between two lines that are found
_UNSTEADY = 0.005  # of the length of a line, so far from where it is meant may a hand draw it

Labels = NDArray[np.uint8]  # (H, W), 0 = free


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through the hole and on past its edge; those of one colour are one thing.

    A patch on it inside the hole comes from a patch as far beside a line of its colour outside.
    With a ``weight`` below 1 it may come from elsewhere, if the line's best is so much worse:
    at 0.5 twice as different, at 0 at all.
    """

    a: Point  # pixel (x, y) reaches from x to x + 1
    b: Point
    colour: str = COLOUR
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (*self.a, *self.b)):
            raise ValueError(f"{self}: its ends must be numbers")
        if math.dist(self.a, self.b) < 1:
            raise ValueError(f"{self}: a line needs two points that lie apart")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise ValueError(f"{self}: its colour is {self.colour!r}, write it like {COLOUR}")
        if not 0 <= self.weight <= 1:
            raise ValueError(f"{self}: its weight is {self.weight:g}, from 0 to 1 is possible")

    def __str__(self) -> str:
        (ax, ay), (bx, by) = self.a, self.b
        return f"the line from {ax:g}, {ay:g} to {bx:g}, {by:g}"

    def moved(self, dx: float, dy: float) -> Line:
        a, b = (Point(x + dx, y + dy) for x, y in (self.a, self.b))
        return replace(self, a=a, b=b)

    @property
    def length(self) -> float:
        return math.dist(self.a, self.b)

    def away(self, place: Point) -> float:
        """How far a place lies from the line, which goes on and on."""
        (ax, ay), (bx, by) = self.a, self.b
        return abs((place.x - ax) * (by - ay) - (place.y - ay) * (bx - ax)) / self.length

    def as_json(self) -> dict[str, Any]:
        ends = {"from": list(self.a), "to": list(self.b)}
        return {**ends, "colour": self.colour, "weight": self.weight}


@dataclass(frozen=True, slots=True, eq=False)
class Guides:
    """What a fill keeps to; ``labels`` number the regions of the picture, 0 where all is free."""

    lines: tuple[Line, ...] = ()
    labels: Labels | None = None

    def __bool__(self) -> bool:
        return bool(self.lines) or self.labels is not None

    def within(self, window: Rect) -> Guides:
        """The same, seen from the corner of a window."""
        labels = None if self.labels is None else self.labels[window.slices]
        return Guides(tuple(line.moved(-window.x, -window.y) for line in self.lines), labels)


def already_drawn(line: Line, drawn: Sequence[Line]) -> bool:
    """Whether a line that was found is what one that a hand has drawn means."""
    return any(
        max(line.away(one.a), line.away(one.b)) <= max(APART, _UNSTEADY * one.length)
        for one in drawn
    )


def unlike(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """Lines in colours that none of the others has, as long as there are such."""
    taken = {line.colour for line in others}
    free = (one for one in LINE_COLOURS if one not in taken | {line.colour for line in lines})
    return [
        replace(line, colour=next(free, line.colour)) if line.colour in taken else line
        for line in lines
    ]


def check_guides(guides: Guides, size: Size) -> None:
    """Raise ValueError unless the guides belong to a picture of this size."""
    for line in guides.lines:
        for x, y in (line.a, line.b):
            if not (0 <= x <= size.width and 0 <= y <= size.height):
                raise ValueError(f"{line} leaves the picture, which is {size}")
    labels = guides.labels
    if labels is None:
        return
    if labels.dtype != np.uint8 or labels.ndim != 2:
        raise ValueError(
            f"the labels are {labels.dtype} with {labels.ndim} axes: they must be uint8 with two"
        )
    if Size.of(labels) != size:
        raise ValueError(
            f"the labels are {Size.of(labels)} and the picture is {size}: they must be equal"
        )
    if labels.max() > MOST_LABELS:
        raise ValueError(f"a label is {labels.max()}: from 0 to {MOST_LABELS} is possible")


def lines_to_json(lines: Sequence[Line], labels: str | None = None) -> str:
    """The text of a file; ``labels`` is the name of the picture of the regions."""
    return json.dumps({"lines": [line.as_json() for line in lines], "labels": labels}, indent=1)


def lines_from_json(text: str) -> tuple[tuple[Line, ...], str | None]:
    """The lines, and the name of the picture of the regions."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as problem:
        raise ValueError(
            f"line {problem.lineno} of the guides is no JSON: {problem.msg}"
        ) from problem
    _check_keys(given, "the guides", {"lines", "labels"})
    lines, labels = given.get("lines", []), given.get("labels")
    if not isinstance(lines, list):
        raise ValueError("the guides hold no list of lines")
    if labels is not None and not isinstance(labels, str):
        raise ValueError(f"the labels of the guides are {labels!r}: the name of a file is needed")
    return tuple(_line(number, line) for number, line in enumerate(lines, 1)), labels


def _line(number: int, given: Any) -> Line:
    name = f"line {number} of the guides"
    _check_keys(given, name, {"from", "to", "colour", "weight"})
    ends = [given.get(key) for key in ("from", "to")]
    for end in ends:
        if end is None:
            raise ValueError(f"{name} has fewer than two points: it needs “from” and “to”")
        if not (isinstance(end, list) and len(end) == 2 and all(_is_number(n) for n in end)):
            raise ValueError(f"{name} has a point {json.dumps(end)}: it must be [x, y]")
    colour, weight = given.get("colour", COLOUR), given.get("weight", 1.0)
    if not isinstance(colour, str) or not _is_number(weight):
        raise ValueError(f"{name} has a colour that is no text or a weight that is no number")
    return Line(Point(*ends[0]), Point(*ends[1]), colour, float(weight))


def _check_keys(given: Any, name: str, known: set[str]) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be an object with {', '.join(sorted(known))}")
    for key in given:
        if key not in known:
            raise ValueError(f"{name} has a key {key!r} that means nothing here")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
