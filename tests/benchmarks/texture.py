"""Texture: seconds of the fast method and of the exact one, and how much is copied verbatim

The sample is a made one of stones; the *distance* is that of the patches of 7 × 7 of the texture to
their nearest in the sample, the mean in grey levels; *verbatim* is the share of blocks of 32 pixels
that are in the sample as they are.

Fast, floor: all sizes of passes cost about 6 sweeps, 3 votes and 3 lists of prices for each pixel
of the finest, at 0.1, 0.1 and 0.02 µs: 1 µs on one thread, half of it on two; the first pieces are
some 700 in 2048², each of which looks at 400 others of 2700 bytes: 0.1 s. Goals: 400² from 200² in
0.15 s, 2048² that tiles in 4 s; exact, 256² from 128² with a window of 11 in 1.0 s, and 512² from
192² with one of 23 in 8 s.

Exact, window 23: 262,000 searches of 42 µs, 11 s of one core, and twelve views. To project 29,000
windows onto 48 directions is 12 G products for all of them: 0.4 s at 30 in a nanosecond,
foreseen; 0.6 s with the directions, found. It was 4 s, and with the threads of a library for
matrices, which wait in a loop, 7 to 12 s on a busy machine. Together 12 s of one core.

Beside it: the paper's pseudocode in NumPy, and the same with OpenCV's matchTemplate, which is what
most public code is; both are estimated from some pixels with half a window. And, if PATINA_PEER is
a Python that has the package resynthesizer 1.2, that one: it extends the sample by as many pixels.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from editor.engine import efros_leung, texture
from editor.engine.cv import cv2
from editor.engine.efros_leung_reference import find_matches, gaussian_weights
from editor.engine.efros_leung_samples import Sample, features
from editor.engine.image import Picture, Size
from editor.engine.patchmatch import nearest
from editor.engine.step import last

_RUNS = 5
_BLOCK = 32
_BLOCKS = 200  # that are looked for at most
_PIXELS = 20  # from which slow ones are estimated
_PEER = """
import sys, time
from PIL import Image
from resynthesizer import resynthesize
folder = sys.argv[1]
picture, mask = (Image.open(f"{folder}/{name}.png") for name in ("picture", "mask"))
began = time.perf_counter()
made = resynthesize(picture, mask)
print(time.perf_counter() - began)
made.convert("RGB").save(f"{folder}/made.png")
"""


def stones(side: int, seed: int = 4) -> Picture:
    """Stones of many greys and browns with dark joints and a rough face."""
    rng = np.random.default_rng(seed)
    ys, xs = np.mgrid[:side, :side]
    middles = rng.uniform(0, side, (max(4, (side // 16) ** 2), 2))
    away = np.hypot(ys[..., None] - middles[:, 0], xs[..., None] - middles[:, 1])
    order = np.argsort(away, axis=2)
    near = np.take_along_axis(away, order[..., :2], axis=2)
    colours = rng.uniform((90, 80, 70), (200, 180, 160), (len(middles), 3))[order[..., 0]]
    joint = np.clip((near[..., 1] - near[..., 0]) / 3, 0.25, 1)[..., None]
    rough = rng.normal(0, 7, (side, side, 1))
    return np.clip(colours * joint + rough, 0, 255).astype(np.uint8)


def fast(side: int, size: int, threads: int, tile: str = "none") -> Callable[[], texture.Texture]:
    sample, rule = Sample(stones(side)), texture.Rule(tile=tile)
    return lambda: last(texture.synthesise([sample], Size(size, size), rule, threads=threads))


def exact(side: int, size: int, threads: int, window: int) -> Callable[[], Any]:
    sample, rule = Sample(stones(side)), efros_leung.Rule(window)
    whole = Size(size, size)
    return lambda: last(efros_leung.synthesise([sample], whole, rule, threads=threads).steps())


def seconds(run: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return median(times)


def statistics(made: Picture, sample: Picture) -> tuple[float, float]:
    """The mean distance to the nearest patch, and the share of verbatim blocks."""
    field = last(nearest(features(made), features(sample), sweeps=8))
    d = field.distances[3:-3, 3:-3] / (49 * 3)
    blocks = [
        made[y : y + _BLOCK, x : x + _BLOCK]
        for y in range(0, len(made) - _BLOCK + 1, _BLOCK)
        for x in range(0, made.shape[1] - _BLOCK + 1, _BLOCK)
    ]
    some = blocks[:: -(-len(blocks) // _BLOCKS)]
    return float(np.sqrt(d).mean()), float(np.mean([_is_in(block, sample) for block in some]))


def _is_in(block: Picture, sample: Picture) -> bool:
    far = cv2.matchTemplate(sample, block, cv2.TM_SQDIFF)
    y, x = np.unravel_index(far.argmin(), far.shape)
    return bool((sample[y : y + _BLOCK, x : x + _BLOCK] == block).all())


def slow(made: Picture, sample: Picture, window: int) -> tuple[float, float]:
    """Processor seconds for all pixels: of the reference, and of the same by matchTemplate."""
    weights, r = gaussian_weights(window), window // 2
    known = np.zeros((window, window), np.int64)
    known[:r], known[r, :r] = 1, 1
    mask = np.repeat((known * weights).astype(np.float32)[..., None], 3, axis=2)
    centres = np.zeros(sample.shape[:2], bool)
    centres[r:-r, r:-r] = True
    rng, floats = np.random.default_rng(0), sample.astype(np.float32)
    times = np.zeros(2)
    for _ in range(_PIXELS):
        y, x = rng.integers(0, len(made) - window, 2)
        template = made[y : y + window, x : x + window]
        began = time.process_time()
        find_matches(template, known, weights, [sample], [centres], 0.1)
        between = time.process_time()
        d = cv2.matchTemplate(floats, template.astype(np.float32), cv2.TM_SQDIFF, mask=mask)
        np.argwhere(d <= 1.1 * d.min())
        times += between - began, time.process_time() - between
    reference, template_matching = times / _PIXELS * made.shape[0] * made.shape[1]
    return float(reference), float(template_matching)


def peer(python: str, side: int, size: int) -> tuple[float, Picture]:
    """Seconds of resynthesizer, and what it put at the right of the sample."""
    whole = round((side**2 + size**2) ** 0.5)
    picture, mask = np.zeros((whole, whole, 3), np.uint8), np.full((whole, whole), 255, np.uint8)
    picture[:side, :side], mask[:side, :side] = stones(side), 0
    with TemporaryDirectory() as folder:
        for name, pixels in (("picture", picture), ("mask", mask)):
            cv2.imwrite(f"{folder}/{name}.png", pixels[..., ::-1] if pixels.ndim == 3 else pixels)
        done = subprocess.run(
            [python, "-c", _PEER, folder], check=True, capture_output=True, text=True
        )
        made = cv2.imdecode(np.fromfile(Path(folder) / "made.png", np.uint8), cv2.IMREAD_COLOR)
    return float(done.stdout), np.ascontiguousarray(made[:, side:, ::-1])


def main() -> None:
    texture.warm_up()
    efros_leung.warm_up()
    print("| method | sample → texture | 1 thread | 2 threads | distance | verbatim |")
    print("|---|---|--:|--:|--:|--:|")
    cases = [
        ("fast", 128, 256, lambda n: fast(128, 256, n), _RUNS),
        ("fast", 200, 400, lambda n: fast(200, 400, n), _RUNS),
        ("fast, tiles", 200, 2048, lambda n: fast(200, 2048, n, "xy"), 3),
        ("exact, window 11", 128, 256, lambda n: exact(128, 256, n, 11), _RUNS),
        ("exact, window 23", 192, 512, lambda n: exact(192, 512, n, 23), 1),
    ]
    for name, side, size, make, runs in cases:
        times = [seconds(make(threads), runs) for threads in (1, 2)]
        row(name, side, size, f"{times[0]:.2f} s | {times[1]:.2f} s", make(2)().picture)
        if name == "exact, window 11":
            reference, by_template = slow(make(2)().picture, stones(side), 11)
            print(
                f"| … by NumPy, as in the paper | {side}² → {size}² | ≈ {reference:.0f} s | | | |"
            )
            print(f"| … by matchTemplate | {side}² → {size}² | ≈ {by_template:.0f} s | | | |")
    python = os.environ.get("PATINA_PEER")
    if python is not None:
        spent, made = peer(python, 128, 256)
        row("resynthesizer", 128, 256, f"{spent:.2f} s | ", made)


def row(name: str, side: int, size: int, times: str, made: Picture) -> None:
    distance, verbatim = statistics(made, stones(side))
    print(f"| {name} | {side}² → {size}² | {times} | {distance:.1f} | {verbatim:.0%} |", flush=True)
