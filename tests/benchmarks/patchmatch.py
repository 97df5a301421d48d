"""The nearest-neighbour field: seconds and distance against plain loops, the floor and the truth

All tables: patches of 7 × 7 RGB, everything from two pictures to the finished field (reading it in,
summing it up and five sweeps). The *distance* is the mean over all patches of the square root of
the sum of squared differences, as in the papers on CSH and TreeCANN, divided by the same mean of
the exact field; at one megapixel the truth is known at 2000 patches drawn at random.

Floor for one megapixel, 5 sweeps of 2 + 10 candidates: 60 million distances of 147 bytes at 4.7 ns
(near) to 8.2 ns (anywhere), a hand-written C loop on an AVX-512 machine: 0.20 s on two cores, and
0.85 s with plain loops of numba at 15 to 20 million distances a second. Here a mark of 8 bytes
rules out most of the far candidates, so less than that floor is possible. Goals: 0.40 s on two
cores with a distance of at most 1.10 (5 sweeps), 1.02 with as many thorough sweeps as it takes.
Thorough sweeps try 6 candidates on average, the others 3 and propagate as much: two thirds of the
time were foreseen, and found.
Floor for the exact field of 0.1 megapixel: 9.6e9 pairs at 32 instructions for 16 of them, 0.6 s on
two cores, which is the goal too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numba
import numpy as np

from editor.engine.cv import cv2
from editor.engine.kernels.random import bits
from editor.engine.nearest_exact import nearest_exact
from editor.engine.patchmatch import Field, nearest
from editor.engine.step import last

_RUNS = 5
_SIZE = 7
_SAMPLES = 2000


def scene(height: int, width: int, seed: int) -> np.ndarray:
    """Float RGB with the statistics of a photograph: 1/f clouds in front of each other."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width))
    frequency[0, 0] = np.inf

    def clouds(slope: float) -> np.ndarray:
        waves = np.fft.rfft2(rng.standard_normal((height, width))) / frequency**slope
        flat = np.fft.irfft2(waves, (height, width))
        return (flat / flat.std()).astype(np.float32)

    picture = np.zeros((height, width, 3), np.float32)
    for slope in (1.6, 1.1, 1.0, 1.3):  # objects: where one cloud is high it hides what is behind
        shape = clouds(1.8) > 0.3
        light, tint = clouds(slope), clouds(slope)
        colour = rng.uniform(60, 190, 3) + 25 * light[..., None] + 8 * tint[..., None]
        picture = np.where(shape[..., None] | (picture == 0), colour, picture)
    return picture.astype(np.float32)


