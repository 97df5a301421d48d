"""Smooth fill: seconds, first sight, cancel latency and memory, on pictures of 1 to 100 megapixels

Floor for 2 % of 24 megapixels: the mask is read once (24 MB) and the hole's half a million pixels
about sixty times at 40 bytes (1.2 GB), some 50 ms on one core; where scratches cross the whole
picture, 72 MB are copied besides. Prediction: 0.15 to 0.3 s. Goal: 1 s, and never more than 100 ms
between two moments at which Esc is heard.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

import numpy as np

from editor.engine import smooth
from editor.engine.cv import cv2
from editor.engine.step import last

_RUNS = 5


class Run(NamedTuple):
    seconds: float
    first: float  # until the first preview
    gaps: list[float]  # between Steps


def picture(height: int, width: int) -> np.ndarray:
    """A gradient with grain: what is to be mended is a sky."""
    noise = np.random.default_rng(0).standard_normal((512, 512, 3), np.float32) * 3
    tiles = np.tile(noise, (-(-height // 512), -(-width // 512), 1))[:height, :width]
    ramp = np.linspace(80, 180, height, dtype=np.float32)[:, None, None]
    return (tiles + ramp).astype(np.uint8)


def holes(height: int, width: int) -> Iterator[tuple[str, np.ndarray]]:
    """2 % of the picture, in three shapes; and a great one."""
    rng, wanted = np.random.default_rng(1), 0.02 * height * width
    blob = np.zeros((height, width), np.uint8)
    side = int(wanted**0.5)
    blob[height // 2 : height // 2 + side, width // 3 : width // 3 + side] = 255
    yield "one blob", blob
    scratches = np.zeros_like(blob)
    while np.count_nonzero(scratches) < wanted:
        (x, y), (x2, y2) = rng.integers(0, (width, height), (2, 2)).tolist()
        cv2.line(scratches, (x, y), (x2, y2), 255, int(rng.integers(1, 4)))
    yield "scratches", scratches
    dust, radius = np.zeros_like(blob), round((wanted / 500 / np.pi) ** 0.5)
    for x, y in rng.integers(0, (width, height), (500, 2)).tolist():
        cv2.circle(dust, (x, y), radius, 255, -1)
    yield "500 spots", dust
    great = np.zeros_like(blob)
    great[: height // 4, 5:] = 255
    yield "a quarter", great


def run(image: np.ndarray, hole: np.ndarray, threads: int) -> Run:
    began = before = time.perf_counter()
    first, gaps = 0.0, []
    for step in smooth.mend(image, hole, threads=threads):
        now = time.perf_counter()
        gaps.append(now - before)
        before = now
        if step.value is not None and not first:
            first = now - began
    return Run(time.perf_counter() - began, first, gaps)


def peak_memory(image: np.ndarray, hole: np.ndarray) -> float:
    """Megabytes beyond the picture and its mask."""
    tracemalloc.start()
    last(smooth.mend(image, hole))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    smooth.warm_up()
    print("| picture | hole | threads | seconds | first sight | gap p95 | gap max | memory |")
    print("|---|---|---|---|---|---|---|---|")
    for height, width in ((1000, 1000), (4000, 6000), (8000, 12500)):
        image = picture(height, width)
        for name, hole in holes(height, width):
            if height == 8000 and name == "a quarter":
                continue  # 25 million unknowns: the memory of a smaller machine
            memory = peak_memory(image, hole)
            for threads in (1, 2):
                runs = [run(image, hole, threads) for _ in range(_RUNS)]
                gaps = np.concatenate([one.gaps for one in runs]) * 1e3
                print(
                    f"| {height * width / 1e6:.0f} MP | {name}, {(hole > 0).mean():.1%} "
                    f"| {threads} | {median(one.seconds for one in runs):.3f} "
                    f"| {median(one.first for one in runs):.3f} | {np.percentile(gaps, 95):.1f} ms "
                    f"| {gaps.max():.1f} ms | {memory:.0f} MB |",
                    flush=True,
                )
    against_reference()


def against_reference() -> None:
    image = picture(300, 300)
    _, hole = next(holes(300, 300))
    hole[40:160, 40:200] = 255
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        rect, ours = last(smooth.mend(image, hole, grain=0))
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    exact = smooth.mend_reference(image, hole)[rect.slices]
    slow = time.perf_counter() - began
    difference = np.abs(ours.astype(int) - exact).max()
    print(
        f"\n{int((hole > 0).sum())} unknowns: the sparse reference {slow:.2f} s, "
        f"ours {median(times):.4f} s; largest difference {difference} of 255"
    )


if __name__ == "__main__":
    main()
