"""Guides: what lines cost, how straight they keep an edge, and what the other ways of copying cost

The picture is the benchmarks' scene, with a slanted edge across it that runs through the hole.
The *residual* is the mean distance of the edge from where it goes on outside, in pixels.

Floor of a line of n pixels in the hole: a band of 7 n patches, each compared with some 17 pixels of
the line's outside, of which two or three lie just as far beside it: about 300 n distances of 50 ns
at the finest level, 4 ms for 250 pixels, and about as much in all coarser ones. Suggestions look at
a ring: 200 thousand samples between pixels for 400 rays, 10 ms. Predicted: a line costs a tenth of
the fill, a suggestion 30 ms in a picture of any size. Copies beside the picture (mirrored, turned)
cost what it takes to read them in: as many times the window.
Found, on a machine that had other work as well: a line costs a quarter to a third of the fill (its
window grows by what the line shows outside) and brings the residual from 3.4 to 0.5 pixels; a
suggestion takes 6 to 88 ms; mirrored copies cost half a fill, turned ones a whole one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from editor.engine.fill import fill
from editor.engine.guides import Guides, Line
from editor.engine.image import Point, Rect
from editor.engine.residuals import residuals
from editor.engine.step import last
from editor.engine.straight import suggested
from tests.benchmarks.patchmatch import scene, to_bytes

_RUNS = 5
_SLOPE = 0.13


def walled(height: int, width: int) -> tuple[np.ndarray, Line]:
    """A scene, its lower half 90 levels lighter, and the line between."""
    y, x = np.mgrid[:height, :width]
    beside = y - height / 2 - _SLOPE * (x - width / 2)
    wall = 90 / (1 + np.exp(np.clip(-2 * beside, -50, 50)))
    picture = to_bytes(0.5 * scene(height, width, 3) + 20 + wall[..., None])
    ends = [
        Point(at, height / 2 + 0.5 + _SLOPE * (at - 0.5 - width / 2)) for at in (5.0, width - 5.0)
    ]
    return picture, Line(*ends)


def seconds(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times)


def main() -> None:
    picture, line = walled(700, 1000)
    mask = np.zeros(picture.shape[:2], np.uint8)
    mask[250:450, 380:620] = 255
    guides = Guides((line,))
    print("| 0.7 MP, a hole of 240 × 200 | 1 thread | 2 threads | residual |")
    print("|---|---|---|---|")
    rows: dict[str, dict[str, Any]] = {
        "plain": {},
        "a line": {"guides": guides},
        "mirrored": {"mirrored": True},
        "turned by up to 15°": {"turned": 15.0},
        "adapted": {"adapt": 1.0},
    }
    for name, options in rows.items():
        one, two = (
            seconds(lambda n=n, o=options: last(fill(picture, mask, threads=n, **o)))
            for n in (1, 2)
        )
        rect, pixels, _ = last(fill(picture, mask, **options))
        after = picture.copy()
        after[rect.slices] = pixels
        (stray,) = residuals(after, guides, mask)
        print(f"| {name} | {one:.3f} s | {two:.3f} s | {stray:.2f} px |")
    print()
    print("| suggestions, 24 MP | seconds |")
    print("|---|---|")
    large = np.tile(picture, (6, 6, 1))[:4000, :6000]
    for side in (100, 500, 1500):
        hole = np.zeros(large.shape[:2], np.uint8)
        hole[Rect(2500 - side // 2, 1750 - side // 2, side, side).slices] = 255
        took = seconds(lambda hole=hole: suggested(large, hole))
        print(f"| a hole of {side} × {side} | {took:.3f} s |")