def to_bytes(picture: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def two_views(side: int) -> tuple[np.ndarray, np.ndarray]:
    """One scene seen twice: moved, bent a little, in other light, and with grain."""
    wide = scene(side + 200, side + 200, 1)
    ys, xs = np.mgrid[: side + 200, : side + 200].astype(np.float32)
    bent = [
        1.03 * xs - 0.05 * ys - 30 + 6 * np.sin(ys / 90),
        0.04 * xs + 0.98 * ys + 15 + 5 * np.sin(xs / 70),
    ]
    other = cv2.remap(wide, *bent, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    grain = np.random.default_rng(2).normal(0, 2, (2, *wide.shape))
    views = [to_bytes(view) for view in (wide + grain[0], 0.94 * other + 6 + grain[1])]
    return tuple(np.ascontiguousarray(view[100:-100, 100:-100]) for view in views)


def strangers(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Two pictures that have nothing to do with each other: the hard case."""
    return to_bytes(scene(side, side, 1)), to_bytes(scene(side, side, 5))


@numba.njit(nogil=True)
def plain(target, source, size, sweeps, seed):
    """The same algorithm as one would write it: pixel by pixel, three loops for a distance."""
    height, width = target.shape[0] - size + 1, target.shape[1] - size + 1
    bottom, right = source.shape[0] - size + 1, source.shape[1] - size + 1
    positions = np.zeros((height, width, 2), np.int32)
    distances = np.zeros((height, width), np.int32)
    for y in range(height):
        for x in range(width):
            draw = bits(seed, y * width + x)
            v, u = (draw >> np.uint64(33)) % np.uint64(bottom), draw % np.uint64(right)
            positions[y, x, 0], positions[y, x, 1] = v, u
            distances[y, x] = plain_distance(target, source, size, y, x, np.int64(v), np.int64(u))
    for sweep in range(sweeps):
        step = 1 if sweep % 2 == 0 else -1
        for i in range(height):
            y = i if step == 1 else height - 1 - i
            for j in range(width):
                x = j if step == 1 else width - 1 - j
                best, by, bx = distances[y, x], positions[y, x, 0], positions[y, x, 1]
                for dy, dx in ((0, step), (step, 0)):
                    if 0 <= y - dy < height and 0 <= x - dx < width:
                        v = positions[y - dy, x - dx, 0] + dy
                        u = positions[y - dy, x - dx, 1] + dx
                        if 0 <= v < bottom and 0 <= u < right:
                            d = plain_distance(target, source, size, y, x, v, u)
                            if d < best:
                                best, by, bx = d, v, u
                radius, count = max(bottom, right), 0
                cy, cx = by, bx
                while radius >= 1:
                    draw = bits(seed + np.uint64(sweep * 99 + count), y * width + x)
                    top, left = max(cy - radius, 0), max(cx - radius, 0)
                    down = min(cy + radius, bottom - 1) - top + 1
                    across = min(cx + radius, right - 1) - left + 1
                    v = top + np.int64((draw >> np.uint64(33)) % np.uint64(down))
                    u = left + np.int64((draw & np.uint64(0xFFFFFF)) % np.uint64(across))
                    d = plain_distance(target, source, size, y, x, v, u)
                    if d < best:
                        best, by, bx = d, v, u
                    radius //= 2
                    count += 1
                distances[y, x], positions[y, x, 0], positions[y, x, 1] = best, by, bx
    return positions, distances


@numba.njit(nogil=True)
def plain_distance(target, source, size, y, x, v, u):
    total = np.int32(0)
    for i in range(size):
        for j in range(size):
            for c in range(target.shape[2]):
                d = np.int32(target[y + i, x + j, c]) - np.int32(source[v + i, u + j, c])
                total += d * d
    return total


def seconds(run: Callable[[], object], runs: int = _RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return median(times)


class Truth:
    """The exact distances at some patches."""

    def __init__(self, target: np.ndarray, source: np.ndarray, samples: int) -> None:
        r = _SIZE // 2
        self.at = np.zeros(target.shape[:2], bool)
        ys, xs = (
            np.random.default_rng(0)
            .integers((r, r), (len(target) - r, target.shape[1] - r), (samples, 2))
            .T
        )
        self.at[ys, xs] = True
        exact = last(nearest_exact(target, source, wanted=self.at, threads=2))
        self.mean = np.sqrt(exact.distances[self.at]).mean()

    def ratio(self, distances: np.ndarray) -> float:
        return float(np.sqrt(distances[self.at]).mean() / self.mean)


def main() -> None:
    warm_up = strangers(64)
    last(nearest(*warm_up))
    last(nearest(*warm_up, neighbours=2))
    last(nearest_exact(*warm_up))
    plain(*warm_up, _SIZE, 1, np.uint64(0))
    print("| pair of 1 MP | how | 1 thread | 2 threads | distance |")
    print("|---|---|---|---|---|")
    for name, pair in (("two views", two_views(1000)), ("strangers", strangers(1000))):
        truth = Truth(*pair, _SAMPLES)
        _, distances = plain(*pair, _SIZE, 5, np.uint64(0))
        padded = np.pad(distances, _SIZE // 2)
        slow = seconds(lambda pair=pair: plain(*pair, _SIZE, 5, np.uint64(0)), 1)
        print(f"| {name} | plain loops, 5 sweeps | {slow:.2f} s | | {truth.ratio(padded):.3f} |")
        for sweeps, thorough in ((3, False), (5, False), (5, True), (20, True)):
            how = {"sweeps": sweeps, "thorough": thorough}
            called = f"{sweeps} sweeps{', thorough' * thorough}"
            times = [
                seconds(lambda n=n, h=how, p=pair: last(nearest(*p, **h, threads=n)))
                for n in (1, 2)
            ]
            field: Field = last(nearest(*pair, **how, threads=2))
            print(
                f"| {name} | {called} | {times[0]:.2f} s | {times[1]:.2f} s "
                f"| {truth.ratio(field.distances):.3f} |",
                flush=True,
            )
    print("| | floor, 5 sweeps | 0.40 s | 0.20 s | |")
    exact_table()


def exact_table() -> None:
    print("\n| exact field | 1 thread | 2 threads | 5 sweeps come to |")
    print("|---|---|---|---|")
    for side in (316, 592):
        pair = two_views(side)
        runs = _RUNS if side < 400 else 1
        times = [
            seconds(lambda n=n, p=pair: last(nearest_exact(*p, threads=n)), runs) for n in (1, 2)
        ]
        exact, ours = last(nearest_exact(*pair, threads=2)), last(nearest(*pair))
        r = _SIZE // 2
        means = [np.sqrt(field.distances[r:-r, r:-r]).mean() for field in (ours, exact)]
        print(
            f"| {side * side / 1e6:.2f} MP | {times[0]:.2f} s | {times[1]:.2f} s "
            f"| {means[0] / means[1]:.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
