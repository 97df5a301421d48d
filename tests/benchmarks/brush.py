"""The brush alone, without a canvas: what one event of the hand costs

Goal: far below 8 ms an event with 64 px on 24 megapixels and with 500 px on 100 megapixels.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from editor.engine.image import Point, Size
from editor.model.document import Document
from editor.tools.base import Pointer
from editor.tools.brush import Brush, BrushSettings

_PICTURES = {"24 MP": Size(6000, 4000), "100 MP": Size(11552, 8664)}
_SIZES = (8, 64, 500, 2000)
_STROKES, _EVENTS = 5, 80


def main() -> None:
    heads = "press p50", "press max", "drag p50", "drag p99", "release p50"
    print(f"| picture | size | {' | '.join(f'{head}, ms' for head in heads)} |")
    print("|---" * (len(heads) + 2) + "|")
    for name, size in _PICTURES.items():
        document = Document(np.zeros((size.height, size.width), np.uint8))
        for diameter in _SIZES:
            presses, drags, releases = strokes(document, diameter)
            p50, p99 = np.percentile(drags, [50, 99])
            numbers = np.median(presses), max(presses), p50, p99, np.median(releases)
            print(f"| {name} | {diameter} px | {' | '.join(f'{ms:.2f}' for ms in numbers)} |")


def strokes(document: Document, diameter: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each press, drag and release of some wide and fast spirals."""
    brush = Brush()
    brush.settings = BrushSettings(size=diameter)
    presses, drags, releases = [], [], []
    for _ in range(_STROKES):
        places = [spiral(document.size, event / _EVENTS) for event in range(_EVENTS)]
        pointers = [Pointer(*place) for place in places]
        presses.append(timed(brush.press, pointers[0], document))
        drags += [timed(brush.drag, pointer) for pointer in pointers[1:]]
        releases.append(timed(brush.release, pointers[-1]))
    return presses, drags, releases


def spiral(size: Size, part: float) -> Point:
    """Steps of some 60 pixels: a hand in a hurry."""
    turn, radius = 6 * math.pi * part, 100 + 500 * part
    middle = Point(size.width / 2, size.height / 2)
    return Point(middle.x + radius * math.cos(turn), middle.y + radius * math.sin(turn))


def timed(act: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    act(*arguments)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
