"""Texture: seconds of the fast method and of the exact one, and how much is copied verbatim

The sample is a made one of stones; the *distance* is that of the patches of 7 × 7 of the texture to
their nearest in the sample, the mean in grey levels; *verbatim* is the share of blocks of 32 pixels
that are a piece of the sample as it is.

Fast, floor: seven sizes of passes cost about 6 sweeps, 3 votes and 3 lists of prices for each pixel
of the finest, at 0.1, 0.1 and 0.02 µs: 1 µs on one thread, half of it on two. Goals: 400² from 200²
in 0.15 s, 2048² that tiles in 4 s. Exact, goals: 256² from 128² with a window of 11 in 1.0 s, 512²
from 192² with 23 in 8 s.

Found on a machine that had other work as well: 400² in 0.15 s and 2048² that tiles in 3.8 s on two
threads, 4.7 s on one; exact, 256² in 0.94 s on one thread, and no faster on two while others run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from editor.engine import efros_leung, texture
from editor.engine.efros_leung_samples import Sample, features
from editor.engine.image import Picture, Size
from editor.engine.patchmatch import nearest
from editor.engine.step import last

_RUNS = 5
_BLOCK = 32


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
    return lambda: last(texture.synthesise(sample, Size(size, size), rule, threads=threads))


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


def statistics(made: Picture, source: np.ndarray, sample: Picture) -> tuple[float, float]:
    """The mean distance to the nearest patch, and the share of verbatim blocks."""
    field = last(nearest(features(made), features(sample), sweeps=8))
    d = field.distances[3:-3, 3:-3] / (49 * 3)
    step = source[1:, 1:] - source[:-1, :-1] == 1
    follows = step.all(axis=2)
    blocks = [
        follows[y : y + _BLOCK, x : x + _BLOCK].all()
        for y in range(0, len(follows) - _BLOCK + 1, _BLOCK)
        for x in range(0, follows.shape[1] - _BLOCK + 1, _BLOCK)
    ]
    return float(np.sqrt(d).mean()), float(np.mean(blocks))


def main() -> None:
    texture.warm_up()
    efros_leung.warm_up()
    print("| method | sample → texture | 1 thread | 2 threads | distance | verbatim |")
    print("|---|---|--:|--:|--:|--:|")
    cases = [
        ("fast", 200, 400, lambda n: fast(200, 400, n), _RUNS),
        ("fast, tiles", 200, 2048, lambda n: fast(200, 2048, n, "xy"), 3),
        ("exact, window 11", 128, 256, lambda n: exact(128, 256, n, 11), _RUNS),
        ("exact, window 23", 192, 512, lambda n: exact(192, 512, n, 23), 1),
    ]
    for name, side, size, make, runs in cases:
        times = [seconds(make(threads), runs) for threads in (1, 2)]
        result = make(2)()
        distance, verbatim = statistics(result.picture, result.source[..., -2:], stones(side))
        print(
            f"| {name} | {side}² → {size}² | {times[0]:.2f} s | {times[1]:.2f} s"
            f" | {distance:.1f} | {verbatim:.0%} |"
        )
