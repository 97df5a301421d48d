"""Video textures: analysis of long clips, a slider's change, loops, playing and blends

Floors on one core at 478 thousand million 8-bit products a second (the tile alone, AVX-512 VNNI).
1000 frames of 320 × 240 × 3: half of 1000² pairs and the blocks on the diagonal are 1.3·10¹¹
products, 0.27 s, and 230 MB are copied, packed and added up, 0.03 s: prediction 0.3 to 0.4 s on one
thread, 0.2 s on two idle ones. float32 products (OpenBLAS, 133 GFLOP/s) would take 0.9 s and not be
exact. 10,000 of 80 × 60 × 3: 0.74·10¹² products, 1.5 s. A slider's change at 1000 frames reads the
4 MB matrix some ten times from the cache and tests the jumps under the bound for peaks: 1 to 5 ms.
Goals: 0.8 s, 10 s in 1 GB, 16 ms.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from editor.engine import frame_distances, video_texture
from editor.engine.frame_distances import Distances, distances, distances_reference
from editor.engine.step import last
from editor.engine.video_analysis import Analysis, Compared, judged
from editor.engine.video_blend import cross_fade, loop_mixes, morph, rendered
from editor.engine.video_loops import best_loops, compound_loop
from editor.engine.video_play import PlayState, player
from editor.engine.video_texture import Settings, Texture, texture

_RUNS = 5


def clip(count: int, height: int, width: int) -> np.ndarray:
    """A pattern that turns, a second one that drifts, and noise: something to compare."""
    rng = np.random.default_rng(0)
    shapes = rng.random((6, height, width, 3), np.float32) * 60 + 20
    t = np.arange(count)
    weights = np.stack(
        [np.sin(t / 21 * 2 * np.pi + k) + np.sin(t / 173 * k) for k in range(6)], axis=1
    )
    frames = np.empty((count, height, width, 3), np.uint8)
    noise = rng.integers(0, 9, (height, width, 3))
    for k in range(count):
        still = 120 + np.tensordot(weights[k].astype(np.float32), shapes - 50, 1) / 2
        frames[k] = np.clip(still + np.roll(noise, 7 * k), 0, 255)
    return frames


def blocks(frames: np.ndarray) -> Iterator[np.ndarray]:
    for low in range(0, len(frames), 50):
        yield frames[low : low + 50]


def timed(work: Callable[[], Any], runs: int = _RUNS) -> float:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def largest_gap(steps: Iterator[Any]) -> float:
    """The longest time between two moments at which one may leave."""
    gaps, before = [], time.perf_counter()
    for _ in steps:
        now = time.perf_counter()
        gaps.append(now - before)
        before = now
    return max(gaps)


def analysis() -> Distances:
    """The table of analysis; returns the distances of the shorter clip."""
    print("| clip | threads | distances | gap max | texture | loops | residual |")
    print("|---|---|---|---|---|---|---|")
    analysed("10,000 × 80×60", clip(10_000, 60, 80), 3)
    return analysed("1000 × 320×240", clip(1000, 240, 320), _RUNS)


def analysed(name: str, frames: np.ndarray, runs: int) -> Distances:
    for threads in (1, 2):
        found = row_of_analysis(name, frames, runs, threads)
    return found


def row_of_analysis(name: str, frames: np.ndarray, runs: int, threads: int) -> Distances:
    def compare() -> Iterator[Any]:
        return distances(blocks(frames), len(frames), threads=threads)

    seconds, gap = timed(lambda: last(compare()), runs), largest_gap(compare())
    found = last(compare())
    chosen = last(texture(found.D, threads=threads))
    judging = timed(lambda: last(texture(found.D, threads=threads)), runs)
    looping = timed(lambda: last(best_loops(found, chosen)), runs)
    print(
        f"| {name} | {threads} | {seconds:.3f} s | {gap * 1e3:.0f} ms | {judging * 1e3:.1f} ms "
        f"| {looping * 1e3:.1f} ms | {chosen.residual:.1e} |",
        flush=True,
    )
    return found


def memory() -> None:
    """The most memory of a process that analyses 10,000 frames: in one of its own."""
    frames = clip(10_000, 60, 80)
    found = last(distances(blocks(frames), len(frames)))
    chosen = last(texture(found.D))
    last(best_loops(found, chosen))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{most:.0f} MB at most, the clip's {frames.nbytes / 1e6:.0f} MB and libraries included")


def against_the_double_loop(ours: float) -> None:
    frames = clip(40, 240, 320)
    slow = timed(lambda: distances_reference(frames), 1) * (1000 / 40) ** 2
    print(f"\nThe plain double loop over 1000 frames of 320×240: {slow:.0f} s, {slow / ours:.0f} ×")


def sliders(known: Distances) -> None:
    """What a moved slider costs: the texture alone, and all that is judged for the window."""
    D, usual = np.asarray(known.D), Settings()
    changes = {
        "σ 0.05 → 0.06": (usual, replace(usual, sigma=0.06)),
        "σ 0.05 → 0.5": (usual, replace(usual, sigma=0.5)),
        "α 0.99 → 0.999": (usual, replace(usual, alpha=0.999)),
        "p 2 → 1.7": (usual, replace(usual, p=1.7)),
        "taps 4 → 2": (usual, replace(usual, taps=2)),
        "shortest jump 12 → 20": (usual, replace(usual, apart=20)),
        "target": (usual, replace(usual, target=(300, 400))),
    }
    print(
        "\n| 1000 frames, change | threads | texture and player | best loops too | sweeps | arcs |"
    )
    print("|---|---|---|---|---|---|")
    given = Compared(known)
    for name, (old, new) in changes.items():
        before = last(texture(D, old))
        judged_before = last(judged(given, old))
        for threads in (1, 2):

            def change(
                new: Settings = new, before: Texture = before, threads: int = threads
            ) -> Texture:
                after = last(texture(D, new, before=before, threads=threads))
                player(after)
                return after

            def whole(
                new: Settings = new, before: Analysis = judged_before, threads: int = threads
            ) -> None:
                last(judged(given, new, before=before, threads=threads))

            after = change()
            print(
                f"| {name} | {threads} | {timed(change, 15) * 1e3:.1f} ms "
                f"| {timed(whole, 15) * 1e3:.1f} ms | {after.sweeps} | {len(after.arcs.targets)} |",
                flush=True,
            )


def the_rest(found: Distances) -> None:
    chosen = last(texture(found.D))
    one, state = player(chosen), PlayState(0)
    began = time.perf_counter()
    for _ in range(100_000):
        state = one.next_frame(state)
    each = (time.perf_counter() - began) / 100_000
    wide = [np.random.default_rng(k).integers(0, 256, (1080, 1920, 3), np.uint8) for k in (0, 1)]
    plan = loop_mixes(range(10, 40), 1000, fade=30)
    rows = {
        "next_frame, 10⁵ steps without a dead end": each,
        "compound loop of 200 frames": timed(lambda: last(compound_loop(found, chosen, 200))),
        "compound loop of 2000 frames": timed(lambda: last(compound_loop(found, chosen, 2000))),
        "cross-fade, 1080p": timed(lambda: cross_fade(*wide, 0.3)),
        "morph, 1080p": timed(lambda: morph(*wide, 0.3)),
        "30 pictures of a loop, 1080p, each faded": timed(
            lambda: list(rendered(plan, lambda index: wide[index % 2]))
        ),
    }
    print("\n| | time |\n|---|---|")
    for name, seconds in rows.items():
        print(f"| {name} | {seconds * 1e3:.4g} ms |", flush=True)


def main() -> None:
    frame_distances.warm_up()
    video_texture.warm_up()
    apart = "from tests.benchmarks.loops import memory; memory()"
    said = subprocess.run([sys.executable, "-c", apart], capture_output=True, text=True, check=True)
    print(f"10,000 × 80×60: {said.stdout.strip()}\n")  # first: a child starts with our own peak
    found = analysis()
    frames = clip(1000, 240, 320)
    against_the_double_loop(timed(lambda: last(distances(blocks(frames), 1000)), 3))
    sliders(found)
    the_rest(found)


if __name__ == "__main__":
    main()
